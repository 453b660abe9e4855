import { isDeepStrictEqual } from 'node:util';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { recordAudit } from '../../audit/index.ts';
import { isSecondPerson } from '../../identity/index.ts';
import { authoriseSuspense, ensureClaim, fourEyes, standStill } from './access.ts';
import { releaseClaim } from './claim.store.ts';
import { closeDecision, findByRequest, findOpenProposal, insertDecision, lockDecision } from './decision.store.ts';
import type { Decided, DecisionParams } from './decision.store.ts';
import { keepNote } from './notes.ts';
import type { Planners } from './plan.ts';
import { planAssign } from './plan-assign.ts';
import { planMatch, planSplit } from './plan-match.ts';
import { planCancelReturn, planReturn } from './plan-return.ts';
import { planClose, planDuplicate, planRefuse, planReleaseHold } from './plan-simple.ts';
import { planUnmatch } from './plan-unmatch.ts';
import { checkReason, itemRef, needsSecond } from './suspense.rules.ts';
import type { Action, ItemRef } from './suspense.rules.ts';

const PLANNERS: Planners = {
  match: planMatch, split: planSplit, unmatch: planUnmatch, duplicate: planDuplicate, return: planReturn, cancel_return: planCancelReturn, refuse: planRefuse, close: planClose,
  release_hold: planReleaseHold, assign: planAssign,
};

const REQUEST_FORM = /^[0-9A-Za-z_-]{20,64}$/;

export type DecisionAsked = {
  readonly itemKey: string;
  readonly reason: string;
  readonly note?: string;
  /** The same request again changes nothing and is told what it came to. */
  readonly requestId?: string;
};

export type DecisionMade = { readonly decisionId: string; readonly state: Decided['state']; readonly needsSecond: boolean };

/**
 * Decides about an item, or, where four eyes are needed, proposes to: then nothing moves before a second person agrees. Once for each
 * request, in one transaction with what it books, its audit event and what others hear of it.
 *
 * @throws AppError conflict where the world has changed, somebody else works on the item or a run is going on; invalid for what cannot be.
 */
export async function decide(ctx: Ctx, action: Action, asked: DecisionAsked, params: DecisionParams): Promise<DecisionMade> {
  authoriseSuspense(ctx, 'suspense.decide');
  checkReason(action, asked.reason, asked.note ?? '');
  const ref = itemRef(asked.itemKey);
  if (ref === null) throw new AppError('not_found', 'suspense.item_unknown');
  if (asked.requestId !== undefined && !REQUEST_FORM.test(asked.requestId)) throw new AppError('invalid', 'suspense.request_form');
  return inTransaction(ctx, async (tx) => {
    await standStill(tx);
    return (await earlier(tx, action, asked, params)) ?? make(tx, action, { asked, ref, params });
  });
}

/** What the same request came to before. @throws AppError conflict `suspense.request_reused`. */
async function earlier(ctx: TxCtx, action: Action, asked: DecisionAsked, params: DecisionParams): Promise<DecisionMade | null> {
  const known = asked.requestId === undefined ? null : await findByRequest(ctx, asked.requestId);
  if (known === null) return null;
  const isSame = known.proposedBy === ctx.actor.id && known.action === action && known.itemKey === asked.itemKey && isDeepStrictEqual(known.params, JSON.parse(JSON.stringify({ ...params, reason: asked.reason })));
  if (!isSame) throw new AppError('conflict', 'suspense.request_reused');
  return { decisionId: known.decisionId, state: known.state, needsSecond: known.needsSecond };
}

type Made = { readonly asked: DecisionAsked; readonly ref: ItemRef; readonly params: DecisionParams };

