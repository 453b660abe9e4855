import { parseMajor } from '../../../platform/money.ts';
import { stacked } from './document.rules.ts';
import type { Line, Pair, Voice, Words } from './document.rules.ts';
import { findPlace, isEmpty, isOfProtected } from './form-scope.rules.ts';
import type { Scope } from './form-scope.rules.ts';
import type { FormValue, Params, ValueAt } from './form.rules.ts';
import { countryName, digestGroups, formatMonth, formatNumber, formatPercent, jurisdictionName, languageName, longDate, money, moneyInWords } from './format.rules.ts';
import type { PostalAddress } from './format.rules.ts';
import { addressPair, fullName, nameOf, officeName, tribunalName } from './party-words.rules.ts';
import type { NamedParty } from './party-words.rules.ts';

/** A value in both languages, or null where nothing is known and nothing is kept back. */
export function valuePair(value: FormValue, scope: Scope, words: Words): Pair | null {
  if (typeof value === 'string') return placedPair({ at: value }, scope, words);
  if ('stack' in value) {
    const parts = value.stack.map((one) => valuePair(one, scope, words)).filter((one) => one !== null);
    return parts.length === 0 ? null : stacked(parts);
  }
  if ('at' in value) return placedPair(value, scope, words);
  if ('blank' in value) return words.given(' ', ' ', 'rule');
  return wordsPair(value.words, value.params, scope, words);
}

/** The same, but said to be not stated, or withheld, where there is nothing. */
export function statedPair(value: FormValue, scope: Scope, words: Words): Pair {
  const pair = valuePair(value, scope, words);
  if (pair !== null) return pair;
  if (isWithheld(value, scope)) return words.pair('packet:value.withheld');
  return words.pair(typeof value === 'object' && 'at' in value && value.empty !== undefined ? value.empty : 'packet:value.not_stated');
}

function isWithheld(value: FormValue, scope: Scope): boolean {
  if (typeof value === 'string') return findPlace(scope, value).isProtected;
  if ('at' in value) return findPlace(scope, value.at).isProtected;
  return 'stack' in value && value.stack.some((one) => isWithheld(one, scope));
}

/** Words whose gaps are filled from the model, on each side in its own language. Unknown ones are said to be so. */
export function wordsPair(key: string, params: Params | undefined, scope: Scope, words: Words): Pair {
  if (params === undefined) return words.pair(key);
  const filled = Object.entries(params).map(([name, value]) => [name, statedPair(value, scope, words)] as const);
  const sideOf = (side: 'left' | 'right'): Record<string, string> => Object.fromEntries(filled.map(([name, pair]) => [name, onOneLine(pair[side])]));
  return words.pairOf(key, sideOf('left'), sideOf('right'));
}

// Inside a sentence the reader's own term stands, and the federal one once in brackets after it.
function onOneLine(lines: readonly Line[]): string {
  const [federal, local] = lines;
  const isWordedTwice = lines.length === 2 && federal?.style === undefined && local?.style === 'small' && federal?.lang !== local.lang;
  if (isWordedTwice && federal && local) return `${local.text} (${federal.text.charAt(0).toLocaleLowerCase(federal.lang)}${federal.text.slice(1)})`;
  const main = lines.filter((line) => line.style !== 'small');
  return (main.length > 0 ? main : lines).map((line) => line.text).join(', ');
}

function placedPair(value: ValueAt, scope: Scope, words: Words): Pair | null {
  const { value: found, beside, isProtected } = findPlace(scope, value.at);
  if (value.as === 'address' && isProtected) return agencyAddress(scope, words);
  if (isEmpty(found)) return null;
  if (Array.isArray(found)) {
    const partOf = (one: unknown): Pair | null => plainPair(value, one, beside, scope, words) ?? (isOfProtected(one) ? words.pair('packet:value.withheld') : null);
    const parts = (found as readonly unknown[]).map(partOf).filter((one) => one !== null);
    return parts.length === 0 ? null : stacked(parts);
  }
  return plainPair(value, found, beside, scope, words);
}

/** Where a person is protected, the agency's own address stands in their place. */
function agencyAddress(scope: Scope, words: Words): Pair {
  const agency = scope['agency'] as { names: Readonly<Record<string, string>>; address: PostalAddress };
  return stacked([officeName(words, agency.names), addressPair(words, agency.address)]);
}

