// How well a printed name agrees with a person's. 1 is the same in every part; below 0.5 the names are of different persons.
import { compareKorean } from './compare-korean.ts';
import type { Judgement } from './compare-korean.ts';
import { isCommonName } from './common-names.ts';
import { editDistance } from './edit-distance.ts';
import type { PersonName } from './keys.ts';
import { looksTheSameToScanner, mayBeCut, takeApart } from './misprints.ts';
import { koreanSurname } from './korean.ts';
import { soundOf } from './spanish.ts';
import { hasHangul, nameTokens, normaliseName } from './text.ts';
import type { Token } from './text.ts';

export type NameComparison = Judgement;

type Part = 'given' | 'family' | 'second';
type StoredToken = { readonly text: string; readonly part: Part };
type Match = { readonly printed: number; readonly stored: number; readonly likeness: number; readonly why: string | null };

const INITIAL_LIKENESS = 0.55;
const REST_WIDTH = 14;
const NONE = { likeness: 0, why: null } as const;

// Mario / María, Juan / Juana: one letter apart and two persons.
function differsInGender(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length === short.length + 1) return long.startsWith(short) && /[ao]$/u.test(long);
  return short.length === long.length && short.slice(0, -1) === long.slice(0, -1) && /[ao]$/u.test(short) && /[ao]$/u.test(long);
}

