import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { SegmentQuery } from './segment.store.ts';
import { segmentSql } from './segment.store.ts';

/** Something to do. `kind` and `subjectId` name it. */
export interface NewQueueItem {
  readonly kind: string;
  readonly subjectId: string;
  /** Null while it belongs to none: only who sees all counties sees it then. */
  readonly county: string | null;
  readonly caseId: string | null;
  readonly partnerId: string | null;
  /** The name of a clock, or a code of the kind's own. */
  readonly reason: string;
  readonly dueOn: CalendarDate;
  readonly availableOn: CalendarDate;
}

export interface QueueItem extends NewQueueItem {
  readonly claimedBy: string | null;
  readonly claimedAt: Date | null;
  readonly claimedUntil: Date | null;
  /** A referral whose packet has been sent: what is left is to hear from the partner. */
  readonly isWithPartner: boolean;
}

/** The packet has been sent, and was not sealed anew since. */
const IS_WITH_PARTNER = `(kind = 'referral' and exists (select from referrals r where r.agency_id = queue_items.agency_id and r.referral_id = queue_items.subject_id and r.sent_at is not null and r.status <> 'sealed'))`;
const COLUMNS = `kind, subject_id as "subjectId", county, case_id as "caseId", partner_id as "partnerId", reason, due_on::text as "dueOn", available_on::text as "availableOn",
  claimed_by as "claimedBy", claimed_at as "claimedAt", claimed_until as "claimedUntil", ${IS_WITH_PARTNER} as "isWithPartner"`;

/**
 * Adds an item or brings it up to date. Where what is to be done has changed, whoever held it has done the part that was held, and
 * the item is free again.
 */
export async function putQueueItem(ctx: TxCtx, item: NewQueueItem): Promise<void> {
  const kept = (column: string): string =>
    `${column} = case when queue_items.reason = excluded.reason and queue_items.due_on = excluded.due_on then queue_items.${column} end`;
  await ctx.tx.query(
    `insert into queue_items (agency_id, kind, subject_id, county, case_id, partner_id, reason, due_on, available_on) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (agency_id, kind, subject_id) do update set county = excluded.county, case_id = excluded.case_id, partner_id = excluded.partner_id,
       reason = excluded.reason, due_on = excluded.due_on, available_on = excluded.available_on, ${kept('claimed_by')}, ${kept('claimed_at')}, ${kept('claimed_until')}`,
    [ctx.actor.agency, item.kind, item.subjectId, item.county, item.caseId, item.partnerId, item.reason, item.dueOn, item.availableOn],
  );
}

/** Takes an item off the queue, because nothing is to be done any more. */
export async function removeQueueItem(ctx: TxCtx, kind: string, subjectId: string): Promise<void> {
  await ctx.tx.query('delete from queue_items where agency_id = $1 and kind = $2 and subject_id = $3', [ctx.actor.agency, kind, subjectId]);
}

/**
 * The free item with the earliest date, locked, that of a packet already sent only where there is no other; rows that somebody else is taking at this moment are passed over. A row that was taken
 * between our look and our lock is looked at anew by the database, and passed over as well.
 */
export async function lockNextItem(ctx: TxCtx, today: CalendarDate, segment: SegmentQuery | null): Promise<QueueItem | null> {
  const values: unknown[] = [ctx.actor.agency, today, ctx.clock.now()];
  const within = segment === null ? '' : `and case_id in (select s.case_id from (${segmentSql(segment, values)}) s)`;
  // What waits to be sent comes before what has been sent and waits for the partner's word.
  for (const which of [`and not (reason = 'referral.send' and ${IS_WITH_PARTNER})`, '']) {
    const [item] = await ctx.tx.query<QueueItem[]>(
      `select ${COLUMNS} from queue_items
        where agency_id = $1 and available_on <= $2 and (claimed_until is null or claimed_until <= $3) ${within} ${which}
        order by due_on, kind, subject_id limit 1 for update of queue_items skip locked`,
      values,
    );
    if (item) return item;
  }
  return null;
}

export async function updateClaim(ctx: TxCtx, item: Pick<QueueItem, 'kind' | 'subjectId'>, claim: { by: string; until: Date } | null): Promise<void> {
  await ctx.tx.query(
    `update queue_items set claimed_by = $4, claimed_at = $5, claimed_until = $6 where agency_id = $1 and kind = $2 and subject_id = $3`,
    [ctx.actor.agency, item.kind, item.subjectId, claim?.by ?? null, claim === null ? null : ctx.clock.now(), claim?.until ?? null],
  );
}

export async function lockItem(ctx: TxCtx, kind: string, subjectId: string): Promise<QueueItem | null> {
  const rows = await ctx.tx.query<QueueItem[]>(
    `select ${COLUMNS} from queue_items where agency_id = $1 and kind = $2 and subject_id = $3 for update`, [ctx.actor.agency, kind, subjectId],
  );
  return rows[0] ?? null;
}

/** What somebody holds now, the earliest date first. */
export async function selectHeldBy(ctx: TxCtx, userId: string): Promise<QueueItem[]> {
  return ctx.tx.query<QueueItem[]>(
    `select ${COLUMNS} from queue_items where agency_id = $1 and claimed_by = $2 and claimed_until > $3 order by due_on, kind, subject_id`,
    [ctx.actor.agency, userId, ctx.clock.now()],
  );
}

/** What anybody holds now, the earliest date first. */
export async function selectHeld(ctx: TxCtx, limit: number): Promise<QueueItem[]> {
  return ctx.tx.query<QueueItem[]>(
    `select ${COLUMNS} from queue_items where agency_id = $1 and claimed_by is not null and claimed_until > $2 order by due_on, kind, subject_id limit $3`, [ctx.actor.agency, ctx.clock.now(), limit],
  );
}

/** A page of what waits, held or not, the earliest date first, and how many there are. */
export async function selectItems(ctx: TxCtx, today: CalendarDate, segment: SegmentQuery | null, offset: number, limit: number): Promise<{ rows: QueueItem[]; total: number }> {
  const values: unknown[] = [ctx.actor.agency, today];
  const within = segment === null ? '' : `and case_id in (select s.case_id from (${segmentSql(segment, values)}) s)`;
  const where = `from queue_items where agency_id = $1 and available_on <= $2 ${within}`;
  const [counted] = await ctx.tx.query<{ total: string }[]>(`select count(*) as total ${where}`, values);
  const paged = [...values, offset, limit];
  const rows = await ctx.tx.query<QueueItem[]>(
    `select ${COLUMNS} ${where} order by due_on, kind, subject_id offset $${paged.length - 1} limit $${paged.length}`, paged,
  );
  return { rows, total: Number(counted?.total ?? 0) };
}
