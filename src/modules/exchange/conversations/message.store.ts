import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';
import { selectPage } from '../../../platform/list-page.ts';
import type { Place } from '../../../platform/list-page.ts';

export type Channel = 'portal' | 'api' | 'sftp' | 'courier' | 'internal';
export type IncomingMessageState = 'stored' | 'refused';
export type OutgoingMessageState = 'draft' | 'queued' | 'delivered' | 'retrieved' | 'expired' | 'failed' | 'cancelled';
export type MessageState = IncomingMessageState | OutgoingMessageState;

/** A message as it is kept, without what it says. */
export interface MessageRow {
  readonly messageId: string;
  readonly conversationId: string | null;
  readonly partnerId: string;
  readonly county: string | null;
  readonly direction: 'in' | 'out';
  readonly senderMessageId: string;
  readonly serial: string | null;
  readonly kind: string;
  readonly code: string | null;
  /** The message it answers, once that is there. */
  readonly inReplyTo: string | null;
  /** The same as the sender names it. */
  readonly replyTo: string | null;
  readonly hop: string | null;
  readonly cause: string | null;
  readonly state: MessageState;
  readonly channel: Channel;
  readonly contentSha256: string;
  readonly fileId: string | null;
  readonly byteCount: number;
  readonly findings: readonly Finding[];
  readonly statedAt: Date | null;
  readonly storedAt: Date;
  readonly storedBy: string;
  readonly expiresOn: CalendarDate | null;
  /** Ours: its place in the order in which messages were offered. */
  readonly offeredAs: string | null;
}

export type NewMessage = Omit<MessageRow, 'storedAt' | 'storedBy' | 'offeredAs'> & {
  /** What it says, as JSON; null where the file is all there is. */
  readonly content: string | null;
};

const COLUMNS = `message_id as "messageId", conversation_id as "conversationId", partner_id as "partnerId", county, direction, sender_message_id as "senderMessageId", serial, kind, code,
  in_reply_to as "inReplyTo", reply_to as "replyTo", hop, cause, state, channel, content_sha256 as "contentSha256", file_id as "fileId", byte_count::float8 as "byteCount", findings,
  stated_at as "statedAt", stored_at as "storedAt", stored_by as "storedBy", expires_on::text as "expiresOn", offered_as as "offeredAs"`;

const aadOf = (ctx: TxCtx, messageId: string): string => `exchange_messages:${ctx.actor.agency}:${messageId}`;

export async function insertMessage(ctx: TxCtx, row: NewMessage): Promise<void> {
  await ctx.tx.query(
    `insert into exchange_messages (agency_id, message_id, conversation_id, partner_id, county, direction, sender_message_id, serial, kind, code, in_reply_to, reply_to, hop, cause, state,
       channel, content_sha256, content_encrypted, file_id, byte_count, findings, stated_at, stored_at, stored_by, expires_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)`,
    [ctx.actor.agency, row.messageId, row.conversationId, row.partnerId, row.county, row.direction, row.senderMessageId, row.serial, row.kind, row.code, row.inReplyTo, row.replyTo, row.hop,
      row.cause, row.state, row.channel, row.contentSha256, row.content === null ? null : ctx.keys.encrypt(row.content, aadOf(ctx, row.messageId)), row.fileId, row.byteCount,
      JSON.stringify(row.findings), row.statedAt, ctx.clock.now(), ctx.actor.id, row.expiresOn],
  );
}

export async function nextSerial(ctx: TxCtx): Promise<string> {
  const [row] = await ctx.tx.query<{ serial: string }[]>(`select lpad(nextval('exchange_serials')::text, 12, '0') as serial`);
  if (!row) throw new Error('fault: the database gives no serial number');
  return row.serial;
}

async function one(ctx: TxCtx, where: string, values: readonly unknown[]): Promise<MessageRow | null> {
  const rows = await ctx.tx.query<MessageRow[]>(`select ${COLUMNS} from exchange_messages where agency_id = $1 and ${where} limit 1`, [ctx.actor.agency, ...values]);
  return rows[0] ?? null;
}

export const findMessage = (ctx: TxCtx, messageId: string, lock: 'lock' | 'read' = 'read'): Promise<MessageRow | null> =>
  one(ctx, lock === 'read' ? 'message_id = $2' : `message_id = (select l.message_id from exchange_messages l where l.agency_id = $1 and l.message_id = $2 for update)`, [messageId]);

