import type { TxCtx } from '../../../platform/context.ts';
import type { ForwardingLine } from '../matching/forwarding.rules.ts';
import { usableNumber } from '../matching/printed-number.rules.ts';
import type { RemittanceLine, TransferState } from '../matching/remittance.rules.ts';

/** A line to decide, whatever its kind; `place` is its turn in the file. */
export type OpenLine = ForwardingLine & RemittanceLine & {
  readonly place: number;
  readonly lineNumber: number;
  readonly postingKey: string;
  readonly note: string;
  readonly transfer: TransferState;
  readonly feeTaken: boolean;
  readonly sentOn: string | null;
  readonly creditedOn: string | null;
};

type Row = {
  place: number; line_number: number; partner_id: string; given_disbursement_id: string | null; given_case_id: string | null; payee_name: string;
  obligor_name: string; obligee_name: string; amount_minor: string | null; currency: string | null; rate: string | null; fee_minor: string | null;
  settled_minor: string | null; settled_currency: string | null; happened_on: string | null; status: OpenLine['status']; note: string; flags: string[];
  posting_key: string; transfer: TransferState; fee_taken: boolean; sent_on: string | null; credited_on: string | null;
};

/**
 * Puts the lines of a file that are to be decided into `open_lines`, in the order of what happened: undecided ones, and lines
 * of advices that waited for money which has come. Returns how many there are.
 */
export async function openLines(ctx: TxCtx, fileId: string): Promise<number> {
  // Usual names have many bearers: ranking those of a batch of lines must not go by the disk.
  await ctx.tx.query("set local work_mem = '96MB'");
  await ctx.tx.query(TRANSFERS, [ctx.actor.agency, fileId]);
  await ctx.tx.query('create unique index on file_transfers (printed)');
  await ctx.tx.query('analyze file_transfers');
  await ctx.tx.query(OPEN, [ctx.actor.agency, fileId]);
  // Only what joins ask for: a sample of every column of wide rows costs more than reading them.
  await ctx.tx.query('analyze open_lines (place, line_number)');
  const [row] = await ctx.tx.query<{ count: number }[]>('select count(*)::int as count from open_lines');
  return row?.count ?? 0;
}

export const WAITS_FOR_MONEY = '{transfer.sum_differs,transfer.unclear,collection.taken_back}';

/** A partner's reference is unique for its kind and year; a line without one is known by what it says. `l` is a row of payment_lines. */
export const BASE_KEY = `case when l.reference <> '' and length(l.reference) <= 100
            then l.kind || ':' || l.partner_id || ':' || coalesce(l.reference_year::text, '') || ':' || l.reference
            else l.kind || ':' || l.partner_id || ':' || encode(l.content_key, 'hex') end`;

// Each transfer that a file names, once: many lines share one.
const TRANSFERS = `
create temporary table file_transfers on commit drop as
select d.printed, coalesce(t.state, 'no_credit') as state, coalesce(t.fee_minor, 0) > 0 as fee_taken, coalesce(t.times_taken_back, 0) as times_taken_back, c.credited_on
  from (select distinct l.partner_id, l.transfer_reference as printed from payment_lines l
         where l.agency_id = $1 and l.file_id = $2 and l.kind = 'remittance' and l.transfer_reference is not null) d
  left join lateral (select x.state, x.fee_minor, x.credit_id, x.times_taken_back from transfer_states x
                      where x.agency_id = $1 and x.partner_id = d.partner_id and x.transfer = upper(regexp_replace(d.printed, '[^A-Za-z0-9]', '', 'g')) limit 1) t on true
  left join lateral (select coalesce(x.booked_on, x.value_on) as credited_on from bank_credits x where x.agency_id = $1 and x.credit_id = t.credit_id limit 1) c on true
`;

// What is posted again after the bank took it back has a key of its own.
const OPEN = `
create temporary table open_lines on commit drop as
select row_number() over (order by l.happened_on nulls first, l.reference, l.line_number)::int as place,
       l.line_number, l.partner_id, l.kind, l.given_disbursement_id, l.given_case_id, l.payee_name, l.obligor_name, l.obligee_name, l.amount_minor,
       l.currency, l.rate::text as rate, l.fee_minor, l.settled_minor, l.settled_currency, l.happened_on, l.sent_on, l.status, l.note, l.flags,
       ${BASE_KEY} || case when t.times_taken_back > 0 then ':again' || t.times_taken_back else '' end as posting_key,
       coalesce(t.state, 'none') as transfer, coalesce(t.fee_taken, false) as fee_taken, t.credited_on, o.outcome is not null as is_again
  from payment_lines l
  left join lateral (select * from file_transfers x where l.kind = 'remittance' and x.printed = l.transfer_reference limit 1) t on true
  left join lateral (select x.outcome, x.reasons, x.decision_id from line_outcomes x where x.agency_id = $1 and x.file_id = $2 and x.line_number = l.line_number limit 1) o on true
 where l.agency_id = $1 and l.file_id = $2
   and (o.outcome is null
     or (l.kind = 'remittance' and o.decision_id is null and o.outcome = 'pending' and t.state <> 'no_credit')
     or (l.kind = 'remittance' and o.decision_id is null and o.outcome = 'suspense' and t.state = 'agrees' and o.reasons && '${WAITS_FOR_MONEY}'))
`;

/** Opens the reading of those open lines that have no decision yet, in their order. */
export async function beginUndecided(ctx: TxCtx): Promise<void> {
  await ctx.tx.query(
    `declare undecided_lines no scroll cursor for
     select l.*, l.happened_on::text as happened_on, l.sent_on::text as sent_on, l.credited_on::text as credited_on from open_lines l where not exists (select from staged_outcomes s where s.line_number = l.line_number) order by l.place`);
}

/** The next of them; empty when all have been read. */
export async function readUndecided(ctx: TxCtx, limit: number): Promise<OpenLine[]> {
  const rows = await ctx.tx.query<Row[]>(`fetch forward ${Math.trunc(limit)} from undecided_lines`);
  if (rows.length === 0) await ctx.tx.query('close undecided_lines');
  return rows.map(lineOf);
}

const minor = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

function lineOf(r: Row): OpenLine {
  return {
    place: r.place, lineNumber: r.line_number, partnerId: r.partner_id, givenDisbursementId: usableNumber(r.given_disbursement_id), givenCaseId: usableNumber(r.given_case_id),
    payeeName: r.payee_name, obligorName: r.obligor_name, obligeeName: r.obligee_name, amountMinor: minor(r.amount_minor), currency: r.currency,
    rate: r.rate, feeMinor: minor(r.fee_minor), settledMinor: minor(r.settled_minor), settledCurrency: r.settled_currency, happenedOn: r.happened_on,
    status: r.status, note: r.note, flags: r.flags, postingKey: r.posting_key, transfer: r.transfer, feeTaken: r.fee_taken, sentOn: r.sent_on, creditedOn: r.credited_on,
  };
}
