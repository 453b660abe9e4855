import { calendarDateOf } from '../../../../platform/dates.ts';
import type { CalendarDate } from '../../../../platform/dates.ts';

/**
 * The child-support segment DED of ANSI X12 (as the NACHA child-support banking convention carries it in 05 addenda):
 * `DED*CS*case*YYMMDD*amount*SSN*Y|N|W*name*FIPS*Y\`, whose last element is left out, or `N`, while the employment lasts. Eight-digit dates stand in CTX from version 4010 on. Real senders deviate;
 * what can be read is read, and each deviation has a code.
 */

export interface DedSegment {
  /** `CS`: withheld by an employer; other codes between disbursement units. */
  type: string;
  caseId: string;
  date: CalendarDate | null;
  amountCents: bigint | null;
  obligorSsn: string;
  medical: string;
  /** First seven letters of the surname and three of the given name. */
  name: string;
  fips: string;
  isTerminated: boolean;
  warnings: string[];
}

/** Every DED segment in the payment information of an entry's addenda, in order. */
export function parseDed(information: string): DedSegment[] {
  return information.split(/[\\~\n]/).map((segment) => segment.trim()).filter((segment) => /^DED\*/.test(segment)).map(parseSegment);
}

function parseSegment(segment: string): DedSegment {
  const [, type = '', caseId = '', date = '', amount = '', obligorSsn = '', medical = '', name = '', fips = '', terminated = ''] = segment.split('*').map((part) => part.trim());
  const warnings: string[] = [];
  const warnUnless = (good: boolean, code: string) => { if (!good) warnings.push(code); };
  const day = dedDate(date);
  const amountCents = /^\d{1,10}$/.test(amount) ? BigInt(amount) : null;
  const isTerminated = terminated === 'Y';
  warnUnless(/^[A-Z]{2}$/.test(type), 'ded.type');
  warnUnless(/^[\x20-\x7e]{1,20}$/.test(caseId), 'ded.case_id');
  warnUnless(day !== null, 'ded.date');
  warnUnless(amountCents !== null && (amountCents > 0n || isTerminated), 'ded.amount');
  warnUnless(/^\d{9}$/.test(obligorSsn), 'ded.ssn');
  warnUnless(/^[YNW]$/.test(medical), 'ded.medical');
  warnUnless(name.length <= 10 && !/, /.test(name), 'ded.name');
  warnUnless(/^(\d{5}|\d{7}|80[A-Z]{3})?$/.test(fips), 'ded.fips');
  warnUnless(/^[YN]?$/.test(terminated), 'ded.terminated');
  return { type, caseId, date: day, amountCents, obligorSsn, medical, name, fips, isTerminated, warnings };
}

function dedDate(text: string): CalendarDate | null {
  const long = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  const short = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (long) return calendarDateOf(Number(long[1]), Number(long[2]), Number(long[3]));
  return short ? calendarDateOf(2000 + Number(short[1]), Number(short[2]), Number(short[3])) : null;
}
