import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { MonthOutcome, Movement } from './statement.rules.ts';

export interface Period { partnerId: string; from: CalendarDate; to: CalendarDate }

interface MovementRow { account: string; case_id: string | null; currency: string; event: string; before: string; within: string; count: string }

const movementOf = (row: MovementRow): Movement => ({
  account: row.account, caseId: row.case_id, currency: row.currency, event: row.event, beforeMinor: BigInt(row.before), withinMinor: BigInt(row.within), withinCount: Number(row.count),
});

const SUMS = `
  sum(e.amount_minor * s.sign) filter (where e.occurred_on < $3) as before,
  sum(e.amount_minor * s.sign) filter (where e.occurred_on >= $3) as within, count(*) filter (where e.occurred_on >= $3) as count`;

/** What moved on the accounts of a partner, by event, until the end of a period. */
export async function selectPartnerMovements(ctx: TxCtx, { partnerId, from, to }: Period): Promise<Movement[]> {
  const rows = await ctx.tx.query<MovementRow[]>(
    `select account, case_id, currency, event, coalesce(before, 0) as before, coalesce(within, 0) as within, count from (
       select a.account_kind as account, null::text as case_id, a.currency, t.event, ${SUMS}
         from ledger_accounts a join ledger_chart c using (account_kind)
        cross join lateral (select case c.normal_side when 'debit' then 1 else -1 end as sign) s
         join ledger_entries e on e.agency_id = a.agency_id and e.account_id = a.account_id and e.occurred_on <= $4
         join ledger_transfers t on t.agency_id = e.agency_id and t.transfer_id = e.transfer_id
        where a.agency_id = $1 and a.partner_id = $2 group by 1, 3, 4) x order by account, currency, event`,
    [ctx.actor.agency, partnerId, from, to]);
  return rows.map(movementOf);
}

/**
 * What moved on cases' accounts together with a partner's: entries of the transfers that also touch an account of this partner. Buckets lie together:
 * what moves between them is no movement with the partner.
 */
export async function selectCaseMovements(ctx: TxCtx, { partnerId, from, to }: Period): Promise<Movement[]> {
  const rows = await ctx.tx.query<MovementRow[]>(
    `with touched as materialized (
       select distinct e.transfer_id from ledger_accounts a
         join ledger_entries e on e.agency_id = a.agency_id and e.account_id = a.account_id and e.occurred_on <= $4
        where a.agency_id = $1 and a.partner_id = $2)
     select account, case_id, currency, event, coalesce(before, 0) as before, coalesce(within, 0) as within, count from (
       select a.account_kind as account, a.case_id, a.currency, t.event, ${SUMS}
         from touched p
         join ledger_transfers t on t.agency_id = $1 and t.transfer_id = p.transfer_id
         join ledger_entries e on e.agency_id = $1 and e.transfer_id = p.transfer_id
         join ledger_accounts a on a.agency_id = $1 and a.account_id = e.account_id and a.case_id is not null
         join ledger_chart c using (account_kind)
        cross join lateral (select case c.normal_side when 'debit' then 1 else -1 end as sign) s
        group by 1, 2, 3, 4) x order by case_id, account, currency, event`,
    [ctx.actor.agency, partnerId, from, to]);
  return rows.map(movementOf);
}

/** What was reported in each month and what became of it, by the day on which it happened; lines without a readable amount are counted. */
export async function selectMonthOutcomes(ctx: TxCtx, { partnerId, from, to }: { partnerId: string | null; from: CalendarDate; to: CalendarDate }): Promise<MonthOutcome[]> {
  const rows = await ctx.tx.query<{ month: string; kind: MonthOutcome['kind']; outcome: string; currency: string; lines: string; amount: string }[]>(
    `select to_char(l.happened_on, 'YYYY-MM') as month, o.kind, o.outcome,
            coalesce(case when o.kind = 'remittance' then l.settled_currency else l.currency end, 'USD') as currency, count(*) as lines,
            coalesce(sum(case when o.kind = 'remittance' then l.settled_minor else l.amount_minor end), 0) as amount
       from line_outcomes o join payment_lines l on l.agency_id = $1 and l.file_id = o.file_id and l.line_number = o.line_number
      where o.agency_id = $1 and l.happened_on between $2 and $3 and ($4::text is null or o.partner_id = $4)
      group by 1, 2, 3, 4 order by 1, 2, 3, 4`, [ctx.actor.agency, from, to, partnerId]);
  return rows.map((row) => ({ month: row.month, kind: row.kind, outcome: row.outcome, currency: row.currency, lines: Number(row.lines), amountMinor: BigInt(row.amount) }));
}
