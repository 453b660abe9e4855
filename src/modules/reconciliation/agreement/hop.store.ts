import type { TxCtx } from '../../../platform/context.ts';
import { BOOKED_CREDITS } from '../runs/posting.store.ts';
import type { FrozenRate } from './outgoing.rules.ts';

export interface BookedLine {
  readonly fileId: string;
  readonly lineNumber: number;
  readonly partnerId: string;
  readonly month: string;
  readonly kind: 'forwarding' | 'remittance';
  readonly sentMinor: bigint | null;
  readonly sentCurrency: string | null;
  readonly rate: string | null;
  readonly feeMinor: bigint | null;
  readonly settledMinor: bigint | null;
  readonly settledCurrency: string | null;
  readonly frozen: FrozenRate | null;
}

type LineRow = {
  file_id: string; line_number: number; partner_id: string; month: string; kind: 'forwarding' | 'remittance'; amount_minor: string | null; currency: string | null; rate: string | null; fee_minor: string | null;
  settled_minor: string | null; settled_currency: string | null; frozen_rate: string | null; base: string; quote: string; source: string; quoted_on: string;
};

const minor = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

/** Lines that moved money, as printed, a portion at a time in the order of their files. */
export async function selectBookedLines(ctx: TxCtx, wanted: { partnerId: string | null; after: { fileId: string; lineNumber: number }; limit: number }): Promise<BookedLine[]> {
  const rows = await ctx.tx.query<LineRow[]>(
    `select o.file_id, o.line_number, o.partner_id, to_char(o.happened_on, 'YYYY-MM') as month, o.kind, l.amount_minor::text, l.currency, l.rate::text, l.fee_minor::text, l.settled_minor::text, l.settled_currency,
            z.rate::text as frozen_rate, z.base, z.quote, z.source, z.quoted_on::text
       from line_outcomes o
       join payment_lines l on l.agency_id = o.agency_id and l.file_id = o.file_id and l.line_number = o.line_number
       left join frozen_rates z on z.agency_id = o.agency_id and z.file_id = o.file_id and z.line_number = o.line_number and z.rate is not null
      where o.agency_id = $1 and o.outcome = 'posted' and o.happened_on is not null and ($2::text is null or o.partner_id = $2) and (o.file_id, o.line_number) > ($3, $4)
      order by o.file_id, o.line_number limit $5`,
    [ctx.actor.agency, wanted.partnerId, wanted.after.fileId, wanted.after.lineNumber, wanted.limit]);
  return rows.map((r) => ({
    fileId: r.file_id, lineNumber: r.line_number, partnerId: r.partner_id, month: r.month, kind: r.kind, sentMinor: minor(r.amount_minor), sentCurrency: r.currency, rate: r.rate, feeMinor: minor(r.fee_minor),
    settledMinor: minor(r.settled_minor), settledCurrency: r.settled_currency, frozen: r.frozen_rate === null ? null : { rate: r.frozen_rate, base: r.base, quote: r.quote, source: r.source, quotedOn: r.quoted_on },
  }));
}

export interface ShortTransfers { readonly partnerId: string; readonly month: string; readonly currency: string; readonly count: number; readonly minor: bigint }

/** By how much credits that agreed fell short of their lines, by month of booking. */
export async function selectTransferFees(ctx: TxCtx, partnerId: string | null): Promise<ShortTransfers[]> {
  const rows = await ctx.tx.query<{ partner_id: string; month: string; currency: string; count: number; minor: string }[]>(
    `select t.partner_id, to_char(b.received_on, 'YYYY-MM') as month, t.currency, count(*)::int as count, sum(t.fee_minor)::text as minor
       from transfer_states t join (${BOOKED_CREDITS}) b on b.credit_id = t.credit_id
      where t.agency_id = $1 and t.state = 'agrees' and t.fee_minor > 0 and ($2::text is null or t.partner_id = $2)
      group by 1, 2, 3`, [ctx.actor.agency, partnerId]);
  return rows.map((r) => ({ partnerId: r.partner_id, month: r.month, currency: r.currency, count: r.count, minor: BigInt(r.minor) }));
}

export interface BankCharges { readonly partnerId: string | null; readonly month: string; readonly isDebit: boolean; readonly bearer: string; readonly currency: string; readonly count: number; readonly minor: bigint }

/** Charges as banks told them. What several messages told of one entry is counted once: from the one that tells most of it. */
export async function selectBankCharges(ctx: TxCtx, partnerId: string | null): Promise<BankCharges[]> {
  const rows = await ctx.tx.query<{ partner_id: string | null; month: string | null; is_debit: boolean; bearer: string; currency: string; count: number; minor: string }[]>(
    `with told as (
       select distinct on (d.credit_id) d.credit_id, d.charges from bank_entry_details d
        where d.agency_id = $1 and jsonb_array_length(d.charges) > 0 order by d.credit_id, jsonb_array_length(d.charges) desc, d.file_id)
     select o.partner_id, to_char(coalesce(c.booked_on, c.value_on), 'YYYY-MM') as month, c.direction = 'debit' as is_debit, coalesce(x.charge ->> 'bearer', '') as bearer, x.charge ->> 'currency' as currency,
            count(*)::int as count, sum((x.charge ->> 'amountMinor')::bigint)::text as minor
       from told t
       join bank_credits c on c.agency_id = $1 and c.credit_id = t.credit_id
       left join bank_credit_outcomes o on o.agency_id = $1 and o.credit_id = t.credit_id
      cross join lateral jsonb_array_elements(t.charges) as x (charge)
      where $2::text is null or o.partner_id = $2
      group by 1, 2, 3, 4, 5`, [ctx.actor.agency, partnerId]);
  return rows.map((r) => ({ partnerId: r.partner_id, month: r.month ?? '', isDebit: r.is_debit, bearer: r.bearer, currency: r.currency, count: r.count, minor: BigInt(r.minor) }));
}
