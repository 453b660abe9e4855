import type { Finding } from '../../platform/errors.ts';
import type { ColumnName, ColumnProfile, FileDialect, FileKind, PartnerProfile, PaymentStatus } from './partner-profile.rules.ts';

/** Columns without which a line of the kind could not be accounted for. */
const NEEDED: Record<FileKind, readonly ColumnName[]> = {
  forwarding: ['reference', 'amount', 'currency', 'settled', 'happenedOn', 'status'],
  remittance: ['reference', 'amount', 'currency', 'settled', 'happenedOn', 'transferReference'],
};

/**
 * A heading, status or totals word as it is compared: without case, accents, full-width forms, spaces and punctuation.
 * Hangul syllables and digits stay.
 */
export function headingKey(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

export function columnEntries(dialect: FileDialect): [ColumnName, ColumnProfile][] {
  return Object.entries(dialect.columns) as [ColumnName, ColumnProfile][];
}

/** The columns of a dialect by heading key. A key that stood for two columns was refused when the profile was loaded. */
export function columnsByHeading(dialect: FileDialect): Map<string, ColumnName> {
  return new Map(columnEntries(dialect).flatMap(([column, { headings }]) => headings.map((heading) => [headingKey(heading), column] as const)));
}

/** The statuses of a dialect by word key; empty for kinds of file that have none. */
export function statusesByWord(dialect: FileDialect): Map<string, PaymentStatus> {
  return new Map(statusEntries(dialect).flatMap(([status, words]) => words.map((word) => [headingKey(word), status] as const)));
}

function statusEntries(dialect: FileDialect): [PaymentStatus, readonly string[]][] {
  return Object.entries(dialect.statuses ?? {}) as [PaymentStatus, readonly string[]][];
}

/** Whether settled = amount × rate (`multiply`) or amount ÷ rate (`divide`) in this partner's files; the fee comes off afterwards. */
export function rateOperation(dialect: FileDialect): 'multiply' | 'divide' {
  const { quotation } = dialect.rate;
  return quotation === 'perUsd' || quotation === 'perUnitCollected' ? 'multiply' : 'divide';
}

export interface UnconfirmedFact {
  /** JSON pointer into the profile. */
  readonly path: string;
  readonly note: string | null;
  readonly sources: readonly string[];
}

/** Every datum of a profile that nobody has confirmed, so that screens can mark it. */
export function unconfirmedFacts(profile: PartnerProfile): UnconfirmedFact[] {
  const found: UnconfirmedFact[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const fact = value as { confirmed?: unknown; note?: string; sources?: readonly string[] };
    if (fact.confirmed === false) found.push({ path, note: fact.note ?? null, sources: fact.sources ?? [] });
    if (typeof fact.confirmed === 'boolean') return;
    for (const [key, member] of Object.entries(value)) visit(member, `${path}/${key}`);
  };
  visit(profile, '');
  return found;
}

// Control characters and marks that turn the direction of writing: nobody sees them, and they change what is read. A tab may separate columns.
const UNREADABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u;

/** Texts with characters that nobody sees. */
export function unreadableTexts(value: unknown, path = ''): Finding[] {
  if (typeof value === 'string') return UNREADABLE.test(value) ? [blocking('partner.text_unreadable', path)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => unreadableTexts(member, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`));
}

/** What the schema cannot say: words that stand for two things, patterns that do not compile, needed columns left out, an unapproved informal basis. */
export function profileFindings(profile: PartnerProfile): Finding[] {
  const findings = (['forwarding', 'remittance'] as const).flatMap((kind) => dialectFindings(profile.files[kind]?.value, kind));
  profile.caseNumbers.value.forms.forEach((form, index) => {
    const path = `/caseNumbers/value/forms/${index}/pattern`;
    if (!compiles(form.pattern)) findings.push(blocking('partner.pattern_invalid', path));
    else if (!new RegExp(form.pattern, 'u').test(form.example)) findings.push(blocking('partner.example_differs', path));
  });
  const { basis, approverNeeded } = profile.exchangeBasis.value;
  if (basis === 'informal' && !approverNeeded) findings.push(blocking('partner.approver_needed', '/exchangeBasis/value/approverNeeded'));
  if (!isTimeZone(profile.timeZone.value)) findings.push(blocking('partner.time_zone_unknown', '/timeZone/value'));
  return findings;
}

function dialectFindings(dialect: FileDialect | undefined, kind: FileKind): Finding[] {
  if (!dialect) return [];
  const base = `/files/${kind}/value`;
  const findings = [
    ...repeatedWords(columnEntries(dialect).map(([column, { headings }]) => [column, headings]), 'partner.heading_ambiguous', `${base}/columns`),
    ...repeatedWords(statusEntries(dialect), 'partner.status_ambiguous', `${base}/statuses`),
  ];
  for (const column of NEEDED[kind]) {
    if (!dialect.columns[column]) findings.push(blocking('partner.column_missing', `${base}/columns/${column}`));
  }
  if (kind === 'forwarding' && !dialect.statuses) findings.push(blocking('partner.statuses_missing', `${base}/statuses`));
  if (!dialect.columns.settledCurrency && !dialect.settledCurrency) findings.push(blocking('partner.settled_currency_missing', `${base}/settledCurrency`));
  for (const hint of ['referenceHint', 'transferHint'] as const) {
    if (dialect[hint] !== undefined && !compiles(dialect[hint])) findings.push(blocking('partner.pattern_invalid', `${base}/${hint}`));
  }
  return findings;
}

function repeatedWords(groups: readonly (readonly [string, readonly string[]])[], code: string, path: string): Finding[] {
  const owner = new Map<string, string>();
  const findings: Finding[] = [];
  for (const [name, words] of groups) {
    words.forEach((word, index) => {
      const key = headingKey(word);
      const before = owner.get(key);
      if (key !== '' && before !== undefined && before !== name) findings.push({ ...blocking(code, `${path}/${name}/${index}`), params: { also: before } });
      owner.set(key, name);
    });
  }
  return findings;
}

function blocking(code: string, path: string): Finding {
  return { code, severity: 'block', path };
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}
