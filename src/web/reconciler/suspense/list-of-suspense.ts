import { QUEUE_SORTS, SHOWS } from '../../../modules/reconciliation/index.ts';
import type { SuspenseQuery } from '../../../modules/reconciliation/index.ts';
import { officeDays } from '../../../modules/referrals/index.ts';
import { sortOf } from '../../list.ts';
import { queryText } from '../../visit.ts';
import type { Visit } from '../../visit.ts';

const STATE_CALENDAR = 'us-ca';
const CODE_CHARACTERS_MAX = 64;
const SEARCH_CHARACTERS_MAX = 100;
const CARRIED = ['kind', 'partner', 'bucket', 'show', 'sort', 'q'] as const;

/** Ages are counted in the State's business days. */
export const isStateOpen = (date: string): boolean => officeDays.isOfficeOpen(STATE_CALENDAR, date);

/** What of the list is asked for; an item keeps it in its address, so that a decision leads to the next one of the same list. */
export function listOfSuspense(visit: Visit): SuspenseQuery & { readonly show: (typeof SHOWS)[number]; readonly kind: string; readonly bucket: string; readonly search: string; readonly partnerId?: string } {
  const partnerId = queryText(visit, 'partner', CODE_CHARACTERS_MAX);
  return {
    kind: queryText(visit, 'kind', 10), bucket: queryText(visit, 'bucket', 10), search: queryText(visit, 'q', SEARCH_CHARACTERS_MAX), show: SHOWS.find((s) => s === queryText(visit, 'show', 10)) ?? 'open',
    sort: sortOf(visit, QUEUE_SORTS, { by: 'since', isDescending: false }), ...(partnerId === '' ? {} : { partnerId }),
  };
}

/** The list in an address, as it was asked for: `?kind=line&sort=-amount`, with more beside it; nothing where nothing was asked. */
export function carriedQuery(visit: Visit, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams();
  for (const name of CARRIED) {
    const value = queryText(visit, name, name === 'q' ? SEARCH_CHARACTERS_MAX : CODE_CHARACTERS_MAX);
    if (value !== '') query.set(name, value);
  }
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
