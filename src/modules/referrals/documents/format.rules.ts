import { isCalendarDate } from '../../../platform/dates.ts';
import { formatMajor, isCurrency, parseMajor } from '../../../platform/money.ts';
import { subdivisionName } from './subdivision.rules.ts';

export { moneyInWords } from './money-words.rules.ts';
export { namesOf } from './name.rules.ts';
export type { NameParts, WrittenName } from './name.rules.ts';

/**
 * How each language writes dates, amounts, numbers, countries and addresses. The three languages of the screens have their own
 * convention here, so that a sealed packet's words do not move with the runtime's locale data; every other language is written
 * as its tag says (CLDR, through Intl), so that a new language needs no code.
 */
const MONTHS: Readonly<Record<string, readonly string[]>> = {
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  'es-MX': ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre', 'diciembre'],
};

function byTag(date: string, language: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
}

/** A date in words, as letters and forms write it. What is no day of the calendar is given back as it is. */
export function longDate(date: string, language: string): string {
  if (!isCalendarDate(date)) return date;
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const name = MONTHS[language]?.[month - 1];
  switch (language) {
    case 'en': return `${name} ${day}, ${year}`;
    case 'es-MX': return `${day} de ${name} de ${year}`;
    case 'ko-KR': return `${year}년 ${month}월 ${day}일`;
    default: return byTag(date, language, { dateStyle: 'long' });
  }
}

/** A date in figures for tables; in Spanish the heading must say that the day stands first. */
export function shortDate(date: string, language: string): string {
  if (!isCalendarDate(date)) return date;
  const [year = '', month = '', day = ''] = date.split('-');
  switch (language) {
    case 'en': return `${month}/${day}/${year}`;
    case 'es-MX': return `${day}/${month}/${year}`;
    case 'ko-KR': return `${year}. ${Number(month)}. ${Number(day)}.`;
    default: return byTag(date, language, { year: 'numeric', month: '2-digit', day: '2-digit' });
  }
}

/** A month with its year, of `2026-07`. */
export function monthName(month: string, language: string): string {
  if (!isCalendarDate(`${month}-01`)) return month;
  const [year, number] = month.split('-').map(Number) as [number, number];
  const name = MONTHS[language]?.[number - 1];
  switch (language) {
    case 'en': return `${name} ${year}`;
    case 'es-MX': return `${name} de ${year}`;
    case 'ko-KR': return `${year}년 ${number}월`;
    default: return byTag(`${month}-01`, language, { year: 'numeric', month: 'long' });
  }
}

// In Mexico as in the United States and Korea: comma between thousands, point before decimals.
const POINT_LANGUAGES = new Set(['en', 'es-MX', 'ko-KR']);
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** A decimal such as `1234567.80`, every digit kept and none added. What is no plain decimal is given back as it is. */
export function numberText(text: string, language: string): string {
  const [, sign = '', whole = '', fraction] = DECIMAL.exec(text) ?? [];
  if (whole === '') return text;
  const places = fraction?.length ?? 0;
  if (!POINT_LANGUAGES.has(language)) {
    // Intl reads a decimal string exactly; as a number it would be rounded.
    return new Intl.NumberFormat(language, { minimumFractionDigits: places, maximumFractionDigits: places }).format(text as `${number}`);
  }
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${separated}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** `10.25` as 10.25 %: the figure is the percentage already. */
export function percentage(text: string, language: string): string {
  if (!DECIMAL.test(text)) return text;
  if (POINT_LANGUAGES.has(language)) return `${numberText(text, language)}%`;
  const [before, after] = percentSigns(language);
  return `${before}${numberText(text, language)}${after}`;
}

/** What stands before and after the figure of a percentage. */
function percentSigns(language: string): readonly [string, string] {
  const parts = new Intl.NumberFormat(language, { style: 'percent' }).formatToParts(0);
  const at = parts.findIndex((part) => part.type === 'integer');
  const text = (some: readonly Intl.NumberFormatPart[]): string => some.map((part) => part.value).join('');
  return [text(parts.slice(0, at)), text(parts.slice(at + 1))];
}

const KOREAN_UNITS: Readonly<Record<string, readonly [string, string]>> = { KRW: ['', '원'], USD: ['미화 ', '달러'], MXN: ['멕시코화 ', '페소'] };

/** An amount with its currency always shown. */
export function money(amountMinor: bigint, currency: string, language: string): string {
  const figure = numberText(formatMajor(amountMinor, currency), language);
  const korean = language === 'ko-KR' ? KOREAN_UNITS[currency] : undefined;
  if (korean) return `${korean[0]}${figure}${korean[1]}`;
  if (language === 'es-MX' && currency === 'MXN') return `$${figure} MXN`;
  return `${currency} ${figure}`;
}

export function countryName(country: string, language: string): string {
  if (!/^(?:[A-Za-z]{2}|\d{3})$/.test(country)) return country;
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'code' }).of(country) ?? country;
}

