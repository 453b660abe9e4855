import type { TxCtx } from '../../../platform/context.ts';
import type { Credit, CreditJudgement, TransferJudgement, TransferSum } from './transfer.rules.ts';

type SumRow = { partner_id: string; transfer: string; line_count: number; sum_minor: string | null; currency: string | null; printed: string[]; is_taken_back: boolean };

const LINES_MAX = 5_000_000;

/** How numbers of transfers are compared: capitals and digits only. */
export const NORMAL = (column: string): string => `upper(regexp_replace(${column}, '[^A-Za-z0-9]', '', 'g'))`;

/**
 * The sums of all transfers that are not settled yet: those of files that no run has handled, and those for which no
 * agreeing credit has been seen. Every line counts as printed, also a rejected one; repeats do not, nor what may be one of another file.
 */
export async function selectOpenSums(ctx: TxCtx): Promise<TransferSum[]> {
  await ctx.tx.query(
    `create temporary table open_transfers on commit drop as
     with fresh as materialized (
       select distinct l.partner_id, l.transfer_reference as printed
         from payment_lines l
        where l.agency_id = $1 and l.kind = 'remittance' and l.transfer_reference is not null
          and l.file_id in (select f.file_id from received_files f where f.agency_id = $1 and f.kind = 'remittance'
               and not exists (select from reconciliation_run_files h where h.agency_id = f.agency_id and h.file_id = f.file_id))),
     told as materialized (select partner_id, printed, ${NORMAL('printed')} as transfer from fresh)
     select partner_id, transfer, printed from told where transfer <> ''
     union
     select t.partner_id, t.transfer, p.printed from transfer_states t cross join lateral unnest(t.printed) as p (printed)
      where t.agency_id = $1 and (t.state <> 'agrees' or (t.partner_id, t.transfer) in (select partner_id, transfer from told))`,
    [ctx.actor.agency],
  );
  await ctx.tx.query('analyze open_transfers');
  const rows = await ctx.tx.query<SumRow[]>(
    `select t.partner_id, t.transfer, count(l.line_number)::int as line_count, array_agg(distinct t.printed) as printed,
            case when bool_or(l.settled_minor is null) or count(distinct l.settled_currency) <> 1 then null else sum(l.settled_minor)::text end as sum_minor,
            min(l.settled_currency) as currency,
            exists (select from taken_back_credits b where b.agency_id = $1 and b.partner_id = t.partner_id and b.transfer = t.transfer) as is_taken_back
       from open_transfers t
      cross join lateral (select x.* from payment_lines x where x.agency_id = $1 and x.transfer_reference = t.printed limit ${LINES_MAX}) l
       left join lateral (select x.outcome, x.reasons from line_outcomes x where x.agency_id = $1 and x.file_id = l.file_id and x.line_number = l.line_number limit 1) o on true
      where l.kind = 'remittance' and l.partner_id = t.partner_id and o.outcome is distinct from 'duplicate'
        and not coalesce(o.reasons @> '{duplicate.possible_repeat}', false)
      group by 1, 2`,
    [ctx.actor.agency],
  );
  return rows.map((r) => ({
    partnerId: r.partner_id, transfer: r.transfer, lineCount: r.line_count, sumMinor: r.sum_minor === null ? null : BigInt(r.sum_minor), currency: r.currency, printed: r.printed, isTakenBack: r.is_taken_back,
  }));
}

/** Credits that have not found their transfer, or whose transfer has got more lines (after `selectOpenSums`). A debit is no credit, and a credit that takes a debit back is nobody's payment.
 * One without any date cannot be booked and names nothing; what the bank took back, brought disbursements back or goes back to its sender is spent.
 * What people have said that it pays counts before what the bank says. */
export async function selectOpenCredits(ctx: TxCtx): Promise<Credit[]> {
  const rows = await ctx.tx.query<{ credit_id: string; amount_minor: string; currency: string; tokens: string[] }[]>(
    `select c.credit_id, c.amount_minor, c.currency,
            case when a.transfer is not null then array[a.transfer] else array(select ${NORMAL('t.token')} from unnest(c.transfer_candidates) with ordinality as t (token, place)
                   where coalesce(c.booked_on, c.value_on) is not null order by t.place) end as tokens
       from bank_credits c left join bank_credit_outcomes o on o.agency_id = c.agency_id and o.credit_id = c.credit_id
       left join assigned_credits a on a.agency_id = c.agency_id and a.credit_id = c.credit_id
      where c.agency_id = $1 and c.direction = 'credit' and not c.is_reversal
        and not exists (select from taken_back_credits b where b.agency_id = $1 and b.credit_id = c.credit_id)
        and not exists (select from recovered_disbursements r where r.agency_id = $1 and r.credit_id = c.credit_id)
        and not exists (select from suspense_returns r where r.agency_id = $1 and r.credit_id = c.credit_id and r.state <> 'cancelled')
        and (o.outcome is distinct from 'matched' or (o.partner_id, o.transfer) in (select partner_id, transfer from open_transfers))
      order by c.credit_id`,
    [ctx.actor.agency],
  );
  return rows.map((r) => ({ creditId: r.credit_id, amountMinor: BigInt(r.amount_minor), currency: r.currency, tokens: r.tokens.filter((t) => t !== '') }));
}

