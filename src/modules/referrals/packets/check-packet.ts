import { X509Certificate } from 'node:crypto';
import { ownCertificate } from '../../../platform/asic/signer.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { readKeptFile } from '../../../platform/files.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import { readPacketRow } from './read-packet.ts';
import { withdrawnFromPacket } from './recall-packet.ts';
import { verifyPacket } from './verify-packet.ts';

export interface PacketCheck {
  readonly packetId: string;
  readonly referralId: string;
  readonly fileName: string;
  readonly isIntact: boolean;
  /** Of the whole file, for comparison with what was saved. */
  readonly sha256: string;
  readonly byteCount: number;
  readonly entries: readonly { readonly name: string; readonly byteCount: number; readonly sha256: string }[];
  readonly signer: { readonly subject: string; readonly fingerprint: string; readonly signedAt: string; readonly validFrom: string; readonly validTo: string; readonly isOurs: boolean } | null;
  readonly findings: readonly Finding[];
}

/**
 * Checks a sealed packet as whoever receives it would: digests, the set of its files, the signature, and whether the signer's certificate is this installation's.
 * Nothing of its content is handed out, so nothing is written down as read. For whoever may take the packet itself.
 *
 * @throws AppError `packet.not_found`, `packet.superseded`, `packet.withdrawn`, `access.forbidden`.
 */
export async function checkPacket(ctx: Ctx, packetId: string): Promise<PacketCheck> {
  authorise(ctx, 'packets.read');
  const { packet, referral } = await inTransaction(ctx, async (tx) => {
    const found = await readPacketRow(tx, packetId);
    return { packet: found, referral: await getReferralRow(tx, found.referralId) };
  });
  const isTakenBack = ['withdrawn', 'superseded'].includes(referral.status) || (await withdrawnFromPacket(ctx, referral, packetId)).length > 0;
  if (isTakenBack && ctx.actor.partner !== null) throw new AppError('forbidden', 'packet.withdrawn');
  const bytes = await inTransaction(ctx, (tx) => readKeptFile(tx, packet.fileId));
  const own = ownCertificate(ctx.config);
  const { isIntact, entries, signer, findings } = verifyPacket(bytes, undefined, { own, now: ctx.clock.now() });
  return {
    packetId, referralId: packet.referralId, fileName: packet.fileName, isIntact, sha256: packet.sha256, byteCount: packet.byteCount, entries, findings,
    signer: signer && { subject: signer.subject, fingerprint: signer.fingerprint, signedAt: signer.signedAt, validFrom: signer.validFrom, validTo: signer.validTo, isOurs: signer.trust === 'own' },
  };
}

/** The certificate with which this installation signs, as PEM; it is public. @throws AppError `packet.no_certificate`. */
export function signingCertificate(ctx: Ctx): string {
  authorise(ctx, 'packets.read');
  const own = ownCertificate(ctx.config);
  if (own === null) throw new AppError('not_found', 'packet.no_certificate');
  return new X509Certificate(own.raw).toString();
}

/** The same, where it stands beside a packet: of a packet that this person does not see there is none. @throws AppError `packet.not_found`, `packet.no_certificate`. */
export async function packetCertificate(ctx: Ctx, packetId: string): Promise<string> {
  authorise(ctx, 'packets.read');
  await inTransaction(ctx, (tx) => readPacketRow(tx, packetId));
  return signingCertificate(ctx);
}
