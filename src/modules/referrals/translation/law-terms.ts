import { readFileSync } from 'node:fs';
import { glossaryRevision, listTerms } from '../../../platform/glossary.ts';
import type { GlossaryColumn } from '../../../platform/glossary.ts';
import type { FalseFriend, LawTerm } from './glossary-check.rules.ts';

interface FriendFile {
  readonly friends: readonly {
    readonly id: string;
    readonly words: Readonly<Record<string, readonly string[]>>;
    readonly wrong: Readonly<Record<string, readonly string[]>>;
    readonly say: Readonly<Record<string, string>>;
  }[];
}

/** Columns by language: of Spanish both wordings count, the federal and the Mexican one. */
const COLUMNS: Readonly<Record<string, readonly GlossaryColumn[]>> = { en: ['en'], es: ['es_mx', 'es_us'], ko: ['ko'] };
/** Labels of screens and names of fields are no terms that a text must use. */
const GROUPS = new Set(['case', 'certification', 'money', 'order', 'parentage', 'party', 'safety', 'service']);
/** Of single words only these are terms of law wherever they stand; "child" or "amount" are not. */
const SINGLE_WORDS = new Set(['arrears', 'obligor', 'obligee', 'petitioner', 'respondent', 'paternity', 'parentage', 'custody', 'visitation', 'affidavit', 'subpoena']);
const HANGUL_TERM_MIN = 3;

const loaded = new Map<string, { terms: readonly LawTerm[]; friends: readonly FalseFriend[] }>();
let friendFile: FriendFile | undefined;

/** The terms and false friends of one direction, such as English to Mexican Spanish; nothing for a language without a glossary. */
export function lawTerms(sourceLanguage: string, targetLanguage: string): { terms: readonly LawTerm[]; friends: readonly FalseFriend[] } {
  const [from, to] = [sourceLanguage.slice(0, 2), targetLanguage.slice(0, 2)];
  const key = `${glossaryRevision()}:${from}:${to}`;
  let found = loaded.get(key);
  if (!found) loaded.set(key, found = { terms: termsOf(from, to), friends: friendsOf(from, to) });
  return found;
}

function termsOf(from: string, to: string): LawTerm[] {
  const [sources, targets] = [COLUMNS[from], COLUMNS[to]];
  if (!sources || !targets) return [];
  return listTerms().flatMap((term) => {
    if (!GROUPS.has(term.id.split('.')[0] ?? '')) return [];
    const whole = [...new Set(targets.map((column) => term.words[column]))];
    const wordings = variants(whole);
    return variants(sources.map((column) => term.words[column])).filter((source) => isLawful(source, term.words.en)).map((source) => ({ id: term.id, source, targets: wordings, wordings: whole, standing: term.status }));
  });
}

function isLawful(source: string, english: string): boolean {
  if (/\p{Script=Hangul}/u.test(source)) return source.replace(/\s/gu, '').length >= HANGUL_TERM_MIN;
  return source.includes(' ') || SINGLE_WORDS.has(english.toLowerCase());
}

/** "padre / madre" are two wordings; what stands in brackets explains. */
function variants(wordings: readonly string[]): string[] {
  const all = wordings.flatMap((wording) => wording.replace(/\([^)]*\)/gu, ' ').split(' / ')).map((one) => one.replace(/\s+/gu, ' ').trim());
  return [...new Set(all.filter((one) => one !== ''))];
}

function friendsOf(from: string, to: string): FalseFriend[] {
  friendFile ??= JSON.parse(readFileSync(new URL('false-friends.json', import.meta.url), 'utf8')) as FriendFile;
  return friendFile.friends.flatMap(({ id, words, wrong, say }) => {
    const [source, bad, good] = [words[from] ?? [], wrong[to] ?? [], say[to]];
    return source.length === 0 || bad.length === 0 || good === undefined ? [] : [{ id, source, wrong: bad, say: good }];
  });
}