/**
 * Whose money a credit is that names a transfer which another credit has settled already: by credit, where its tokens name
 * exactly one such transfer. It pays for no line, but it is that partner's money.
 */
export async function selectSettledOwners(ctx: TxCtx, credits: readonly Credit[]): Promise<Map<string, { partnerId: string; transfer: string }>> {
  if (credits.length === 0) return new Map();
  const rows = await ctx.tx.query<{ credit_id: string; partner_id: string; transfer: string }[]>(
    `select x.credit as credit_id, min(t.partner_id) as partner_id, min(t.transfer) as transfer
       from jsonb_to_recordset($2::jsonb) as x (credit text, tokens jsonb)
      cross join lateral jsonb_array_elements_text(x.tokens) as told (token)
       join transfer_states t on t.agency_id = $1 and t.transfer = told.token and t.state = 'agrees' and t.credit_id is distinct from x.credit
      group by 1 having count(distinct (t.partner_id, t.transfer)) = 1`,
    [ctx.actor.agency, JSON.stringify(credits.map((c) => ({ credit: c.creditId, tokens: c.tokens })))],
  );
  return new Map(rows.map((r) => [r.credit_id, { partnerId: r.partner_id, transfer: r.transfer }]));
}

export async function saveTransferStates(ctx: TxCtx, transfers: readonly TransferJudgement[]): Promise<void> {
  await ctx.tx.query(
    `insert into transfer_states as s (agency_id, partner_id, transfer, state, line_count, sum_minor, currency, credit_id, fee_minor, printed, changed_at, booked_credit_id)
     select $1, t.partner, t.transfer, t.state, t.lines, t.sum, t.currency, t.credit, t.fee, array(select jsonb_array_elements_text(t.printed)), $2,
            case when t.state = 'agrees' then t.credit end
       from jsonb_to_recordset($3::jsonb) as t (partner text, transfer text, state text, lines int, sum bigint, currency text, credit text, fee bigint, printed jsonb)
     on conflict (agency_id, partner_id, transfer) do update
       set state = excluded.state, line_count = excluded.line_count, sum_minor = excluded.sum_minor, currency = excluded.currency,
           credit_id = excluded.credit_id, fee_minor = excluded.fee_minor, printed = excluded.printed, changed_at = excluded.changed_at,
           booked_credit_id = coalesce(s.booked_credit_id, excluded.booked_credit_id)
     where (s.state, s.line_count, s.sum_minor, s.credit_id, s.printed) is distinct from (excluded.state, excluded.line_count, excluded.sum_minor, excluded.credit_id, excluded.printed)`,
    [ctx.actor.agency, ctx.clock.now(), JSON.stringify(transfers.map((t) => ({
      partner: t.partnerId, transfer: t.transfer, state: t.state, lines: t.lineCount, sum: t.sumMinor?.toString() ?? null, currency: t.currency,
      credit: t.creditId, fee: t.feeMinor.toString(), printed: t.printed,
    })))],
  );
}

/** Every credit has an outcome; one whose transfer lines name is booked, once, whether or not the sum agrees. */
export async function saveCreditOutcomes(ctx: TxCtx, runId: string, credits: readonly CreditJudgement[]): Promise<void> {
  await ctx.tx.query(
    `insert into bank_credit_outcomes as o (agency_id, credit_id, outcome, transfer, partner_id, posted, reasons, run_id, decided_at)
     select $1, c.credit, c.outcome, c.transfer, c.partner, c.partner is not null, array(select jsonb_array_elements_text(c.reasons)), $2, $3
       from jsonb_to_recordset($4::jsonb) as c (credit text, outcome text, transfer text, partner text, reasons jsonb)
     on conflict (agency_id, credit_id) do update
       set outcome = excluded.outcome, transfer = coalesce(o.transfer, excluded.transfer), partner_id = coalesce(o.partner_id, excluded.partner_id),
           posted = o.posted or excluded.posted, reasons = excluded.reasons, run_id = excluded.run_id, decided_at = excluded.decided_at
     where (o.outcome, o.transfer, o.partner_id, o.reasons) is distinct from (excluded.outcome, excluded.transfer, excluded.partner_id, excluded.reasons)
       and not (excluded.reasons = '{transfer.unknown}' and o.reasons[1] like 'recovery.%')`,
    [ctx.actor.agency, runId, ctx.clock.now(), JSON.stringify(credits.map((c) => ({
      credit: c.creditId, outcome: c.outcome, transfer: c.transfer, partner: c.partnerId, reasons: c.reasons,
    })))],
  );
}
