import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { allocate, orderOn } from './allocation.rules.ts';
import type { AllocationPart } from './allocation.rules.ts';
import { claimsOf, openBooks, orderCurrency } from './allocate-postings.ts';
import type { Book } from './allocate-postings.ts';
import { allocationLaw } from './law.ts';
import { selectPayersCases } from './payers-cases.store.ts';

export interface AllocationPreview {
  ruleId: string;
  citation: string;
  isConfirmed: boolean;
  currency: string;
  /** How the money would be applied within the case that it was sent for. */
  parts: AllocationPart[];
  /** How it would be prorated over all open cases of the same payer that the asker sees; null where there is no other. */
  prorated: { citation: string; isConfirmed: boolean; parts: AllocationPart[] } | null;
}

/**
 * What a collection would go to, as a proposal: within its case, and prorated over the payer's cases. Nothing is stored or booked.
 *
 * @throws AppError invalid `allocation.amount`, `allocation.date`; not_found `cases.not_found`.
 */
export async function previewAllocation(ctx: Ctx, collection: { caseId: string; amountMinor: bigint; currency: string; receivedOn: CalendarDate }): Promise<AllocationPreview> {
  authorise(ctx, 'payments.view');
  if (collection.amountMinor <= 0n) throw new AppError('invalid', 'allocation.amount');
  if (!isCalendarDate(collection.receivedOn)) throw new AppError('invalid', 'allocation.date');
  return inTransaction(ctx, async (tx) => {
    const books = new Map<string, Book>();
    const others = await selectPayersCases(tx, collection.caseId);
    await openBooks(tx, books, [collection.caseId, ...others]);
    const own = books.get(collection.caseId);
    if (!own) throw new AppError('not_found', 'cases.not_found');
    const law = allocationLaw();
    const currency = orderCurrency(own.debts, collection.currency);
    const claims = (caseIds: readonly string[]) => caseIds.flatMap((caseId) => { const book = books.get(caseId); return book ? [claimsOf(book, currency, collection.receivedOn)] : []; });
    const isCredited = currency === collection.currency;
    const parts = isCredited ? allocate(law, collection, claims([collection.caseId])) : [{ caseId: collection.caseId, bucket: null, obligationId: null, amountMinor: collection.amountMinor }];
    const { ruleId, citation, confirmed } = orderOn(law, collection.receivedOn);
    return {
      ruleId, citation, isConfirmed: confirmed, currency: collection.currency, parts,
      prorated: others.length === 0 || !isCredited ? null
        : { citation: law.proration.citation, isConfirmed: law.proration.confirmed, parts: allocate(law, collection, claims([collection.caseId, ...others])) },
    };
  });
}
