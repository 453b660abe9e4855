import { calendarDateOf } from '../../../../platform/dates.ts';
import type { CalendarDate } from '../../../../platform/dates.ts';
import { AppError } from '../../../../platform/errors.ts';
import type { Finding } from '../../../../platform/errors.ts';
import { addEntries, transferCandidates } from '../bank-entry.rules.ts';
import type { BankEntry, BankFile } from '../bank-entry.rules.ts';
import { parseDed } from './ded.rules.ts';
import { EMPTY_TOTALS, checkBatch, checkFile } from './nacha-totals.rules.ts';
import type { NachaTotals } from './nacha-totals.rules.ts';

/**
 * Reads ACH files by the Nacha Operating Rules, appendix three: records of 94 characters, entry classes CCD, CTX, PPD, IAT and
 * those framed alike, addenda 05 and 710–718. Returns (799) and notifications of change (798), prenotes and zero-dollar entries
 * are recognised and are no credits. Positions in comments count from 1, as the rules do.
 */

const RECORD = 94;
const IAT_MANDATORY = 7;
/** A file of nothing but faults is told by its first ones. */
const FINDINGS_MAX = 5_000;

interface OpenBatch {
  line: number;
  number: string;
  company: string;
  entryClass: string;
  isReversal: boolean;
  bookedOn: CalendarDate | null;
  totals: NachaTotals;
}

interface OpenEntry {
  entry: BankEntry | null;
  references: string[];
  information: string;
  addenda: number;
  /** From positions 55–58 (CTX), 13–16 (IAT) or the indicator in 79; null when it says only "some". */
  addendaSaid: number | null;
  line: number;
  isReturn: boolean;
}

export class NachaReader {
  readonly #file: BankFile = { source: 'nacha', format: 'nacha', entries: [], statements: [], notices: [], rejected: 0, findings: [] };
  #line = 0;
  #blocks = 0;
  #created: CalendarDate | null = null;
  #destination = '';
  #isOpened = false;
  #isClosed = false;
  #batch: OpenBatch | null = null;
  #entry: OpenEntry | null = null;
  #totals: NachaTotals = EMPTY_TOTALS;
  #batches = 0;

