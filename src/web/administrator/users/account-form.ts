import { USER_ROLES } from '../../../modules/identity/index.ts';
import type { AccountFacts } from '../../../modules/identity/index.ts';
import { findPartner, listPartners } from '../../../modules/partners/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { LANGUAGES } from '../../../platform/i18n.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, fields } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

/** What stands in the form of an account, as it was typed. */
export interface Entered {
  readonly userName: string;
  readonly displayName: string;
  readonly roles: readonly string[];
  readonly scope: string;
  readonly counties: string;
  readonly partner: string;
  readonly language: string;
}

export interface Fault {
  readonly field: string;
  readonly text: string;
}

export const NOTHING: Entered = { userName: '', displayName: '', roles: [], scope: 'all', counties: '', partner: '', language: 'en' };

export const enteredBy = (visit: Visit): Entered => ({
  userName: field(visit, 'user_name', 200), displayName: field(visit, 'display_name', 400), roles: fields(visit, 'roles'), scope: field(visit, 'scope', 10), counties: field(visit, 'counties', 2_000),
  partner: field(visit, 'partner', 80), language: field(visit, 'language', 10),
});

export const enteredOf = (account: AccountFacts & { readonly userName: string }): Entered => ({
  userName: account.userName, displayName: account.displayName, roles: account.roles, scope: account.counties === 'all' ? 'all' : 'some', counties: account.counties === 'all' ? '' : account.counties.join(', '),
  partner: account.partner ?? '', language: account.language,
});

export const factsOf = ({ displayName, roles, scope, counties, partner, language }: Entered): AccountFacts => ({
  displayName, roles, counties: scope === 'some' ? [...new Set(counties.split(/[\s,;]+/).filter((text) => text !== ''))] : 'all', partner: partner === '' ? null : partner, language,
});

/** What the form offers to choose from. */
export function choicesOf(visit: Visit): Record<string, unknown> {
  return {
    roleChoices: USER_ROLES, languageChoices: LANGUAGES.map((language) => ({ language, name: wordsFor(visit.language).label('language', language) })),
    partnerChoices: listPartners().map(({ partnerId }) => ({ partnerId, name: partnerNameOf(partnerId, visit, 'short') })),
  };
}

/** Identity knows no partners: a name that no profile has would make an officer who sees nothing. */
export function partnerFault(visit: Visit, { partner }: Entered): Fault[] {
  return partner === '' || findPartner(partner) ? [] : [{ field: 'partner', text: visit.t('users:form.partner_unknown') }];
}

const FIELDS: Readonly<Record<string, string>> = { userName: 'user_name', displayName: 'display_name', roles: 'roles', counties: 'counties', partner: 'partner', language: 'language', current: 'current', password: 'password' };

/** A refusal as faults of fields; anything else is thrown on. */
export function faultsOf(error: unknown, visit: Visit): Fault[] {
  if (!(error instanceof AppError) || !error.code.startsWith('identity.') || !['invalid', 'conflict', 'forbidden'].includes(error.kind)) throw error;
  const words = wordsFor(visit.language);
  if (error.findings.length > 0) return error.findings.map((finding) => ({ field: FIELDS[finding.path?.slice(1) ?? ''] ?? 'display_name', text: words.finding(finding) }));
  return [{ field: error.code === 'identity.user_exists' ? 'user_name' : 'roles', text: words.error(error.code, error.params) }];
}
