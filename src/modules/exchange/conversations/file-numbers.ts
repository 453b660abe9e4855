import type { FileNumbers } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { findByReferral, selectHops } from './conversation.store.ts';

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
