import { calendarDateOf } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { formatMajor, isCurrency, parseMajor } from '../../../platform/money.ts';
import { addEntries, addNotice, addStatement, ENTRY_MINOR_MAX, isPlaceholder, TOLD_MINOR_MAX, transferCandidates } from './bank-entry.rules.ts';
import type { BankEntry, BankFile, BankStatement } from './bank-entry.rules.ts';
import { lineText } from './line-text.rules.ts';
import { readNarrative } from './mt940-narrative.rules.ts';
import { isNextPage, pageFaults } from './statement-pages.rules.ts';
import type { StatementPage } from './statement-pages.rules.ts';

/**
 * Reads customer statements MT940 (SWIFT Standards, category 9), with or without the blocks around them, several in one file, as banks
 * write them: references and narratives longer than the standard allows, lines of their own before the first field.
 */

const FINDINGS_MAX = 5_000;
/** Lines of one field: six by the standard, a few dozen in practice. */
const FIELD_LINES_MAX = 400;
/** Fifteen by the standard; what is longer is no amount that anybody moves. */
const AMOUNT_CHARS_MAX = 24;
const FIELD = /^:(\d{2}[A-Z]?|NS):(.*)$/s;
/** Value date, entry date, mark, funds code, amount, type of transaction, references. */
const LINE_61 = /^(\d{6})(\d{4})?(R?[CD]|E[CD])([A-Z])?(\d[\d,.]*)([A-Z][A-Z0-9]{3})?(.*)$/s;
const BALANCE = /^([CD])(\d{6})([A-Z]{3})(\d[\d,]*)\s*$/;

interface Field { tag: string; lines: string[]; line: number }
interface Balance { day: CalendarDate | null; currency: string; minor: bigint }
interface OpenEntry { line: number; mark: string; amount: string; valueOn: CalendarDate | null; bookedOn: CalendarDate | null; isDated: boolean; reference: string; servicerRef: string; supplement: string; narrative: string[] }

export class Mt940Reader {
  readonly file: BankFile = { source: 'mt940', format: 'mt940', entries: [], statements: [], notices: [], rejected: 0, findings: [] };
  #line = 0;
  #field: Field | null = null;
  #statement: BankStatement | null = null;
  #entry: OpenEntry | null = null;
  #moved = 0n;
  #isClosed = true;
  /** Pages of the statement that is open, each with what moved on it. */
  #pages: StatementPage[] = [];

