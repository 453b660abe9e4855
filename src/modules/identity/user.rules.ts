import type { Finding } from '../../platform/errors.ts';
import { COMMON_PASSWORDS } from './common-passwords.rules.ts';

/** What a person may be here. `operator` is the machine's own and is never given to a person. */
export const USER_ROLES = ['attorney', 'translator', 'reconciler', 'partner_officer', 'supervisor', 'administrator'] as const;
export type UserRole = (typeof USER_ROLES)[number];

/** Who somebody is here and what they see: what an administrator says of an account. */
export interface AccountFacts {
  displayName: string;
  roles: readonly string[];
  /** FIPS codes, or 'all'. */
  counties: readonly string[] | 'all';
  partner: string | null;
  language: string;
}

export interface NewUser extends AccountFacts {
  userName: string;
  password: string;
}

export const USER_NAME_MAX = 64;
export const DISPLAY_NAME_MAX = 128;
/** NIST SP 800-63B-4, 3.1.1.2: fifteen characters where a password is all that is asked for; no rules of composition, no change by the calendar. */
export const PASSWORD_CHARACTERS_MIN = 15;
/** A named limit, so that hashing a megabyte of "password" cannot keep a core busy. */
export const PASSWORD_BYTES_MAX = 1_024;

export function normalisedUserName(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

export function isPasswordTooLong(password: string): boolean {
  return Buffer.byteLength(password) > PASSWORD_BYTES_MAX;
}

/** Collects findings of this module. */
function collector(): { readonly findings: Finding[]; readonly fault: (isFault: boolean, code: string, path: string) => void } {
  const findings: Finding[] = [];
  return { findings, fault: (isFault, code, path) => void (isFault && findings.push({ code: `identity.${code}`, severity: 'block', path })) };
}

/** All that is wrong with a new user, at once. Whether the partner exists is asked of the partners' register, not here. */
export function newUserFindings(user: NewUser, languages: readonly string[]): Finding[] {
  return [...userNameFindings(user.userName), ...accountFindings(user, languages), ...passwordFindings(user.password, user.userName)];
}

export function userNameFindings(userName: string): Finding[] {
  const { findings, fault } = collector();
  const name = normalisedUserName(userName);
  fault(!/^[a-z0-9][a-z0-9._@-]*$/.test(name) || name.length > USER_NAME_MAX, 'user_name_form', '/userName');
  return findings;
}

export function accountFindings(user: AccountFacts, languages: readonly string[]): Finding[] {
  const { findings, fault } = collector();
  const isOfficer = user.roles.includes('partner_officer');
  fault(user.displayName.trim() === '' || user.displayName.length > DISPLAY_NAME_MAX || hasControl(user.displayName), 'display_name_form', '/displayName');
  fault(user.roles.length === 0 || user.roles.some((role) => !isUserRole(role)), 'role_unknown', '/roles');
  fault(isOfficer && user.partner === null, 'officer_without_partner', '/partner');
  fault(!isOfficer && user.partner !== null, 'partner_without_officer', '/partner');
  // An officer's rows are narrowed to one partner; a second role would ask for the whole county through that slit.
  fault(isOfficer && user.roles.length > 1, 'officer_with_other_role', '/roles');
  fault(user.counties !== 'all' && (user.counties.length === 0 || user.counties.some((county) => !/^\d{5}$/.test(county))), 'county_form', '/counties');
  // Received files, lines and runs belong to no county until money is tied to a case: with some counties there would be nothing to work on.
  fault(user.counties !== 'all' && user.roles.includes('reconciler'), 'reconciler_counties', '/counties');
  fault(!languages.includes(user.language), 'language_unknown', '/language');
  return findings;
}

/** What is wrong with a password that somebody chose: its length, the own name in it, or that many have chosen it before. */
export function passwordFindings(password: string, userName: string): Finding[] {
  const { findings, fault } = collector();
  const name = normalisedUserName(userName);
  const isShort = [...password.normalize('NFKC')].length < PASSWORD_CHARACTERS_MIN;
  fault(isShort || isPasswordTooLong(password), 'password_length', '/password');
  fault(name.length > 3 && password.toLowerCase().includes(name), 'password_has_name', '/password');
  fault(!isShort && !isPasswordTooLong(password) && isCommon(password), 'password_common', '/password');
  return findings;
}

const LETTERS: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's' };

/** One of the first that anybody would try: a common word with decorations, one piece over and over, or a run along the keyboard. */
function isCommon(password: string): boolean {
  const text = password.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
  const bare = text.replace(/[^\p{L}]/gu, '');
  const replaced = text.replace(/[013457@$]/g, (sign) => LETTERS[sign] ?? sign).replace(/[^\p{L}]/gu, '');
  const pieces = [text, bare, replaced].map(shortestPiece);
  // Four different characters or fewer over the whole length are no secret, whatever their order.
  return new Set(text).size <= 4 || isRun(text) || [bare, replaced, ...pieces.slice(1)].some((one) => COMMON_PASSWORDS.has(one)) || (pieces[0] ?? '').length <= 4;
}

/** "abcabcabc" is "abc"; what repeats nothing is itself. */
function shortestPiece(text: string): string {
  for (let length = 1; length <= text.length / 2; length++) {
    const piece = text.slice(0, length);
    if (piece.repeat(Math.ceil(text.length / length)).startsWith(text)) return piece;
  }
  return text;
}

const ROWS = ['01234567890123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm', '1234567890qwertyuiopasdfghjklzxcvbnm'];
function isRun(text: string): boolean {
  const backwards = [...text].reverse().join('');
  return ROWS.some((row) => row.includes(text) || row.includes(backwards));
}

/** An administrator of some counties gives nobody more than these. */
export function beyondOwnCounties(own: readonly string[] | 'all', user: Pick<AccountFacts, 'counties'>): Finding[] {
  if (own === 'all' || (user.counties !== 'all' && user.counties.every((county) => own.includes(county)))) return [];
  return [{ code: 'identity.counties_beyond_own', severity: 'block', path: '/counties' }];
}

function isUserRole(text: string): text is UserRole {
  return (USER_ROLES as readonly string[]).includes(text);
}

function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

const FREE_FAILURES = 4;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
const FORGIVEN_EVERY_MS = 5 * 60_000;
/** Beyond this the wait grows no longer, and an hour without a failure forgives them all. */
const FAILURES_MAX = 12;

/**
 * How many failures still count: one is forgiven for every five minutes since the last. A name that somebody types wrongly on
 * purpose every quarter of an hour never has to wait; to keep a person waiting takes a try every few minutes, all day long.
 */
export function failuresLeft(failures: number, lastFailedAt: Date | null, now: Date): number {
  if (lastFailedAt === null) return 0;
  const forgiven = Math.floor(Math.max(0, now.getTime() - lastFailedAt.getTime()) / FORGIVEN_EVERY_MS);
  return Math.max(0, Math.min(failures, FAILURES_MAX) - forgiven);
}

/**
 * Until when an account takes no further try: nothing for the first failures, then 30 seconds, doubling up to 15 minutes.
 * It never locks for good, or anyone could lock an office out by typing its names; `failuresLeft` lets the wait shrink again.
 */
export function lockedUntil(failures: number, now: Date): Date | null {
  if (failures <= FREE_FAILURES) return null;
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - FREE_FAILURES - 1, 10));
  return new Date(now.getTime() + wait);
}
