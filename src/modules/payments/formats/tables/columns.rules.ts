import type { FileDialect } from '../../../partners/index.ts';
import type { Field, NumberField } from './payment-line.rules.ts';
import { numbersFit } from './equation.rules.ts';
import type { ColumnContext, Columns } from './equation.rules.ts';
import { readDate } from './date.rules.ts';
import { isBlank } from './number.rules.ts';
import { foldText, foldWord } from './text.rules.ts';

/**
 * Which column of a partner's file is which. A heading that the profile knows tells it; else the whole column's content does,
 * where only one column fits and it fits nothing else. What remains open is left open: the caller refuses the file or does without.
 */

export type { ColumnContext, Columns } from './equation.rules.ts';

/** Rows looked at when content must tell a column. */
const SAMPLE_ROWS = 2_000;
const MOST = 0.9;
export const HEADING_CHARS_MAX = 200;

function neededFields(dialect: FileDialect): Field[] {
  return (Object.entries(dialect.columns) as [Field, { needed: boolean }][]).filter(([, column]) => column.needed).map(([field]) => field);
}

/**
 * The fields without which a file is not read: the needed ones that are untold, and the person paid or paying where open columns hold
 * names and nobody can say whose. To pass over names would be to post by numbers that the names contradict.
 */
export function untoldFields(columns: Columns, rows: readonly (readonly string[])[], width: number, { dialect, kind, reserved, fixed }: ColumnContext): Field[] {
  const untold = neededFields(dialect).filter((field) => columns[field] === undefined && !fixed?.includes(field));
  const person = kind === 'forwarding' ? 'payeeName' : 'obligorName';
  if (columns[person] !== undefined || untold.includes(person) || !dialect.columns[person]) return untold;
  const sample = rows.slice(0, SAMPLE_ROWS);
  const hasNames = openColumns(columns, width, reserved).some((index) => sample.length > 0 && looksLikeNames(sample.map((row) => row[index] ?? '')));
  return hasNames ? [...untold, person] : untold;
}

/** Columns by heading. Where two columns claim one field, the documented heading wins; two equals leave it to the content. */
export function columnsByHeading(heading: readonly string[], dialect: FileDialect, merged: readonly (readonly string[] | undefined)[] = []): Columns {
  const byWord = headingWords(dialect);
  const claims = new Map<Field, { index: number; documented: boolean }[]>();
  const known = (cell: string) => (cell.length <= HEADING_CHARS_MAX ? byWord.get(foldWord(cell)) : undefined);
  for (let index = 0; index < Math.max(heading.length, merged.length); index++) {
    // What stands above a column in merged cells makes its heading more exact.
    const found = merged[index]?.map(known).find((word) => word !== undefined) ?? known(heading[index] ?? '');
    if (found) claims.set(found.field, [...(claims.get(found.field) ?? []), { index, documented: found.documented }]);
  }
  const columns: Columns = {};
  for (const [field, claimed] of claims) {
    const documented = claimed.filter((claim) => claim.documented);
    const winner = claimed.length === 1 ? claimed[0] : documented.length === 1 ? documented[0] : undefined;
    if (winner) columns[field] = winner.index;
  }
  return columns;
}

type HeadingWords = Map<string, { field: Field; documented: boolean }>;
const wordsOf = new WeakMap<FileDialect, HeadingWords>();

function headingWords(dialect: FileDialect): HeadingWords {
  const known = wordsOf.get(dialect);
  if (known) return known;
  const words: HeadingWords = new Map();
  for (const [field, column] of Object.entries(dialect.columns) as [Field, { headings: readonly string[] }][]) {
    column.headings.forEach((heading, place) => {
      const word = foldWord(heading);
      if (word !== '' && !words.has(word)) words.set(word, { field, documented: place === 0 });
    });
  }
  wordsOf.set(dialect, words);
  return words;
}

/** Completes what the headings left open from the columns' content. */
export function completeColumns(columns: Columns, rows: readonly (readonly string[])[], width: number, context: ColumnContext): Columns {
  const told: Columns = { ...columns };
  const sample = rows.slice(0, SAMPLE_ROWS);
  if (sample.length === 0) return told;
  tellByForm(told, sample, width, context);
  tellDatePair(told, sample, width, context);
  for (const [field, index] of Object.entries(numbersFit(told, sample, openColumns(told, width, context.reserved), context)) as [NumberField, number][]) told[field] = index;
  tellNote(told, sample, width, context);
  return told;
}

/** Last of all: the one column of words that is still open is the remark. */
function tellNote(columns: Columns, rows: readonly (readonly string[])[], width: number, { dialect, reserved }: ColumnContext): void {
  if (!dialect.columns.note || columns.note !== undefined) return;
  const words = openColumns(columns, width, reserved).filter((index) => mostly(rows.map((row) => row[index] ?? ''), (cell) => /\p{L}{3}|\p{Script=Hangul}/u.test(cell)));
  if (words.length === 1) columns.note = words[0] as number;
}

function openColumns(columns: Columns, width: number, reserved: readonly number[] = []): number[] {
  const taken = new Set([...Object.values(columns), ...reserved]);
  return Array.from({ length: width }, (_, index) => index).filter((index) => !taken.has(index));
}

