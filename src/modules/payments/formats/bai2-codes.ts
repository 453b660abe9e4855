import { readFileSync } from 'node:fs';
import type { Bai2Codes } from './bai2-record.rules.ts';

let known: Bai2Codes | null = null;

/** What the type codes of BAI2 mean (`bai2-codes.json`), read once. */
export function bai2Codes(): Bai2Codes {
  known ??= JSON.parse(readFileSync(new URL('./bai2-codes.json', import.meta.url), 'utf8')) as Bai2Codes;
  return known;
}
