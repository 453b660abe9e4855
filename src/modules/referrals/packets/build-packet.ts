import type { X509Certificate } from 'node:crypto';
import { recordAudit } from '../../audit/index.ts';
import { signerOf } from '../../../platform/asic/signer.ts';
import type { ZipEntry } from '../../../platform/asic/zip.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError, assert } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { keepFile, readKeptFile } from '../../../platform/files.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { contentOfPacket, groundsFor, recordDisclosure } from '../disclosures/record-disclosure.ts';
import { composePacketApart, sealPacket } from './compose-packet.ts';
import type { ComposedPacket } from './compose-packet.ts';
import { insertPacket, listPacketRows } from './packet.store.ts';
import type { PacketRow } from './packet.store.ts';
import { hasBlocking } from './prepare-packet.ts';
import type { PreparedPacket } from './prepare-packet.ts';
import { composeReadingCopy } from './reading-copy.ts';
import { refreshReferral } from './refresh-referral.ts';
import { recallFindings } from './recall-packet.ts';
import { listHeldPackets } from './recall.store.ts';
import { authorityFor, encryptParts } from './sealed-parts.ts';
import { updateFindings, updateSealed } from '../lifecycle/referral.store.ts';
import type { ReferralRow } from '../lifecycle/referral.store.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import { lifecycleRow } from '../lifecycle/lifecycle.rules.ts';
import { recordMove, refuseWhileAwaited } from '../lifecycle/record-move.ts';

export const PACKET_BYTES_MAX = 200 * 1024 * 1024;

export interface BuiltPacket {
  readonly referralId: string;
  readonly packetId: string;
  readonly fileName: string;
  readonly bytes: Buffer;
  readonly pages: number;
  readonly sha256: string;
  readonly findings: readonly Finding[];
  /** Nothing had changed since the packet was sealed: this is that packet, byte for byte. */
  readonly alreadySealed: boolean;
}

/**
 * Seals the packet of a referral: message, bilingual PDF, manifest and signature in one container that is kept for ever.
 * An unchanged referral gives the packet that it has; a changed one gives a new packet that supersedes it.
 *
 * @throws AppError `packet.incomplete` with everything that blocks; `referral.awaited_open`, `referral.move_refused`, `referral.not_found`, `access.forbidden`, `keys.signing_…`.
 */
export async function buildPacket(ctx: Ctx, referralId: string): Promise<BuiltPacket> {
  authorise(ctx, 'packets.build');
  const outcome = await inTransaction(ctx, async (tx): Promise<BuiltPacket | { refused: readonly Finding[] }> => {
    const referral = await getReferralRow(tx, referralId, 'lock');
    const prepared = await refreshReferral(tx, referral);
    if (hasBlocking(prepared.findings)) return { refused: prepared.findings };
    const [current] = await listPacketRows(tx, referralId);
    const built = current?.contentDigest.equals(prepared.contentDigest) ? await asBuilt(tx, current, prepared.findings) : await seal(tx, referral, prepared, current ?? null);
    return 'refused' in built ? built : { ...built, findings: [...built.findings, ...recallFindings(await listHeldPackets(tx, referralId), prepared.stance)] };
  });
  // Thrown outside, so that the findings stay on the referral while nothing else does.
  if ('refused' in outcome) throw new AppError('conflict', 'packet.incomplete', { findings: outcome.refused });
  return outcome;
}

async function asBuilt(ctx: TxCtx, packet: PacketRow, findings: readonly Finding[]): Promise<BuiltPacket> {
  const { referralId, packetId, fileName, pages, sha256 } = packet;
  return { referralId, packetId, fileName, bytes: await readKeptFile(ctx, packet.fileId), pages, sha256, findings, alreadySealed: true };
}

async function seal(ctx: TxCtx, referral: ReferralRow, prepared: PreparedPacket, previous: PacketRow | null): Promise<BuiltPacket | { refused: readonly Finding[] }> {
  assert(prepared.model, 'a packet without blocking findings has a model');
  const row = lifecycleRow(referral.status, 'seal', referral.direction);
  await refuseWhileAwaited(ctx, referral.referralId, row);
  const packetId = newId('pkt', ctx.clock.now().getTime());
  const composed = await composePacketApart(prepared.model, { packetId, datedOn: prepared.on }, prepared.sealedCase);
  if (!composed.packet) {
    const findings = [...composed.findings, ...prepared.findings];
    await updateFindings(ctx, referral, findings);
    return { refused: findings };
  }
  const reading = await composeReadingCopy(prepared.model, { packetId, datedOn: prepared.on });
  const packet = await keepPacket(ctx, referral, prepared, previous, packetId, { ...composed.packet, reading });
  const status = await recordMove(ctx, referral, { row, packetId, on: prepared.on });
  await updateSealed(ctx, referral.referralId, status, packetId);
  await recordAudit(ctx, {
    action: 'packet.sealed', subject: { type: 'packet', id: packetId }, partner: referral.partnerId, county: referral.county,
    details: { referralId: referral.referralId, sha256: packet.sha256, supersedes: previous?.packetId ?? '' },
  });
  await emit(ctx, 'packet.sealed', { packetId, referralId: referral.referralId });
  return { ...packet, findings: prepared.findings, alreadySealed: false };
}

async function keepPacket(
  ctx: TxCtx, referral: ReferralRow, prepared: PreparedPacket, previous: PacketRow | null, packetId: string, composed: ComposedPacket & { readonly reading: Buffer },
): Promise<Omit<BuiltPacket, 'findings' | 'alreadySealed'>> {
  const { referralId, partnerId, county } = referral;
  const sealed = await sealedFor(ctx, partnerId, composed);
  const files = [...await prepared.loadFiles(), ...sealed.parts];
  const bytes = sealPacket(composed, signerOf(ctx.keys, ctx.clock.now()), ctx.clock.now(), files);
  const fileName = `${referralId}.asice`;
  const kept = await keepFile(ctx, { fileName, source: bytes, bytesMax: PACKET_BYTES_MAX, partner: partnerId });
  const copy = await keepFile(ctx, { fileName: `${referralId}.pdf`, source: composed.reading, bytesMax: PACKET_BYTES_MAX, partner: partnerId });
  await insertPacket(ctx, {
    packetId, referralId, county, partnerId, number: (previous?.number ?? 0) + 1, supersedes: previous?.packetId ?? null,
    contentDigest: prepared.contentDigest, fileId: kept.fileId, fileName, sha256: kept.sha256, byteCount: kept.byteCount, pages: composed.pages, documents: composed.documents, readingFileId: copy.fileId,
  }, prepared);
  const logged = { referralId, partnerId, county };
  await recordDisclosure(ctx, 'sealed', { ...logged, packetId }, referral.caseId, {
    content: contentOfPacket(prepared, composed.documents, sealed.parts, sealed.certificate), grounds: groundsFor(ctx, partnerId),
  });
  if (previous) await recordDisclosure(ctx, 'superseded', { ...logged, packetId: previous.packetId }, referral.caseId, { supersededBy: packetId });
  return { referralId, packetId, fileName, bytes, pages: composed.pages, sha256: kept.sha256 };
}

async function sealedFor(ctx: TxCtx, partnerId: string, composed: ComposedPacket): Promise<{ parts: ZipEntry[]; certificate: X509Certificate | null }> {
  if (composed.sealedParts.length === 0) return { parts: [], certificate: null };
  const { certificate } = authorityFor(ctx.config.dataDir, partnerId, ctx.clock.now());
  assert(certificate, 'a packet without blocking findings has an authority for its sealed part');
  return { parts: await encryptParts(composed.sealedParts, certificate), certificate };
}
