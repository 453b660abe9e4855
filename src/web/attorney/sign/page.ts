import { AppError } from '../../../platform/errors.ts';
import { buildPacket } from '../../../modules/referrals/index.ts';
import { allowingLines } from '../../agreement-line.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { referralAddress, standingOf } from '../referral/standing.ts';

const PROBLEMS = ['packet.incomplete', 'referral.awaited_open'];

/** Who signs what, what the signature says, and what still stands in the way. */
async function show(visit: Visit, isUnconfirmed = false, status = 200): Promise<Reply> {
  const { referral, draft, left, blocking, allowed } = await standingOf(visit);
  const problem = queryText(visit, 'problem', 40);
  const [newest] = [...referral.packets].sort((a, b) => b.number - a.number);
  return view('attorney/sign', {
    referral, here: referralAddress(visit), partnerName: partnerNameOf(referral.partnerId, visit), draft, left, blocking, canSeal: allowed.canSeal,
    mustReview: allowed.moves.some(({ move }) => move === 'review') && !allowed.canSeal, documents: draft?.documents ?? [], signer: visit.ctx.actor.name, newest: newest ?? null,
    isAllowed: draft?.agreement.isAllowed ?? null, allowing: allowingLines(draft?.agreement.agreements ?? [], visit),
    problem: PROBLEMS.includes(problem) ? problem : null, isUnconfirmed,
  }, status);
}

/** Sealing an unchanged referral gives the packet that it has, so pressing twice needs no guard of its own. */
const seal: Handler = async (visit) => {
  const here = referralAddress(visit);
  if (field(visit, 'confirm', 3) !== 'yes') return show(visit, true, 422);
  try {
    const { alreadySealed } = await buildPacket(visit.ctx, pathText(visit, 'referralId'));
    return redirect(`${here}/send?done=${alreadySealed ? 'same' : 'sealed'}`);
  } catch (error) {
    if (error instanceof AppError && PROBLEMS.includes(error.code)) return redirect(`${here}/sign?problem=${error.code}`);
    throw error;
  }
};

export const signPage: Page = { path: '/referrals/:referralId/sign', access: 'packets.build', get: (visit) => show(visit) };
export const sealPage: Page = { path: '/referrals/:referralId/seal', access: 'packets.build', get: async (visit) => redirect(`${referralAddress(visit)}/sign`), post: seal };
