import type { Finding } from '../../../platform/errors.ts';
import type { PacketNarrative } from '../packets/packet-model.rules.ts';
import { sourceCode, sourcePath } from '../translation/text.rules.ts';

/** Whether an attorney read it: never, of other words or before somebody else was protected, or as it leaves today. */
export type ReviewState = 'missing' | 'outdated' | 'done';

/** The newest word of an attorney. */
export interface TextReview {
  readonly contentDigest: Buffer;
  readonly reviewedFor: readonly string[];
  readonly reviewedAt: Date;
}

/** A translated text that would leave. */
export interface LeavingText {
  readonly textId: string;
  readonly narrative: PacketNarrative;
  readonly digest: Buffer;
  readonly state: ReviewState;
  readonly reviewedAt: Date | null;
}

/** A written answer that leaves as it is. */
export interface LeavingAnswer {
  /** Its place in the interview, as findings have it. */
  readonly path: string;
  readonly text: string;
}

/** The answers of an interview that leave as they are: read and confirmed together. */
export interface LeavingAnswers {
  readonly version: number;
  readonly answers: readonly LeavingAnswer[];
  readonly digest: Buffer;
  readonly state: ReviewState;
  readonly reviewedAt: Date | null;
}

/** Everything in free words that would leave while somebody is protected; empty where nobody is. */
export interface LeavingTexts {
  readonly isAnyoneProtected: boolean;
  readonly texts: readonly LeavingText[];
  readonly answers: LeavingAnswers;
}

/** A review holds for the words that were read and for those who were protected then. */
export function reviewState(review: TextReview | null, digest: Buffer, isProtected: ReadonlySet<string>): ReviewState {
  if (review === null) return 'missing';
  const covers = [...isProtected].every((id) => review.reviewedFor.includes(id));
  return covers && review.contentDigest.equals(digest) ? 'done' : 'outdated';
}

/** What of a text is read: both sides with their languages, and what the certificate prints of the translator. */
export function contentOfText({ sourceLanguage, targetLanguage, segments, translator }: PacketNarrative): string {
  return JSON.stringify([sourceLanguage, targetLanguage, segments.map(({ source, target }) => [source, target]), translator.name, translator.qualification]);
}

export const contentOfAnswers = (answers: readonly LeavingAnswer[], language: string): string => JSON.stringify([language, answers.map(({ path, text }) => [path, text])]);

/** A blocking finding at the place of each text that nobody has read as it is; none repeats a word of it. */
export function reviewFindings({ texts, answers }: Pick<LeavingTexts, 'texts' | 'answers'>): Finding[] {
  const found = texts.flatMap(({ narrative, state }): Finding[] =>
    (state === 'done' ? [] : [{ code: `translation.review_${state}`, severity: 'block', path: sourcePath(narrative), params: { text: sourceCode(narrative.id) } }]));
  if (answers.state === 'done') return found;
  return [...found, ...answers.answers.map(({ path }): Finding => ({ code: `interview.review_${answers.state}`, severity: 'block', path }))];
}

/** The mark by which a reader's page says what was read; a keyed hash tells nothing of the words. */
export const markOf = (digest: Buffer): string => digest.toString('hex').slice(0, 32);
