import { findPartner } from '../modules/partners/index.ts';
import { LIFECYCLE } from '../modules/referrals/index.ts';
import type { LifecycleRow, ReferralMove, ReferralView } from '../modules/referrals/index.ts';
import { partnerNameOf } from './referral-line.ts';
import type { Visit } from './visit.ts';

/** A move as a page offers it. */
export interface OfferedMove {
  readonly move: ReferralMove;
  readonly needs: LifecycleRow['needs'];
  /** A step of the partner's, which the agency only writes down. */
  readonly isPartners: boolean;
}

/** The moves that this person may make now, each once; those with a page of their own are not among them. */
export function movesToOffer(referral: Pick<ReferralView, 'allowedMoves' | 'direction' | 'status'>): OfferedMove[] {
  return [...new Set(referral.allowedMoves)].flatMap((move) => {
    const row = LIFECYCLE.find((each) => each.direction === referral.direction && each.move === move && each.from.includes(referral.status) && !each.through);
    return row ? [{ move, needs: row.needs, isPartners: referral.direction === 'outgoing' && row.who.includes('partner_officer') }] : [];
  });
}

/** To whom a referral was passed on: a partner by name, or a kind of office. */
export function hopName(hop: string, visit: Visit): string {
  return hop.includes('-') ? partnerNameOf(hop, visit) : visit.t(`referrals:hop.${hop}`);
}

/** How many complete sets a partner wants on paper: originals and copies together. */
export function setsFor(partnerId: string): number {
  const packet = findPartner(partnerId)?.packet.value;
  return packet ? packet.originals + packet.copies : 1;
}
