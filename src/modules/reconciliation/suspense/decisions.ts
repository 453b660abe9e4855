import type { Ctx } from '../../../platform/context.ts';
import { decide } from './decide.ts';
import type { DecisionAsked, DecisionMade } from './decide.ts';

/** Ties a line to a case (a collection) or to a disbursement (a report of what became of one). `learn` keeps the partner's own number printed on it: that is for two people. */
export function matchLine(ctx: Ctx, asked: DecisionAsked & { caseId?: string; disbursementId?: string; learn?: boolean }): Promise<DecisionMade> {
  const { caseId = '', disbursementId = '', learn = false } = asked;
  return decide(ctx, 'match', asked, { ...(caseId === '' ? {} : { caseId }), ...(disbursementId === '' ? {} : { disbursementId }), ...(learn ? { learn } : {}) });
}

/** One line over several cases: by the amounts typed, which add up to it, or in even shares to the cent. */
export function splitLine(ctx: Ctx, asked: DecisionAsked & { parts: readonly { caseId: string; amount: string }[] }): Promise<DecisionMade> {
  return decide(ctx, 'split', asked, { parts: asked.parts.map(({ caseId, amount }) => ({ caseId, amount })) });
}

/** Takes back what was booked for a line, by reversing entries; it waits in suspense, and the pair is refused from then on. */
export function unmatchLine(ctx: Ctx, asked: DecisionAsked): Promise<DecisionMade> {
  return decide(ctx, 'unmatch', asked, {});
}

/** A line that tells once more what another one told. */
export function markDuplicate(ctx: Ctx, asked: DecisionAsked & { of: string }): Promise<DecisionMade> {
  return decide(ctx, 'duplicate', asked, { of: asked.of });
}

/** Orders a line's money, or a whole credit, back to its sender. It leaves the books when the bank statement shows it. */
export function returnToSender(ctx: Ctx, asked: DecisionAsked): Promise<DecisionMade> {
  return decide(ctx, 'return', asked, {});
}

export function cancelReturnToSender(ctx: Ctx, asked: DecisionAsked): Promise<DecisionMade> {
  return decide(ctx, 'cancel_return', asked, {});
}

/** "Not this case", "not this disbursement": remembered for ever, for the line and for whoever it names. */
export function refuseCandidate(ctx: Ctx, asked: DecisionAsked & { caseId?: string; disbursementId?: string }): Promise<DecisionMade> {
  const { caseId = '', disbursementId = '' } = asked;
  return decide(ctx, 'refuse', asked, { ...(caseId === '' ? {} : { caseId }), ...(disbursementId === '' ? {} : { disbursementId }) });
}

/** Nothing is to be done about an entry of the bank whose money is in no books of ours. */
export function closeEntry(ctx: Ctx, asked: DecisionAsked): Promise<DecisionMade> {
  return decide(ctx, 'close', asked, {});
}

/** Lets a case's next disbursement go; always for two people. */
export function releaseHold(ctx: Ctx, asked: DecisionAsked): Promise<DecisionMade> {
  return decide(ctx, 'release_hold', asked, {});
}

/** Says which transfer a credit pays that names none; two people, then the next run judges and books it. */
export function assignCredit(ctx: Ctx, asked: DecisionAsked & { partnerId: string; transfer: string }): Promise<DecisionMade> {
  return decide(ctx, 'assign', asked, { partnerId: asked.partnerId, transfer: asked.transfer });
}
