import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { officeDay } from '../../cases/index.ts';
import { cancelReturn, findBankFacts, findReturn, insertReturn } from './bank-item.store.ts';
import type { BankFacts } from './bank-item.store.ts';
import { saveDecidedOutcome } from './booking.store.ts';
import { findLineFacts, selectTransferMoney } from './line-facts.store.ts';
import type { LineFacts } from './line-facts.store.ts';
import { assertWaits, lineOf, moneyOf, seenLine } from './plan.ts';
import type { Plan, Planner } from './plan.ts';
import { lineKey } from './suspense.rules.ts';
import type { ItemRef } from './suspense.rules.ts';

const seenEntry = (entry: BankFacts): string => [entry.outcome, String(entry.isTakenBack), ...entry.reasons].join('|');

export const waitingLine = (reasons: readonly string[], decisionId: string, candidateCaseId: string | null) => ({
  outcome: 'suspense', caseId: null, disbursementId: null, county: null, amountMinor: null, currency: null, feeMinor: 0n, candidateCaseId, postingKey: null, decisionId,
  reasons: ['decided.by_person', ...reasons],
} as const);

/** Orders money in suspense back to its sender: of one line, or a whole credit. It leaves the books when the bank shows it. */
export const planReturn: Planner = (ctx, ref) => (ref.kind === 'line' ? returnLine(ctx, ref) : returnCredit(ctx, ref));

async function returnLine(ctx: TxCtx, ref: ItemRef): Promise<Plan> {
  const line = await lineOf(ctx, ref);
  assertWaits(line);
  if (line.kind !== 'remittance') throw new AppError('invalid', 'suspense.return_collections_only');
  const money = await moneyOf(ctx, line);
  if (!money.isHere) throw new AppError('conflict', 'suspense.money_missing');
  return {
    partnerId: line.partnerId, amountMinor: money.amountMinor, currency: money.currency, seen: seenLine(line), isUnusual: true,
    execute: async (decisionId) => {
      await insertReturn(ctx, {
        decisionId, itemKey: lineKey(line.fileId, line.lineNumber), fileId: line.fileId, lineNumber: line.lineNumber, creditId: null, partnerId: line.partnerId, transfer: line.transfer,
        amountMinor: money.amountMinor, currency: money.currency, orderedOn: officeDay(ctx.clock),
      });
      await saveDecidedOutcome(ctx, line, decisionId, waitingLine(['decided.return_ordered'], decisionId, line.candidateCaseId));
    },
  };
}

async function returnCredit(ctx: TxCtx, ref: ItemRef): Promise<Plan> {
  const credit = ref.kind === 'credit' ? await findBankFacts(ctx, 'credit', ref.entryId, { lock: true }) : null;
  if (credit === null) throw new AppError('not_found', 'suspense.item_unknown');
  const itemKey = `credit-${credit.entryId}`;
  if (credit.outcome !== 'unmatched' || credit.isTakenBack) throw new AppError('conflict', 'suspense.no_longer', { params: { outcome: credit.outcome } });
  if ((await findReturn(ctx, itemKey)) !== null) throw new AppError('conflict', 'suspense.return_ordered');
  const { partnerId, transfer } = credit;
  if (!credit.isPosted || partnerId === null || transfer === null) throw new AppError('conflict', 'suspense.credit_not_booked');
  const { leftMinor, wantedMinor } = await selectTransferMoney(ctx, partnerId, transfer);
  // Lines of a transfer that another credit pays keep their money; of one that adds up with nothing, nothing may be booked yet.
  const free = credit.reasons.includes('transfer.second_credit') ? leftMinor - wantedMinor : leftMinor;
  if (free < credit.amountMinor) throw new AppError('conflict', 'suspense.credit_in_use');
  return {
    partnerId, amountMinor: credit.amountMinor, currency: credit.currency, seen: seenEntry(credit), isUnusual: true,
    execute: (decisionId) => insertReturn(ctx, {
      decisionId, itemKey, fileId: null, lineNumber: null, creditId: credit.entryId, partnerId, transfer, amountMinor: credit.amountMinor, currency: credit.currency, orderedOn: officeDay(ctx.clock),
    }),
  };
}

/** Calls an ordered return off, as long as the bank has not shown it. */
export const planCancelReturn: Planner = async (ctx, ref) => {
  const line: LineFacts | null = ref.kind === 'line' ? await lineOf(ctx, ref) : null;
  const itemKey = ref.kind === 'line' ? lineKey(ref.fileId, ref.lineNumber) : ref.kind === 'hold' ? '' : `${ref.kind}-${ref.entryId}`;
  const ordered = await findReturn(ctx, itemKey);
  if (ordered === null || ordered.state !== 'ordered') throw new AppError('conflict', 'suspense.return_not_ordered');
  return {
    partnerId: ordered.partnerId, amountMinor: ordered.amountMinor, currency: ordered.currency, seen: `${ordered.decisionId}|${ordered.state}`, isUnusual: false,
    execute: async (decisionId) => {
      await cancelReturn(ctx, ordered.decisionId);
      const now = line === null ? null : await findLineFacts(ctx, line.fileId, line.lineNumber);
      if (now !== null) await saveDecidedOutcome(ctx, now, decisionId, waitingLine(['decided.return_cancelled'], decisionId, now.candidateCaseId));
    },
  };
};

export { seenEntry };
