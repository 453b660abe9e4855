import type { CalendarDate } from '../../../../platform/dates.ts';
import { convert, decimalToMinor, isCurrency } from '../../../../platform/money.ts';
import type { Decimal } from '../../../../platform/money.ts';
import type { FileDialect } from '../../../partners/index.ts';
import { ENTRY_MINOR_MAX } from '../bank-entry.rules.ts';
import { readDate } from './date.rules.ts';
import type { DayOrder } from './date.rules.ts';
import { canonicalDecimal, isBlank, readNumber } from './number.rules.ts';
import type { NumberStyle } from './number.rules.ts';
import { foldText, foldWord, hasLosable, looksLossy, oneSpaced, remainsOf } from './text.rules.ts';

/**
 * One line of a forwarding report or remittance advice (contracts 3 and 4), read and judged in itself. `faults` make it
 * `rejected`; `flags` are what reconciliation must know before it posts anything (such a line is not wrong enough to refuse).
 */

export type PaymentKind = 'forwarding' | 'remittance';
export type PaymentStatus = 'delivered' | 'returned' | 'pending' | 'cancelled';

export const FIELDS = ['reference', 'disbursementId', 'caseId', 'payeeName', 'obligorName', 'obligeeName', 'amount', 'currency', 'rate',
  'fee', 'settled', 'settledCurrency', 'happenedOn', 'sentOn', 'transferReference', 'status', 'note'] as const;
export type Field = (typeof FIELDS)[number];
/** The cells of one line by field; a column that the file does not have is the empty text. */
export type Cells = Record<Field, string>;

export const NUMBER_FIELDS = ['amount', 'rate', 'fee', 'settled'] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];
export const DATE_FIELDS = ['happenedOn', 'sentOn'] as const;
export type DateField = (typeof DATE_FIELDS)[number];

export interface LineStyle {
  numbers: Record<NumberField, NumberStyle>;
  file: NumberStyle;
  dates: Record<DateField, DayOrder>;
}

/** What a line is judged by: the partner's dialect, with its closed lists folded once. */
export interface LineRules {
  kind: PaymentKind;
  amountCurrencies: ReadonlySet<string>;
  settledCurrencies: ReadonlySet<string>;
  settledCurrency: string | null;
  rateOperation: 'multiply' | 'divide';
  statuses: ReadonlyMap<string, PaymentStatus>;
  /** Cells that say "nothing known", folded. */
  blankWords: ReadonlySet<string>;
  blankCharsMax: number;
  /** Days already read: a file has few different ones. */
  days: Map<string, CalendarDate | null>;
  digest: Digest;
}

/** A short text that stands for a long one; given by the caller, as rules know no cryptography. */
export type Digest = (text: string) => string;

export interface PaymentLine {
  line: number;
  kind: PaymentKind;
  reference: string;
  referenceYear: number | null;
  disbursementId: string | null;
  caseId: string | null;
  payeeName: string;
  obligorName: string;
  obligeeName: string;
  amountMinor: bigint | null;
  currency: string | null;
  rate: string | null;
  feeMinor: bigint | null;
  settledMinor: bigint | null;
  settledCurrency: string | null;
  happenedOn: CalendarDate | null;
  sentOn: CalendarDate | null;
  transferReference: string | null;
  status: PaymentStatus | null;
  note: string;
  faults: string[];
  flags: string[];
  /** Digest of what the content is compared by: values as read. */
  contentKey: string;
  /** Digest of what survives any encoding; compared only where one of two lines shows lost letters, null where nothing can be lost. */
  remainsKey: string | null;
  lossy: boolean;
}

/** A remitted or delivered amount may be off by one minor unit (contract 4). */
const ROUNDING_TOLERANCE = 1n;
/** No payment is larger (minor units): the same limit as for movements on our account. */
export const MINOR_MAX = ENTRY_MINOR_MAX;
const RATE_PLACES_MAX = 10;
const DAYS_MAX = 10_000;

export function lineRules(kind: PaymentKind, dialect: FileDialect, digest: Digest): LineRules {
  const statuses = new Map<string, PaymentStatus>();
  for (const [status, words] of Object.entries(dialect.statuses ?? {})) {
    for (const word of words) statuses.set(foldWord(word), status as PaymentStatus);
  }
  const { quotation } = dialect.rate;
  return {
    kind, statuses,
    amountCurrencies: new Set(dialect.currencies.amount),
    settledCurrencies: new Set(dialect.currencies.settled),
    settledCurrency: dialect.settledCurrency ?? null,
    blankWords: new Set(dialect.blankWords.map(foldText)), days: new Map(), digest,
    blankCharsMax: Math.max(0, ...dialect.blankWords.map((word) => word.length)),
    rateOperation: quotation === 'perUsd' || quotation === 'perUnitCollected' ? 'multiply' : 'divide',
  };
}

