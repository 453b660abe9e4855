import type { TxCtx } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { commitPostingBatch, openPostingBatch } from '../../ledger/index.ts';
import { judgeRecoveries } from './recovery.rules.ts';
import { addRecoveryLegs, saveRecoveries, selectNamedDisbursements } from './recovery.store.ts';

/**
 * Books the money of disbursements that came back, once it stands on the bank statement: a credit of no transfer that names them and
 * agrees with their sum to the cent. Comes after the lines, because the report and the money may arrive together.
 */
export async function recoverDisbursements(ctx: TxCtx, runId: string): Promise<void> {
  const judged = judgeRecoveries(await selectNamedDisbursements(ctx));
  if (judged.length === 0) return;
  await saveRecoveries(ctx, runId, judged);
  await openPostingBatch(ctx);
  await addRecoveryLegs(ctx, runId);
  await commitPostingBatch(ctx, { batchKey: `recoveries:${runId}` });
  for (const credit of judged.filter((j) => j.recovers)) {
    const partner = credit.disbursements[0]?.partnerId;
    await recordAudit(ctx, {
      action: 'reconciliation.disbursements_recovered', subject: { type: 'bank_credit', id: credit.creditId }, ...(partner === undefined ? {} : { partner }),
      details: { run: runId, disbursements: credit.disbursements.length },
    });
  }
}
