import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { addDays } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { officeDay } from '../../cases/index.ts';
import { CALL_AFTER_DAYS, daysWaiting } from './confirmation.rules.ts';
import type { ReportedDisbursement } from './confirmation.rules.ts';
import { findReported, selectCalls, selectConfirmations } from './confirmation.store.ts';
import type { CallOrder, Confirmation, HeardOrder } from './confirmation.store.ts';

const PAGE_SIZE = 50;

export interface Paged<T> { rows: T[]; total: number; page: number; pageSize: number }
export interface CallToMake extends ReportedDisbursement { daysWaiting: number }
export interface CallList extends Paged<CallToMake> {
  /** Deliveries to protected payees: nobody calls them, and none of them is named here. */
  protectedCount: number;
}

/** Whom to call: deliveries that a partner reported some days ago and of which the payee has said nothing yet, the longest ago first. */
export async function callList(ctx: Ctx, wanted: { partnerId?: string | undefined; page?: number; sort?: CallOrder }): Promise<CallList> {
  authorise(ctx, 'confirmations.view');
  const page = wanted.page ?? 1;
  const today = officeDay(ctx.clock);
  return inTransaction(ctx, async (tx) => {
    const found = await selectCalls(tx, { order: wanted.sort ?? { by: 'delivered', isDescending: false }, partnerId: wanted.partnerId, deliveredBy: addDays(today, -CALL_AFTER_DAYS), limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE });
    return { ...found, page, pageSize: PAGE_SIZE, rows: found.rows.map((row) => ({ ...row, daysWaiting: row.deliveredOn === null ? 0 : daysWaiting(row.deliveredOn, today) })) };
  });
}

/** What payees said, the newest first. */
export async function listConfirmations(ctx: Ctx, wanted: { disbursementId?: string | undefined; partnerId?: string | undefined; page?: number; sort?: HeardOrder }): Promise<Paged<Confirmation>> {
  authorise(ctx, 'confirmations.view');
  const page = wanted.page ?? 1;
  return inTransaction(ctx, async (tx) => ({
    ...(await selectConfirmations(tx, { order: wanted.sort ?? { by: 'recorded', isDescending: true }, disbursementId: wanted.disbursementId, partnerId: wanted.partnerId, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE })),
    page, pageSize: PAGE_SIZE,
  }));
}

/** One disbursement through a partner with what was reported of it. @throws AppError not_found `confirmation.disbursement_unknown`. */
export async function getReported(ctx: Ctx, disbursementId: string): Promise<ReportedDisbursement> {
  authorise(ctx, 'confirmations.view');
  const sent = await inTransaction(ctx, async (tx) => (await findReported(tx, [disbursementId])).get(disbursementId));
  if (!sent) throw new AppError('not_found', 'confirmation.disbursement_unknown');
  return sent;
}
