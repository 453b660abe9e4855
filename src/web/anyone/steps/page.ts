import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { HOPS, LIFECYCLE, MOVE_REASONS, AWAITED_ITEMS, getReferral, moveReferral, recordAwaitedItem } from '../../../modules/referrals/index.ts';
import type { LifecycleRow, ReferralMove, ReferralView } from '../../../modules/referrals/index.ts';
import { listPartners } from '../../../modules/partners/index.ts';
import { sayingOf } from '../../message-form.ts';
import { clockLine, partnerNameOf } from '../../referral-line.ts';
import { field, fields, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';

const MOVE_CHARACTERS_MAX = 40;
/** What was typed wrongly is said at the form; anything else is a page of its own. */
const AT_THE_FORM = new Set([
  'referral.reason_needed', 'referral.reason_unknown', 'referral.hop_needed', 'referral.hop_unknown', 'referral.items_needed', 'referral.item_unknown', 'referral.promise_needed',
  'referral.replacement_needed', 'referral.replacement_unfit', 'referral.move_day_invalid', 'referral.move_day_too_early', 'referral.awaited_open',
]);
/** The field that a refusal is about; what is of none leads to the form. */
const FIELDS: readonly (readonly [codes: RegExp, field: string])[] = [
  [/\.reason_/, 'reason'], [/\.hop_/, 'hop'], [/\.items?_/, `item-${AWAITED_ITEMS[0] ?? ''}`], [/\.promise_/, 'promised'], [/\.replacement_/, 'replacement'], [/\.move_day_/, 'on'], [/\.end_unconfirmed$/, 'confirm'],
];
/** What cannot be undone asks first, in so many words. */
const ENDING: readonly string[] = ['withdraw', 'supersede', 'close', 'refuse'];

const here = (visit: Visit): string => `/referrals/${encodeURIComponent(pathText(visit, 'referralId'))}/steps`;

/** A question of an officer's, and a reason that no list has, are told in words: on a page that takes them. */
const tellOf = (visit: Visit, move: string): string => `/inbox/${encodeURIComponent(pathText(visit, 'referralId'))}/tell?move=${move}`;

function rowOf(referral: ReferralView, move: string): LifecycleRow | null {
  const isOffered = referral.allowedMoves.some((allowed) => allowed === move);
  return isOffered ? LIFECYCLE.find((row) => row.direction === referral.direction && row.move === move && row.from.includes(referral.status) && !row.through) ?? null : null;
}

/** The moves that this page makes; the others have pages of their own. */
function offered(referral: ReferralView): ReferralMove[] {
  return [...new Set(referral.allowedMoves)].filter((move) => rowOf(referral, move) !== null);
}

/** Deadlines, history and next steps of one referral: to the agency's people all of it, to the partner's officer what was shared. */
async function show(visit: Visit, problem: AppError | null = null, status = 200): Promise<Reply> {
  const referral = await getReferral(visit.ctx, pathText(visit, 'referralId'));
  const isOfficer = visit.ctx.actor.partner !== null;
  const wanted = queryText(visit, 'move', MOVE_CHARACTERS_MAX);
  if (isOfficer && wanted === 'ask') return redirect(tellOf(visit, wanted));
  const mayMove = isAllowed(visit.ctx, 'referrals.move');
  const chosen = mayMove ? rowOf(referral, problem ? field(visit, 'move', MOVE_CHARACTERS_MAX) : wanted) : null;
  return view('anyone/steps', {
    referral, isOfficer, chosen, here: here(visit), mustConfirm: chosen !== null && !isOfficer && ENDING.includes(chosen.move),
    partnerName: partnerNameOf(referral.partnerId, visit),
    clocks: referral.clocks.map((clock) => clockLine(clock, visit)),
    moves: mayMove ? offered(referral) : [],
    canTick: isAllowed(visit.ctx, 'referrals.create'),
    reasons: chosen ? MOVE_REASONS[chosen.move] ?? [] : [],
    hops: [...HOPS.map((hop) => ({ value: hop, name: visit.t(`referrals:hop.${hop}`) })),
      ...listPartners().filter(({ partnerId }) => partnerId !== referral.partnerId).map(({ partnerId }) => ({ value: partnerId, name: partnerNameOf(partnerId, visit) }))],
    items: AWAITED_ITEMS, suggested: problem ? fields(visit, 'item') : referral.suggested,
    hopName: (hop: string) => (hop.includes('-') ? partnerNameOf(hop, visit) : visit.t(`referrals:hop.${hop}`)),
    problem: problem ? { code: problem.code, params: problem.params, field: FIELDS.find(([codes]) => codes.test(problem.code))?.[1] ?? 'move' } : null,
    entered: problem ? { reason: field(visit, 'reason', 60), hop: field(visit, 'hop', 60), on: field(visit, 'on', 10), promised: field(visit, 'promised', 10), replacement: field(visit, 'replacement', 60) }
      : { reason: '', hop: '', on: '', promised: '', replacement: '' },
    done: queryText(visit, 'done', 10) === 'moved' ? 'moved' : null,
  }, status);
}

/** A move made twice is refused by the state that it has left, so this needs no guard of its own. */
const move: Handler = async (visit) => {
  const text = (name: string): string | null => field(visit, name, 60) || null;
  const wanted = field(visit, 'move', MOVE_CHARACTERS_MAX);
  if (visit.ctx.actor.partner !== null && (wanted === 'ask' || (sayingOf(wanted) !== null && text('reason') === 'other'))) return redirect(tellOf(visit, wanted));
  const isEnding = ENDING.includes(wanted);
  if (isEnding && field(visit, 'confirm', 3) !== 'yes' && visit.ctx.actor.partner === null) return show(visit, new AppError('invalid', 'referral.end_unconfirmed'), 422);
  try {
    await moveReferral(visit.ctx, pathText(visit, 'referralId'), wanted, {
      reason: text('reason'), hop: text('hop'), on: text('on'), promisedOn: text('promised'), replacement: text('replacement'), items: fields(visit, 'item'),
    });
    return redirect(`${here(visit)}?done=moved`);
  } catch (error) {
    if (error instanceof AppError && AT_THE_FORM.has(error.code)) return show(visit, error, 422);
    throw error;
  }
};

const tick: Handler = async (visit) => {
  await recordAwaitedItem(visit.ctx, pathText(visit, 'referralId'), field(visit, 'item', 40));
  return redirect(`${here(visit)}?done=moved`);
};

export const stepsPage: Page = { path: '/referrals/:referralId/steps', access: 'referrals.view', get: (visit) => show(visit), post: move };
export const tickPage: Page = { path: '/referrals/:referralId/steps/arrived', access: 'referrals.create', get: async (visit) => redirect(here(visit)), post: tick };
