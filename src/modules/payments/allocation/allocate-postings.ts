import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { allocate, creditFor, monthlyMinor, orderOn } from './allocation.rules.ts';
import type { AllocationPart, Bucket, CaseClaims, Claim } from './allocation.rules.ts';
import { insertParts, selectDebts, selectEarlierParts, selectParts, selectTendered } from './allocation.store.ts';
import type { CaseDebts, EarlierPart, NewParts } from './allocation.store.ts';
import { allocationLaw } from './law.ts';

/** A collection to be applied. */
export interface ToAllocate { postingId: string; caseId: string; receivedOn: CalendarDate; amountMinor: bigint; currency: string; reversalOf: string | null }
export interface Allocated { currency: string; parts: readonly AllocationPart[] }

const CHUNK = 5_000;

/** Proposes how each posting is to be applied, the earliest receipt first, and stores it. A reversal mirrors what it reverses. */
export async function allocatePostings(ctx: TxCtx, postings: readonly ToAllocate[]): Promise<Map<string, Allocated>> {
  const allocated = new Map<string, Allocated>();
  const sorted = postings.toSorted((a, b) => order(a.reversalOf === null ? '0' : '1', b.reversalOf === null ? '0' : '1') || order(a.receivedOn, b.receivedOn) || order(a.postingId, b.postingId));
  const books = new Map<string, Book>();
  for (let from = 0; from < sorted.length; from += CHUNK) {
    const chunk = sorted.slice(from, from + CHUNK);
    await openBooks(ctx, books, chunk.map((one) => one.caseId));
    const tendered = await selectTendered(ctx, chunk.map((one) => one.postingId));
    const originals = await selectParts(ctx, chunk.flatMap((one) => one.reversalOf ?? []));
    const rows: NewParts[] = [];
    for (const one of chunk) {
      const before = one.reversalOf === null ? undefined : allocated.get(one.reversalOf) ?? storedAs(originals.get(one.reversalOf));
      const made = before ? mirrored(before) : allocateOne(one, books.get(one.caseId) ?? null, tendered.get(one.postingId) ?? null);
      allocated.set(one.postingId, made);
      const book = books.get(one.caseId);
      for (const part of made.parts) if (part.bucket !== null) book?.earlier.push({ ...part, bucket: part.bucket, currency: made.currency, receivedOn: one.receivedOn });
      rows.push({ postingId: one.postingId, county: book?.debts.county ?? null, receivedOn: one.receivedOn, currency: made.currency, parts: made.parts, ...rule(one.receivedOn) });
    }
    await insertParts(ctx, rows);
  }
  return allocated;
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const rule = (receivedOn: CalendarDate) => ({ ruleId: orderOn(allocationLaw(), receivedOn).ruleId, ruleVersion: allocationLaw().version });
const mirrored = ({ currency, parts }: Allocated): Allocated => ({ currency, parts: parts.map((part) => ({ ...part, amountMinor: -part.amountMinor })) });
const storedAs = (parts: readonly (AllocationPart & { currency: string })[] | undefined): Allocated | undefined =>
  (parts?.[0] ? { currency: parts[0].currency, parts: parts.map(({ currency: _, ...part }) => part) } : undefined);

/** What a case owes, and what was proposed of it so far. */
export interface Book { debts: CaseDebts; earlier: EarlierPart[] }

export async function openBooks(ctx: TxCtx, books: Map<string, Book>, caseIds: readonly string[]): Promise<void> {
  const wanted = [...new Set(caseIds)].filter((caseId) => !books.has(caseId));
  const [debts, earlier] = [await selectDebts(ctx, wanted), await selectEarlierParts(ctx, wanted)];
  for (const one of debts.values()) books.set(one.caseId, { debts: one, earlier: [] });
  for (const part of earlier) books.get(part.caseId)?.earlier.push(part);
}

type Settled = Pick<ToAllocate, 'caseId' | 'receivedOn' | 'amountMinor' | 'currency'>;

function allocateOne(one: Settled, book: Book | null, tendered: { amountMinor: bigint; currency: string } | null): Allocated {
  const nowhere: Allocated = { currency: one.currency, parts: [{ caseId: one.caseId, bucket: null, obligationId: null, amountMinor: one.amountMinor }] };
  if (!book) return nowhere;
  const currency = orderCurrency(book.debts, one.currency);
  const credit = creditFor(currency, { settledMinor: one.amountMinor, settledCurrency: one.currency, tenderedMinor: tendered?.amountMinor ?? null, tenderedCurrency: tendered?.currency ?? null });
  if (credit === null) return nowhere;
  return { currency, parts: allocate(allocationLaw(), { ...one, amountMinor: credit }, [claimsOf(book, currency, one.receivedOn)]) };
}

/** A case whose debts are all in one foreign currency has a foreign order; otherwise its orders are credited in what was received. */
export function orderCurrency({ obligations, balances }: CaseDebts, settlement: string): string {
  const currencies = new Set([...obligations, ...balances].map(({ currency }) => currency));
  const [only] = currencies;
  return currencies.size === 1 && only !== undefined ? only : settlement;
}

/**
 * What is due on a day: current support of its month, arrears and interest as of the State's newest figures, each less what was proposed since. Current support is
 * the State's own figure where that is of the same month, else what the orders come to in a month.
 */
export function claimsOf({ debts, earlier }: Book, currency: string, on: CalendarDate): CaseClaims {
  const month = on.slice(0, 7);
  const since = (bucket: Bucket, obligationId: string | null, isCounted: (receivedOn: CalendarDate) => boolean): bigint => earlier
    .filter((part) => part.bucket === bucket && part.currency === currency && (obligationId === null || part.obligationId === obligationId) && isCounted(part.receivedOn))
    .reduce((all, part) => all + part.amountMinor, 0n);
  const claims: Claim[] = [];
  const dueOf = (bucket: Bucket, obligationId: string | null, owed: bigint, isCounted: (receivedOn: CalendarDate) => boolean): void => {
    const due = owed - since(bucket, obligationId, isCounted);
    if (due > 0n) claims.push({ bucket, obligationId, dueMinor: due });
  };
  for (const bucket of ['current_support', 'medical'] as const) {
    const told = debts.balances.find((one) => one.bucket === bucket && one.currency === currency && one.asOf.slice(0, 7) === month);
    const running = debts.obligations.filter((one) => one.bucket === bucket && one.currency === currency && one.startsOn <= on && (one.endsOn === null || one.endsOn >= on));
    if (told) dueOf(bucket, running.length === 1 ? (running[0] as { obligationId: string }).obligationId : null, told.amountMinor, (day) => day > told.asOf && day.slice(0, 7) === month);
    else for (const one of running) dueOf(bucket, one.obligationId, monthlyMinor(one.amountMinor, one.frequency) ?? 0n, (day) => day.slice(0, 7) === month);
  }
  for (const one of debts.balances) {
    if (one.currency !== currency || one.bucket === 'current_support' || one.bucket === 'medical') continue;
    dueOf(one.bucket, null, one.amountMinor, (day) => day > one.asOf);
  }
  return { caseId: debts.caseId, assistance: debts.assistance, claims };
}
