import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { PaymentNotice } from '../formats/bank-entry.rules.ts';
import { meaningOf } from './notice.rules.ts';
import { insertNotices, selectNamed, selectNotices, selectNoticesToSettle } from './notice.store.ts';
import type { NoticeRow, NoticeToSettle } from './notice.store.ts';

/**
 * Keeps what a bank file says of payments that came back or must be made otherwise, each tied to the disbursement or booking of ours that it
 * names. One that names nothing of ours is kept too and told. Part of importing the file, in its transaction.
 */
export async function recordNotices(ctx: TxCtx, fileId: string, notices: readonly PaymentNotice[]): Promise<Finding[]> {
  if (notices.length === 0) return [];
  const named = Map.groupBy(await selectNamed(ctx, fileId, notices), (one) => one.place);
  const alike = new Map<string, number>();
  const kept = notices.map((given, place) => {
    const notice = { ...given, reason: codeOf(given.reason) };
    const { line: _, amountMinor, ...said } = notice;
    const key = JSON.stringify({ ...said, amount: String(amountMinor) });
    const occurrence = (alike.get(key) ?? 0) + 1;
    alike.set(key, occurrence);
    return { notice, occurrence, ...meaningOf(notice, named.get(place) ?? []) };
  });
  const fresh = await insertNotices(ctx, fileId, kept);
  const added = kept.filter((_, place) => fresh.has(place));
  if (added.length > 0) {
    const returns = added.filter(({ notice }) => notice.kind === 'return').length;
    await recordAudit(ctx, {
      action: 'notices.recorded', subject: { type: 'received_file', id: fileId },
      details: { returns, changes: added.length - returns, unknown: added.filter((one) => one.disbursementId === null && one.creditId === null).length },
    });
  }
  return kept.flatMap((one, place): Finding[] => (!fresh.has(place) ? [{ code: 'notices.repeated', severity: 'info', line: one.notice.line }] : one.finding ? [one.finding] : []));
}

/** Codes are kept; what a bank writes in words may name persons. */
const codeOf = (reason: string): string => (/^[A-Za-z0-9_-]{1,35}$/.test(reason) ? reason : '–');

/** Returned disbursements that are still in transit, for reconciliation to settle: each once, whoever reports it. */
export async function noticesToSettle(ctx: TxCtx): Promise<NoticeToSettle[]> {
  return selectNoticesToSettle(ctx);
}

/** What banks said of payments of ours, newest first; corrected data masked. */
export async function listPaymentNotices(ctx: Ctx, wanted: { limit?: number; offset?: number } = {}): Promise<{ notices: NoticeRow[]; total: number }> {
  authorise(ctx, 'payments.view');
  return inTransaction(ctx, (tx) => selectNotices(tx, { limit: wanted.limit ?? 50, offset: wanted.offset ?? 0 }));
}
