/** Files of money: registers, partners' reports and advices, bank statements. Read here, explained by reconciliation. */
export { importBank } from './import-bank.ts';
export { importDisbursements } from './import-disbursements.ts';
export { importPayments } from './import-payments.ts';
export type { PaymentsToImport } from './import-payments.ts';
export type { PaymentImport } from './import-summary.rules.ts';
export { listReceivedFiles } from './list-received-files.ts';
export type { ReceivedFilePage } from './list-received-files.ts';
export type { ReceivedFile, ReceivedKind } from './received-file.store.ts';
