import type { TxCtx } from '../../../platform/context.ts';
import type { NoticeToSettle } from '../../payments/index.ts';

export async function saveSettledNotices(ctx: TxCtx, runId: string, returned: readonly NoticeToSettle[]): Promise<void> {
  const rows = returned.map((one) => ({ disbursement_id: one.disbursementId, notice_id: one.noticeId, partner_id: one.partnerId, happened_on: one.happenedOn }));
  await ctx.tx.query(
    `insert into settled_notices (agency_id, disbursement_id, notice_id, partner_id, happened_on, run_id, recorded_at)
     select $1, r.disbursement_id, r.notice_id, r.partner_id, r.happened_on, $2, $3
       from jsonb_to_recordset($4::jsonb) as r (disbursement_id text, notice_id text, partner_id text, happened_on date)`,
    [ctx.actor.agency, runId, ctx.clock.now(), JSON.stringify(rows)]);
}

/** To be recovered / in transit, for each disbursement that this run settled by a notice of the bank. */
export async function addReturnLegs(ctx: TxCtx, runId: string): Promise<void> {
  await ctx.tx.query(
    `insert into posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, case_id, county, currency, amount_minor)
     select 'bank_return:' || s.disbursement_id, 'disbursement.returned', s.happened_on, leg.kind, s.partner_id, null, null, d.currency, leg.sign * d.amount_minor
       from settled_notices s join disbursements d on d.agency_id = s.agency_id and d.disbursement_id = s.disbursement_id
      cross join (values ('to_be_recovered', 1), ('in_transit', -1)) as leg (kind, sign)
      where s.agency_id = $1 and s.run_id = $2`,
    [ctx.actor.agency, runId]);
}

/** The next disbursements of their cases are held, as after a partner's report. */
export async function holdNoticed(ctx: TxCtx, runId: string): Promise<void> {
  await ctx.tx.query(
    `insert into disbursement_holds (agency_id, case_id, disbursement_id, reason, since_on)
     select $1, d.case_id, s.disbursement_id, 'disbursement.returned', s.happened_on
       from settled_notices s join disbursements d on d.agency_id = s.agency_id and d.disbursement_id = s.disbursement_id
      where s.agency_id = $1 and s.run_id = $2 on conflict do nothing`,
    [ctx.actor.agency, runId]);
}
