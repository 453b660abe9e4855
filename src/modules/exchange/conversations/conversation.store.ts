import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { selectPage } from '../../../platform/list-page.ts';
import type { Place } from '../../../platform/list-page.ts';

export const CONVERSATION_SUBJECTS = ['referral', 'inquiry', 'application', 'caseload', 'money', 'general'] as const;
export type Subject = (typeof CONVERSATION_SUBJECTS)[number];

/** What belongs together, whoever began it. */
export interface ConversationRow {
  readonly conversationId: string;
  readonly partnerId: string;
  readonly county: string | null;
  /** The id that both sides use on the wire: the opener's. */
  readonly wireId: string;
  readonly openedByUs: boolean;
  readonly subject: Subject;
  readonly referralId: string | null;
  readonly ourFileNumber: string | null;
  readonly partnerFileNumber: string | null;
  readonly openedAt: Date;
  readonly lastMessageAt: Date;
}

const COLUMNS = `conversation_id as "conversationId", partner_id as "partnerId", county, wire_id as "wireId", opened_by_us as "openedByUs", subject, referral_id as "referralId",
  our_file_number as "ourFileNumber", partner_file_number as "partnerFileNumber", opened_at as "openedAt", last_message_at as "lastMessageAt"`;

/** One at a time of those that write for a partner: what comes twice at once is one, and nothing is given two answers. */
export async function lockPartner(ctx: TxCtx, partnerId: string): Promise<void> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`exchange:${ctx.actor.agency}:${partnerId}`]);
}

export async function findConversation(ctx: TxCtx, conversationId: string): Promise<ConversationRow | null> {
  const rows = await ctx.tx.query<ConversationRow[]>(`select ${COLUMNS} from exchange_conversations where agency_id = $1 and conversation_id = $2`, [ctx.actor.agency, conversationId]);
  return rows[0] ?? null;
}

/** By any id under which this partner may name it. */
export async function findByWireId(ctx: TxCtx, partnerId: string, wireId: string): Promise<ConversationRow | null> {
  const rows = await ctx.tx.query<ConversationRow[]>(
    `select ${COLUMNS} from exchange_conversations where agency_id = $1 and conversation_id =
       (select w.conversation_id from exchange_wire_ids w where w.agency_id = $1 and w.partner_id = $2 and w.wire_id = $3)`,
    [ctx.actor.agency, partnerId, wireId],
  );
  return rows[0] ?? null;
}

export async function findByReferral(ctx: TxCtx, referralId: string): Promise<ConversationRow | null> {
  const rows = await ctx.tx.query<ConversationRow[]>(`select ${COLUMNS} from exchange_conversations where agency_id = $1 and referral_id = $2`, [ctx.actor.agency, referralId]);
  return rows[0] ?? null;
}

export type NewConversation = Omit<ConversationRow, 'openedAt' | 'lastMessageAt'>;

export async function insertConversation(ctx: TxCtx, row: NewConversation): Promise<void> {
  await ctx.tx.query(
    `insert into exchange_conversations (agency_id, conversation_id, partner_id, county, wire_id, opened_by_us, subject, referral_id, our_file_number, partner_file_number, opened_at, last_message_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)`,
    [ctx.actor.agency, row.conversationId, row.partnerId, row.county, row.wireId, row.openedByUs, row.subject, row.referralId, row.ourFileNumber, row.partnerFileNumber, ctx.clock.now()],
  );
  await insertWireId(ctx, row, row.wireId);
}

export async function insertWireId(ctx: TxCtx, row: Pick<ConversationRow, 'conversationId' | 'partnerId' | 'county'>, wireId: string): Promise<void> {
  await ctx.tx.query(
    'insert into exchange_wire_ids (agency_id, partner_id, wire_id, conversation_id, county) values ($1, $2, $3, $4, $5) on conflict do nothing',
    [ctx.actor.agency, row.partnerId, wireId, row.conversationId, row.county],
  );
}

export async function touchConversation(ctx: TxCtx, conversationId: string): Promise<void> {
  await ctx.tx.query('update exchange_conversations set last_message_at = greatest(last_message_at, $3) where agency_id = $1 and conversation_id = $2', [ctx.actor.agency, conversationId, ctx.clock.now()]);
}

export interface FileNumbers {
  readonly ours?: string | null;
  readonly theirs?: string | null;
}

/** Learns a number; one that is known stays where none is given. */
export async function updateFileNumbers(ctx: TxCtx, conversationId: string, { ours, theirs }: FileNumbers): Promise<void> {
  await ctx.tx.query(
    'update exchange_conversations set our_file_number = coalesce($3, our_file_number), partner_file_number = coalesce($4, partner_file_number) where agency_id = $1 and conversation_id = $2',
    [ctx.actor.agency, conversationId, ours ?? null, theirs ?? null],
  );
}

/** Ties a conversation, with all that was said in it, to a referral and its county. */
export async function tieConversation(ctx: TxCtx, conversationId: string, tied: { readonly referralId: string; readonly county: string; readonly ourFileNumber: string | null }): Promise<void> {
  const values = [ctx.actor.agency, conversationId, tied.county];
  await ctx.tx.query(
    `update exchange_conversations set county = $3, referral_id = $4, subject = 'referral', our_file_number = coalesce(our_file_number, $5) where agency_id = $1 and conversation_id = $2`,
    [...values, tied.referralId, tied.ourFileNumber],
  );
  await ctx.tx.query('update exchange_wire_ids set county = $3 where agency_id = $1 and conversation_id = $2', values);
  await ctx.tx.query('update exchange_hops set county = $3 where agency_id = $1 and conversation_id = $2', values);
  await ctx.tx.query(
    'update exchange_work set county = $3 where agency_id = $1 and message_id in (select message_id from exchange_messages where agency_id = $1 and conversation_id = $2)', values);
  await ctx.tx.query('update exchange_messages set county = $3 where agency_id = $1 and conversation_id = $2', values);
}

