import type { TxCtx } from '../../../platform/context.ts';
import { byName } from '../../../platform/list-order.ts';

/** A list that a partner's officer has shown us, and whether it was sent. */
export interface OfferedList {
  readonly offerId: string;
  readonly partnerId: string;
  readonly fileId: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly byteCount: number;
  readonly offeredAt: Date;
  readonly messageId: string | null;
  readonly receiptId: string | null;
  readonly sentAt: Date | null;
  /** What was made of it, once it was imported. */
  readonly imported: { readonly kind: string; readonly lines: number; readonly rejected: number } | null;
  /** The same list with its outcomes, as it went back; null where it has not. */
  readonly annotatedFileId: string | null;
}

const COLUMNS = `o.offer_id as "offerId", o.partner_id as "partnerId", o.file_id as "fileId", o.file_name as "fileName", o.sha256, o.byte_count::float8 as "byteCount", o.offered_at as "offeredAt",
  o.message_id as "messageId", o.receipt_id as "receiptId", o.sent_at as "sentAt",
  (select jsonb_build_object('kind', f.kind, 'lines', f.lines, 'rejected', f.rejected) from received_files f
    where f.agency_id = o.agency_id and f.partner_id = o.partner_id and f.sha256 = o.sha256 order by f.imported_seq desc limit 1) as imported,
  (select a.annotated_file_id from annotated_lists a join received_files f on f.agency_id = a.agency_id and f.file_id = a.file_id
    where a.agency_id = o.agency_id and a.partner_id = o.partner_id and f.sha256 = o.sha256 order by a.made_at desc limit 1) as "annotatedFileId"`;

export type OfferSort = 'shown' | 'name' | 'sent';
const SORTS: Readonly<Record<OfferSort, string>> = { shown: 'o.offered_at', name: byName('o.file_name'), sent: 'o.sent_at' };

export async function selectOffers(
  ctx: TxCtx, partnerId: string, order: { readonly by: OfferSort; readonly isDescending: boolean }, offset: number, limit: number,
): Promise<OfferedList[]> {
  return ctx.tx.query<OfferedList[]>(
    `select ${COLUMNS} from offered_lists o where o.agency_id = $1 and o.partner_id = $2 order by ${SORTS[order.by]} ${order.isDescending ? 'desc' : 'asc'} nulls last, o.offer_id limit $4 offset $3`,
    [ctx.actor.agency, partnerId, offset, limit]);
}

export async function findOffer(ctx: TxCtx, offerId: string, partnerId: string | null): Promise<OfferedList | null> {
  const rows = await ctx.tx.query<OfferedList[]>(`select ${COLUMNS} from offered_lists o where o.agency_id = $1 and o.offer_id = $2 and ($3::text is null or o.partner_id = $3)`, [ctx.actor.agency, offerId, partnerId]);
  return rows[0] ?? null;
}

/** Adds it; of the very same bytes there is one offer, which is given back. */
export async function insertOffer(ctx: TxCtx, offer: Pick<OfferedList, 'offerId' | 'partnerId' | 'fileId' | 'fileName' | 'sha256' | 'byteCount'>): Promise<{ readonly offerId: string; readonly isNew: boolean }> {
  const rows = await ctx.tx.query<{ offer_id: string }[]>(
    `insert into offered_lists (agency_id, offer_id, partner_id, file_id, file_name, sha256, byte_count, offered_at, offered_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (agency_id, partner_id, sha256) do nothing returning offer_id`,
    [ctx.actor.agency, offer.offerId, offer.partnerId, offer.fileId, offer.fileName, offer.sha256, offer.byteCount, ctx.clock.now(), ctx.actor.id]);
  if (rows[0]) return { offerId: rows[0].offer_id, isNew: true };
  const [same] = await ctx.tx.query<{ offer_id: string }[]>('select offer_id from offered_lists where agency_id = $1 and partner_id = $2 and sha256 = $3', [ctx.actor.agency, offer.partnerId, offer.sha256]);
  if (!same) throw new Error('fault: the same list was offered and is not there');
  return { offerId: same.offer_id, isNew: false };
}

/** False where it was sent before: the first sending holds. */
export async function updateSent(ctx: TxCtx, offerId: string, { messageId, receiptId }: { readonly messageId: string; readonly receiptId: string }): Promise<boolean> {
  const rows = await ctx.tx.query<[unknown[], number]>(
    'update offered_lists set message_id = $3, receipt_id = $4, sent_at = $5, sent_by = $6 where agency_id = $1 and offer_id = $2 and sent_at is null returning offer_id',
    [ctx.actor.agency, offerId, messageId, receiptId, ctx.clock.now(), ctx.actor.id]);
  return rows[0].length === 1;
}
