import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import { refreshFindings } from '../packets/refresh-referral.ts';
import { MARK } from './memory.rules.ts';
import { deleteSentence, upsertSentence } from './sentence.store.ts';
import { keepTaken } from './take-text.ts';
import { getTextRow, sentenceAad, sentencesWithTargets } from './text-content.ts';
import type { SentenceView } from './text-content.ts';
import { TARGET_CHARACTERS_MAX, cleanTarget } from './text.rules.ts';
import { updateState } from './translation.store.ts';
import type { TextRow } from './translation.store.ts';

/** A translation as it was typed; an empty one takes back what was there. `revision` is the one on which it was built. */
export interface SentenceEdit {
  readonly key: string;
  readonly target: string;
  readonly revision: number;
}

export type EditOutcome = 'saved' | 'unchanged' | 'changed_elsewhere' | 'mark_left' | 'too_long' | 'unknown';

export interface SavedSentences {
  readonly outcomes: readonly { readonly key: string; readonly outcome: EditOutcome }[];
  readonly saved: number;
}

export const EDITS_MAX = 800;

/**
 * Keeps translated sentences of a text, each for itself: one that somebody else changed meanwhile is not overwritten, and the others
 * are saved all the same. A change takes back what was declared or approved of the text.
 *
 * @throws AppError `translation.text_not_found`, `translation.text_withdrawn`, `translation.too_many`, `access.forbidden`.
 */
export async function saveSentences(ctx: Ctx, referralId: string, textId: string, edits: readonly SentenceEdit[], origin: 'typed' | 'imported' = 'typed'): Promise<SavedSentences> {
  authorise(ctx, 'translations.edit');
  if (edits.length > EDITS_MAX) throw new AppError('invalid', 'translation.too_many', { params: { max: EDITS_MAX } });
  return inTransaction(ctx, async (tx) => {
    const row = await getTextRow(tx, referralId, textId, 'lock');
    if (row.state === 'withdrawn') throw new AppError('conflict', 'translation.text_withdrawn');
    const sentences = new Map((await sentencesWithTargets(tx, row)).map((one) => [one.key, one]));
    const outcomes: { key: string; outcome: EditOutcome }[] = [];
    for (const edit of edits) outcomes.push({ key: edit.key, outcome: await saveOne(tx, row, sentences.get(edit.key), edit, origin) });
    const saved = outcomes.filter(({ outcome }) => outcome === 'saved').length;
    if (saved > 0) {
      await updateState(tx, textId, 'open', null);
      await keepTaken(tx, row);
      await recordAudit(tx, { action: 'translation.saved', subject: { type: 'translation', id: textId }, county: row.county, details: { referralId, sentences: saved, origin } });
      // What was whole or approved is not any more; a text that was open is missing as before.
      if (row.state !== 'open') await refreshFindings(tx, await getReferralRow(tx, referralId));
    }
    return { outcomes, saved };
  });
}

/** The same for one sentence. @throws AppError `translation.sentence_changed`, `translation.sentence_refused`. */
export async function saveSegment(ctx: Ctx, referralId: string, textId: string, edit: SentenceEdit): Promise<void> {
  const { outcomes } = await saveSentences(ctx, referralId, textId, [edit]);
  const outcome = outcomes[0]?.outcome;
  if (outcome === 'changed_elsewhere') throw new AppError('conflict', 'translation.sentence_changed');
  if (outcome !== 'saved' && outcome !== 'unchanged') throw new AppError('invalid', 'translation.sentence_refused', { params: { reason: outcome ?? 'unknown' } });
}

async function saveOne(ctx: TxCtx, row: TextRow, before: SentenceView | undefined, edit: SentenceEdit, origin: 'typed' | 'imported'): Promise<EditOutcome> {
  if (!before) return 'unknown';
  const target = cleanTarget(edit.target);
  if (target === (before.target ?? '')) return 'unchanged';
  if (target.length > TARGET_CHARACTERS_MAX) return 'too_long';
  if (new RegExp(MARK, 'u').test(target)) return 'mark_left';
  if (edit.revision !== before.revision) return 'changed_elsewhere';
  if (target === '') await deleteSentence(ctx, row.textId, edit.key);
  else {
    const sealed = ctx.keys.encrypt(target, sentenceAad(ctx.actor.agency, row.textId, edit.key));
    await upsertSentence(ctx, row, { key: edit.key, target: sealed, origin });
  }
  return 'saved';
}
