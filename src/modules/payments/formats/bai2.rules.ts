import { calendarDateOf } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { formatMajor, isCurrency } from '../../../platform/money.ts';
import { Bai2Totals } from './bai2-totals.rules.ts';
import { directionOf, readDetail, readSummaries } from './bai2-record.rules.ts';
import type { Bai2Codes } from './bai2-record.rules.ts';
import { addEntries, addStatement, ENTRY_MINOR_MAX, isPlaceholder, transferCandidates } from './bank-entry.rules.ts';
import type { BankFile, BankStatement } from './bank-entry.rules.ts';
import { lineText } from './line-text.rules.ts';

/**
 * Reads BAI2 files (Cash Management Balance Reporting Specifications, version 2, Bank Administration Institute): file, groups,
 * accounts, details, continued over any number of records. Amounts are in minor units of the account's currency.
 */

const FINDINGS_MAX = 5_000;
/** Continuations of one record. */
const RECORD_LINES_MAX = 400;
const DEFAULT_CURRENCY = 'USD';
const UPDATE = '1';
const CORRECTION = '3';

interface Group { originator: string; isTaken: boolean; asOf: CalendarDate | null; modifier: string; currency: string }
interface Account { statement: BankStatement; currency: string; credits: bigint; debits: bigint; saidCredits: bigint | null; saidDebits: bigint | null }

export class Bai2Reader {
  readonly file: BankFile = { source: 'bai2', format: 'bai2', entries: [], statements: [], notices: [], rejected: 0, findings: [] };
  readonly #totals = new Bai2Totals((code, line, params) => { this.#find(code, 'warn', line, params); });
  #line = 0;
  #record: string[] = [];
  #recordLine = 0;
  #group: Group | null = null;
  #account: Account | null = null;
  #isEnded = false;
  readonly #codes: Bai2Codes;

  constructor(codes: Bai2Codes) {
    this.#codes = codes;
  }

