export const TEXT_STATES = ['open', 'translated', 'approved', 'withdrawn'] as const;
/** open: sentences lack their other language · translated: somebody says that it is whole · approved: it may leave · withdrawn: the referral no longer has this text. */
export type TextState = (typeof TEXT_STATES)[number];

/** A text of a referral, as interview and referral hand it over. */
export interface NarrativeSource {
  /** `statement`, or the answer that it is: `interview.conception.likeness`. */
  readonly id: string;
  readonly participantId: string | null;
  readonly text: string;
  readonly language: string;
}

/** English on the left of a packet, the partner's language on its right. */
export interface LanguagePair {
  readonly left: string;
  readonly right: string;
}

/** Who translated, with what qualification, on which day. */
export interface Translator {
  readonly translatorName: string;
  readonly qualification: string;
  readonly on: string;
}

/** The language that a text lacks; null where it is in neither of the two. */
export function otherLanguage(language: string, pair: LanguagePair): string | null {
  const same = (one: string): boolean => one === language || one.split('-')[0] === language.split('-')[0];
  if (same(pair.left)) return pair.right;
  return same(pair.right) ? pair.left : null;
}

export const sourceKey = (source: Pick<NarrativeSource, 'id' | 'participantId'>): string => `${source.id} ${source.participantId ?? ''}`;

/** The key of a text's name in the locales; the rows of a list are called alike. */
export const sourceCode = (id: string): string => id.replace(/\.\d+$/u, '').replaceAll('.', '_');

/** The place of a text in findings: `/narratives/statement`, `/narratives/interview.needs.medicalNeeds/<participant>`. */
export function sourcePath(source: Pick<NarrativeSource, 'id' | 'participantId'>): string {
  return `/narratives/${[source.id, source.participantId].filter((part) => part !== null).join('/')}`;
}

/** What an approval keeps: sentence beside sentence in the order of the text, equal ones each time they stand there. */
export interface ApprovedBody {
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  readonly segments: readonly { readonly source: string; readonly target: string }[];
}

export const TRANSLATOR_CHARACTERS_MAX = 200;
export const TARGET_CHARACTERS_MAX = 6_000;

/** One line of printable text, or null. */
export function oneLine(text: string, charactersMax: number): string | null {
  const line = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  return line === '' || line.length > charactersMax || /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(line) ? null : line;
}

/** A translated sentence as it is kept: one line, without signs that reorder letters. */
export function cleanTarget(text: string): string {
  return text.normalize('NFC').replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '').replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
