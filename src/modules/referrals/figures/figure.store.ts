import type { TxCtx } from '../../../platform/context.ts';
import { FINAL_STATES } from '../lifecycle/lifecycle-table.rules.ts';
import { dropKept, keepSegment, keepWithoutFigures } from '../queue/segment.store.ts';
import type { SegmentQuery } from '../queue/segment.store.ts';
import { AGE_DAYS } from './figure.rules.ts';

const SOON_DAYS = 7;
/** What ended longer ago is no news; what runs is counted however old it is. */
const LOOK_BACK_DAYS = 365;
const OFFICE_ZONE = 'America/Los_Angeles';

export interface FigureRow {
  readonly figure: string;
  readonly partnerId: string;
  readonly key: string;
  readonly part: string;
  readonly count: string;
}

/** All figures anew; who counts at the same time waits. `today` is the office's day. */
export async function countWork(ctx: TxCtx, today: string, segments: readonly { segmentId: string; query: SegmentQuery }[]): Promise<void> {
  const { agency } = ctx.actor;
  await ctx.tx.query("select pg_advisory_xact_lock(hashtext('work_figures'), hashtext($1))", [agency]);
  await ctx.tx.query('delete from work_figures where agency_id = $1', [agency]);
  await ctx.tx.query(
    `insert into work_figures (agency_id, county, figure, partner_id, key, part, count)
     select $1, county, 'clock', partner_id, state, clock, count(*) from (
       select county, partner_id, clock, case
           when stopped_on is not null then case when stopped_on <= coalesce(promised_on, due_on) then 'met' else 'met_late' end
           when paused_on is not null then 'paused'
           when coalesce(promised_on, due_on) < $2::date then 'overdue'
           when coalesce(promised_on, due_on) <= $2::date + ${SOON_DAYS} then 'due_soon' else 'running' end as state
         from referral_clocks where agency_id = $1 and (stopped_on is null or stopped_on > $2::date - ${LOOK_BACK_DAYS})) c
     group by county, partner_id, state, clock`, [agency, today]);
  await ctx.tx.query(
    `insert into work_figures (agency_id, county, figure, partner_id, key, part, count)
     select $1, county, 'backlog', partner_id, age::text, direction, count(*) from (
       select county, partner_id, direction, width_bucket($2::date - (created_at at time zone '${OFFICE_ZONE}')::date, $4::int[]) as age
         from referrals where agency_id = $1 and status <> all ($3::text[])) r
     group by county, partner_id, age, direction`, [agency, today, FINAL_STATES, AGE_DAYS.map((days) => days + 1)]);
  await ctx.tx.query(
    `insert into work_figures (agency_id, county, figure, partner_id, key, part, count)
     select $1, county, 'packet', partner_id, state, '', count(*) from (
       select p.county, p.partner_id, case
           when exists (select from packet_recalls w where w.agency_id = p.agency_id and w.packet_id = p.packet_id) then 'recalled'
           when r.packet_id is distinct from p.packet_id then 'superseded'
           when r.status in ('draft', 'in_translation', 'awaiting_signatures', 'in_review', 'sealed') or r.sent_at is null then 'sealed'
           when r.status in ('sent', 'delivered') then 'sent' else 'acknowledged' end as state
         from packets p join referrals r on r.agency_id = p.agency_id and r.referral_id = p.referral_id where p.agency_id = $1) s
     group by county, partner_id, state`, [agency]);
  await ctx.tx.query(
    `insert into work_figures (agency_id, county, figure, partner_id, key, part, count)
     select $1, county, 'acknowledgment', partner_id, greatest(days, 0)::text, '', count(*) from (
       select r.county, r.partner_id, (m.moved_at at time zone '${OFFICE_ZONE}')::date - (r.sent_at at time zone '${OFFICE_ZONE}')::date as days
         from referrals r cross join lateral (
           select min(moved_at) as moved_at from referral_moves m
            where m.agency_id = r.agency_id and m.referral_id = r.referral_id and m.to_status in ('forwarded', 'accepted', 'incomplete', 'refused', 'in_progress', 'answered')) m
        where r.agency_id = $1 and r.direction = 'outgoing' and r.sent_at > $2::date - ${LOOK_BACK_DAYS} and m.moved_at is not null) a
     group by county, partner_id, greatest(days, 0)`, [agency, today]);
  await dropKept(ctx);
  for (const { segmentId, query } of segments) await keepSegment(ctx, segmentId, query);
  await keepWithoutFigures(ctx);
  await ctx.tx.query(
    'insert into work_figure_times (agency_id, counted_at) values ($1, $2) on conflict (agency_id, part) do update set counted_at = excluded.counted_at', [agency, ctx.clock.now()]);
}

export async function selectWorkFigures(ctx: TxCtx): Promise<{ countedAt: Date | null; rows: FigureRow[] }> {
  const [time] = await ctx.tx.query<{ countedAt: Date }[]>(`select counted_at as "countedAt" from work_figure_times where agency_id = $1 and part = 'all'`, [ctx.actor.agency]);
  const rows = await ctx.tx.query<FigureRow[]>(
    `select figure, partner_id as "partnerId", key, part, sum(count) as count from work_figures where agency_id = $1
      group by figure, partner_id, key, part order by figure, partner_id, key, part`, [ctx.actor.agency]);
  return { countedAt: time?.countedAt ?? null, rows };
}
