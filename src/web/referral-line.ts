import { clockStanding, officeDay } from '../modules/referrals/index.ts';
import type { ListedReferral, ReferralClock } from '../modules/referrals/index.ts';
import { daysBetween } from '../platform/dates.ts';
import { findPartner, partnerName } from '../modules/partners/index.ts';
import type { Visit } from './visit.ts';

/** A clock as a page shows it. */
export interface ClockLine extends ReferralClock {
  standing: string;
  /** Days until it is due; negative when overdue. */
  daysLeft: number;
}

/** What lists and pages of referrals show beside the row itself. */
export interface ReferralLine extends ListedReferral {
  partnerName: string;
  /** The clock that counts now; null where none was started. */
  clock: ClockLine | null;
  blockingCount: number;
  warningCount: number;
}

/** What ends a referral ends its deadlines, and none of them was met by it. */
const ENDED_BY = ['withdraw', 'supersede'];

/** How a clock stands today, in days of the county, whose offices keep it. */
export function clockLine(clock: ReferralClock, visit: Visit): ClockLine {
  const today = officeDay(visit.ctx);
  return {
    ...clock, daysLeft: daysBetween(today, clock.countsOn),
    // A promise in time satisfies the law; what is stopped after it is held against the law's own day.
    standing: ENDED_BY.includes(clock.stoppedBy ?? '') ? `ended_${clock.stoppedBy}` : clockStanding(clock.stoppedOn === null ? clock.countsOn : clock.dueOn, today, clock.stoppedOn === null ? null : clock.satisfiedOn ?? clock.stoppedOn, clock.pausedOn),
  };
}

export function referralLine<T extends ListedReferral>(referral: T, visit: Visit): T & ReferralLine {
  const count = (severity: string) => referral.findings.filter((finding) => finding.severity === severity).length;
  return {
    ...referral,
    partnerName: partnerNameOf(referral.partnerId, visit),
    clock: referral.clock && clockLine(referral.clock, visit),
    blockingCount: count('block'),
    warningCount: count('warn'),
  };
}

/** The partner's name in the reader's language; the id where its profile is gone. */
export function partnerNameOf(partnerId: string, visit: Visit, form: 'full' | 'short' = 'full'): string {
  const profile = findPartner(partnerId);
  return profile ? partnerName(profile, visit.language, form) : partnerId;
}
