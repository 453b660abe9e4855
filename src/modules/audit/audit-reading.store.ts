import type { TxCtx } from '../../platform/context.ts';

/** An event as a page shows it. Names are looked up at the time of reading; an id that has no account is a job or the machine's operator. */
export interface RecordedEvent {
  readonly eventId: string;
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  /** Of an account, whose it is. */
  readonly subjectName: string | null;
  readonly actorKind: string;
  readonly actorId: string;
  readonly actorName: string | null;
  /** The roles that the account has now. */
  readonly actorRoles: readonly string[] | null;
  readonly actorPartner: string | null;
  readonly partnerId: string | null;
  readonly county: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly happenedAt: Date;
}

const COLUMNS = `e.event_id as "eventId", e.action, e.subject_type as "subjectType", e.subject_id as "subjectId", su.display_name as "subjectName", e.actor_kind as "actorKind", e.actor_id as "actorId", u.display_name as "actorName", u.roles as "actorRoles",
  e.actor_partner as "actorPartner", e.partner_id as "partnerId", e.county, e.details, e.happened_at as "happenedAt"`;
const NAMES = `left join users u on u.agency_id = e.agency_id and u.user_id = e.actor_id left join users su on e.subject_type = 'user' and su.agency_id = e.agency_id and su.user_id = e.subject_id`;
const OFFICE_ZONE = 'America/Los_Angeles';

export interface EventFilter {
  readonly actorId: string | null;
  readonly action: string | null;
  readonly subjectId: string | null;
  /** Kinds of subject that an id may name; needed where `subjectId` is given, so that an index answers. */
  readonly subjectTypes: readonly string[];
  /** The first and the last day, of the office. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Behind this event, in the order of the list. */
export interface AfterEvent {
  readonly happenedAt: Date;
  readonly eventId: string;
}

/** Events in the order of time, the newest first or last; read by whichever index fits what is asked. */
export async function selectEvents(ctx: TxCtx, filter: EventFilter, { after, isOldestFirst, limit }: { after: AfterEvent | null; isOldestFirst: boolean; limit: number }): Promise<RecordedEvent[]> {
  const values: unknown[] = [ctx.actor.agency];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = ['e.agency_id = $1'];
  if (filter.actorId !== null) where.push(`e.actor_id = ${bind(filter.actorId)}`);
  if (filter.action !== null) where.push(`e.action = ${bind(filter.action)}`);
  if (filter.subjectId !== null) where.push(`e.subject_type = any(${bind(filter.subjectTypes)}) and e.subject_id = ${bind(filter.subjectId)}`);
  if (filter.from !== null) where.push(`e.happened_at >= ${bind(filter.from)}::date::timestamp at time zone '${OFFICE_ZONE}'`);
  if (filter.to !== null) where.push(`e.happened_at < (${bind(filter.to)}::date + 1)::timestamp at time zone '${OFFICE_ZONE}'`);
  if (after !== null) where.push(`(e.happened_at, e.event_id) ${isOldestFirst ? '>' : '<'} (${bind(after.happenedAt)}, ${bind(after.eventId)})`);
  const order = isOldestFirst ? 'asc' : 'desc';
  return ctx.tx.query<RecordedEvent[]>(
    `select ${COLUMNS} from (select * from audit_events e where ${where.join(' and ')} order by e.happened_at ${order}, e.event_id ${order} limit ${bind(limit)}) e ${NAMES}
      order by e.happened_at ${order}, e.event_id ${order}`, values);
}


export interface WhoSawFilter {
  readonly caseIds: readonly string[];
  /** Only what was revealed of this person, of what is recorded person by person. */
  readonly participantIds: readonly string[] | null;
  readonly actions: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Everybody who got to see what is told of these cases: one query, over what is about each of them, over events that name them in their
 * details (`audit_event_cases`), and over the lists that told of them (`audit_listings`). All of it is found by indexes; only the events of these cases are read.
 */
export async function selectWhoSaw(ctx: TxCtx, filter: WhoSawFilter, { offset, limit, isOldestFirst }: { offset: number; limit: number; isOldestFirst: boolean }): Promise<(RecordedEvent & { caseId: string })[]> {
  const order = isOldestFirst ? 'asc' : 'desc';
  return ctx.tx.query<(RecordedEvent & { caseId: string })[]>(
    `with wanted as materialized (select unnest($2::text[]) as case_id),
       about as materialized (select w.case_id, s.* from wanted w cross join lateral audit_case_subjects($1, w.case_id) s),
       found as materialized (
         select a.case_id, e.* from about a join audit_events e on e.agency_id = $1 and e.subject_type = a.subject_type and e.subject_id = a.subject_id
         union all
         select c.case_id, e.* from wanted w join audit_event_cases c on c.agency_id = $1 and c.case_id = w.case_id
           join audit_events e on e.agency_id = $1 and e.event_id = c.event_id
         union all
         select l.case_id, (l.event).* from audit_listings_of($1, $2) l),
       seen as (
         select distinct on (event_id) * from found e
          where e.action = any($3) and ($4::text[] is null or not e.details ? 'participantId' or e.details ->> 'participantId' = any($4))
            and ($5::date is null or e.happened_at >= $5::date::timestamp at time zone '${OFFICE_ZONE}')
            and ($6::date is null or e.happened_at < ($6::date + 1)::timestamp at time zone '${OFFICE_ZONE}')
          order by event_id, case_id)
     select e.case_id as "caseId", ${COLUMNS} from seen e ${NAMES}
      order by e.happened_at ${order}, e.event_id ${order} offset $7 limit $8`,
    [ctx.actor.agency, filter.caseIds, filter.actions, filter.participantIds, filter.from, filter.to, offset, limit]);
}
