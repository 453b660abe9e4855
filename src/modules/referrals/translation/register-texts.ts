import { isDeepStrictEqual } from 'node:util';
import { recordAudit } from '../../audit/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { SENTENCES_MAX, TEXT_CHARACTERS_MAX, sentencesOf } from './segment.rules.ts';
import { markCurrent } from './sentence.store.ts';
import { namesOf, sentenceKey, sourceDigest, textAad } from './text-content.ts';
import { otherLanguage, sourceKey } from './text.rules.ts';
import type { LanguagePair, NarrativeSource } from './text.rules.ts';
import { selectTexts, updateNames, updateState, upsertText } from './translation.store.ts';
import type { TextRow } from './translation.store.ts';

export interface TextsToTranslate {
  readonly sources: readonly NarrativeSource[];
  readonly pair: LanguagePair;
  /** Names of the case's persons, each as a whole and in its parts: the memory keeps none of them. */
  readonly names: readonly string[];
}

export interface RegisteredTexts {
  readonly added: number;
  readonly changed: number;
  readonly withdrawn: number;
}

/**
 * Gives a referral's texts to its translators: inside the transaction that saves the interview or the statement. What the texts
 * have already is kept, sentence by sentence; what the referral no longer says is withdrawn. Saying the same again changes nothing.
 *
 * @throws AppError `translation.text_too_long`.
 */
export async function registerTexts(ctx: TxCtx, referral: { readonly referralId: string; readonly county: string }, given: TextsToTranslate): Promise<RegisteredTexts> {
  const rows = await selectTexts(ctx, referral.referralId);
  const known = new Map(rows.map((row) => [placeOf({ id: row.sourceId, participantId: row.participantId }, row.targetLanguage), row]));
  const kept = new Set<string>();
  const counts = { added: 0, changed: 0, withdrawn: 0 };
  for (const source of given.sources) {
    const targetLanguage = otherLanguage(source.language, given.pair);
    // A text in a third language has no side in the packet: the gate says so.
    if (targetLanguage === null || source.text.trim() === '') continue;
    const before = known.get(placeOf(source, targetLanguage)) ?? null;
    if (before) kept.add(before.textId);
    const outcome = await putText(ctx, referral, { ...source, targetLanguage, names: given.names }, before);
    if (outcome !== 'same') counts[outcome]++;
  }
  for (const row of rows) {
    if (kept.has(row.textId) || row.state === 'withdrawn') continue;
    await updateState(ctx, row.textId, 'withdrawn', null);
    counts.withdrawn++;
  }
  if (counts.added + counts.changed + counts.withdrawn > 0) {
    await recordAudit(ctx, { action: 'translation.requested', subject: { type: 'referral', id: referral.referralId }, county: referral.county, details: { added: counts.added, changed: counts.changed, withdrawn: counts.withdrawn } });
    await emit(ctx, 'translation.requested', { referralId: referral.referralId });
  }
  return counts;
}

const placeOf = (source: Pick<NarrativeSource, 'id' | 'participantId'>, targetLanguage: string): string => `${sourceKey(source)} ${targetLanguage}`;

interface Wanted extends NarrativeSource {
  readonly targetLanguage: string;
  readonly names: readonly string[];
}

async function putText(ctx: TxCtx, referral: { referralId: string; county: string }, wanted: Wanted, before: TextRow | null): Promise<'added' | 'changed' | 'same'> {
  const sentences = sentencesOf(wanted.text, wanted.language);
  if (wanted.text.length > TEXT_CHARACTERS_MAX || sentences.length > SENTENCES_MAX) throw new AppError('invalid', 'translation.text_too_long', { params: { characters: TEXT_CHARACTERS_MAX } });
  const digest = sourceDigest(ctx.keys, wanted.text, wanted.language);
  const textId = before?.textId ?? newId('txt', ctx.clock.now().getTime());
  const names = [...new Set(wanted.names)];
  const namesEncrypted = ctx.keys.encrypt(JSON.stringify(names), textAad(ctx.actor.agency, textId, 'names'));
  if (before && before.state !== 'withdrawn' && before.sourceDigest.equals(digest)) {
    if (!isDeepStrictEqual(namesOf(ctx, before), names)) await updateNames(ctx, textId, namesEncrypted);
    return 'same';
  }
  const keys = [...new Set(sentences.map((one) => sentenceKey(ctx.keys, ctx.actor.agency, textId, one.text)))];
  await upsertText(ctx, {
    textId, referralId: referral.referralId, county: referral.county, sourceId: wanted.id, participantId: wanted.participantId,
    sourceLanguage: wanted.language, targetLanguage: wanted.targetLanguage, sourceDigest: digest, sentences: keys.length, namesEncrypted,
    sourceEncrypted: ctx.keys.encrypt(wanted.text, textAad(ctx.actor.agency, textId, 'source')),
  });
  await markCurrent(ctx, textId, keys);
  return before ? 'changed' : 'added';
}
