import type { Finding } from '../../platform/errors.ts';
import { calendarDateOf } from '../../platform/dates.ts';
import { clabeFaults, curpFaults, isVoterKeyForm, rfcFaults } from './mexican-identifier.rules.ts';
import type { CurpFault } from './mexican-identifier.rules.ts';

interface Person {
  name: { given: string; family: string; secondFamily?: string };
  birthDate?: string; sex?: string;
  identifiers?: readonly { type: string; value: string }[];
  accounts?: readonly { kind: string; value: string; bankCode?: string }[];
}

/**
 * The spelling under which an identifier is looked up: letters and digits only, upper case. Two extracts that write a
 * number with and without hyphens mean the same one.
 */
export function normaliseIdentifier(value: string): string {
  return value.normalize('NFKC').toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** How far an account number can be used: a CLABE that fails its own arithmetic cannot be paid to. */
export function isUsableAccount(account: { kind: string; value: string }): boolean {
  return account.kind !== 'CLABE' || clabeFaults(account.value).length === 0;
}

/** Forms that nothing but an identifier has: a text of one of them never stands in an address. */
const CERTAIN: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^\d{9}$/, ['SSN', 'ITIN']], [/^[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z\d]\d$/, ['CURP']], [/^[A-ZÑ]{4}\d{6}[A-Z\d]{3}$/, ['RFC']], [/^[A-Z]{6}\d{8}[HM]\d{3}$/, ['INE']],
];
/** A number of a passport may also be a partner's number of a case. */
const PASSPORT = /^[A-Z]{0,3}\d{6,9}[A-Z]?\d{0,2}$/;

/**
 * The types of which a text may be an identifier by its form alone. `isCertain`: it can be nothing else, or nothing else as likely; an account
 * number (18 digits of a CLABE) counts as one although no case is found by it.
 */
export function identifierFormsOf(text: string): { readonly types: readonly string[]; readonly isCertain: boolean } {
  const value = normaliseIdentifier(text);
  const certain = CERTAIN.filter(([form]) => form.test(value)).flatMap(([, types]) => types);
  if (/^\d{13}$/.test(value) && !residentNumberFaults(value).some((fault) => fault === 'structure' || fault === 'date')) certain.push('RRN', 'ARN');
  const isPassport = PASSPORT.test(value);
  return { types: [...certain, ...(isPassport ? ['PASSPORT'] : [])], isCertain: certain.length > 0 || /^\d{18}$/.test(value) };
}

const WITHIN: readonly RegExp[] = [
  String.raw`\d{9}|\d{3}[\s.\p{Pd}]\d{2}[\s.\p{Pd}]\d{4}`, String.raw`[A-ZÑ]{4}[\s\p{Pd}]?\d{6}[\s\p{Pd}]?[HMX][\s\p{Pd}]?[A-ZÑ]{5}[\s\p{Pd}]?[A-Z\d]\d`, String.raw`[A-ZÑ&]{4}[\s\p{Pd}]?\d{6}[\s\p{Pd}]?[A-Z\d]{3}`,
  String.raw`[A-Z]{6}\d{8}[HM]\d{3}`, String.raw`\d{3}[\s\p{Pd}]?\d{3}[\s\p{Pd}]?\d{11}[\s\p{Pd}]?\d`,
].map((form) => new RegExp(String.raw`(?<![\p{L}\p{N}]|\p{N}[\s.\p{Pd}])(?:${form})(?![\p{L}\p{N}]|[.\p{Pd}]\p{N})`, 'u'));
const RESIDENT_WITHIN = /(?<!\p{N})(\d{6})[\s.\p{Pd}]?(\d{7})(?!\p{N})/gu;
/** What people write before a number, also without a space. */
const LABEL = /(?:SSN|ITIN|CURP|RFC|INE|CLABE|RRN|ARN|\p{Script=Hangul})(?=[\p{L}\p{N}])/gu;

/** Whether an identifier stands within a longer text, beside a name or what it is: no such text stands in an address. */
export function holdsIdentifier(text: string): boolean {
  const plain = text.normalize('NFKC').toUpperCase().replace(/\p{Cf}/gu, '');
  const isWithin = (one: string): boolean => WITHIN.some((form) => form.test(one)) ||
    [...one.matchAll(RESIDENT_WITHIN)].some(([, first, last]) => !residentNumberFaults(`${first}${last}`).some((fault) => fault === 'structure' || fault === 'date'));
  return isWithin(plain) || isWithin(plain.replace(LABEL, '$& '));
}

/** Graded findings on the identifiers and accounts of one person. None of them repeats a digit. */
export function identifierFindings(person: Person, path: string): Finding[] {
  const findings: Finding[] = [];
  person.identifiers?.forEach((identifier, i) => {
    const at = `${path}/identifiers/${i}/value`;
    for (const fault of faultsOf(identifier, person)) findings.push({ code: `cases.${fault.code}`, severity: fault.severity, path: at });
  });
  person.accounts?.forEach((account, i) => {
    const at = `${path}/accounts/${i}/value`;
    for (const fault of accountFaults(account)) findings.push({ code: `cases.${fault.code}`, severity: fault.severity, path: at });
  });
  return findings;
}