/** Reads a line. Nothing is refused here: every fault is told by a code, and what can be read is read. */
export function readPaymentLine(line: number, printed: Cells, style: LineStyle, rules: LineRules): PaymentLine {
  const faults: string[] = [];
  const flags: string[] = [];
  const cells = withoutBlankWords(printed, rules);
  const status = rules.kind === 'forwarding' ? rules.statuses.get(foldWord(cells.status)) ?? null : null;
  if (rules.kind === 'forwarding' && status === null) flags.push('line.status_unknown');
  const numbers = readNumbers(cells, style, faults);
  const currency = readCurrency(cells.currency, rules.amountCurrencies, 'line.currency', faults);
  const settledCurrency = readSettledCurrency(cells, rules, faults);
  const amounts = {
    amountMinor: toMinor(numbers.amount, currency, 'line.amount', faults),
    feeMinor: toMinor(numbers.fee, settledCurrency, 'line.fee', faults),
    settledMinor: toMinor(numbers.settled, settledCurrency, 'line.settled', faults),
  };
  judgeSigns(numbers, rules.kind, faults);
  const happenedOn = readDay(cells.happenedOn, style.dates.happenedOn, rules.days, true, 'line.date', faults);
  const sentOn = readDay(cells.sentOn, style.dates.sentOn, rules.days, false, 'line.date_sent', faults);
  const reference = plainId(cells.reference) ?? '';
  if (reference === '') flags.push('line.reference_missing');
  const judged = { ...amounts, currency, settledCurrency, rate: numbers.rate, status };
  judgeAmounts(judged, cells, rules, faults, flags);
  const read: PaymentLine = {
    line, kind: rules.kind, reference, referenceYear: happenedOn === null ? null : Number(happenedOn.slice(0, 4)),
    disbursementId: plainId(cells.disbursementId), caseId: plainId(cells.caseId),
    payeeName: plainText(cells.payeeName), obligorName: plainText(cells.obligorName), obligeeName: plainText(cells.obligeeName),
    ...amounts, currency: knownOrPrinted(currency, cells.currency), rate: numbers.rate && canonicalDecimal(numbers.rate), settledCurrency,
    happenedOn, sentOn, transferReference: plainId(cells.transferReference), status, note: plainText(cells.note),
    faults, flags, contentKey: '', remainsKey: null, lossy: false,
  };
  return withContent(read, printed, numbers, rules.digest);
}

/** Notes and statuses keep their words; elsewhere a word for "nothing known" is the same as nothing. */
function withoutBlankWords(printed: Cells, { blankWords, blankCharsMax }: LineRules): Cells {
  let cells = printed;
  for (const field of FIELDS) {
    const cell = printed[field];
    if (cell === '' || cell.length > blankCharsMax || field === 'note' || field === 'status') continue;
    const first = cell.charCodeAt(0);
    if ((first >= DIGIT_0 && first <= DIGIT_9) || !blankWords.has(foldText(cell))) continue;
    if (cells === printed) cells = { ...printed };
    cells[field] = '';
  }
  return cells;
}
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

type Numbers = Record<NumberField, Decimal | null>;

function readNumbers(cells: Cells, style: LineStyle, faults: string[]): Numbers {
  const numbers: Numbers = { amount: null, rate: null, fee: null, settled: null };
  for (const field of NUMBER_FIELDS) {
    if (isBlank(cells[field])) {
      if (field === 'amount') faults.push('line.amount_missing');
      continue;
    }
    const reading = readNumber(cells[field], style.numbers[field], style.file, field === 'rate' ? RATE_PLACES_MAX : 2);
    if ('fault' in reading) faults.push(`line.${field}_${reading.fault}`);
    else numbers[field] = reading.value;
  }
  return numbers;
}

function readCurrency(cell: string, named: ReadonlySet<string>, code: string, faults: string[]): string | null {
  if (named.has(cell) && isCurrency(cell)) return cell;
  const text = cell.normalize('NFKC').trim().toUpperCase();
  if (isBlank(text)) faults.push(`${code}_missing`);
  else if (!named.has(text) || !isCurrency(text)) faults.push(`${code}_unknown`);
  else return text;
  return null;
}

function readSettledCurrency(cells: Cells, rules: LineRules, faults: string[]): string | null {
  if (!isBlank(cells.settledCurrency)) return readCurrency(cells.settledCurrency, rules.settledCurrencies, 'line.settled_currency', faults);
  if (rules.settledCurrency !== null) return rules.settledCurrency;
  return rules.settledCurrencies.size === 1 ? [...rules.settledCurrencies][0] as string : null;
}

function toMinor(value: Decimal | null, currency: string | null, code: string, faults: string[]): bigint | null {
  if (value === null || currency === null) return null;
  const minor = decimalToMinor(value, currency);
  if (minor !== null && (minor > MINOR_MAX || minor < -MINOR_MAX)) {
    faults.push(`${code}_unreadable`);
    return null;
  }
  if (minor === null) faults.push(`${code}_too_fine`);
  return minor;
}

function judgeSigns(numbers: Numbers, kind: PaymentKind, faults: string[]): void {
  if (numbers.amount && numbers.amount.digits < 0n) faults.push('line.amount_negative');
  if (numbers.amount && numbers.amount.digits === 0n) faults.push('line.amount_zero');
  if (numbers.settled && numbers.settled.digits < 0n) faults.push('line.settled_negative');
  if (numbers.fee && numbers.fee.digits < 0n) faults.push('line.fee_negative');
  if (numbers.rate && numbers.rate.digits <= 0n && (kind === 'remittance' || numbers.rate.digits < 0n)) faults.push('line.rate_not_positive');
}

