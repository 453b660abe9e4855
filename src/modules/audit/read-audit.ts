import { readFileSync } from 'node:fs';
import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { isCalendarDate } from '../../platform/dates.ts';
import { AppError } from '../../platform/errors.ts';
import { OPEN_MINUTES, openForReading } from '../../platform/page-openings.ts';
import { recordAudit } from './record-audit.ts';
import { selectEvents, selectWhoSaw } from './audit-reading.store.ts';
import type { AfterEvent, RecordedEvent } from './audit-reading.store.ts';
import { VIEWING_ACTIONS } from './read-actions.ts';

const PAGE_SIZE_MAX = 200;
const CASES_MAX = 20;

let published: { readonly actions: readonly string[]; readonly subjects: readonly string[] } | null = null;

/** Every action that the record knows, and every kind of thing that they are done to. */
export function listAuditActions(): { readonly actions: readonly string[]; readonly subjects: readonly string[] } {
  if (published === null) {
    const file = JSON.parse(readFileSync(new URL('./actions.json', import.meta.url), 'utf8')) as { actions: Record<string, { subject: string }> };
    published = { actions: Object.keys(file.actions), subjects: [...new Set(Object.values(file.actions).map(({ subject }) => subject))].sort() };
  }
  return published;
}

export interface AuditQuery {
  readonly actorId?: string | undefined;
  readonly action?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** As `next` of the page before gave it. */
  readonly after?: string | undefined;
  readonly isOldestFirst?: boolean;
  readonly pageSize?: number;
}

/**
 * Who did what, by time. Events of a county are seen by its people, those without one by who sees all counties.
 * @throws AppError `audit.date_wrong`, `audit.place_wrong`.
 */
export async function listAuditEvents(ctx: Ctx, query: AuditQuery = {}): Promise<{ readonly rows: readonly RecordedEvent[]; readonly next: string | null }> {
  authorise(ctx, 'audit.read');
  const limit = Math.min(Math.max(query.pageSize ?? 25, 1), PAGE_SIZE_MAX);
  const filter = {
    actorId: query.actorId ?? null, action: query.action ?? null, subjectId: query.subjectId ?? null, subjectTypes: listAuditActions().subjects, ...daysOf(query),
  };
  const rows = await inTransaction(ctx, (tx) => selectEvents(tx, filter, { after: placeOf(query.after), isOldestFirst: query.isOldestFirst ?? false, limit: limit + 1 }));
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last ? `${last.happenedAt.toISOString()}~${last.eventId}` : null };
}

export interface WhoSawQuery {
  /** All cases of the person who is asked about. */
  readonly caseIds: readonly string[];
  /** Where one person of them is meant: who they are there. */
  readonly participantIds?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly isOldestFirst?: boolean;
  readonly page?: number;
  readonly pageSize?: number;
}

export interface Seen extends RecordedEvent {
  readonly caseId: string;
}

/**
 * Everybody who opened one of these cases, its papers, messages and numbers, as far as the actor sees the county; a partner's officers too.
 * That it was asked is written down itself.
 * @throws AppError `audit.date_wrong`.
 */
export async function whoSaw(ctx: Ctx, query: WhoSawQuery): Promise<{ readonly rows: readonly Seen[]; readonly hasNext: boolean }> {
  authorise(ctx, 'audit.who_saw');
  const limit = Math.min(Math.max(query.pageSize ?? 50, 1), PAGE_SIZE_MAX);
  const caseIds = query.caseIds.slice(0, CASES_MAX);
  const filter = { caseIds, participantIds: query.participantIds ?? null, actions: VIEWING_ACTIONS, ...daysOf(query) };
  const offset = (Math.max(query.page ?? 1, 1) - 1) * limit;
  return inTransaction(ctx, async (tx) => {
    const rows = await selectWhoSaw(tx, filter, { offset, limit: limit + 1, isOldestFirst: query.isOldestFirst ?? false });
    return { rows: rows.slice(0, limit), hasNext: rows.length > limit };
  });
}

/** Writes down that somebody has opened a record of what others did; turning pages and asking for less is the same opening for 15 minutes. */
export async function noteRecordOpened(ctx: Ctx, list: 'audit' | 'disclosures'): Promise<void> {
  authorise(ctx, list === 'audit' ? 'audit.read' : 'disclosures.oversee');
  await inTransaction(ctx, async (tx) => {
    if (await openForReading(tx, `list:${list}`, OPEN_MINUTES)) await recordAudit(tx, { action: 'audit.record_opened', subject: { type: 'list', id: list } });
  });
}

export interface AskedAbout {
  readonly caseId: string;
  readonly county: string;
  readonly participantId: string | null;
}

/** Writes down that somebody asked who saw these cases, or a person of them; of each case once within an hour, however many pages were turned. */
export async function noteWhoSaw(ctx: Ctx, asked: readonly AskedAbout[]): Promise<void> {
  authorise(ctx, 'audit.who_saw');
  await inTransaction(ctx, async (tx) => {
    for (const { caseId, county, participantId } of asked) {
      const details: Record<string, string> = participantId === null ? {} : { participantId };
      await recordAudit(tx, { action: 'audit.who_saw_asked', subject: { type: 'case', id: caseId }, county, details }, { isOncePerHour: true });
    }
  });
}

function daysOf({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): { from: string | null; to: string | null } {
  for (const day of [from, to]) if (day !== undefined && !isCalendarDate(day)) throw new AppError('invalid', 'audit.date_wrong');
  return { from: from ?? null, to: to ?? null };
}

function placeOf(after: string | undefined): AfterEvent | null {
  if (after === undefined) return null;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)~(aud_[0-9A-Z]{26})$/.exec(after);
  const happenedAt = new Date(match?.[1] ?? Number.NaN);
  if (!match || Number.isNaN(happenedAt.getTime())) throw new AppError('invalid', 'audit.place_wrong');
  return { happenedAt, eventId: match[2] as string };
}
