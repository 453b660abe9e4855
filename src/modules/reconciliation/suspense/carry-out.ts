import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { commitPostingBatch, openPostingBatch } from '../../ledger/index.ts';
import { authoriseSuspense, standStill } from './access.ts';
import { findDebit, lockReturn, selectReturnDebits, setReturnSent } from './bank-item.store.ts';
import type { OrderedReturn } from './bank-item.store.ts';
import { bookCollection } from './book-collection.ts';
import { addLegs, saveDecidedOutcome, tellFileAgain } from './booking.store.ts';
import { findLineFacts, lockLineFacts, selectCaseFacts, selectDecidedWithMoney, selectParts, selectTransferMoney } from './line-facts.store.ts';
import type { LineFacts } from './line-facts.store.ts';
import { findMoney } from './plan.ts';
import { waitingLine } from './plan-return.ts';

/**
 * What a run does for people's decisions: books lines that they have decided and whose money has come since. A case that has closed
 * meanwhile gives the line back to them.
 *
 * @returns how many lines it looked at.
 */
export async function carryOutDecisions(ctx: Ctx, runId: string): Promise<number> {
  authorise(ctx, 'reconciliation.run');
  const waiting = await inTransaction(ctx, selectDecidedWithMoney);
  for (const { fileId, lineNumber } of waiting) {
    await inTransaction(ctx, async (tx) => {
      const line = await lockLineFacts(tx, fileId, lineNumber);
      if (line !== null && line.decisionId !== null) await carryOut(tx, line, line.decisionId, runId);
    });
  }
  return waiting.length;
}

async function carryOut(ctx: TxCtx, line: LineFacts, decisionId: string, runId: string): Promise<void> {
  const money = await findMoney(ctx, line);
  // Money that is another line's, or nobody's for certain, is for people.
  if (money === null || money.isDoubtful) return;
  const split = await selectParts(ctx, decisionId);
  const caseIds = split.length > 0 ? split.map((p) => p.caseId) : [line.caseId ?? line.candidateCaseId ?? ''];
  const cases = await selectCaseFacts(ctx, caseIds);
  await tellFileAgain(ctx, runId, line.fileId);
  if (!money.isHere || caseIds.some((id) => cases.get(id)?.status !== 'open')) {
    await saveDecidedOutcome(ctx, line, runId, waitingLine(['case.closed'], decisionId, caseIds[0] ?? null));
    return;
  }
  const parts = caseIds.map((caseId, i) => ({ caseId, county: cases.get(caseId)?.county as string, amountMinor: split[i]?.amountMinor ?? money.amountMinor }));
  await bookCollection(ctx, { line, money, decisionId, runId, parts, isSplit: split.length > 0 });
}

/**
 * Books ordered returns that the bank statement shows: one debit of the amount, that names the transfer or the order's number, for one
 * order. Where either is in doubt, a person says which (`confirmReturnSent`). Comes before take-backs: what somebody ordered is no take-back.
 */
export async function sendReturns(ctx: TxCtx, runId: string): Promise<number> {
  const found = await selectReturnDebits(ctx);
  const alone = found.filter((f) => found.every((o) => o === f || (o.decisionId !== f.decisionId && o.debitId !== f.debitId)));
  let sent = 0;
  for (const { decisionId, debitId, on } of alone) {
    const ordered = await lockReturn(ctx, decisionId);
    if (ordered !== null && (await hasMoney(ctx, ordered))) {
      await send(ctx, ordered, { debitId, on, runId });
      if (ordered.fileId !== null) await tellFileAgain(ctx, runId, ordered.fileId);
      sent++;
    }
  }
  return sent;
}

/** A credit on its way back is no longer counted in what is left; a line's money still is. */
async function hasMoney(ctx: TxCtx, ordered: OrderedReturn): Promise<boolean> {
  if (ordered.transfer === null) return false;
  const { leftMinor } = await selectTransferMoney(ctx, ordered.partnerId, ordered.transfer);
  return ordered.creditId !== null || leftMinor >= ordered.amountMinor;
}

async function send(ctx: TxCtx, ordered: OrderedReturn, debit: { debitId: string; on: string; runId: string }): Promise<void> {
  const { decisionId, partnerId, currency, amountMinor: minor, transfer } = ordered;
  const key = `returned:${decisionId}`;
  const leg = { key, event: 'suspense.returned', on: debit.on, partnerId, caseId: null, county: null, currency };
  await openPostingBatch(ctx);
  await addLegs(ctx, [{ ...leg, kind: 'suspense', minor }, { ...leg, kind: 'bank', minor: -minor }]);
  await commitPostingBatch(ctx, { batchKey: key });
  await setReturnSent(ctx, decisionId, { debitId: debit.debitId, on: debit.on, runId: debit.runId, partnerId, transfer });
  const line = ordered.fileId === null || ordered.lineNumber === null ? null : await findLineFacts(ctx, ordered.fileId, ordered.lineNumber);
  if (line !== null) {
    await saveDecidedOutcome(ctx, line, debit.runId, {
      ...waitingLine(['decided.returned_to_sender'], decisionId, line.candidateCaseId), outcome: 'returned', amountMinor: minor, currency, postingKey: key,
    });
  }
  await recordAudit(ctx, { action: 'suspense.return_sent', subject: { type: 'suspense_item', id: ordered.itemKey }, partner: partnerId, details: { decisionId, debit: debit.debitId } });
}

/**
 * Says which debit of the bank an ordered return is, where the statement does not tell by itself.
 *
 * @throws AppError conflict `suspense.return_not_ordered`, `suspense.debit_other`, `suspense.money_missing`.
 */
export async function confirmReturnSent(ctx: Ctx, decisionId: string, debitId: string): Promise<void> {
  authoriseSuspense(ctx, 'suspense.decide');
  await inTransaction(ctx, async (tx) => {
    await standStill(tx);
    const ordered = await lockReturn(tx, decisionId);
    if (ordered === null || ordered.state !== 'ordered') throw new AppError('conflict', 'suspense.return_not_ordered');
    const debit = await findDebit(tx, debitId);
    const fits = debit !== null && !debit.isSpent && debit.on !== null && debit.on >= ordered.orderedOn && debit.amountMinor === ordered.amountMinor && debit.currency === ordered.currency;
    if (!fits) throw new AppError('conflict', 'suspense.debit_other', { params: { field: 'debit' } });
    if (!(await hasMoney(tx, ordered))) throw new AppError('conflict', 'suspense.money_missing');
    await send(tx, ordered, { debitId, on: debit.on as string, runId: decisionId });
  });
}
