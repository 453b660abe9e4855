import { recordAudit } from '../audit/index.ts';
import { verifyContainer } from '../../platform/asic/container.ts';
import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx, TxCtx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { openKeptFile } from '../../platform/files.ts';
import { isId } from '../../platform/ids.ts';
import { PDF_ENTRY } from './compose-packet.ts';
import { findPacket } from './packet.store.ts';
import type { PacketRow } from './packet.store.ts';

export interface PacketFile {
  readonly packetId: string;
  readonly referralId: string;
  readonly fileName: string;
  readonly bytes: Buffer;
}

export async function readKeptBytes(ctx: Ctx, fileId: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of openKeptFile(ctx, fileId)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The signed container as it was sealed. It is written down who took it. @throws AppError `packet.not_found`. */
export async function readPacketContainer(ctx: Ctx, packetId: string): Promise<PacketFile> {
  authorise(ctx, 'packets.read');
  return inTransaction(ctx, async (tx) => {
    const packet = await readPacketRow(tx, packetId);
    const bytes = await readKeptBytes(tx, packet.fileId);
    return { packetId, referralId: packet.referralId, fileName: packet.fileName, bytes };
  });
}

/** The bilingual PDF out of the sealed container, after the container was checked. @throws AppError `packet.not_found`, `packet.altered`. */
export async function readPacketPdf(ctx: Ctx, packetId: string): Promise<PacketFile> {
  const container = await readPacketContainer(ctx, packetId);
  const report = verifyContainer(container.bytes);
  const pdf = report.payload.find((entry) => entry.name === PDF_ENTRY);
  if (!report.isIntact || !pdf) throw new AppError('conflict', 'packet.altered', { findings: report.findings });
  return { ...container, fileName: `${container.referralId}.pdf`, bytes: Buffer.from(pdf.bytes) };
}

async function readPacketRow(ctx: TxCtx, packetId: string): Promise<PacketRow> {
  const packet = isId('pkt', packetId) ? await findPacket(ctx, packetId) : null;
  if (!packet) throw new AppError('not_found', 'packet.not_found');
  await recordAudit(ctx, {
    action: 'packet.read', subject: { type: 'packet', id: packetId }, partner: packet.partnerId, county: packet.county, details: { referralId: packet.referralId },
  });
  return packet;
}
