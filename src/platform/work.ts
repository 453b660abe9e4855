import { isAllowed } from './authorise.ts';
import type { Permission } from './authorise.ts';
import { inTransaction } from './context.ts';
import type { Ctx, TxCtx } from './context.ts';
import { AppError } from './errors.ts';
import type { Param } from './errors.ts';
import { isId, newId } from './ids.ts';

/** So many things that were not done are told one by one; beyond, they are only counted. */
export const FAILURES_TOLD_MAX = 1_000;
const KEPT_DAYS = 30;
const OWN_ADDRESS = /^\/(?![/\\])[^\\\p{Cc}]{0,1998}$/u;

export type WorkState = 'running' | 'done' | 'failed';

/** How far long work is, as its page shows it. */
export interface Work {
  readonly workId: string;
  /** `referrals.batch_send`: its words are `referrals:work.batch_send`. */
  readonly kind: string;
  readonly state: WorkState;
  /** Null where nobody knows how much there is. */
  readonly total: number | null;
  readonly done: number;
  readonly failed: number;
  /** Where the result is; only when the work has ended. */
  readonly to: string | null;
  readonly begunAt: Date;
  readonly changedAt: Date;
  readonly endedAt: Date | null;
}

/** One thing that was not done, and why: words `<namespace>:errors.<code>`. `subject` names it to the reader: a case or file number, never a person. */
export interface NotDone {
  readonly subject: string;
  readonly code: string;
  readonly params?: Readonly<Record<string, Param>>;
  /** The page on which it can be mended. */
  readonly address?: string;
}

export interface NewWork {
  readonly kind: string;
  readonly total: number | null;
  /** SHA-256 of what it is about, where the same must be found again (`workGoingOn`). */
  readonly digest?: string;
  /** Whoever else may look on: only people who see all counties, and have this permission. Without it, only who began it. */
  readonly permission?: Permission;
}

interface WorkRow {
  work_id: string; kind: string; state: WorkState; total: number | null; done: number; failed: number; result_address: string | null;
  begun_at: Date; changed_at: Date; ended_at: Date | null; begun_by: string; permission: Permission | null;
}

/** Begins long work in the transaction that causes it, usually together with the event that wakes its job. The use case has authorised. */
export async function beginWork(tx: TxCtx, work: NewWork): Promise<string> {
  const workId = newId('wrk');
  await tx.tx.query(
    'insert into long_works (agency_id, work_id, kind, begun_by, permission, total, begun_at, changed_at, digest) values ($1, $2, $3, $4, $5, $6, $7, $7, $8)',
    [tx.actor.agency, workId, work.kind, tx.actor.id, work.permission ?? null, work.total, tx.clock.now(), work.digest ?? null]);
  return workId;
}

/** The actor's own work about the same that goes on, in the transaction that would else begin it: two at once begin one. What has stood still for `minutes` does not count. */
export async function workGoingOn(tx: TxCtx, { kind, digest, minutes }: { readonly kind: string; readonly digest: string; readonly minutes: number }): Promise<string | null> {
  const { actor: { agency, id } } = tx;
  await tx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`work:${agency}:${id}:${kind}:${digest}`]);
  const [row] = await tx.tx.query<{ workId: string }[]>(
    `select work_id as "workId" from long_works where agency_id = $1 and begun_by = $2 and kind = $3 and digest = $4 and state = 'running' and changed_at > $5 order by begun_at desc, work_id desc limit 1`,
    [agency, id, kind, digest, new Date(tx.clock.now().getTime() - minutes * 60_000)]);
  return row?.workId ?? null;
}

/**
 * Counts what was done and tells what was not, in the transaction of the thing itself: then a job that is run again counts nothing twice.
 * Outside of a transaction it makes its own, so that a refusal that undid everything is told all the same.
 */
export async function advanceWork(ctx: Ctx, workId: string, step: { readonly done?: number; readonly notDone?: readonly NotDone[] }): Promise<void> {
  const notDone = step.notDone ?? [];
  await inTransaction(ctx, async (tx) => {
    const rows = unwrapped<{ failed: number; begun_by: string }>(await tx.tx.query(
      `update long_works set done = done + $3, failed = failed + $4, changed_at = $5 where agency_id = $1 and work_id = $2 and state = 'running'
       returning failed - $4 as failed, begun_by`,
      [tx.actor.agency, workId, step.done ?? 0, notDone.length, tx.clock.now()]));
    const [row] = rows;
    if (!row) throw new AppError('conflict', 'work.not_running');
    const told = notDone.slice(0, Math.max(0, FAILURES_TOLD_MAX - row.failed));
    if (told.length > 0) await tell(tx, workId, row.begun_by, row.failed, told);
  });
}

