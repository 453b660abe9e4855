import { hasWords } from '../../../platform/i18n.ts';
import { countryNames } from '../../countries.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { sourceName } from '../../translator/text-words.ts';
import { view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { partyLines } from '../parties/party-lines.ts';
import { referralAddress, standingOf } from '../referral/standing.ts';
import type { Standing } from '../referral/standing.ts';
import { answerSections } from './answer-lines.ts';

/** All that will leave on one page, each part with the way to where it is changed; what people wrote in both languages. */
export const checkPage: Page = {
  path: '/referrals/:referralId/check',
  access: 'packets.build',
  get: async (visit) => {
    const standing = await standingOf(visit, 'reads content');
    const { referral, allowed, blocking } = standing;
    return view('attorney/check', {
      referral, here: referralAddress(visit), partnerName: partnerNameOf(referral.partnerId, visit), blocking, allowed,
      country: countryNames(visit.language), content: contentOf(standing, visit), documents: standing.draft?.documents ?? [],
    });
  },
};

function contentOf({ draft }: Standing, visit: Visit) {
  const content = draft?.content;
  if (!content) return null;
  const kind = (code: string): string => (hasWords(visit.language, `attachments:kind.${code}`) ? visit.t(`attachments:kind.${code}`) : code);
  return {
    parties: partyLines(content, visit), orders: content.supportCase.orders, balances: content.supportCase.balances,
    sections: answerSections(content, content.partner.language, visit),
    papers: content.attachments.map(({ kind: code, title, pages, language }) => ({ kind: kind(code), title, pages, language })),
    narratives: content.narratives.map((one) => ({ ...one, name: sourceName(visit.t, one.id) })),
    fileNumber: content.partner.fileNumber,
  };
}
