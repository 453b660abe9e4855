import { AppError } from '../platform/errors.ts';
import type { Finding } from '../platform/errors.ts';
import type { Words } from './words.ts';

/** What is wrong with a form, each with its field: paths of findings (`/person/given`) are names of fields (`person_given`). */
export interface Refusal {
  readonly code: string;
  readonly params: AppError['params'];
  readonly findings: readonly Finding[];
  readonly status: number;
}

const TOLD = /^(inquiry|application|agreement|cases|partner|file|leaving)\./;

/** A refusal that is told on the form itself; anything else is thrown on. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof AppError) || !TOLD.test(error.code) || ['inquiry.not_found', 'application.not_found'].includes(error.code) || error.kind === 'forbidden') throw error;
  return { code: error.code, params: error.params, findings: error.findings, status: error.kind === 'conflict' ? 409 : 422 };
}

export const fieldOf = (path: string): string => path.replace(/^\//, '').replaceAll('/', '_');

/** For the summary of errors; what has no field of its own stands at the first of the form. */
export function faultsOf(refusal: Refusal | null, words: Words, first: string): { field: string; text: string; finding: Finding | null }[] {
  if (!refusal) return [];
  const located = refusal.findings.filter(({ severity }) => severity === 'block');
  const whole = { field: first, text: words.error(refusal.code, refusal.params), finding: null };
  if (located.length === 0) return [whole];
  return located.map((finding) => ({ field: finding.path?.startsWith('/') && !finding.path.startsWith('/partner') ? fieldOf(finding.path) : first, text: words.finding(finding), finding }));
}
