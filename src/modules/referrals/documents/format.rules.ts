import { formatMajor } from '../../../platform/money.ts';

/**
 * How each language writes dates, amounts, countries and addresses. A language without its own convention here
 * gets the neutral one (ISO date, currency code before the amount), so that a new language needs no code.
 */
const MONTHS: Readonly<Record<string, readonly string[]>> = {
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  'es-MX': ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre', 'diciembre'],
};

/** A date in words, as letters and forms write it. */
export function longDate(date: string, language: string): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const name = MONTHS[language]?.[month - 1];
  switch (language) {
    case 'en': return `${name} ${day}, ${year}`;
    case 'es-MX': return `${day} de ${name} de ${year}`;
    case 'ko-KR': return `${year}년 ${month}월 ${day}일`;
    default: return date;
  }
}

function grouped(amountMinor: bigint, currency: string): string {
  const [whole = '', fraction] = formatMajor(amountMinor, currency).split('.');
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}

const KOREAN_UNITS: Readonly<Record<string, readonly [string, string]>> = { KRW: ['', '원'], USD: ['미화 ', '달러'], MXN: ['멕시코화 ', '페소'] };

/** An amount with its currency always shown. */
export function money(amountMinor: bigint, currency: string, language: string): string {
  const figure = grouped(amountMinor, currency);
  const korean = language === 'ko-KR' ? KOREAN_UNITS[currency] : undefined;
  if (korean) return `${korean[0]}${figure}${korean[1]}`;
  if (language === 'es-MX' && currency === 'MXN') return `$${figure} MXN`;
  return `${currency} ${figure}`;
}

export function countryName(country: string, language: string): string {
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'code' }).of(country) ?? country;
}

/** The country of `US-CA`, `MX-BC` or `KR`, and its subdivision where there is one. */
export function jurisdictionName(jurisdiction: string, language: string): string {
  const [country = '', ...rest] = jurisdiction.split('-');
  return rest.length === 0 ? countryName(country, language) : `${countryName(country, language)} (${rest.join('-')})`;
}

export interface PostalAddress {
  readonly country: string;
  readonly lines: readonly string[];
  readonly neighborhood?: string | undefined;
  readonly locality?: string | undefined;
  readonly region?: string | undefined;
  readonly postalCode?: string | undefined;
}

const isHangul = (text: string): boolean => /\p{Script=Hangul}/u.test(text);
const joined = (parts: readonly (string | undefined)[], separator: string): string => parts.filter((part) => part !== undefined && part !== '').join(separator);

/**
 * An address as its own country writes it, with the country in the reader's language on the last line.
 * Mexico: street, colonia, postal code before the town. Korea: large to small in Hangul, small to large in Latin letters.
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
  return [...lines, neighborhood, joined([locality, joined([region, postalCode], ' ')], ', '), country].filter(isText);
}

function isText(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '';
}

const UNBROKEN_MAX = 30;

/** Lets a run of letters without a space break across lines, so that a long name or number stays inside its cell. */
export function breakable(text: string): string {
  return text.replace(new RegExp(`\\S{${UNBROKEN_MAX}}(?=\\S)`, 'gu'), '$&\u200b');
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
