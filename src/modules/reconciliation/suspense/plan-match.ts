import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { learnPartnerNumber } from '../../cases/index.ts';
import { commitPostingBatch, openPostingBatch } from '../../ledger/index.ts';
import { feePart } from '../matching/forwarding.rules.ts';
import { bookCollection } from './book-collection.ts';
import type { CasePart } from './book-collection.ts';
import { addLegs, insertParts, reopenDisbursementHold, saveDecidedOutcome } from './booking.store.ts';
import type { LegToPost } from './booking.store.ts';
import { findDisbursementFacts, selectCaseFacts } from './line-facts.store.ts';
import type { DisbursementFacts, LineFacts } from './line-facts.store.ts';
import { assertWaits, bookingKey, isOwnNumber, lineOf, moneyOf, ownKey, seenLine, textParam } from './plan.ts';
import type { Plan, Planner } from './plan.ts';
import { selectRefusals } from './refusal.store.ts';
import { splitParts } from './suspense.rules.ts';
import type { Part } from './suspense.rules.ts';

/** Ties a line to one case (a collection) or one disbursement (a report). Params: caseId or disbursementId, learn. */
export const planMatch: Planner = async (ctx, ref, params) => {
  const line = await lineOf(ctx, ref);
  assertWaits(line);
  const learn = params['learn'] === true;
  if (learn && (line.givenCaseId ?? '').trim() === '') throw new AppError('invalid', 'suspense.no_partner_number', { params: { field: 'learn' } });
  if (learn && (await isOwnNumber(ctx, line.givenCaseId ?? ''))) throw new AppError('conflict', 'suspense.number_is_ours', { params: { field: 'learn' } });
  return line.kind === 'remittance' ? planCollection(ctx, line, textParam(params, 'caseId'), learn) : planDisbursement(ctx, line, textParam(params, 'disbursementId'), learn);
};

async function planCollection(ctx: TxCtx, line: LineFacts, caseId: string, learn: boolean): Promise<Plan> {
  const [found] = await openCases(ctx, [caseId]);
  const part = found as CasePart;
  const money = await moneyOf(ctx, line);
  const refused = (await selectRefusals(ctx, line.partnerId, line.kind)).for({ ...line, postingKey: ownKey(line) });
  return {
    partnerId: line.partnerId, amountMinor: money.amountMinor, currency: money.currency, seen: seenLine(line),
    isUnusual: learn || money.isDoubtful || line.isLater || line.outcome === 'rejected' || refused.cases.has(caseId),
    execute: async (decisionId) => {
      await bookCollection(ctx, { line, money, decisionId, runId: decisionId, isSplit: false, parts: [{ ...part, amountMinor: money.amountMinor }] });
      if (learn) await learnPartnerNumber(ctx, { caseId, partnerId: line.partnerId, value: line.givenCaseId ?? '' });
    },
  };
}

/** @throws AppError `suspense.case_unknown`, conflict `suspense.case_closed`. */
async function openCases(ctx: TxCtx, caseIds: readonly string[]): Promise<CasePart[]> {
  const cases = await selectCaseFacts(ctx, caseIds);
  return caseIds.map((caseId) => {
    const found = cases.get(caseId);
    if (found === undefined) throw new AppError('invalid', 'suspense.case_unknown', { params: { field: 'caseId' } });
    if (found.status === 'closed') throw new AppError('conflict', 'suspense.case_closed', { params: { field: 'caseId', caseId } });
    return { caseId, county: found.county, amountMinor: 0n };
  });
}

/** One line over several cases. Params: parts, each with caseId and an amount or nothing. */
export const planSplit: Planner = async (ctx, ref, params) => {
  const line = await lineOf(ctx, ref);
  assertWaits(line);
  if (line.kind !== 'remittance') throw new AppError('invalid', 'suspense.split_collections_only');
  const money = await moneyOf(ctx, line);
  const parts: Part[] = splitParts(money, wantedParts(params['parts']));
  const cases = await openCases(ctx, parts.map((p) => p.caseId));
  const shares = cases.map((c, i) => ({ ...c, amountMinor: (parts[i] as Part).amountMinor }));
  return {
    partnerId: line.partnerId, amountMinor: money.amountMinor, currency: money.currency, seen: seenLine(line), isUnusual: true,
    execute: async (decisionId) => {
      await insertParts(ctx, decisionId, line, money.currency, shares);
      await bookCollection(ctx, { line, money, decisionId, runId: decisionId, isSplit: true, parts: shares });
    },
  };
};

