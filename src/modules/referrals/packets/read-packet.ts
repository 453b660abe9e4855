import { recordAudit } from '../../audit/index.ts';
import { verifyContainer } from '../../../platform/asic/container.ts';
import { authorise, isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { readKeptFile } from '../../../platform/files.ts';
import { isId } from '../../../platform/ids.ts';
import { PDF_ENTRY } from './compose-packet.ts';
import { recordDisclosure } from '../disclosures/record-disclosure.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import { findPacket, wasDelivered } from './packet.store.ts';
import type { PacketRow } from './packet.store.ts';
import { withdrawnFromPacket } from './recall-packet.ts';

export interface PacketFile {
  readonly packetId: string;
  readonly referralId: string;
  readonly fileName: string;
  readonly bytes: Buffer;
}

/**
 * The signed container as it was sealed. It is written down who took it. A partner's officer takes the packet sent last and no
 * other. Where the case may be told less today than the packet tells, only those who may see the case itself take it: they must
 * know what the partner holds.
 *
 * @throws AppError `packet.not_found`, `packet.superseded`, `packet.withdrawn`.
 */
export async function readPacketContainer(ctx: Ctx, packetId: string): Promise<PacketFile> {
  return readPacketFile(ctx, packetId, ({ fileId, fileName }) => ({ fileId, fileName }));
}

/**
 * The same for containers that are too large to be held: where its bytes are kept, once it has been written down that they are taken.
 *
 * @throws AppError as `readPacketContainer`.
 */
export async function takePacketContainer(ctx: Ctx, packetId: string): Promise<Omit<PacketFile, 'bytes'> & { readonly fileId: string }> {
  const { taken: fileId, ...about } = await takePacketFile(ctx, packetId, ({ fileId, fileName }) => ({ fileId, fileName }), async (_tx, id) => id);
  return { ...about, fileId };
}

/**
 * The copy for reading of what was sealed (PDF/UA), for whoever may take the packet itself.
 *
 * @throws AppError `packet.not_found`, `packet.superseded`, `packet.withdrawn`; `packet.no_reading_copy` where it was sealed before there were such.
 */
export async function readPacketReadingCopy(ctx: Ctx, packetId: string): Promise<PacketFile> {
  return readPacketFile(ctx, packetId, ({ readingFileId, referralId }) => {
    if (readingFileId === null) throw new AppError('not_found', 'packet.no_reading_copy');
    return { fileId: readingFileId, fileName: `${referralId}-reading.pdf` };
  });
}

type CopyOf = (packet: PacketRow) => Pick<PacketRow, 'fileId' | 'fileName'>;

async function readPacketFile(ctx: Ctx, packetId: string, copyOf: CopyOf): Promise<PacketFile> {
  const { taken: bytes, ...about } = await takePacketFile(ctx, packetId, copyOf, readKeptFile);
  return { ...about, bytes };
}

async function takePacketFile<T>(ctx: Ctx, packetId: string, copyOf: CopyOf, take: (tx: TxCtx, fileId: string) => Promise<T>): Promise<Omit<PacketFile, 'bytes'> & { readonly taken: T }> {
  const taking = await packetToTake(ctx, packetId);
  const { fileId, fileName } = copyOf(taking.packet);
  const given = await inTransaction(ctx, async (tx) => {
    if (!await writeDownTaking(tx, taking)) return null;
    return { taken: await take(tx, fileId) };
  });
  if (!given) throw new AppError('forbidden', 'packet.withdrawn');
  return { packetId, referralId: taking.packet.referralId, fileName, taken: given.taken };
}

/** A packet that somebody wants to take or to look at, and whether it may be. */
export interface PacketToTake {
  readonly packet: PacketRow;
  readonly caseId: string;
  readonly isWithdrawn: boolean;
  readonly isRefused: boolean;
}

/** Decides it on the case as it is now. @throws AppError `packet.not_found`, `packet.superseded`. */
export async function packetToTake(ctx: Ctx, packetId: string): Promise<PacketToTake> {
  authorise(ctx, 'packets.read');
  const { packet, referral } = await inTransaction(ctx, async (tx) => {
    const found = await readPacketRow(tx, packetId);
    return { packet: found, referral: await getReferralRow(tx, found.referralId) };
  });
  const isWithdrawn = (await withdrawnFromPacket(ctx, referral, packetId)).length > 0;
  // What we have taken back is no longer on offer, whatever it told.
  const isTakenBack = ['withdrawn', 'superseded'].includes(referral.status);
  const isRefused = (isWithdrawn && (ctx.actor.partner !== null || !isAllowed(ctx, 'cases.view'))) || (isTakenBack && ctx.actor.partner !== null);
  return { packet, caseId: referral.caseId, isWithdrawn, isRefused };
}

/** @returns false where it is refused, which is written down as well. */
export async function writeDownTaking(tx: TxCtx, { packet, caseId, isWithdrawn, isRefused }: PacketToTake): Promise<boolean> {
  const about = { subject: { type: 'packet', id: packet.packetId }, partner: packet.partnerId, county: packet.county };
  if (isRefused) {
    await recordAudit(tx, { ...about, action: 'packet.refused', details: { referralId: packet.referralId } });
    return false;
  }
  await recordAudit(tx, { ...about, action: 'packet.read', details: { referralId: packet.referralId, isWithdrawn } });
  await recordDisclosure(tx, 'read', packet, caseId);
  return true;
}

/** The bilingual PDF out of the sealed container, after the container was checked. @throws AppError `packet.not_found`, `packet.altered`. */
export async function readPacketPdf(ctx: Ctx, packetId: string): Promise<PacketFile> {
  const container = await readPacketContainer(ctx, packetId);
  return { ...container, fileName: `${container.referralId}.pdf`, bytes: pdfIn(ctx, container.bytes) };
}

/** The PDF of a container that is what was sealed. @throws AppError `packet.altered`. */
export function pdfIn(ctx: Ctx, container: Buffer): Buffer {
  const report = verifyContainer(container, { now: ctx.clock.now() });
  const pdf = report.payload.find((entry) => entry.name === PDF_ENTRY);
  if (!report.isIntact || !pdf) throw new AppError('conflict', 'packet.altered', { findings: report.findings });
  return Buffer.from(pdf.bytes);
}

export async function readPacketRow(ctx: TxCtx, packetId: string): Promise<PacketRow> {
  const packet = isId('pkt', packetId) ? await findPacket(ctx, packetId) : null;
  if (packet) return packet;
  // Hidden from the officer because another was sent since: that is said, where the partner was given this one.
  const isSuperseded = ctx.actor.partner !== null && isId('pkt', packetId) && await wasDelivered(ctx, packetId);
  throw isSuperseded ? new AppError('conflict', 'packet.superseded') : new AppError('not_found', 'packet.not_found');
}
