import type { CalendarDate } from '../../../platform/dates.ts';
import { splitByWeights } from '../../../platform/money.ts';

/**
 * How we propose that a collection be applied: current support, then arrears, then interest, as the law of the day of receipt says, family first
 * where the law says so. A proposal and nothing else: the State's case system distributes (45 CFR 302.51). Pure; the law is data (`allocation-rules.json`).
 */

export type Bucket = 'current_support' | 'arrears_unassigned' | 'arrears_assigned' | 'interest' | 'medical';
export type Stage = 'current' | 'principal' | 'interest';

interface Sourced { citation: string; confirmed: boolean }
export interface AllocationLaw {
  version: string;
  order: (Sourced & { ruleId: string; from?: CalendarDate; until?: CalendarDate; order: Stage[] })[];
  current: Sourced & { buckets: Bucket[] };
  principal: Record<string, Sourced & { buckets: Bucket[] }>;
  legalDate: Sourced & { date: 'received_on' };
  futures: Sourced & { allowed: boolean };
  proration: Sourced & { over: 'payer'; assistance: 'ignored' };
  orderCurrency: { settlement: Sourced & { credit: 'settled' }; foreign: Sourced & { credit: 'tendered' } };
}

/** What is due in one bucket of a case, by obligation where the orders tell it; minor units of the collection's currency. */
export interface Claim { bucket: Bucket; obligationId: string | null; dueMinor: bigint }
export interface CaseClaims { caseId: string; assistance: string; claims: readonly Claim[] }

/** A part of a collection. `bucket` null: nothing that we know of is due, the State decides. */
export interface AllocationPart { caseId: string; bucket: Bucket | null; obligationId: string | null; amountMinor: bigint }

/** The order in which money received on a day is applied. */
export function orderOn(law: AllocationLaw, receivedOn: CalendarDate): AllocationLaw['order'][number] {
  const rule = law.order.find(({ from, until }) => (from === undefined || receivedOn >= from) && (until === undefined || receivedOn <= until));
  if (!rule) throw new Error('fault: no order of application for this day');
  return rule;
}

/**
 * Applies an amount to the claims of one payer's cases, stage by stage; what is due in one stage to several cases is prorated by what is due, whatever the
 * assistance, and within a case by its buckets in their order. What is left after all that is due stays with the case that the money was sent for, without a bucket.
 */
export function allocate(law: AllocationLaw, collection: { caseId: string; amountMinor: bigint; receivedOn: CalendarDate }, cases: readonly CaseClaims[]): AllocationPart[] {
  if (collection.amountMinor < 0n) return allocate(law, { ...collection, amountMinor: -collection.amountMinor }, cases).map((part) => ({ ...part, amountMinor: -part.amountMinor }));
  const parts: AllocationPart[] = [];
  let left = collection.amountMinor;
  const sorted = [...cases].sort((a, b) => (a.caseId < b.caseId ? -1 : a.caseId > b.caseId ? 1 : 0));
  for (const stage of orderOn(law, collection.receivedOn).order) {
    const due = sorted.map((one) => ({ one, groups: groupsOf(law, one, stage) }));
    const dues = due.map(({ groups }) => groups.reduce((all, group) => all + sumOf(group), 0n));
    const total = dues.reduce((all, one) => all + one, 0n);
    if (total === 0n || left === 0n) continue;
    const applied = left < total ? left : total;
    const shares = splitByWeights(applied, dues);
    due.forEach(({ one, groups }, index) => parts.push(...applyTo(one.caseId, groups, shares[index] as bigint)));
    left -= applied;
  }
  if (left > 0n) parts.push({ caseId: collection.caseId, bucket: null, obligationId: null, amountMinor: left });
  return parts;
}

const sumOf = (claims: readonly Claim[]): bigint => claims.reduce((all, claim) => all + claim.dueMinor, 0n);

/** Claims of a stage in groups that are served one after the other; current support and medical support are served together. */
function groupsOf(law: AllocationLaw, { assistance, claims }: CaseClaims, stage: Stage): Claim[][] {
  const open = claims.filter(({ dueMinor }) => dueMinor > 0n);
  if (stage === 'current') return [open.filter(({ bucket }) => law.current.buckets.includes(bucket))];
  if (stage === 'interest') return [open.filter(({ bucket }) => bucket === 'interest')];
  const order = (law.principal[assistance] ?? (law.principal['never'] as AllocationLaw['principal'][string])).buckets;
  return order.map((bucket) => open.filter((claim) => claim.bucket === bucket));
}

function applyTo(caseId: string, groups: readonly (readonly Claim[])[], amountMinor: bigint): AllocationPart[] {
  const parts: AllocationPart[] = [];
  let left = amountMinor;
  for (const group of groups) {
    const total = sumOf(group);
    if (left === 0n || total === 0n) continue;
    const applied = left < total ? left : total;
    splitByWeights(applied, group.map(({ dueMinor }) => dueMinor)).forEach((part, index) => {
      const claim = group[index] as Claim;
      if (part > 0n) parts.push({ caseId, bucket: claim.bucket, obligationId: claim.obligationId, amountMinor: part });
    });
    left -= applied;
  }
  return parts;
}

const PER_YEAR: Readonly<Record<string, bigint>> = { weekly: 52n, biweekly: 26n, semimonthly: 24n, monthly: 12n };

/** What an obligation comes to in a month, to the nearest minor unit, half up; null for what is due once. */
export function monthlyMinor(amountMinor: bigint, frequency: string): bigint | null {
  const times = PER_YEAR[frequency];
  return times === undefined ? null : (amountMinor * times * 2n + 12n) / 24n;
}

/** The bucket that all of a collection goes to, with its obligation where that is one, too; for the export. Null where it goes to several, or to none that we know. */
export function singlePart(parts: readonly AllocationPart[]): Pick<AllocationPart, 'bucket' | 'obligationId'> | null {
  const [first] = parts;
  if (!first || first.bucket === null || parts.some(({ bucket }) => bucket !== first.bucket)) return null;
  return { bucket: first.bucket, obligationId: parts.every(({ obligationId }) => obligationId === first.obligationId) ? first.obligationId : null };
}

/**
 * What a line is worth to an order (PIQ-03-04): an order in the settlement's currency is credited with what was received in it; a foreign order, with
 * what was tendered in its own currency. Null where neither amount is in the order's currency: a person decides, nothing is converted.
 */
export function creditFor(orderCurrency: string, line: { settledMinor: bigint; settledCurrency: string; tenderedMinor: bigint | null; tenderedCurrency: string | null }): bigint | null {
  if (orderCurrency === line.settledCurrency) return line.settledMinor;
  return line.tenderedCurrency === orderCurrency ? line.tenderedMinor : null;
}
