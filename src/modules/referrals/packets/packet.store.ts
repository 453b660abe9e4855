import type { DisclosureDecision } from '../../cases/index.ts';
import type { AllowingAgreement } from '../../partners/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import type { SealedDocument } from './packet-documents.rules.ts';
import type { DisclosureStance } from './disclosure-stance.rules.ts';

/** A sealed packet as it is kept: its row and its bytes never change. */
export interface PacketRow {
  readonly packetId: string;
  readonly referralId: string;
  readonly county: string;
  readonly partnerId: string;
  readonly number: number;
  readonly supersedes: string | null;
  readonly contentDigest: Buffer;
  readonly fileId: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly byteCount: number;
  readonly pages: number;
  /** The copy for reading; null where it was sealed before there were such. */
  readonly readingFileId: string | null;
  /** None where it was sealed before they were listed. */
  readonly documents: readonly SealedDocument[];
  readonly sealedAt: Date;
  readonly sealedBy: string;
}

export type NewPacket = Omit<PacketRow, 'sealedAt' | 'sealedBy'>;

// The layout of the container (platform/asic); a reader of old packets must know which one it has before it.
const CONTAINER_VERSION = 1;

const COLUMNS = `packet_id as "packetId", referral_id as "referralId", county, partner_id as "partnerId", number, supersedes, content_digest as "contentDigest",
  file_id as "fileId", file_name as "fileName", sha256, byte_count::int as "byteCount", pages, reading_file_id as "readingFileId", documents, sealed_at as "sealedAt", sealed_by as "sealedBy"`;

export async function findPacket(ctx: TxCtx, packetId: string): Promise<PacketRow | null> {
  const rows = await ctx.tx.query<PacketRow[]>(`select ${COLUMNS} from packets where agency_id = $1 and packet_id = $2`, [ctx.actor.agency, packetId]);
  return rows[0] ?? null;
}

/** The packets of a referral, the newest first: the first is in force, the others are superseded. */
export async function listPacketRows(ctx: TxCtx, referralId: string): Promise<PacketRow[]> {
  return ctx.tx.query<PacketRow[]>(
    `select ${COLUMNS} from packets where agency_id = $1 and referral_id = $2 order by number desc`, [ctx.actor.agency, referralId],
  );
}

export async function insertPacket(ctx: TxCtx, packet: NewPacket, disclosed: { decisions: readonly DisclosureDecision[]; stance: DisclosureStance }): Promise<void> {
  const { agency, id } = ctx.actor;
  await ctx.tx.query(
    `insert into packets (agency_id, packet_id, referral_id, county, partner_id, number, supersedes, content_digest, container_version, file_id, file_name,
                          sha256, byte_count, pages, sealed_at, sealed_by, documents, reading_file_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
    [agency, packet.packetId, packet.referralId, packet.county, packet.partnerId, packet.number, packet.supersedes, packet.contentDigest, CONTAINER_VERSION,
      packet.fileId, packet.fileName, packet.sha256, packet.byteCount, packet.pages, ctx.clock.now(), id, JSON.stringify(packet.documents), packet.readingFileId],
  );
  await ctx.tx.query(
    'insert into packet_disclosures (agency_id, packet_id, county, recipient, decisions, stance) values ($1, $2, $3, $4, $5, $6)',
    [agency, packet.packetId, packet.county, packet.partnerId, JSON.stringify(disclosed.decisions),
      JSON.stringify({ protected: disclosed.stance.protected, told: disclosed.stance.told })],
  );
}

/** Records that a packet was made available to the partner, and which agreements allowed it. */
export async function insertDelivery(ctx: TxCtx, packet: PacketRow, channel: string, agreements: readonly AllowingAgreement[]): Promise<void> {
  await ctx.tx.query(
    `insert into packet_deliveries (agency_id, packet_id, position, county, partner_id, channel, delivered_at, delivered_by, referral_id, number, agreements)
     select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10 from packet_deliveries where agency_id = $1 and packet_id = $2`,
    [ctx.actor.agency, packet.packetId, packet.county, packet.partnerId, channel, ctx.clock.now(), ctx.actor.id, packet.referralId, packet.number, JSON.stringify(agreements)],
  );
}

/** Under which agreements a referral's packet was handed over last; null where it was not, or before that was written down. */
export async function findAllowing(ctx: TxCtx, referralId: string): Promise<AllowingAgreement[] | null> {
  const rows = await ctx.tx.query<{ agreements: AllowingAgreement[] | null }[]>(
    'select agreements from packet_deliveries where agency_id = $1 and referral_id = $2 order by number desc, position desc limit 1', [ctx.actor.agency, referralId],
  );
  return rows[0]?.agreements ?? null;
}

/** Whether this packet was made available to the partner whose officer asks, also when another has taken its place since. */
export async function wasDelivered(ctx: TxCtx, packetId: string): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>('select 1 from packet_deliveries where agency_id = $1 and packet_id = $2 limit 1', [ctx.actor.agency, packetId]);
  return rows.length > 0;
}
