import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { isId, newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { advanceWork, beginWork, endWork } from '../../../platform/work.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import { approverName } from '../lifecycle/referral.rules.ts';
import { sendReferral } from '../lifecycle/send-referral.ts';
import { findBatch, insertBatch, lockWaiting, selectItems, selectSealed, selectSealedPartners, settleItem } from './batch.store.ts';
import type { BatchItem, BatchRow, SealedQuery, SealedReferral } from './batch.store.ts';
import { chosen } from './check-batch.ts';

/** Sealed referrals of the own counties that wait to be sent, with one more than asked for where there are more. */
export async function listSealed(ctx: Ctx, query: SealedQuery): Promise<{ rows: SealedReferral[]; hasNext: boolean; partners: string[] }> {
  authorise(ctx, 'referrals.send');
  return inTransaction(ctx, async (tx) => {
    const rows = await selectSealed(tx, { ...query, limit: query.limit + 1 });
    return { rows: rows.slice(0, query.limit), hasNext: rows.length > query.limit, partners: await selectSealedPartners(tx) };
  });
}

export interface BegunBatch {
  readonly batchId: string;
  readonly workId: string;
}

/**
 * Begins to send these one by one, in the name of whoever asks. What was seen is what leaves: each with the packet that was shown (`packetIds`, by referral), or none; what was not shown does not leave.
 *
 * @throws AppError `referral.batch_empty`, `referral.batch_too_many`, `referral.not_sealed`, `referral.packet_changed`, `referral.approver_invalid`, `referral.not_found`, `access.forbidden`.
 */
export async function beginBatch(ctx: Ctx, request: { readonly referralIds: readonly string[]; readonly packetIds: ReadonlyMap<string, string>; readonly approver: string | null }): Promise<BegunBatch> {
  authorise(ctx, 'referrals.send');
  const approver = approverName(request.approver);
  const ids = chosen(request.referralIds);
  if (ids.length === 0) throw new AppError('invalid', 'referral.batch_empty');
  return inTransaction(ctx, async (tx) => {
    const items: { referralId: string; county: string; packetId: string }[] = [];
    for (const id of ids) {
      const item = await itemOf(tx, id);
      if (request.packetIds.get(id) !== item.packetId) throw new AppError('conflict', 'referral.packet_changed');
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
