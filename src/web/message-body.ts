import { isCalendarDate } from '../platform/dates.ts';
import { hasWords, LANGUAGES, translator } from '../platform/i18n.ts';
import type { Language } from '../platform/i18n.ts';
import type { MessageNumber } from '../modules/exchange/index.ts';
import { findPartner } from '../modules/partners/index.ts';
import { countryNames } from './countries.ts';
import { formatFor } from './format.ts';
import type { Format, PersonName } from './format.ts';
import { wordsFor } from './words.ts';

/** A part of what a message says: its name, and a value or further parts. */
export interface BodyPart {
  readonly label: string;
  readonly value: string | null;
  readonly isCode: boolean;
  /** The same in several languages, as the sender wrote it. */
  readonly texts: readonly { readonly lang: string; readonly text: string }[];
  readonly parts: readonly BodyPart[];
  /** Lines of a long list that are not shown. */
  readonly more: number;
  /** The value stands masked, and can be asked for. */
  readonly number: MessageNumber | null;
}

export interface BodyIn {
  readonly language: Language;
  /** As the language calls itself. */
  readonly name: string;
  readonly parts: readonly BodyPart[];
}

/** A sentence in own words, as it was written and as it was translated. */
export interface RemarkLine {
  readonly sourceLanguage: string;
  readonly source: string;
  readonly targetLanguage: string | null;
  readonly target: string | null;
}

type Bag = Readonly<Record<string, unknown>>;
const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value);

const LINES_SHOWN = 50;
const UNSHOWN = new Set(['remark', 'sha256', 'byteCount', 'mediaType', 'attachmentId', 'itemId', 'personId', 'language', 'lang', 'protected']);
/** Where each list of codes has its words, the nearest first. */
const LISTS = [
  'messages:acknowledgment', 'messages:reply_status', 'messages:forwarding_status', 'messages:case_state', 'messages:overdue', 'conversations:value', 'referrals:move_reason', 'referrals:hop', 'referrals:status',
  'attachments:kind', 'inquiries:question', 'inquiries:paper', 'partners:service', 'web:role', 'web:bucket', 'web:frequency', 'web:obligation_kind', 'web:identifier', 'referrals:move',
];
const CODE = /^[a-z][a-z0-9_]{1,60}$/;
const MONEY: Readonly<Record<string, string>> = { amount: 'currency', gross: 'grossCurrency', delivered: 'deliveredCurrency', total: 'currency', sent: 'currency', received: 'currency', net: 'currency', fee: 'grossCurrency' };
const NAMES = ['given', 'family', 'secondFamily', 'native'];

/** What one wants to know first; the rest as it stands. */
const FIRST = ['status', 'state', 'change', 'kind', 'code', 'reason', 'question', 'of', 'document', 'notAvailable', 'missing', 'receivedOn', 'effectiveOn', 'name'];
const rankOf = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

interface Reader {
  readonly language: Language;
  readonly format: Format;
  /** What stands masked, by its place in the body. */
  readonly numbers: ReadonlyMap<string, MessageNumber>;
}

/** Words of a code that a message states; null where nobody here knows it. */
export function codeWords(code: string, language: Language): string | null {
  const key = LISTS.map((list) => `${list}.${code}`).find((one) => hasWords(language, one));
  return key === undefined ? null : translator(language)(key);
}

function labelOf(name: string, { language }: Reader): string {
  const key = `conversations:field.${name}`;
  return hasWords(language, key) ? translator(language)(key) : name;
}

const plain = (label: string, value: string, isCode = false): BodyPart => ({ label, value, isCode, texts: [], parts: [], more: 0, number: null });
const holding = (label: string, parts: readonly BodyPart[], more = 0): BodyPart => ({ label, value: null, isCode: false, texts: [], parts, more, number: null });
const maskedPart = (label: string, number: MessageNumber): BodyPart => ({ ...plain(label, number.masked, true), number: number.isShowable ? number : null });

function textPart(name: string, value: string, reader: Reader): BodyPart {
  const label = labelOf(name, reader);
  const day = isCalendarDate(value) ? reader.format.date(value) : null;
  if (day !== null) return plain(label, day);
  if (name === 'country') return plain(label, countryNames(reader.language)(value));
  if (name === 'county') return plain(label, wordsFor(reader.language).of('county', value));
  // Of the lists of codes several have an `other`; what is asked for by its kind is a document.
  const words = name === 'kind' && value === 'other' ? translator(reader.language)('attachments:kind.other') : CODE.test(value) ? codeWords(value, reader.language) : null;
  return words === null ? plain(label, value, CODE.test(value) && value.includes('_')) : plain(label, words);
}

const isNamed = (value: unknown): value is readonly { readonly lang: string; readonly value: string }[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => isBag(one) && typeof one['lang'] === 'string' && typeof one['value'] === 'string');

