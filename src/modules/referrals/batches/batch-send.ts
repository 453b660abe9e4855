import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { isId, newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { advanceWork, beginWork, endWork } from '../../../platform/work.ts';
import type { AllowingAgreement } from '../../partners/index.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import { approverName } from '../lifecycle/referral.rules.ts';
import type { ReferralRow } from '../lifecycle/referral.store.ts';
import { sendReferral } from '../lifecycle/send-referral.ts';
import { draftPacket } from '../packets/draft-packet.ts';
import { findBatch, insertBatch, lockWaiting, selectItems, selectSealed, selectSealedPartners, settleItem } from './batch.store.ts';
import type { BatchItem, BatchRow, SealedQuery, SealedReferral } from './batch.store.ts';

/** So many are confirmed on one page: a person must be able to read what leaves. */
export const BATCH_MAX = 50;

/** Sealed referrals of the own counties that wait to be sent, with one more than asked for where there are more. */
export async function listSealed(ctx: Ctx, query: SealedQuery): Promise<{ rows: SealedReferral[]; hasNext: boolean; partners: string[] }> {
  authorise(ctx, 'referrals.send');
  return inTransaction(ctx, async (tx) => {
    const rows = await selectSealed(tx, { ...query, limit: query.limit + 1 });
    return { rows: rows.slice(0, query.limit), hasNext: rows.length > query.limit, partners: await selectSealedPartners(tx) };
  });
}

/** One of those chosen, as it stands at this moment. */
export interface BatchCandidate {
  readonly referral: Pick<ReferralRow, 'referralId' | 'caseId' | 'partnerId' | 'county' | 'services' | 'packetId'>;
  readonly documents: number;
  readonly agreements: readonly AllowingAgreement[];
  readonly needsApprover: boolean;
  /** Why it cannot be sent, as codes of refusals; none where it can. */
  readonly refusals: readonly string[];
}

/** What would leave if these were sent now, and what could not. What this person may not see is left out. */
export async function checkBatch(ctx: Ctx, referralIds: readonly string[]): Promise<BatchCandidate[]> {
  authorise(ctx, 'referrals.send');
  const candidates: BatchCandidate[] = [];
  for (const referralId of chosen(referralIds)) {
    const candidate = await candidateOf(ctx, referralId);
    if (candidate) candidates.push(candidate);
  }
  return candidates;
}

async function candidateOf(ctx: Ctx, referralId: string): Promise<BatchCandidate | null> {
  try {
    const { referralId: id, caseId, partnerId, county, services, packetId, status } = await inTransaction(ctx, (tx) => getReferralRow(tx, referralId));
    const draft = await draftPacket(ctx, referralId);
    const isSealed = status === 'sealed' && packetId !== null;
    const refusals = isSealed ? [
      ...(draft.isCurrent === false ? ['packet.outdated'] : []),
      ...(draft.agreement.isAllowed ? [] : ['agreement.none_allows']),
      ...(draft.findings.some(({ severity }) => severity === 'block') ? ['packet.incomplete'] : []),
    ] : ['referral.not_sealed'];
    return { referral: { referralId: id, caseId, partnerId, county, services, packetId }, documents: draft.documents.length, agreements: draft.agreement.agreements, needsApprover: draft.needsApprover, refusals };
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  }
}

export interface BegunBatch {
  readonly batchId: string;
  readonly workId: string;
}

/**
 * Begins to send these one by one, in the name of whoever asks. What was seen is what leaves: each with the packet that was shown (`packetIds`, by referral), or none.
 *
 * @throws AppError `referral.batch_empty`, `referral.batch_too_many`, `referral.not_sealed`, `referral.packet_changed`, `referral.approver_invalid`, `referral.not_found`, `access.forbidden`.
 */
export async function beginBatch(ctx: Ctx, request: { readonly referralIds: readonly string[]; readonly packetIds?: ReadonlyMap<string, string>; readonly approver: string | null }): Promise<BegunBatch> {
  authorise(ctx, 'referrals.send');
  const approver = approverName(request.approver);
  const ids = chosen(request.referralIds);
  if (ids.length === 0) throw new AppError('invalid', 'referral.batch_empty');
  return inTransaction(ctx, async (tx) => {
    const items: { referralId: string; county: string; packetId: string }[] = [];
    for (const id of ids) {
      const item = await itemOf(tx, id);
      const shown = request.packetIds?.get(id);
      if (shown !== undefined && shown !== item.packetId) throw new AppError('conflict', 'referral.packet_changed');
      items.push(item);
    }
    const batchId = newId('snd', tx.clock.now().getTime());
    const workId = await beginWork(tx, { kind: 'referrals.batch_send', total: items.length });
    await insertBatch(tx, { batchId, workId, approverEncrypted: approver === null ? null : tx.keys.encrypt(approver, aadOf(tx, batchId)) }, items);
    await recordAudit(tx, { action: 'referral.batch_begun', subject: { type: 'batch', id: batchId }, details: { count: items.length, isApproved: approver !== null } });
    await emit(tx, 'referral.batch_begun', { batchId });
    return { batchId, workId };
  });
}

async function itemOf(tx: TxCtx, id: string): Promise<{ referralId: string; county: string; packetId: string }> {
  const { referralId, county, packetId, status } = await getReferralRow(tx, id);
  if (status !== 'sealed' || packetId === null) throw new AppError('conflict', 'referral.not_sealed');
  return { referralId, county, packetId };
}

function chosen(referralIds: readonly string[]): string[] {
  const ids = [...new Set(referralIds)].filter((id) => isId('ref', id));
  if (ids.length > BATCH_MAX) throw new AppError('invalid', 'referral.batch_too_many', { params: { max: BATCH_MAX } });
  return ids;
}

const aadOf = (ctx: Ctx, batchId: string): string => `referral_batches:${ctx.actor.agency}:${batchId}:approver`;

/** Who began it: a job acts in that person's name. Null where there is no such batch. */
export async function batchOwner(ctx: Ctx, batchId: string): Promise<string | null> {
  authorise(ctx, 'referrals.send');
  return inTransaction(ctx, async (tx) => (await findBatch(tx, batchId))?.begunBy ?? null);
}

/**
 * Sends what still waits, each in a transaction of its own: what has left stays sent, what is refused is told with its reason, and
 * whoever takes up a batch that was left half done goes on where it stopped.
 *
 * @throws AppError `referral.batch_unknown`, `access.forbidden`.
 */
export async function runBatch(ctx: Ctx, batchId: string): Promise<void> {
  authorise(ctx, 'referrals.send');
  const { batch, items } = await readBatch(ctx, batchId);
  const approver = batch.approverEncrypted === null ? null : ctx.keys.decrypt(batch.approverEncrypted, aadOf(ctx, batchId)).toString('utf8');
  for (const item of items) if (item.state === 'waiting') await sendOne(ctx, batch, item, approver);
  await endWork(ctx, batch.workId, { state: 'done', to: `/batches/${batchId}` });
}

async function sendOne(ctx: Ctx, { batchId, workId }: BatchRow, { referralId, caseId, packetId }: BatchItem, approver: string | null): Promise<void> {
  try {
    await inTransaction(ctx, async (tx) => {
      if (!await lockWaiting(tx, batchId, referralId)) return;
      if ((await getReferralRow(tx, referralId, 'lock')).packetId !== packetId) throw new AppError('conflict', 'packet.outdated');
      await sendReferral(tx, referralId, { approver });
      await settleItem(tx, batchId, referralId, { state: 'sent', code: null });
      await advanceWork(tx, workId, { done: 1 });
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'partner_unavailable') throw error;
    await refuseOne(ctx, { batchId, workId }, { referralId, caseId }, error);
  }
}

async function refuseOne(ctx: Ctx, { batchId, workId }: Pick<BatchRow, 'batchId' | 'workId'>, { referralId, caseId }: Pick<BatchItem, 'referralId' | 'caseId'>, { code, params }: AppError): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    if (!await lockWaiting(tx, batchId, referralId)) return;
    await settleItem(tx, batchId, referralId, { state: 'refused', code });
    await advanceWork(tx, workId, { notDone: [{ subject: caseId, code, params, address: `/referrals/${referralId}` }] });
  });
}

/** Refuses all that still waits, where nobody may send it any more in the name of whoever began it. */
export async function abandonBatch(ctx: Ctx, batchId: string, why: AppError): Promise<void> {
  authorise(ctx, 'referrals.send');
  const { batch, items } = await readBatch(ctx, batchId);
  for (const item of items) if (item.state === 'waiting') await refuseOne(ctx, batch, item, why);
  await endWork(ctx, batch.workId, { state: 'done', to: `/batches/${batchId}` });
}

/** What became of each. @throws AppError `referral.batch_unknown` (not found), also for a batch that somebody else began. */
export async function readBatch(ctx: Ctx, batchId: string): Promise<{ batch: BatchRow; items: BatchItem[] }> {
  authorise(ctx, 'referrals.send');
  return inTransaction(ctx, async (tx) => {
    const batch = isId('snd', batchId) ? await findBatch(tx, batchId) : null;
    if (!batch || (batch.begunBy !== ctx.actor.id && ctx.actor.kind !== 'system')) throw new AppError('not_found', 'referral.batch_unknown');
    return { batch, items: await selectItems(tx, batchId) };
  });
}
