import { Readable } from 'node:stream';
import { deserialize, serialize } from 'node:v8';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction, withActor, writingFor } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { openKeptFile } from '../../../platform/files.ts';
import { isId, newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { getPartner } from '../../partners/index.ts';
import type { FileKind } from '../../partners/index.ts';
import { someDisbursementIds } from '../disbursement.store.ts';
import { selectMappings } from '../mappings/mapping.store.ts';
import { writeMapping } from '../mappings/save-mapping.ts';
import type { MappingSaved } from '../mappings/save-mapping.ts';
import { keepReceived, keptContent, TABLE_BYTES_MAX } from '../read-file.ts';
import { bytesOf } from '../read-table.ts';
import { lookAtList } from './look-at-list.ts';
import { basisOf } from './look.ts';
import type { ListKnown, Look } from './look.ts';
import { deleteUnsent, findLook, keepLook, shownSince } from './look.store.ts';
import { HEAD_BYTES, isNoListByContent, isNoListByName } from './not-a-list.ts';
import { findOffer, insertOffer, selectOffers, updateSent } from './offered.store.ts';
import type { OfferedList, OfferSort } from './offered.store.ts';

const PAGE_SIZE_MAX = 200;
/** An account that was taken over, or a program that went wild, fills no disk. */
export const LISTS_A_DAY_MAX = 300;
const LIST_BYTES_A_DAY_MAX = 2 * 1024 * 1024 * 1024;
const DAY_MS = 24 * 3_600_000;
/** What was shown and not sent is taken away after so many days. */
export const UNSENT_DAYS = 30;

/** A partner's officer reads no lists and writes no row: the gateway does it, for the officer's own partner and under the officer's name. */
function gatewayFor(ctx: Ctx): { readonly gateway: Ctx; readonly partnerId: string } {
  authorise(ctx, 'payments.offer');
  const { partner } = ctx.actor;
  if (partner === null) throw new AppError('forbidden', 'access.forbidden', { params: { permission: 'payments.offer' } });
  return { gateway: withActor(ctx, writingFor(ctx.actor)), partnerId: getPartner(partner).partnerId };
}

async function offerOf(gateway: Ctx, partnerId: string, offerId: string): Promise<OfferedList> {
  const offer = isId('off', offerId) ? await inTransaction(gateway, (tx) => findOffer(tx, offerId, partnerId)) : null;
  if (!offer) throw new AppError('not_found', 'payments.no_such_offer');
  return offer;
}

/** Keeps a list, encrypted, that an officer wants to send, so that it can be looked at first. Nothing of it is imported. @throws AppError `payments.empty_file`, `payments.not_a_list`, `payments.too_many_lists`, `file.too_large`, `access.forbidden`. */
export async function offerList(ctx: Ctx, given: { readonly fileName: string; readonly source: Readable }): Promise<{ readonly offerId: string; readonly isNew: boolean }> {
  const { gateway, partnerId } = gatewayFor(ctx);
  if (isNoListByName(given.fileName)) throw new AppError('invalid', 'payments.not_a_list');
  await refuseTooMany(gateway, partnerId);
  const kept = await keepReceived(gateway, given.fileName, Readable.from(onlyLists(given.source), { objectMode: false }), partnerId);
  return inTransaction(gateway, async (tx) => {
    const offered = await insertOffer(tx, { ...kept, offerId: newId('off', tx.clock.now().getTime()), partnerId });
    if (offered.isNew) await recordAudit(tx, { action: 'payments.list_offered', subject: { type: 'offered_list', id: offered.offerId }, partner: partnerId, details: { sha256: kept.sha256, bytes: kept.byteCount } });
    return offered;
  });
}

async function refuseTooMany(gateway: Ctx, partnerId: string): Promise<void> {
  const { lists, bytes } = await inTransaction(gateway, (tx) => shownSince(tx, partnerId, new Date(tx.clock.now().getTime() - DAY_MS)));
  if (lists < LISTS_A_DAY_MAX && bytes < LIST_BYTES_A_DAY_MAX) return;
  throw new AppError('conflict', 'payments.too_many_lists', { params: { lists: LISTS_A_DAY_MAX, megabytes: LIST_BYTES_A_DAY_MAX / 1024 / 1024 } });
}

/** For the housekeeping: lists that were shown and never sent. */
export async function sweepUnsentLists(tx: TxCtx): Promise<void> {
  await deleteUnsent(tx, new Date(tx.clock.now().getTime() - UNSENT_DAYS * DAY_MS));
}

/** Looks at the beginning before anything is kept. */
async function* onlyLists(source: Readable): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let head: Buffer = Buffer.alloc(0);
  let next = await chunks.next();
  for (; !next.done && head.length < HEAD_BYTES; next = await chunks.next()) head = Buffer.concat([head, next.value]);
  if (head.length === 0) throw new AppError('invalid', 'payments.empty_file');
  if (isNoListByContent(head)) throw new AppError('invalid', 'payments.not_a_list');
  yield head;
  for (; !next.done; next = await chunks.next()) yield next.value;
}

