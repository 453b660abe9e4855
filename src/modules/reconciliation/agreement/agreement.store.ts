import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { BOOKED_CREDITS, FEE_KEY } from '../runs/posting.store.ts';
import type { AccountAgreement, DayAgreement, Difference, TransferRest, Unheard } from './agreement.rules.ts';

/**
 * What files, outcomes and credits say should have moved, account by account, under the key of the transfer that moves it. It asks the
 * ledger nothing, with one exception: a fee that was booked while its transfer agreed, and whose transfer got more lines since, is known
 * from nowhere else.
 */
const TOLD = `
  select 'disbursement:' || d.disbursement_id as transfer_key, 'in_transit' as account, d.partner_id as holder, d.currency, d.amount_minor,
         'disbursement' as source, d.disbursement_id as source_id, d.file_id, d.line_number
    from disbursements d join registered_files r on r.agency_id = d.agency_id and r.file_id = d.file_id
   where d.agency_id = $1 and d.method = 'consulate'
  union all
  select o.posting_key, leg.account, leg.holder, o.currency, leg.amount, 'line', o.file_id, o.file_id, o.line_number
    from line_outcomes o
   cross join lateral (values ('in_transit', o.partner_id, -o.amount_minor),
      ('to_be_recovered', o.partner_id, case when o.outcome = 'returned' then o.amount_minor else 0 end),
      ('delivered', o.case_id, case when o.outcome = 'posted' then o.amount_minor - o.fee_minor else 0 end),
      ('fees_abroad', o.case_id, case when o.outcome = 'posted' then o.fee_minor else 0 end)) as leg (account, holder, amount)
   where o.agency_id = $1 and o.kind = 'forwarding' and o.outcome in ('posted', 'returned') and leg.amount <> 0
  union all
  select 'recovery:' || r.disbursement_id, leg.account, leg.holder, d.currency, leg.sign * d.amount_minor, 'disbursement', r.disbursement_id, null, null
    from recovered_disbursements r join disbursements d on d.agency_id = r.agency_id and d.disbursement_id = r.disbursement_id
   cross join lateral (values ('bank', null, 1), ('to_be_recovered', r.partner_id, -1)) as leg (account, holder, sign)
   where r.agency_id = $1
  union all
  select 'bank_return:' || n.disbursement_id, leg.account, n.partner_id, d.currency, leg.sign * d.amount_minor, 'disbursement', n.disbursement_id, null, null
    from settled_notices n join disbursements d on d.agency_id = n.agency_id and d.disbursement_id = n.disbursement_id
   cross join (values ('to_be_recovered', 1), ('in_transit', -1)) as leg (account, sign)
   where n.agency_id = $1
  union all
  select b.transfer_key, leg.account, leg.holder, b.currency, leg.sign * b.amount_minor, 'credit', b.credit_id, null, null
    from (${BOOKED_CREDITS}) b cross join lateral (values ('bank', null, 1), ('suspense', b.partner_id, -1)) as leg (account, holder, sign)
   where not exists (select from taken_back_credits x where x.agency_id = $1 and x.credit_id = b.credit_id)
  union all
  select 'returned:' || r.decision_id, leg.account, leg.holder, r.currency, leg.sign * r.amount_minor, 'credit', r.debit_id, null, null
    from suspense_returns r cross join lateral (values ('suspense', r.partner_id, 1), ('bank', null, -1)) as leg (account, holder, sign)
   where r.agency_id = $1 and r.state = 'sent'
  union all
  select ${FEE_KEY('t')}, leg.account, t.partner_id, t.currency, leg.sign * coalesce(kept.amount_minor, t.fee_minor), 'transfer', t.transfer, null, null
    from transfer_states t
    left join lateral (select -sum(e.amount_minor) as amount_minor from ledger_transfers k join ledger_entries e on e.agency_id = $1 and e.transfer_id = k.transfer_id
                         join ledger_accounts a on a.agency_id = $1 and a.account_id = e.account_id and a.account_kind = 'suspense'
                        where k.agency_id = $1 and k.transfer_key = ${FEE_KEY('t')} and t.state <> 'agrees' and t.booked_credit_id is not null) kept on true
   cross join (values ('transfer_fees', 1), ('suspense', -1)) as leg (account, sign)
   where t.agency_id = $1 and coalesce(kept.amount_minor, t.fee_minor) > 0 and (t.state = 'agrees' or kept.amount_minor is not null)
  union all
  select o.posting_key || coalesce(':part' || p.part, ''), leg.account, leg.holder, coalesce(p.currency, o.currency), leg.sign * coalesce(p.amount_minor, o.amount_minor), 'line',
         o.file_id, o.file_id, o.line_number
    from line_outcomes o left join line_parts p on p.agency_id = o.agency_id and p.decision_id = o.decision_id
   cross join lateral (values ('suspense', o.partner_id, 1), ('proposed_collection', coalesce(p.case_id, o.case_id), -1)) as leg (account, holder, sign)
   where o.agency_id = $1 and o.kind = 'remittance' and o.outcome = 'posted'`;

