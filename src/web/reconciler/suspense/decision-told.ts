import { queryText } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import { carriedQuery } from './list-of-suspense.ts';

export const DONE = ['done', 'proposed', 'approved', 'rejected', 'withdrawn', 'taken', 'released', 'held', 'unheld', 'noted', 'sent', 'many', 'many_proposed'];
const KEY = /^(line|credit|debit)-[\w-]{1,60}$/;

/** What was just decided, and where: told on the page to which the decision led, with the way back to it. */
export function decisionTold(visit: Visit, itemKey = ''): { readonly done: string; readonly href: string | null; readonly canUndo: boolean; readonly count: number } | null {
  const done = queryText(visit, 'done', 14);
  const of = queryText(visit, 'of', 80);
  if (!DONE.includes(done)) return null;
  const isElsewhere = KEY.test(of) && of !== itemKey;
  return { done, href: isElsewhere ? `/suspense/${of}${carriedQuery(visit)}` : null, canUndo: ['done', 'proposed', 'approved', 'held'].includes(done), count: /^\d{1,2}$/.test(queryText(visit, 'count', 2)) ? Number(queryText(visit, 'count', 2)) : 0 };
}