function plainPair(value: ValueAt, found: unknown, beside: unknown, scope: Scope, words: Words): Pair | null {
  if (typeof found === 'boolean') return words.pair(`packet:value.${found ? 'yes' : 'no'}`);
  if (typeof found === 'object') return objectPair(value, found, words);
  const text = String(found);
  const inBoth = (say: (text: string, language: string) => string): Pair => words.given(say(text, words.left.language), say(text, words.right.language));
  switch (value.as ?? 'text') {
    case 'date': return inBoth(longDate);
    case 'month': return inBoth((month, language) => formatMonth(language, month));
    case 'number': return inBoth((figure, language) => formatNumber(language, figure));
    case 'percent': return inBoth((rate, language) => formatPercent(language, rate));
    case 'country': return inBoth(countryName);
    case 'jurisdiction': return words.given(jurisdictionIn(words.left, text), jurisdictionIn(words.right, text));
    case 'language': return inBoth(languageName);
    case 'code': return words.pair(`${value.words ?? ''}.${text.replaceAll('.', '_')}`);
    case 'money': return moneyPair(text, currencyOf(value, beside, scope), words);
    case 'money_words': return moneyPair(text, currencyOf(value, beside, scope), words, true);
    case 'digest': return words.given(digestGroups(text), digestGroups(text), 'code');
    case 'bytes': return inBoth(byteSize);
    // A long number fits its cell in small letters only, and broken over two lines it would be copied wrongly.
    case 'identifier': return words.given(text, text, 'small');
    default: return words.given(text);
  }
}

/** A state as a further language calls it, where its locale says so (`places:US-CA`). */
function jurisdictionIn({ language, knows, say }: Voice, jurisdiction: string): string {
  const key = `places:${jurisdiction}`;
  return jurisdictionName(jurisdiction, language, knows(key) ? say(key) : null);
}

interface BilingualText { readonly sourceLanguage: string; readonly source: string; readonly target: string }

function isBilingual(found: unknown): found is BilingualText {
  return typeof found === 'object' && found !== null && typeof (found as Partial<BilingualText>).target === 'string';
}

function objectPair(value: ValueAt, found: unknown, words: Words): Pair | null {
  if (isBilingual(found)) {
    const { sourceLanguage, source, target } = found;
    return sourceLanguage === words.left.language ? words.given(source, target) : words.given(target, source);
  }
  switch (value.as) {
    case 'name': return nameOf(found as NamedParty) === '' ? null : fullName(found as NamedParty, words);
    case 'address': return addressPair(words, found as PostalAddress);
    case 'tribunal': return tribunalName(words, found as Readonly<Record<string, string>>);
    case 'office': return officeName(words, found as Readonly<Record<string, string>>);
    default: throw new Error(`fault: a form prints the whole of ${value.at}`);
  }
}

function currencyOf(value: ValueAt, beside: unknown, scope: Scope): string {
  const found = value.currency === undefined ? (beside as { currency?: unknown } | null)?.currency : findPlace(scope, value.currency).value;
  return typeof found === 'string' ? found : '';
}

/** As court papers want it: the amount in figures, and in words in brackets where the language has such a form. */
function moneyPair(amount: string, currency: string, words: Words, isSpelled = false): Pair {
  const minor = parseMajor(amount.replace(/^-/, ''), currency);
  if (minor === null) return words.given(`${amount} ${currency}`.trim());
  const signed = amount.startsWith('-') ? -minor : minor;
  const say = (language: string): string => {
    const spelled = isSpelled ? moneyInWords(signed, currency, language) : null;
    return spelled === null ? money(signed, currency, language) : `${money(signed, currency, language)} (${spelled})`;
  };
  return words.given(say(words.left.language), say(words.right.language));
}

const KIB = 1024;

function byteSize(text: string, language: string): string {
  const bytes = Number(text);
  const [unit, size] = bytes < KIB * KIB ? ['kilobyte', Math.max(1, Math.round(bytes / KIB))] as const : ['megabyte', Math.round(bytes / (KIB * KIB) * 10) / 10] as const;
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(size);
}
