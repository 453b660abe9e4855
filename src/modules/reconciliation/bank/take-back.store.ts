import type { TxCtx } from '../../../platform/context.ts';
import type { Reversal } from '../../ledger/index.ts';
import { BOOKED_CREDITS, FEE_KEY } from '../runs/posting.store.ts';
import { RULE_VERSION } from '../matching/reason.rules.ts';
import type { DebitJudgement, NamedCredit } from './take-back.rules.ts';
import { selectTransferMoney } from '../suspense/line-facts.store.ts';
import { NORMAL } from './transfer.store.ts';

const LINES_MAX = 5_000_000;

type Row = {
  debit_id: string; amount_minor: string; currency: string; debited_on: string | null; credit_id: string; credit_minor: string; credit_currency: string;
  credited_on: string; partner_id: string; transfer: string; is_taken_back: boolean;
};

/** Debits that took nothing back yet and name the transfer of a credit that was booked, whether or not the bank marks them as reversals. */
export async function selectNamedCredits(ctx: TxCtx): Promise<NamedCredit[]> {
  const rows = await ctx.tx.query<Row[]>(
    `with debit as materialized (
       select distinct c.credit_id as debit_id, c.amount_minor, c.currency, coalesce(c.booked_on, c.value_on) as debited_on, ${NORMAL('t.token')} as plain
         from bank_credits c cross join lateral unnest(c.transfer_candidates) as t (token)
        where c.agency_id = $1 and c.direction = 'debit' and c.amount_minor > 0
          and not exists (select from taken_back_credits b where b.agency_id = $1 and b.debit_id = c.credit_id)
          and not exists (select from suspense_returns r where r.agency_id = $1 and r.debit_id = c.credit_id))
     select d.debit_id, d.amount_minor, d.currency, d.debited_on::text as debited_on, o.credit_id, c.amount_minor as credit_minor, c.currency as credit_currency,
            coalesce(c.booked_on, c.value_on)::text as credited_on, o.partner_id, o.transfer,
            exists (select from taken_back_credits b where b.agency_id = $1 and b.credit_id = o.credit_id) as is_taken_back
       from debit d
      cross join lateral (select x.* from bank_credit_outcomes x where x.agency_id = $1 and x.transfer = d.plain and x.posted limit 100) o
       join bank_credits c on c.agency_id = $1 and c.credit_id = o.credit_id
      where c.amount_minor > 0 and coalesce(c.booked_on, c.value_on) is not null
      order by d.debit_id, o.credit_id`,
    [ctx.actor.agency],
  );
  return rows.map((r) => ({
    debitId: r.debit_id, amountMinor: BigInt(r.amount_minor), currency: r.currency, debitedOn: r.debited_on, creditId: r.credit_id, creditMinor: BigInt(r.credit_minor),
    creditCurrency: r.credit_currency, creditedOn: r.credited_on, partnerId: r.partner_id, transfer: r.transfer, isTakenBack: r.is_taken_back,
  }));
}

/** Keeps what was found of each debit, and which credits are no longer there. */
export async function saveDebits(ctx: TxCtx, runId: string, judged: readonly DebitJudgement[]): Promise<void> {
  const rows = JSON.stringify(judged);
  await ctx.tx.query(
    `insert into bank_debit_outcomes as o (agency_id, debit_id, outcome, partner_id, transfer, reasons, run_id, decided_at)
     select $1, d."debitId", d.outcome, d."partnerId", d.transfer, array(select jsonb_array_elements_text(d.reasons)), $2, $3
       from jsonb_to_recordset($4::jsonb) as d ("debitId" text, outcome text, "partnerId" text, transfer text, reasons jsonb)
     on conflict (agency_id, debit_id) do update set outcome = excluded.outcome, partner_id = excluded.partner_id, transfer = excluded.transfer,
       reasons = excluded.reasons, run_id = excluded.run_id, decided_at = excluded.decided_at
     where (o.outcome, o.reasons) is distinct from (excluded.outcome, excluded.reasons)`,
    [ctx.actor.agency, runId, ctx.clock.now(), rows],
  );
  await ctx.tx.query(
    `insert into taken_back_credits (agency_id, credit_id, debit_id, partner_id, transfer, taken_back_on, run_id, recorded_at)
     select $1, d."creditId", d."debitId", d."partnerId", d.transfer, d."takenBackOn", $2, $3
       from jsonb_to_recordset($4::jsonb) as d ("creditId" text, "debitId" text, "partnerId" text, transfer text, "takenBackOn" date) where d."creditId" is not null`,
    [ctx.actor.agency, runId, ctx.clock.now(), rows],
  );
  await ctx.tx.query(
    `update bank_credit_outcomes o set reasons = array_append(o.reasons, 'transfer.taken_back')
       from jsonb_to_recordset($2::jsonb) as d ("creditId" text) where o.agency_id = $1 and o.credit_id = d."creditId"`,
    [ctx.actor.agency, rows],
  );
}