  /** One physical line, without its line break. @throws AppError `bank.format_unknown` when the first is no file header. */
  line(raw: string): void {
    this.#line++;
    if (raw.trim() === '') return;
    if (!this.#isOpened && !/^101/.test(raw)) throw new AppError('invalid', 'bank.format_unknown', { findings: [{ code: 'nacha.header_missing', severity: 'block', line: this.#line }] });
    const record = this.#frame(raw);
    this.#blocks++;
    if (record === null || /^9{94}$/.test(record)) return;
    const type = record[0];
    if (type === '1') this.#fileHeader(record);
    else if (type === '5') this.#batchHeader(record);
    else if (type === '6') this.#entryDetail(record);
    else if (type === '7') this.#addendum(record);
    else if (type === '8') this.#batchControl(record);
    else if (type === '9') this.#fileControl(record);
    else this.#find('nacha.record_unknown', 'warn');
  }

  end(): BankFile {
    this.#closeEntry();
    if (!this.#isOpened) throw new AppError('invalid', 'bank.format_unknown');
    if (!this.#isClosed) this.#find('nacha.control_missing', 'warn');
    return this.#file;
  }

  #find(code: string, severity: Finding['severity'], params?: Finding['params'], line: number = this.#line): void {
    if (this.#file.findings.length < FINDINGS_MAX) this.#file.findings.push({ code, severity, line, ...(params ? { params } : {}) });
  }

  /** A record in its 94 characters; null when it is too damaged to be read by position. */
  #frame(printed: string): string | null {
    const raw = printed.replace(/\p{Cc}/gu, ' ');
    if (/[^\x20-\x7e]/.test(printed)) this.#find('nacha.characters', 'warn');
    if (raw.length === RECORD) return raw;
    const surplus = raw.slice(RECORD).trim() !== '';
    const padded = raw.padEnd(RECORD).slice(0, RECORD);
    // Blanks at the end are often dropped or added on the way; only in records that end in blanks is nothing lost by that.
    const isHarmless = !surplus && (raw.length > RECORD || /^(1|9)/.test(raw));
    this.#find(raw.length < RECORD ? 'nacha.line_short' : 'nacha.line_long', isHarmless ? 'info' : 'warn', { length: raw.length });
    if (isHarmless || !/^[67]/.test(raw)) return padded;
    if (raw[0] === '6') {
      this.#closeEntry();
      this.#file.rejected++;
    }
    return null;
  }

  #fileHeader(record: string): void {
    if (this.#isOpened && !this.#isClosed) this.#find('nacha.control_missing', 'warn');
    this.#isOpened = true;
    this.#isClosed = false;
    this.#blocks = 1;
    this.#batches = 0;
    this.#totals = EMPTY_TOTALS;
    this.#destination = record.slice(3, 13).trim();
    this.#created = dateOf(record.slice(23, 29));
    if (record.slice(34, 37) !== '094') this.#find('nacha.header', 'warn');
  }

  #batchHeader(record: string): void {
    this.#closeEntry();
    if (this.#batch) this.#find('nacha.batch_control_missing', 'warn');
    this.#batch = {
      line: this.#line, number: record.slice(87, 94), company: record.slice(40, 50).trim(), entryClass: record.slice(50, 53),
      isReversal: record.slice(53, 63).trim() === 'REVERSAL', bookedOn: dateOf(record.slice(69, 75)) ?? this.#created, totals: EMPTY_TOTALS,
    };
  }

  #entryDetail(record: string): void {
    this.#closeEntry();
    const batch = this.#batch;
    if (!batch) return this.#refuse('nacha.entry_outside_batch');
    const code = record.slice(1, 3);
    const cents = record.slice(29, 39);
    if (!/^\d{2}$/.test(code) || !/^\d{10}$/.test(cents)) return this.#refuse('nacha.entry_unreadable');
    const isDebit = code[1] as string >= '6' || code[1] === '5';
    const amount = BigInt(cents);
    batch.totals = {
      count: batch.totals.count + 1, hash: batch.totals.hash + (/^\d{8}$/.test(record.slice(3, 11)) ? BigInt(record.slice(3, 11)) : 0n),
      debit: batch.totals.debit + (isDebit ? amount : 0n), credit: batch.totals.credit + (isDebit ? 0n : amount),
    };
    const isMoney = (code[1] === '2' || code[1] === '7' || code === '55') && amount > 0n;
    const isIat = batch.entryClass === 'IAT';
    const isCtx = batch.entryClass === 'CTX';
    const said = isIat ? record.slice(12, 16) : isCtx ? record.slice(54, 58) : '';
    this.#entry = {
      entry: isMoney ? this.#entryOf(record, batch, amount, isDebit ? 'debit' : 'credit') : null,
      references: isIat ? [] : [record.slice(39, 54).trim()], information: '', addenda: 0, line: this.#line, isReturn: false,
      addendaSaid: /^\d{4}$/.test(said) ? Number(said) : record[78] === '0' ? 0 : null,
    };
    if (batch.entryClass === 'ADV') this.#entry.entry = null;
    if (!isMoney && code[1] !== '1' && code[1] !== '6') this.#find('nacha.no_money', 'info');
  }

  #entryOf(record: string, batch: OpenBatch, amountMinor: bigint, direction: 'credit' | 'debit'): BankEntry {
    const account = batch.entryClass === 'IAT' ? record.slice(39, 74) : record.slice(12, 29);
    return {
      line: this.#line, entryRef: record.slice(79, 94).trim(), part: 0, account: `${record.slice(3, 12)}/${account.trim()}`,
      group: `${this.#destination}/${batch.number}`, amountMinor, currency: 'USD', direction, isReversal: batch.isReversal,
      bookedOn: batch.bookedOn, valueOn: null, servicerRef: `${batch.company}/${record.slice(79, 94).trim()}`, candidates: [],
      text: batch.entryClass === 'IAT' ? '' : record.slice(batch.entryClass === 'CTX' ? 58 : 54, 76).trim(),
    };
  }

  #addendum(record: string): void {
    if (this.#batch) this.#batch.totals = { ...this.#batch.totals, count: this.#batch.totals.count + 1 };
    const entry = this.#entry;
    if (!entry) return this.#find('nacha.addenda_without_entry', 'warn');
    entry.addenda++;
    const type = record.slice(1, 3);
    if (type === '05') entry.information += record.slice(3, 83);
    else if (type === '10') entry.references.push(record.slice(24, 46).trim());
    else if (type === '17') entry.information += `${record.slice(3, 83)}\\`;
    else if (type === '99' || type === '98') {
      entry.isReturn = true;
      this.#find(type === '99' ? 'nacha.return' : 'nacha.change_notified', 'info', { reason: record.slice(3, 6) });
    } else if (!/^1[0-8]$|^02$/.test(type)) this.#find('nacha.addenda_unknown', 'warn');
  }

  #closeEntry(): void {
    const open = this.#entry;
    this.#entry = null;
    if (!open) return;
    // Senders of IAT count the seven mandatory addenda and leave the optional ones out.
    const isMandatoryCount = open.addendaSaid === IAT_MANDATORY && open.addenda > IAT_MANDATORY;
    if (open.addendaSaid !== null && !open.isReturn && open.addendaSaid !== open.addenda && !isMandatoryCount) {
      this.#find('nacha.addenda_count', 'warn', { said: open.addendaSaid, found: open.addenda }, open.line);
    }
    if (!open.entry || open.isReturn) return;
    for (const segment of parseDed(open.information)) {
      if (segment.warnings.length > 0) this.#find('nacha.ded', 'warn', { elements: segment.warnings.join(' ') }, open.line);
    }
    const { references, texts } = remittanceOf(open.information);
    open.entry.candidates = transferCandidates([...open.references, ...references], [...open.references, ...texts]);
    open.entry.text = [open.entry.text, ...texts].filter((text) => text !== '').join(' ');
    addEntries(this.#file, [open.entry]);
  }

  #refuse(code: string): void {
    this.#file.rejected++;
    this.#find(code, 'block');
  }

  #batchControl(record: string): void {
    this.#closeEntry();
    if (!this.#batch) return this.#find('nacha.batch_header_missing', 'warn');
    this.#file.findings.push(...checkBatch(record, this.#batch.totals, this.#line, this.#batch.number));
    const { totals } = this.#batch;
    this.#totals = {
      count: this.#totals.count + totals.count, hash: this.#totals.hash + totals.hash % 10_000_000_000n,
      debit: this.#totals.debit + totals.debit, credit: this.#totals.credit + totals.credit,
    };
    this.#batches++;
    this.#batch = null;
  }

  #fileControl(record: string): void {
    this.#closeEntry();
    if (this.#batch) this.#find('nacha.batch_control_missing', 'warn');
    this.#batch = null;
    this.#isClosed = true;
    this.#file.findings.push(...checkFile(record, this.#totals, this.#batches, this.#line));
  }
}

/** Payment information: X12 segments name references in TRN02 and REF02; DED carries case numbers, which are no transfer's; the rest is words. */
function remittanceOf(information: string): { references: string[]; texts: string[] } {
  const references: string[] = [];
  const texts: string[] = [];
  // An interchange names its own element separator, right after ISA.
  const separator = information.startsWith('ISA') ? information[3] as string : '*';
  for (const segment of information.split(/[\\~]/).map((part) => part.trim()).filter((part) => part !== '')) {
    const parts = segment.split(separator).map((part) => part.trim());
    if ((parts[0] === 'TRN' || parts[0] === 'REF') && parts[2]) references.push(parts[2]);
    else if (parts.length === 1 || !/^[A-Z][A-Z0-9]{1,2}$/.test(parts[0] ?? '')) texts.push(segment);
  }
  return { references, texts };
}

function dateOf(text: string): CalendarDate | null {
  const parts = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  return parts ? calendarDateOf(2000 + Number(parts[1]), Number(parts[2]), Number(parts[3])) : null;
}