  /** One physical line, a character for a byte. */
  line(raw: string): void {
    this.#line++;
    const text = lineText(raw.trimEnd());
    if (text === '') return;
    if (text.startsWith('88,') && this.#record.length > 0) {
      if (this.#record.length >= RECORD_LINES_MAX) throw new AppError('invalid', 'bank.line_too_long', { findings: [{ code: 'bank.line_too_long', severity: 'block', line: this.#line, params: { charactersMax: RECORD_LINES_MAX * 80 } }] });
      this.#record.push(text.slice(3));
      return;
    }
    this.#flush();
    this.#record = [text];
    this.#recordLine = this.#line;
  }

  /** @throws AppError `bank.statement_missing`. */
  end(): BankFile {
    this.#flush();
    if (!this.#isEnded) this.#find('bai2.trailer_missing', 'warn', this.#line);
    if (this.file.statements.length === 0) throw new AppError('invalid', 'bank.statement_missing', { findings: [{ code: 'bank.statement_missing', severity: 'block', line: this.#line }] });
    return this.file;
  }

  #find(code: string, severity: Finding['severity'], line: number, params?: Finding['params']): void {
    if (this.file.findings.length < FINDINGS_MAX) this.file.findings.push({ code, severity, line, ...(params ? { params } : {}) });
  }

  #flush(): void {
    const record = this.#record;
    this.#record = [];
    const type = record[0]?.slice(0, 2);
    if (type === undefined) return;
    const line = this.#recordLine;
    const fields = record.map(withoutEnd).join(',').split(',');
    this.#totals.record(type, record.length);
    if (type === '02') this.#openGroup(fields, line);
    else if (type === '03') this.#openAccount(fields, line);
    else if (type === '16') this.#detail(record, line);
    else if (type === '49') this.#closeAccount(fields, line);
    else if (type === '98') this.#totals.closeGroup(fields, line, this.#group?.currency ?? DEFAULT_CURRENCY);
    else if (type === '99') {
      this.#isEnded = true;
      this.#totals.closeFile(fields, line);
    } else if (type !== '01') this.#find('bai2.record_unknown', 'warn', line, { type });
  }

  /** Deletions and test files say nothing that may be booked; corrections are read, as what they tell anew is recognised. */
  #openGroup(fields: string[], line: number): void {
    const status = fields[3] ?? '';
    const currency = (fields[6] ?? '').trim().toUpperCase();
    this.#group = {
      originator: (fields[2] ?? '').trim(), isTaken: status === UPDATE || status === CORRECTION || status === '', asOf: dayOf(fields[4] ?? ''),
      modifier: (fields[7] ?? '').trim(), currency: currency === '' ? DEFAULT_CURRENCY : currency,
    };
    if (!this.#group.isTaken) this.#find('bai2.group_passed', 'warn', line, { status: status.slice(0, 4) });
    else if (this.#group.asOf === null) this.#find('bank.date_unreadable', 'warn', line);
  }

  #openAccount(fields: string[], line: number): void {
    const group = this.#group;
    if (!group) return this.#find('bai2.record_outside', 'warn', line, { type: '03' });
    const said = (fields[2] ?? '').trim().toUpperCase();
    const currency = said === '' ? group.currency : said;
    const summaries = readSummaries(fields.slice(3));
    this.#totals.openAccount(summaries.map(({ amount }) => amount));
    const balance = (code: string): bigint | null => summaries.find((one) => one.code === code)?.amount ?? null;
    const statement: BankStatement = {
      line, account: (fields[1] ?? '').replace(/\s+/g, '').toUpperCase(), currency: isCurrency(currency) ? currency : null,
      statementId: [group.originator, group.asOf ?? '', group.modifier].join('/'), sequence: null, page: null, from: group.asOf, to: group.asOf,
      opening: balance('010'), closing: balance('015'), isCopy: false,
    };
    if (summaries.some(({ isReadable }) => !isReadable)) this.#find('bank.balance_unreadable', 'warn', line, { statement: this.file.statements.length + 1, balance: '03', currency });
    this.#account = { statement, currency, credits: 0n, debits: 0n, saidCredits: balance('100'), saidDebits: balance('400') };
    if (group.isTaken) addStatement(this.file, statement);
  }

  #detail(record: string[], line: number): void {
    const account = this.#account;
    const group = this.#group;
    if (!account || !group) return this.#refuse('bai2.record_outside', line, { type: '16' });
    const detail = readDetail(record.map((one, at) => (at === record.length - 1 ? withoutEnd(one) : one)));
    if (typeof detail.amount === 'bigint') this.#totals.detail(detail.amount);
    const direction = directionOf(detail.code, this.#codes);
    if (!group.isTaken || this.#codes.words.some(({ code }) => code === detail.code)) return;
    if (direction === null) return this.#refuse('bai2.type_unknown', line, { type: detail.code });
    const { currency } = account;
    const isBeyond = detail.isTooLong || (detail.amount ?? 0n) > ENTRY_MINOR_MAX;
    const fault = isBeyond ? 'bank.amount_out_of_range' : typeof detail.amount !== 'bigint' || detail.amount < 0n ? 'bank.amount_unreadable' : !isCurrency(currency) ? 'bank.currency_unknown'
      : detail.valueOn === 'unreadable' || group.asOf === null ? 'bank.date_unreadable' : null;
    if (fault !== null || typeof detail.amount !== 'bigint') return this.#refuse(fault as string, line);
    if (direction === 'credit') account.credits += detail.amount;
    else account.debits += detail.amount;
    const servicerRef = isPlaceholder(detail.bankReference) ? '' : detail.bankReference;
    const reference = isPlaceholder(detail.customerReference) ? '' : detail.customerReference;
    const { statement } = account;
    addEntries(this.file, [{
      line, entryRef: servicerRef || reference, part: 0, account: statement.account, group: statement.statementId, amountMinor: detail.amount, currency, direction,
      isReversal: this.#codes.reversals.some(({ code }) => code === detail.code), bookedOn: group.asOf, valueOn: detail.valueOn === 'unreadable' ? null : detail.valueOn, servicerRef,
      candidates: transferCandidates([reference, servicerRef], [detail.text]), text: detail.text, statement: this.file.statements.length - 1,
    }]);
  }

  #refuse(code: string, line: number, params?: Finding['params']): void {
    if (this.#group && !this.#group.isTaken) return;
    this.file.rejected++;
    this.#find(code, 'block', line, params);
  }

  #closeAccount(fields: string[], line: number): void {
    const account = this.#account;
    this.#account = null;
    this.#totals.closeAccount(fields, line, account?.currency ?? DEFAULT_CURRENCY);
    if (!account || this.#group?.isTaken !== true || account.statement.currency === null) return;
    const { statement, currency } = account;
    const number = this.file.statements.length;
    for (const [code, said, found] of [['bank.credit_sum_mismatch', account.saidCredits, account.credits], ['bank.debit_sum_mismatch', account.saidDebits, account.debits]] as const) {
      if (said !== null && said !== found) this.#find(code, 'warn', statement.line, { statement: number, currency, expected: formatMajor(said, currency), found: formatMajor(found, currency) });
    }
    if (statement.opening === null || statement.closing === null) return;
    const expected = statement.opening + (account.saidCredits ?? account.credits) - (account.saidDebits ?? account.debits);
    if (expected !== statement.closing) this.#find('bank.balance_mismatch', 'warn', statement.line, { statement: number, currency, expected: formatMajor(expected, currency), given: formatMajor(statement.closing, currency) });
  }
}

/** A slash ends a record; the text of a detail may go without. */
function withoutEnd(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text;
}

function dayOf(text: string): CalendarDate | null {
  const match = /^(\d{2})(\d{2})(\d{2})$/.exec(text.trim());
  return match ? calendarDateOf(2000 + Number(match[1]), Number(match[2]), Number(match[3])) : null;
}
