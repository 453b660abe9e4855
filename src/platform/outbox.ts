import type { TxCtx } from './context.ts';
import { newId } from './ids.ts';

/** Ids, codes and counts: whatever reads the event later looks the rest up, as it is then and as it may see it. */
export type EventBody = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

const NAME = /^[a-z][a-z_]*(\.[a-z][a-z_]*)+$/;
const BODY_CHARACTERS_MAX = 4_000;
const RELAYED_KEPT_DAYS = 30;

/** An event as a job receives it. */
export interface OutboxEvent {
  readonly eventId: string;
  readonly name: string;
  readonly body: EventBody;
  readonly emittedBy: string;
}

/**
 * Says in this transaction that something happened (`packet.sealed`). It is told to the jobs that wait for it only if the
 * transaction commits, at least once, by the serving process.
 */
export async function emit(ctx: TxCtx, name: string, body: EventBody): Promise<string> {
  const text = JSON.stringify(body);
  if (!NAME.test(name) || text.length > BODY_CHARACTERS_MAX) throw new Error(`fault: event ${name} is no dotted name or carries too much`);
  const eventId = newId('evt');
  await ctx.tx.query(
    'insert into outbox_events (agency_id, event_id, name, body, emitted_at, emitted_by) values ($1, $2, $3, $4, $5, $6)',
    [ctx.actor.agency, eventId, name, text, ctx.clock.now(), ctx.actor.id],
  );
  return eventId;
}

/**
 * Takes waiting events, oldest first, and marks them relayed; rows that another relay holds are passed over. The caller
 * hands them on in this same transaction.
 */
export async function takeEvents(ctx: TxCtx, limit: number): Promise<OutboxEvent[]> {
  // TypeORM returns [rows, count] for an UPDATE.
  const [rows] = await ctx.tx.query<[{ event_id: string; name: string; body: EventBody; emitted_by: string }[], number]>(
    `update outbox_events set relayed_at = $2
      where (agency_id, event_id) in (select agency_id, event_id from outbox_events
              where agency_id = $1 and relayed_at is null order by event_id limit $3 for update skip locked)
      returning event_id, name, body, emitted_by`,
    [ctx.actor.agency, ctx.clock.now(), limit],
  );
  return rows
    .map((row) => ({ eventId: row.event_id, name: row.name, body: row.body, emittedBy: row.emitted_by }))
    .sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
}

/** Relayed events have told what they had to tell; the audit log is what remembers. */
export async function sweepEvents(ctx: TxCtx): Promise<void> {
  const before = new Date(ctx.clock.now().getTime() - RELAYED_KEPT_DAYS * 86_400_000);
  await ctx.tx.query('delete from outbox_events where agency_id = $1 and relayed_at < $2', [ctx.actor.agency, before]);
}

/**
 * Says that a moment has come which comes every so often (`every` milliseconds), once for all processes: the first that says it
 * emits the event, in this transaction; for the others it has been said.
 */
export async function emitTick(ctx: TxCtx, name: string, every: number): Promise<boolean> {
  const tickAt = new Date(Math.floor(ctx.clock.now().getTime() / every) * every);
  const rows = await ctx.tx.query<unknown[]>(
    'insert into job_ticks (agency_id, name, tick_at) values ($1, $2, $3) on conflict do nothing returning name', [ctx.actor.agency, name, tickAt]);
  if (rows.length === 0) return false;
  await emit(ctx, name, { tickAt: tickAt.toISOString() });
  return true;
}

/** Moments long past need no record. */
export async function sweepTicks(ctx: TxCtx): Promise<void> {
  const before = new Date(ctx.clock.now().getTime() - RELAYED_KEPT_DAYS * 86_400_000);
  await ctx.tx.query('delete from job_ticks where agency_id = $1 and tick_at < $2', [ctx.actor.agency, before]);
}
