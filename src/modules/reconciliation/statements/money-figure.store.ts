import type { TxCtx } from '../../../platform/context.ts';

export interface MoneyFigure {
  readonly partnerId: string;
  readonly month: string;
  readonly kind: 'forwarding' | 'remittance';
  readonly outcome: string;
  readonly currency: string;
  readonly lines: number;
  readonly amountMinor: bigint;
}

/** All figures of money since a month, anew; who counts at the same time waits. */
export async function countMoney(ctx: TxCtx, fromMonth: string): Promise<void> {
  const { agency } = ctx.actor;
  await ctx.tx.query("select pg_advisory_xact_lock(hashtext('money_figures'), hashtext($1))", [agency]);
  await ctx.tx.query('delete from money_figures where agency_id = $1', [agency]);
  await ctx.tx.query(
    `insert into money_figures (agency_id, county, partner_id, month, kind, outcome, currency, lines, amount_minor)
     select $1, o.county, o.partner_id, to_char(l.happened_on, 'YYYY-MM'), o.kind, o.outcome,
            coalesce(case when o.kind = 'remittance' then l.settled_currency else l.currency end, 'USD'), count(*),
            coalesce(sum(case when o.kind = 'remittance' then l.settled_minor else l.amount_minor end), 0)
       from line_outcomes o join payment_lines l on l.agency_id = o.agency_id and l.file_id = o.file_id and l.line_number = o.line_number
      where o.agency_id = $1 and l.happened_on >= ($2 || '-01')::date
      group by 2, 3, 4, 5, 6, 7`, [agency, fromMonth]);
  await ctx.tx.query(
    'insert into money_figure_times (agency_id, counted_at) values ($1, $2) on conflict (agency_id, part) do update set counted_at = excluded.counted_at', [agency, ctx.clock.now()]);
}

export async function selectMoneyFigures(ctx: TxCtx): Promise<{ countedAt: Date | null; rows: MoneyFigure[] }> {
  const [time] = await ctx.tx.query<{ countedAt: Date }[]>('select counted_at as "countedAt" from money_figure_times where agency_id = $1', [ctx.actor.agency]);
  const rows = await ctx.tx.query<(Omit<MoneyFigure, 'lines' | 'amountMinor'> & { lines: string; amount: string })[]>(
    `select partner_id as "partnerId", month, kind, outcome, currency, sum(lines) as lines, sum(amount_minor) as amount from money_figures
      where agency_id = $1 group by 1, 2, 3, 4, 5 order by 2, 1, 3, 4, 5`, [ctx.actor.agency]);
  return { countedAt: time?.countedAt ?? null, rows: rows.map(({ amount, lines, ...row }) => ({ ...row, lines: Number(lines), amountMinor: BigInt(amount) })) };
}
