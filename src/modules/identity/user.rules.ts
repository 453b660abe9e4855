import type { Finding } from '../../platform/errors.ts';

/** What a person may be here. `operator` is the machine's own and is never given to a person. */
export const USER_ROLES = ['attorney', 'translator', 'reconciler', 'partner_officer', 'supervisor', 'administrator'] as const;
export type UserRole = (typeof USER_ROLES)[number];

export interface NewUser {
  userName: string;
  displayName: string;
  password: string;
  roles: readonly string[];
  /** FIPS codes, or 'all'. */
  counties: readonly string[] | 'all';
  partner: string | null;
  language: string;
}

export const USER_NAME_MAX = 64;
export const DISPLAY_NAME_MAX = 128;
/** NIST SP 800-63B: length counts, composition rules do not. */
export const PASSWORD_CHARACTERS_MIN = 12;
/** A named limit, so that hashing a megabyte of "password" cannot keep a core busy. */
export const PASSWORD_BYTES_MAX = 1_024;

export function normalisedUserName(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

export function isPasswordTooLong(password: string): boolean {
  return Buffer.byteLength(password) > PASSWORD_BYTES_MAX;
}

/** All that is wrong with a new user, at once. Whether the partner exists is asked of the partners' register, not here. */
export function newUserFindings(user: NewUser, languages: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const fault = (isFault: boolean, code: string, path: string) => {
    if (isFault) findings.push({ code: `identity.${code}`, severity: 'block', path });
  };
  const name = normalisedUserName(user.userName);
  const isOfficer = user.roles.includes('partner_officer');
  fault(!/^[a-z0-9][a-z0-9._@-]*$/.test(name) || name.length > USER_NAME_MAX, 'user_name_form', '/userName');
  fault(user.displayName.trim() === '' || user.displayName.length > DISPLAY_NAME_MAX || hasControl(user.displayName), 'display_name_form', '/displayName');
  fault([...user.password].length < PASSWORD_CHARACTERS_MIN || isPasswordTooLong(user.password), 'password_length', '/password');
  fault(name.length > 3 && user.password.toLowerCase().includes(name), 'password_has_name', '/password');
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

/** An administrator of some counties gives nobody more than these. */
export function beyondOwnCounties(own: readonly string[] | 'all', user: NewUser): Finding[] {
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