/** What the ledger has, transfer by transfer; what was reversed and its mirror cancel out and are left out. */
const BOOKED = `
  select t.transfer_key, a.account_kind as account, coalesce(a.partner_id, a.case_id) as holder, e.currency, sum(e.amount_minor) as amount_minor
    from ledger_entries e
    join ledger_accounts a on a.agency_id = e.agency_id and a.account_id = e.account_id
    join ledger_transfers t on t.agency_id = e.agency_id and t.transfer_id = e.transfer_id
   where e.agency_id = $1 and a.account_kind = any ($2::text[]) and t.reverses_key is null
     and not exists (select from ledger_transfers r where r.agency_id = $1 and r.reverses_key = t.transfer_key)
   group by 1, 2, 3, 4`;

export const ACCOUNTS_COMPARED = ['bank', 'suspense', 'in_transit', 'to_be_recovered', 'transfer_fees', 'proposed_collection', 'delivered', 'fees_abroad'] as const;
const HELD_BY_CASE = ['proposed_collection', 'delivered', 'fees_abroad'];

// One statement, and so one moment: a run that commits meanwhile makes no difference that is none.
const COMPARE = `
with told_legs as materialized (${TOLD}),
told as materialized (
  select transfer_key, account, holder, currency, sum(amount_minor) as amount_minor, min(source) as source, min(source_id) as source_id, min(file_id) as file_id, min(line_number) as line_number
    from told_legs group by 1, 2, 3, 4 having sum(amount_minor) <> 0),
booked as materialized (${BOOKED}),
compared as (
  select coalesce(t.transfer_key, b.transfer_key) as transfer_key, coalesce(t.account, b.account) as account, coalesce(t.holder, b.holder) as holder,
         coalesce(t.currency, b.currency) as currency, coalesce(b.amount_minor, 0) as booked_minor, coalesce(t.amount_minor, 0) as told_minor,
         t.source, t.source_id, t.file_id, t.line_number, b.transfer_key is null as is_not_booked, t.transfer_key is null as is_not_told
    from told t full join booked b on b.transfer_key = t.transfer_key and b.account = t.account and b.currency = t.currency
     and coalesce(b.holder, '') = coalesce(t.holder, '')),
differing as (
  select c.*, f.file_name, count(*) over ()::int as total from compared c left join received_files f on f.agency_id = $1 and f.file_id = c.file_id
   where c.booked_minor <> c.told_minor and ($4::text is null or c.holder = $4 or c.holder is null) order by c.transfer_key, c.account limit $5),
totals as (
  select account, case when account = any ($3::text[]) then null else holder end as partner_id, currency, sum(told_minor) as told_minor from (
    select account, holder, currency, amount_minor as told_minor from told) x group by 1, 2, 3),
standing as (
  select a.account_kind as account, a.partner_id, a.currency, sum(b.balance_minor) as ledger_minor
    from ledger_balances b join ledger_accounts a on a.agency_id = b.agency_id and a.account_id = b.account_id
   where b.agency_id = $1 and a.account_kind = any ($2::text[]) group by 1, 2, 3)
select 'account' as what, coalesce(s.account, t.account) as account, coalesce(s.partner_id, t.partner_id) as holder, coalesce(s.currency, t.currency) as currency,
       coalesce(s.ledger_minor, 0)::text as ledger_minor, coalesce(t.told_minor, 0)::text as told_minor, null as transfer_key, null as source, null as source_id,
       null as file_name, null::int as line_number, false as is_not_booked, false as is_not_told, 0 as total
  from standing s full join totals t on t.account = s.account and t.currency = s.currency and coalesce(t.partner_id, '') = coalesce(s.partner_id, '')
 where $4::text is null or coalesce(s.partner_id, t.partner_id) = $4
union all
select 'difference', account, holder, currency, booked_minor::text, told_minor::text, transfer_key, source, source_id, file_name, line_number, is_not_booked, is_not_told, total
  from differing
 order by 1, 2, 3 nulls first, 4`;

