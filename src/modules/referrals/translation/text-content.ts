import { isAllowed } from '../../../platform/authorise.ts';
import type { TxCtx } from '../../../platform/context.ts';
import type { KeyRing } from '../../../platform/keys.ts';
import { isId } from '../../../platform/ids.ts';
import { AppError } from '../../../platform/errors.ts';
import { sentencesOf, spaced } from './segment.rules.ts';
import { selectSentences } from './sentence.store.ts';
import { findText } from './translation.store.ts';
import type { TextRow } from './translation.store.ts';

/** A sentence of a text with its translation so far. Equal sentences of one text are one piece of work, shown where the first stands. */
export interface SentenceView {
  readonly key: string;
  readonly position: number;
  readonly source: string;
  readonly startsParagraph: boolean;
  readonly target: string | null;
  /** Raised by every change: whoever saves says on which one they built. 0 where nothing is kept yet. */
  readonly revision: number;
  /** How often the sentence stands in the text. */
  readonly times: number;
  readonly savedBy: string | null;
}

export const textAad = (agency: string, textId: string, part: 'source' | 'names'): string => `referral_text:${agency}:${textId}:${part}`;
export const sentenceAad = (agency: string, textId: string, key: string): string => `translated_sentence:${agency}:${textId}:${key}`;
export const approvalAad = (agency: string, textId: string, position: number): string => `translation_approval:${agency}:${textId}:${position}`;

const KEY_HEX = 32;

/** The same sentence of the same text has the same key, wherever it stands; of two texts no two keys are equal. */
export function sentenceKey(keys: KeyRing, agency: string, textId: string, sentence: string): string {
  return keys.lookup('translation_sentence', `${agency}:${textId}:${spaced(sentence)}`).toString('hex').slice(0, KEY_HEX);
}

/** Equal for texts whose sentences are equal: blanks and line ends do not count. */
export function sourceDigest(keys: KeyRing, text: string, language: string): Buffer {
  return keys.lookup('translation_source', JSON.stringify([language, ...sentencesOf(text, language).map((one) => one.text)]));
}

export const sourceOf = (ctx: TxCtx, row: TextRow): string => ctx.keys.decrypt(row.sourceEncrypted, textAad(ctx.actor.agency, row.textId, 'source')).toString('utf8');
export const namesOf = (ctx: TxCtx, row: TextRow): string[] => JSON.parse(ctx.keys.decrypt(row.namesEncrypted, textAad(ctx.actor.agency, row.textId, 'names')).toString('utf8')) as string[];

/**
 * What the referral says no more is for those who may read the interview: a person may be protected since.
 *
 * @throws AppError `translation.text_not_found`, also where row-level security hides it; `translation.text_withdrawn`.
 */
export async function getTextRow(ctx: TxCtx, referralId: string, textId: string, lock: 'lock' | 'read' = 'read'): Promise<TextRow> {
  const row = isId('ref', referralId) && isId('txt', textId) ? await findText(ctx, referralId, textId, lock) : null;
  if (!row) throw new AppError('not_found', 'translation.text_not_found');
  if (row.state === 'withdrawn' && !isAllowed(ctx, 'interviews.read')) throw new AppError('conflict', 'translation.text_withdrawn');
  return row;
}

/** Every sentence once, in the order of the text. */
export async function sentencesWithTargets(ctx: TxCtx, row: TextRow): Promise<SentenceView[]> {
  const kept = new Map((await selectSentences(ctx, row.textId)).map((one) => [one.key, one]));
  const seen = new Map<string, SentenceView>();
  for (const { text, startsParagraph } of sentencesOf(sourceOf(ctx, row), row.sourceLanguage)) {
    const key = sentenceKey(ctx.keys, ctx.actor.agency, row.textId, text);
    const before = seen.get(key);
    if (before) {
      seen.set(key, { ...before, times: before.times + 1 });
      continue;
    }
    const found = kept.get(key);
    const target = found ? ctx.keys.decrypt(found.targetEncrypted, sentenceAad(ctx.actor.agency, row.textId, key)).toString('utf8') : null;
    seen.set(key, { key, position: seen.size + 1, source: text, startsParagraph, target, revision: found?.revision ?? 0, times: 1, savedBy: found?.savedBy ?? null });
  }
  return [...seen.values()];
}
