import { Readable } from 'node:stream';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction, withActor } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { openKeptFile } from '../../../platform/files.ts';
import { isId, newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { getPartner } from '../../partners/index.ts';
import type { FileKind } from '../../partners/index.ts';
import { previewTable } from '../formats/tables/table-preview.rules.ts';
import type { TablePreview } from '../formats/tables/table-preview.rules.ts';
import { readTable } from '../import-payments.ts';
import { someDisbursementIds } from '../disbursement.store.ts';
import { selectMappings } from '../mappings/mapping.store.ts';
import { writeMapping } from '../mappings/save-mapping.ts';
import type { MappingSaved } from '../mappings/save-mapping.ts';
import { keepReceived } from '../read-file.ts';
import { readKeptTable } from '../read-table.ts';
import { previewOf } from './list-preview.rules.ts';
import type { ListPreview } from './list-preview.rules.ts';
import { findOffer, insertOffer, selectOffers, updateSent } from './offered.store.ts';
import type { OfferedList, OfferSort } from './offered.store.ts';

const PAGE_SIZE_MAX = 200;

/** A partner's officer reads no lists and writes no row: the gateway does it, for the officer's own partner and under the officer's name. */
function gatewayFor(ctx: Ctx): { readonly gateway: Ctx; readonly partnerId: string } {
  authorise(ctx, 'payments.offer');
  const { partner } = ctx.actor;
  if (partner === null) throw new AppError('forbidden', 'access.forbidden', { params: { permission: 'payments.offer' } });
  return { gateway: withActor(ctx, { ...ctx.actor, roles: [], counties: 'all', partner: null }), partnerId: getPartner(partner).partnerId };
}

async function offerOf(gateway: Ctx, partnerId: string, offerId: string): Promise<OfferedList> {
  const offer = isId('off', offerId) ? await inTransaction(gateway, (tx) => findOffer(tx, offerId, partnerId)) : null;
  if (!offer) throw new AppError('not_found', 'payments.no_such_offer');
  return offer;
}

/** Keeps a list, encrypted, that an officer wants to send, so that it can be looked at first. Nothing of it is imported. @throws AppError `payments.empty_file`, `file.too_large`, `access.forbidden`. */
export async function offerList(ctx: Ctx, given: { readonly fileName: string; readonly source: Readable }): Promise<{ readonly offerId: string; readonly isNew: boolean }> {
  const { gateway, partnerId } = gatewayFor(ctx);
  const kept = await keepReceived(gateway, given.fileName, Readable.from(notEmpty(given.source), { objectMode: false }), partnerId);
  return inTransaction(gateway, async (tx) => {
    const offered = await insertOffer(tx, { ...kept, offerId: newId('off', tx.clock.now().getTime()), partnerId });
    if (offered.isNew) await recordAudit(tx, { action: 'payments.list_offered', subject: { type: 'offered_list', id: offered.offerId }, partner: partnerId, details: { sha256: kept.sha256, bytes: kept.byteCount } });
    return offered;
  });
}

async function* notEmpty(source: Readable): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const chunk of source) {
    count += (chunk as Uint8Array).length;
    yield chunk as Uint8Array;
  }
  if (count === 0) throw new AppError('invalid', 'payments.empty_file');
}

export interface OfferLooked {
  readonly offer: OfferedList;
  /** What was understood; null where its columns cannot be told, or it cannot be read. */
  readonly preview: ListPreview | null;
  /** Its first rows as they stand, where the officer can say what the columns are. */
  readonly untold: TablePreview | null;
  /** Why nothing was understood: a code, with findings where there are some. */
  readonly refusal: { readonly code: string; readonly params: AppError['params']; readonly findings: readonly Finding[] } | null;
}

/** What we understand of a list, by everything that we know of how this partner writes lists; nothing is written. @throws AppError `payments.no_such_offer`, `access.forbidden`. */
export async function lookAtOffer(ctx: Ctx, offerId: string): Promise<OfferLooked> {
  const { gateway, partnerId } = gatewayFor(ctx);
  const offer = await offerOf(gateway, partnerId, offerId);
  const partner = getPartner(partnerId);
  const { mappings, disbursementIds } = await inTransaction(gateway, async (tx) => ({ mappings: await selectMappings(tx, partnerId), disbursementIds: await someDisbursementIds(tx, partnerId) }));
  try {
    const kept = await readKeptTable(gateway, offer.fileId);
    try {
      return { offer, preview: previewOf(readTable(kept, partner, disbursementIds, mappings)), untold: null, refusal: null };
    } catch (error) {
      const refusal = refusalOf(error);
      const isUntold = ['payments.columns_untold', 'payments.kind_untold'].includes(refusal.code);
      return { offer, preview: null, refusal, untold: isUntold ? previewTable(kept.source, layoutOf(partner, mappings)) : null };
    }
  } catch (error) {
    return { offer, preview: null, untold: null, refusal: refusalOf(error) };
  }
}

function layoutOf({ files, caseNumbers }: ReturnType<typeof getPartner>, mappings: Awaited<ReturnType<typeof selectMappings>>) {
  return {
    forwarding: files.forwarding?.value ?? null, remittance: files.remittance?.value ?? null, caseNumbers: caseNumbers.value.forms, disbursementIds: [],
    mappings: Object.fromEntries(mappings.map(({ kind, mapping }) => [kind, mapping])),
  };
}

function refusalOf(error: unknown): NonNullable<OfferLooked['refusal']> {
  if (!(error instanceof AppError) || error.kind !== 'invalid') throw error;
  return { code: error.code, params: error.params, findings: error.findings };
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
