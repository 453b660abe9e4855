import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { officeDay } from '../../cases/index.ts';
import { listBalances } from '../../ledger/index.ts';
import { BOOKED_CREDITS } from '../runs/posting.store.ts';
import { authoriseSuspense } from './access.ts';
import { selectNextProposal, selectProposals } from './decision.store.ts';
import type { Proposed } from './decision.store.ts';
import { selectBankMovements, selectHolds } from './hold.store.ts';
import type { BankMovement, HoldOrder, ListedHold, MovementOrder } from './hold.store.ts';
import { selectUserNames } from './item.store.ts';
import { BOOKED_FEE } from './line-facts.store.ts';
import { QUEUE_SORTS, selectNeighbour, selectQueue, selectSuspenseSums } from './queue.store.ts';
import type { QueueFilter, QueueRow, QueueSort, QueueSum } from './queue.store.ts';
import { ageInDays, bucketOf, BUCKETS, daysOfBucket, ITEM_KINDS } from './suspense.rules.ts';
import type { Bucket, IsOpen, ItemKind } from './suspense.rules.ts';

const TIME_ZONE = 'America/Los_Angeles';
const PAGE_SIZE = 50;
const SEARCH_CHARACTERS_MAX = 100;
export const SHOWS = ['open', 'mine', 'held', 'proposed', 'all'] as const;

const pageOf = (wanted: number | undefined): number => Math.min(Math.max(1, Math.trunc(wanted ?? 1) || 1), 1_000_000);

export type SuspenseQuery = { readonly kind?: string; readonly partnerId?: string; readonly bucket?: string; readonly show?: string; readonly search?: string; readonly page?: number; readonly sort?: QueueSort; readonly itemKeys?: readonly string[] };
export type SuspenseItem = QueueRow & { readonly age: number; readonly bucket: Bucket };
export type SuspensePage = { readonly rows: readonly SuspenseItem[]; readonly total: number; /** What all of it comes to, not this page alone. */ readonly sums: readonly QueueSum[]; readonly page: number; readonly pageSize: number };

/**
 * Everything that waits for a person, the oldest first: lines in suspense, credits that no lines explain, debits that nothing explains.
 * All age by the State's business days, which the caller knows: the clock of receipt counts them, and ages are to be compared.
 * What a filter names that there is not is ignored.
 */
export async function listSuspense(ctx: Ctx, wanted: SuspenseQuery, isOpen: IsOpen): Promise<SuspensePage> {
  authoriseSuspense(ctx, 'suspense.view');
  const page = pageOf(wanted.page);
  const filter = filterOf(ctx, wanted, isOpen);
  const { rows, total, sums } = await inTransaction(ctx, (tx) => selectQueue(tx, TIME_ZONE, filter, { sort: wanted.sort ?? OLDEST_FIRST, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }));
  return { rows: rows.map((row) => aged(row, filter.today, isOpen)), total, sums, page, pageSize: PAGE_SIZE };
}

const OLDEST_FIRST: QueueSort = { by: 'since', isDescending: false };
export { QUEUE_SORTS };

/** As names and references are compared: without marks, in small letters; null where nothing is looked for. */
function plainSearch(text: string): string | null {
  const plain = text.slice(0, SEARCH_CHARACTERS_MAX).normalize('NFKD').replace(/[\u0300-\u036f\0]/g, '').toLowerCase().replace(/\s+/g, ' ').trim();
  return plain === '' ? null : plain;
}

function filterOf(ctx: Ctx, wanted: SuspenseQuery, isOpen: IsOpen): QueueFilter {
  const today = officeDay(ctx.clock);
  const bucket = BUCKETS.find((b) => b === wanted.bucket) ?? null;
  return {
    kind: ITEM_KINDS.find((k): k is ItemKind => k === wanted.kind) ?? null, partnerId: wanted.partnerId ?? null, show: SHOWS.find((s) => s === wanted.show) ?? 'open',
    bucket: bucket === null ? null : daysOfBucket(bucket, today, isOpen), today, search: plainSearch(wanted.search ?? ''), itemKeys: wanted.itemKeys ?? null,
  };
}

/**
 * The item that follows this one in a list, or goes before it, that nobody else works on; null where there is none. Of what waits for a second
 * person: the next proposal of somebody else.
 */
export async function neighbourInSuspense(ctx: Ctx, wanted: SuspenseQuery, from: { readonly itemKey: string; readonly isBack?: boolean }, isOpen: IsOpen): Promise<string | null> {
  authoriseSuspense(ctx, 'suspense.view');
  return inTransaction(ctx, async (tx) => {
    if (wanted.show === 'proposed') return selectNextProposal(tx, from.itemKey, from.isBack ?? false);
    return selectNeighbour(tx, TIME_ZONE, filterOf(ctx, wanted, isOpen), { itemKey: from.itemKey, sort: wanted.sort ?? OLDEST_FIRST, isBack: from.isBack ?? false });
  });
}

