import { draftPages } from '../../../modules/referrals/index.ts';
import { sheetImage, sheetsOf } from '../../sheets.ts';
import { pathText, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

/** What would be sealed, page by page, as the partner will read it, marked as a draft. The use case writes down who opened it. */
export const draftPagesPage: Page = {
  path: '/referrals/:referralId/preview',
  access: 'packets.build',
  get: async (visit) => {
    const referral = `/referrals/${encodeURIComponent(pathText(visit, 'referralId'))}`;
    const { pdf, documents } = await draftPages(visit.ctx, pathText(visit, 'referralId'));
    return view('attorney/preview', { referral, sheets: await sheetsOf(visit, pdf, await documents(), `${referral}/preview`), canSign: true });
  },
};

export const draftImagePage: Page = {
  path: '/referrals/:referralId/preview/:number.png',
  access: 'packets.build',
  get: async (visit) => sheetImage(visit, (await draftPages(visit.ctx, pathText(visit, 'referralId'))).pdf),
};
