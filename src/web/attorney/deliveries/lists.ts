import { listCircuits, listOnTheirWay, listUndelivered, OUTGOING_SORTS, UNDELIVERED_SORTS } from '../../../modules/exchange/index.ts';
import type { CircuitRow, OutgoingLine, UndeliveredRow } from '../../../modules/exchange/index.ts';
import { hasWords, wordsForCode } from '../../../platform/i18n.ts';
import { exchangeWord } from '../../conversation-line.ts';
import { csvOf, everyPage, telling } from '../../list.ts';
import type { Column, Head, Line } from '../../list.ts';
import { namedCsv, namedHeads, namedPagingBehind, namedPlace, namedSort, wantsNamedCsv } from '../../named-list.ts';
import type { Paging } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { smallCsv, smallList } from '../../small-list.ts';
import type { SmallList } from '../../small-list.ts';
import type { Reply, Visit } from '../../visit.ts';

const PAGE_SIZE = 25;
const CSV_STEP = 200;
/** Messages on their way: those that a person sends by courier, and all others. */
const WAYS = [{ name: 'courier', isPaper: true }, { name: 'way', isPaper: false }] as const;
type Way = (typeof WAYS)[number];
const WAY_SORTS = OUTGOING_SORTS.filter((key) => key === 'since' || key === 'kind' || key === 'partner');

export const hrefOf = (messageId: string): string => `/deliveries/${encodeURIComponent(messageId)}`;
export const reasonOf = ({ language }: Visit, code: string | null): string => (code === null ? '' : wordsForCode(language, 'reasons', code, {}));
export const channelOf = ({ t, language }: Visit, channel: string): string => (hasWords(language, `partners:channel.${channel}`) ? t(`partners:channel.${channel}`) : channel);

const lineOf = (visit: Visit, row: { readonly messageId: string; readonly partnerId: string; readonly kind: string }) =>
  ({ messageId: row.messageId, href: hrefOf(row.messageId), partner: partnerNameOf(row.partnerId, visit, 'short'), what: exchangeWord(visit, 'kind', row.kind) });

interface Shown<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly orders: readonly Head[];
  readonly csv: string;
  readonly paging: Paging;
}

const undeliveredColumns = ({ t }: Visit): Column<(typeof UNDELIVERED_SORTS)[number]>[] => [
  { label: t('delivery:column.message') }, { label: t('delivery:column.kind'), sort: 'kind' }, { label: t('delivery:column.partner'), sort: 'partner' }, { label: t('delivery:column.state'), sort: 'state' },
  { label: t('delivery:column.why') }, { label: t('delivery:column.last'), sort: 'last' }, { label: t('delivery:column.attempts'), sort: 'attempts', isNumber: true },
];
const undeliveredOrder = (visit: Visit) => namedSort(visit, 'undelivered', UNDELIVERED_SORTS, { by: 'stored', isDescending: true });

/** What reached nobody. */
export async function undeliveredOf(visit: Visit, partnerId: string | undefined): Promise<Shown<ReturnType<typeof lineOf> & { readonly stateWords: string; readonly why: string; readonly at: string; readonly attempts: number }>> {
  const order = undeliveredOrder(visit);
  const { rows, ...found } = await listUndelivered(visit.ctx, { partnerId, order, ...namedPlace(visit, 'undelivered'), pageSize: PAGE_SIZE });
  const at = ({ lastAt }: UndeliveredRow): string => (lastAt === null ? '' : visit.format.instant(lastAt));
  return {
    rows: rows.map((row) => ({ ...lineOf(visit, row), stateWords: visit.t(`delivery:state.${row.state}`), why: reasonOf(visit, row.lastCode), at: at(row), attempts: row.attempts })), total: found.total,
    orders: namedHeads(visit, 'undelivered', undeliveredColumns(visit), order), csv: namedCsv(visit, 'undelivered'), paging: namedPagingBehind(visit, 'undelivered', found),
  };
}

async function* undeliveredLines(visit: Visit, partnerId: string | undefined): AsyncGenerator<Line> {
  for await (const row of everyPage((place) => listUndelivered(visit.ctx, { partnerId, order: undeliveredOrder(visit), ...place, pageSize: CSV_STEP }))) {
    const { what, partner } = lineOf(visit, row);
    yield telling([row.messageId, what, partner, visit.t(`delivery:state.${row.state}`), reasonOf(visit, row.lastCode), row.lastAt?.toISOString() ?? '', String(row.attempts)], { message: row.messageId });
  }
}

const wayColumns = ({ t }: Visit): Column<(typeof WAY_SORTS)[number]>[] => [
  { label: t('delivery:column.message') }, { label: t('delivery:column.kind'), sort: 'kind' }, { label: t('delivery:column.partner'), sort: 'partner' }, { label: t('delivery:column.channel') }, { label: t('conversations:draft.since'), sort: 'since' },
];
const wayOrder = (visit: Visit, { name }: Way) => namedSort(visit, name, WAY_SORTS, { by: 'since', isDescending: true });

