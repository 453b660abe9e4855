import type { Difference } from '../../modules/partners/index.ts';
import { noteWords } from '../agreement-line.ts';
import { formWords, trailOf } from '../schema-form/words.ts';
import type { Visit } from '../visit.ts';
import { sourceWords } from './standing.ts';

const TEXT_MAX = 2_000;

/** Differences of two versions in words: what it is called, before and after; null where there was, or is, nothing. */
export function changeLines(changes: readonly Difference[], visit: Visit): { readonly label: string; readonly path: string; readonly before: string | null; readonly after: string | null }[] {
  return changes.map(({ path, before, after }) => ({ label: trailOf(path, visit) || path, path, before: said(before, path, visit), after: said(after, path, visit) }));
}

function said(value: unknown, path: string, visit: Visit): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return visit.t(value ? 'admin:form.yes' : 'admin:form.no');
  const names = path.split('/').slice(1);
  const code = (one: string): string => (names.at(-1) === 'sources' ? sourceWords(one) : names.at(-1) === 'note' ? noteWords(one, visit) ?? one : formWords(visit).choice(names, one));
  if (Array.isArray(value)) return value.length === 0 ? visit.t('admin:review.nothing') : value.map((one) => (typeof one === 'string' ? code(one) : JSON.stringify(one))).join('\n').slice(0, TEXT_MAX);
  return (typeof value === 'object' ? JSON.stringify(value, null, 1) : typeof value === 'string' ? code(value) : String(value as number)).slice(0, TEXT_MAX);
}
