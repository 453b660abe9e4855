import { recordAudit } from '../../audit/index.ts';
import { authorise, isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { officeDay } from '../clocks/office-day.ts';
import { lockItem, lockNextItem, selectHeld, selectHeldBy, selectItems, updateClaim } from './queue.store.ts';
import type { QueueItem } from './queue.store.ts';
import { segmentQuery } from './segments.ts';

/** How long an item is somebody's. It comes back by itself, so that what a person leaves lying is not lost. */
export const LEASE_MINUTES = 120;
const HELD_MAX = 20;
const PAGE_SIZE_MAX = 200;

/**
 * Hands the worker the free item with the earliest compliance date, and nobody else the same one until it is returned, done or its
 * lease is over.
 * @returns null where nothing is to be done.
 * @throws AppError `queue.too_many_held`, `segment.unknown`.
 */
export async function takeNext(ctx: Ctx, options: { segmentId?: string | null } = {}): Promise<QueueItem | null> {
  authorise(ctx, 'queue.take');
  const segment = options.segmentId ? segmentQuery(ctx, options.segmentId) : null;
  return inTransaction(ctx, async (tx) => {
    const held = await selectHeldBy(tx, ctx.actor.id);
    if (held.length >= HELD_MAX) throw new AppError('conflict', 'queue.too_many_held', { params: { count: held.length } });
    const item = await lockNextItem(tx, officeDay(tx), segment);
    if (item === null) return null;
    const until = new Date(tx.clock.now().getTime() + LEASE_MINUTES * 60_000);
    await updateClaim(tx, item, { by: ctx.actor.id, until });
    await recordAudit(tx, {
      action: 'queue.taken', subject: { type: 'queue_item', id: item.subjectId }, county: item.county,
      details: { kind: item.kind, reason: item.reason, dueOn: item.dueOn },
    });
    await emit(tx, 'queue.taken', { kind: item.kind, subjectId: item.subjectId });
    return { ...item, claimedBy: ctx.actor.id, claimedAt: tx.clock.now(), claimedUntil: until };
  });
}

/**
 * Gives an item back, for the next worker. Whoever holds it may; a supervisor may for anybody.
 * @throws AppError `queue.not_yours`, `queue.not_found`.
 */
export async function returnItem(ctx: Ctx, kind: string, subjectId: string): Promise<void> {
  authorise(ctx, 'queue.take');
  await inTransaction(ctx, async (tx) => {
    const item = await lockItem(tx, kind, subjectId);
    if (item === null) throw new AppError('not_found', 'queue.not_found');
    if (item.claimedBy === null) return;
    if (item.claimedBy !== ctx.actor.id && !isAllowed(ctx, 'queue.reassign')) throw new AppError('forbidden', 'queue.not_yours');
    await updateClaim(tx, item, null);
    await recordAudit(tx, {
      action: 'queue.returned', subject: { type: 'queue_item', id: item.subjectId }, county: item.county, details: { kind: item.kind, heldBy: item.claimedBy },
    });
    await emit(tx, 'queue.returned', { kind: item.kind, subjectId: item.subjectId });
  });
}

/** Somebody to whom work is given; the caller knows that this is one of the agency's own people who may take it. */
export interface Worker {
  readonly userId: string;
  readonly counties: readonly string[] | 'all';
}

const HELD_SHOWN_MAX = 200;

/** What everybody holds now, for whoever sees to it that it is done. @throws AppError `access.forbidden`. */
export async function listHeldByAll(ctx: Ctx): Promise<readonly QueueItem[]> {
  authorise(ctx, 'queue.reassign');
  return inTransaction(ctx, (tx) => selectHeld(tx, HELD_SHOWN_MAX));
}

/**
 * Gives an item to somebody, whoever held it, for as long as if it had been taken.
 * @throws AppError `queue.not_found`, `queue.not_their_county`, `queue.too_many_held`, `access.forbidden`.
 */
export async function reassignItem(ctx: Ctx, kind: string, subjectId: string, to: Worker): Promise<void> {
  authorise(ctx, 'queue.reassign');
  await inTransaction(ctx, async (tx) => {
    const item = await lockItem(tx, kind, subjectId);
    if (item === null) throw new AppError('not_found', 'queue.not_found');
    if (to.counties !== 'all' && (item.county === null || !to.counties.includes(item.county))) throw new AppError('conflict', 'queue.not_their_county');
    const isHeldByThem = item.claimedBy === to.userId && item.claimedUntil !== null && item.claimedUntil > tx.clock.now();
    if (isHeldByThem) return;
    const held = await selectHeldBy(tx, to.userId);
    if (held.length >= HELD_MAX) throw new AppError('conflict', 'queue.too_many_held', { params: { count: held.length } });
    await updateClaim(tx, item, { by: to.userId, until: new Date(tx.clock.now().getTime() + LEASE_MINUTES * 60_000) });
    await recordAudit(tx, {
      action: 'queue.reassigned', subject: { type: 'queue_item', id: item.subjectId }, county: item.county, details: { kind: item.kind, heldBy: item.claimedBy, givenTo: to.userId },
    });
    await emit(tx, 'queue.taken', { kind: item.kind, subjectId: item.subjectId });
  });
}

/** What the worker holds now, the earliest date first. */
export async function listHeld(ctx: Ctx): Promise<readonly QueueItem[]> {
  authorise(ctx, 'queue.take');
  return inTransaction(ctx, (tx) => selectHeldBy(tx, ctx.actor.id));
}

export interface QueuePage {
  readonly rows: readonly QueueItem[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

/** What is to be done, held or not, the earliest compliance date first. @throws AppError `segment.unknown`. */
export async function listQueue(ctx: Ctx, query: { segmentId?: string | null; page?: number; pageSize?: number } = {}): Promise<QueuePage> {
  authorise(ctx, 'queue.take');
  const segment = query.segmentId ? segmentQuery(ctx, query.segmentId) : null;
  const pageSize = Math.min(Math.max(Math.trunc(query.pageSize ?? 50), 1), PAGE_SIZE_MAX);
  const page = Math.max(Math.trunc(query.page ?? 1), 1);
  const { rows, total } = await inTransaction(ctx, (tx) => selectItems(tx, officeDay(tx), segment, (page - 1) * pageSize, pageSize));
  return { rows, total, page, pageSize };
}