/** Several at once, in no order. */
export async function selectMessages(ctx: TxCtx, messageIds: readonly string[]): Promise<MessageRow[]> {
  return ctx.tx.query<MessageRow[]>(`select ${COLUMNS} from exchange_messages where agency_id = $1 and message_id = any($2::text[])`, [ctx.actor.agency, messageIds]);
}

/** What it says, as it was sent. Null where the file is all there is. */
export async function readContent(ctx: TxCtx, messageId: string): Promise<string | null> {
  const rows = await ctx.tx.query<{ content: Buffer | null }[]>('select content_encrypted as content from exchange_messages where agency_id = $1 and message_id = $2', [ctx.actor.agency, messageId]);
  const content = rows[0]?.content ?? null;
  return content === null ? null : ctx.keys.decrypt(content, aadOf(ctx, messageId)).toString('utf8');
}

/** The very same content that came from this partner before, taken or refused. */
export const findSameContent = (ctx: TxCtx, partnerId: string, contentSha256: string): Promise<MessageRow | null> =>
  one(ctx, `direction = 'in' and partner_id = $2 and content_sha256 = $3`, [partnerId, contentSha256]);

/** The very same bytes that came from this partner before. */
export const findSameBytes = (ctx: TxCtx, partnerId: string, sha256: string): Promise<MessageRow | null> =>
  one(ctx, `direction = 'in' and partner_id = $2 and file_id = (select f.file_id from kept_files f where f.agency_id = $1 and f.partner_id = $2 and f.sha256 = $3)`, [partnerId, sha256]);

export const findBySenderId = (ctx: TxCtx, partnerId: string, senderMessageId: string, direction: 'in' | 'out' = 'in'): Promise<MessageRow | null> =>
  one(ctx, `direction = $4 and partner_id = $2 and sender_message_id = $3 and state not in ('refused')`, [partnerId, senderMessageId, direction]);

export const findBySerial = (ctx: TxCtx, partnerId: string, serial: string): Promise<MessageRow | null> =>
  one(ctx, `direction = 'in' and partner_id = $2 and serial = $3 and state not in ('refused')`, [partnerId, serial]);

export const findByFile = (ctx: TxCtx, partnerId: string, fileId: string): Promise<MessageRow | null> => one(ctx, `direction = 'in' and partner_id = $2 and file_id = $3`, [partnerId, fileId]);

export const findByCause = (ctx: TxCtx, cause: string): Promise<MessageRow | null> => one(ctx, 'cause = $2', [cause]);

/** The messages of a conversation, in the order in which they were kept. */
export async function messagesOf(ctx: TxCtx, conversationId: string, limit: number): Promise<MessageRow[]> {
  return ctx.tx.query<MessageRow[]>(
    `select ${COLUMNS} from exchange_messages where agency_id = $1 and conversation_id = $2 order by stored_at, message_id limit $3`, [ctx.actor.agency, conversationId, limit]);
}

/** The newest messages about any of these referrals. */
export async function selectLatestAbout(ctx: TxCtx, referralIds: readonly string[], limit: number): Promise<MessageRow[]> {
  return ctx.tx.query<MessageRow[]>(
    `select ${COLUMNS} from exchange_messages where agency_id = $1 and conversation_id in (select c.conversation_id from exchange_conversations c where c.agency_id = $1 and c.referral_id = any($2))
      order by stored_at desc, message_id desc limit $3`, [ctx.actor.agency, referralIds, limit]);
}

/** Refused when it came, or once it was looked into; the newest first, and how many there are. */
export async function selectRefused(ctx: TxCtx, partnerId: string | null, place: Place): Promise<{ readonly rows: MessageRow[]; readonly total: number }> {
  return selectPage(ctx, {
    columns: COLUMNS, from: 'exchange_messages', values: [ctx.actor.agency, partnerId], agency: 'agency_id', order: { stored: 'stored_at' }, id: 'message_id',
    where: `direction = 'in' and ($2::text is null or partner_id = $2)
      and (state = 'refused' or exists (select from exchange_work w where w.agency_id = $1 and w.message_id = exchange_messages.message_id and w.reasons ? 'exchange.filed_refused'))`,
  }, { by: 'stored', isDescending: true }, place);
}

