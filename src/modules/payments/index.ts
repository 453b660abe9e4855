/** Files of money: registers, partners' reports and advices, bank statements. Read here, explained by reconciliation. */
export { importBank } from './import-bank.ts';
export { importDisbursements } from './import-disbursements.ts';
export { importPayments } from './import-payments.ts';
export type { PaymentsToImport } from './import-payments.ts';
export type { PaymentImport } from './import-summary.rules.ts';
export { listBankCredits } from './list-bank-credits.ts';
export type { BankCredit } from './list-bank-credits.ts';
export { listReceivedFiles } from './list-received-files.ts';
export type { ReceivedFilePage } from './list-received-files.ts';
export type { ReceivedFile, ReceivedKind } from './received-file.store.ts';
export { acknowledgePostings } from './postings/acknowledge-postings.ts';
export type { PostingAcknowledgment } from './postings/acknowledge-postings.ts';
export { exportPostings, findPostingExport, openPostingExport } from './postings/export-postings.ts';
export type { PostingExport } from './postings/export-postings.ts';
export { POSTING_EXPORT_HEADING } from './postings/posting.rules.ts';
export { openPostingProposals, proposePostings } from './postings/propose-postings.ts';
export type { ProposedPostings } from './postings/propose-postings.ts';