// Cheap and never wrong about one edit: what differs lies between a common beginning and a common end.
function mayBeSlip(a: string, b: string, longest: number): boolean {
  if (/[?\ufffd]/u.test(a)) return true;
  let head = 0;
  while (head < a.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return head + tail >= longest - 2 || (longest >= 8 && head + tail >= 3);
}

function slip(printed: string, stored: string, part: Part): { likeness: number; why: string | null } {
  const longest = Math.max(printed.length, stored.length);
  if (longest < 4 || !mayBeSlip(printed, stored, longest) || isCommonName(printed) || (part === 'given' && differsInGender(printed, stored))) return NONE;
  const edits = editDistance(printed, stored, longest >= 8 ? 2 : 1);
  if (edits === 0) return { likeness: 0.95, why: 'name.letter_lost' };
  if (edits !== 1 && part !== 'given' && looksTheSameToScanner(printed, stored)) return { likeness: 0.85, why: 'name.typo' };
  if (edits === 1) return { likeness: longest === 4 ? 0.82 : 0.9, why: 'name.typo' };
  return longest >= 8 && edits === 2 ? { likeness: 0.8, why: 'name.typo' } : NONE;
}

// Written short: its letters stand in the whole word in the same order, from the first one on (Fdo., Alej., Mtz.).
function isShortFor(short: string, whole: string): boolean {
  if (short.length < 2 || short.length >= whole.length || short[0] !== whole[0]) return false;
  let at = 0;
  for (const letter of whole) if (letter === short[at]) at += 1;
  return at === short.length && (whole.startsWith(short) || short.at(-1) === whole.at(-1));
}

// The last word of a line that a narrow cell has cut off.
function cut(printed: Token, stored: StoredToken, printedLength: number | null): { likeness: number; why: string | null } {
  if (printedLength === null || !mayBeCut(printed.text, stored.text, printedLength)) return NONE;
  // Martín may be Martínez cut off, and may be Martín.
  return { likeness: isCommonName(printed.text) ? 0.6 : 0.8, why: 'name.cut_off' };
}

function likeness(printed: Token, stored: StoredToken, printedLength: number | null): { likeness: number; why: string | null } {
  const found = likenessOfWords(printed, stored);
  return found.likeness > 0 || printed.isInitial ? found : cut(printed, stored, printedLength);
}

function likenessOfWords(printed: Token, stored: StoredToken): { likeness: number; why: string | null } {
  if (printed.text === stored.text) return { likeness: 1, why: printed.isAbbreviated ? 'name.abbreviated' : null };
  if (printed.isInitial) return stored.text.startsWith(printed.text) ? { likeness: stored.part === 'given' ? INITIAL_LIKENESS : 0.4, why: 'name.abbreviated' } : NONE;
  if (printed.isAbbreviated && isShortFor(printed.text, stored.text)) return { likeness: 0.85, why: 'name.abbreviated' };
  if (printed.text.length >= 3 && soundOf(printed.text) === soundOf(stored.text)) return { likeness: 0.96, why: 'name.sound' };
  return slip(printed.text, stored.text, stored.part);
}

const storedOf = new WeakMap<PersonName, StoredToken[]>();

function storedTokens(name: PersonName): StoredToken[] {
  const known = storedOf.get(name);
  if (known !== undefined) return known;
  const made = tokensOfParts(name);
  storedOf.set(name, made);
  return made;
}

function tokensOfParts(name: PersonName): StoredToken[] {
  const tokens = (text: string, part: Part): StoredToken[] => nameTokens(text).map((t) => ({ text: t.text, part }));
  return [...tokens(name.given, 'given'), ...tokens(name.family, 'family'), ...tokens(name.secondFamily ?? '', 'second')];
}

// Best pairs first; among equals the one nearest in place, so that equal surnames do not look swapped.
function align(printed: readonly Token[], stored: readonly StoredToken[], printedLength = 0): Match[] {
  const all: Match[] = [];
  printed.forEach((p, i) => stored.forEach((s, j) => {
    const found = likeness(p, s, i === printed.length - 1 ? printedLength : null);
    if (found.likeness > 0) all.push({ printed: i, stored: j, ...found });
  }));
  all.sort((a, b) => b.likeness - a.likeness || Math.abs(a.printed - a.stored) - Math.abs(b.printed - b.stored));
  const usedPrinted = new Set<number>();
  const usedStored = new Set<number>();
  return all.filter((m) => {
    if (usedPrinted.has(m.printed) || usedStored.has(m.stored)) return false;
    usedPrinted.add(m.printed);
    usedStored.add(m.stored);
    return true;
  });
}

type Picture = { readonly given: number; readonly family: number; readonly second: number; readonly extra: number; readonly married: number; readonly onlyInitials: boolean; readonly secondInitial: boolean };

function picture(printed: readonly Token[], stored: readonly StoredToken[], matches: readonly Match[]): Picture {
  const best = (part: Part): number => {
    const all = matches.filter((m) => stored[m.stored]?.part === part);
    // An initial beside a name in full says little more and takes nothing away.
    const full = all.filter((m) => !printed[m.printed]?.isInitial);
    if (part === 'given' && full.length > 0) return full.reduce((sum, m) => sum + m.likeness, 0) / full.length - 0.02 * (all.length - full.length);
    return all.length === 0 ? 0 : all.reduce((sum, m) => sum + m.likeness, 0) / all.length;
  };
  const matched = new Set(matches.map((m) => m.printed));
  const unmatched = printed.filter((_, i) => !matched.has(i));
  const married = unmatched.filter((t) => t.afterDe).length;
  // "C." before a name says citizen in Mexican papers, and may be an initial as well.
  const extra = unmatched.filter((t) => !t.afterDe && !(t === printed[0] && t.text === 'c')).reduce((sum, t) => sum + (t.isInitial ? 0.5 : 1), 0);
  const seconds = matches.filter((m) => stored[m.stored]?.part === 'second');
  const onlyInitials = matches.filter((m) => stored[m.stored]?.part === 'given').every((m) => printed[m.printed]?.isInitial);
  const secondInitial = seconds.length > 0 && seconds.every((m) => printed[m.printed]?.isInitial);
  return { given: best('given'), family: best('family'), second: secondInitial ? 0 : best('second'), extra, married, onlyInitials, secondInitial };
}

function baseScore(p: Picture, hasSecond: boolean): { score: number; reason: string } {
  const surname = Math.max(p.family, p.second);
  const given = p.onlyInitials && p.given > 0 ? 0.8 : p.given;
  if (p.given > 0 && p.family > 0 && (p.second > 0 || !hasSecond)) {
    const weakest = Math.min(given, p.family, hasSecond ? p.second : 1);
    return { score: weakest, reason: hasSecond ? 'name.both_surnames' : 'name.exact' };
  }
  if (p.given > 0 && surname > 0) return { score: (p.family > 0 ? (p.secondInitial ? 0.9 : 0.86) : 0.76) * Math.min(given, surname), reason: 'name.one_surname' };
  if (p.family > 0 && p.second > 0) return { score: 0.6 * Math.min(p.family, p.second), reason: 'name.surnames_only' };
  if (p.given > 0 || surname > 0) return { score: 0.35 * Math.max(p.given, surname), reason: 'name.part_only' };
  return { score: 0, reason: 'name.different' };
}

// José Luis and José Antonio are brothers: a whole word in the place of another one, and no bad print of it.
function isAnotherGiven(printed: readonly Token[], stored: readonly StoredToken[], matches: readonly Match[]): boolean {
  const extra = printed.filter((t, i) => !t.isInitial && !t.afterDe && t.text.length >= 3 && !matches.some((m) => m.printed === i));
  const open = stored.filter((s, j) => s.part === 'given' && !matches.some((m) => m.stored === j));
  return extra.length > 0 && open.length > 0 && !extra.some((t) => open.some((s) => editDistance(t.text, s.text, 2) <= (s.text.length >= 5 ? 2 : 1)));
}

function penalty(p: Picture, printed: readonly Token[], stored: readonly StoredToken[], matches: readonly Match[], hasSecond: boolean): number {
  const married = p.married > 0 ? 0.05 + 0.2 * (p.married - 1) : 0;
  if (p.extra === 0) return married;
  const used = new Set(matches.map((m) => m.stored));
  const openParts = new Set(stored.filter((_, j) => !used.has(j)).map((s) => s.part));
  // A second surname that the case does not know may well be right; a word in the place of one that it knows is not.
  if (openParts.size === 0) return married + (hasSecond ? 0.3 : 0.14) * p.extra + (p.extra > 1 ? 0.15 : 0);
  return married + (isAnotherGiven(printed, stored, matches) ? 0.5 : 0.42) * p.extra;
}

function orderReason(printed: readonly Token[], stored: readonly StoredToken[], matches: readonly Match[]): string | null {
  const place = (part: Part): number => Math.min(...matches.filter((m) => stored[m.stored]?.part === part && !printed[m.printed]?.isInitial).map((m) => m.printed));
  const [given, family, second] = [place('given'), place('family'), place('second')];
  if (Number.isFinite(family) && Number.isFinite(second) && second < family) return 'name.surnames_swapped';
  return Number.isFinite(given) && Number.isFinite(family) && family < given ? 'name.reversed_order' : null;
}

// Words that were printed together are taken apart; what one or two letters of a cut word are left counts as an initial.
function printedTokens(printed: string, stored: readonly StoredToken[]): { tokens: readonly Token[]; isJoined: boolean } {
  const all = nameTokens(printed);
  const words = stored.map((s) => s.text);
  let isJoined = false;
  const tokens = all.flatMap((t, i): Token[] => {
    const parts = t.isInitial ? null : takeApart(t.text, words);
    if (parts !== null) {
      isJoined = true;
      return parts.map((text) => ({ text, isInitial: false, isAbbreviated: false, afterDe: false }));
    }
    const isRest = i === all.length - 1 && i >= 2 && t.text.length === 2 && printed.length >= REST_WIDTH && words.some((w) => w.length > 2 && w.startsWith(t.text));
    return [isRest ? { ...t, isInitial: true } : t];
  });
  return { tokens, isJoined };
}

const CUT_WIDTH_MIN = 14;

type Forms = { readonly given: string; readonly surnames: string; readonly wholes: readonly string[] };
const plainForms = new WeakMap<PersonName, Forms>();

function formsOf(name: PersonName): Forms {
  const known = plainForms.get(name);
  if (known !== undefined) return known;
  const surnames = `${name.family} ${name.secondFamily ?? ''}`.trim();
  const made = { given: normaliseName(name.given), surnames: normaliseName(surnames), wholes: [`${name.given} ${surnames}`, `${surnames} ${name.given}`].map(normaliseName) };
  plainForms.set(name, made);
  return made;
}

// Cheap, and never wrong about a beginning: plain letters tell the most of those that are none.
const mayBegin = (plain: string, part: string): boolean => !/^[a-z]/i.test(part) || plain.charCodeAt(0) === (part.charCodeAt(0) | 0x20);

/** A name that a narrow cell has cut off within or after its given names: all that is printed is right, but it is not much. */
function compareBeginning(printed: string, name: PersonName): Judgement | null {
  const plain = normaliseName(printed);
  if (plain.length < CUT_WIDTH_MIN) return null;
  if (!mayBegin(plain, name.given) && !mayBegin(plain, name.family)) return null;
  const { given, surnames, wholes } = formsOf(name);
  const whole = wholes.find((w) => w.length > plain.length && w.startsWith(plain));
  if (whole === undefined) return null;
  const first = whole.startsWith(given) ? given : surnames;
  return { score: plain.length > first.length + 1 ? 0.78 : 0.6, reasons: ['name.cut_off'] };
}

function compareLatin(printed: string, name: PersonName): Judgement {
  const stored = storedTokens(name);
  const { tokens, isJoined } = printedTokens(printed, stored);
  const matches = align(tokens, stored, printed.trim().length);
  const hasSecond = stored.some((s) => s.part === 'second');
  const seen = picture(tokens, stored, matches);
  const base = baseScore(seen, hasSecond);
  const order = orderReason(tokens, stored, matches);
  const swapped = order === 'name.surnames_swapped' ? 0.94 : 1;
  const score = Math.max(0, base.score * swapped - penalty(seen, tokens, stored, matches, hasSecond));
  const reasons = new Set<string>([base.reason]);
  if (order !== null) reasons.add(order);
  for (const m of matches) if (m.why !== null) reasons.add(m.why);
  if (isJoined) reasons.add('name.joined');
  if (seen.married > 0) reasons.add('name.married');
  if (score < 0.5 && seen.extra > 0) reasons.add('name.different');
  return { score: Math.round(score * 1000) / 1000, reasons: [...reasons] };
}

/** Compares a name as printed with a person of a case: every alias and script counts, the best of them decides. */
export function compareNames(printed: string, name: PersonName): NameComparison {
  if (normaliseName(printed) === '') return { score: 0, reasons: ['name.missing'] };
  const judgements: Judgement[] = [];
  const korean = compareKorean(printed, name);
  if (korean !== null) judgements.push(korean);
  const latinKorean = koreanSurname(normaliseName(name.family)) !== null;
  // Where the Hangul is known it decides; where it is not, a slip in a Korean name is no better than a guess.
  if (!hasHangul(printed) && !(korean !== null && (name.native ?? '') !== '')) {
    const latin = compareLatin(printed, name);
    const beginning = compareBeginning(printed, name);
    if (beginning !== null) judgements.push(beginning);
    judgements.push(latinKorean && latin.reasons.includes('name.typo') ? { ...latin, score: Math.min(latin.score, 0.78) } : latin);
  }
  for (const alias of name.aliases ?? []) {
    const same = normaliseName(alias) === normaliseName(printed);
    judgements.push({ score: same ? 1 : Math.min(compareAlias(printed, alias), 0.95), reasons: ['name.alias'] });
  }
  return judgements.reduce((best, j) => (j.score > best.score ? j : best), { score: 0, reasons: ['name.different'] });
}

// The last surname one letter off, even where that makes another surname of it (Valadez, Valdez): unclear, but not a stranger.
function isLastAlike(printed: readonly Token[], stored: readonly StoredToken[], matches: readonly Match[]): boolean {
  const extra = printed.filter((_, i) => !matches.some((m) => m.printed === i));
  const open = stored.flatMap((_, j) => (matches.some((m) => m.stored === j) ? [] : [j]));
  const [last] = open;
  return extra.length === 1 && open.length === 1 && last === stored.length - 1 && last > 1 && editDistance((extra[0] as Token).text, (stored[last] as StoredToken).text, 1) <= 1;
}

// An alias is one cell of text as well: its words agree or they do not.
function compareAlias(printed: string, alias: string): number {
  const tokens = nameTokens(printed);
  const stored = nameTokens(alias).map((t) => ({ text: t.text, part: 'given' as const }));
  const matches = align(tokens, stored);
  const total = Math.max(tokens.length, stored.length);
  // A word in the place of another one: a sister, not a misprint.
  if (matches.length < Math.min(tokens.length, stored.length)) return isLastAlike(tokens, stored, matches) ? 0.6 : 0.3;
  return total < 2 ? 0 : matches.reduce((sum, m) => sum + m.likeness, 0) / total;
}
