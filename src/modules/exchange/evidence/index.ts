/** Receipts: making, signing, reading, verifying offline; and those that partners sign for us. */
export { keepPartnerReceipt } from './keep-partner-receipt.ts';
export type { KeptPartnerReceipt } from './keep-partner-receipt.ts';
export { archiveReceipts, getSignedReceipt, listSignedReceipts } from './read-receipts.ts';
export type { ReceiptStatement, Stage } from './receipt.rules.ts';
export { STAGES } from './receipt.rules.ts';
export type { ReceiptRow } from './receipt.store.ts';
export { verifyReceipt } from './verify-receipt.ts';
export type { ReceiptEvidence, ReceiptReport } from './verify-receipt.ts';
export { listOwnReceipts } from './list-receipts.ts';
export type { ReceiptListQuery } from './list-receipts.ts';
export type { ListedReceipt, ReceiptSort } from './receipt-list.store.ts';
