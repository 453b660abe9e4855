// Dates have a direction: money is collected, sent, received, in that order, and none of it in the future.
import { addDays, daysBetween } from '../../../platform/dates.ts';
import { suspense } from './reason.rules.ts';
import type { Decision } from './reason.rules.ts';

export type LineDates = { readonly happenedOn: string | null; readonly sentOn: string | null; readonly creditedOn: string | null };

/** Korea is a day ahead of California. */
const AHEAD_DAYS = 1;
/** Banks book by days of their own. */
const CREDIT_DAYS = 3;
const BEFORE_SENDING_MAX = 366;

/** What is odd about the dates of a line, or null. */
export function oddDate({ happenedOn, sentOn, creditedOn }: LineDates, today: string): string | null {
  if (happenedOn === null) return null;
  if (happenedOn > addDays(today, AHEAD_DAYS)) return 'date.in_future';
  if (sentOn !== null && happenedOn > sentOn) return 'date.after_sending';
  if (sentOn !== null && daysBetween(happenedOn, sentOn) > BEFORE_SENDING_MAX) return 'date.long_before_sending';
  return creditedOn !== null && happenedOn > addDays(creditedOn, CREDIT_DAYS) ? 'date.after_credit' : null;
}

export function unlessDateOdd(decision: Decision, dates: LineDates, today: string): Decision {
  if (decision.outcome === 'suspense') return decision;
  const odd = oddDate(dates, today);
  return odd === null ? decision : suspense([...decision.reasons, odd], decision.caseId);
}
