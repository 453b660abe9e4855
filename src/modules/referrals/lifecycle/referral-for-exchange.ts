import type { TxCtx } from '../../../platform/context.ts';
import { findPacket } from '../packets/packet.store.ts';
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