type CompareRow = {
  what: 'account' | 'difference'; account: string; holder: string | null; currency: string; ledger_minor: string; told_minor: string; transfer_key: string | null;
  source: Difference['source']; source_id: string | null; file_name: string | null; line_number: number | null; is_not_booked: boolean; is_not_told: boolean; total: number;
};

/** Both sides, account by account and transfer by transfer, at one moment. */
export async function compareSides(ctx: TxCtx, wanted: { partnerId: string | null; differencesMax: number }): Promise<{ accounts: AccountAgreement[]; differences: Difference[]; total: number }> {
  const rows = await ctx.tx.query<CompareRow[]>(COMPARE, [ctx.actor.agency, ACCOUNTS_COMPARED, HELD_BY_CASE, wanted.partnerId, wanted.differencesMax]);
  const place = (r: CompareRow): string => `${r.transfer_key} ${r.account}`;
  const differences = rows.filter((r) => r.what === 'difference').sort((a, b) => (place(a) < place(b) ? -1 : 1));
  return {
    accounts: rows.filter((r) => r.what === 'account').map((r) => ({
      account: r.account, partnerId: r.holder, currency: r.currency, ledgerMinor: BigInt(r.ledger_minor), toldMinor: BigInt(r.told_minor),
    })),
    differences: differences.map((r) => ({
      kind: r.is_not_booked ? 'not_booked' : r.is_not_told ? 'not_told' : 'other_amount', transferKey: r.transfer_key ?? '', account: r.account, holder: r.holder,
      currency: r.currency, ledgerMinor: BigInt(r.ledger_minor), toldMinor: BigInt(r.told_minor), source: r.source, sourceId: r.source_id, file: r.file_name, line: r.line_number,
    })),
    total: differences[0]?.total ?? 0,
  };
}

type RestRow = {
  partner_id: string; transfer: string; currency: string; on: string; state: string | null; live_credits: number; credited_minor: string; lines_minor: string | null;
  fee_minor: string; posted_minor: string; returned_minor: string; waiting_lines: number; waiting_minor: string;
};

const LINES_MAX = 5_000_000;

// By transfer: what came, what the bank kept, what was posted, what waits. Lines are found as their transfer's state has them printed.
const RESTS = `
with live as materialized (
  select b.partner_id, b.transfer, b.currency, min(b.received_on) as received_on, count(*)::int as live_credits, sum(b.amount_minor) as credited_minor
    from (${BOOKED_CREDITS}) b
   where not exists (select from taken_back_credits x where x.agency_id = $1 and x.credit_id = b.credit_id) and ($2::text is null or b.partner_id = $2)
   group by 1, 2, 3)
select v.partner_id, v.transfer, v.currency, v.received_on::text as on, s.state, v.live_credits, v.credited_minor::text, s.sum_minor::text as lines_minor,
       coalesce(fee.fee_minor, 0)::text as fee_minor, coalesce(l.posted_minor, 0)::text as posted_minor, coalesce(l.returned_minor, 0)::text as returned_minor, coalesce(l.waiting_lines, 0)::int as waiting_lines,
       coalesce(l.waiting_minor, 0)::text as waiting_minor
  from live v
  left join transfer_states s on s.agency_id = $1 and s.partner_id = v.partner_id and s.transfer = v.transfer
  left join lateral (select -sum(e.amount_minor) as fee_minor from ledger_transfers k join ledger_entries e on e.agency_id = $1 and e.transfer_id = k.transfer_id
                       join ledger_accounts a on a.agency_id = $1 and a.account_id = e.account_id and a.account_kind = 'suspense'
                      where k.agency_id = $1 and k.transfer_key = ${FEE_KEY('s')} and s.booked_credit_id is not null) fee on true
  left join lateral (
    select sum(o.amount_minor) filter (where o.outcome = 'posted') as posted_minor, sum(o.amount_minor) filter (where o.outcome = 'returned') as returned_minor,
           count(*) filter (where o.outcome in ('suspense', 'pending', 'rejected')) as waiting_lines,
           sum(x.settled_minor) filter (where o.outcome in ('suspense', 'pending', 'rejected')) as waiting_minor
      from unnest(s.printed) as p (printed)
     cross join lateral (select y.* from payment_lines y where y.agency_id = $1 and y.transfer_reference = p.printed limit ${LINES_MAX}) x
     cross join lateral (select z.outcome, z.amount_minor, z.reasons from line_outcomes z where z.agency_id = $1 and z.file_id = x.file_id and z.line_number = x.line_number limit 1) o
     where x.kind = 'remittance' and x.partner_id = v.partner_id and not o.reasons @> '{duplicate.possible_repeat}') l on true
 order by v.partner_id, v.currency, v.received_on, v.transfer`;

