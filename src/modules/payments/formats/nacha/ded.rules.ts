import { calendarDateOf } from '../../../../platform/dates.ts';
import type { CalendarDate } from '../../../../platform/dates.ts';
import { AppError } from '../../../../platform/errors.ts';
import { normaliseName } from '../../../../platform/names/index.ts';
import type { PersonName } from '../../../../platform/names/index.ts';
import { segmentsOf } from './x12.rules.ts';

/**
 * The child-support segment DED of ANSI X12, as the child-support banking convention carries it in ACH addenda:
 * `DED*CS*case*YYMMDD*amount*SSN*Y|N|W*name*FIPS*Y\`, whose last element is left out, or `N`, while the employment lasts. Dates have
 * eight digits in CTX from version 4010 on. Real senders deviate; what can be read is read, and each deviation has a code.
 */

export interface DedSegment {
  /** `CS`: withheld by an employer; other codes between disbursement units. */
  readonly type: string;
  readonly caseId: string;
  readonly date: CalendarDate | null;
  readonly amountCents: bigint | null;
  readonly obligorSsn: string;
  /** Whether medical insurance is available: `Y`, `N`, or `W` where that does not apply. */
  readonly medical: string;
  /** First seven letters of the surname and three of the given name. */
  readonly name: string;
  readonly fips: string;
  /** `Y`: the employment has ended. */
  readonly terminated: string;
  /** A date or an amount as printed, where it could not be read. */
  readonly unread?: { readonly date?: string; readonly amount?: string };
}

export interface ReadDed extends DedSegment {
  readonly warnings: readonly string[];
}

/** CCD+ has six digits for the date, CTX eight: nothing else differs. */
export type DedForm = 'ccd' | 'ctx';

const ELEMENTS_MAX = 9;
/** What one addendum holds. */
export const DED_CHARS_MAX = 80;

/** Every DED segment in the payment information of an entry's addenda, in order. */
export function parseDed(information: string): ReadDed[] {
  return segmentsOf(information).filter(([id]) => id === 'DED').map(dedOf);
}

/** A segment's elements, `DED` itself being the first. */
export function dedOf(elements: readonly string[]): ReadDed {
  const [, type = '', caseId = '', date = '', amount = '', obligorSsn = '', medical = '', name = '', fips = '', terminated = ''] = elements.map((part) => part.trim());
  const day = dedDate(date);
  const amountCents = /^\d{1,18}$/.test(amount) ? BigInt(amount) : null;
  const unread = { ...(day === null && date !== '' ? { date } : {}), ...(amountCents === null && amount !== '' ? { amount } : {}) };
  const segment: DedSegment = { type, caseId, date: day, amountCents, obligorSsn, medical, name, fips, terminated, ...(Object.keys(unread).length > 0 ? { unread } : {}) };
  const surplus = elements.length > ELEMENTS_MAX + 1 ? ['ded.elements'] : [];
  return { ...segment, warnings: [...validateDed(segment), ...surplus] };
}

const PLAIN = /^[\x20-\x29\x2b-\x5b\x5d-\x7d]*$/;

/** In what a segment deviates from its standard, element by element; nothing where it is right. */
export function validateDed(segment: DedSegment): string[] {
  const { type, caseId, date, amountCents, obligorSsn, medical, name, fips, terminated } = segment;
  const rules: readonly (readonly [string, boolean])[] = [
    ['ded.type', /^[A-Z]{2}$/.test(type)],
    ['ded.case_id', caseId.length >= 1 && caseId.length <= 20 && PLAIN.test(caseId) && caseId.trim() === caseId],
    ['ded.date', date !== null],
    ['ded.amount', amountCents !== null && amountCents <= 9_999_999_999n && (amountCents > 0n || (amountCents === 0n && terminated === 'Y'))],
    ['ded.ssn', /^\d{9}$/.test(obligorSsn)],
    ['ded.medical', /^[YNW]$/.test(medical)],
    ['ded.name', name.length <= 10 && PLAIN.test(name) && !/, /.test(name) && name.trim() === name],
    ['ded.fips', /^(\d{5}|\d{7}|80[A-Z]{3})?$/.test(fips)],
    ['ded.terminated', /^[YN]?$/.test(terminated)],
  ];
  return rules.filter(([, isGood]) => !isGood).map(([code]) => code);
}

/**
 * The segment with its terminator. Optional elements at the end are left out, those in the middle keep their separator.
 *
 * @throws AppError `ded.unwritable`, with a finding for each element that does not fit: nothing is ever cut to fit.
 */
export function writeDed(segment: DedSegment, form: DedForm): string {
  const faults = validateDed(segment);
  if (faults.length > 0) {
    throw new AppError('invalid', 'ded.unwritable', { findings: faults.map((code) => ({ code, severity: 'block', path: ELEMENT_OF[code] ?? 'DED' })), params: { elements: faults.join(' ') } });
  }
  const date = (segment.date as CalendarDate).replaceAll('-', '').slice(form === 'ccd' ? 2 : 0);
  const elements = ['DED', segment.type, segment.caseId, date, String(segment.amountCents), segment.obligorSsn, segment.medical, segment.name, segment.fips, segment.terminated];
  while (elements.at(-1) === '') elements.pop();
  return `${elements.join('*')}\\`;
}

const ELEMENT_OF: Readonly<Record<string, string>> = {
  'ded.type': 'DED01', 'ded.case_id': 'DED02', 'ded.date': 'DED03', 'ded.amount': 'DED04', 'ded.ssn': 'DED05', 'ded.medical': 'DED06', 'ded.name': 'DED07',
  'ded.fips': 'DED08', 'ded.terminated': 'DED09',
};

const SURNAME_LETTERS = 7;
const GIVEN_LETTERS = 3;

/**
 * The name of element 07: seven letters of the surname, three of the given name, a comma between them only where the surname has less
 * than seven. Of two surnames the first counts, with its particles; accents, blanks, hyphens and apostrophes go. Names that are not
 * in Latin letters give none: the element is optional, and a romanization of ours would be a guess.
 */
export function dedName(name: PersonName): string {
  const [last, first] = [letters(name.family), letters(name.given)];
  if (last === '') return '';
  return last.length >= SURNAME_LETTERS ? last.slice(0, SURNAME_LETTERS) + first.slice(0, GIVEN_LETTERS)
    : first === '' ? last : `${last},${first.slice(0, GIVEN_LETTERS)}`;
}

const letters = (text: string): string => {
  const folded = normaliseName(text).toUpperCase().replaceAll(' ', '');
  return /^[A-Z]+$/.test(folded) ? folded : '';
};

/** Two digits of a year are of this century. */
function dedDate(text: string): CalendarDate | null {
  const long = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  const short = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (long) return calendarDateOf(Number(long[1]), Number(long[2]), Number(long[3]));
  return short ? calendarDateOf(2000 + Number(short[1]), Number(short[2]), Number(short[3])) : null;
}
