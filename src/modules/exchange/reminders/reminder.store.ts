import type { TxCtx } from '../../../platform/context.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { selectPage } from '../../../platform/list-page.ts';
import type { Place } from '../../../platform/list-page.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { newId } from '../../../platform/ids.ts';
import type { EarlierReminder, ReminderState, Subject } from './reminder.rules.ts';

export interface ReminderRow {
  readonly reminderId: string;
  readonly rule: string;
  readonly subjectId: string;
  readonly position: number;
  readonly isEscalation: boolean;
  readonly partnerId: string;
  readonly county: string | null;
  readonly referralId: string | null;
  /** Of the referral, which people know by its case. */
  readonly caseId: string | null;
  readonly conversationId: string | null;
  readonly messageId: string | null;
  readonly dueOn: CalendarDate;
  readonly state: ReminderState;
  readonly createdOn: CalendarDate;
}

const COLUMNS = `reminder_id as "reminderId", rule, subject_id as "subjectId", position, is_escalation as "isEscalation", partner_id as "partnerId", county,
  referral_id as "referralId", (select r.case_id from referrals r where r.agency_id = exchange_reminders.agency_id and r.referral_id = exchange_reminders.referral_id) as "caseId",
  conversation_id as "conversationId", message_id as "messageId", due_on::text as "dueOn", state, created_on::text as "createdOn"`;

export interface NewReminder {
  readonly rule: string;
  readonly subject: Subject;
  readonly position: number;
  readonly messageId: string | null;
  readonly state: Extract<ReminderState, 'drafted' | 'sent' | 'escalated'>;
  readonly on: CalendarDate;
}

/** The id of the new row; null where another process was first. */
export async function insertReminder(ctx: TxCtx, given: NewReminder): Promise<string | null> {
  const { subject } = given;
  const rows = await ctx.tx.query<{ reminder_id: string }[]>(
    `insert into exchange_reminders (agency_id, reminder_id, rule, subject_id, position, is_escalation, partner_id, county, referral_id, conversation_id, message_id,
       due_on, state, created_on, created_at, changed_at, changed_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16) on conflict do nothing returning reminder_id`,
    [ctx.actor.agency, newId('rmd', ctx.clock.now().getTime()), given.rule, subject.subjectId, given.position, given.messageId === null, subject.partnerId, subject.county,
      subject.referralId, subject.conversationId, given.messageId, subject.dueOn, given.state, given.on, ctx.clock.now(), ctx.actor.id],
  );
  return rows[0]?.reminder_id ?? null;
}

/** What was done before under a rule, by subject. */
export async function selectEarlier(ctx: TxCtx, rule: string, subjectIds: readonly string[]): Promise<Map<string, EarlierReminder[]>> {
  const rows = await ctx.tx.query<(EarlierReminder & { subjectId: string })[]>(
    `select subject_id as "subjectId", position, is_escalation as "isEscalation", state, created_on::text as "createdOn"
       from exchange_reminders where agency_id = $1 and rule = $2 and subject_id = any($3)`,
    [ctx.actor.agency, rule, subjectIds],
  );
  const found = new Map<string, EarlierReminder[]>();
  for (const row of rows) found.set(row.subjectId, [...found.get(row.subjectId) ?? [], row]);
  return found;
}

/** What still waits for somebody under a rule. */
export async function selectOpenOfRule(ctx: TxCtx, rule: string): Promise<ReminderRow[]> {
  return ctx.tx.query<ReminderRow[]>(
    `select ${COLUMNS} from exchange_reminders where agency_id = $1 and rule = $2 and state in ('drafted', 'escalated') order by reminder_id`, [ctx.actor.agency, rule]);
}

export const REMINDER_SORTS = ['due', 'made', 'partner'] as const;
export type ReminderSort = (typeof REMINDER_SORTS)[number];
const ORDER: Readonly<Record<ReminderSort, string>> = { due: 'due_on', made: 'created_on', partner: 'partner_id' };

export interface OpenReminderQuery {
  readonly isEscalation: boolean;
  readonly partnerId?: string | null | undefined;
  readonly order?: ListOrder<ReminderSort> | undefined;
}

