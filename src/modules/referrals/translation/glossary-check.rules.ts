import type { Finding } from '../../../platform/errors.ts';

/** A term of law: what stands in the source, and every wording of it that the target may use. */
export interface LawTerm {
  readonly id: string;
  readonly source: string;
  readonly targets: readonly string[];
  /** The same as the glossary writes them, with what stands in brackets. */
  readonly wordings: readonly string[];
  /** How sure the glossary is of it. */
  readonly standing: 'verified' | 'common' | 'review';
}

/** A word that looks right and is not: `wrong` in the target, where the source says one of `source`. */
export interface FalseFriend {
  readonly id: string;
  readonly source: readonly string[];
  readonly wrong: readonly string[];
  readonly say: string;
}

/** What a second look at a translated sentence is worth: terms of law without their usual wording, and false friends. */
export function glossaryFindings(source: string, target: string, terms: readonly LawTerm[], friends: readonly FalseFriend[], path: string): Finding[] {
  if (target.trim() === '') return [];
  const findings: Finding[] = [];
  for (const term of termsIn(source, terms)) {
    if (term.targets.some((wording) => saysIt(target, wording))) continue;
    findings.push({ code: 'translation.term_missing', severity: 'warn', path, params: { term: term.source, expected: term.wordings.join(' / ') } });
  }
  for (const friend of friends) {
    if (!friend.source.some((phrase) => phrasePattern(phrase).test(plain(source)))) continue;
    const wrong = friend.wrong.find((word) => phrasePattern(word).test(without(plain(target), friend.say)));
    if (wrong !== undefined) findings.push({ code: 'translation.false_friend', severity: 'warn', path, params: { word: wrong, say: friend.say } });
  }
  return findings;
}

/** The terms that a sentence uses; of two that overlap, the longer. */
export function termsIn(source: string, terms: readonly LawTerm[]): LawTerm[] {
  let rest = plain(source);
  const found: LawTerm[] = [];
  for (const term of [...terms].sort((a, b) => b.source.length - a.source.length)) {
    const pattern = phrasePattern(term.source);
    if (!pattern.test(rest)) continue;
    found.push(term);
    rest = rest.replace(new RegExp(pattern, 'gu'), ' ¦ ');
  }
  return found;
}

const isHangul = (text: string): boolean => /\p{Script=Hangul}/u.test(text);
const plain = (text: string): string => text.normalize('NFD').replace(/[\u0300-\u036f]/gu, '').normalize('NFC').toLowerCase();

// As many as the glossary has phrases.
const patterns = new Map<string, RegExp>();

/** Words in order, each also in the plural; in Hangul blanks are free and particles follow. */
function phrasePattern(phrase: string): RegExp {
  let pattern = patterns.get(phrase);
  if (!pattern) patterns.set(phrase, pattern = newPattern(phrase));
  return pattern;
}

function newPattern(phrase: string): RegExp {
  const words = plain(phrase).split(/\s+/u).map((word) => word.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'));
  if (isHangul(phrase)) return new RegExp(words.join('').split('').join('\\s?'), 'u');
  return new RegExp(`(?<![\\p{L}\\p{N}])${words.map((word) => `${word}(?:s|es)?`).join('\\s+')}(?![\\p{L}\\p{N}])`, 'u');
}

const without = (text: string, phrase: string): string => text.replace(new RegExp(phrasePattern(phrase), 'gu'), ' ');

const STEM_MIN = 4;

/** Whether the target has the words of a wording, whatever their endings and articles: la deudora alimentaria, los deudores alimentarios. */
function saysIt(target: string, wording: string): boolean {
  const bare = plain(wording.replace(/\([^)]*\)/gu, ' ')).trim();
  const text = plain(target);
  if (isHangul(bare)) return text.replace(/\s/gu, '').includes(bare.replace(/\s/gu, ''));
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const wanted = (bare.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length >= STEM_MIN);
  const stems = (wanted.length > 0 ? wanted : [bare]).map((word) => word.slice(0, Math.max(STEM_MIN, word.length - 3)));
  // Of three words or more one may be left out: pensiones vencidas for pensiones alimenticias vencidas.
  const isLong = stems.length > 2;
  return stems.filter((stem) => words.some((word) => word.startsWith(stem))).length >= stems.length - Number(isLong);
}