/** A language by its tag, such as `es-MX`, in another language's words; a tag that is none is given back. */
export function languageName(tag: string, language: string): string {
  if (!/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(tag)) return tag;
  return new Intl.DisplayNames([language], { type: 'language', fallback: 'code' }).of(tag) ?? tag;
}

/** The place of `US-CA`, `MX-BCN` or `KR` in words; a subdivision whose name is not known keeps its code, in brackets. */
export function jurisdictionName(jurisdiction: string, language: string, given: string | null = null): string {
  const [country = '', ...rest] = jurisdiction.split('-');
  const whole = countryName(country, language);
  if (rest.length === 0) return whole;
  const name = given ?? subdivisionName(jurisdiction, language);
  if (name === null) return `${whole} (${rest.join('-')})`;
  return language === 'ko-KR' ? `${whole} ${name}` : `${name}, ${whole}`;
}

export interface PostalAddress {
  readonly country: string;
  readonly lines: readonly string[];
  readonly neighborhood?: string | undefined;
  readonly locality?: string | undefined;
  readonly region?: string | undefined;
  readonly postalCode?: string | undefined;
}

// Where the town stands before the postal code, on one line or on two (Universal Postal Union); elsewhere the code stands before the town.
const CODE_LAST = new Set(['AU', 'BD', 'BR', 'CA', 'CO', 'GB', 'ID', 'IE', 'IN', 'JM', 'JP', 'MM', 'NG', 'NZ', 'PK', 'PR', 'SA', 'SG', 'TH', 'TW', 'UA', 'US', 'VN', 'ZA']);

const isHangul = (text: string): boolean => /\p{Script=Hangul}/u.test(text);
const joined = (parts: readonly (string | undefined)[], separator: string): string => parts.filter((part) => part !== undefined && part !== '').join(separator);

/**
 * An address as its own country writes it, with the country in the reader's language on the last line.
 * Mexico: street, colonia, postal code before the town. Korea: large to small in Hangul, small to large in Latin letters.
 * Elsewhere the postal code stands before the town, or after it where that country writes it so.
 */
export function addressLines(address: PostalAddress, language: string): string[] {
  const country = countryName(address.country, language);
  const { lines, neighborhood, locality, region, postalCode } = address;
  if (address.country === 'MX') {
    const colonia = neighborhood && !/^col(onia|\.)\s/i.test(neighborhood) ? `Col. ${neighborhood}` : neighborhood;
    return [...lines, colonia, joined([postalCode && `C.P. ${postalCode}`, joined([locality, region], ', ')], ' '), country].filter(isText);
  }
  if (address.country === 'KR') {
    const text = joined([...lines, locality, region], ' ');
    if (isHangul(text)) return [joined([postalCode && `(${postalCode})`, region, locality, neighborhood, ...lines], ' '), country].filter(isText);
    return [...lines, joined([neighborhood, locality, joined([region, postalCode], ' ')], ', '), country].filter(isText);
  }
  if (CODE_LAST.has(address.country)) return [...lines, neighborhood, joined([locality, joined([region, postalCode], ' ')], ', '), country].filter(isText);
  return [...lines, neighborhood, joined([joined([postalCode, locality], ' '), region === locality ? '' : region], ', '), country].filter(isText);
}

function isText(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '';
}

/** A digest in groups, so that two people can compare it aloud and it may break across lines. */
export function digestGroups(hex: string): string {
  return (hex.match(/.{1,8}/g) ?? []).join(' ');
}

// Countries whose paper is Letter (Unicode CLDR, supplemental measurement data); everywhere else it is A4.
const LETTER_COUNTRIES = new Set(['BZ', 'CA', 'CL', 'CO', 'CR', 'GT', 'MX', 'NI', 'PA', 'PH', 'PR', 'SV', 'US', 'VE']);

export function paperFor(country: string): 'us-letter' | 'a4' {
  return LETTER_COUNTRIES.has(country) ? 'us-letter' : 'a4';
}

/** The same by language tag first, for callers that go through many values of one language. */
export const formatDate = (tag: string, date: string): string => longDate(date, tag);
export const formatTableDate = (tag: string, date: string): string => shortDate(date, tag);
export const formatMonth = (tag: string, month: string): string => monthName(month, tag);
export const formatNumber = (tag: string, text: string): string => numberText(text, tag);
export const formatPercent = (tag: string, text: string): string => percentage(text, tag);

/** An amount in major units (`-1234.56`); what cannot be read as one of the currency is shown as it is, with the code. */
export function formatMoney(tag: string, amount: string, currency: string): string {
  const minor = isCurrency(currency) ? parseMajor(amount, currency) : null;
  return minor === null ? `${amount} ${currency}`.trim() : money(minor, currency, tag);
}