/**
 * Gathers what rests on these credits into `taken_now` and `taken_lines`. Lines rest on the credit that paid for them; on a second credit
 * that named the same transfer rests what people have booked from it (`gatherSpent`).
 */
export async function gatherTaken(ctx: TxCtx, creditIds: readonly string[]): Promise<void> {
  await ctx.tx.query(
    `create temporary table taken_now on commit drop as
     select b.credit_id, b.taken_back_on, s.partner_id, s.transfer, s.times_taken_back, s.printed,
            coalesce(s.booked_credit_id, case when s.state = 'agrees' then s.credit_id end) = b.credit_id as was_paying
       from taken_back_credits b join transfer_states s on s.agency_id = b.agency_id and s.partner_id = b.partner_id and s.transfer = b.transfer
      where b.agency_id = $1 and b.credit_id = any($2::text[])`,
    [ctx.actor.agency, creditIds],
  );
  await ctx.tx.query(
    `create temporary table taken_lines on commit drop as
     select l.file_id, l.line_number, n.taken_back_on, o.partner_id, coalesce(p.case_id, o.case_id) as case_id, case when p.case_id is null then o.county else p.county end as county,
            o.posting_key || coalesce(':part' || p.part, '') as posting_key
       from taken_now n cross join lateral unnest(n.printed) as s (printed)
      cross join lateral (select x.* from payment_lines x where x.agency_id = $1 and x.transfer_reference = s.printed limit ${LINES_MAX}) l
      cross join lateral (select x.* from line_outcomes x where x.agency_id = $1 and x.file_id = l.file_id and x.line_number = l.line_number limit 1) o
       left join line_parts p on p.agency_id = $1 and p.decision_id = o.decision_id
      where n.was_paying and l.kind = 'remittance' and l.partner_id = n.partner_id and o.outcome = 'posted'`,
    [ctx.actor.agency],
  );
  await gatherSpent(ctx);
  await ctx.tx.query('analyze taken_now; analyze taken_lines');
}

/**
 * Where a transfer's own credit stays and another one goes, people may have booked lines from the other: as many of those, the last decided
 * first, as the money that is left does not pay for. What rules have posted rests on the transfer's own credit.
 */
async function gatherSpent(ctx: TxCtx): Promise<void> {
  const rows = await ctx.tx.query<{ partner_id: string; transfer: string }[]>(
    'select partner_id, transfer from taken_now group by 1, 2 having not bool_or(was_paying)');
  for (const { partner_id: partnerId, transfer } of rows) {
    const { leftMinor } = await selectTransferMoney(ctx, partnerId, transfer);
    if (leftMinor >= 0n) continue;
    await ctx.tx.query(
      `insert into taken_lines (file_id, line_number, taken_back_on, partner_id, case_id, county, posting_key)
       select d.file_id, d.line_number, d.taken_back_on, d.partner_id, coalesce(p.case_id, d.case_id), case when p.case_id is null then d.county else p.county end,
              d.posting_key || coalesce(':part' || p.part, '')
         from (select o.*, n.taken_back_on, coalesce(sum(o.amount_minor) over (order by o.decided_at desc, o.file_id, o.line_number rows between unbounded preceding and 1 preceding), 0) as before
                 from (select partner_id, transfer, printed, max(taken_back_on) as taken_back_on from taken_now where partner_id = $2 and transfer = $3 group by 1, 2, 3) n
                cross join lateral unnest(n.printed) as s (printed)
                 join payment_lines l on l.agency_id = $1 and l.transfer_reference = s.printed and l.partner_id = n.partner_id and l.kind = 'remittance'
                 join line_outcomes o on o.agency_id = $1 and o.file_id = l.file_id and o.line_number = l.line_number
                where o.outcome = 'posted' and o.decision_id is not null) d
         left join line_parts p on p.agency_id = $1 and p.decision_id = d.decision_id
        where d.before < $4::numeric`, [ctx.actor.agency, partnerId, transfer, (-leftMinor).toString()]);
  }
}

