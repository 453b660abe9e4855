import type { TxCtx } from '../../../platform/context.ts';
import { NORMAL } from '../bank/transfer.store.ts';
import type { OpenCredit, OpenShare, OpenTransfer } from './lumps.rules.ts';
import { PARTS_MAX } from './subset-sum.rules.ts';

const TRANSFERS_MAX = 300;
const CREDITS_MAX = 200;

type CreditRow = { credit_id: string; amount_minor: string; currency: string; credited_on: string | null; tokens: string[] };

const CREDIT = `c.credit_id, c.amount_minor, c.currency, coalesce(c.booked_on, c.value_on)::text as credited_on,
  array(select ${NORMAL('t.token')} from unnest(c.transfer_candidates) with ordinality as t (token, place) order by t.place) as tokens`;
const creditOf = (r: CreditRow): OpenCredit => ({ creditId: r.credit_id, amountMinor: BigInt(r.amount_minor), currency: r.currency, on: r.credited_on, tokens: r.tokens.filter((t) => t !== '') });

export async function findCredit(ctx: TxCtx, creditId: string): Promise<(OpenCredit & { readonly isMatched: boolean }) | null> {
  const [row] = await ctx.tx.query<(CreditRow & { is_matched: boolean })[]>(
    `select ${CREDIT}, coalesce(o.outcome = 'matched', false) as is_matched from bank_credits c
       left join bank_credit_outcomes o on o.agency_id = c.agency_id and o.credit_id = c.credit_id
      where c.agency_id = $1 and c.credit_id = $2 and c.direction = 'credit'`,
    [ctx.actor.agency, creditId],
  );
  return row === undefined ? null : { ...creditOf(row), isMatched: row.is_matched };
}

/** Credits of the currency that nobody has explained, nearest in time first; what was taken back or brought disbursements back is spent. */
export async function selectUnexplainedCredits(ctx: TxCtx, credit: OpenCredit): Promise<OpenCredit[]> {
  const rows = await ctx.tx.query<CreditRow[]>(
    `select ${CREDIT} from bank_credits c left join bank_credit_outcomes o on o.agency_id = c.agency_id and o.credit_id = c.credit_id
      where c.agency_id = $1 and c.currency = $2 and c.direction = 'credit' and not c.is_reversal and c.credit_id <> $3 and o.outcome is distinct from 'matched'
        and not exists (select from taken_back_credits b where b.agency_id = $1 and b.credit_id = c.credit_id)
        and not exists (select from recovered_disbursements r where r.agency_id = $1 and r.credit_id = c.credit_id)
      order by abs(coalesce(c.booked_on, c.value_on) - $4::date) nulls last, c.credit_id limit ${CREDITS_MAX}`,
    [ctx.actor.agency, credit.currency, credit.creditId, credit.on],
  );
  return rows.map(creditOf);
}

/** Transfers whose money has not come, or not as their lines say, with the day on which the last of it was sent. */
export async function selectUnpaidTransfers(ctx: TxCtx, currency: string): Promise<OpenTransfer[]> {
  const rows = await ctx.tx.query<{ partner_id: string; transfer: string; sum_minor: string; currency: string; sent_on: string | null }[]>(
    `select t.partner_id, t.transfer, t.sum_minor, t.currency, l.sent_on::text as sent_on from transfer_states t
      cross join lateral (select max(coalesce(x.sent_on, x.happened_on)) as sent_on from payment_lines x
                           where x.agency_id = $1 and x.transfer_reference = any (t.printed) and x.partner_id = t.partner_id and x.kind = 'remittance') l
      where t.agency_id = $1 and t.currency = $2 and t.state in ('no_credit', 'differs') and t.sum_minor > 0
      order by t.changed_at desc, t.partner_id, t.transfer limit ${TRANSFERS_MAX}`,
    [ctx.actor.agency, currency],
  );
  return rows.map((r) => ({ partnerId: r.partner_id, transfer: r.transfer, sumMinor: BigInt(r.sum_minor), currency: r.currency, sentOn: r.sent_on }));
}

/** The lines of transfers, repeats left out; of those with more lines than can be tried none. */
export async function selectLinesOfTransfers(ctx: TxCtx, transfers: readonly OpenTransfer[]): Promise<Map<string, OpenShare[]>> {
  if (transfers.length === 0) return new Map();
  const rows = await ctx.tx.query<{ partner_id: string; transfer: string; file_id: string; line_number: number; settled_minor: string }[]>(
    `select t.partner_id, t.transfer, l.file_id, l.line_number, l.settled_minor from unnest($2::text[], $3::text[]) as w (partner_id, transfer)
       join transfer_states t on t.agency_id = $1 and t.partner_id = w.partner_id and t.transfer = w.transfer and t.line_count <= ${PARTS_MAX}
      cross join lateral (select x.* from payment_lines x where x.agency_id = $1 and x.transfer_reference = any (t.printed) and x.partner_id = t.partner_id
                             and x.kind = 'remittance' and x.settled_minor is not null limit ${PARTS_MAX * 4}) l
       left join line_outcomes o on o.agency_id = $1 and o.file_id = l.file_id and o.line_number = l.line_number
      where o.outcome is distinct from 'duplicate' order by l.file_id, l.line_number`,
    [ctx.actor.agency, transfers.map((t) => t.partnerId), transfers.map((t) => t.transfer)],
  );
  const lines = new Map<string, OpenShare[]>();
  for (const r of rows) {
    const key = `${r.partner_id} ${r.transfer}`;
    lines.set(key, [...(lines.get(key) ?? []), { fileId: r.file_id, lineNumber: r.line_number, minor: BigInt(r.settled_minor) }]);
  }
  return lines;
}