function readDay(cell: string, order: DayOrder, days: LineRules['days'], needed: boolean, code: string, faults: string[]): CalendarDate | null {
  if (isBlank(cell)) {
    if (needed) faults.push(`${code}_missing`);
    return null;
  }
  const key = order + cell;
  let date = days.get(key);
  if (date === undefined) {
    date = readDate(cell, order);
    if (days.size < DAYS_MAX) days.set(key, date);
  }
  if (date === null) faults.push(`${code}_impossible`);
  return date;
}

interface Judged {
  amountMinor: bigint | null; feeMinor: bigint | null; settledMinor: bigint | null;
  currency: string | null; settledCurrency: string | null; rate: Decimal | null; status: PaymentStatus | null;
}

/** Whether the line adds up. A remittance line that does not is at fault; a delivered one is for a person (contract 4). */
function judgeAmounts(line: Judged, cells: Cells, rules: LineRules, faults: string[], flags: string[]): void {
  // Amounts that add up at a rate between a currency and itself: one of the two currencies is not what it says.
  if (line.currency !== null && line.currency === line.settledCurrency && line.rate !== null && line.rate.digits !== 10n ** BigInt(line.rate.scale)) flags.push('line.rate_of_one_currency');
  if (rules.kind === 'remittance') {
    if (isBlank(cells.settled)) faults.push('line.settled_missing');
    if (isBlank(cells.rate) && line.currency !== line.settledCurrency) faults.push('line.rate_missing');
    if (faults.length === 0 && !addsUp(line, rules.rateOperation)) faults.push('line.amounts_mismatch');
    return;
  }
  if (line.status === 'delivered') {
    if (line.settledMinor === null || line.settledMinor === 0n || line.settledCurrency === null) flags.push('line.settled_missing');
    else if (line.rate === null && line.currency !== line.settledCurrency) flags.push('line.rate_missing');
    else if (faults.length === 0 && !addsUp(line, rules.rateOperation)) flags.push('line.amounts_mismatch');
  } else if (line.status !== null && line.settledMinor !== null && line.settledMinor !== 0n) {
    flags.push('line.settled_unexpected');
  }
}

function addsUp(line: Judged, operation: 'multiply' | 'divide'): boolean {
  if (line.amountMinor === null || line.settledMinor === null || line.currency === null || line.settledCurrency === null) return false;
  const rate = line.rate ?? { digits: 1n, scale: 0 };
  if (rate.digits === 0n) return false;
  const gross = convert(line.amountMinor, line.currency, rate, line.settledCurrency, operation);
  const difference = gross - (line.feeMinor ?? 0n) - line.settledMinor;
  return difference <= ROUNDING_TOLERANCE && difference >= -ROUNDING_TOLERANCE;
}

/** A currency that is not known stays visible as printed, when it is short enough to be one. */
function knownOrPrinted(currency: string | null, cell: string): string | null {
  if (currency !== null) return currency;
  const printed = cell.normalize('NFKC').trim().toUpperCase();
  return /^[A-Z]{3}$/.test(printed) ? printed : null;
}

function plainText(cell: string): string {
  return oneSpaced(cell.normalize('NFC'));
}

function plainId(cell: string): string | null {
  if (cell === '') return null;
  const text = oneSpaced(cell.normalize('NFKC'));
  return /^[\s\-–—.]*$/.test(text) ? null : text;
}

const TEXT_FIELDS = ['reference', 'disbursementId', 'caseId', 'payeeName', 'obligorName', 'obligeeName', 'currency', 'settledCurrency',
  'transferReference', 'note'] as const;

function withContent(line: PaymentLine, cells: Cells, numbers: Numbers, digest: Digest): PaymentLine {
  let exact = '';
  for (const field of NUMBER_FIELDS) exact += `${numbers[field] ? canonicalDecimal(numbers[field]) : unread(cells[field])}\u001f`;
  exact += `${line.happenedOn ?? unread(cells.happenedOn)}\u001f${line.sentOn ?? unread(cells.sentOn)}\u001f${line.status ?? unread(cells.status)}\u001f`;
  const texts = TEXT_FIELDS.map((field) => cells[field]).join('\u001f');
  const folded = foldFields(texts);
  line.contentKey = digest(exact + folded);
  line.lossy = looksLossy(texts);
  if (line.lossy || hasLosable(texts)) line.remainsKey = digest(exact + remainsOf(folded));
  return line;
}

/** Folds all texts of a line at once; what parts them stays. */
function foldFields(texts: string): string {
  return foldText(texts).replaceAll(' \u001f', '\u001f').replaceAll('\u001f ', '\u001f');
}

/** An unreadable value counts by its letters and digits, and by its signs where it has nothing else. */
function unread(cell: string): string {
  if (isBlank(cell)) return '';
  const folded = foldText(cell);
  return remainsOf(folded) || folded.replace(/[^\p{P}\p{S}]/gu, '');
}
