import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { isCurrency, parseDecimal, parseMajor } from '../../../platform/money.ts';
import { textFaults } from './free-text.rules.ts';
import type { InterviewField } from './interview-definition.rules.ts';

/** A fault of one value: the last part of a finding's code, and what it speaks of. */
export interface ValueFault {
  readonly code: string;
  readonly params?: Record<string, string | number>;
}

const AMOUNT_DIGITS_MAX = 15;
const COUNTRIES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** What is wrong with a value of a plain field; `beside` are the other values of its section or row; what has happened does not lie after `today`. */
export function valueFaults(field: InterviewField, value: unknown, beside: Readonly<Record<string, unknown>>, today?: CalendarDate): ValueFault[] {
  if (field.kind === 'yesno') return typeof value === 'boolean' ? [] : [{ code: 'wrong_kind' }];
  if (typeof value !== 'string') return [{ code: 'wrong_kind' }];
  switch (field.kind) {
    case 'text': case 'long': return writtenFaults(field, value);
    case 'date': return isCalendarDate(value) ? futureFaults(field, value, today) : [{ code: 'date_unreal' }];
    case 'month': return isCalendarDate(`${value}-01`) ? futureFaults(field, value, today?.slice(0, 7)) : [{ code: 'month_unreal' }];
    case 'amount': return amountFaults(field, value, beside);
    case 'currency': return isCurrency(value) ? [] : [{ code: 'currency_unknown' }];
    case 'number': return numberFaults(field, value);
    case 'choice': return field.choices?.includes(value) ? [] : [{ code: 'not_a_choice' }];
    case 'country': return isCountry(value) ? [] : [{ code: 'country_unknown' }];
    case 'list': return [{ code: 'wrong_kind' }];
  }
}

export function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && code !== 'ZZ' && COUNTRIES.of(code) !== undefined;
}

function futureFaults({ past, kind }: InterviewField, value: string, today: string | undefined): ValueFault[] {
  return past === true && today !== undefined && value > today ? [{ code: `${kind}_future` }] : [];
}

function writtenFaults({ charactersMax = 0, kind }: InterviewField, text: string): ValueFault[] {
  if (text.length > charactersMax) return [{ code: 'too_long', params: { max: charactersMax, length: text.length } }];
  const isBroken = kind === 'text' && /[\r\n\t]/.test(text);
  return [...(isBroken ? [{ code: 'one_line_only' }] : []), ...textFaults(text).map((code) => ({ code }))];
}

function numberFaults({ min = 0, max = 0 }: InterviewField, text: string): ValueFault[] {
  const isNumber = /^\d{1,7}$/.test(text);
  return isNumber && Number(text) >= min && Number(text) <= max ? [] : [{ code: 'number_out_of_range', params: { min, max } }];
}

function amountFaults(field: InterviewField, text: string, beside: Readonly<Record<string, unknown>>): ValueFault[] {
  const decimal = parseDecimal(text);
  if (!decimal || decimal.digits < 0n || text.length > AMOUNT_DIGITS_MAX + 3) return [{ code: 'amount_unreadable' }];
  const currency = field.currencyIs ?? beside[field.currencyFrom ?? ''];
  if (typeof currency !== 'string' || currency === '') return [{ code: 'currency_missing' }];
  return isCurrency(currency) && parseMajor(text, currency) === null ? [{ code: 'amount_too_fine', params: { currency } }] : [];
}
