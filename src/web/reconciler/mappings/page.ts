import { listMappings } from '../../../modules/payments/index.ts';
import type { SavedMapping, UntoldList } from '../../../modules/payments/index.ts';
import { choiceOf } from '../../choices.ts';
import { wantsNamedCsv } from '../../named-list.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { smallCsv, smallList } from '../../small-list.ts';
import type { SmallList } from '../../small-list.ts';
import { queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

type Named<Row> = Row & { readonly partnerName: string };

function waitingList(visit: Visit, rows: readonly (Named<UntoldList> & { readonly missing: readonly string[] })[]): SmallList<(typeof rows)[number]> {
  const say = (key: string): string => visit.t(`tables:page.${key}`);
  return {
    name: 'waiting', file: 'lists-without-mapping', rows, usual: { by: 'refused', isDescending: true }, idOf: ({ fileId }) => fileId,
    columns: [
      { key: 'list', label: say('list'), by: (list) => list.fileName, cells: (list) => list.fileName }, { key: 'partner', label: say('partner'), by: (list) => list.partnerName, cells: (list) => list.partnerName },
      { key: 'missing', label: say('missing'), cells: (list) => list.missing.join(', ') }, { key: 'refused', label: say('refused'), by: (list) => list.refusedAt.getTime(), cells: (list) => list.refusedAt.toISOString() },
    ],
  };
}

function savedList(visit: Visit, rows: readonly Named<SavedMapping>[]): SmallList<Named<SavedMapping>> {
  const say = (key: string): string => visit.t(`tables:page.${key}`);
  const kindOf = ({ kind }: SavedMapping): string => visit.t(`payments:kind.${kind}`);
  return {
    name: 'in_force', file: 'mappings', rows, usual: { by: 'partner', isDescending: false }, idOf: ({ partnerId, kind }) => `${partnerId} ${kind}`,
    columns: [
      { key: 'partner', label: say('partner'), by: (saved) => saved.partnerName, cells: (saved) => saved.partnerName }, { key: 'kind', label: say('kind'), by: kindOf, cells: kindOf },
      { key: 'version', label: say('version'), isNumber: true, by: (saved) => saved.version, cells: (saved) => String(saved.version) },
      { key: 'saved', label: say('saved'), by: (saved) => saved.savedAt.getTime(), cells: (saved) => saved.savedAt.toISOString() },
    ],
  };
}

/** Lists that were refused because their columns cannot be told, and the mappings by which lists are read. */
export const mappingsPage: Page = {
  path: '/mappings',
  access: 'payments.map',
  get: async (visit) => {
    const found = await listMappings(visit.ctx);
    const nameOf = (partnerId: string): string => partnerNameOf(partnerId, visit, 'short');
    const partners = [...new Set([...found.waiting, ...found.mappings].map(({ partnerId }) => partnerId))].map((partnerId) => [partnerId, nameOf(partnerId)] as const);
    const partner = choiceOf(visit, 'partner', visit.t('tables:page.partner'), partners);
    const isAsked = ({ partnerId }: { readonly partnerId: string }): boolean => partner.value === '' || partnerId === partner.value;
    const waiting = waitingList(visit, found.waiting.filter(isAsked).map((list) => ({ ...list, partnerName: nameOf(list.partnerId), missing: list.findings.flatMap(({ path }) => (path ? [visit.t(`tables:field.${path}`)] : [])) })));
    const saved = savedList(visit, found.mappings.filter(isAsked).map((one) => ({ ...one, partnerName: nameOf(one.partnerId) })));
    if (wantsNamedCsv(visit, waiting.name)) return smallCsv(visit, waiting);
    if (wantsNamedCsv(visit, saved.name)) return smallCsv(visit, saved);
    const [version, lines] = [queryText(visit, 'version', 6), queryText(visit, 'lines', 7)];
    return view('reconciler/mappings', {
      done: /^\d+$/.test(version) && /^\d+$/.test(lines) ? { version, lines: visit.format.number(Number(lines)) } : null,
      choices: partners.length > 1 ? [partner] : [], waiting: smallList(visit, waiting), saved: smallList(visit, saved),
    });
  },
};
