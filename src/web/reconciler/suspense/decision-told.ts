import { queryText } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import { carriedQuery } from './list-of-suspense.ts';

export const DONE = ['done', 'proposed', 'approved', 'rejected', 'withdrawn', 'taken', 'released', 'held', 'unheld', 'noted', 'sent'];
const KEY = /^(line|credit|debit)-[\w-]{1,60}$/;

/** What was just decided, and where: told on the page to which the decision led, with the way back to it. */
export function decisionTold(visit: Visit, itemKey = ''): { readonly done: string; readonly href: string | null; readonly canUndo: boolean } | null {
  const done = queryText(visit, 'done', 12);
  const of = queryText(visit, 'of', 80);
  if (!DONE.includes(done)) return null;
  const isElsewhere = KEY.test(of) && of !== itemKey;
  return { done, href: isElsewhere ? `/suspense/${of}${carriedQuery(visit)}` : null, canUndo: ['done', 'proposed', 'approved', 'held'].includes(done) };
}
