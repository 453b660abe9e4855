import { BUCKETS, ITEM_KINDS, listProposals, keptSuspenseTotals, listSuspense, SHOWS } from '../../../modules/reconciliation/index.ts';
import type { Proposed, SuspenseItem, SuspenseTotal } from '../../../modules/reconciliation/index.ts';
import { listPartners, partnerName } from '../../../modules/partners/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { formatMajor } from '../../../platform/money.ts';
import { allPages, csvAddress, csvOf, headsOf, noteShown, telling, wantsCsv } from '../../list.ts';
import type { Line } from '../../list.ts';
import { wantsNamedCsv } from '../../named-list.ts';
import { smallCsv, smallList } from '../../small-list.ts';
import type { SmallList } from '../../small-list.ts';
import { addressWith, pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { disburseBy } from '../disburse-clock.ts';
import { entryTail } from '../entry-name.ts';
import { decisionTold } from './decision-told.ts';
import { carriedQuery, isStateOpen, listOfSuspense } from './list-of-suspense.ts';
import { peopleNames } from './people.ts';

const TOTALS = 'totals';

/** What waits for people: lines in suspense, credits that no lines explain, debits that nothing explains; and what waits for a second person. */
export const suspensePage: Page = { path: '/suspense', access: 'suspense.view', get: (visit) => (wantsNamedCsv(visit, TOTALS) ? totalsCsv(visit) : wantsCsv(visit) ? csv(visit) : show(visit)) };

async function show(visit: Visit): Promise<Reply> {
  const { ctx, t } = visit;
  const wanted = listOfSuspense(visit);
  const isProposals = wanted.show === 'proposed';
  const found = isProposals ? { rows: [], sums: [], total: 0, page: 1, pageSize: 1 } : await listSuspense(ctx, { ...wanted, page: queryPage(visit) }, isStateOpen);
  const proposals = isProposals ? await listProposals(ctx, { ...proposalsOf(wanted), page: queryPage(visit) }) : { rows: [], total: 0, page: 1, pageSize: 1 };
  await noteShown(visit, isProposals ? 'suspense-proposals' : 'suspense', [...found.rows, ...proposals.rows], ({ itemKey }) => ({ suspense_item: itemKey }));
  const { total, page, pageSize } = isProposals ? proposals : found;
  const names = await peopleNames(ctx, [...found.rows.map((r) => r.claimedBy ?? ''), ...proposals.rows.map((d) => d.proposedBy)]);
  const say = (key: string): string => t(`suspense:page.${key}`);
  const { totals, standing } = await keptSuspenseTotals(ctx);
  return view('reconciler/suspense', {
    sums: found.sums, canDecide: isAllowed(ctx, 'suspense.decide'), carried: [...new URLSearchParams(carriedQuery(visit))],
    wanted: { ...wanted, partnerId: wanted.partnerId ?? '', sort: queryText(visit, 'sort', 20) }, total, isProposals, kinds: ITEM_KINDS, buckets: BUCKETS, told: decisionTold(visit),
    isNarrowed: wanted.kind !== '' || wanted.bucket !== '' || wanted.search !== '' || wanted.partnerId !== undefined,
    partners: listPartners().map((partner) => ({ partnerId: partner.partnerId, name: partnerName(partner, visit.language) })),
    shows: SHOWS.map((name) => ({ name, href: addressWith(visit, { show: name === 'open' ? '' : name, page: '', of: '' }) })),
    heads: headsOf(visit, [{ label: say('item'), sort: 'kind' }, { label: say('partner'), sort: 'partner' }, { label: say('amount'), sort: 'amount', isNumber: true }, { label: say('age'), sort: 'since' }, { label: say('why') }, { label: say('state') }], wanted.sort ?? { by: 'since', isDescending: false }),
    proposalHeads: headsOf(visit, [{ label: t('suspense:proposal.decision'), sort: 'kind' }, { label: say('partner'), sort: 'partner' }, { label: say('amount'), sort: 'amount', isNumber: true }, { label: t('suspense:proposal.by') }, { label: t('suspense:proposal.on'), sort: 'since' }], wanted.sort ?? { by: 'since', isDescending: false }),
    rows: found.rows.map((row) => rowOf(row, visit, names)),
    proposals: proposals.rows.map((decision) => proposalOf(decision, visit, names)),
    standing, totals: smallList(visit, totalsList(visit, totals)),
    csv: csvAddress(visit), paging: pagingNumbered(visit, page, page * pageSize < total),
  });
}

/** Of what the list is narrowed and sorted by, what proposals have. */
const proposalsOf = ({ sort, partnerId }: ReturnType<typeof listOfSuspense>) => ({ ...(sort === undefined ? {} : { sort }), ...(partnerId === undefined ? {} : { partnerId }) });

/** What lies there by partner and currency: by the items, by the ledger, and how far apart. */
function totalsList(visit: Visit, totals: readonly SuspenseTotal[]): SmallList<SuspenseTotal & { readonly partner: string }> {
  const say = (key: string): string => visit.t(`suspense:page.${key}`);
  return {
    name: TOTALS, file: 'suspense-totals', usual: { by: 'partner', isDescending: false }, idOf: (sum) => `${sum.partnerId} ${sum.currency}`, rows: totals.map((sum) => ({ ...sum, partner: partnerNameOf(sum.partnerId, visit, 'short') })),
    columns: [
      { key: 'partner', label: say('partner'), by: (sum) => sum.partner, cells: (sum) => sum.partner },
      { key: 'items', label: say('by_items'), isNumber: true, by: (sum) => sum.itemsMinor, cells: (sum) => amountOf(sum.itemsMinor, sum.currency) },
      { key: 'ledger', label: say('by_ledger'), isNumber: true, by: (sum) => sum.ledgerMinor, cells: (sum) => amountOf(sum.ledgerMinor, sum.currency) },
      { key: 'difference', label: say('difference'), isNumber: true, by: (sum) => sum.differenceMinor, cells: (sum) => amountOf(sum.differenceMinor, sum.currency) },
    ],
  };
}

const totalsCsv = async (visit: Visit): Promise<Reply> => smallCsv(visit, totalsList(visit, (await keptSuspenseTotals(visit.ctx)).totals));

function rowOf(row: SuspenseItem, visit: Visit, names: ReadonlyMap<string, string>) {
  return {
    ...row, href: `/suspense/${row.itemKey}${carriedQuery(visit)}`, partner: row.partnerId === null ? '' : partnerNameOf(row.partnerId, visit, 'short'),
    claimedName: row.claimedBy === null ? null : (names.get(row.claimedBy) ?? row.claimedBy), isMine: row.claimedBy === visit.ctx.actor.id,
    due: disburseBy(visit.ctx, row.receivedOn), tail: row.kind === 'line' ? '' : entryTail(row.itemKey),
  };
}

function proposalOf(decision: Proposed, visit: Visit, names: ReadonlyMap<string, string>) {
  return {
    ...decision, href: decision.itemKind === 'hold' ? '/holds' : `/suspense/${decision.itemKey}${carriedQuery(visit)}`, partner: decision.partnerId === null ? '' : partnerNameOf(decision.partnerId, visit, 'short'),
    by: names.get(decision.proposedBy) ?? decision.proposedBy, tail: decision.itemKind === 'line' ? '' : entryTail(decision.itemKey),
  };
}

const amountOf = (minor: bigint | null, currency: string | null): string[] => (minor === null || currency === null ? ['', ''] : [formatMajor(minor, currency), currency]);

function csv(visit: Visit): Promise<Reply> {
  const { ctx, t } = visit;
  const wanted = listOfSuspense(visit);
  const words = wordsFor(visit.language);
  const say = (key: string): string => t(`suspense:page.${key}`);
  const nameOf = (partnerId: string | null): string => (partnerId === null ? '' : partnerNameOf(partnerId, visit, 'short'));
  const money = [say('amount'), t('clerk:csv.currency')];
  if (wanted.show === 'proposed') {
    const all = allPages(async (page) => {
      const { rows, total, pageSize } = await listProposals(ctx, { ...proposalsOf(wanted), page });
      return { rows, hasNext: page * pageSize < total };
    });
    return csvOf(visit, 'suspense-proposals', [t('suspense:proposal.decision'), t('suspense:item.reason'), say('partner'), ...money, t('suspense:proposal.on')], mapped(all, (d) =>
      telling([t(`suspense:action.${d.action}`), t(`suspense:why.${d.reason}`), nameOf(d.partnerId), ...amountOf(d.amountMinor, d.currency), d.proposedAt.toISOString()], { suspense_item: d.itemKey })));
  }
  const all = allPages(async (page) => {
    const { rows, total, pageSize } = await listSuspense(ctx, { ...wanted, page }, isStateOpen);
    return { rows, hasNext: page * pageSize < total };
  });
  return csvOf(visit, 'suspense', [say('kind'), t('suspense:item.reference'), t('clerk:csv.names'), say('partner'), ...money, say('received'), t('clerk:csv.business_days'), say('why')], mapped(all, (row) =>
    telling([t(`suspense:kind.${row.kind}`), row.reference, row.names.join(' · '), nameOf(row.partnerId), ...amountOf(row.amountMinor, row.currency), row.receivedOn ?? '', String(row.age), row.reasons.map((reason) => words.reason(reason)).join(' · ')], { suspense_item: row.itemKey })));
}

async function* mapped<Row>(rows: AsyncIterable<Row>, lineOf: (row: Row) => Line): AsyncGenerator<Line> {
  for await (const row of rows) yield lineOf(row);
}
