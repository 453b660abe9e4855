import type { FileNumbers } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { recordAudit } from '../../audit/index.ts';
import { inTransaction, withActor, writingFor } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { findByReferral, selectHops, updateFileNumbers } from './conversation.store.ts';

/** The file numbers of a request as both sides and the offices between them have told; null where nothing was said. @throws AppError `access.forbidden`. */
export async function fileNumbersOf(ctx: Ctx, referralId: string): Promise<FileNumbers | null> {
  authorise(ctx, 'messages.view');
  return inTransaction(ctx, async (tx) => {
    const row = await findByReferral(tx, referralId);
    if (!row) return null;
    const hops = await selectHops(tx, row.conversationId);
    return { ours: row.ourFileNumber, theirs: row.partnerFileNumber, hops: hops.flatMap(({ hop, office, fileNumber }) => (fileNumber === null ? [] : [{ office: office ?? hop, fileNumber }])) };
  });
}

export const FILE_NUMBER_MAX = 60;

/** Whether somebody could write a number so. */
export const isFileNumber = (text: string): boolean => text.length <= FILE_NUMBER_MAX && /[\p{L}\p{N}]/u.test(text) && !/[\p{Cc}\p{Cf}<>]/u.test(text);

/**
 * An officer says under which number the own office keeps a request of ours; the gateway writes it down, for a request that the officer sees.
 *
 * @throws AppError `conversation.number_unfit`, `access.forbidden`.
 */
export async function tellOwnNumber(ctx: Ctx, referralId: string, given: string): Promise<void> {
  authorise(ctx, 'referrals.move');
  const number = given.normalize('NFC').replace(/\s+/gu, ' ').trim();
  const { partner } = ctx.actor;
  if (partner === null) throw new AppError('forbidden', 'access.forbidden', { params: { permission: 'referrals.move' } });
  if (!isFileNumber(number)) throw new AppError('invalid', 'conversation.number_unfit', { params: { most: FILE_NUMBER_MAX } });
  const gateway = withActor(ctx, writingFor(ctx.actor));
  await inTransaction(gateway, async (tx) => {
    const row = await findByReferral(tx, referralId);
    if (row?.partnerId !== partner) return;
    await updateFileNumbers(tx, row.conversationId, { theirs: number });
    await recordAudit(tx, { action: 'conversation.numbered', subject: { type: 'conversation', id: row.conversationId }, partner, county: row.county });
  });
}
