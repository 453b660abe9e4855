import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { officeDay } from '../../cases/index.ts';
import { commitPostingBatch, openPostingBatch, reverseInBatch } from '../../ledger/index.ts';
import { openPostingProposals, proposePostings } from '../../payments/index.ts';
import { addWithdrawals, insertHold, releaseDisbursementHold, saveDecidedOutcome, selectHeardOf } from './booking.store.ts';
import { findDisbursementFacts, selectParts } from './line-facts.store.ts';
import type { LineFacts } from './line-facts.store.ts';
import { lineOf, ownKey, seenLine, textParam } from './plan.ts';
import type { Planner } from './plan.ts';
import { insertRefusal, whoKeyOf } from './refusal.store.ts';

/** Reasons that say that whoever the line names is not of this case: remembered for all that they pay or receive. */
const ABOUT_PERSONS = ['wrong_case', 'wrong_person'];

type Booked = { readonly key: string; readonly caseId: string; readonly county: string | null };

/** Takes back what was booked for a line, by mirrors; the pair is refused for ever. Params: reason (as of the decision). */
export const planUnmatch: Planner = async (ctx, ref, params) => {
  const line = await lineOf(ctx, ref);
  const isReturnedToSender = line.kind === 'remittance' && line.outcome === 'returned';
  if (isReturnedToSender || !['posted', 'returned', 'pending'].includes(line.outcome)) throw new AppError('conflict', 'suspense.not_matched', { params: { outcome: line.outcome } });
  if (line.outcome === 'pending' && line.caseId === null && line.decisionId === null) throw new AppError('conflict', 'suspense.not_matched', { params: { outcome: line.outcome } });
  if (line.disbursementId !== null && (await findDisbursementFacts(ctx, line.disbursementId))?.isRecovered === true) throw new AppError('conflict', 'suspense.already_recovered');
  const reason = textParam(params, 'reason');
  return {
    partnerId: line.partnerId, amountMinor: line.bookedMinor, currency: line.kind === 'remittance' ? line.settledCurrency : line.currency, seen: seenLine(line), isUnusual: true,
    execute: (decisionId) => unmatch(ctx, line, reason, decisionId),
  };
};

async function unmatch(ctx: TxCtx, line: LineFacts, reason: string, decisionId: string): Promise<void> {
  const booked = await bookedOf(ctx, line);
  if (line.outcome !== 'pending') await mirror(ctx, line, booked, decisionId);
  if (line.outcome === 'returned' && line.disbursementId !== null) await releaseDisbursementHold(ctx, line.disbursementId);
  const who = whoKeyOf(line);
  const isPerson = ABOUT_PERSONS.includes(reason) && who !== null;
  for (const caseId of new Set(booked.map((b) => b.caseId))) {
    const base = { partnerId: line.partnerId, kind: line.kind, decisionId };
    // Of a report that named the wrong disbursement only that pair is wrong; the payee may be right.
    if (line.disbursementId !== null && !isPerson) await insertRefusal(ctx, { ...base, referenceKeys: [ownKey(line)], caseId: null, disbursementId: line.disbursementId });
    else await insertRefusal(ctx, { ...base, referenceKeys: [ownKey(line), ...(isPerson ? [who] : [])], caseId, disbursementId: null });
  }
  await saveDecidedOutcome(ctx, line, decisionId, {
    outcome: 'suspense', caseId: null, disbursementId: null, county: null, amountMinor: null, currency: null, feeMinor: 0n, candidateCaseId: null, postingKey: null, decisionId,
    reasons: ['decided.by_person', 'decided.unmatched'],
  });
}

async function bookedOf(ctx: TxCtx, line: LineFacts): Promise<Booked[]> {
  const key = line.postedKey ?? '';
  const parts = line.decisionId === null ? [] : await selectParts(ctx, line.decisionId);
  if (parts.length > 0) return parts.map((p) => ({ key: `${key}:part${p.part}`, caseId: p.caseId, county: p.county }));
  return line.caseId === null ? [] : [{ key, caseId: line.caseId, county: null }];
}

async function mirror(ctx: TxCtx, line: LineFacts, booked: readonly Booked[], decisionId: string): Promise<void> {
  const today = officeDay(ctx.clock);
  const keys = booked.map((b) => b.key);
  const event = line.kind === 'remittance' ? 'collection.unmatched' : 'disbursement.unmatched';
  await openPostingBatch(ctx);
  const found = await reverseInBatch(ctx, keys.map((key) => ({ transferKey: `unmatched:${key}`, reversesKey: key, event, occurredOn: today })));
  if (found !== keys.length || found === 0) throw new AppError('conflict', 'suspense.nothing_booked');
  await commitPostingBatch(ctx, { batchKey: `suspense:${decisionId}` });
  if (line.kind !== 'remittance') return;
  // What the State has heard of it may have paid on: that case's next disbursement waits.
  const heard = new Set(await selectHeardOf(ctx, keys));
  await openPostingProposals(ctx);
  await addWithdrawals(ctx, keys, today);
  await proposePostings(ctx);
  for (const b of booked) {
    if (heard.has(b.key)) {
      await insertHold(ctx, { caseId: b.caseId, disbursementId: null, collectionKey: b.key, fileId: line.fileId, lineNumber: line.lineNumber, reason: 'collection.unmatched', since: today });
    }
  }
}
