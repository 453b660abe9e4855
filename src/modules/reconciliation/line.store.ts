import type { TxCtx } from '../../platform/context.ts';
import type { ForwardingLine } from './forwarding.rules.ts';
import type { RemittanceLine, TransferState } from './remittance.rules.ts';

/** A line to decide, whatever its kind; `place` is its turn in the file. */
export type OpenLine = ForwardingLine & RemittanceLine & {
  readonly place: number;
  readonly lineNumber: number;
  readonly postingKey: string;
  readonly note: string;
  readonly transfer: TransferState;
  readonly feeTaken: boolean;
};

type Row = {
  place: number; line_number: number; partner_id: string; given_disbursement_id: string | null; given_case_id: string | null; payee_name: string;
  obligor_name: string; obligee_name: string; amount_minor: string | null; currency: string | null; rate: string | null; fee_minor: string | null;
  settled_minor: string | null; settled_currency: string | null; happened_on: string | null; status: OpenLine['status']; note: string; flags: string[];
  posting_key: string; transfer: TransferState; fee_taken: boolean;
};

/**
 * Puts the lines of a file that are to be decided into `open_lines`, in the order of what happened: undecided ones, and lines
 * of advices that waited for money which has come. Returns how many there are.
 */
export async function openLines(ctx: TxCtx, fileId: string): Promise<number> {
  await ctx.tx.query(OPEN, [ctx.actor.agency, fileId]);
  await ctx.tx.query('create index on open_lines (place)');
  await ctx.tx.query('analyze open_lines');
  const [row] = await ctx.tx.query<{ count: number }[]>('select count(*)::int as count from open_lines');
  return row?.count ?? 0;
}

// A partner's reference is unique for its kind and year; a line without one is known by what it says and which of the like it is.
const OPEN = `
create temporary table open_lines on commit drop as
select row_number() over (order by l.happened_on nulls first, l.reference, l.line_number)::int as place,
       l.line_number, l.partner_id, l.given_disbursement_id, l.given_case_id, l.payee_name, l.obligor_name, l.obligee_name, l.amount_minor, l.currency,
       l.rate::text as rate, l.fee_minor, l.settled_minor, l.settled_currency, l.happened_on::text as happened_on, l.status, l.note, l.flags,
       case when l.reference <> '' and length(l.reference) <= 100
            then l.kind || ':' || l.partner_id || ':' || coalesce(l.reference_year::text, '') || ':' || l.reference
            else l.kind || ':' || l.partner_id || ':' || encode(l.content_key, 'hex') end as posting_key,
       case when l.transfer_reference is null then 'none' else coalesce(t.state, 'no_credit') end as transfer, coalesce(t.fee_minor, 0) > 0 as fee_taken
  from payment_lines l
  left join line_outcomes o on o.agency_id = l.agency_id and o.file_id = l.file_id and o.line_number = l.line_number
  left join transfer_states t on l.kind = 'remittance' and t.agency_id = l.agency_id and t.partner_id = l.partner_id
   and t.transfer = upper(regexp_replace(l.transfer_reference, '[^A-Za-z0-9]', '', 'g'))
 where l.agency_id = $1 and l.file_id = $2
   and (o.file_id is null
        or (o.kind = 'remittance' and o.outcome = 'pending' and t.state <> 'no_credit')
        or (o.kind = 'remittance' and o.outcome = 'suspense' and t.state = 'agrees' and o.reasons && '{transfer.sum_differs,transfer.unclear}'))
`;

export async function readOpenLines(ctx: TxCtx, after: number, limit: number): Promise<OpenLine[]> {
  const rows = await ctx.tx.query<Row[]>('select * from open_lines where place > $1 order by place limit $2', [after, limit]);
  return rows.map(lineOf);
}

const minor = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

function lineOf(r: Row): OpenLine {
  return {
    place: r.place, lineNumber: r.line_number, partnerId: r.partner_id, givenDisbursementId: r.given_disbursement_id, givenCaseId: r.given_case_id,
    payeeName: r.payee_name, obligorName: r.obligor_name, obligeeName: r.obligee_name, amountMinor: minor(r.amount_minor), currency: r.currency,
    rate: r.rate, feeMinor: minor(r.fee_minor), settledMinor: minor(r.settled_minor), settledCurrency: r.settled_currency, happenedOn: r.happened_on,
    status: r.status, note: r.note, flags: r.flags, postingKey: r.posting_key, transfer: r.transfer, feeTaken: r.fee_taken,
  };
}
