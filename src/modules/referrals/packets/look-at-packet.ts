import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { readKeptFile } from '../../../platform/files.ts';
import type { ShownPdf } from '../../../platform/pdf/page-images.ts';
import type { PacketRow } from './packet.store.ts';
import { openForReading } from '../../../platform/page-openings.ts';
import { packetToTake, pdfIn, writeDownTaking } from './read-packet.ts';

/** For how long a packet that somebody has opened page by page counts as open: the pages of that time are one reading. */
export const READING_MINUTES = 15;

export interface PacketPages {
  readonly packet: Pick<PacketRow, 'packetId' | 'referralId' | 'partnerId' | 'number' | 'pages' | 'documents' | 'readingFileId'>;
  readonly pdf: ShownPdf;
  /** Whether it was opened by this very question, and not open already. */
  readonly isOpenedNow: boolean;
}

/**
 * A sealed packet to be looked at page by page, for whoever may take it. Whether they may is decided anew with every page; that
 * they read it is written down when they open it, and again after `READING_MINUTES`.
 *
 * @throws AppError as `readPacketPdf`.
 */
export async function lookAtPacket(ctx: Ctx, packetId: string): Promise<PacketPages> {
  const taking = await packetToTake(ctx, packetId);
  const { packet } = taking;
  const isOpenedNow = await inTransaction(ctx, async (tx) => {
    if (taking.isRefused) return void await writeDownTaking(tx, taking);
    const isNew = await openForReading(tx, packetId, READING_MINUTES);
    if (isNew) await writeDownTaking(tx, taking);
    return isNew;
  });
  if (isOpenedNow === undefined) throw new AppError('forbidden', 'packet.withdrawn');
  const bytes = async (): Promise<Buffer> => pdfIn(ctx, await inTransaction(ctx, (tx) => readKeptFile(tx, packet.fileId)));
  return { packet, isOpenedNow, pdf: { key: `packet/${packet.sha256}`, bytes } };
}
