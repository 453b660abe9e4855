import type { ColumnMapping, SignRule, TablePreview } from '../modules/payments/index.ts';
import { fileDialect } from '../modules/partners/index.ts';
import type { FileKind } from '../modules/partners/index.ts';
import { AppError } from '../platform/errors.ts';
import { field } from './visit.ts';
import type { Visit } from './visit.ts';

/** The form on which somebody says what the columns of a list are (`parts/mapping-form.eta`): the agency's people and the officer who sends it. */
const SIGNS = ['none', 'inverse', 'flag', 'two_columns'] as const;
const SIGNED = ['settled', 'amount'] as const;
const WORDS_MAX = 20;

export type EnteredMapping = Readonly<Record<string, string>>;

/** What the form shows of a list of one kind, with what was entered or is known already. */
export function mappingForm(preview: TablePreview, partnerId: string, kind: FileKind, entered: EnteredMapping | null): Record<string, unknown> {
  const known = preview.known.find((one) => one.kind === kind) as TablePreview['known'][number];
  const toldBy = new Map(Object.entries(known.columns).map(([name, at]) => [at, name]));
  const dialect = fileDialect(partnerId, kind);
  return {
    kind, kinds: preview.known.map((one) => one.kind), entered: entered ?? {}, signs: SIGNS, signed: SIGNED,
    fields: known.fields.map((name) => ({ name, isNeeded: known.needed.includes(name) })),
    columns: preview.headings.map((heading, at) => ({
      at, heading, samples: preview.rows.map(({ cells }) => cells[at] ?? '').filter((cell) => cell !== '').slice(0, 3),
      chosen: entered ? entered[`column_${at}`] ?? '' : toldBy.get(at) ?? '', isTold: toldBy.has(at),
    })),
    rows: preview.rows, headings: preview.headings, currencies: dialect.currencies.amount, settledCurrencies: dialect.currencies.settled,
  };
}

export function kindAmong(preview: TablePreview, wanted: string, likely: string): FileKind {
  const kinds = preview.known.map(({ kind }) => kind);
  return kinds.find((kind) => kind === wanted) ?? kinds.find((kind) => kind === likely) ?? kinds[0] ?? 'remittance';
}

export function enteredMapping(visit: Visit, preview: TablePreview): EnteredMapping {
  const names = ['kind', 'sign', 'sign_field', 'sign_column', 'sign_positive', 'sign_negative', 'fixed_currency', 'fixed_settled', ...preview.headings.map((_, at) => `column_${at}`)];
  return Object.fromEntries(names.map((name) => [name, field(visit, name, 1_000)]));
}

/** What was entered, as a mapping. Columns go by their headings, which other lists of the layout have too; by their place only where nothing tells them apart. */
export function mappingOf(entered: EnteredMapping, preview: TablePreview): unknown {
  const nameOf = (at: number): string => {
    const heading = preview.headings[at]?.trim() ?? '';
    return /[\p{L}\p{N}]/u.test(heading) && !heading.startsWith('#') && preview.headings.filter((other) => other.trim() === heading).length === 1 ? heading : `#${at + 1}`;
  };
  const columns: Record<string, string> = {};
  preview.headings.forEach((_, at) => {
    const chosen = entered[`column_${at}`] ?? '';
    if (chosen === '') return;
    if (columns[chosen] !== undefined) throw new AppError('invalid', 'mapping.field_twice', { findings: [{ code: 'mapping.heading_twice', severity: 'block', path: `/columns/${chosen}`, params: { other: columns[chosen] } }] });
    columns[chosen] = nameOf(at);
  });
  const signs = signsOf(entered, columns, nameOf);
  const fixed = { ...(entered['fixed_currency'] ? { currency: entered['fixed_currency'] } : {}), ...(entered['fixed_settled'] ? { settledCurrency: entered['fixed_settled'] } : {}) };
  return {
    mappingVersion: '1.0', columns, ...(signs.length > 0 ? { signs } : {}), ...(Object.keys(fixed).length > 0 ? { fixed } : {}),
    ...(Object.values(columns).some((name) => name.startsWith('#')) && preview.headingLine > 0 ? { headingLine: preview.headingLine } : {}),
  } satisfies ColumnMapping;
}

/** A sign holds for both amounts where it is printed the other way round or told by a flag; two columns are one amount's. */
function signsOf(entered: EnteredMapping, columns: Record<string, string>, nameOf: (at: number) => string): SignRule[] {
  const sign = SIGNS.find((one) => one === entered['sign']) ?? 'none';
  const at = Number(entered['sign_column'] || '-1');
  const beside = at >= 0 ? nameOf(at) : '';
  const both = SIGNED.filter((name) => columns[name] !== undefined);
  if (sign === 'inverse') return both.map((name) => ({ field: name, rule: 'inverse' }));
  if (sign === 'flag') return both.map((name) => ({ field: name, rule: 'flag', column: beside, positive: wordsOf(entered['sign_positive']), negative: wordsOf(entered['sign_negative']) }));
  if (sign !== 'two_columns') return [];
  const name = SIGNED.find((one) => one === entered['sign_field']) ?? 'settled';
  const positive = columns[name] ?? '';
  delete columns[name];
  return [{ field: name, rule: 'two_columns', positive, negative: beside }];
}

function wordsOf(text: string | undefined): string[] {
  return (text ?? '').split(/[,，、]/).map((word) => word.trim()).filter((word) => word !== '').slice(0, WORDS_MAX);
}