/** One value of a list: without its name, which stands once above the list. */
function item(value: unknown, reader: Reader, place: string): BodyPart {
  if (!isBag(value)) return { ...textPart('', String(value), reader), label: '' };
  const parts = partsOf(value, reader, place);
  const [only] = parts;
  return parts.length === 1 && only && only.value !== null ? { ...only, label: '' } : holding('', parts);
}

function part(name: string, value: unknown, whole: Bag, reader: Reader, place: string): BodyPart {
  const label = labelOf(name, reader);
  const number = reader.numbers.get(place);
  if (number !== undefined) return maskedPart(label, number);
  if (typeof value === 'boolean') return plain(label, translator(reader.language)(value ? 'web:yes' : 'web:no'));
  if (typeof value === 'number') return plain(label, reader.format.number(value));
  if (typeof value === 'string') {
    const currency = MONEY[name] === undefined ? undefined : whole[MONEY[name]];
    return typeof currency === 'string' ? plain(label, reader.format.amount(value, currency)) : textPart(name, value, reader);
  }
  return Array.isArray(value) ? listPart(name, label, value, reader, place) : holding(label, isBag(value) ? partsOf(value, reader, place) : []);
}

function listPart(name: string, label: string, value: readonly unknown[], reader: Reader, place: string): BodyPart {
  const shown = value.slice(0, LINES_SHOWN);
  const more = value.length - shown.length;
  const numbers = shown.flatMap((_, index) => reader.numbers.get(`${place}/${index}`) ?? reader.numbers.get(`${place}/${index}/value`) ?? []);
  // Telephones, addresses of mail, and what is said of them: each is asked for by itself.
  if (numbers.length === shown.length && (isNamed(value) || shown.every((one) => typeof one === 'string'))) {
    const [only] = numbers;
    return numbers.length === 1 && only ? maskedPart(label, only) : holding(label, numbers.map((number) => maskedPart('', number)), more);
  }
  if (isNamed(value)) return { ...holding(label, []), texts: value.map((one) => ({ lang: one.lang, text: one.value })) };
  if (shown.every((one) => typeof one === 'string')) {
    const said = shown.map((one) => textPart('', String(one), reader).value ?? '');
    return { ...plain(name === 'line' ? translator(reader.language)('conversations:form.payLine') : label, said.join(' · ')), more };
  }
  const [only] = shown;
  if (value.length === 1 && isBag(only)) return { ...item(only, reader, `${place}/0`), label };
  return holding(label, shown.map((one, index) => item(one, reader, `${place}/${index}`)), more);
}

function partsOf(whole: Bag, reader: Reader, place: string): BodyPart[] {
  if (['given', 'family', 'native'].some((name) => typeof whole[name] === 'string') && Object.keys(whole).every((name) => [...NAMES, 'alias'].includes(name))) {
    return [plain(labelOf('name', reader), reader.format.name({ given: '', family: '', ...whole } as PersonName).trim())];
  }
  const currencies = new Set(Object.entries(MONEY).filter(([name]) => typeof whole[name] === 'string').map(([, currency]) => currency));
  return Object.entries(whole).sort(([one], [other]) => rankOf(one) - rankOf(other)).filter(([name, value]) => !UNSHOWN.has(name) && !currencies.has(name) && value !== null && value !== undefined).map(([name, value]) => part(name, value, whole, reader, `${place}/${name}`));
}

/** English and the partner's language, the reader's own first where it is neither. */
export function languagesOf(partnerId: string, reader: Language): Language[] {
  const theirs = findPartner(partnerId)?.languages.value.packet;
  const both = LANGUAGES.filter((one) => one === 'en' || one === theirs);
  const all = both.includes(reader) ? [reader, ...both.filter((one) => one !== reader)] : [reader, ...both];
  return [...new Set(all)].slice(0, 2 + (both.includes(reader) ? 0 : 1));
}

function ownName(language: Language): string {
  const name = new Intl.DisplayNames(language, { type: 'language' }).of(language.split('-')[0] ?? language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

/** What a message says, once in each language, without what somebody wrote in own words; its numbers are masked. */
export function bodyIn(body: unknown, languages: readonly Language[], timeZone: string, masked: readonly MessageNumber[]): BodyIn[] {
  const numbers = new Map(masked.map((number) => [number.place, number]));
  return isBag(body) ? languages.map((language) => ({ language, name: ownName(language), parts: partsOf(body, { language, format: formatFor(language, timeZone), numbers }, '') })) : [];
}

/** What somebody wrote in own words. */
export function remarkLines(body: unknown): RemarkLine[] {
  const remarks = isBag(body) && Array.isArray(body['remark']) ? body['remark'].filter(isBag) : [];
  return remarks.flatMap((remark) => (Array.isArray(remark['segment']) ? remark['segment'].filter(isBag) : []).map((segment) => ({
    sourceLanguage: String(remark['sourceLanguage'] ?? ''), source: String(segment['source'] ?? ''),
    targetLanguage: typeof remark['targetLanguage'] === 'string' ? remark['targetLanguage'] : null, target: typeof segment['target'] === 'string' ? segment['target'] : null,
  })));
}