/** A page of what waits, the earliest day first, and how many there are. */
export async function selectOpen(ctx: TxCtx, { isEscalation, partnerId = null, order = { by: 'due', isDescending: false } }: OpenReminderQuery, place: Place): Promise<{ rows: ReminderRow[]; total: number }> {
  return selectPage(ctx, {
    columns: COLUMNS, from: 'exchange_reminders', where: `state in ('drafted', 'escalated') and is_escalation = $2 and ($3::text is null or partner_id = $3)`, values: [ctx.actor.agency, isEscalation, partnerId],
    agency: 'agency_id', order: ORDER, id: 'reminder_id',
  }, order, place);
}

export async function selectReminder(ctx: TxCtx, reminderId: string): Promise<ReminderRow | null> {
  const rows = await ctx.tx.query<ReminderRow[]>(`select ${COLUMNS} from exchange_reminders where agency_id = $1 and reminder_id = $2 for update`, [ctx.actor.agency, reminderId]);
  return rows[0] ?? null;
}

export async function updateReminder(ctx: TxCtx, reminderId: string, state: ReminderState): Promise<void> {
  await ctx.tx.query(
    'update exchange_reminders set state = $3, changed_at = $4, changed_by = $5 where agency_id = $1 and reminder_id = $2',
    [ctx.actor.agency, reminderId, state, ctx.clock.now(), ctx.actor.id],
  );
}

export interface UnansweredRow {
  readonly messageId: string;
  readonly conversationId: string;
  readonly referralId: string | null;
  readonly partnerId: string;
  readonly county: string | null;
  readonly storedAt: Date;
}

/** Messages of ours of these kinds that have reached the partner and that no message of the partner answers, a page at a time. */
export async function selectUnanswered(ctx: TxCtx, given: { kinds: readonly string[]; before: Date; after: string; limit: number }): Promise<UnansweredRow[]> {
  return ctx.tx.query<UnansweredRow[]>(
    `select m.message_id as "messageId", m.conversation_id as "conversationId", c.referral_id as "referralId", m.partner_id as "partnerId", m.county, m.stored_at as "storedAt"
       from exchange_messages m join exchange_conversations c on c.agency_id = m.agency_id and c.conversation_id = m.conversation_id
      where m.agency_id = $1 and m.direction = 'out' and m.state in ('delivered', 'retrieved') and m.kind = any($2) and m.stored_at < $3 and m.message_id > $4
        and not exists (select from exchange_messages a where a.agency_id = m.agency_id and a.in_reply_to = m.message_id and a.direction = 'in' and a.state = 'stored' and a.kind <> 'acknowledgment')
      order by m.message_id limit $5`,
    [ctx.actor.agency, given.kinds, given.before, given.after, given.limit],
  );
}

/** The id under which the partner knows our newest message of a kind in the conversation of a referral. */
export async function selectSentMessage(ctx: TxCtx, referralId: string, kind: string): Promise<string | null> {
  const rows = await ctx.tx.query<{ id: string }[]>(
    `select m.sender_message_id as id from exchange_messages m join exchange_conversations c on c.agency_id = m.agency_id and c.conversation_id = m.conversation_id
      where m.agency_id = $1 and c.referral_id = $2 and m.direction = 'out' and m.kind = $3 and m.state in ('delivered', 'retrieved', 'expired')
      order by m.message_id desc limit 1`,
    [ctx.actor.agency, referralId, kind],
  );
  return rows[0]?.id ?? null;
}

/** Under which numbers both offices keep the matter; ours is the case's where the conversation has none yet. */
export async function selectFileNumbers(ctx: TxCtx, subject: Pick<Subject, 'conversationId' | 'referralId' | 'caseId'>): Promise<{ ours: string | null; theirs: string | null }> {
  const rows = await ctx.tx.query<{ ours: string | null; theirs: string | null }[]>(
    `select our_file_number as ours, partner_file_number as theirs from exchange_conversations
      where agency_id = $1 and (conversation_id = $2 or referral_id = $3) order by (conversation_id = $2) desc nulls last limit 1`,
    [ctx.actor.agency, subject.conversationId, subject.referralId],
  );
  return { ours: rows[0]?.ours ?? subject.caseId, theirs: rows[0]?.theirs ?? null };
}
