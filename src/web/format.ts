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
  /** A month of a year, such as 2026-11: November 2026 · noviembre de 2026 · 2026년 11월 */
  month(value: string): string;
  /** An instant with its time of day and its zone: November 21, 2026 at 3:00 PM PST. */
  moment(value: Date | string | null | undefined): string;
  /** The same for tables, with the date as `day` writes it. */
  instant(value: Date | string | null | undefined): string;
  number(value: number | bigint): string;
  /** 0.973 as 97.3%. */
  share(value: number): string;
  money(minor: bigint | string | number, currency: string): string;
  /** A time zone as the language calls it: Pacific Time · hora del Pacífico · 미 태평양 시간. */
  zone(name: string): string;
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
  const short = new Intl.DateTimeFormat(language, { ...SHORT[language], timeZone: 'UTC' });
  const time: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit', timeZone, timeZoneName: 'short', ...(language === 'es-MX' ? { hourCycle: 'h23' } as const : {}) };
  const moments = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', day: 'numeric', ...time });
  const instants = new Intl.DateTimeFormat(language, { ...SHORT[language], ...time });
  const months = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  const instantWith = (format: Intl.DateTimeFormat, value: Date | string | null | undefined) => (value === null || value === undefined ? NOTHING : kept(withZoneKept(format.format(new Date(value)))));
  const numbers = new Intl.NumberFormat(language);
  const shares = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const dateWith = (format: Intl.DateTimeFormat, value: string | null | undefined) =>
    (value && isCalendarDate(value.slice(0, 10)) ? format.format(new Date(`${value.slice(0, 10)}T00:00:00Z`)) : NOTHING);
  const amount = (major: string, currency: string) => (isCurrency(currency) ? writeMoney(language, major, currency) : `${major} ${currency}`);
  return {
    date: (value) => dateWith(long, value),
    day: (value) => kept(dateWith(short, value)),
    month: (value) => (isCalendarDate(`${value}-01`) ? months.format(new Date(`${value}-01T00:00:00Z`)) : NOTHING),
    moment: (value) => instantWith(moments, value),
    instant: (value) => instantWith(instants, value),
    number: (value) => numbers.format(value),
    share: (value) => shares.format(value),
    money: (minor, currency) => (isCurrency(currency) ? amount(formatMajor(BigInt(minor), currency), currency) : `${minor} ${currency}`),
    zone: (name) => new Intl.DateTimeFormat(language, { timeZone: name, timeZoneName: 'longGeneric' }).formatToParts(0).find((part) => part.type === 'timeZoneName')?.value ?? name,
    amount,
    name: (name) => writeName(language, name),
  };
}

/** The zone does not part from its time at the end of a line, nor its number from its letters. */
function withZoneKept(text: string): string {
  return text.replace(/ GMT[+-][\d:]+$/u, (zone) => `\u00a0${zone.slice(1).replace('-', '\u2212')}`);
}

/** The short date of Korean, 2026. 11. 21., does not part at the end of a line. */
function kept(text: string): string {
  return text.replace(/(\d{4}\.) (\d{1,2}\.) (\d{1,2}\.)/u, '$1\u00a0$2\u00a0$3');
}

/** The one short form of each language: Nov 21, 2026 · 21/11/2026 · 2026. 11. 21. */
const SHORT: Readonly<Record<Language, Intl.DateTimeFormatOptions>> = {
  'en': { year: 'numeric', month: 'short', day: 'numeric' }, 'es-MX': { year: 'numeric', month: '2-digit', day: '2-digit' }, 'ko-KR': { year: 'numeric', month: 'numeric', day: 'numeric' },
};

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
  return language === 'ko-KR' ? `${name.native}(${latin})` : `${latin} (${name.native})`;
}