/** Every transfer whose money the bank has booked: by day, and what of it is still in suspense. */
export async function selectTransfers(ctx: TxCtx, partnerId: string | null): Promise<(TransferRest & Pick<DayAgreement, 'creditedMinor' | 'linesMinor' | 'feesMinor' | 'postedMinor'>)[]> {
  const rows = await ctx.tx.query<RestRow[]>(RESTS, [ctx.actor.agency, partnerId]);
  return rows.map((r) => {
    const [creditedMinor, feesMinor, postedMinor] = [BigInt(r.credited_minor), BigInt(r.fee_minor), BigInt(r.posted_minor)];
    return {
      partnerId: r.partner_id, transfer: r.transfer, currency: r.currency, on: r.on as CalendarDate, state: r.state, liveCredits: r.live_credits,
      creditedMinor, feesMinor, postedMinor, linesMinor: r.lines_minor === null ? null : BigInt(r.lines_minor),
      restMinor: creditedMinor + feesMinor - postedMinor - BigInt(r.returned_minor), waitingLines: r.waiting_lines, waitingMinor: BigInt(r.waiting_minor),
    };
  });
}

/** What has come and no run has looked at yet. */
export async function selectUnheard(ctx: TxCtx): Promise<Unheard> {
  const [row] = await ctx.tx.query<{ lines: number; credits: number; files: string[] | null }[]>(
    `with open_files as materialized (
       select f.file_id, f.file_name, f.lines from received_files f
        where f.agency_id = $1 and ((f.kind in ('forwarding', 'remittance') and not exists (select from reconciliation_run_files h where h.agency_id = $1 and h.file_id = f.file_id))
          or (f.kind = 'disbursements' and not exists (select from registered_files r where r.agency_id = $1 and r.file_id = f.file_id))))
     select (select coalesce(sum(lines), 0)::int from open_files) as lines, (select array_agg(file_name order by file_name) from open_files) as files,
            (select count(*)::int from bank_credits c where c.agency_id = $1 and c.direction = 'credit' and not c.is_reversal
               and not exists (select from bank_credit_outcomes o where o.agency_id = $1 and o.credit_id = c.credit_id)
               and not exists (select from recovered_disbursements r where r.agency_id = $1 and r.credit_id = c.credit_id)) as credits`,
    [ctx.actor.agency],
  );
  return { lines: row?.lines ?? 0, credits: row?.credits ?? 0, files: (row?.files ?? []).slice(0, 100) };
}

/** Credits that are nobody's yet, by currency: on the bank statement, not in our books. */
export async function selectForeignCredits(ctx: TxCtx, on: CalendarDate | null): Promise<{ currency: string; credits: number; minor: string }[]> {
  return ctx.tx.query(
    `select c.currency, count(*)::int as credits, sum(c.amount_minor)::text as minor
       from bank_credits c left join bank_credit_outcomes o on o.agency_id = c.agency_id and o.credit_id = c.credit_id
      where c.agency_id = $1 and c.direction = 'credit' and not c.is_reversal and not coalesce(o.posted, false)
        and not exists (select from recovered_disbursements r where r.agency_id = $1 and r.credit_id = c.credit_id)
        and ($2::date is null or coalesce(c.booked_on, c.value_on) = $2::date)
      group by 1 order by 1`,
    [ctx.actor.agency, on],
  );
}