/** Lets all that was said in one conversation be part of another, which its partner may go on naming by either id. */
export async function mergeConversation(ctx: TxCtx, from: string, into: Pick<ConversationRow, 'conversationId' | 'county'>): Promise<void> {
  const values = [ctx.actor.agency, from, into.conversationId, into.county];
  await ctx.tx.query(
    'update exchange_work set county = $3 where agency_id = $1 and message_id in (select message_id from exchange_messages where agency_id = $1 and conversation_id = $2)', [values[0], from, into.county]);
  await ctx.tx.query('update exchange_messages set conversation_id = $3, county = $4 where agency_id = $1 and conversation_id = $2', values);
  await ctx.tx.query('update exchange_wire_ids set conversation_id = $3, county = $4 where agency_id = $1 and conversation_id = $2', values);
  await ctx.tx.query(
    `update exchange_hops h set conversation_id = $3, county = $4 where agency_id = $1 and conversation_id = $2
        and not exists (select from exchange_hops t where t.agency_id = $1 and t.conversation_id = $3 and t.hop = h.hop)`, values);
}

export interface ConversationFilter {
  readonly partnerId?: string | undefined;
  readonly referralId?: string | undefined;
  readonly subject?: Subject | undefined;
  readonly order?: ListOrder<ConversationSort> | undefined;
}

export const CONVERSATION_SORTS = ['last', 'subject', 'partner', 'ours', 'theirs'] as const;
export type ConversationSort = (typeof CONVERSATION_SORTS)[number];
const ORDER: Readonly<Record<ConversationSort, string>> = { last: 'last_message_at', subject: 'subject', partner: 'partner_id', ours: 'our_file_number', theirs: 'partner_file_number' };

/** Several at once, in no order. */
export async function selectConversationsByIds(ctx: TxCtx, conversationIds: readonly string[]): Promise<ConversationRow[]> {
  return ctx.tx.query<ConversationRow[]>(`select ${COLUMNS} from exchange_conversations where agency_id = $1 and conversation_id = any($2::text[])`, [ctx.actor.agency, conversationIds]);
}

/** The newest first, unless told otherwise; and how many there are. */
export async function selectConversations(ctx: TxCtx, { partnerId, referralId, subject, order }: ConversationFilter, place: Place): Promise<{ rows: ConversationRow[]; total: number }> {
  return selectPage(ctx, {
    columns: COLUMNS, from: 'exchange_conversations', where: '($2::text is null or partner_id = $2) and ($3::text is null or referral_id = $3) and ($4::text is null or subject = $4)',
    values: [ctx.actor.agency, partnerId ?? null, referralId ?? null, subject ?? null], agency: 'agency_id', order: ORDER, id: 'conversation_id',
  }, order ?? { by: 'last', isDescending: true }, place);
}

/** A partner's after the one named, in the order in which they were opened. */
export async function selectConversationsAfter(ctx: TxCtx, partnerId: string, after: string | null, limit: number): Promise<ConversationRow[]> {
  return ctx.tx.query<ConversationRow[]>(
    `select ${COLUMNS} from exchange_conversations where agency_id = $1 and partner_id = $2 and ($3::text is null or conversation_id > $3) order by conversation_id limit $4`,
    [ctx.actor.agency, partnerId, after, limit]);
}

/** An office of a chain that a request has reached. */
export interface HopRow {
  readonly hop: string;
  readonly office: string | null;
  readonly fileNumber: string | null;
  readonly relayedOn: CalendarDate;
  readonly messageId: string | null;
}

export async function selectHops(ctx: TxCtx, conversationId: string): Promise<HopRow[]> {
  return ctx.tx.query<HopRow[]>(
    `select hop, office, file_number as "fileNumber", relayed_on::text as "relayedOn", message_id as "messageId" from exchange_hops
      where agency_id = $1 and conversation_id = $2 order by relayed_on, recorded_at, hop`,
    [ctx.actor.agency, conversationId],
  );
}

/** Records a hop; true where it was not known. What is told later (a file number) is added, the day stays the first. */
export async function putHop(ctx: TxCtx, conversation: Pick<ConversationRow, 'conversationId' | 'partnerId' | 'county'>, hop: HopRow): Promise<boolean> {
  const rows = await ctx.tx.query<{ isNew: boolean }[]>(
    `insert into exchange_hops (agency_id, conversation_id, hop, partner_id, county, office, file_number, relayed_on, message_id, recorded_at, recorded_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (agency_id, conversation_id, hop) do update set office = coalesce(excluded.office, exchange_hops.office), file_number = coalesce(excluded.file_number, exchange_hops.file_number)
     returning xmax = 0 as "isNew"`,
    [ctx.actor.agency, conversation.conversationId, hop.hop, conversation.partnerId, conversation.county, hop.office, hop.fileNumber, hop.relayedOn, hop.messageId, ctx.clock.now(), ctx.actor.id],
  );
  return rows[0]?.isNew ?? false;
}
