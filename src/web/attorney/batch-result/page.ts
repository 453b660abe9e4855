import { readBatch } from '../../../modules/referrals/index.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { pathText, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

/** What became of each referral of a sending, for whoever began it. */
export const batchResultPage: Page = {
  path: '/batches/:batchId',
  access: 'referrals.send',
  get: async (visit) => {
    const { batch, items } = await readBatch(visit.ctx, pathText(visit, 'batchId'));
    const words = wordsFor(visit.language);
    return view('attorney/batch-result', {
      batch, isOver: items.every(({ state }) => state !== 'waiting'),
      items: items.map((item) => ({ ...item, partnerName: partnerNameOf(item.partnerId, visit), why: item.code === null ? null : words.error(item.code) })),
    });
  },
};
