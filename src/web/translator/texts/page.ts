import { isAllowed } from '../../../platform/authorise.ts';
import { listWaitingTexts, TEXTS_PER_PAGE } from '../../../modules/referrals/index.ts';
import type { TextState } from '../../../modules/referrals/index.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';
import { languageName, sourceName } from '../text-words.ts';

const SHOWN: readonly TextState[] = ['open', 'translated', 'approved'];

/** The work list: which texts wait, how far they are, and nothing of what they say or whose they are. */
export const textsPage: Page = {
  path: '/translations',
  access: 'translations.view',
  get: async (visit) => {
    const state = SHOWN.find((one) => one === queryText(visit, 'state', 20));
    const referralId = queryText(visit, 'referral', 40);
    const page = queryPage(visit);
    const { rows, total } = await listWaitingTexts(visit.ctx, { state, page, ...(referralId === '' ? {} : { referralId }) });
    return view('translator/texts', {
      reading: referralId !== '' && isAllowed(visit.ctx, 'translations.review') ? `/referrals/${encodeURIComponent(referralId)}/texts` : null,
      state: state ?? null, states: SHOWN, total,
      texts: rows.map((row) => ({
        ...row, name: sourceName(visit.t, row.sourceId), from: languageName(visit.t, row.sourceLanguage, visit.language), to: languageName(visit.t, row.targetLanguage, visit.language),
        href: `/translations/${encodeURIComponent(row.referralId)}/${encodeURIComponent(row.textId)}`,
      })),
      paging: pagingNumbered(visit, page, page * TEXTS_PER_PAGE < total),
    });
  },
};
