import type { TxCtx } from '../../../platform/context.ts';

/**
 * What moves when (contract 6), as legs for the ledger's open batch. Every transfer has a key made of what it is about and
 * not of which file told it, so that it is posted once, whatever is imported or run again.
 */
const LEGS = 'posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, case_id, county, currency, amount_minor)';

/**
 * Every credit that was booked as a partner's, with the key of its transfer. The key is what the credit is: whose transfer, when,
 * how much, and which of the like; ids of the gateway's own differ from import to import.
 */
export const BOOKED_CREDITS = `
  select k.*, concat_ws(':', 'credit', k.partner_id, k.transfer, k.received_on, k.amount_minor, k.currency, nullif(k.which, 1)) as transfer_key from (
    select o.run_id, o.credit_id, o.partner_id, o.transfer, coalesce(c.booked_on, c.value_on) as received_on, c.amount_minor, c.currency,
           row_number() over (partition by o.partner_id, o.transfer, coalesce(c.booked_on, c.value_on), c.amount_minor, c.currency order by c.credit_id) as which
      from bank_credit_outcomes o join bank_credits c on c.agency_id = o.agency_id and c.credit_id = o.credit_id
     where o.agency_id = $1 and o.posted and c.amount_minor > 0 and coalesce(c.booked_on, c.value_on) is not null) k`;

/** The key of what the bank kept of a transfer (a row of `transfer_states`). */
export const FEE_KEY = (state: string): string =>
  `'transfer_fee:' || ${state}.partner_id || ':' || ${state}.transfer || case when ${state}.times_taken_back > 0 then ':again' || ${state}.times_taken_back else '' end`;

/** Registers of disbursements whose money is not in transit yet. */
export async function selectUnregistered(ctx: TxCtx): Promise<string[]> {
  const rows = await ctx.tx.query<{ file_id: string }[]>(
    `select f.file_id from received_files f where f.agency_id = $1 and f.kind = 'disbursements'
        and not exists (select from registered_files r where r.agency_id = f.agency_id and r.file_id = f.file_id)
      order by f.imported_seq`,
    [ctx.actor.agency],
  );
  return rows.map((r) => r.file_id);
}

export async function addRegisteredLegs(ctx: TxCtx, fileId: string): Promise<void> {
  await ctx.tx.query(
    `insert into ${LEGS}
     select 'disbursement:' || d.disbursement_id, 'disbursement.registered', d.issued_on, leg.kind, d.partner_id, null, null, d.currency, leg.sign * d.amount_minor
       from disbursements d cross join (values ('in_transit', 1), ('disbursed_by_sdu', -1)) as leg (kind, sign)
      where d.agency_id = $1 and d.file_id = $2 and d.method = 'consulate'`,
    [ctx.actor.agency, fileId],
  );
  await ctx.tx.query('insert into registered_files (agency_id, file_id, registered_at) values ($1, $2, $3) on conflict do nothing', [ctx.actor.agency, fileId, ctx.clock.now()]);
}

/** Bank / suspense for each credit that lines name, and the fee by which it fell short. */
export async function addCreditLegs(ctx: TxCtx, runId: string): Promise<void> {
  await ctx.tx.query(
    `insert into ${LEGS}
     with told as (${BOOKED_CREDITS})
     select t.transfer_key, 'credit.received', t.received_on, leg.kind, t.partner_id, null, null, t.currency, leg.sign * t.amount_minor
       from told t cross join (values ('bank', 1), ('suspense', -1)) as leg (kind, sign)
      where t.run_id = $2`,
    [ctx.actor.agency, runId],
  );
  await ctx.tx.query(
    `insert into ${LEGS}
     select ${FEE_KEY('t')}, 'transfer.fee_taken', coalesce(c.booked_on, c.value_on), leg.kind, t.partner_id, null, null, t.currency,
            leg.sign * t.fee_minor
       from transfer_states t join bank_credits c on c.agency_id = t.agency_id and c.credit_id = t.credit_id
       join bank_credit_outcomes o on o.agency_id = t.agency_id and o.credit_id = t.credit_id and o.run_id = $2
      cross join (values ('transfer_fees', 1), ('suspense', -1)) as leg (kind, sign)
      where t.agency_id = $1 and t.state = 'agrees' and t.fee_minor > 0`,
    [ctx.actor.agency, runId],
  );
}

/** Delivered, returned and cancelled lines of a forwarding report that this run has decided. */
export async function addForwardingLegs(ctx: TxCtx): Promise<void> {
  await ctx.tx.query(
    `insert into ${LEGS}
     select s.posting_key, case s.outcome when 'posted' then 'disbursement.delivered' else 'disbursement.returned' end, l.happened_on, leg.kind, l.partner_id,
            case when leg.kind in ('delivered', 'fees_abroad') then s.case_id end, case when leg.kind in ('delivered', 'fees_abroad') then s.county end, s.currency, leg.amount
       from staged_outcomes s join open_lines l on l.line_number = s.line_number
      cross join lateral (values
        ('delivered', case when s.outcome = 'posted' then s.amount_minor - s.fee_minor else 0 end),
        ('fees_abroad', case when s.outcome = 'posted' then s.fee_minor else 0 end),
        ('to_be_recovered', case when s.outcome = 'returned' then s.amount_minor else 0 end),
        ('in_transit', -s.amount_minor)) as leg (kind, amount)
      where s.outcome in ('posted', 'returned') and leg.amount <> 0`,
  );
}

/** Collections whose case is certain and whose money is there, on the day on which the bank booked it. */
export async function addRemittanceLegs(ctx: TxCtx): Promise<void> {
  await ctx.tx.query(
    `insert into ${LEGS}
     select s.posting_key, 'collection.proposed', l.credited_on, leg.kind, l.partner_id,
            case when leg.kind = 'proposed_collection' then s.case_id end, case when leg.kind = 'proposed_collection' then s.county end, s.currency, leg.sign * s.amount_minor
       from staged_outcomes s join open_lines l on l.line_number = s.line_number
      cross join (values ('suspense', 1), ('proposed_collection', -1)) as leg (kind, sign)
      where s.outcome = 'posted'`,
  );
}

/** The same collections, as proposals to the State's case system (contract 9), under the keys of their transfers. */
export async function addPostingCandidates(ctx: TxCtx, fileId: string): Promise<void> {
  await ctx.tx.query(
    `insert into posting_candidates (proposal_key, case_id, county, file_id, line_number, collected_on, received_on, amount_minor, currency)
     select s.posting_key, s.case_id, s.county, $1, s.line_number, coalesce(l.happened_on, l.credited_on), l.credited_on, s.amount_minor, s.currency
       from staged_outcomes s join open_lines l on l.line_number = s.line_number
      where s.outcome = 'posted'`,
    [fileId],
  );
}
