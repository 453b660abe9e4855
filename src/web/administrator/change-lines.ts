import type { Difference } from '../../modules/partners/index.ts';
import { trailOf } from '../schema-form/words.ts';
import type { Visit } from '../visit.ts';

const TEXT_MAX = 2_000;

/** Differences of two versions in words: what it is called, before and after; null where there was, or is, nothing. */
export function changeLines(changes: readonly Difference[], visit: Visit): { readonly label: string; readonly path: string; readonly before: string | null; readonly after: string | null }[] {
  return changes.map(({ path, before, after }) => ({ label: trailOf(path, visit) || path, path, before: said(before, visit), after: said(after, visit) }));
}

function said(value: unknown, visit: Visit): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return visit.t(value ? 'admin:form.yes' : 'admin:form.no');
  if (Array.isArray(value)) return value.length === 0 ? visit.t('admin:review.nothing') : value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n').slice(0, TEXT_MAX);
  return (typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value as string | number)).slice(0, TEXT_MAX);
}
