/** What lies ready for a partner: messages, files, receipts. */
export { listOutbox, markPacketRetrieved, markRetrieved, openOutboxItem } from './outbox.ts';
export type { OutboxFile, OutboxItem, OutboxPage, OutboxQuery } from './outbox.ts';
export { listReceipts, readReceipt } from './receipts.ts';
export type { ReceiptsPage } from './receipts.ts';
export { findReadyFile, findReceiptByName, listReadyFiles, listReceiptFiles, openReadyFile, pickUpMessage } from './ready-files.ts';
export type { FilePage, ReadyFile, ReceiptFile } from './ready-files.ts';
export { listAskedOf, listConversationsOf } from './partner-pages.ts';
export type { PartnerPage, PartnerPageQuery } from './partner-pages.ts';
export type { AskedRow } from './partner-pages.store.ts';
