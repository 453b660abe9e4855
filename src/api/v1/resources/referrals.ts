import { noteListShown } from '../../../modules/audit/index.ts';
import { getReferral as readReferral, listSharedReferrals } from '../../../modules/referrals/index.ts';
import type { SharedReferral } from '../../../modules/referrals/index.ts';
import { json } from '../answer.ts';
import type { Handler } from '../answer.ts';
import { partnerOf } from '../caller.ts';
import { cursorOf, pageOf } from '../cursors.ts';

export const listReferrals: Handler = async (call) => {
  const page = await listSharedReferrals(call.ctx, { partnerId: partnerOf(call), ...pageOf(call) });
  await noteListShown(call.ctx, 'api-referrals', page.items.map(({ referralId }) => ({ referral: referralId })));
  return json({ items: page.items.map(shown), next: cursorOf(page.next) });
};

export const getReferral: Handler = async (call) => {
  const referral = await readReferral(call.ctx, call.path['referralId'] as string);
  return json({
    ...shown(referral as typeof referral & SharedReferral), isWithdrawn: referral.isWithdrawn,
    moves: referral.moves.map(({ move, toStatus, hop, movedAt }) => ({ move, state: toStatus, hop, at: movedAt.toISOString() })),
    allowedMoves: referral.allowedMoves,
  });
};

function shown(referral: SharedReferral): Record<string, unknown> {
  return {
    id: referral.referralId, direction: referral.direction === 'outgoing' ? 'to_you' : 'from_you', services: referral.services, state: referral.status, packetId: referral.packetId,
    isBeingCorrected: referral.isBeingCorrected, sentAt: referral.sentAt?.toISOString() ?? null,
  };
}