async function tell(tx: TxCtx, workId: string, begunBy: string, after: number, told: readonly NotDone[]): Promise<void> {
  await tx.tx.query(
    `insert into long_work_failures (agency_id, work_id, position, begun_by, subject, code, params, address)
     select $1, $2, $4 + n, $3, left(subject, 100), code, params::jsonb, address
       from unnest($5::text[], $6::text[], $7::text[], $8::text[]) with ordinality as given (subject, code, params, address, n)`,
    [tx.actor.agency, workId, begunBy, after, told.map((one) => one.subject), told.map((one) => one.code), told.map((one) => JSON.stringify(one.params ?? {})),
      told.map((one) => (one.address !== undefined && OWN_ADDRESS.test(one.address) ? one.address : null))]);
}

/** Says that it is over and where its result is; said again, it changes nothing. `failed` is for work that stopped, not for work of which parts were not done. */
export async function endWork(ctx: Ctx, workId: string, end: { readonly state: 'done' | 'failed'; readonly to?: string }): Promise<void> {
  if (end.to !== undefined && !OWN_ADDRESS.test(end.to)) throw new Error('fault: the result of long work lies on another host');
  await inTransaction(ctx, (tx) => tx.tx.query(
    `update long_works set state = $3, result_address = $4, ended_at = $5, changed_at = $5 where agency_id = $1 and work_id = $2 and state = 'running'`,
    [tx.actor.agency, workId, end.state, end.to ?? null, tx.clock.now()]));
}

/** @throws AppError `work.unknown` (not found), also for work that is nobody's business of this actor. */
export async function readWork(ctx: Ctx, workId: string): Promise<Work> {
  const [work] = isId('wrk', workId) ? await readWorks(ctx, [workId]) : [];
  if (!work) throw new AppError('not_found', 'work.unknown');
  return work;
}

/** Those of these works that the actor may see, in one look. */
export async function readWorks(ctx: Ctx, workIds: readonly string[]): Promise<Work[]> {
  const rows = await inTransaction(ctx, (tx) => tx.tx.query<WorkRow[]>(
    `select work_id, kind, state, total, done, failed, result_address, begun_at, changed_at, ended_at, begun_by, permission
       from long_works where agency_id = $1 and work_id = any ($2)`, [tx.actor.agency, workIds]));
  const isSeen = (row: WorkRow): boolean => row.begun_by === ctx.actor.id || ctx.actor.kind === 'system' || (row.permission !== null && isAllowed(ctx, row.permission));
  return rows.filter(isSeen).map((row) => ({
    workId: row.work_id, kind: row.kind, state: row.state, total: row.total, done: row.done, failed: row.failed, to: row.result_address,
    begunAt: row.begun_at, changedAt: row.changed_at, endedAt: row.ended_at,
  }));
}

const FAILURES_PER_PAGE = 50;

/** What was not done, in the order in which it was told. The caller has read the work. */
export async function listNotDone(ctx: Ctx, workId: string, page = 1): Promise<{ rows: NotDone[]; hasNext: boolean }> {
  await readWork(ctx, workId);
  const rows = await inTransaction(ctx, (tx) => tx.tx.query<{ subject: string; code: string; params: Record<string, Param>; address: string | null }[]>(
    `select subject, code, params, address from long_work_failures where agency_id = $1 and work_id = $2 order by position limit $3 offset $4`,
    [tx.actor.agency, workId, FAILURES_PER_PAGE + 1, (page - 1) * FAILURES_PER_PAGE]));
  return {
    rows: rows.slice(0, FAILURES_PER_PAGE).map(({ subject, code, params, address }) => ({ subject, code, params, ...(address === null ? {} : { address }) })),
    hasNext: rows.length > FAILURES_PER_PAGE,
  };
}

/** Work that ended long ago needs no page. */
export async function sweepWork(ctx: TxCtx): Promise<void> {
  const before = new Date(ctx.clock.now().getTime() - KEPT_DAYS * 86_400_000);
  await ctx.tx.query("delete from long_works where agency_id = $1 and state <> 'running' and ended_at < $2", [ctx.actor.agency, before]);
}

/** TypeORM answers an update with [rows, count]. */
function unwrapped<Row>(answer: unknown): Row[] {
  return (Array.isArray(answer) && Array.isArray(answer[0]) ? answer[0] : answer) as Row[];
}
