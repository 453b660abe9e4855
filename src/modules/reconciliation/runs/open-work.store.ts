import type { TxCtx } from '../../../platform/context.ts';

/** Whether anything came that no run has looked at: lists, registers, or bank files since the last run began. */
export async function selectHasOpenWork(ctx: TxCtx): Promise<boolean> {
  const [row] = await ctx.tx.query<{ is_open: boolean }[]>(
    `select exists (select from received_files f where f.agency_id = $1 and f.kind in ('forwarding', 'remittance')
                      and not exists (select from reconciliation_run_files h where h.agency_id = $1 and h.file_id = f.file_id))
         or exists (select from received_files f where f.agency_id = $1 and f.kind = 'disbursements'
                      and not exists (select from registered_files r where r.agency_id = $1 and r.file_id = f.file_id))
         or exists (select from received_files f where f.agency_id = $1 and f.kind = 'bank'
                      and f.imported_at >= coalesce((select max(started_at) from reconciliation_runs where agency_id = $1 and state = 'finished'), '-infinity')) as is_open`,
    [ctx.actor.agency],
  );
  return row?.is_open ?? false;
}