/** Repeats until nothing new is told: a field takes a column when that is its only one, and the only one of no other open field. */
function tellByForm(columns: Columns, rows: readonly (readonly string[])[], width: number, context: ColumnContext): void {
  const tests = formTests(context);
  for (let told = true; told;) {
    told = false;
    const fits = new Map<Field, number[]>();
    for (const [field, test] of tests) {
      if (columns[field] === undefined) fits.set(field, openColumns(columns, width, context.reserved).filter((index) => test(rows.map((row) => row[index] ?? ''))));
    }
    for (const [field, candidates] of fits) {
      const [only] = candidates;
      if (only === undefined || candidates.length !== 1) continue;
      if ([...fits].some(([other, theirs]) => other !== field && theirs.length === 1 && theirs[0] === only)) continue;
      columns[field] = only;
      told = true;
    }
  }
}

type FormTest = (cells: readonly string[]) => boolean;

function formTests({ dialect, caseNumbers, disbursementIds }: ColumnContext): Map<Field, FormTest> {
  const tests = new Map<Field, FormTest>();
  const statuses = new Set(Object.values(dialect.statuses ?? {}).flat().map(foldWord));
  const put = (field: Field, test: FormTest) => { if (dialect.columns[field]) tests.set(field, test); };
  const currency = (named: readonly string[]): FormTest => (cells) =>
    mostly(cells, (cell) => /^[A-Z]{3}$/.test(cell)) && mostly(cells, (cell) => named.includes(cell));
  put('status', (cells) => mostly(cells, (cell) => statuses.has(foldWord(cell))));
  put('currency', (cells) => currency(dialect.currencies.amount)(cells) && filled(cells) >= MOST);
  put('settledCurrency', currency(dialect.currencies.settled));
  put('happenedOn', (cells) => mostly(cells, (cell) => readDate(cell) !== null) && filled(cells) >= MOST);
  put('sentOn', (cells) => mostly(cells, (cell) => readDate(cell) !== null));
  put('reference', identifiers(dialect.referenceHint));
  if (dialect.transferHint) put('transferReference', matching(new RegExp(dialect.transferHint)));
  put('caseId', (cells) => mostly(cells, (cell) => caseNumbers.some((form) => form.test(cell))));
  put('disbursementId', (cells) => mostly(cells, (cell) => disbursementIds.some((form) => form.test(cell))) && distinct(cells.filter((cell) => !isBlank(cell))) >= MOST);
  for (const field of ['payeeName', 'obligorName', 'obligeeName'] as const) put(field, looksLikeNames);
  return tests;
}

function matching(form: RegExp): FormTest {
  return (cells) => mostly(cells, (cell) => form.test(cell));
}

function identifiers(hint: string | undefined): FormTest {
  const form = hint ? new RegExp(hint) : /^(?=.*\d)(?=.*[A-Z-])[A-Z0-9/-]{4,30}$/i;
  return (cells) => filled(cells) >= MOST && mostly(cells, (cell) => form.test(cell) && readDate(cell) === null)
    && (hint !== undefined || distinct(cells) >= MOST);
}

function looksLikeNames(cells: readonly string[]): boolean {
  return mostly(cells, (cell) => /^\p{L}[\p{L}\p{M} .,'’-]{1,120}$/u.test(cell) && (/\p{L}[ -]\p{L}/u.test(cell) || /^\p{Script=Hangul}{2,5}$/u.test(cell)))
    && filled(cells) >= MOST && distinct(cells) >= 0.5;
}

function mostly(cells: readonly string[], holds: (cell: string) => boolean): boolean {
  const said = cells.filter((cell) => !isBlank(cell)).map((cell) => cell.normalize('NFKC').trim());
  return said.length > 0 && said.filter(holds).length >= MOST * said.length;
}

function filled(cells: readonly string[]): number {
  return cells.filter((cell) => !isBlank(cell)).length / cells.length;
}

function distinct(cells: readonly string[]): number {
  return new Set(cells.map(foldText)).size / cells.length;
}

/** Two open date columns where one is never later than the other, and once earlier: collected, then sent. */
function tellDatePair(columns: Columns, rows: readonly (readonly string[])[], width: number, { dialect, reserved }: ColumnContext): void {
  if (!dialect.columns.sentOn || columns.happenedOn !== undefined || columns.sentOn !== undefined) return;
  const dates = openColumns(columns, width, reserved).filter((index) => mostly(rows.map((row) => row[index] ?? ''), (cell) => readDate(cell) !== null));
  const [a, b] = dates;
  if (dates.length !== 2 || a === undefined || b === undefined) return;
  const order = rows.map((row) => [readDate(row[a] ?? ''), readDate(row[b] ?? '')] as const).filter(([x, y]) => x !== null && y !== null) as [string, string][];
  if (order.every(([x, y]) => x <= y) && order.some(([x, y]) => x < y)) Object.assign(columns, { happenedOn: a, sentOn: b });
  else if (order.every(([x, y]) => y <= x) && order.some(([x, y]) => y < x)) Object.assign(columns, { happenedOn: b, sentOn: a });
}

