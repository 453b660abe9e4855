import type { TxCtx } from '../../../platform/context.ts';
import type { NamedDisbursement, RecoveryJudgement } from './recovery.rules.ts';
import { NORMAL } from './transfer.store.ts';

type Row = {
  credit_id: string; amount_minor: string; currency: string; disbursement_id: string; disbursed_minor: string; disbursed_currency: string; partner_id: string;
  state: NamedDisbursement['state'];
};

/**
 * Credits of no transfer that name disbursements, with all of these. What came back is known by the holds that it left, a small
 * table in which the number is looked for in any spelling; other disbursements only as our own register spells them.
 */
export async function selectNamedDisbursements(ctx: TxCtx): Promise<NamedDisbursement[]> {
  const rows = await ctx.tx.query<Row[]>(
    `with token as materialized (
       select distinct c.credit_id, c.amount_minor, c.currency, ${NORMAL('t.token')} as plain
         from bank_credits c left join bank_credit_outcomes o on o.agency_id = c.agency_id and o.credit_id = c.credit_id
        cross join lateral unnest(c.transfer_candidates) as t (token)
        where c.agency_id = $1 and c.direction = 'credit' and not c.is_reversal and c.amount_minor > 0 and coalesce(c.booked_on, c.value_on) is not null
          and not coalesce(o.posted, false) and o.outcome is distinct from 'matched'
          and not exists (select from recovered_disbursements r where r.agency_id = $1 and r.credit_id = c.credit_id)),
     came_back as materialized (
       select h.disbursement_id, ${NORMAL('h.disbursement_id')} as plain from disbursement_holds h
        where h.agency_id = $1 and h.disbursement_id is not null),
     named as (
       select t.credit_id, t.amount_minor, t.currency, b.disbursement_id from token t join came_back b on b.plain = t.plain
       union
       select t.credit_id, t.amount_minor, t.currency, d.disbursement_id from token t
        cross join lateral (select x.disbursement_id from disbursements x where x.agency_id = $1 and x.disbursement_id = t.plain limit 1) d)
     select n.credit_id, n.amount_minor, n.currency, n.disbursement_id, d.amount_minor as disbursed_minor, d.currency as disbursed_currency, d.partner_id,
            case when exists (select from recovered_disbursements r where r.agency_id = $1 and r.disbursement_id = n.disbursement_id) then 'recovered'
                 when exists (select from came_back b where b.disbursement_id = n.disbursement_id) then 'returned' else 'not_returned' end as state
       from named n
      cross join lateral (select x.amount_minor, x.currency, x.partner_id from disbursements x where x.agency_id = $1 and x.disbursement_id = n.disbursement_id limit 1) d
      order by n.credit_id, n.disbursement_id`,
    [ctx.actor.agency],
  );
  return rows.map((r) => ({
    creditId: r.credit_id, amountMinor: BigInt(r.amount_minor), currency: r.currency, disbursementId: r.disbursement_id,
    disbursedMinor: BigInt(r.disbursed_minor), disbursedCurrency: r.disbursed_currency, partnerId: r.partner_id, state: r.state,
  }));
}

/** Keeps why each credit recovers or does not; its outcome stays `unmatched`, as no imported line names a transfer of it. */
export async function saveRecoveries(ctx: TxCtx, runId: string, judged: readonly RecoveryJudgement[]): Promise<void> {
  await ctx.tx.query(
    `insert into bank_credit_outcomes as o (agency_id, credit_id, outcome, posted, reasons, run_id, decided_at)
     select $1, j.credit, 'unmatched', false, array[j.reason], $2, $3 from jsonb_to_recordset($4::jsonb) as j (credit text, reason text)
     on conflict (agency_id, credit_id) do update set reasons = excluded.reasons, run_id = excluded.run_id, decided_at = excluded.decided_at
     where o.reasons is distinct from excluded.reasons`,
    [ctx.actor.agency, runId, ctx.clock.now(), JSON.stringify(judged.map((j) => ({ credit: j.creditId, reason: j.reason })))],
  );
  await ctx.tx.query(
    `insert into recovered_disbursements (agency_id, disbursement_id, credit_id, partner_id, run_id, recorded_at)
     select $1, r.disbursement, r.credit, r.partner, $2, $3 from jsonb_to_recordset($4::jsonb) as r (disbursement text, credit text, partner text)`,
    [ctx.actor.agency, runId, ctx.clock.now(), JSON.stringify(judged.filter((j) => j.recovers).flatMap((j) =>
      j.disbursements.map((d) => ({ disbursement: d.disbursementId, credit: j.creditId, partner: d.partnerId }))))],
  );
}

/** Bank / to be recovered for each disbursement that this run found again, and the end of its hold. */
export async function addRecoveryLegs(ctx: TxCtx, runId: string): Promise<void> {
  await ctx.tx.query(
    `insert into posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, case_id, county, currency, amount_minor)
     select 'recovery:' || r.disbursement_id, 'disbursement.recovered', coalesce(c.booked_on, c.value_on), leg.kind, r.partner_id, null, null, d.currency, leg.sign * d.amount_minor
       from recovered_disbursements r
       join bank_credits c on c.agency_id = r.agency_id and c.credit_id = r.credit_id
       join disbursements d on d.agency_id = r.agency_id and d.disbursement_id = r.disbursement_id
      cross join (values ('bank', 1), ('to_be_recovered', -1)) as leg (kind, sign)
      where r.agency_id = $1 and r.run_id = $2`,
    [ctx.actor.agency, runId],
  );
  await ctx.tx.query(
    `update disbursement_holds h set released_at = $3, release_reason = 'disbursement.recovered'
       from recovered_disbursements r
      where r.agency_id = $1 and r.run_id = $2 and h.agency_id = $1 and h.disbursement_id = r.disbursement_id and h.released_at is null`,
    [ctx.actor.agency, runId, ctx.clock.now()],
  );
}
