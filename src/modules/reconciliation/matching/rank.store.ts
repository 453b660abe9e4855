import type { TxCtx } from '../../../platform/context.ts';
import { BASE_KEY } from '../runs/line.store.ts';
import type { OpenLine } from '../runs/line.store.ts';
import { usableNumber } from './printed-number.rules.ts';
import type { TransferState } from './remittance.rules.ts';

type Row = {
  kind: 'forwarding' | 'remittance'; line_number: number; partner_id: string; given_disbursement_id: string | null; given_case_id: string | null; payee_name: string; obligor_name: string; obligee_name: string;
  amount_minor: string | null; currency: string | null; rate: string | null; fee_minor: string | null; settled_minor: string | null; settled_currency: string | null; happened_on: string | null;
  sent_on: string | null; credited_on: string | null; status: OpenLine['status']; note: string; flags: string[]; base_key: string; transfer: TransferState; fee_taken: boolean;
};

export type LineToRank = OpenLine & { readonly kind: 'forwarding' | 'remittance' };

const minor = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

/** One line as a run would see it, whatever became of it. */
export async function findLineToRank(ctx: TxCtx, fileId: string, lineNumber: number): Promise<LineToRank | null> {
  const [r] = await ctx.tx.query<Row[]>(
    `select l.kind, l.line_number, l.partner_id, l.given_disbursement_id, l.given_case_id, l.payee_name, l.obligor_name, l.obligee_name, l.amount_minor, l.currency, l.rate::text as rate, l.fee_minor,
            l.settled_minor, l.settled_currency, l.happened_on::text as happened_on, l.sent_on::text as sent_on, l.status, l.note, l.flags, ${BASE_KEY} as base_key,
            coalesce(t.state, case when l.transfer_reference is null then 'none' else 'no_credit' end) as transfer, coalesce(t.fee_minor, 0) > 0 as fee_taken,
            coalesce(c.booked_on, c.value_on)::text as credited_on
       from payment_lines l
       left join transfer_states t on t.agency_id = l.agency_id and t.partner_id = l.partner_id and l.kind = 'remittance'
                                  and t.transfer = upper(regexp_replace(l.transfer_reference, '[^A-Za-z0-9]', '', 'g'))
       left join bank_credits c on c.agency_id = t.agency_id and c.credit_id = t.credit_id
      where l.agency_id = $1 and l.file_id = $2 and l.line_number = $3`,
    [ctx.actor.agency, fileId, lineNumber],
  );
  return r === undefined ? null : {
    kind: r.kind, place: 1, lineNumber: r.line_number, partnerId: r.partner_id, givenDisbursementId: usableNumber(r.given_disbursement_id), givenCaseId: usableNumber(r.given_case_id),
    payeeName: r.payee_name, obligorName: r.obligor_name, obligeeName: r.obligee_name, amountMinor: minor(r.amount_minor), currency: r.currency, rate: r.rate, feeMinor: minor(r.fee_minor),
    settledMinor: minor(r.settled_minor), settledCurrency: r.settled_currency, happenedOn: r.happened_on, sentOn: r.sent_on, creditedOn: r.credited_on, status: r.status, note: r.note,
    flags: r.flags, postingKey: r.base_key, transfer: r.transfer, feeTaken: r.fee_taken,
  };
}

export type ObligationAmount = { readonly caseId: string; readonly obligationId: string; readonly amountMinor: bigint; readonly currency: string };

/** What the orders of the cases ask for, as of a day. */
export async function selectObligationAmounts(ctx: TxCtx, caseIds: readonly string[], on: string | null): Promise<ObligationAmount[]> {
  const rows = await ctx.tx.query<{ case_id: string; obligation_id: string; amount_minor: string; currency: string }[]>(
    `select o.case_id, o.obligation_id, o.amount_minor, o.currency from case_obligations o
      where o.agency_id = $1 and o.case_id = any ($2::text[]) and o.amount_minor > 0 and ($3::date is null or (o.starts_on <= $3::date and (o.ends_on is null or o.ends_on >= $3::date)))
      order by o.case_id, o.obligation_id`,
    [ctx.actor.agency, caseIds, on],
  );
  return rows.map((r) => ({ caseId: r.case_id, obligationId: r.obligation_id, amountMinor: BigInt(r.amount_minor), currency: r.currency }));
}

export type EarlierPayment = { readonly caseId: string; readonly printedName: string; readonly partnerId: string; readonly amountMinor: bigint; readonly currency: string };

const EARLIER_MAX = 24;

/** What was posted on the cases before by lines of the kind, the latest first, so many of each. */
export async function selectEarlierPayments(ctx: TxCtx, line: { readonly kind: string }, fileId: string, lineNumber: number, caseIds: readonly string[]): Promise<EarlierPayment[]> {
  const rows = await ctx.tx.query<{ case_id: string; printed_name: string; partner_id: string; amount_minor: string; currency: string }[]>(
    `select w.case_id, l.printed_name, o.partner_id, l.amount_minor, l.currency from unnest($2::text[]) as w (case_id)
      cross join lateral (select x.file_id, x.line_number, x.partner_id from line_outcomes x
                           where x.agency_id = $1 and x.case_id = w.case_id and x.kind = $3 and x.outcome = 'posted' and (x.file_id, x.line_number) <> ($4, $5)
                           order by x.happened_on desc nulls last, x.file_id, x.line_number limit ${EARLIER_MAX}) o
      cross join lateral (select case when x.kind = 'remittance' then x.obligor_name else x.payee_name end as printed_name, x.amount_minor, x.currency from payment_lines x
                           where x.agency_id = $1 and x.file_id = o.file_id and x.line_number = o.line_number and x.amount_minor is not null and x.currency is not null limit 1) l`,
    [ctx.actor.agency, caseIds, line.kind, fileId, lineNumber],
  );
  return rows.map((r) => ({ caseId: r.case_id, printedName: r.printed_name, partnerId: r.partner_id, amountMinor: BigInt(r.amount_minor), currency: r.currency }));
}
