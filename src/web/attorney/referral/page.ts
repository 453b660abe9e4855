import { isAllowed } from '../../../platform/authorise.ts';
import { conversationOfReferral } from '../../../modules/exchange/index.ts';
import { acknowledgeRecall, listIncoming, officeDay, previewPacket } from '../../../modules/referrals/index.ts';
import { hopLines, timelineLines } from '../../conversation-line.ts';
import { allowingLines } from '../../agreement-line.ts';
import { hopName, setsFor } from '../../referral-moves.ts';
import { clockLine, referralLine } from '../../referral-line.ts';
import { wordsFor } from '../../words.ts';
import { pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { askedDeadlines, askedOf, heldUntil } from './asked.ts';
import type { AskedLine } from './asked.ts';
import { referralAddress, standingOf } from './standing.ts';
import type { Standing } from './standing.ts';
import { nextTask, tasksOf } from './tasks.ts';
import type { Task, TaskGroup } from './tasks.ts';

/** A request and what followed it: a handful. */
const RECEIVED_SHOWN = 50;
const SAID_SHOWN = 40;
const DONE = ['created', 'sealed', 'same', 'sent', 'recalled', 'services'];
/** Moves that end the referral, or take back what was told: they stand apart, and ask before they act. */
const ENDING = ['withdraw', 'supersede', 'close', 'refuse'];

async function show(visit: Visit): Promise<Reply> {
  const { ctx } = visit;
  const standing = await standingOf(visit);
  const { referral, allowed } = standing;
  if (ctx.actor.partner !== null) return redirect(`/inbox/${encodeURIComponent(referral.referralId)}`);
  const done = queryText(visit, 'done', 20);
  const { rows: received } = isAllowed(ctx, 'incoming.view') ? await listIncoming(ctx, { referralId: referral.referralId, pageSize: RECEIVED_SHOWN }) : { rows: [] };
  const groups = tasksOf(standing);
  const clocks = referral.clocks.map((clock) => clockLine(clock, visit));
  const asked = isAllowed(ctx, 'messages.send') ? await askedOf(visit, referral.referralId) : [];
  const running = clocks.filter(({ stoppedOn, pausedOn }) => stoppedOn === null && pausedOn === null).map((clock) => ({ ...clock, title: wordsFor(visit.language).deadline(clock.clock, referral.status) }));
  return view('attorney/referral', {
    ...standing, ...allowed, received, said: await saidOf(visit, referral.referralId),
    referral: referralLine(referral, visit), groups, next: nextStep(standing, groups, asked), heldUntil: await heldUntil(visit, referral.referralId), isDone: countDone(groups),
    clocks, upcoming: [...running, ...askedDeadlines(visit, asked)].sort((a, b) => (a.countsOn < b.countsOn ? -1 : 1)),
    hopName: (hop: string) => hopName(hop, visit),
    packets: [...referral.packets].sort((a, b) => b.number - a.number),
    sets: setsFor(referral.partnerId),
    moves: allowed.moves.filter(({ move }) => !ENDING.includes(move)), endings: allowed.moves.filter(({ move }) => ENDING.includes(move)),
    canWrite: isAllowed(ctx, 'messages.send'),
    ...agreementsOf(visit, standing),
    done: DONE.includes(done) ? done : null,
  });
}

const countDone = (groups: readonly TaskGroup[]): { readonly done: number; readonly all: number } => {
  const tasks = groups.flatMap((group) => group.tasks);
  return { done: tasks.filter(({ status }) => status === 'done' || status === 'optional').length, all: tasks.length };
};

/** The end of what was said about it, for those who may see that. */
async function saidOf(visit: Visit, referralId: string) {
  const conversation = isAllowed(visit.ctx, 'messages.view') ? await conversationOfReferral(visit.ctx, referralId) : null;
  if (!conversation) return null;
  // What is still to come stands apart, with how many days are left.
  const today = officeDay(visit.ctx);
  const past = { ...conversation, timeline: conversation.timeline.filter((entry) => entry.what !== 'clock' || entry.act !== 'due' || entry.on < today) };
  return { conversation, hops: hopLines(visit, conversation), ...timelineLines(visit, past, SAID_SHOWN) };
}

/** What allows the exchange today, while something is still to be sent; else what allowed it when it was handed over. */
function agreementsOf(visit: Visit, { referral: { sentUnder, sentAt, status }, draft }: Standing) {
  return {
    canSeeAgreements: isAllowed(visit.ctx, 'agreements.view'),
    isAllowedToday: draft?.agreement.isAllowed ?? null,
    allowing: allowingLines(draft?.agreement.agreements ?? [], visit),
    sentUnder: sentUnder && allowingLines(sentUnder, visit),
    isSentUnrecorded: sentUnder === null && sentAt !== null && status !== 'sealed',
  };
}

interface NextStep {
  readonly step: Task['kind'] | 'review' | 'partner' | 'supply' | 'answer';
  readonly href: string;
  /** The words, where they name a day. */
  readonly words?: string;
}

/** The one thing that brings this referral on; null for whoever has no part in it, and when it is over. */
function nextStep({ referral, draft, isSettled, allowed, blocking }: Standing, groups: readonly TaskGroup[], [asked]: readonly AskedLine[]): NextStep | null {
  if (asked && referral.deliveredPacketId !== null) return { step: 'answer', href: asked.href, words: asked.step };
  if (draft === null) return null;
  if (isSettled) return allowed.moves.length > 0 ? { step: referral.status === 'incomplete' ? 'supply' : 'partner', href: '#moves' } : null;
  if (blocking === 0 && !allowed.canSeal && allowed.moves.some(({ move }) => move === 'review')) return { step: 'review', href: '#moves' };
  const task = nextTask(groups);
  return task?.href ? { step: task.kind, href: task.href } : null;
}

/** What is acknowledged already is not acknowledged again, so this needs no guard of its own. */
const recall: Handler = async (visit) => {
  const referralId = pathText(visit, 'referralId');
  await acknowledgeRecall(visit.ctx, referralId);
  return redirect(`${referralAddress(visit)}?done=recalled`);
};

/** What would be sealed, as the partner will read it, marked as a draft. The use case writes down who read it. */
const preview: Handler = async (visit) => {
  const { bytes, fileName } = await previewPacket(visit.ctx, pathText(visit, 'referralId'));
  return { kind: 'download', bytes, fileName, type: 'application/pdf', isInline: true };
};

// A form that came back with a fault stands at the address it was sent to; reading that address shows the referral.
const backToReferral: Handler = async (visit) => redirect(referralAddress(visit));

export const referralPage: Page = { path: '/referrals/:referralId', access: 'referrals.view', get: show };
export const recallPage: Page = { path: '/referrals/:referralId/recall', access: 'referrals.send', get: backToReferral, post: recall };
export const previewPage: Page = { path: '/referrals/:referralId/draft', access: 'packets.build', get: preview };
