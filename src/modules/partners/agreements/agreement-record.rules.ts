import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';
import type { ExchangeBasis, Fact, Localized, ServiceCode } from '../partner-profile.rules.ts';

export const AGREEMENT_KINDS = ['mou', 'protocol', 'state_arrangement', 'treaty', 'practice'] as const;
/** What sort of paper it is; `practice`: there is none. */
export type AgreementKind = (typeof AGREEMENT_KINDS)[number];
export const EXCHANGE_BASES = ['treaty', 'state_arrangement', 'mou', 'informal'] as const satisfies readonly ExchangeBasis[];

export interface AgreementParty {
  readonly side: 'ours' | 'theirs';
  readonly names: Localized;
}

export interface Signatory {
  readonly name: string;
  readonly office: string;
  readonly signedOn?: CalendarDate;
}

/** One version of an agreement (schemas/json/agreement.v1.json). */
export interface AgreementRecord {
  readonly recordVersion: '1.0';
  readonly agreementId: string;
  readonly version: number;
  readonly kind: AgreementKind;
  readonly basis: ExchangeBasis;
  readonly titles: Fact<Localized>;
  readonly reference?: Fact<string>;
  readonly partners: Fact<readonly string[]>;
  readonly parties: Fact<readonly AgreementParty[]>;
  readonly counties: Fact<readonly string[]>;
  readonly regions: Fact<readonly string[]>;
  readonly services: Fact<readonly ServiceCode[]>;
  readonly validFrom: Fact<CalendarDate>;
  /** The last day in force; null where it has no end. */
  readonly validUntil: Fact<CalendarDate | null>;
  readonly signatories?: Fact<readonly Signatory[]>;
  readonly text?: Fact<Readonly<Record<string, string>>>;
}

/** The basis that each sort of paper may be; a practice without a paper is never more than informal. */
const BASIS_OF: Readonly<Record<AgreementKind, readonly ExchangeBasis[]>> = {
  mou: ['mou', 'informal'],
  protocol: ['mou', 'state_arrangement', 'treaty'],
  state_arrangement: ['state_arrangement'],
  treaty: ['treaty'],
  practice: ['informal'],
};

/** What the schema cannot say of a record that has the right shape. Paths are JSON pointers into it. */
export function recordFindings(record: AgreementRecord): Finding[] {
  const findings: Finding[] = [];
  const block = (code: string, path: string, params?: Finding['params']): void => void findings.push({ code: `agreement.${code}`, severity: 'block', path, ...(params ? { params } : {}) });
  const [from, until] = [record.validFrom.value, record.validUntil.value];
  if (!isCalendarDate(from)) block('no_such_day', '/validFrom/value');
  if (until !== null && !isCalendarDate(until)) block('no_such_day', '/validUntil/value');
  if (until !== null && until < from) block('ends_before_it_begins', '/validUntil/value', { from, until });
  (record.signatories?.value ?? []).forEach(({ signedOn }, index) => {
    if (signedOn !== undefined && !isCalendarDate(signedOn)) block('no_such_day', `/signatories/value/${index}/signedOn`);
  });
  if (!BASIS_OF[record.kind].includes(record.basis)) block('basis_unlike_kind', '/basis', { kind: record.kind, expected: BASIS_OF[record.kind].join(' | ') });
  for (const side of ['ours', 'theirs'] as const) if (!record.parties.value.some((party) => party.side === side)) block('party_missing', '/parties/value', { side });
  record.regions.value.forEach((region, index) => {
    const country = region.slice(0, 2);
    if (region !== country && record.regions.value.includes(country)) block('region_within_country', `/regions/value/${index}`, { region, country });
  });
  return findings;
}

const FACTS = ['titles', 'reference', 'partners', 'parties', 'counties', 'regions', 'services', 'validFrom', 'validUntil', 'signatories', 'text'] as const;

export interface UnconfirmedTerm {
  readonly field: (typeof FACTS)[number];
  readonly note: string | null;
  readonly sources: readonly string[];
}

/** The terms that nobody has confirmed with the partner or in the paper itself. */
export function unconfirmedTerms(record: AgreementRecord): UnconfirmedTerm[] {
  return FACTS.flatMap((field) => {
    const fact = record[field];
    return fact === undefined || fact.confirmed ? [] : [{ field, note: fact.note ?? null, sources: fact.sources }];
  });
}
