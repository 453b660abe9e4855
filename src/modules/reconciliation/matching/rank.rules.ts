// What else speaks for a case beside its number and its names: its orders, what came before, and the remark; and which lump the line may be.
import { normaliseName } from '../../../platform/names/index.ts';
import type { Person } from './person.rules.ts';
import type { RemittanceCandidate } from './remittance.rules.ts';
import { makeUp } from './subset-sum.rules.ts';

type Money = { readonly amountMinor: bigint; readonly currency: string };
export type Ordered = Money & { readonly caseId: string; readonly obligationId: string };
export type Earlier = Money & { readonly caseId: string; readonly printedName: string; readonly partnerId: string };
export type PrintedMoney = { readonly original: Money | null; readonly settled: Money | null };

const USUAL_PERCENT = 25n;

const isSame = (a: Money, b: Money | null): boolean => b !== null && a.amountMinor === b.amountMinor && a.currency === b.currency;
const isAbout = (a: Money, b: Money | null): boolean => b !== null && a.currency === b.currency && 100n * (a.amountMinor > b.amountMinor ? a.amountMinor - b.amountMinor : b.amountMinor - a.amountMinor) <= USUAL_PERCENT * b.amountMinor;

/** How an amount stands to what a case orders and what came for it before, each in its own currency: nothing is converted for this. */
export function amountLevel(printed: PrintedMoney, ordered: readonly Money[], earlier: readonly Money[]): RemittanceCandidate['amount'] {
  if (ordered.length === 0 && earlier.length === 0) return undefined;
  const both = [printed.original, printed.settled];
  if (ordered.some((o) => both.some((p) => isSame(o, p)))) return 'as_ordered';
  if (earlier.some((e) => isSame(e, printed.original))) return 'as_before';
  return [...ordered, ...earlier].some((m) => both.some((p) => p !== null && isAbout(p, m))) ? 'usual' : 'unusual';
}

/** Whether the same printed name was posted for the case before through the partner, or for another one that is in question. */
export function historyLevel(caseId: string, printedName: string, partnerId: string, earlier: readonly Earlier[]): RemittanceCandidate['history'] {
  const plain = normaliseName(printedName);
  const same = plain === '' ? [] : earlier.filter((e) => e.partnerId === partnerId && normaliseName(e.printedName) === plain);
  if (same.some((e) => e.caseId === caseId)) return 'same_case';
  return same.length > 0 ? 'other_case' : undefined;
}

/** Whom of a case the remark names, by given and family name. */
export function remarkLevel(note: string, persons: readonly Person[]): RemittanceCandidate['remark'] {
  const words = new Set(normaliseName(note).split(' '));
  const isNamed = (p: Person): boolean => [p.name.given, p.name.family].every((part) => {
    const own = normaliseName(part).split(' ').filter((w) => w.length > 2);
    return own.length > 0 && own.some((w) => words.has(w));
  });
  const named = persons.filter(isNamed);
  if (named.some((p) => p.role === 'dependent')) return 'names_child';
  return named.length > 0 ? 'names_person' : undefined;
}

export type LineLump =
  | { readonly kind: 'several_cases'; readonly parts: readonly (Money & { readonly caseId: string; readonly obligationId: string })[] }
  | { readonly kind: 'several_months'; readonly caseId: string; readonly months: number; readonly amountMinor: bigint; readonly currency: string };

const MONTHS_MAX = 24n;

/**
 * How a line over several cases or months may be made up: of obligations of the payer's cases that sum up to it in no other way, or of one
 * obligation several times. Proposed to a person, never posted.
 */
export function lumpsOf(printed: PrintedMoney, ordered: readonly Ordered[]): LineLump[] {
  const lumps: LineLump[] = [];
  for (const money of [printed.original, printed.settled]) {
    if (money === null || money.amountMinor <= 0n) continue;
    const own = ordered.filter((o) => o.currency === money.currency);
    const idOf = (o: Ordered): string => `${o.caseId} ${o.obligationId}`;
    const made = makeUp(own.map((o) => ({ id: idOf(o), minor: o.amountMinor })), money.amountMinor, 2);
    if (made.found === 'one') lumps.push({ kind: 'several_cases', parts: own.filter((o) => made.ids.includes(idOf(o))) });
    for (const o of own) {
      const months = o.amountMinor > 0n && money.amountMinor % o.amountMinor === 0n ? money.amountMinor / o.amountMinor : 0n;
      if (months > 1n && months <= MONTHS_MAX) lumps.push({ kind: 'several_months', caseId: o.caseId, months: Number(months), amountMinor: o.amountMinor, currency: o.currency });
    }
  }
  return lumps;
}
