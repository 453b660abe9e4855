import type { TxCtx } from '../../platform/context.ts';
import type { CalendarDate } from '../../platform/dates.ts';
import type { AccountKind, Bucket } from './posting.rules.ts';

export interface StatementRow {
  occurred_on: CalendarDate;
  recorded_at: Date;
  event: string;
  transfer_key: string;
  reverses_key: string | null;
  account_kind: AccountKind;
  bucket: Bucket | null;
  currency: string;
  amount_minor: string;
  balance_minor: string;
}

/** Entries on a case's accounts in the order of the days on which they happened; amounts and running balances on the normal side. */
export async function statementRows(ctx: TxCtx, caseId: string, asOf: CalendarDate | null, rowsMax: number): Promise<StatementRow[]> {
  return ctx.tx.query<StatementRow[]>(
    `select e.occurred_on::text as occurred_on, e.recorded_at, t.event, t.transfer_key, t.reverses_key, a.account_kind, a.bucket, e.currency,
            e.amount_minor * s.sign as amount_minor,
            sum(e.amount_minor * s.sign) over (partition by a.account_id order by e.occurred_on, e.transfer_id, e.leg_number) as balance_minor
       from ledger_accounts a
       join ledger_chart c using (account_kind)
       cross join lateral (select case c.normal_side when 'debit' then 1 else -1 end as sign) s
       join ledger_entries e on e.agency_id = a.agency_id and e.account_id = a.account_id
       join ledger_transfers t on t.agency_id = e.agency_id and t.transfer_id = e.transfer_id
      where a.agency_id = $1 and a.case_id = $2 and ($3::date is null or e.occurred_on <= $3::date)
      order by e.occurred_on, e.transfer_id, e.leg_number
      limit $4`,
    [ctx.actor.agency, caseId, asOf, rowsMax],
  );
}

export interface BalanceRow {
  code: string;
  account_kind: AccountKind;
  bucket: Bucket | null;
  partner_id: string | null;
  case_id: string | null;
  currency: string;
  normal_side: 'debit' | 'credit';
  balance_minor: string;
  entry_count: string;
  pending_debit_minor: string;
  pending_credit_minor: string;
}

export interface BalanceFilter {
  readonly code?: string;
  readonly caseId?: string;
  readonly partnerId?: string;
  readonly heldBy?: 'agency' | 'partner' | 'case';
}

/**
 * Current balances, from the rows that postings keep; with a day, what was reserved until before it is left out, released or not.
 * An account's shards are summed: it has one, unless several posted to it at once.
 */
export async function currentBalances(ctx: TxCtx, filter: BalanceFilter, rowsMax: number, today: CalendarDate | null = null): Promise<BalanceRow[]> {
  return ctx.tx.query<BalanceRow[]>(
    `select a.code, a.account_kind, a.bucket, a.partner_id, a.case_id, a.currency, c.normal_side, b.balance_minor, b.entry_count,
            (b.debit - coalesce(x.debit, 0))::text as pending_debit_minor, (b.credit - coalesce(x.credit, 0))::text as pending_credit_minor
       from ledger_accounts a join ledger_chart c using (account_kind)
      cross join lateral (
        select coalesce(sum(s.balance_minor), 0)::bigint as balance_minor, coalesce(sum(s.entry_count), 0)::bigint as entry_count,
               coalesce(sum(s.pending_debit_minor), 0) as debit, coalesce(sum(s.pending_credit_minor), 0) as credit
          from ledger_balances s where s.agency_id = a.agency_id and s.account_id = a.account_id) b
       left join lateral (
        select sum(e.amount_minor) filter (where e.amount_minor > 0) as debit, -sum(e.amount_minor) filter (where e.amount_minor < 0) as credit
          from ledger_pendings p join ledger_pending_entries e on e.agency_id = p.agency_id and e.pending_id = p.pending_id and e.account_id = a.account_id
         where p.agency_id = a.agency_id and p.expires_on < $7::date
           and not exists (select from ledger_resolutions r where r.agency_id = p.agency_id and r.pending_key = p.pending_key)) x on b.debit <> 0 or b.credit <> 0
      where a.agency_id = $1 and ($2::text is null or a.code = $2) and ($3::text is null or a.case_id = $3)
        and ($4::text is null or a.partner_id = $4) and ($5::text is null or c.held_by = $5)
      order by a.code limit $6`,
    [ctx.actor.agency, filter.code ?? null, filter.caseId ?? null, filter.partnerId ?? null, filter.heldBy ?? null, rowsMax, today],
  );
}

/** What an account stood at on a day (what had happened by then), as known at an instant (what had been recorded by then). */
export async function balanceAsOf(ctx: TxCtx, code: string, asOf: CalendarDate | null, knownAt: Date | null): Promise<string> {
  const rows = await ctx.tx.query<{ balance_minor: string }[]>(
    `select coalesce(sum(e.amount_minor), 0)::bigint as balance_minor
       from ledger_accounts a join ledger_entries e on e.agency_id = a.agency_id and e.account_id = a.account_id
      where a.agency_id = $1 and a.code = $2
        and ($3::date is null or e.occurred_on <= $3::date) and ($4::timestamptz is null or e.recorded_at <= $4::timestamptz)`,
    [ctx.actor.agency, code, asOf, knownAt],
  );
  return rows[0]?.balance_minor ?? '0';
}