interface Fault { code: string; severity: Finding['severity'] }

const warn = (code: string): Fault => ({ code, severity: 'warn' });
const info = (code: string): Fault => ({ code, severity: 'info' });

// How a name becomes letters has more exceptions than any rule here, so a name that differs is only mentioned.
const CURP_SEVERITY: Readonly<Record<CurpFault, Finding['severity']>> = {
  structure: 'warn', date: 'warn', entity: 'warn', check_digit: 'warn', birth_date: 'warn', century: 'warn', sex: 'warn', name: 'info',
};

function faultsOf(identifier: { type: string; value: string }, person: Person): Fault[] {
  const { value } = identifier;
  switch (identifier.type) {
    case 'CURP': return curpFaults(value, { ...person.name, ...(person.birthDate ? { birthDate: person.birthDate } : {}), ...(person.sex ? { sex: person.sex } : {}) })
      .map((fault) => ({ code: `curp_${fault}`, severity: CURP_SEVERITY[fault] }));
    case 'RFC': return rfcFaults(value).map((fault) => warn(`rfc_${fault}`));
    case 'INE': return isVoterKeyForm(value) ? [] : [warn('ine_structure')];
    case 'RRN': return residentNumberFaults(value, person.birthDate).map((fault) => warn(`rrn_${fault}`));
    case 'ARN': return residentNumberFaults(value, person.birthDate).map((fault) => warn(`arn_${fault}`));
    case 'SSN': return ssnFaults(value);
    case 'ITIN': return isItin(value) ? [] : [warn('itin_structure')];
    default: return /^[A-Z0-9]{6,12}$/.test(normaliseIdentifier(value)) ? [] : [info('passport_structure')];
  }
}

function accountFaults(account: { kind: string; value: string; bankCode?: string }): Fault[] {
  if (account.kind === 'CLABE') return clabeFaults(account.value).map((fault) => ({ code: `clabe_${fault}`, severity: 'block' }));
  if (account.kind !== 'KR_BANK') return [];
  const faults: Fault[] = [];
  if (!/^\d{10,16}$/.test(account.value.replace(/[\s-]/g, ''))) faults.push(warn('kr_account_structure'));
  if (!/^\d{3}$/.test(account.bankCode ?? '')) faults.push(warn('kr_bank_code_missing'));
  return faults;
}

export type ResidentNumberFault = 'structure' | 'date' | 'check_digit' | 'birth_date';

/** Numbers given or changed since this day carry six random digits (also those changed to protect a victim of violence). */
const RANDOM_SINCE = '2020-10-05';

// Seventh digit: century and whether a foreigner; parity tells the sex and is not looked at.
const CENTURIES: Readonly<Record<string, number>> = { 9: 1800, 0: 1800, 1: 1900, 2: 1900, 5: 1900, 6: 1900, 3: 2000, 4: 2000, 7: 2000, 8: 2000 };

/**
 * Korean resident and alien registration numbers. A number that fails is never refused: an older number that fails may have
 * been changed to protect its holder, which is a reason for care, not for correction.
 */
export function residentNumberFaults(value: string, birthDate?: string): ResidentNumberFault[] {
  const digits = value.replace(/[\s-]/g, '');
  if (!/^\d{13}$/.test(digits)) return ['structure'];
  const born = calendarDateOf((CENTURIES[digits[6] as string] as number) + Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4, 6)));
  const faults: ResidentNumberFault[] = [];
  if (!born) faults.push('date');
  if ((born ?? '') < RANDOM_SINCE && !residentCheckDigits(digits).includes(digits[12] as string)) faults.push('check_digit');
  if (born && birthDate !== undefined && born !== birthDate) faults.push('birth_date');
  return faults;
}

/** The check digits that may stand last; for foreigners two libraries compute two, and both occur. */
export function residentCheckDigits(digits: string): string[] {
  const weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  const usual = String((11 - (sum % 11)) % 10);
  return '5678'.includes(digits[6] as string) ? [usual, String((13 - (sum % 11)) % 10)] : [usual];
}

/** Social security numbers have no check digit: only what the Social Security Administration never issued can be told. */
function ssnFaults(value: string): Fault[] {
  const digits = value.replace(/[\s-]/g, '');
  if (!/^\d{9}$/.test(digits)) return [warn('ssn_structure')];
  if (digits.startsWith('000') || digits.startsWith('666') || digits.slice(3, 5) === '00' || digits.slice(5) === '0000') return [warn('ssn_impossible')];
  return digits.startsWith('9') ? [info('ssn_never_issued')] : [];
}

function isItin(value: string): boolean {
  const digits = value.replace(/[\s-]/g, '');
  const group = Number(digits.slice(3, 5));
  return /^9\d{8}$/.test(digits) && ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group !== 93));
}
