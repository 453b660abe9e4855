import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';

/** One movement on our account as a bank tells it, whatever the format (contract 5). */
export interface BankEntry {
  /** Physical line on which the entry starts. */
  line: number;
  /** `NtryRef` or the trace number; the servicer's reference where neither is given. */
  entryRef: string;
  /** Which of several payments inside one entry; 0 for the entry itself. */
  part: number;
  account: string;
  /** Statement or batch within the file. */
  group: string;
  amountMinor: bigint;
  currency: string;
  direction: 'credit' | 'debit';
  /** The bank takes back what it booked before. */
  isReversal: boolean;
  bookedOn: CalendarDate | null;
  valueOn: CalendarDate | null;
  /** What the bank itself names the booking by; empty when it gives nothing. */
  servicerRef: string;
  /** Everything that could be a transfer number, most trusted first. */
  candidates: string[];
  text: string;
  /** Of what was booked as one sum, what the bank says of how it came about; absent where it says nothing. */
  details?: BankEntryDetails;
  /** Which statement of the file it stands in, counted from 0; absent in formats without statements. */
  statement?: number;
}

/** Amounts as instructed, converted and charged are kept apart: none is ever derived from the others. */
export interface BankEntryDetails {
  instructed?: { amountMinor: bigint; currency: string };
  counterValue?: { amountMinor: bigint; currency: string };
  /** As written: a decimal of at most eleven digits, units of `target` for one of `source`, where the message says which. */
  rate?: { rate: string; source: string; target: string; quotedOn: CalendarDate | null };
  charges?: { amountMinor: bigint; currency: string; bearer: string }[];
}

export type BankSource = 'camt.053' | 'camt.054' | 'nacha' | 'mt940' | 'bai2';

/** A statement, or a page of one: what must follow what. */
export interface BankStatement {
  line: number;
  account: string;
  currency: string | null;
  statementId: string;
  /** The bank's own count (ElctrncSeqNb or LglSeqNb, MT940 :28C:); null where it does not count. */
  sequence: number | null;
  page: number | null;
  from: CalendarDate | null;
  to: CalendarDate | null;
  opening: bigint | null;
  closing: bigint | null;
  /** Marked as a copy or duplicate of an earlier one. */
  isCopy: boolean;
}

/** A payment of ours that came back, or how it must be paid from now on: a Nacha return or notification of change, `RtrInf` of ISO 20022. */
export interface PaymentNotice {
  line: number;
  kind: 'return' | 'change';
  /** What the notice names the payment by: its original trace number, EndToEndId or the like, most trusted first. */
  references: string[];
  /** `R03`, `C01`, or an ISO 20022 reason such as `AC04`. */
  reason: string;
  amountMinor: bigint | null;
  currency: string;
  bookedOn: CalendarDate | null;
  /** Corrected data as sent, such as an account number: protected, never shown in full nor logged. */
  corrected: string | null;
}

export interface BankFile {
  source: BankSource;
  /** As the file names its version, such as `camt.053.001.08` or `nacha`. */
  format: string;
  /** Entries read and not yet handed on; all of them where nobody takes them on the way. */
  entries: BankEntry[];
  statements: BankStatement[];
  notices: PaymentNotice[];
  /** Entries that could not be read. */
  rejected: number;
  findings: Finding[];
}

/** No movement on our account is larger (minor units); nearly a million such still fit the whole numbers of the database. */
export const ENTRY_MINOR_MAX = 10n ** 13n;
/** Balances and what a message only tells: ISO 20022 amounts have at most 18 digits. */
export const TOLD_MINOR_MAX = 10n ** 18n;

/** A larger file is to be sent in parts. Entries pass in batches; what is kept of all of them is a few bytes each. */
export const ENTRIES_MAX = 2_000_000;

/** Adds entries to what was read of a file. @throws AppError `bank.too_many_entries`. */
export function addEntries(file: BankFile, entries: readonly BankEntry[]): void {
  if (file.entries.length + entries.length > ENTRIES_MAX) throw new AppError('invalid', 'bank.too_many_entries', { params: { entriesMax: ENTRIES_MAX } });
  for (const entry of entries) file.entries.push(entry);
}

/** Statements of one file, and payments in it that came back. */
const STATEMENTS_MAX = 100_000;

/** @throws AppError `bank.too_many_statements`. */
export function addStatement(file: BankFile, statement: BankStatement): void {
  if (file.statements.length >= STATEMENTS_MAX) throw new AppError('invalid', 'bank.too_many_statements', { params: { statementsMax: STATEMENTS_MAX } });
  file.statements.push(statement);
}

/** @throws AppError `bank.too_many_entries`. */
export function addNotice(file: BankFile, notice: PaymentNotice): void {
  if (file.notices.length >= STATEMENTS_MAX) throw new AppError('invalid', 'bank.too_many_entries', { params: { entriesMax: STATEMENTS_MAX } });
  file.notices.push(notice);
}

const PLACEHOLDERS = new Set(['NOTPROVIDED', 'NOT PROVIDED', 'NONREF', 'NOREF', 'NONE', 'N/A', 'UNKNOWN', 'NOTAVAILABLE']);
const CANDIDATE_CHARS_MAX = 64;
const CANDIDATES_MAX = 24;

/** Words that banks write where they have no reference. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDERS.has(plainReference(text));
}

/** The transfer numbers that an entry may carry: its references as they stand, then words with digits in its free text. */
export function transferCandidates(references: readonly (string | undefined)[], texts: readonly string[]): string[] {
  const found = new Set<string>();
  for (const reference of references) {
    const plain = plainReference(reference ?? '');
    if (plain !== '' && !PLACEHOLDERS.has(plain)) found.add(plain);
  }
  for (const text of texts) {
    for (const word of plainReference(text).split(/[^\p{L}\p{N}-]+/u)) {
      const bare = word.replace(/^-+|-+$/g, '');
      if (bare.length >= 4 && bare.length <= CANDIDATE_CHARS_MAX && /\d/.test(bare)) found.add(bare);
    }
  }
  return [...found].filter((candidate) => candidate.length <= CANDIDATE_CHARS_MAX).slice(0, CANDIDATES_MAX);
}

/** Words of ASCII with single blanks: most of what banks write. */
function isPlain(text: string): boolean {
  return !/[^ -~]/.test(text) && !text.includes('  ') && !text.startsWith(' ') && !text.endsWith(' ');
}

/** References are compared in capitals, in plain width, with single spaces. */
export function plainReference(text: string): string {
  if (isPlain(text)) return text.toUpperCase();
  return text.normalize('NFKC').toUpperCase().replace(/\s+/g, ' ').trim();
}