function aged(row: QueueRow, today: string, isOpen: IsOpen): SuspenseItem {
  const age = ageInDays(row.sinceOn, today, isOpen);
  return { ...row, age, bucket: bucketOf(age) };
}

export type SuspenseTotal = {
  readonly partnerId: string;
  readonly currency: string;
  /** By lists and bank: credits that came, less what was booked from them. */
  readonly itemsMinor: bigint;
  /** How many transfers have money left there. */
  readonly transfers: number;
  /** By the ledger: what the partner's suspense account stands at. */
  readonly ledgerMinor: bigint;
  readonly differenceMinor: bigint;
};

/** What lies in suspense by partner and currency, by the items and by the ledger: they agree to the cent, or the difference is told. */
export async function suspenseTotals(ctx: Ctx): Promise<SuspenseTotal[]> {
  authoriseSuspense(ctx, 'suspense.view');
  return inTransaction(ctx, async (tx) => {
    const sums = await selectSuspenseSums(tx, BOOKED_FEE, BOOKED_CREDITS);
    const balances = (await listBalances(tx, { heldBy: 'partner' })).filter((b) => b.kind === 'suspense');
    const keys = new Map([...sums.map((s) => [s.partnerId, s.currency] as const), ...balances.map((b) => [b.partnerId ?? '', b.currency] as const)].map((k) => [k.join(' '), k]));
    return [...keys.values()].map(([partnerId, currency]) => {
      const sum = sums.find((s) => s.partnerId === partnerId && s.currency === currency);
      const ledgerMinor = balances.find((b) => b.partnerId === partnerId && b.currency === currency)?.normalMinor ?? 0n;
      const itemsMinor = sum?.minor ?? 0n;
      return { partnerId, currency, itemsMinor, transfers: sum?.transfers ?? 0, ledgerMinor, differenceMinor: ledgerMinor - itemsMinor };
    }).filter((t) => t.itemsMinor !== 0n || t.ledgerMinor !== 0n).sort((a, b) => (`${a.partnerId} ${a.currency}` < `${b.partnerId} ${b.currency}` ? -1 : 1));
  });
}

/** What waits for a second person, the oldest first unless told otherwise. */
export async function listProposals(ctx: Ctx, wanted: { page?: number; sort?: QueueSort; partnerId?: string } = {}): Promise<{ readonly rows: readonly Proposed[]; readonly total: number; readonly page: number; readonly pageSize: number }> {
  authoriseSuspense(ctx, 'suspense.view');
  const page = pageOf(wanted.page);
  return { ...(await inTransaction(ctx, (tx) => selectProposals(tx, { sort: wanted.sort ?? OLDEST_FIRST, partnerId: wanted.partnerId ?? null, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }))), page, pageSize: PAGE_SIZE };
}

/** Cases whose next disbursement waits, and why; or those that waited. */
export async function listHolds(ctx: Ctx, wanted: { show?: string; page?: number; sort?: HoldOrder } = {}): Promise<{ readonly rows: readonly ListedHold[]; readonly total: number; readonly page: number; readonly pageSize: number }> {
  authoriseSuspense(ctx, 'suspense.view');
  const page = pageOf(wanted.page);
  return { ...(await inTransaction(ctx, (tx) => selectHolds(tx, { isOpen: wanted.show !== 'released', order: wanted.sort ?? (wanted.show === 'released' ? { by: 'released', isDescending: true } : { by: 'since', isDescending: false }), limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }))), page, pageSize: PAGE_SIZE };
}

/** Who people are, by the ids that claims and decisions carry. */
export async function namesOfPeople(ctx: Ctx, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  authoriseSuspense(ctx, 'suspense.view');
  return userIds.length === 0 ? new Map() : inTransaction(ctx, (tx) => selectUserNames(tx, userIds));
}

/** Debits that name something of ours and credits that bring disbursements back, with what was found of them; what is for a person first, unless told otherwise. */
export async function listBankMovements(ctx: Ctx, wanted: { direction?: 'credit' | 'debit' | undefined; page?: number; sort?: MovementOrder } = {}): Promise<{ readonly rows: readonly BankMovement[]; readonly total: number; readonly page: number; readonly pageSize: number }> {
  authoriseSuspense(ctx, 'suspense.view');
  const page = pageOf(wanted.page);
  const found = await inTransaction(ctx, (tx) => selectBankMovements(tx, { direction: wanted.direction ?? null, order: wanted.sort ?? { by: 'found', isDescending: false }, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }));
  return { ...found, page, pageSize: PAGE_SIZE };
}
