import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { hasWords, translator } from '../../../platform/i18n.ts';
import { selectFileNumbers } from './reminder.store.ts';
import type { BilingualSentence } from './draft-body.rules.ts';
import type { DraftRule, ReminderRule, Subject } from './reminder.rules.ts';

const SOURCE = 'en';

/**
 * What a draft says, sentence by sentence, in English and in the partner's language, with both sides' file numbers where they are known.
 *
 * @throws AppError `exchange.reminder_words_missing` where a language added by an operator lacks them: half a text never leaves.
 */
export async function draftSentences(tx: TxCtx, rule: ReminderRule, draft: DraftRule, subject: Subject, language: string): Promise<BilingualSentence[]> {
  const { ours, theirs } = await selectFileNumbers(tx, subject);
  const text = keyOf(rule, draft, subject.isForwarded === true);
  const numbers = ours === null ? null : `reminders:text.${theirs === null ? 'numbers_ours' : 'numbers_both'}`;
  const keys = [text, ...(numbers === null ? [] : [numbers])];
  for (const key of keys) {
    if (!hasWords(language, key)) throw new AppError('conflict', 'exchange.reminder_words_missing', { params: { key, language } });
  }
  const said = (key: string, tongue: string): string => translator(tongue)(key, {
    since: dayIn(subject.since, tongue), due: dayIn(subject.dueOn, tongue), ours: ours ?? '', theirs: theirs ?? '',
  });
  return keys.map((key) => ({ source: said(key, SOURCE), target: said(key, language) }));
}

/** Whoever has said to whom a request went is not asked to say so. A rule that an operator added has no text of its own: its kind has one. */
function keyOf(rule: ReminderRule, draft: DraftRule, isForwarded: boolean): string {
  const forwarded = `reminders:text.${rule.ruleId}_forwarded`;
  if (isForwarded && hasWords(SOURCE, forwarded)) return forwarded;
  const own = `reminders:text.${rule.ruleId}`;
  return hasWords(SOURCE, own) ? own : `reminders:text.default_${draft.kind}`;
}

function dayIn(day: CalendarDate, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}
