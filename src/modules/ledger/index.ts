/** The memo ledger: accounts, transfers, entries, balances. It knows no cases, partners or files, only their ids. */
export { balanceOf, listBalances } from './balance-of.ts';
export type { AccountBalance } from './balance-of.ts';
export { caseStatement } from './case-statement.ts';
export type { CaseStatement, StatementLine } from './case-statement.ts';
export { checkLedger } from './check-ledger.ts';
export type { LedgerCheck } from './check-ledger.ts';
export { commitPostingBatch, openPostingBatch } from './post-batch.ts';
export type { PostedBatch } from './post-batch.ts';
export { reverseInBatch } from './reverse-in-batch.ts';
export { postTransfer, reverseTransfer } from './post-transfer.ts';
export { exportJournal } from './export-journal.ts';
export type { ExportedJournal } from './export-journal.ts';
export { JOURNAL_FORMATS } from './journal.rules.ts';
export type { JournalFormat } from './journal.rules.ts';
export { postReserved, releaseExpired, reserveTransfer, voidReserved } from './reserve-transfer.ts';
export type { PostReserved, Reservation } from './reserve-transfer.ts';
export { ACCOUNT_KINDS, BUCKETS, accountCode } from './posting.rules.ts';
export type { AccountKind, AccountRef, Bucket, Leg, Reversal, Transfer } from './posting.rules.ts';
