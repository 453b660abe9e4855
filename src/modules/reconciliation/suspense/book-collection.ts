import type { TxCtx } from '../../../platform/context.ts';
import { commitPostingBatch, openPostingBatch } from '../../ledger/index.ts';
import { openPostingProposals, proposePostings } from '../../payments/index.ts';
import { addLegs, addProposals, releaseLineHolds, saveDecidedOutcome, tieToCredit } from './booking.store.ts';
import type { LegToPost } from './booking.store.ts';
import type { LineFacts } from './line-facts.store.ts';
import { bookingKey } from './plan.ts';
import type { Money } from './plan.ts';

export type CasePart = { readonly caseId: string; readonly county: string; readonly amountMinor: bigint };

export type Booking = {
  readonly line: LineFacts;
  readonly money: Money;
  readonly decisionId: string;
  /** Who carries it out: the decision itself, or the run that found the money. */
  readonly runId: string;
  /** One case, or several among which a person has split the line. */
  readonly parts: readonly CasePart[];
  readonly isSplit: boolean;
};

/** Books a collection that a person has decided, as the rules would have: or, where its money has not come, lets it wait for it. */
export async function bookCollection(ctx: TxCtx, booking: Booking): Promise<void> {
  const { line, money, isSplit, parts, decisionId } = booking;
  const key = bookingKey(line);
  const on = line.creditedOn;
  const isBooked = money.isHere && on !== null;
  if (isBooked) await post(ctx, booking, key, on);
  if (isBooked && line.transferState === 'differs') await tieToCredit(ctx, line);
  const [only] = parts as [CasePart, ...CasePart[]];
  await saveDecidedOutcome(ctx, line, booking.runId, {
    outcome: isBooked ? 'posted' : 'pending', caseId: isSplit ? null : only.caseId, county: isSplit ? null : only.county, disbursementId: null, amountMinor: money.amountMinor,
    currency: money.currency, feeMinor: 0n, candidateCaseId: null, postingKey: key, decisionId,
    reasons: ['decided.by_person', ...(isSplit ? ['decided.split'] : []), moneyReason(line, isBooked)],
  });
  if (isBooked) await releaseLineHolds(ctx, line, parts.map((p) => p.caseId));
}

const moneyReason = (line: LineFacts, isBooked: boolean): string => {
  if (!isBooked) return line.transfer === null ? 'transfer.missing' : 'transfer.no_credit';
  return line.transferState === 'differs' ? 'transfer.sum_differs' : 'transfer.agrees';
};

async function post(ctx: TxCtx, { line, money, parts, isSplit, runId }: Booking, key: string, on: string): Promise<void> {
  const keyed = parts.map((p, i) => ({ ...p, key: isSplit ? `${key}:part${i + 1}` : key }));
  const legs = keyed.flatMap((p): LegToPost[] => {
    const leg = { key: p.key, event: 'collection.proposed', on, partnerId: line.partnerId, currency: money.currency };
    return [{ ...leg, kind: 'suspense', caseId: null, county: null, minor: p.amountMinor }, { ...leg, kind: 'proposed_collection', caseId: p.caseId, county: p.county, minor: -p.amountMinor }];
  });
  await openPostingBatch(ctx);
  await addLegs(ctx, legs);
  await commitPostingBatch(ctx, { batchKey: `suspense:${runId}:${line.fileId}:${line.lineNumber}` });
  await openPostingProposals(ctx);
  await addProposals(ctx, line, on, money.currency, keyed.map((p) => ({ key: p.key, caseId: p.caseId, county: p.county, minor: p.amountMinor })));
  await proposePostings(ctx);
}
