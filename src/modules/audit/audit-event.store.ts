import type { TxCtx } from '../../platform/context.ts';
import type { AuditEvent } from './audit-event.rules.ts';

export async function insertEvent(ctx: TxCtx, eventId: string, event: AuditEvent): Promise<void> {
  const { actor } = ctx;
  await ctx.tx.query(
    `insert into audit_events (agency_id, event_id, action, subject_type, subject_id, actor_kind, actor_id, actor_partner, partner_id, county, details, happened_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing`,
    [actor.agency, eventId, event.action, event.subject.type, event.subject.id, actor.kind, actor.id, actor.partner ?? actor.office ?? null,
      event.partner ?? null, event.county ?? null, JSON.stringify(event.details ?? {}), ctx.clock.now()],
  );
}

/** Faults listed for each kind; one is already too many. */
const FAULTS_LISTED_MAX = 100;

/** Each query names in `id` the event or the link that is wrong. */
const CHECKS: Readonly<Record<string, string>> = {
  'audit.link_broken': `
    select 'link ' || seq as id from (
      select seq, previous_hash, row_number() over (order by seq) as place,
             coalesce(lag(hash) over (order by seq), decode(repeat('00', 32), 'hex')) as expected_hash
        from audit_chain where agency_id = $1) c
     where seq <> place or previous_hash <> expected_hash`,
  'audit.event_missing': `
    select c.event_id as id from audit_chain c
     where c.agency_id = $1 and not exists (select from audit_events e where e.agency_id = $1 and e.event_id = c.event_id)`,
  'audit.event_changed': `
    select e.event_id as id from audit_chain c join audit_events e on e.agency_id = c.agency_id and e.event_id = c.event_id
     where c.agency_id = $1 and c.hash <> audit_event_hash(c.previous_hash, c.seq, e)`,
  'audit.event_inserted': `
    select e.event_id as id from audit_events e
     where e.agency_id = $1 and not exists (select from audit_chain c where c.agency_id = $1 and c.event_id = e.event_id)`,
  'audit.listing_changed': `
    select e.event_id as id from audit_events e
      left join (select event_id, encode(sha256(convert_to(string_agg(key, E'\\n' order by key collate "C"), 'UTF8')), 'hex') as digest
                   from audit_listings l cross join unnest(l.keys) key where l.agency_id = $1 group by event_id) k using (event_id)
     where e.agency_id = $1 and e.action in ('list.shown', 'list.exported') and e.details ->> 'digest' is distinct from k.digest`,
  'audit.head_differs': `
    select 'link ' || coalesce(h.seq, c.seq) as id
      from (select seq, hash from audit_heads where agency_id = $1) h
      full join (select seq, hash from audit_chain where agency_id = $1 order by seq desc limit 1) c on true
     where h.seq is distinct from c.seq or h.hash is distinct from c.hash`,
};

export async function findFaults(ctx: TxCtx): Promise<{ code: string; id: string }[]> {
  // Every check reads whole tables. Right after a large import these have no statistics yet, and the planner would pair their rows one by one.
  await ctx.tx.query("select set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true)");
  const faults: { code: string; id: string }[] = [];
  for (const [code, query] of Object.entries(CHECKS)) {
    const rows = await ctx.tx.query<{ id: string }[]>(`select id from (${query}) f order by id limit ${FAULTS_LISTED_MAX}`, [ctx.actor.agency]);
    faults.push(...rows.map((row) => ({ code, id: row.id })));
  }
  await ctx.tx.query("select set_config('enable_nestloop', 'on', true)");
  return faults;
}

export interface ChainEnd {
  events: string;
  seq: string | null;
  hash: string | null;
}

export async function chainEnd(ctx: TxCtx): Promise<ChainEnd> {
  const rows = await ctx.tx.query<ChainEnd[]>(
    `select (select count(*) from audit_events where agency_id = $1) as events, h.seq, encode(h.hash, 'hex') as hash
       from (select 1) one left join audit_heads h on h.agency_id = $1`, [ctx.actor.agency]);
  return rows[0] as ChainEnd;
}

export async function hasLink(ctx: TxCtx, seq: bigint, hashHex: string): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>('select 1 from audit_chain where agency_id = $1 and seq = $2 and hash = decode($3, \'hex\')', [ctx.actor.agency, seq.toString(), hashHex]);
  return rows.length === 1;
}
