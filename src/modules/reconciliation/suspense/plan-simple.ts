import { AppError } from '../../../platform/errors.ts';
import { findBankFacts } from './bank-item.store.ts';
import { saveDecidedOutcome } from './booking.store.ts';
import { setSeenTo } from './claim.store.ts';
import { findHold, releaseHoldRow } from './hold.store.ts';
import { findDisbursementFacts, findFirstOther, findLineFacts, selectCaseFacts } from './line-facts.store.ts';
import { assertWaits, lineOf, ownKey, seenLine, textParam } from './plan.ts';
import type { Planner } from './plan.ts';
import { seenEntry } from './plan-return.ts';
import { insertRefusal, whoKeyOf } from './refusal.store.ts';
import { itemRef } from './suspense.rules.ts';

/** Says that a line tells what another one of the same partner and kind told. Params: of (the other line's item, or its reference). What it would leave behind as money of nobody is refused. */
export const planDuplicate: Planner = async (ctx, ref, params) => {
  const line = await lineOf(ctx, ref);
  assertWaits(line);
  const of = textParam(params, 'of').trim();
  const other = itemRef(of) ?? (of === '' ? null : await findFirstOther(ctx, line, of));
  const original = other?.kind === 'line' ? await findLineFacts(ctx, other.fileId, other.lineNumber) : null;
  if (original === null || original.partnerId !== line.partnerId || original.kind !== line.kind || (original.fileId === line.fileId && original.lineNumber === line.lineNumber)) {
    throw new AppError('invalid', 'suspense.original_unknown', { params: { field: 'of' } });
  }
  const isCounted = !line.reasons.includes('duplicate.possible_repeat');
  if (line.kind === 'remittance' && line.transferState === 'agrees' && isCounted) throw new AppError('conflict', 'suspense.duplicate_has_money');
  return {
    partnerId: line.partnerId, amountMinor: line.kind === 'remittance' ? line.settledMinor : line.amountMinor, currency: line.kind === 'remittance' ? line.settledCurrency : line.currency,
    seen: seenLine(line), isUnusual: false,
    execute: (decisionId) => saveDecidedOutcome(ctx, line, decisionId, {
      outcome: 'duplicate', caseId: null, disbursementId: null, county: null, amountMinor: null, currency: null, feeMinor: 0n, candidateCaseId: null, postingKey: null, decisionId,
      reasons: ['decided.by_person', 'decided.duplicate'],
    }),
  };
};

/** Says what a line, or whoever it names, is not: for ever. Params: caseId or disbursementId. */
export const planRefuse: Planner = async (ctx, ref, params) => {
  const line = await lineOf(ctx, ref);
  assertWaits(line);
  const [caseId, disbursementId] = [textParam(params, 'caseId'), textParam(params, 'disbursementId')];
  if ((caseId === '') === (disbursementId === '')) throw new AppError('invalid', 'suspense.refuse_what', { params: { field: 'caseId' } });
  if (caseId !== '' && !(await selectCaseFacts(ctx, [caseId])).has(caseId)) throw new AppError('invalid', 'suspense.case_unknown', { params: { field: 'caseId' } });
  if (disbursementId !== '' && (await findDisbursementFacts(ctx, disbursementId)) === null) throw new AppError('invalid', 'suspense.disbursement_unknown', { params: { field: 'disbursementId' } });
  const who = whoKeyOf(line);
  return {
    partnerId: line.partnerId, amountMinor: null, currency: null, seen: seenLine(line), isUnusual: false,
    execute: (decisionId) => insertRefusal(ctx, {
      partnerId: line.partnerId, kind: line.kind, decisionId, caseId: caseId || null, disbursementId: disbursementId || null,
      referenceKeys: [ownKey(line), ...(caseId !== '' && who !== null ? [who] : [])],
    }),
  };
};

/** Nothing more is to be done about an entry of the bank whose money is in no books of ours. */
export const planClose: Planner = async (ctx, ref, params) => {
  if (ref.kind !== 'credit' && ref.kind !== 'debit') throw new AppError('invalid', 'suspense.close_entries_only');
  const entry = await findBankFacts(ctx, ref.kind, ref.entryId, { lock: true });
  if (entry === null) throw new AppError('not_found', 'suspense.item_unknown');
  if (entry.outcome !== 'unmatched' && entry.outcome !== 'unexplained') throw new AppError('conflict', 'suspense.no_longer', { params: { outcome: entry.outcome } });
  if (entry.isPosted && !entry.isTakenBack) throw new AppError('conflict', 'suspense.close_has_money');
  return {
    partnerId: entry.partnerId, amountMinor: entry.amountMinor, currency: entry.currency, seen: seenEntry(entry), isUnusual: false,
    execute: () => setSeenTo(ctx, `${ref.kind}-${entry.entryId}`, textParam(params, 'reason'), entry.reasons[0] ?? ''),
  };
};

/** Lets a case's next disbursement go. */
export const planReleaseHold: Planner = async (ctx, ref, params) => {
  const hold = ref.kind === 'hold' ? await findHold(ctx, ref.holdId, { lock: true }) : null;
  if (hold === null) throw new AppError('not_found', 'suspense.item_unknown');
  if (hold.releasedAt !== null) throw new AppError('conflict', 'suspense.hold_released');
  return {
    partnerId: null, amountMinor: null, currency: null, seen: hold.reason, isUnusual: true,
    execute: () => releaseHoldRow(ctx, hold.holdId, `person.${textParam(params, 'reason')}`),
  };
};