  /** One physical line, a character for a byte. */
  line(raw: string): void {
    this.#line++;
    // Blocks 1 to 3 tell how the message travelled; the text is block 4.
    const text = /^\{1:/.test(raw) || /^\{4:/.test(raw) ? raw.slice(raw.indexOf('{4:') === -1 ? raw.length : raw.indexOf('{4:') + 3) : raw;
    const bare = text.trimEnd();
    if (bare === '-' || bare.startsWith('-}')) return this.#flush();
    const match = FIELD.exec(bare);
    if (match) {
      this.#flush();
      this.#field = { tag: match[1] as string, lines: [lineText(match[2] as string)], line: this.#line };
    } else if (this.#field && bare !== '') {
      if (this.#field.lines.length >= FIELD_LINES_MAX) throw new AppError('invalid', 'bank.line_too_long', { findings: [{ code: 'bank.line_too_long', severity: 'block', line: this.#line, params: { charactersMax: FIELD_LINES_MAX * 65 } }] });
      this.#field.lines.push(lineText(text.replace(/\s+$/, '')));
    }
  }

  /** @throws AppError `bank.statement_missing`. */
  end(): BankFile {
    this.#flush();
    this.#closeEntry();
    this.#closeStatement();
    this.#settlePages();
    if (this.file.statements.length === 0) throw new AppError('invalid', 'bank.statement_missing', { findings: [{ code: 'bank.statement_missing', severity: 'block', line: this.#line }] });
    return this.file;
  }

  #find(code: string, severity: Finding['severity'], line: number, params?: Finding['params']): void {
    if (this.file.findings.length < FINDINGS_MAX) this.file.findings.push({ code, severity, line, ...(params ? { params } : {}) });
  }

  #flush(): void {
    const field = this.#field;
    this.#field = null;
    if (!field) return;
    const value = (field.lines[0] as string).trim();
    if (field.tag === '86') {
      // After the closing balance it is about the whole statement.
      if (this.#entry) this.#entry.narrative = field.lines;
      return this.#closeEntry();
    }
    this.#closeEntry();
    if (field.tag === '20') return this.#open(value, field.line);
    const statement = this.#statement;
    if (!statement) return;
    if (field.tag === '25' || field.tag === '25P') statement.account = value.replace(/\s+/g, '').toUpperCase();
    else if (field.tag === '28C' || field.tag === '28') {
      const [, sequence, page] = /^(\d{1,9})(?:\/(\d{1,5}))?/.exec(value) ?? [];
      statement.sequence = sequence === undefined ? null : Number(sequence);
      statement.page = page === undefined ? null : Number(page);
    } else if (/^60[FM]?$/.test(field.tag)) this.#opening(value, field.line, statement);
    else if (field.tag === '61') this.#movement(field);
    else if (/^62[FM]?$/.test(field.tag)) this.#closing(value, field.line, statement);
  }

  #open(id: string, line: number): void {
    this.#closeStatement();
    this.#isClosed = false;
    this.#moved = 0n;
    this.#statement = { line, account: '', currency: null, statementId: id, sequence: null, page: null, from: null, to: null, opening: null, closing: null, isCopy: false };
    addStatement(this.file, this.#statement);
  }

  #closeStatement(): void {
    if (this.#statement && !this.#isClosed) this.#find('bank.statement_incomplete', 'warn', this.#statement.line, { statement: this.file.statements.length });
    this.#isClosed = true;
  }

  #opening(value: string, line: number, statement: BankStatement): void {
    const balance = balanceOf(value);
    if (!balance) return this.#find('bank.balance_unreadable', 'warn', line, { statement: this.file.statements.length, balance: ':60:', currency: statement.currency ?? '' });
    statement.currency = balance.currency;
    statement.opening = balance.minor;
    statement.from = balance.day;
  }

  #closing(value: string, line: number, statement: BankStatement): void {
    this.#isClosed = true;
    const balance = balanceOf(value);
    if (!balance || (statement.currency !== null && balance.currency !== statement.currency)) {
      return this.#find('bank.balance_unreadable', 'warn', line, { statement: this.file.statements.length, balance: ':62:', currency: statement.currency ?? '' });
    }
    statement.currency = balance.currency;
    statement.closing = balance.minor;
    statement.to = balance.day;
    const page = { statement, number: this.file.statements.length, line, moved: this.#moved, closing: balance.minor };
    const last = this.#pages.at(-1);
    if (last && !isNextPage(last.statement, statement)) this.#settlePages();
    this.#pages.push(page);
  }

  /** Whether the pages of one statement add up is known with the last of them. */
  #settlePages(): void {
    for (const { number, line, currency, expected, given } of pageFaults(this.#pages.splice(0))) {
      this.#find('bank.balance_mismatch', 'warn', line, { statement: number, currency, expected: formatMajor(expected, currency), given: formatMajor(given, currency) });
    }
  }

  #movement(field: Field): void {
    const match = LINE_61.exec(field.lines[0] as string);
    if (!match) {
      this.file.rejected++;
      return this.#find('mt940.movement_unreadable', 'block', field.line);
    }
    const [, value, entry, mark, , amount, , rest] = match as unknown as string[];
    const valueOn = dayOf(value as string);
    const bookedOn = entry === undefined ? null : nearestYear(entry, valueOn);
    const at = (rest ?? '').indexOf('//');
    const reference = (at === -1 ? rest ?? '' : (rest as string).slice(0, at)).trim();
    const servicerRef = at === -1 ? '' : (rest as string).slice(at + 2).trim();
    this.#entry = {
      line: field.line, mark: mark as string, amount: amount as string, valueOn, bookedOn, isDated: valueOn !== null && (entry === undefined || bookedOn !== null),
      reference: isPlaceholder(reference) ? '' : reference, servicerRef: isPlaceholder(servicerRef) ? '' : servicerRef,
      supplement: field.lines.slice(1).join(' ').trim(), narrative: [],
    };
  }

  #closeEntry(): void {
    const open = this.#entry;
    this.#entry = null;
    const statement = this.#statement;
    if (!open || !statement) return;
    // Expected movements are announced, no money yet.
    if (open.mark.startsWith('E')) return this.#find('bank.entry_not_booked', 'info', open.line, { status: open.mark });
    const currency = statement.currency ?? '';
    const amount = amountOf(open.amount, currency);
    const fault = typeof amount === 'string' ? amount : amount > ENTRY_MINOR_MAX ? 'bank.amount_out_of_range' : open.isDated ? null : 'bank.date_unreadable';
    if (fault !== null || typeof amount === 'string') {
      this.file.rejected++;
      return this.#find(fault as string, 'block', open.line);
    }
    // RC takes a credit back: money goes. RD takes a debit back: money comes.
    const direction = open.mark === 'C' || open.mark === 'RD' ? 'credit' : 'debit';
    this.#moved += direction === 'credit' ? amount : -amount;
    const said = readNarrative(open.narrative, open.supplement);
    const entry: BankEntry = {
      line: open.line, entryRef: open.servicerRef || open.reference, part: 0, account: statement.account,
      group: [statement.sequence ?? statement.statementId, statement.page ?? ''].join('/'), amountMinor: amount, currency, direction, isReversal: open.mark.startsWith('R'),
      bookedOn: open.bookedOn, valueOn: open.valueOn, servicerRef: open.servicerRef,
      candidates: transferCandidates([open.reference, ...said.references, open.servicerRef], [said.text]), text: said.text,
      ...(said.details ? { details: said.details } : {}), statement: this.file.statements.length - 1,
    };
    addEntries(this.file, [entry]);
    // Money that comes back is a payment of ours; money that is taken back is a reversal.
    if (said.returned === null || direction === 'debit') return;
    addNotice(this.file, { line: open.line, kind: 'return', references: transferCandidates([...said.references, open.reference], []), reason: said.returned, amountMinor: amount, currency, bookedOn: open.bookedOn ?? open.valueOn, corrected: null });
  }
}

function balanceOf(value: string): Balance | null {
  const match = BALANCE.exec(value);
  if (!match) return null;
  const minor = amountOf(match[4] as string, match[3] as string);
  return typeof minor === 'string' || minor > TOLD_MINOR_MAX ? null : { day: dayOf(match[2] as string), currency: match[3] as string, minor: match[1] === 'D' ? -minor : minor };
}

/** The decimal comma is mandatory, also where nothing follows it; some banks leave it out or write a point. */
function amountOf(text: string, currency: string): bigint | string {
  if (!isCurrency(currency)) return 'bank.currency_unknown';
  const plain = text.replace(',', '.').replace(/\.$/, '');
  if (!/^\d+(?:\.\d+)?$/.test(plain)) return 'bank.amount_unreadable';
  if (plain.length > AMOUNT_CHARS_MAX) return 'bank.amount_out_of_range';
  return parseMajor(plain, currency) ?? 'bank.amount_too_fine';
}

/** Years have two digits: the eighties and nineties are past, all else is of this century. */
function dayOf(text: string): CalendarDate | null {
  const year = Number(text.slice(0, 2));
  return calendarDateOf(year >= 80 ? 1900 + year : 2000 + year, Number(text.slice(2, 4)), Number(text.slice(4, 6)));
}

/** The entry date has no year: it is the one that brings it nearest to the value date. */
function nearestYear(monthDay: string, valueOn: CalendarDate | null): CalendarDate | null {
  if (valueOn === null) return null;
  const year = Number(valueOn.slice(0, 4));
  const days = [year - 1, year, year + 1].flatMap((one) => calendarDateOf(one, Number(monthDay.slice(0, 2)), Number(monthDay.slice(2, 4))) ?? []);
  const distance = (day: CalendarDate): number => Math.abs(Date.parse(day) - Date.parse(valueOn));
  return days.sort((a, b) => distance(a) - distance(b))[0] ?? null;
}
