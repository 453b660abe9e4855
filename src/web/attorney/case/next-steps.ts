import type { SupportCase } from '../../../modules/cases/index.ts';
import { FINAL_STATES } from '../../../modules/referrals/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import type { ClockLine, ReferralLine } from '../../referral-line.ts';
import type { Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

/** Something that this person can do for a case now. */
export interface NextStep {
  readonly text: string;
  readonly href: string;
  /** By when; null where nothing runs. */
  readonly clock: ClockLine | null;
}

const IN_WORK = ['draft', 'in_translation', 'awaiting_signatures', 'in_review'];

/** What is to be done next: for each open referral one thing, the most pressing first; where there is none, a new one. */
export function nextSteps(visit: Visit, supportCase: Pick<SupportCase, 'caseId' | 'status'>, referrals: readonly ReferralLine[]): NextStep[] {
  const final: readonly string[] = FINAL_STATES;
  const open = referrals.filter(({ status }) => !final.includes(status));
  const canRefer = supportCase.status === 'open' && isAllowed(visit.ctx, 'referrals.create');
  if (open.length === 0) return canRefer ? [{ text: visit.t('casefile:next.refer'), href: `/cases/${encodeURIComponent(supportCase.caseId)}/refer`, clock: null }] : [];
  return open.map((referral) => ({ text: stepOf(visit, referral), href: `/referrals/${referral.referralId}`, clock: referral.clock }));
}

function stepOf({ t, language }: Visit, { status, direction, blockingCount, partnerName, clock }: ReferralLine): string {
  const about = { partner: partnerName };
  if (IN_WORK.includes(status)) return blockingCount > 0 ? t('casefile:next.mend', { ...about, count: blockingCount }) : t('casefile:next.continue', about);
  if (status === 'sealed') return t('casefile:next.send', about);
  if (status === 'answered' && direction === 'outgoing') return t('casefile:next.close', about);
  if (status === 'incomplete' && direction === 'outgoing') return t('casefile:next.supply', about);
  return clock === null ? t('casefile:next.wait', about) : t('casefile:next.clock', { ...about, clock: wordsFor(language).deadline(clock.clock, status) });
}
