import { AppError } from '../../platform/errors.ts';
import type { CalendarDate } from '../../platform/dates.ts';

export const ACCOUNT_KINDS = [
  'disbursed_by_sdu', 'in_transit', 'delivered', 'fees_abroad', 'to_be_recovered',
  'bank', 'suspense', 'proposed_collection', 'transfer_fees', 'fx_rounding', 'fx_difference', 'fx_position',
] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** What a proposed collection is for; without a bucket where the State distributes it itself. */
export const BUCKETS = ['current_support', 'arrears_unassigned', 'arrears_assigned', 'interest', 'medical'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** Whose account it is follows from its kind (table ledger_chart): the agency's, a partner's or a case's. */
export interface AccountRef {
  readonly kind: AccountKind;
  readonly currency: string;
  readonly partnerId?: string;
  readonly caseId?: string;
  /** Only for kinds that have buckets (`proposed_collection`). */
  readonly bucket?: Bucket;
}

/** One side of a transfer: a debit is positive, a credit negative. */
export interface Leg extends AccountRef {
  readonly amountMinor: bigint;
  /** The county of the case, for accounts of cases: it decides who sees them. */
  readonly county?: string;
}

export interface Transfer {
  /** Names the transfer for ever: the same key with the same body is posted once, with another body it is refused. */
  readonly transferKey: string;
  /** What happened, dotted: `disbursement.registered`. */
  readonly event: string;
  readonly occurredOn: CalendarDate;
  readonly legs: readonly Leg[];
  /** The key of the transfer that this one mirrors and so undoes. */
  readonly reversesKey?: string;
}

/** The key of a transfer that mirrors another, and what that is. */
export interface Reversal {
  readonly transferKey: string;
  readonly reversesKey: string;
  readonly event: string;
  readonly occurredOn: CalendarDate;
}

const HELD_BY: Readonly<Record<AccountKind, 'agency' | 'partner' | 'case'>> = {
  disbursed_by_sdu: 'agency', bank: 'agency',
  in_transit: 'partner', to_be_recovered: 'partner', suspense: 'partner', transfer_fees: 'partner', fx_rounding: 'partner',
  fx_difference: 'partner', fx_position: 'partner',
  delivered: 'case', fees_abroad: 'case', proposed_collection: 'case',
};

const WITH_BUCKETS: readonly AccountKind[] = ['proposed_collection'];

/** Whose an account of this kind is. */
export const heldBy = (kind: AccountKind): 'agency' | 'partner' | 'case' | undefined => HELD_BY[kind];

/** The account's name in the ledger, such as `in_transit:mx-consulate-calexico:USD` or `proposed_collection:2000004103714:interest:USD`. @throws AppError `ledger.leg_invalid`. */
export function accountCode(account: AccountRef): string {
  const heldBy = HELD_BY[account.kind];
  const holder = heldBy === 'agency' ? null : heldBy === 'partner' ? account.partnerId : account.caseId;
  const isOddBucket = account.bucket !== undefined && !(WITH_BUCKETS.includes(account.kind) && BUCKETS.includes(account.bucket));
  if (holder === undefined || isOddBucket) throw new AppError('invalid', 'ledger.leg_invalid', { params: { account: account.kind } });
  return [account.kind, ...(holder === null ? [] : [holder]), ...(account.bucket === undefined ? [] : [account.bucket]), account.currency].join(':');
}

/** The currencies in which the legs do not cancel out, in order. Empty means that the transfer may be posted. */
export function unbalancedCurrencies(legs: readonly Pick<Leg, 'currency' | 'amountMinor'>[]): string[] {
  const sums = new Map<string, bigint>();
  for (const leg of legs) sums.set(leg.currency, (sums.get(leg.currency) ?? 0n) + leg.amountMinor);
  return [...sums].filter(([, sum]) => sum !== 0n).map(([currency]) => currency).sort();
}

/** Refuses early what the database would refuse at the end of the batch. @throws AppError `ledger.unbalanced`, `ledger.transfer_invalid`. */
export function assertBalanced(transfer: Transfer): void {
  const legs = transfer.legs.filter((leg) => leg.amountMinor !== 0n);
  if (legs.length < 2) throw new AppError('invalid', 'ledger.transfer_invalid', { params: { transfer: transfer.transferKey } });
  if (unbalancedCurrencies(legs).length > 0) throw new AppError('invalid', 'ledger.unbalanced', { params: { transfer: transfer.transferKey } });
}

/** The legs that undo the given ones. */
export function mirrored(legs: readonly Leg[]): Leg[] {
  return legs.map((leg) => ({ ...leg, amountMinor: -leg.amountMinor }));
}