/** The transfers to mirror: the credit, the fee by which it fell short, each collection. */
export async function selectReversals(ctx: TxCtx): Promise<Reversal[]> {
  return ctx.tx.query<Reversal[]>(
    `with booked as (${BOOKED_CREDITS}),
     told as (
       select b.transfer_key as key, 'credit.taken_back' as event, n.taken_back_on from taken_now n join booked b on b.credit_id = n.credit_id
       union all select ${FEE_KEY('n')}, 'transfer.fee_taken_back', n.taken_back_on from taken_now n where n.was_paying
       union all select l.posting_key, 'collection.taken_back', l.taken_back_on from taken_lines l)
     select 'taken_back:' || key as "transferKey", key as "reversesKey", event, taken_back_on::text as "occurredOn" from told`,
    [ctx.actor.agency],
  );
}

/** The lines wait in suspense, their files are told again, their transfers wait for money, their cases' next disbursements are held. */
export async function saveTakenLines(ctx: TxCtx, runId: string): Promise<void> {
  const { agency } = ctx.actor;
  const now = ctx.clock.now();
  await ctx.tx.query(
    `insert into line_outcome_history (agency_id, file_id, line_number, partner_id, outcome, case_id, disbursement_id, method, score, reasons, rule_version, run_id, decided_at)
     select o.agency_id, o.file_id, o.line_number, o.partner_id, o.outcome, o.case_id, o.disbursement_id, o.method, o.score, o.reasons, o.rule_version, o.run_id, o.decided_at
       from taken_lines t
      cross join lateral (select * from line_outcomes x where x.agency_id = $1 and x.file_id = t.file_id and x.line_number = t.line_number limit 1) o
     on conflict do nothing`, [agency]);
  await ctx.tx.query(
    `insert into disbursement_holds (agency_id, case_id, collection_key, file_id, line_number, reason, since_on)
     select $1, t.case_id, t.posting_key, t.file_id, t.line_number, 'collection.taken_back', t.taken_back_on from taken_lines t on conflict do nothing`, [agency]);
  await ctx.tx.query(
    `update line_outcomes o set outcome = 'suspense', case_id = null, county = null, amount_minor = null, currency = null, method = null, score = null,
            reasons = '{collection.taken_back}'::text[] || case when o.reasons @> '{duplicate.possible_repeat}' then '{duplicate.possible_repeat}'::text[] else '{}' end, candidate_case_id = o.case_id, rule_version = $2, run_id = $3, decided_at = $4
       from taken_lines t where o.agency_id = $1 and o.file_id = t.file_id and o.line_number = t.line_number`, [agency, RULE_VERSION, runId, now]);
  await ctx.tx.query(
    `insert into reconciliation_run_files (agency_id, run_id, file_id, handled_at) select distinct $1, $2, t.file_id, $3::timestamptz from taken_lines t on conflict do nothing`,
    [agency, runId, now]);
  await ctx.tx.query(
    `update transfer_states s set state = case when n.was_paying then 'taken_back' else s.state end, changed_at = $2,
            credit_id = case when s.credit_id = n.credit_id then null else s.credit_id end, fee_minor = case when n.was_paying then 0 else s.fee_minor end,
            booked_credit_id = case when n.was_paying then null else s.booked_credit_id end,
            times_taken_back = s.times_taken_back + case when n.was_paying then 1 else 0 end
       from taken_now n where s.agency_id = $1 and s.partner_id = n.partner_id and s.transfer = n.transfer`, [agency, now]);
}

/** Takes the proposals of these lines back; the State hears of it when it has heard of them. */
export async function addWithdrawals(ctx: TxCtx): Promise<void> {
  await ctx.tx.query(
    `insert into posting_candidates (proposal_key, reverses_key, received_on)
     select 'taken_back:' || t.posting_key, t.posting_key, t.taken_back_on from taken_lines t`);
}

/** Collections of this file whose money is there again hold nothing any more. */
export async function releaseCollections(ctx: TxCtx, fileId: string): Promise<void> {
  await ctx.tx.query(
    `update disbursement_holds h set released_at = $3, release_reason = 'collection.posted_again'
       from staged_outcomes s
      where s.outcome = 'posted' and h.agency_id = $1 and h.file_id = $2 and h.line_number = s.line_number and h.case_id = s.case_id and h.released_at is null`,
    [ctx.actor.agency, fileId, ctx.clock.now()],
  );
}