/** The last question of these kinds that nobody has answered, by its sender's name for it. */
export async function lastUnanswered(ctx: TxCtx, conversationId: string, kinds: readonly string[]): Promise<string | null> {
  const rows = await ctx.tx.query<{ senderMessageId: string }[]>(
    `select m.sender_message_id as "senderMessageId" from exchange_messages m
      where m.agency_id = $1 and m.conversation_id = $2 and m.direction = 'in' and m.state = 'stored' and m.kind = any($3::text[])
        and not exists (select from exchange_messages r where r.agency_id = $1 and r.in_reply_to = m.message_id and r.direction = 'out' and r.state not in ('draft', 'cancelled'))
      order by m.stored_at desc, m.message_id desc limit 1`,
    [ctx.actor.agency, conversationId, kinds],
  );
  return rows[0]?.senderMessageId ?? null;
}

export async function updateConversationOf(ctx: TxCtx, messageId: string, { conversationId, county }: { readonly conversationId: string; readonly county: string | null }): Promise<void> {
  await ctx.tx.query('update exchange_messages set conversation_id = $3, county = $4 where agency_id = $1 and message_id = $2', [ctx.actor.agency, messageId, conversationId, county]);
  await ctx.tx.query('update exchange_work set county = $3 where agency_id = $1 and message_id = $2', [ctx.actor.agency, messageId, county]);
}

/** Answers that came before what they answer. */
export async function tieReplies(ctx: TxCtx, message: Pick<MessageRow, 'messageId' | 'partnerId' | 'senderMessageId'>): Promise<void> {
  await ctx.tx.query(
    `update exchange_messages set in_reply_to = $2 where agency_id = $1 and partner_id = $3 and direction = 'in' and in_reply_to is null and reply_to = $4 and message_id <> $2`,
    [ctx.actor.agency, message.messageId, message.partnerId, message.senderMessageId],
  );
}

export async function updateMessageState(ctx: TxCtx, messageId: string, from: readonly OutgoingMessageState[], to: OutgoingMessageState): Promise<boolean> {
  const [, count] = await ctx.tx.query<[unknown[], number]>(
    `update exchange_messages set state = $3 where agency_id = $1 and message_id = $2 and direction = 'out' and state = any($4::text[])`, [ctx.actor.agency, messageId, to, from]);
  return count > 0;
}

/** A draft says something else, and is said now. */
export async function updateDraft(ctx: TxCtx, messageId: string, { content, contentSha256, byteCount }: { readonly content: string; readonly contentSha256: string; readonly byteCount: number }): Promise<void> {
  await ctx.tx.query(
    `update exchange_messages set content_encrypted = $3, content_sha256 = $4, byte_count = $5, stored_at = $6, stated_at = $6 where agency_id = $1 and message_id = $2 and direction = 'out' and state = 'draft'`,
    [ctx.actor.agency, messageId, ctx.keys.encrypt(content, aadOf(ctx, messageId)), contentSha256, byteCount, ctx.clock.now()],
  );
}

/** What lies ready for a partner after the message named, in the order of being offered. */
export async function selectOffered(ctx: TxCtx, partnerId: string, after: string | null, limit: number): Promise<MessageRow[]> {
  return ctx.tx.query<MessageRow[]>(
    `select ${COLUMNS} from exchange_messages where agency_id = $1 and partner_id = $2 and direction = 'out' and state in ('delivered', 'retrieved')
        and offered_as > coalesce((select a.offered_as from exchange_messages a where a.agency_id = $1 and a.partner_id = $2 and a.message_id = $3), 0)
      order by exchange_messages.offered_as limit $4`,
    [ctx.actor.agency, partnerId, after, limit],
  );
}

export async function volumeOf(ctx: TxCtx, partnerId: string, day: CalendarDate): Promise<{ readonly messages: number; readonly bytes: number }> {
  const rows = await ctx.tx.query<{ messages: number; bytes: string }[]>(
    'select messages, bytes from exchange_volumes where agency_id = $1 and partner_id = $2 and day = $3', [ctx.actor.agency, partnerId, day]);
  return { messages: rows[0]?.messages ?? 0, bytes: Number(rows[0]?.bytes ?? 0) };
}

export async function addVolume(ctx: TxCtx, partnerId: string, day: CalendarDate, bytes: number): Promise<void> {
  await ctx.tx.query(
    `insert into exchange_volumes (agency_id, partner_id, day, messages, bytes) values ($1, $2, $3, 1, $4)
     on conflict (agency_id, partner_id, day) do update set messages = exchange_volumes.messages + 1, bytes = exchange_volumes.bytes + excluded.bytes`,
    [ctx.actor.agency, partnerId, day, bytes],
  );
}
