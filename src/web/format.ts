import { isCalendarDate } from '../platform/dates.ts';
import type { Language } from '../platform/i18n.ts';
import { formatMajor, isCurrency } from '../platform/money.ts';

export interface PersonName {
  given: string;
  family: string;
  secondFamily?: string | null | undefined;
  native?: string | null | undefined;
}

/** Dates, numbers, money and names as the people of each language write them (glossary notes). */
export interface Format {
  /** November 21, 2026 · 21 de noviembre de 2026 · 2026년 11월 21일 */
  date(value: string | null | undefined): string;
  /** For tables: Nov 21, 2026 · 21/11/2026 · 2026. 11. 21. */
  day(value: string | null | undefined): string;
  /** An instant with its time of day and its zone. */
  instant(value: Date | string | null | undefined): string;
  number(value: number | bigint): string;
  /** 0.973 as 97.3%. */
  share(value: number): string;
  money(minor: bigint | string | number, currency: string): string;
  /** An amount written in major units, such as the "1234.56" of an extract. */
  amount(major: string, currency: string): string;
  name(name: PersonName): string;
}

export const NOTHING = '—';

const formats = new Map<string, Format>();

/** How things are written in a language, and times in a zone: made once, as there are few of both. */
export function formatFor(language: Language, timeZone: string): Format {
  const key = `${language} ${timeZone}`;
  let format = formats.get(key);
  if (!format) formats.set(key, format = makeFormat(language, timeZone));
  return format;
}

function makeFormat(language: Language, timeZone: string): Format {
  const long = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
  const short = shortDates(language);
  const moment = new Intl.DateTimeFormat(language, {
    year: 'numeric', month: language === 'ko-KR' ? 'long' : 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZone, timeZoneName: 'short',
    ...(language === 'es-MX' ? { hourCycle: 'h23' } as const : {}),
  });
  const numbers = new Intl.NumberFormat(language);
  const shares = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const dateWith = (format: Intl.DateTimeFormat, value: string | null | undefined) =>
    (value && isCalendarDate(value.slice(0, 10)) ? format.format(new Date(`${value.slice(0, 10)}T00:00:00Z`)) : NOTHING);
  const amount = (major: string, currency: string) => (isCurrency(currency) ? writeMoney(language, major, currency) : `${major} ${currency}`);
  return {
    date: (value) => dateWith(long, value),
    day: (value) => dateWith(short, value),
    instant: (value) => (value === null || value === undefined ? NOTHING : withZoneKept(moment.format(new Date(value)))),
    number: (value) => numbers.format(value),
    share: (value) => shares.format(value),
    money: (minor, currency) => (isCurrency(currency) ? amount(formatMajor(BigInt(minor), currency), currency) : `${minor} ${currency}`),
    amount,
    name: (name) => writeName(language, name),
  };
}

/** The zone does not part from its time at the end of a line, nor its number from its letters. */
function withZoneKept(text: string): string {
  return text.replace(/ GMT[+-][\d:]+$/u, (zone) => `\u00a0${zone.slice(1).replace('-', '\u2212')}`);
}

function shortDates(language: Language): Intl.DateTimeFormat {
  if (language === 'en') return new Intl.DateTimeFormat('en', { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' });
  const day = language === 'es-MX' ? '2-digit' : 'numeric';
  return new Intl.DateTimeFormat(language, { year: 'numeric', month: day, day, timeZone: 'UTC' });
}

const KOREAN_UNITS: Readonly<Record<string, { before: string; unit: string }>> = {
  KRW: { before: '', unit: '원' },
  USD: { before: '미화 ', unit: '달러' },
  MXN: { before: '멕시코화 ', unit: '페소' },
};

/** The code always stands with the amount: a bare "$" is a different money on either side of the border. */
function writeMoney(language: Language, major: string, currency: string): string {
  const digits = major.includes('.') ? major.length - major.indexOf('.') - 1 : 0;
  // Intl takes decimal strings exactly; a number would lose cents above 2^53.
  const isNegative = major.startsWith('-');
  const text = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .format((isNegative ? major.slice(1) : major) as unknown as number);
  const sign = isNegative ? '−' : '';
  if (language === 'ko-KR') {
    const unit = KOREAN_UNITS[currency];
    return unit ? `${unit.before}${sign}${text}${unit.unit}` : `${currency} ${sign}${text}`;
  }
  return currency === 'MXN' ? `${sign}$${text} MXN` : `${currency} ${sign}${text}`;
}

/** Given names, then both surnames; the name in its own script stands first for Korean readers, in brackets for others. */
function writeName(language: Language, name: PersonName): string {
  const latin = [name.given, name.family, name.secondFamily].filter(Boolean).join(' ');
  if (!name.native) return latin;
  return language === 'ko-KR' ? `${name.native} (${latin})` : `${latin} (${name.native})`;
}
