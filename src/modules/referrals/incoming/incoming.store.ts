import type { TxCtx } from '../../../platform/context.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { selectPage } from '../../../platform/list-page.ts';
import type { Place } from '../../../platform/list-page.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';
import type { Cover, IncomingFacts, IncomingKind, IncomingState, Sender } from './incoming.rules.ts';
import type { Proposal } from './proposal.rules.ts';

interface StoredRow {
  readonly incomingId: string;
  readonly partnerId: string;
  readonly county: string | null;
  readonly kind: IncomingKind;
  readonly state: IncomingState;
  readonly fileId: string;
  readonly sha256: string;
  readonly byteCount: number;
  readonly mediaType: string | null;
  readonly receivedOn: CalendarDate;
  readonly receivedAt: Date;
  readonly receivedBy: string;
  readonly sender: Sender | null;
  readonly senderPacketId: string | null;
  readonly senderReferralId: string | null;
  readonly messageSha256: string | null;
  readonly findings: readonly Finding[];
  readonly duplicateOf: string | null;
  readonly referralId: string | null;
  readonly reason: string | null;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
}

/** What can name a person, or lead to one: kept encrypted. */
export interface IncomingDetails {
  readonly fileName: string;
  readonly cover: Cover | null;
  readonly facts: IncomingFacts | null;
  readonly signer: { readonly subject: string; readonly fingerprint: string; readonly signedAt: string; readonly trust: string } | null;
}

export interface IncomingRow extends StoredRow, IncomingDetails {}

export type NewIncoming = Omit<StoredRow, 'county' | 'receivedAt' | 'receivedBy' | 'referralId' | 'reason' | 'decidedAt' | 'decidedBy'> & IncomingDetails;

export interface StoredProposal {
  readonly proposal: Proposal;
  readonly findings: readonly Finding[];
  readonly proposedAt: Date;
}

const COLUMNS = `incoming_id as "incomingId", partner_id as "partnerId", county, kind, state, file_id as "fileId", sha256, byte_count::int as "byteCount", media_type as "mediaType",
  received_on::text as "receivedOn", received_at as "receivedAt", received_by as "receivedBy", sender, sender_packet_id as "senderPacketId",
  sender_referral_id as "senderReferralId", message_sha256 as "messageSha256", findings, duplicate_of as "duplicateOf", referral_id as "referralId", reason,
  decided_at as "decidedAt", decided_by as "decidedBy", details_encrypted as details`;

type QueriedRow = StoredRow & { readonly details: Buffer };

const aadOf = (ctx: TxCtx, incomingId: string): string => `incoming_packets:${ctx.actor.agency}:${incomingId}`;

function opened(ctx: TxCtx, { details, ...row }: QueriedRow): IncomingRow {
  return { ...row, ...(JSON.parse(ctx.keys.decrypt(details, aadOf(ctx, row.incomingId)).toString('utf8')) as IncomingDetails) };
}

export async function findIncoming(ctx: TxCtx, incomingId: string, lock: 'lock' | 'read' = 'read'): Promise<IncomingRow | null> {
  const rows = await ctx.tx.query<QueriedRow[]>(
    `select ${COLUMNS} from incoming_packets where agency_id = $1 and incoming_id = $2 ${lock === 'lock' ? 'for update' : ''}`, [ctx.actor.agency, incomingId],
  );
  return rows[0] ? opened(ctx, rows[0]) : null;
}

export async function findSameBytes(ctx: TxCtx, partnerId: string, sha256: string): Promise<IncomingRow | null> {
  const rows = await ctx.tx.query<QueriedRow[]>(
    `select ${COLUMNS} from incoming_packets where agency_id = $1 and partner_id = $2 and sha256 = $3`, [ctx.actor.agency, partnerId, sha256],
  );
  return rows[0] ? opened(ctx, rows[0]) : null;
}

/** What came from a partner since then. */
export async function sentSince(ctx: TxCtx, partnerId: string, since: Date): Promise<{ readonly files: number; readonly bytes: number }> {
  const rows = await ctx.tx.query<{ files: string; bytes: string }[]>(
    'select count(*) as files, coalesce(sum(byte_count), 0) as bytes from incoming_packets where agency_id = $1 and partner_id = $2 and received_at > $3', [ctx.actor.agency, partnerId, since],
  );
  return { files: Number(rows[0]?.files ?? 0), bytes: Number(rows[0]?.bytes ?? 0) };
}

/** The first packet of a sender with this number that was not refused; until the transaction ends no other is taken with it. */
export async function findSameNumber(ctx: TxCtx, partnerId: string, senderPacketId: string): Promise<{ incomingId: string; messageSha256: string | null } | null> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`incoming:${ctx.actor.agency}:${partnerId}:${senderPacketId}`]);
  const rows = await ctx.tx.query<{ incomingId: string; messageSha256: string | null }[]>(
    `select incoming_id as "incomingId", message_sha256 as "messageSha256" from incoming_packets
      where agency_id = $1 and partner_id = $2 and sender_packet_id = $3 and (state not in ('refused', 'duplicate') or reason is not null)
      order by received_at, incoming_id limit 1`,
    [ctx.actor.agency, partnerId, senderPacketId],
  );
  return rows[0] ?? null;
}

