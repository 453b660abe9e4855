import type { TxCtx } from '../../platform/context.ts';
import type { Reversal } from './posting.rules.ts';

/** Look-ups are lateral with a limit, so that each transfer goes through the index whatever the statistics say. */
export async function addMirroredLegs(ctx: TxCtx, reversals: readonly Reversal[]): Promise<number> {
  const [row] = await ctx.tx.query<{ found: number }[]>(
    `with wanted as (
       select r.*, t.transfer_id from jsonb_to_recordset($2::jsonb) as r ("transferKey" text, "reversesKey" text, event text, "occurredOn" date)
        cross join lateral (select x.transfer_id from ledger_transfers x where x.agency_id = $1 and x.transfer_key = r."reversesKey" limit 1) t),
     added as (
       insert into pg_temp.posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, case_id, county, currency, amount_minor, reverses_key, bucket)
       select w."transferKey", w.event, w."occurredOn", a.account_kind, a.partner_id, a.case_id, a.county, e.currency, -e.amount_minor, w."reversesKey", a.bucket
         from wanted w
        cross join lateral (select x.account_id, x.currency, x.amount_minor from ledger_entries x where x.agency_id = $1 and x.transfer_id = w.transfer_id limit 1000) e
        cross join lateral (select x.* from ledger_accounts x where x.agency_id = $1 and x.account_id = e.account_id limit 1) a
       returning 1)
     select count(*)::int as found from wanted`,
    [ctx.actor.agency, JSON.stringify(reversals)],
  );
  return row?.found ?? 0;
}
