import { USER_ROLES } from '../../../modules/identity/index.ts';
import type { AccountFacts } from '../../../modules/identity/index.ts';
import { countyName } from '../../../modules/cases/index.ts';
import { findPartner, listPartners } from '../../../modules/partners/index.ts';
import { officeCounties } from '../../../modules/referrals/index.ts';
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
  /** Counties that the agency knows, as they were chosen; others by their codes. */
  readonly known: readonly string[];
  readonly counties: string;
  readonly partner: string;
  readonly language: string;
}

export interface Fault {
  readonly field: string;
  readonly text: string;
}

export const NOTHING: Entered = { userName: '', displayName: '', roles: [], scope: 'all', known: [], counties: '', partner: '', language: 'en' };

export const enteredBy = (visit: Visit): Entered => ({
  userName: field(visit, 'user_name', 200), displayName: field(visit, 'display_name', 400), roles: fields(visit, 'roles'), scope: field(visit, 'scope', 10), known: fields(visit, 'county'), counties: field(visit, 'counties', 2_000),
  partner: field(visit, 'partner', 80), language: field(visit, 'language', 10),
});

export function enteredOf(account: AccountFacts & { readonly userName: string }, visit: Visit): Entered {
  const { userName, displayName, roles, counties, partner, language } = account;
  const [offered, own] = [knownCounties(visit), counties === 'all' ? [] : counties];
  return {
    userName, displayName, roles, scope: counties === 'all' ? 'all' : 'some', known: own.filter((county) => offered.includes(county)), counties: own.filter((county) => !offered.includes(county)).join(', '),
    partner: partner ?? '', language,
  };
}

/** The counties that the agency has data about, as far as this person may give them. */
function knownCounties({ ctx }: Visit): string[] {
  const { agency, counties } = ctx.actor;
  return officeCounties(agency).filter((county) => counties === 'all' || counties.includes(county));
}

const codesIn = (text: string): string[] => text.split(/[\s,;]+/).filter((one) => one !== '');

export const factsOf = ({ displayName, roles, scope, known, counties, partner, language }: Entered): AccountFacts => ({
  displayName, roles, counties: scope === 'some' ? [...new Set([...known, ...codesIn(counties)])] : 'all', partner: partner === '' ? null : partner, language,
});

/** What the form offers to choose from. */
export function choicesOf(visit: Visit): Record<string, unknown> {
  const words = wordsFor(visit.language);
  return {
    countyChoices: knownCounties(visit).map((county) => ({ county, name: words.of('county', county) })),
    roleChoices: USER_ROLES, languageChoices: LANGUAGES.map((language) => ({ language, name: words.label('language', language) })),
    partnerChoices: listPartners().map(({ partnerId }) => ({ partnerId, name: partnerNameOf(partnerId, visit, 'short') })),
  };
}

/** What identity cannot tell, each at its field. */
export const placeFaults = (visit: Visit, entered: Entered): Fault[] => [...countyFaults(visit, entered), ...partnerFault(visit, entered)];

/** Codes are five digits, and one of California names a county there: a slip of the hand would make an account that sees nothing. */
function countyFaults(visit: Visit, { scope, known, counties }: Entered): Fault[] {
  if (scope !== 'some') return [];
  const codes = [...known, ...codesIn(counties)];
  if (codes.length === 0) return [{ field: 'counties', text: visit.t('users:form.county_missing') }];
  const wrong = codes.find((code) => !/^\d{5}$/.test(code) || (code.startsWith('06') && countyName(code) === null));
  return wrong === undefined ? [] : [{ field: 'counties', text: visit.t('users:form.county_unknown', { code: wrong.slice(0, 20) }) }];
}

/** Identity knows no partners: a name that no profile has would make an officer who sees nothing. */
function partnerFault(visit: Visit, { partner }: Entered): Fault[] {
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
