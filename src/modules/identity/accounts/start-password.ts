import { randomInt } from 'node:crypto';

/** Letters and digits that nobody takes for each other when they are read out or copied by hand. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 5;
/** How long a password for the first sign-in is good. */
export const START_DAYS = 7;

const DAY_MS = 24 * 60 * 60_000;

/** A password for one sign-in: some 99 bits, in groups that can be read out. */
export function newStartPassword(): string {
  return Array.from({ length: GROUPS }, () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')).join('-');
}

export const startEnds = (now: Date): Date => new Date(now.getTime() + START_DAYS * DAY_MS);
