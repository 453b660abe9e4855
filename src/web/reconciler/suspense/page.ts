import { BUCKETS, ITEM_KINDS, listProposals, listSuspense, SHOWS, suspenseTotals } from '../../../modules/reconciliation/index.ts';
import type { Decided, SuspenseItem } from '../../../modules/reconciliation/index.ts';
import { listPartners, partnerName } from '../../../modules/partners/index.ts';
import { officeDays } from '../../../modules/referrals/index.ts';
import { addressWith, pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { peopleNames } from './people.ts';

const STATE_CALENDAR = 'us-ca';
const CODE_CHARACTERS_MAX = 64;
/** Receipt at the disbursement unit starts it; forwarding and disbursing have the same two business days. */
const CLOCK = 'collection.disburse';

/** What waits for people: lines in suspense, credits that no lines explain, debits that nothing explains; and what waits for a second person. */
export const suspensePage: Page = { path: '/suspense', access: 'suspense.view', get: show };

async function show(visit: Visit): Promise<Reply> {
  const isOpen = (date: string): boolean => officeDays.isOfficeOpen(STATE_CALENDAR, date);
  const wanted = {
    kind: queryText(visit, 'kind', 10), partnerId: queryText(visit, 'partner', CODE_CHARACTERS_MAX), bucket: queryText(visit, 'bucket', 10),
    show: SHOWS.find((s) => s === queryText(visit, 'show', 10)) ?? 'open',
  };
  const { partnerId, ...rest } = wanted;
  const isProposals = wanted.show === 'proposed';
  const found = isProposals ? { rows: [], total: 0, page: 1, pageSize: 1 } : await listSuspense(visit.ctx, { ...rest, page: queryPage(visit), ...(partnerId === '' ? {} : { partnerId }) }, isOpen);
  const proposals = isProposals ? await listProposals(visit.ctx, { page: queryPage(visit) }) : { rows: [], total: 0, page: 1, pageSize: 1 };
  const { total, page, pageSize } = isProposals ? proposals : found;
  const names = await peopleNames(visit.ctx, [...found.rows.map((r) => r.claimedBy ?? ''), ...proposals.rows.map((d) => d.proposedBy)]);
  return view('reconciler/suspense', {
    wanted, total, isProposals, kinds: ITEM_KINDS, buckets: BUCKETS,
    partners: listPartners().map((partner) => ({ partnerId: partner.partnerId, name: partnerName(partner, visit.language) })),
    shows: SHOWS.map((name) => ({ name, href: addressWith(visit, { show: name === 'open' ? '' : name, page: '' }) })),
    rows: found.rows.map((row) => rowOf(row, visit, names)),
    proposals: proposals.rows.map((decision) => proposalOf(decision, visit, names)),
    totals: (await suspenseTotals(visit.ctx)).map((sum) => ({ ...sum, partner: partnerNameOf(sum.partnerId, visit, 'short') })),
    paging: pagingNumbered(visit, page, page * pageSize < total),
  });
}

function rowOf(row: SuspenseItem, visit: Visit, names: ReadonlyMap<string, string>) {
  return {
    ...row, partner: row.partnerId === null ? '' : partnerNameOf(row.partnerId, visit, 'short'),
    claimedName: row.claimedBy === null ? null : (names.get(row.claimedBy) ?? row.claimedBy), isMine: row.claimedBy === visit.ctx.actor.id,
    due: row.receivedOn === null ? null : officeDays.dueDate(CLOCK, row.receivedOn).due,
  };
}

function proposalOf(decision: Decided, visit: Visit, names: ReadonlyMap<string, string>) {
  return {
    ...decision, href: decision.itemKind === 'hold' ? '/holds' : `/suspense/${decision.itemKey}`, partner: decision.partnerId === null ? '' : partnerNameOf(decision.partnerId, visit, 'short'),
    by: names.get(decision.proposedBy) ?? decision.proposedBy,
  };
}
