import { LANGUAGES, hasWords } from '../../platform/i18n.ts';
import type { Translate } from '../../platform/i18n.ts';

/** What a text is called: the statement, or the question that it answers. */
export function sourceName(t: Translate, sourceId: string): string {
  const key = `translation:source.${sourceId.replaceAll('.', '_')}`;
  return t(hasWords('en', key) ? key : 'translation:source.interview_answer');
}

/** A language by its name; one that the screens do not have, by its tag. */
export function languageName(t: Translate, tag: string): string {
  return LANGUAGES.some((one) => one === tag) ? t(`translation:language.${tag}`) : tag;
}
