import type { Readable } from 'node:stream';
import type { FilePage, ReadyFile, ReceiptFile } from '../modules/exchange/index.ts';
import type { KeptBytes } from '../platform/files-at.ts';
import type { Received } from './upload.ts';

export type { ReadyFile } from '../modules/exchange/index.ts';

/** What the exchange does for one partner that came by SFTP. Everything is scoped by the actor behind it. */
export interface Desk {
  readonly bytesMax: number;
  /** @throws AppError when the key no longer holds. */
  check(): Promise<void>;
  now(): Date;
  receive(source: Readable, fileName: string): Promise<Received>;
  listReady(where: 'outbox' | 'picked-up', after: string | null): Promise<FilePage<ReadyFile>>;
  findReady(where: 'outbox' | 'picked-up', name: string): Promise<ReadyFile | null>;
  openReady(file: ReadyFile): Promise<KeptBytes>;
  /** The whole file was handed out. */
  markRetrieved(file: ReadyFile): Promise<void>;
  /** Takes it out of the outbox; false where somebody else was first. */
  pickUp(file: ReadyFile): Promise<boolean>;
  listReceipts(after: string | null): Promise<FilePage<ReceiptFile>>;
  findReceipt(name: string): Promise<ReceiptFile | null>;
  readReceipt(receiptId: string): Promise<Buffer>;
}