export interface OfferLooked extends Look {
  readonly offer: OfferedList;
}

/**
 * What we understand of a list, by everything that we know of how this partner writes lists. It is read once, when it is shown, and again only when that
 * knowledge has changed; of a list that was sent stays what was seen then.
 *
 * @throws AppError `payments.no_such_offer`, `payments.lists_being_read`, `access.forbidden`.
 */
export async function lookAtOffer(ctx: Ctx, offerId: string): Promise<OfferLooked> {
  const { gateway, partnerId } = gatewayFor(ctx);
  const offer = await offerOf(gateway, partnerId, offerId);
  const known = await knownOf(gateway, partnerId);
  const [basis, bound] = [basisOf(known), `offered_looks:${gateway.actor.agency}:${offerId}`];
  const kept = await keptLook(gateway, offer, basis, bound);
  if (kept) return { offer, ...kept };
  // Whoever opens a page twice waits for the first reading and is given what that one has kept.
  const look = await lookAtList(ctx.actor.id, () => keptLook(gateway, offer, basis, bound), () => bytesOf(keptContent(gateway, offer.fileId, TABLE_BYTES_MAX)), known);
  await inTransaction(gateway, (tx) => keepLook(tx, { offerId, partnerId, basis, look: gateway.keys.encrypt(serialize(look), bound) }));
  return { offer, ...look };
}

async function knownOf(gateway: Ctx, partnerId: string): Promise<ListKnown> {
  const { files, caseNumbers } = getPartner(partnerId);
  const told = await inTransaction(gateway, async (tx) => ({ mappings: await selectMappings(tx, partnerId), disbursementIds: await someDisbursementIds(tx, partnerId) }));
  return { partner: { partnerId, files, caseNumbers }, ...told };
}

async function keptLook(gateway: Ctx, offer: OfferedList, basis: string, bound: string): Promise<Look | null> {
  const kept = await inTransaction(gateway, (tx) => findLook(tx, offer.offerId));
  return kept && (kept.basis === basis || offer.sentAt !== null) ? deserialize(gateway.keys.decrypt(kept.look, bound)) as Look : null;
}

/** How the officer says that lists of this kind are to be read from now on; reconcilers see it among the others. @throws AppError as `saveMapping`, `payments.no_such_offer`, `access.forbidden`. */
export async function mapOffer(ctx: Ctx, offerId: string, { kind, mapping }: { readonly kind: FileKind; readonly mapping: unknown }): Promise<MappingSaved> {
  const { gateway, partnerId } = gatewayFor(ctx);
  await offerOf(gateway, partnerId, offerId);
  return writeMapping(gateway, { partnerId, kind, mapping });
}

/** The bytes of a list that is about to be sent. @throws AppError `payments.no_such_offer`, `access.forbidden`. */
export async function openOffer(ctx: Ctx, offerId: string): Promise<{ readonly offer: OfferedList; readonly source: Readable }> {
  const { gateway, partnerId } = gatewayFor(ctx);
  const offer = await offerOf(gateway, partnerId, offerId);
  return { offer, source: openKeptFile(gateway, offer.fileId) };
}

/** Writes down that it was sent, with the message and the receipt. Once more changes nothing. @throws AppError `payments.no_such_offer`, `access.forbidden`. */
export async function recordOfferSent(ctx: Ctx, offerId: string, sent: { readonly messageId: string; readonly receiptId: string }): Promise<void> {
  const { gateway, partnerId } = gatewayFor(ctx);
  await offerOf(gateway, partnerId, offerId);
  await inTransaction(gateway, async (tx) => {
    if (!await updateSent(tx, offerId, sent)) return;
    await recordAudit(tx, { action: 'payments.list_sent', subject: { type: 'offered_list', id: offerId }, partner: partnerId, details: sent });
  });
}

/** The lists of the officer's own partner, with what became of each. @throws AppError `access.forbidden`. */
export async function listOffers(
  ctx: Ctx, query: { readonly sort?: { readonly by: OfferSort; readonly isDescending: boolean }; readonly page?: number; readonly pageSize?: number } = {},
): Promise<{ readonly rows: readonly OfferedList[]; readonly hasNext: boolean }> {
  const { gateway, partnerId } = gatewayFor(ctx);
  const size = Math.min(Math.max(Math.trunc(query.pageSize ?? 25), 1), PAGE_SIZE_MAX);
  const page = Math.max(Math.trunc(query.page ?? 1), 1);
  const rows = await inTransaction(gateway, (tx) => selectOffers(tx, partnerId, query.sort ?? { by: 'shown', isDescending: true }, (page - 1) * size, size + 1));
  return { rows: rows.slice(0, size), hasNext: rows.length > size };
}
