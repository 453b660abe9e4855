import { conversationOfReferral, FILE_NUMBER_MAX, isFileNumber, tellOwnNumber } from '../../../modules/exchange/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { listPartners } from '../../../modules/partners/index.ts';
import { getReferral, HOPS, MOVE_REASONS, moveReferral } from '../../../modules/referrals/index.ts';
import type { ReferralMove, ReferralView } from '../../../modules/referrals/index.ts';
import { formOfMove, sayingOf } from '../../message-form.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { movesToOffer } from '../../referral-moves.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const MOVE_CHARACTERS_MAX = 40;
/** Where a refusal of a move is mended; the others are pages of their own. */
const FIELDS: Readonly<Record<string, string>> = {
  'referral.reason_needed': 'reason', 'referral.reason_unknown': 'reason', 'referral.hop_needed': 'hop', 'referral.hop_unknown': 'hop', 'conversation.number_unfit': 'number',
};

interface Entered {
  readonly reason: string;
  readonly hop: string;
  /** Under which the own office keeps it. */
  readonly number: string;
}

const inboxOf = (visit: Visit): string => `/inbox/${encodeURIComponent(pathText(visit, 'referralId'))}`;

/** One word of the officer's to the county: what the county will get, what it needs, and the button that says it. */
async function show(visit: Visit, move: string, entered: Entered, problem: AppError | null): Promise<Reply> {
  const referral = await getReferral(visit.ctx, pathText(visit, 'referralId'));
  if (visit.ctx.actor.partner === null) return redirect(`/referrals/${encodeURIComponent(referral.referralId)}/steps`);
  const chosen = movesToOffer(referral).find((one) => one.move === move);
  if (!chosen) return redirect(`${inboxOf(visit)}#tell`);
  const form = await formFor(visit, referral.referralId, chosen.move);
  if (form !== null) return redirect(form);
  const words = wordsFor(visit.language);
  return view('officer/tell', {
    referral, chosen, entered, numberMax: move === 'accept' ? FILE_NUMBER_MAX : null, here: `${inboxOf(visit)}/tell`, reasons: chosen.needs.includes('reason') ? reasonsOf(chosen.move) : null, hops: chosen.needs.includes('hop') ? hopsFor(visit, referral) : null,
    faults: problem ? [{ field: FIELDS[problem.code] ?? 'reason', text: words.error(problem.code, problem.params) }] : [],
  }, problem ? 422 : 200);
}

/**
 * Where a move that promises content is made: by the message that has the content. While the request has no conversation yet there is none, and then a
 * question, which would be nothing but its announcement, cannot be put.
 */
async function formFor(visit: Visit, referralId: string, move: string): Promise<string | null> {
  if (sayingOf(move) === null) return null;
  const conversation = isAllowed(visit.ctx, 'messages.view') ? await conversationOfReferral(visit.ctx, referralId) : null;
  const saying = conversation && formOfMove(move, visit, conversation);
  if (conversation && saying) return `/conversations/${conversation.conversationId}/write?kind=${saying.kind}&move=${move}`;
  return move === 'ask' ? `${inboxOf(visit)}#tell` : null;
}

/** Another reason is one that is told in words, which only a message has. */
const reasonsOf = (move: ReferralMove): readonly string[] => (MOVE_REASONS[move] ?? []).filter((reason) => sayingOf(move) === null || reason !== 'other');

function hopsFor(visit: Visit, { partnerId }: Pick<ReferralView, 'partnerId'>): { readonly value: string; readonly name: string }[] {
  return [
    ...HOPS.map((hop) => ({ value: hop, name: visit.t(`referrals:hop.${hop}`) })),
    ...listPartners().filter((one) => one.partnerId !== partnerId).map((one) => ({ value: one.partnerId, name: partnerNameOf(one.partnerId, visit) })),
  ];
}

/** A move made twice is refused by the state that it has left, so this needs no guard of its own. */
async function tell(visit: Visit): Promise<Reply> {
  if (visit.ctx.actor.partner === null) return redirect(`/referrals/${encodeURIComponent(pathText(visit, 'referralId'))}/steps`);
  const [move, entered] = [field(visit, 'move', MOVE_CHARACTERS_MAX), { reason: field(visit, 'reason', 60), hop: field(visit, 'hop', 60), number: field(visit, 'number', 400).trim() }];
  const form = await formFor(visit, pathText(visit, 'referralId'), move);
  if (form !== null) return redirect(form);
  const hasNumber = move === 'accept' && entered.number !== '';
  try {
    if (sayingOf(move) !== null && entered.reason === 'other') throw new AppError('invalid', 'referral.reason_needed');
    if (hasNumber && !isFileNumber(entered.number)) throw new AppError('invalid', 'conversation.number_unfit', { params: { most: FILE_NUMBER_MAX } });
    await moveReferral(visit.ctx, pathText(visit, 'referralId'), move, { reason: entered.reason || null, hop: entered.hop || null });
    if (hasNumber) await tellOwnNumber(visit.ctx, pathText(visit, 'referralId'), entered.number);
    return redirect(`${inboxOf(visit)}?done=told`);
  } catch (error) {
    if (error instanceof AppError && Object.hasOwn(FIELDS, error.code)) return show(visit, move, entered, error);
    throw error;
  }
}

export const tellPage: Page = {
  path: '/inbox/:referralId/tell', access: 'referrals.move',
  get: (visit) => show(visit, queryText(visit, 'move', MOVE_CHARACTERS_MAX), { reason: '', hop: '', number: '' }, null), post: tell,
};