function wantedParts(given: unknown): { caseId: string; amount: string }[] {
  if (!Array.isArray(given)) return [];
  return given.map((p: { caseId?: unknown; amount?: unknown }) => ({ caseId: typeof p.caseId === 'string' ? p.caseId : '', amount: typeof p.amount === 'string' ? p.amount : '' }));
}

async function planDisbursement(ctx: TxCtx, line: LineFacts, disbursementId: string, learn: boolean): Promise<Plan> {
  const d = await findDisbursementFacts(ctx, disbursementId);
  assertFits(line, d);
  const refused = (await selectRefusals(ctx, line.partnerId, line.kind)).for({ ...line, postingKey: ownKey(line) });
  return {
    partnerId: line.partnerId, amountMinor: d.amountMinor, currency: d.currency, seen: seenLine(line),
    isUnusual: learn || line.isLater || line.outcome === 'rejected' || refused.cases.has(d.caseId) || refused.disbursements.has(disbursementId),
    execute: async (decisionId) => {
      await bookDisbursement(ctx, line, d, decisionId);
      if (learn) await learnPartnerNumber(ctx, { caseId: d.caseId, partnerId: line.partnerId, value: line.givenCaseId ?? '' });
    },
  };
}

/** What no person can decide away: whose, how much, when, and that it was settled once already. */
function assertFits(line: LineFacts, d: DisbursementFacts | null): asserts d is DisbursementFacts {
  const refuse = (code: string): never => { throw new AppError('conflict', `suspense.${code}`, { params: { field: 'disbursementId' } }); };
  if (d === null) throw new AppError('invalid', 'suspense.disbursement_unknown', { params: { field: 'disbursementId' } });
  if (line.status === null) throw new AppError('invalid', 'suspense.status_unknown');
  if (d.partnerId !== line.partnerId || d.method !== 'consulate') refuse('disbursement_other_way');
  if (d.amountMinor !== line.amountMinor || d.currency !== line.currency) refuse('disbursement_amount_other');
  if (line.happenedOn === null || line.happenedOn < d.issuedOn) refuse('disbursement_later');
  if (d.isSettled && (line.status !== 'pending' || (d.settledOn ?? '') < (line.happenedOn ?? ''))) refuse('disbursement_settled');
}

async function bookDisbursement(ctx: TxCtx, line: LineFacts, d: DisbursementFacts, decisionId: string): Promise<void> {
  const key = bookingKey(line);
  const outcome = line.status === 'delivered' ? 'posted' : line.status === 'pending' ? 'pending' : 'returned';
  const fee = outcome === 'posted' ? feePart(line, d) : 0n;
  if (outcome !== 'pending') {
    await openPostingBatch(ctx);
    await addLegs(ctx, disbursementLegs(line, d, key, outcome, fee));
    await commitPostingBatch(ctx, { batchKey: `suspense:${decisionId}` });
  }
  await saveDecidedOutcome(ctx, line, decisionId, {
    outcome, caseId: d.caseId, disbursementId: d.disbursementId, county: d.county, amountMinor: d.amountMinor, currency: d.currency, feeMinor: fee, candidateCaseId: null,
    postingKey: key, decisionId, reasons: ['decided.by_person', `status.${line.status ?? 'unknown'}`],
  });
  if (outcome === 'returned') await reopenDisbursementHold(ctx, d.caseId, d.disbursementId, line.happenedOn ?? d.issuedOn);
}

function disbursementLegs(line: LineFacts, d: DisbursementFacts, key: string, outcome: 'posted' | 'returned', fee: bigint): LegToPost[] {
  const leg = { key, event: outcome === 'posted' ? 'disbursement.delivered' : 'disbursement.returned', on: line.happenedOn ?? d.issuedOn, partnerId: line.partnerId, caseId: null, county: null, currency: d.currency };
  const ofCase = { caseId: d.caseId, county: d.county };
  const legs: LegToPost[] = outcome === 'posted'
    ? [{ ...leg, ...ofCase, kind: 'delivered', minor: d.amountMinor - fee }, { ...leg, ...ofCase, kind: 'fees_abroad', minor: fee }]
    : [{ ...leg, kind: 'to_be_recovered', minor: d.amountMinor }];
  return [...legs, { ...leg, kind: 'in_transit', minor: -d.amountMinor }].filter((l) => l.minor !== 0n);
}
