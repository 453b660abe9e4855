import { LANGUAGES, hasWords } from '../../platform/i18n.ts';
import { sourceCode } from '../../modules/referrals/index.ts';
import type { Language, Translate } from '../../platform/i18n.ts';
import { nameOfLanguage } from '../countries.ts';

/** What a text is called: the statement, or the question that it answers. */
export function sourceName(t: Translate, sourceId: string): string {
  const key = `translation:source.${sourceCode(sourceId)}`;
  return t(hasWords('en', key) ? key : 'translation:source.interview_answer');
}

/** A language by its name in the reader's language; one that the screens do not have, as CLDR calls it. */
export function languageName(t: Translate, tag: string, reader: Language): string {
  return LANGUAGES.some((one) => one === tag) ? t(`translation:language.${tag}`) : nameOfLanguage(tag, reader);
}
