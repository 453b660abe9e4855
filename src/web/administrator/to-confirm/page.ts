import { folded } from '../../folded.ts';
import { wantsCsv } from '../../list.ts';
import { smallCsv, smallList } from '../../small-list.ts';
import type { SmallList } from '../../small-list.ts';
import { queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { listToConfirm } from './data.ts';
import type { ToConfirm } from './data.ts';

const kitWords = (kit: string, visit: Visit): string => visit.t(`admin:kit.${kit}`);

/** How many data of each kit are to be confirmed, the most first. */
export function countsByKit(all: readonly ToConfirm[], visit: Visit): readonly { readonly kit: string; readonly name: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { kit } of all) counts.set(kit, (counts.get(kit) ?? 0) + 1);
  return [...counts].map(([kit, count]) => ({ kit, name: kitWords(kit, visit), count })).sort((a, b) => b.count - a.count || (a.kit < b.kit ? -1 : 1));
}

function listOf(visit: Visit, rows: readonly ToConfirm[]): SmallList<ToConfirm> {
  const { t } = visit;
  const kit = (one: ToConfirm): string => kitWords(one.kit, visit);
  return {
    name: '', file: 'to-confirm', rows, usual: { by: 'kit', isDescending: false }, idOf: ({ id }) => id,
    columns: [
      { key: 'kit', label: t('admin:confirm.kit'), by: kit, cells: kit }, { key: 'of', label: t('admin:confirm.of'), by: (one) => one.of, cells: (one) => one.of }, { key: 'what', label: t('admin:confirm.what'), by: ({ what }) => what, cells: ({ what }) => what },
      { key: 'source', label: t('admin:confirm.source'), cells: ({ sources }) => sources }, { key: 'note', label: t('admin:confirm.note'), isFileOnly: true, cells: ({ note }) => note ?? '' },
    ],
  };
}

/** Everything that nobody has confirmed, of all kits, with where it is confirmed. */
export const toConfirmPage: Page = {
  path: '/administration/to-confirm',
  access: 'kits.view',
  get: async (visit) => {
    const all = await listToConfirm(visit);
    const kits = countsByKit(all, visit);
    const kit = kits.find((one) => one.kit === queryText(visit, 'kit', 30))?.kit ?? '';
    const word = queryText(visit, 'q', 80);
    const list = listOf(visit, all.filter((one) => (kit === '' || one.kit === kit) && folded(`${one.of} ${one.what} ${one.sources} ${one.note ?? ''}`).includes(folded(word))));
    if (wantsCsv(visit)) return smallCsv(visit, list);
    const { rows, ...shown } = smallList(visit, list);
    return view('administrator/to-confirm', { ...shown, rows: rows.map((one) => ({ ...one, kit: kitWords(one.kit, visit) })), kits, kit, word });
  },
};
