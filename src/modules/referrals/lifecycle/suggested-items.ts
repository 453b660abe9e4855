import { findPartner } from '../../partners/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import type { AwaitedItem } from './lifecycle-table.rules.ts';
import { selectAwaited } from './move.store.ts';
import { itemsAsked } from './partner-papers.rules.ts';
import type { ReferralRow } from './referral.store.ts';

/** What the partner's profile asks for from outside, and is neither awaited already nor has come. */
export async function suggestedItems(ctx: TxCtx, { referralId, partnerId, services }: Pick<ReferralRow, 'referralId' | 'partnerId' | 'services'>): Promise<AwaitedItem[]> {
  const partner = findPartner(partnerId);
  if (partner === null) return [];
  const known = (await selectAwaited(ctx, referralId)).map(({ item }) => item);
  return itemsAsked(partner, services).filter((item) => !known.includes(item));
}
