import { isAllowed } from '../../../platform/authorise.ts';
import { REVEAL_REASONS, viewCase } from '../../../modules/cases/index.ts';
import type { MaskedDatum } from '../../../modules/cases/index.ts';
import { latestMessagesAbout } from '../../../modules/exchange/index.ts';
import { moneyOfCase } from '../../../modules/reconciliation/index.ts';
import { listReferrals } from '../../../modules/referrals/index.ts';
import { exchangeWord, sidesOf, toneOf } from '../../conversation-line.ts';
import { countryNames } from '../../countries.ts';
import { partnerNameOf, referralLine } from '../../referral-line.ts';
import type { ReferralLine } from '../../referral-line.ts';
import { pathText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { numberLabel, peopleOf } from './case-view.ts';
import { nextSteps } from './next-steps.ts';

/** A case has few; whoever has more finds them all in the queue. */
const REFERRALS_MAX = 50;
const MESSAGES_SHOWN = 4;
const MONEY_SHOWN = 6;

/** A case at a glance: what to do next, people, referrals, orders, balances, what was said and what was paid. */
export const casePage: Page = {
  path: '/cases/:caseId',
  access: 'cases.view',
  get: async (visit) => {
    const found = await viewCase(visit.ctx, pathText(visit, 'caseId'));
    const { supportCase, screen } = found;
    const people = peopleOf(found);
    const canSeeReferrals = isAllowed(visit.ctx, 'referrals.view');
    const referrals = canSeeReferrals ? (await listReferrals(visit.ctx, { caseId: supportCase.caseId, pageSize: REFERRALS_MAX })).rows.map((referral) => referralLine(referral, visit)) : [];
    return view('attorney/case', {
      supportCase, people, canSeeReferrals, referrals,
      canSeeDisclosures: isAllowed(visit.ctx, 'disclosures.view'), canReveal: isAllowed(visit.ctx, 'identifiers.reveal'), reasons: REVEAL_REASONS,
      steps: canSeeReferrals ? nextSteps(visit, supportCase, referrals) : [],
      ...await messagesOf(visit, referrals), ...await moneyLines(visit, supportCase.caseId),
      partnerName: (partnerId: string) => partnerNameOf(partnerId, visit, 'short'),
      labelOf: (number: MaskedDatum) => numberLabel(visit, number),
      isForumHidden: (orderId: string) => screen.hiddenForums.has(orderId),
      hasProtected: people.some((person) => person.isProtected),
      country: countryNames(visit.language),
      canRefer: supportCase.status === 'open' && isAllowed(visit.ctx, 'referrals.create'),
    });
  },
};

async function messagesOf(visit: Visit, referrals: readonly ReferralLine[]): Promise<{ canSeeMessages: boolean; messages: readonly object[]; canWrite: boolean }> {
  const canSeeMessages = isAllowed(visit.ctx, 'messages.view');
  const rows = canSeeMessages ? await latestMessagesAbout(visit.ctx, referrals.map(({ referralId }) => referralId), MESSAGES_SHOWN) : [];
  return {
    canSeeMessages, canWrite: isAllowed(visit.ctx, 'messages.send'),
    messages: rows.map((row) => ({
      href: `/messages/${row.messageId}`, conversation: row.conversationId, title: exchangeWord(visit, 'kind', row.kind), when: visit.format.instant(row.storedAt),
      from: visit.t('conversations:line.from', { who: row.direction === 'out' ? sidesOf(visit, row).us : sidesOf(visit, row).partner }), state: exchangeWord(visit, 'state', row.state), tone: toneOf(row.state),
    })),
  };
}

const TONES: Readonly<Record<string, string>> = { posted: 'good', returned: 'warn', suspense: 'block', rejected: 'block', pending: 'warn', duplicate: 'quiet' };

async function moneyLines(visit: Visit, caseId: string): Promise<{ canSeeMoney: boolean; canSeeLedger: boolean; money: readonly object[] }> {
  const canSeeMoney = isAllowed(visit.ctx, 'reconciliation.view');
  const rows = canSeeMoney ? await moneyOfCase(visit.ctx, caseId, MONEY_SHOWN) : [];
  return {
    canSeeMoney, canSeeLedger: isAllowed(visit.ctx, 'ledger.view'),
    money: rows.map((row) => ({
      ...row, partner: partnerNameOf(row.partnerId, visit, 'short'), amount: row.amountMinor === null || row.currency === null ? '—' : visit.format.money(row.amountMinor, row.currency), tone: TONES[row.outcome] ?? 'quiet',
      href: row.outcome === 'suspense' && isAllowed(visit.ctx, 'suspense.view') && visit.ctx.actor.counties === 'all' ? `/suspense/line-${row.fileId}-${row.line}` : null,
    })),
  };
}
