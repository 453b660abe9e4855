import type { CalendarDate } from '../../../platform/dates.ts';
import type { DraftRule, Subject } from './reminder.rules.ts';

/** A sentence in English and in the partner's language. */
export interface BilingualSentence {
  readonly source: string;
  readonly target: string;
}

/** What a draft is made of, besides its rule: looked up by whoever drafts. */
export interface DraftFacts {
  readonly on: CalendarDate;
  /** Which reminder of the same matter it is. */
  readonly count: number;
  /** The message that is spoken of, by the id that the partner knows. */
  readonly of: string;
  readonly language: string;
  readonly sentences: readonly BilingualSentence[];
  readonly closing: { readonly reason: string; readonly closedOn: CalendarDate | null } | null;
  readonly balances: readonly { readonly bucket: string; readonly amount: string; readonly currency: string; readonly asOf: CalendarDate }[];
}

/** The body of the message that a rule drafts, as `schemas/json/message.v1.json` has it. */
export function draftBody(draft: DraftRule, subject: Pick<Subject, 'since' | 'dueOn'>, citation: string, facts: DraftFacts): Record<string, unknown> {
  const remark = [{ sourceLanguage: 'en', targetLanguage: facts.language, segment: facts.sentences }];
  if (draft.kind === 'reminder') return { of: facts.of, overdue: draft.overdue ?? 'response', dueOn: subject.dueOn, count: facts.count, remark };
  if (draft.kind === 'closureNotice') {
    return { reason: facts.closing?.reason ?? 'other', citation, ...(facts.closing?.closedOn ? { closedOn: facts.closing.closedOn } : {}), remark };
  }
  return {
    asOf: facts.on, change: [{ kind: draft.change ?? 'new_information', on: subject.since }],
    ...(facts.balances.length > 0 ? { balance: facts.balances } : {}), remark,
  };
}
