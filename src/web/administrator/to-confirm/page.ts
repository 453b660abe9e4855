import { csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import type { Sort } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { listToConfirm } from './data.ts';
import type { ToConfirm } from './data.ts';

const KEYS = ['kit', 'of', 'what'] as const;
type Key = (typeof KEYS)[number];
const USUAL: Sort<Key> = { by: 'kit', isDescending: false };
const PER_PAGE = 50;

const kitWords = (kit: string, visit: Visit): string => visit.t(`admin:kit.${kit}`);

/** How many data of each kit are to be confirmed, the most first. */
export function countsByKit(all: readonly ToConfirm[], visit: Visit): readonly { readonly kit: string; readonly name: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { kit } of all) counts.set(kit, (counts.get(kit) ?? 0) + 1);
  return [...counts].map(([kit, count]) => ({ kit, name: kitWords(kit, visit), count })).sort((a, b) => b.count - a.count || (a.kit < b.kit ? -1 : 1));
}

/** Everything that nobody has confirmed, of all kits, with where it is confirmed. */
export const toConfirmPage: Page = {
  path: '/administration/to-confirm',
  access: 'kits.view',
  get: async (visit) => {
    const { t } = visit;
    const all = await listToConfirm(visit);
    const kits = countsByKit(all, visit);
    const kit = kits.find((one) => one.kit === queryText(visit, 'kit', 30))?.kit ?? '';
    const word = queryText(visit, 'q', 80).toLocaleLowerCase(visit.language);
    const sort = sortOf<Key>(visit, KEYS, USUAL);
    const collator = new Intl.Collator(visit.language, { numeric: true });
    const keyOf = (one: ToConfirm): string => (sort.by === 'kit' ? kitWords(one.kit, visit) : one[sort.by]);
    const rows = all.filter((one) => (kit === '' || one.kit === kit) && `${one.of} ${one.what} ${one.sources} ${one.note ?? ''}`.toLocaleLowerCase(visit.language).includes(word))
      .sort((a, b) => (sort.isDescending ? -1 : 1) * collator.compare(keyOf(a), keyOf(b)) || (a.id < b.id ? -1 : 1));
    const columns = [{ label: t('admin:confirm.kit'), sort: 'kit' as const }, { label: t('admin:confirm.of'), sort: 'of' as const }, { label: t('admin:confirm.what'), sort: 'what' as const }, { label: t('admin:confirm.source') }];
    if (wantsCsv(visit)) return csvOf(visit, 'to-confirm', [...columns.map(({ label }) => label), t('admin:confirm.note')], linesOf(rows, visit));
    const page = queryPage(visit);
    const shown = rows.slice((page - 1) * PER_PAGE, page * PER_PAGE).map((one) => ({ ...one, kit: kitWords(one.kit, visit) }));
    return view('administrator/to-confirm', {
      rows: shown, kits, kit, word: queryText(visit, 'q', 80), total: rows.length, heads: headsOf(visit, columns, sort), csv: csvAddress(visit), paging: pagingNumbered(visit, page, rows.length > page * PER_PAGE),
    });
  },
};

async function* linesOf(rows: readonly ToConfirm[], visit: Visit): AsyncGenerator<readonly string[]> {
  for (const one of rows) yield [kitWords(one.kit, visit), one.of, one.what, one.sources, one.note ?? ''];
}