async function make(ctx: TxCtx, action: Action, { asked, ref, params }: Made): Promise<DecisionMade> {
  const { itemKey, reason } = asked;
  if ((await findOpenProposal(ctx, itemKey)) !== null) throw new AppError('conflict', 'suspense.proposal_open');
  await ensureClaim(ctx, itemKey);
  const kept = { ...params, reason };
  const plan = await PLANNERS[action](ctx, ref, kept);
  const isForTwo = needsSecond(fourEyes(), { action, amountMinor: plan.amountMinor, currency: plan.currency, isUnusual: plan.isUnusual });
  const decisionId = newId('dcn');
  const state = isForTwo ? 'proposed' : 'done';
  await insertDecision(ctx, {
    decisionId, itemKey, itemKind: ref.kind, action, state, partnerId: plan.partnerId, reason, params: kept, amountMinor: plan.amountMinor, currency: plan.currency, seen: plan.seen,
    needsSecond: isForTwo, requestId: asked.requestId ?? null,
  });
  if (!isForTwo) await plan.execute(decisionId);
  if ((asked.note ?? '').trim() !== '') await keepNote(ctx, itemKey, asked.note ?? '', decisionId);
  // A refused candidate is one step of the work on the item; any other decision ends it.
  if (action !== 'refuse') await releaseClaim(ctx, itemKey);
  await recordAudit(ctx, {
    action: 'suspense.decided', subject: { type: 'suspense_item', id: itemKey }, ...(plan.partnerId === null ? {} : { partner: plan.partnerId }),
    details: { decisionId, decision: action, reason, state },
  });
  await emit(ctx, isForTwo ? 'suspense.proposed' : 'suspense.decided', { decisionId, itemKey, action });
  return { decisionId, state, needsSecond: isForTwo };
}

/**
 * Agrees to what somebody else has proposed, and carries it out.
 *
 * @throws AppError not_found `suspense.decision_unknown`; conflict `suspense.already_closed`, `suspense.changed` (the item says something else by now); forbidden `suspense.own_proposal`.
 */
export async function approveDecision(ctx: Ctx, decisionId: string): Promise<DecisionMade> {
  authoriseSuspense(ctx, 'suspense.approve');
  return inTransaction(ctx, async (tx) => {
    await standStill(tx);
    const proposal = await openProposal(tx, decisionId);
    if (!(await isSecondPerson(tx, proposal.proposedBy))) throw new AppError('forbidden', 'suspense.own_proposal');
    const plan = await PLANNERS[proposal.action](tx, itemRef(proposal.itemKey) as ItemRef, proposal.params);
    if (plan.seen !== proposal.seen || plan.amountMinor !== proposal.amountMinor || plan.currency !== proposal.currency) throw new AppError('conflict', 'suspense.changed');
    await closeDecision(tx, decisionId, 'done', null);
    await plan.execute(decisionId);
    await recordAudit(tx, {
      action: 'suspense.approved', subject: { type: 'suspense_item', id: proposal.itemKey }, ...(proposal.partnerId === null ? {} : { partner: proposal.partnerId }),
      details: { decisionId, decision: proposal.action, proposedBy: proposal.proposedBy },
    });
    await emit(tx, 'suspense.decided', { decisionId, itemKey: proposal.itemKey, action: proposal.action });
    return { decisionId, state: 'done', needsSecond: true };
  });
}

/** Refuses a proposal, or, by whoever made it, takes it back. Nothing moves; the item waits as before: whoever may propose may do that. */
export async function rejectDecision(ctx: Ctx, decisionId: string, asked: { reason: string; note?: string }): Promise<DecisionMade> {
  authoriseSuspense(ctx, 'suspense.decide');
  return inTransaction(ctx, async (tx) => {
    const proposal = await openProposal(tx, decisionId);
    const state = proposal.proposedBy === tx.actor.id ? 'withdrawn' : 'rejected';
    // Whoever takes back an own proposal owes nobody words for it.
    checkReason('reject', asked.reason, state === 'withdrawn' ? null : (asked.note ?? ''));
    await closeDecision(tx, decisionId, state, asked.reason);
    if ((asked.note ?? '').trim() !== '') await keepNote(tx, proposal.itemKey, asked.note ?? '', decisionId);
    await recordAudit(tx, {
      action: 'suspense.rejected', subject: { type: 'suspense_item', id: proposal.itemKey }, ...(proposal.partnerId === null ? {} : { partner: proposal.partnerId }),
      details: { decisionId, decision: proposal.action, reason: asked.reason, state },
    });
    await emit(tx, 'suspense.rejected', { decisionId, itemKey: proposal.itemKey, action: proposal.action });
    return { decisionId, state, needsSecond: true };
  });
}

async function openProposal(ctx: TxCtx, decisionId: string): Promise<Decided> {
  const proposal = await lockDecision(ctx, decisionId);
  if (proposal === null) throw new AppError('not_found', 'suspense.decision_unknown');
  if (proposal.state !== 'proposed') throw new AppError('conflict', 'suspense.already_closed', { params: { state: proposal.state } });
  return proposal;
}
