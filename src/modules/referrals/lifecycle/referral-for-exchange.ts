import { learnPartnerNumber, readPartnerNumbers } from '../../cases/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { OLDEST, findIncoming, selectIncoming } from '../incoming/incoming.store.ts';
import type { IncomingRow } from '../incoming/incoming.store.ts';
import { findPacket } from '../packets/packet.store.ts';
import type { PacketRow } from '../packets/packet.store.ts';
import { isId } from '../../../platform/ids.ts';
import { findReferral, selectReferrals } from './referral.store.ts';
import type { ReferralRow } from './referral.store.ts';

/** A referral as whoever writes to its partner must know it. */
export type ExchangedReferral = Pick<ReferralRow, 'referralId' | 'county' | 'partnerId' | 'caseId' | 'services' | 'status' | 'direction' | 'sharedStatus' | 'deliveredPacketId' | 'approvedBy'>;

/** For a use case that has looked whether its actor may: the referral (by its id, or a packet's), where it is within sight and this partner's. Null as partner: anybody's. */
export async function referralForExchange(tx: TxCtx, partnerId: string | null, name: string): Promise<ExchangedReferral | null> {
  const referralId = isId('pkt', name) ? (await findPacket(tx, name))?.referralId ?? null : isId('ref', name) ? name : null;
  const referral = referralId === null ? null : await findReferral(tx, referralId);
  return referral !== null && (partnerId === null || referral.partnerId === partnerId) ? referral : null;
}

/** The referrals with this partner about one of our cases that the partner knows of. */
export async function referralsOfCaseWith(tx: TxCtx, partnerId: string, caseId: string): Promise<ExchangedReferral[]> {
  const { rows } = await selectReferrals(tx, { partnerId, caseId }, 0, 50);
  return rows.filter((row) => row.sharedStatus !== null);
}

/** What a partner sent of which a referral was made; null where a person opened it by itself. */
export async function incomingOfReferral(tx: TxCtx, referralId: string): Promise<Pick<IncomingRow, 'incomingId' | 'senderPacketId' | 'fileId'> | null> {
  const { rows } = await selectIncoming(tx, { referralId }, OLDEST, { after: null, offset: 0, limit: 20 });
  return rows.find(({ state }) => state === 'accepted') ?? null;
}

/** A packet's sealed file, to be sent with a message. */
export async function packetFileForExchange(tx: TxCtx, packetId: string): Promise<Pick<PacketRow, 'fileId' | 'sha256' | 'byteCount'> | null> {
  return isId('pkt', packetId) ? findPacket(tx, packetId) : null;
}

/** What came in and was filed, as far as the exchange must know. */
export type ExchangedIncoming = Pick<IncomingRow, 'incomingId' | 'partnerId' | 'county' | 'kind' | 'state' | 'fileId' | 'sha256' | 'byteCount' | 'findings' | 'senderPacketId' | 'sender' | 'referralId'>
  & { readonly theirNumber: string | null };

export async function incomingForExchange(tx: TxCtx, incomingId: string): Promise<ExchangedIncoming | null> {
  const row = isId('inc', incomingId) ? await findIncoming(tx, incomingId) : null;
  return row && { ...row, theirNumber: row.facts?.theirNumbers[0]?.slice(0, 60) ?? null };
}

/** The partner's own number for the case of a referral, where it is known and is one. */
export async function theirNumberFor(tx: TxCtx, { caseId, partnerId }: Pick<ReferralRow, 'caseId' | 'partnerId'>): Promise<string | null> {
  const numbers = await readPartnerNumbers(tx, caseId, partnerId);
  return numbers.length === 1 ? numbers[0] ?? null : null;
}

const NUMBER_MAX = 60;

/** A partner says under which number it keeps a case: papers to it bear it, and lines with that number find the case. Returns whether it was new. */
export async function learnTheirNumber(tx: TxCtx, { caseId, partnerId }: Pick<ReferralRow, 'caseId' | 'partnerId'>, value: string): Promise<boolean> {
  if (value.trim() === '' || value.length > NUMBER_MAX || !/\p{N}/u.test(value) || /\p{Cc}/u.test(value)) return false;
  return learnPartnerNumber(tx, { caseId, partnerId, value });
}
