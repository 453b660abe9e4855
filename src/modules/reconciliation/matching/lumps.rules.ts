// What an unexplained credit may pay for: one transfer, several at once, a share of one, or only part of one's lines. Proposed, never posted.
import { addDays, daysBetween } from '../../../platform/dates.ts';
import { shareOut } from './assignment.rules.ts';
import { relation } from './printed-number.rules.ts';
import { makeUp } from './subset-sum.rules.ts';
import type { Comparison, Weighed, Weights } from './weights/weights.rules.ts';
import { weigh } from './weights/weights.rules.ts';

export type OpenTransfer = {
  readonly partnerId: string; readonly transfer: string; readonly sumMinor: bigint; readonly currency: string;
  /** When the last of its lines was sent. */
  readonly sentOn: string | null;
};
export type OpenCredit = { readonly creditId: string; readonly amountMinor: bigint; readonly currency: string; readonly on: string | null; readonly tokens: readonly string[] };
export type OpenShare = { readonly fileId: string; readonly lineNumber: number; readonly minor: bigint };
export type FeeOf = (partnerId: string, currency: string) => bigint;

export type CreditProposal = {
  readonly kind: 'one_transfer' | 'several_transfers' | 'several_credits' | 'part_of_transfer';
  readonly partnerId: string;
  readonly transfers: readonly string[];
  readonly credits: readonly string[];
  /** Of a part of a transfer: the lines that the credit pays for. */
  readonly lines: readonly { readonly fileId: string; readonly lineNumber: number }[];
  readonly sumMinor: bigint;
  readonly feeMinor: bigint;
  readonly currency: string;
  readonly reasons: readonly string[];
  readonly weighed: Weighed;
};

export type LumpEvidence = {
  readonly transfers: readonly OpenTransfer[];
  /** The other credits that nobody has explained. */
  readonly credits: readonly OpenCredit[];
  readonly linesOf: (transfer: OpenTransfer) => readonly OpenShare[];
  readonly feeOf: FeeOf;
};

const EARLY_DAYS = 3;
const LATE_DAYS = 92;

/** A credit never comes before its money was sent; banks book by days of their own. */
function isInTime(credit: OpenCredit, t: OpenTransfer): boolean {
  if (credit.on === null || t.sentOn === null) return true;
  return t.sentOn <= addDays(credit.on, EARLY_DAYS) && daysBetween(t.sentOn, credit.on) <= LATE_DAYS;
}

function lagOf(credit: OpenCredit, sentOn: string | null): string {
  if (credit.on === null || sentOn === null) return 'unknown';
  const days = daysBetween(sentOn, credit.on);
  return days <= 10 ? 'in_ten_days' : days <= 45 ? 'in_45_days' : 'later';
}

const NEARNESS = ['same', 'tail', 'slip', 'near'] as const;

function numberOf(credit: OpenCredit, transfers: readonly string[]): string {
  if (credit.tokens.length === 0) return 'absent';
  const relations = new Set(credit.tokens.flatMap((token) => transfers.map((t) => relation(token, t))));
  return NEARNESS.find((r) => relations.has(r)) ?? 'other';
}

type Draft = Omit<CreditProposal, 'weighed' | 'reasons' | 'currency'>;

function proposal(weights: Weights, credit: OpenCredit, draft: Draft, amount: string, sentOn: string | null, among: number, reasons: readonly string[]): CreditProposal {
  const number = numberOf(credit, draft.transfers);
  const comparisons: Comparison[] = [{ field: 'transfer_number', level: number }, { field: 'credit_amount', level: amount }, { field: 'credit_lag', level: lagOf(credit, sentOn) }];
  const told = number === 'other' || number === 'absent' ? [] : [number === 'same' ? 'transfer.named' : 'transfer.number_like'];
  return { ...draft, currency: credit.currency, reasons: [...told, ...reasons], weighed: weigh(weights, comparisons, among) };
}

const latest = (transfers: readonly OpenTransfer[]): string | null => transfers.reduce<string | null>((last, t) => (t.sentOn !== null && (last === null || t.sentOn > last) ? t.sentOn : last), null);

function single(weights: Weights, credit: OpenCredit, evidence: LumpEvidence, fitting: readonly OpenTransfer[]): CreditProposal[] {
  return fitting.flatMap((t) => {
    const fee = t.sumMinor - credit.amountMinor;
    if (fee < 0n || fee > evidence.feeOf(t.partnerId, t.currency)) return [];
    const draft: Draft = { kind: 'one_transfer', partnerId: t.partnerId, transfers: [t.transfer], credits: [credit.creditId], lines: [], sumMinor: t.sumMinor, feeMinor: fee };
    return [proposal(weights, credit, draft, fee === 0n ? 'exact' : 'within_fee', t.sentOn, fitting.length, [fee === 0n ? 'transfer.agrees' : 'transfer.within_fee'])];
  });
}

