import { clockStanding } from '../modules/referrals/index.ts';
import type { ReferralRow } from '../modules/referrals/index.ts';
import { calendarDate, daysBetween } from '../platform/dates.ts';
import { findPartner, partnerName } from '../modules/partners/index.ts';
import type { Visit } from './visit.ts';

/** Deadlines are counted in days of the county, whose offices keep them. */
export const COUNTY_TIME_ZONE = 'America/Los_Angeles';

/** What lists and pages of referrals show beside the row itself. */
export interface ReferralLine extends ReferralRow {
  partnerName: string;
  standing: string;
  /** Days until the clock is due; negative when overdue. */
  daysLeft: number;
  blockingCount: number;
  warningCount: number;
}

export function referralLine<T extends ReferralRow>(referral: T, visit: Visit): T & ReferralLine {
  const today = calendarDate(visit.ctx.clock.now(), COUNTY_TIME_ZONE);
  const count = (severity: string) => referral.findings.filter((finding) => finding.severity === severity).length;
  return {
    ...referral,
    partnerName: partnerNameOf(referral.partnerId, visit),
    standing: clockStanding(referral.clockDueOn, today, referral.clockStoppedOn),
    daysLeft: daysBetween(today, referral.clockDueOn),
    blockingCount: count('block'),
    warningCount: count('warn'),
  };
}

/** The partner's name in the reader's language; the id where its profile is gone. */
export function partnerNameOf(partnerId: string, visit: Visit, form: 'full' | 'short' = 'full'): string {
  const profile = findPartner(partnerId);
  return profile ? partnerName(profile, visit.language, form) : partnerId;
}
