// How well a printed name agrees with a person's. 1 is the same in every part; below 0.5 the names are of different persons.
import { align } from './align.ts';
import type { Match, Part, StoredToken } from './align.ts';
import { compareKorean } from './compare-korean.ts';
import type { Judgement } from './compare-korean.ts';
import { editDistance } from './edit-distance.ts';
import { aliasForms, personForms, printedForms } from './forms.ts';
import type { PersonForms, Printed } from './forms.ts';
import type { PersonName } from './keys.ts';
import { takeApart } from './misprints.ts';
import type { Token } from './text.ts';
import { wordForm } from './words.ts';

export type NameComparison = Judgement;

const REST_WIDTH = 14;

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
function printedTokens({ text, tokens: all }: Printed, words: readonly string[]): { tokens: readonly Token[]; isJoined: boolean } {
  let isJoined = false;
  let isChanged = false;
  const tokens = all.flatMap((t, i): Token | Token[] => {
    const parts = t.isInitial ? null : takeApart(t.text, words);
    if (parts !== null) {
      isJoined = true;
      return parts.map((part) => ({ text: part, isInitial: false, isAbbreviated: false, afterDe: false, form: wordForm(part) }));
    }
    const isRest = i === all.length - 1 && i >= 2 && t.text.length === 2 && text.length >= REST_WIDTH && words.some((w) => w.length > 2 && w.startsWith(t.text));
    isChanged ||= isRest;
    return isRest ? { ...t, isInitial: true } : t;
  });
  return { tokens: isJoined || isChanged ? tokens : all, isJoined };
}

const CUT_WIDTH_MIN = 14;

/** A name that a narrow cell has cut off within or after its given names: all that is printed is right, but it is not much. */
function compareBeginning({ plain }: Printed, name: PersonForms): Judgement | null {
  if (plain.length < CUT_WIDTH_MIN || !name.mayBeginWith(plain)) return null;
  const { given, surnames, wholes } = name.beginning;
  const whole = wholes.find((w) => w.length > plain.length && w.startsWith(plain));
  if (whole === undefined) return null;
  const first = whole.startsWith(given) ? given : surnames;
  return { score: plain.length > first.length + 1 ? 0.78 : 0.6, reasons: ['name.cut_off'] };
}

const STRANGER: Judgement = { score: 0, reasons: ['name.different'] };

function compareLatin(printed: Printed, name: PersonForms): Judgement {
  const { stored, hasSecond } = name;
  const { tokens, isJoined } = printedTokens(printed, name.words);
  const matches = align(tokens, stored, printed.length);
  if (matches.length === 0) return STRANGER;
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
  const cell = printedForms(printed);
  if (cell.plain === '') return { score: 0, reasons: ['name.missing'] };
  const forms = personForms(name);
  let best = STRANGER;
  const judge = (judged: Judgement): void => {
    if (judged.score > best.score) best = judged;
  };
  const korean = compareKorean(cell, forms);
  if (korean !== null) judge(korean);
  // Where the Hangul is known it decides; where it is not, a slip in a Korean name is no better than a guess.
  if (!cell.hasHangul && !(korean !== null && forms.hasNative)) {
    const latin = compareLatin(cell, forms);
    const beginning = compareBeginning(cell, forms);
    if (beginning !== null) judge(beginning);
    judge(forms.isLatinKorean && latin.reasons.includes('name.typo') ? { ...latin, score: Math.min(latin.score, 0.78) } : latin);
  }
  for (const alias of name.aliases ?? []) {
    const { plain, stored } = aliasForms(alias);
    judge({ score: plain === cell.plain ? 1 : Math.min(compareAlias(cell.tokens, stored), 0.95), reasons: ['name.alias'] });
  }
  return best;
}

/** Whether a printed name is the person's, given names first, but for accents, capitals and punctuation. */
export function isSameName(printed: string, name: PersonName): boolean {
  return personForms(name).isPlainly(printedForms(printed).plain);
}

// The last surname one letter off, even where that makes another surname of it (Valadez, Valdez): unclear, but not a stranger.
function isLastAlike(printed: readonly Token[], stored: readonly StoredToken[], matches: readonly Match[]): boolean {
  const extra = printed.filter((_, i) => !matches.some((m) => m.printed === i));
  const open = stored.flatMap((_, j) => (matches.some((m) => m.stored === j) ? [] : [j]));
  const [last] = open;
  return extra.length === 1 && open.length === 1 && last === stored.length - 1 && last > 1 && editDistance((extra[0] as Token).text, (stored[last] as StoredToken).text, 1) <= 1;
}

// The words of an alias agree or they do not.
function compareAlias(tokens: readonly Token[], stored: readonly StoredToken[]): number {
  const matches = align(tokens, stored);
  const total = Math.max(tokens.length, stored.length);
  // A word in the place of another one: a sister, not a misprint.
  if (matches.length < Math.min(tokens.length, stored.length)) return isLastAlike(tokens, stored, matches) ? 0.6 : 0.3;
  return total < 2 ? 0 : matches.reduce((sum, m) => sum + m.likeness, 0) / total;
}
