import type { TxCtx } from '../../platform/context.ts';
import type { CalendarDate } from '../../platform/dates.ts';
import type { AccountKind, Bucket } from './posting.rules.ts';

const ROWS_AT_ONCE = 2_000;

export interface JournalRow {
  /** A transfer, or the balance of an account (then `amounts` has just that). */
  is_transfer: boolean;
  transfer_key: string | null;
  event: string | null;
  occurred_on: CalendarDate;
  kinds: AccountKind[];
  holders: (string | null)[];
  buckets: (Bucket | null)[];
  currencies: string[];
  amounts: string[];
}

/**
 * All transfers by day and then all balances, in one statement and so of one moment, read piece by piece. Without a day the balances
 * are those that postings keep; with one they are sums of entries until then.
 */
const JOURNAL = `
  select true as is_transfer, t.transfer_key, t.event, t.occurred_on::text as occurred_on, l.*, t.transfer_id as place
    from ledger_transfers t cross join lateral (
      select array_agg(a.account_kind order by e.leg_number) as kinds, array_agg(coalesce(a.partner_id, a.case_id) order by e.leg_number) as holders,
             array_agg(a.bucket order by e.leg_number) as buckets, array_agg(a.currency order by e.leg_number) as currencies, array_agg(e.amount_minor::text order by e.leg_number) as amounts
        from ledger_entries e join ledger_accounts a on a.agency_id = e.agency_id and a.account_id = e.account_id
       where e.agency_id = t.agency_id and e.transfer_id = t.transfer_id) l
   where t.agency_id = $1 and ($2::date is null or t.occurred_on <= $2::date)
  union all
  select false, null, null, f.first_on::text, array[a.account_kind], array[coalesce(a.partner_id, a.case_id)], array[a.bucket], array[a.currency], array[b.minor::text], a.account_id
    from ledger_accounts a
   cross join lateral (select min(e.occurred_on) as first_on, sum(e.amount_minor) as summed from ledger_entries e
      where e.agency_id = a.agency_id and e.account_id = a.account_id and ($2::date is null or e.occurred_on <= $2::date)) f
   cross join lateral (select case when $2::date is null then (
      select sum(s.balance_minor) from ledger_balances s where s.agency_id = a.agency_id and s.account_id = a.account_id) else f.summed end as minor) b
   where a.agency_id = $1 and f.first_on is not null
   order by 1 desc, 4, 10`;

export async function* journalRows(ctx: TxCtx, until: CalendarDate | null): AsyncGenerator<JournalRow[]> {
  await ctx.tx.query(`declare ledger_journal no scroll cursor for ${JOURNAL}`, [ctx.actor.agency, until]);
  for (;;) {
    const rows = await ctx.tx.query<JournalRow[]>(`fetch ${ROWS_AT_ONCE} from ledger_journal`);
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await ctx.tx.query('close ledger_journal');
}
