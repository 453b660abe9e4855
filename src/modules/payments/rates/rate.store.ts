import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { PublishedRate, RateSource } from './rate.rules.ts';

/** Adds rates that are new, or that correct what was published for their day; tells how many. The same rate again is known. */
export async function insertRates(ctx: TxCtx, rates: readonly PublishedRate[]): Promise<number> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7163))', [`rates:${ctx.actor.agency}`]);
  const rows = await ctx.tx.query<{ count: string }[]>(
    `with given as (
       select distinct on (source, base, quote, quoted_on) * from jsonb_to_recordset($2::jsonb) as r (line int, source text, base text, quote text, "quotedOn" date, rate numeric)
         cross join lateral (select "quotedOn" as quoted_on) d order by source, base, quote, quoted_on, line desc),
     added as (
       insert into exchange_rates (agency_id, source, base, quote, quoted_on, revision, rate, recorded_at, recorded_by)
       select $1, g.source, g.base, g.quote, g.quoted_on, coalesce(k.revision, 0) + 1, g.rate, $3, $4 from given g
         left join lateral (select x.revision, x.rate from exchange_rates x where x.agency_id = $1 and x.source = g.source and x.base = g.base and x.quote = g.quote
                             and x.quoted_on = g.quoted_on order by x.revision desc limit 1) k on true
        where k.rate is distinct from g.rate::numeric(20, 10) returning 1)
     select count(*) from added`, [ctx.actor.agency, JSON.stringify(rates), ctx.clock.now(), ctx.actor.id]);
  return Number(rows[0]?.count ?? 0);
}

/**
 * Freezes the rate of every posted line that has none frozen yet: the printed one, and beside it the newest published of the first source that has one of
 * the line's day or before, never of a later day. What is published later changes no row.
 */
export async function freezePosted(ctx: TxCtx, sources: readonly RateSource[], limit: number): Promise<number> {
  const rows = await ctx.tx.query<{ count: string }[]>(
    `with ranked as (select * from jsonb_to_recordset($2::jsonb) as s (source text, base text, quote text, rank int)),
     open as (
       select o.file_id, o.line_number, o.partner_id, o.county, l.rate as printed, l.happened_on,
              case when l.kind = 'forwarding' then l.currency else l.settled_currency end as base,
              case when l.kind = 'forwarding' then l.settled_currency else l.currency end as quote
         from line_outcomes o
         join payment_lines l on l.agency_id = $1 and l.file_id = o.file_id and l.line_number = o.line_number
        where o.agency_id = $1 and o.outcome = 'posted' and l.rate is not null and l.currency <> l.settled_currency
          and not exists (select from frozen_rates f where f.agency_id = $1 and f.file_id = o.file_id and f.line_number = o.line_number)
        limit $3),
     frozen as (
       insert into frozen_rates (agency_id, file_id, line_number, partner_id, county, printed, source, base, quote, quoted_on, revision, rate, frozen_at)
       select $1, n.file_id, n.line_number, n.partner_id, n.county, n.printed, r.source, n.base, n.quote, r.quoted_on, r.revision, r.rate, $4
         from open n
         left join lateral (
           select x.source, x.quoted_on, x.revision, x.rate from ranked s
             join exchange_rates x on x.agency_id = $1 and x.source = s.source and x.base = s.base and x.quote = s.quote
            where s.base = n.base and s.quote = n.quote and x.quoted_on <= n.happened_on
            order by s.rank, x.quoted_on desc, x.revision desc limit 1) r on true
       on conflict do nothing returning 1)
     select count(*) from frozen`,
    [ctx.actor.agency, JSON.stringify(sources.map(({ source, base, quote }, rank) => ({ source, base, quote, rank }))), limit, ctx.clock.now()]);
  return Number(rows[0]?.count ?? 0);
}

export interface FrozenRate { fileId: string; fileName: string; line: number; partnerId: string; kind: 'forwarding' | 'remittance'; printed: string; source: string | null; quotedOn: CalendarDate | null; rate: string | null; frozenAt: Date }

/** Frozen rates of a partner, the newest first. */
export async function selectFrozen(ctx: TxCtx, wanted: { partnerId: string; limit: number }): Promise<FrozenRate[]> {
  return ctx.tx.query<FrozenRate[]>(
    `select f.file_id as "fileId", r.file_name as "fileName", f.line_number as line, f.partner_id as "partnerId", r.kind, f.printed::text, f.source, f.quoted_on::text as "quotedOn",
            f.rate::text, f.frozen_at as "frozenAt"
       from frozen_rates f join received_files r on r.agency_id = $1 and r.file_id = f.file_id
      where f.agency_id = $1 and f.partner_id = $2 order by f.frozen_at desc, f.file_id, f.line_number limit $3`, [ctx.actor.agency, wanted.partnerId, wanted.limit]);
}

export interface DayRate { source: string; base: string; quote: string; quotedOn: CalendarDate; rate: string }

/** Of each source the newest rate of a day or before, as it was last corrected; in the order of the sources. */
export async function selectRatesBefore(ctx: TxCtx, sources: readonly RateSource[], on: CalendarDate): Promise<DayRate[]> {
  return ctx.tx.query<DayRate[]>(
    `select s.source, s.base, s.quote, r.quoted_on::text as "quotedOn", r.rate::text as rate
       from jsonb_to_recordset($2::jsonb) as s (source text, base text, quote text, rank int)
      cross join lateral (select x.quoted_on, x.rate from exchange_rates x
                           where x.agency_id = $1 and x.source = s.source and x.base = s.base and x.quote = s.quote and x.quoted_on <= $3::date
                           order by x.quoted_on desc, x.revision desc limit 1) r
      order by s.rank`,
    [ctx.actor.agency, JSON.stringify(sources.map(({ source, base, quote }, rank) => ({ source, base, quote, rank }))), on]);
}
