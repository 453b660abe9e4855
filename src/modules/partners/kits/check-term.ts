import type { Finding } from '../../../platform/errors.ts';
import type { GlossaryColumn, GlossaryStatus, GlossaryTerm } from '../../../platform/glossary.ts';
import { unreadableTexts } from '../partner.rules.ts';

export const TERM_COLUMNS = ['en', 'es_us', 'es_mx', 'ko'] as const satisfies readonly GlossaryColumn[];
export const TERM_STATUSES = ['verified', 'common', 'review'] as const satisfies readonly GlossaryStatus[];
const WORDS_MAX = 400;
const NOTE_MAX = 2_000;
const GAP = /\{\{[^}]*\}\}/gu;

/** What cannot stand in the glossary: nothing where words are needed, another script, other gaps than the English words have, no source for what is verified. */
export function termFindings(term: GlossaryTerm): Finding[] {
  const findings: Finding[] = unreadableTexts({ words: term.words, note: term.note.replaceAll('\n', ' '), source: term.source }).map((one) => ({ ...one, code: 'glossary.unreadable' }));
  const block = (code: string, path: string, params?: Finding['params']): void => void findings.push({ code: `glossary.${code}`, severity: 'block', path, ...(params ? { params } : {}) });
  const gaps = gapsOf(term.words.en);
  for (const column of TERM_COLUMNS) {
    const words = term.words[column];
    if (words.trim() === '' && column !== 'es_us') block('words_missing', `/${column}`);
    if (words.length > WORDS_MAX) block('too_long', `/${column}`, { charactersMax: WORDS_MAX });
    if (words.trim() !== '' && gapsOf(words) !== gaps) block('gaps_differ', `/${column}`, { expected: gaps === '' ? '–' : gaps });
    if (/<[a-z!/]/iu.test(words)) block('markup', `/${column}`);
  }
  if (term.words.ko.trim() !== '' && !/\p{Script=Hangul}/u.test(term.words.ko) && /\p{Script=Hangul}|[a-záéíóúñ]{4,}/iu.test(term.words.en) && !/^[A-Z0-9 #().,/-]+$/u.test(term.words.ko)) block('other_script', '/ko');
  for (const column of ['en', 'es_us', 'es_mx'] as const) if (/\p{Script=Hangul}/u.test(term.words[column]) && !/\p{Script=Latin}/u.test(term.words[column])) block('other_script', `/${column}`);
  if (!TERM_STATUSES.includes(term.status)) block('status_unknown', '/status', { expected: TERM_STATUSES.join(' | ') });
  if (term.status === 'verified' && term.source.trim() === '') block('source_missing', '/source');
  for (const [name, text] of [['note', term.note], ['source', term.source]] as const) if (text.length > NOTE_MAX) block('too_long', `/${name}`, { charactersMax: NOTE_MAX });
  return findings;
}

const gapsOf = (text: string): string => [...new Set(text.match(GAP) ?? [])].sort().join(' ');
