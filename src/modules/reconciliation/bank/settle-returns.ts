import type { TxCtx } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { commitPostingBatch, openPostingBatch } from '../../ledger/index.ts';
import { noticesToSettle } from '../../payments/index.ts';
import { addReturnLegs, holdNoticed, saveSettledNotices } from './return.store.ts';

/**
 * Books disbursements that the bank returned and of which no partner has reported: to be recovered, and the case's next disbursement held
 * (contract 6). Comes after the partners' lines, so that a return that both tell of is settled by the line, once.
 */
export async function settleReturns(ctx: TxCtx, runId: string): Promise<void> {
  const returned = await noticesToSettle(ctx);
  if (returned.length === 0) return;
  await saveSettledNotices(ctx, runId, returned);
  await openPostingBatch(ctx);
  await addReturnLegs(ctx, runId);
  await holdNoticed(ctx, runId);
  await commitPostingBatch(ctx, { batchKey: `bank_returns:${runId}` });
  await recordAudit(ctx, { action: 'reconciliation.returns_settled', subject: { type: 'reconciliation_run', id: runId }, details: { disbursements: returned.length } });
}