function several(weights: Weights, credit: OpenCredit, own: readonly OpenTransfer[]): CreditProposal[] {
  const made = makeUp(own.map((t) => ({ id: t.transfer, minor: t.sumMinor })), credit.amountMinor, 2);
  if (made.found !== 'one') return [];
  const ids = new Set(made.ids);
  const draft: Draft = { kind: 'several_transfers', partnerId: (own[0] as OpenTransfer).partnerId, transfers: [...made.ids].sort(), credits: [credit.creditId], lines: [], sumMinor: credit.amountMinor, feeMinor: 0n };
  return [proposal(weights, credit, draft, 'sum_of_several', latest(own.filter((t) => ids.has(t.transfer))), own.length, ['sum.of_transfers', 'sum.only_one'])];
}

function share(weights: Weights, credit: OpenCredit, evidence: LumpEvidence, t: OpenTransfer, among: number): CreditProposal[] {
  if (t.sumMinor <= credit.amountMinor) return [];
  const others = evidence.credits.filter((c) => c.creditId !== credit.creditId && c.currency === t.currency && isInTime(c, t));
  const made = makeUp(others.map((c) => ({ id: c.creditId, minor: c.amountMinor })), t.sumMinor - credit.amountMinor);
  if (made.found === 'one') {
    const draft: Draft = { kind: 'several_credits', partnerId: t.partnerId, transfers: [t.transfer], credits: [credit.creditId, ...made.ids].sort(), lines: [], sumMinor: t.sumMinor, feeMinor: 0n };
    return [proposal(weights, credit, draft, 'part', t.sentOn, among, ['sum.of_credits', 'sum.only_one'])];
  }
  const lines = evidence.linesOf(t);
  const id = (l: OpenShare): string => `${l.fileId}:${l.lineNumber}`;
  const paid = makeUp(lines.map((l) => ({ id: id(l), minor: l.minor })), credit.amountMinor);
  if (paid.found !== 'one') return [];
  const ids = new Set(paid.ids);
  const draft: Draft = { kind: 'part_of_transfer', partnerId: t.partnerId, transfers: [t.transfer], credits: [credit.creditId], sumMinor: credit.amountMinor, feeMinor: 0n,
    lines: lines.filter((l) => ids.has(id(l))).map(({ fileId, lineNumber }) => ({ fileId, lineNumber })) };
  return [proposal(weights, credit, draft, 'part', t.sentOn, among, ['sum.of_lines', 'sum.only_one'])];
}

const SHARES_MAX = 50;

// Each takes trying all choices of lines and credits: those sent last before the credit are the likeliest.
function lastSent(transfers: readonly OpenTransfer[]): readonly OpenTransfer[] {
  return transfers.toSorted((a, b) => ((a.sentOn ?? '') > (b.sentOn ?? '') ? -1 : (a.sentOn ?? '') < (b.sentOn ?? '') ? 1 : keyOf(a) < keyOf(b) ? -1 : 1)).slice(0, SHARES_MAX);
}

const keyOf = (t: { readonly partnerId: string; readonly transfer: string }): string => `${t.partnerId} ${t.transfer}`;

// Whether the transfer is this credit's also when all open credits and transfers are shared out at once.
function withAssignment(weights: Weights, credit: OpenCredit, evidence: LumpEvidence, proposals: readonly CreditProposal[]): CreditProposal[] {
  const claims = [credit, ...evidence.credits.filter((c) => c.creditId !== credit.creditId)].flatMap((c) => {
    const fitting = evidence.transfers.filter((t) => t.currency === c.currency && isInTime(c, t));
    return single(weights, c, evidence, fitting).map((p) => ({ from: c.creditId, to: keyOf({ partnerId: p.partnerId, transfer: p.transfers[0] as string }), bits: p.weighed.bits + ASSIGNED_BITS }));
  });
  const own = shareOut(claims).shares.find((s) => s.from === credit.creditId);
  return proposals.map((p) => {
    if (p.kind !== 'one_transfer') return p;
    const isItsOwn = own !== undefined && own.to === keyOf({ partnerId: p.partnerId, transfer: p.transfers[0] as string }) && own.margin >= weights.thresholds.marginBits;
    return { ...p, reasons: [...p.reasons, isItsOwn ? 'assignment.unique' : 'assignment.not_unique'] };
  });
}

/** Any pair that agrees in its sum is worth more than none. */
const ASSIGNED_BITS = 20;

/** What a credit may pay for, the heaviest first. Sums count only when no other choice makes them up. */
export function proposalsForCredit(weights: Weights, credit: OpenCredit, evidence: LumpEvidence): CreditProposal[] {
  const fitting = evidence.transfers.filter((t) => t.currency === credit.currency && isInTime(credit, t));
  const byPartner = [...Map.groupBy(fitting, (t) => t.partnerId).values()];
  const all = [
    ...single(weights, credit, evidence, fitting), ...byPartner.flatMap((own) => several(weights, credit, own)),
    ...lastSent(fitting.filter((t) => t.sumMinor > credit.amountMinor)).flatMap((t) => share(weights, credit, evidence, t, fitting.length)),
  ];
  const nameOf = (p: CreditProposal): string => `${p.kind} ${p.partnerId} ${p.transfers.join(' ')}`;
  return withAssignment(weights, credit, evidence, all).toSorted((a, b) => b.weighed.bits - a.weighed.bits || (nameOf(a) < nameOf(b) ? -1 : 1));
}
