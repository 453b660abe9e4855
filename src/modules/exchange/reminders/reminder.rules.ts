import { addDays, daysBetween } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';

/** What sets a rule off: a clock of a referral, or a message of ours that nobody has answered. */
export type Trigger =
  | { readonly on: 'clock'; readonly clock: string; readonly when: 'overdue' | 'running' | 'within'; readonly days?: number }
  | { readonly on: 'unanswered'; readonly kinds: readonly string[]; readonly days: number };

export type DraftKind = 'reminder' | 'informationUpdate' | 'closureNotice';

export interface DraftRule {
  readonly kind: DraftKind;
  /** CSENet 2000: function, action, reason. */
  readonly code?: string;
  readonly overdue?: 'response' | 'attachments';
  readonly change?: string;
  /** The move of the referral that is made when the message leaves. */
  readonly move?: string;
}

/** One rule of `reminder-rules.json` (schema `reminder-rules.v1`). */
export interface ReminderRule {
  readonly ruleId: string;
  readonly trigger: Trigger;
  readonly draft: DraftRule | null;
  readonly send: 'by_hand' | 'by_rule';
  readonly repeatDays: number | null;
  readonly timesMax: number;
  readonly escalateAfterDays: number | null;
  readonly citation: string;
  readonly confirmed: boolean;
}

/** What a rule is applied to: a clock that runs, or a message that waits for its answer. */
export interface Subject {
  /** `ref_…:3` (referral and position of the clock) or the id of the message. */
  readonly subjectId: string;
  readonly referralId: string | null;
  readonly conversationId: string | null;
  readonly partnerId: string;
  readonly county: string | null;
  readonly caseId: string | null;
  /** The partner has passed the request on to another office. */
  readonly isForwarded?: boolean;
  /** The day on which the clock started, or the message was sent. */
  readonly since: CalendarDate;
  /** The day that counts: behind it, it is overdue. */
  readonly dueOn: CalendarDate;
}

/** What was done before about the same subject under the same rule. */
export interface EarlierReminder {
  readonly position: number;
  readonly isEscalation: boolean;
  readonly state: ReminderState;
  readonly createdOn: CalendarDate;
}

export const REMINDER_STATES = ['drafted', 'sent', 'dropped', 'escalated', 'ended'] as const;
export type ReminderState = (typeof REMINDER_STATES)[number];

export interface DueWork {
  /** Which reminder of the same subject is to be drafted now, from 1 on; null where none is. */
  readonly draft: number | null;
  readonly escalate: boolean;
}

/** The last day on which a clock may count for the rule to look at it at all: `running` looks at every one. */
export function horizon(trigger: Extract<Trigger, { on: 'clock' }>, today: CalendarDate): CalendarDate {
  if (trigger.when === 'overdue') return addDays(today, -1);
  return trigger.when === 'within' ? addDays(today, trigger.days ?? 0) : '9999-12-31';
}

/** The day on which a message of ours counts as overdue. */
export function answerDueOn(trigger: Extract<Trigger, { on: 'unanswered' }>, sentOn: CalendarDate): CalendarDate {
  return addDays(sentOn, trigger.days);
}

/**
 * What is to be done now about a subject that set the rule off. A draft that still waits for a person is not followed by another;
 * one that was sent or dropped is, after the rule's pause. Escalating happens once.
 */
export function dueWork(rule: ReminderRule, subject: Pick<Subject, 'dueOn'>, earlier: readonly EarlierReminder[], today: CalendarDate): DueWork {
  const drafts = earlier.filter((each) => !each.isEscalation);
  const last = drafts.reduce<EarlierReminder | null>((found, each) => (found === null || each.position > found.position ? each : found), null);
  const isFirst = last === null && rule.timesMax > 0;
  const isNext = last !== null && last.state !== 'drafted' && rule.repeatDays !== null && last.position < rule.timesMax && daysBetween(last.createdOn, today) >= rule.repeatDays;
  const isLate = rule.escalateAfterDays !== null && daysBetween(subject.dueOn, today) > rule.escalateAfterDays;
  return {
    draft: rule.draft !== null && (isFirst || isNext) ? (last?.position ?? 0) + 1 : null,
    escalate: isLate && !earlier.some((each) => each.isEscalation),
  };
}
