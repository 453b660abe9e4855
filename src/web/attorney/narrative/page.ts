import { getReferral, getText, listTexts } from '../../../modules/referrals/index.ts';
import type { TextSummary } from '../../../modules/referrals/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { addressWith, pagingNumbered } from '../../paging.ts';
import { languageName, sourceName } from '../../translator/text-words.ts';
import { pathText, queryPage, queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const isOpen = ({ state }: TextSummary): boolean => state === 'open';

/** The texts of a referral, and one of them beside its translation, with what the memory and the glossary have for it; done on the translator's page. */
export const narrativePage: Page = {
  path: '/referrals/:referralId/narrative',
  access: 'translations.view',
  get: async (visit) => {
    const { ctx } = visit;
    const { referralId } = await getReferral(ctx, pathText(visit, 'referralId'));
    const texts = (await listTexts(ctx, referralId)).filter(({ state }) => state !== 'withdrawn');
    const chosen = texts.find(({ textId }) => textId === queryText(visit, 'text', 40)) ?? texts.find(isOpen) ?? texts[0];
    const text = chosen ? await getText(ctx, referralId, chosen.textId, queryPage(visit)) : null;
    const referral = `/referrals/${encodeURIComponent(referralId)}`;
    return view('attorney/narrative', {
      referral, text, canTell: isAllowed(ctx, 'interviews.read'), canTranslate: isAllowed(ctx, 'translations.edit'),
      texts: texts.map((one) => ({ ...lineOf(one, visit), isHere: one.textId === text?.textId })),
      work: text && `/translations/${encodeURIComponent(referralId)}/${encodeURIComponent(text.textId)}${text.page > 1 ? `?page=${text.page}` : ''}`,
      shown: chosen ? lineOf(chosen, visit) : null,
      paging: text && pagingNumbered(visit, text.page, text.page < text.pages),
    });
  },
};

function lineOf(text: TextSummary, visit: Visit) {
  const { t, language } = visit;
  return {
    ...text, name: sourceName(t, text.sourceId), from: languageName(t, text.sourceLanguage, language), to: languageName(t, text.targetLanguage, language),
    href: addressWith(visit, { text: text.textId, page: '' }),
  };
}