/** What is on its way, or wants a courier. */
export async function onTheirWayOf(visit: Visit, name: Way['name'], partnerId: string | undefined): Promise<Shown<ReturnType<typeof lineOf> & { readonly since: string }>> {
  const way = WAYS.find((one) => one.name === name) ?? WAYS[1];
  const order = wayOrder(visit, way);
  const { rows, ...found } = await listOnTheirWay(visit.ctx, { partnerId, order, isPaper: way.isPaper, ...namedPlace(visit, name), pageSize: PAGE_SIZE });
  return {
    rows: rows.map((row) => ({ ...lineOf(visit, row), since: visit.format.instant(row.storedAt) })), total: found.total,
    orders: namedHeads(visit, name, wayColumns(visit), order), csv: namedCsv(visit, name), paging: namedPagingBehind(visit, name, found),
  };
}

async function* wayLines(visit: Visit, way: Way, partnerId: string | undefined): AsyncGenerator<Line> {
  for await (const row of everyPage((place): Promise<{ rows: readonly OutgoingLine[]; next: string | null }> => listOnTheirWay(visit.ctx, { partnerId, order: wayOrder(visit, way), isPaper: way.isPaper, ...place, pageSize: CSV_STEP }))) {
    const { what, partner } = lineOf(visit, row);
    yield telling([row.messageId, what, partner, channelOf(visit, row.channel), row.storedAt.toISOString()], { message: row.messageId });
  }
}

const failuresOf = ({ t }: Visit, { failures }: CircuitRow): string => (failures === 0 ? '' : t('conversations:deliveries.failures', { count: failures }));

function circuitsList(visit: Visit, circuits: readonly CircuitRow[]): SmallList<CircuitRow> {
  const { t } = visit;
  const say = (key: string): string => t(`conversations:deliveries.${key}`);
  const [partner, way] = [({ partnerId }: CircuitRow) => partnerNameOf(partnerId, visit, 'short'), ({ channel }: CircuitRow) => channelOf(visit, channel)];
  return {
    name: 'circuits', file: 'delivery-ways', rows: circuits, usual: { by: 'state', isDescending: true }, idOf: ({ partnerId, channel }) => `${partnerId} ${channel}`,
    columns: [
      { key: 'partner', label: say('partner'), by: partner, cells: partner }, { key: 'way', label: say('way'), by: way, cells: way },
      // Those that nobody tries now stand together, the most failures first.
      { key: 'state', label: say('state'), by: ({ state, failures }) => (state === 'closed' ? 0 : 1_000_000) + failures, cells: (one) => [t(`delivery:circuit.${one.state}`), failuresOf(visit, one)].filter(Boolean).join(', ') },
      { key: 'retry', label: t('delivery:column.retry'), isFileOnly: true, cells: ({ state, retryAt }) => (state === 'closed' ? '' : retryAt?.toISOString() ?? '') },
    ],
  };
}

/** How partners answer, way by way. */
export async function circuitsOf(visit: Visit, partnerId: string | undefined) {
  const all = (await listCircuits(visit.ctx)).filter((one) => partnerId === undefined || one.partnerId === partnerId);
  const { rows, ...shown } = smallList(visit, circuitsList(visit, all));
  return {
    ...shown, rows: rows.map((one) => ({
      partner: partnerNameOf(one.partnerId, visit, 'short'), channel: channelOf(visit, one.channel), isClosed: one.state === 'closed', state: visit.t(`delivery:circuit.${one.state}`), failures: failuresOf(visit, one),
      notBefore: one.state === 'closed' || one.retryAt === null ? null : visit.t('conversations:deliveries.not_before', { when: visit.format.instant(one.retryAt) }),
    })),
  };
}

/** One of the lists as a file, if one is asked for. */
export async function fileOf(visit: Visit, partnerId: string | undefined): Promise<Reply | null> {
  if (wantsNamedCsv(visit, 'undelivered')) return csvOf(visit, 'undelivered', undeliveredColumns(visit).map(({ label }) => label), undeliveredLines(visit, partnerId));
  if (wantsNamedCsv(visit, 'circuits')) return smallCsv(visit, circuitsList(visit, (await listCircuits(visit.ctx)).filter((one) => partnerId === undefined || one.partnerId === partnerId)));
  const way = WAYS.find(({ name }) => wantsNamedCsv(visit, name));
  return way === undefined ? null : csvOf(visit, `on-their-way-${way.name}`, wayColumns(visit).map(({ label }) => label), wayLines(visit, way, partnerId));
}