/** Files a receipt; false when the same bytes were filed meanwhile. */
export async function insertIncoming(ctx: TxCtx, row: NewIncoming): Promise<boolean> {
  const { fileName, cover, facts, signer } = row;
  const details: IncomingDetails = { fileName, cover, facts, signer };
  const rows = await ctx.tx.query<unknown[]>(
    `insert into incoming_packets (agency_id, incoming_id, partner_id, kind, state, file_id, sha256, byte_count, media_type, received_on, received_at, received_by,
       details_encrypted, sender, sender_packet_id, sender_referral_id, message_sha256, findings, duplicate_of)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
     on conflict (agency_id, partner_id, sha256) do nothing returning incoming_id`,
    [ctx.actor.agency, row.incomingId, row.partnerId, row.kind, row.state, row.fileId, row.sha256, row.byteCount, row.mediaType, row.receivedOn, ctx.clock.now(), ctx.actor.id,
      ctx.keys.encrypt(JSON.stringify(details), aadOf(ctx, row.incomingId)), row.sender, row.senderPacketId, row.senderReferralId, row.messageSha256,
      JSON.stringify(row.findings), row.duplicateOf],
  );
  return rows.length === 1;
}

export async function insertProposal(ctx: TxCtx, incomingId: string, proposal: Proposal, findings: readonly Finding[]): Promise<void> {
  await ctx.tx.query(
    `insert into incoming_proposals (agency_id, incoming_id, position, proposal, findings, proposed_at, proposed_by)
     select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6 from incoming_proposals where agency_id = $1 and incoming_id = $2`,
    [ctx.actor.agency, incomingId, JSON.stringify(proposal), JSON.stringify(findings), ctx.clock.now(), ctx.actor.id],
  );
}

export async function newestProposal(ctx: TxCtx, incomingId: string): Promise<StoredProposal | null> {
  const rows = await ctx.tx.query<StoredProposal[]>(
    `select proposal, findings, proposed_at as "proposedAt" from incoming_proposals where agency_id = $1 and incoming_id = $2 order by position desc limit 1`,
    [ctx.actor.agency, incomingId],
  );
  return rows[0] ?? null;
}

export interface Decision {
  readonly state: IncomingState;
  readonly county?: string;
  readonly referralId?: string;
  readonly reason?: string;
}

export async function updateDecided(ctx: TxCtx, incomingId: string, { state, county, referralId, reason }: Decision): Promise<void> {
  await ctx.tx.query(
    `update incoming_packets set state = $3, county = $4, referral_id = $5, reason = $6, decided_at = $7, decided_by = $8 where agency_id = $1 and incoming_id = $2`,
    [ctx.actor.agency, incomingId, state, county ?? null, referralId ?? null, reason ?? null, ctx.clock.now(), ctx.actor.id],
  );
}

export async function updateState(ctx: TxCtx, incomingId: string, state: IncomingState): Promise<void> {
  await ctx.tx.query('update incoming_packets set state = $3 where agency_id = $1 and incoming_id = $2', [ctx.actor.agency, incomingId, state]);
}

export interface IncomingFilter {
  readonly states?: readonly IncomingState[] | undefined;
  readonly partnerId?: string | undefined;
  readonly referralId?: string | undefined;
}

export const INCOMING_SORTS = ['received', 'partner', 'kind', 'state'] as const;
export type IncomingSort = (typeof INCOMING_SORTS)[number];
const ORDER: Readonly<Record<IncomingSort, string>> = { received: 'received_at', partner: 'partner_id', kind: 'kind', state: 'state' };
export const OLDEST: ListOrder<IncomingSort> = { by: 'received', isDescending: false };
export const NEWEST: ListOrder<IncomingSort> = { by: 'received', isDescending: true };

/** A page of what came in: what waits first the oldest first, everything else the newest first; and how many there are in all. */
export async function selectIncoming(ctx: TxCtx, filter: IncomingFilter, order: ListOrder<IncomingSort>, place: Place): Promise<{ rows: IncomingRow[]; total: number }> {
  const { rows, total } = await selectPage<QueriedRow, IncomingSort>(ctx, {
    columns: COLUMNS, from: 'incoming_packets', where: '($2::text[] is null or state = any($2)) and ($3::text is null or partner_id = $3) and ($4::text is null or referral_id = $4)',
    values: [ctx.actor.agency, filter.states ?? null, filter.partnerId ?? null, filter.referralId ?? null], agency: 'agency_id', order: ORDER, id: 'incoming_id',
  }, order, place);
  return { rows: rows.map((row) => opened(ctx, row)), total };
}
