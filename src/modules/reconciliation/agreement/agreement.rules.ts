import type { CalendarDate } from '../../../platform/dates.ts';

// What agrees with what: the ledger on one side, lines, credits and disbursements on the other, computed apart from each other.

/** One account (of all cases together, where cases hold it), as the ledger has it and as files and outcomes say. Debit positive. */
export interface AccountAgreement {
  readonly account: string;
  readonly partnerId: string | null;
  readonly currency: string;
  readonly ledgerMinor: bigint;
  readonly toldMinor: bigint;
}

export type DifferenceKind = 'not_booked' | 'not_told' | 'other_amount';

/** One transfer on one account that the two sides have differently. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly transferKey: string;
  readonly account: string;
  readonly holder: string | null;
  readonly currency: string;
  readonly ledgerMinor: bigint;
  readonly toldMinor: bigint;
  /** Where the other side says it: a line of a file, a credit, a disbursement. */
  readonly source: 'line' | 'credit' | 'disbursement' | 'transfer' | null;
  readonly sourceId: string | null;
  readonly file: string | null;
  readonly line: number | null;
}

/** A partner's money in one currency that the bank booked on one day: where it is. */
export interface DayAgreement {
  readonly partnerId: string;
  readonly currency: string;
  readonly on: CalendarDate;
  readonly credits: number;
  readonly creditedMinor: bigint;
  /** Sum of the lines of these transfers as printed; null where it cannot be told. */
  readonly linesMinor: bigint | null;
  readonly feesMinor: bigint;
  readonly postedMinor: bigint;
  readonly suspenseMinor: bigint;
}

export type RestReason = 'lines' | 'no_lines' | 'transfer.sum_differs' | 'transfer.unclear' | 'transfer.second_credit' | 'unexplained';

export interface TransferRest {
  readonly partnerId: string;
  readonly transfer: string;
  readonly currency: string;
  readonly on: CalendarDate;
  readonly state: string | null;
  readonly liveCredits: number;
  /** Money of this transfer that is still in suspense. */
  readonly restMinor: bigint;
  readonly waitingLines: number;
  readonly waitingMinor: bigint;
}

/** Why money of a transfer is still in suspense. `unexplained` is a fault: the transfer adds up, but its rest is not what its waiting lines say. */
export function reasonOfRest(rest: Omit<TransferRest, 'partnerId' | 'transfer' | 'on' | 'currency'>): RestReason {
  if (rest.liveCredits > 1) return 'transfer.second_credit';
  if (rest.state === 'agrees') return rest.restMinor === rest.waitingMinor ? 'lines' : 'unexplained';
  if (rest.state === 'differs') return 'transfer.sum_differs';
  if (rest.state === 'unclear') return 'transfer.unclear';
  return rest.waitingLines > 0 && rest.restMinor === rest.waitingMinor ? 'lines' : 'no_lines';
}

export interface Unheard {
  /** Lines of files that no run has given an outcome yet, and credits that none has looked at. */
  readonly lines: number;
  readonly credits: number;
  readonly files: readonly string[];
}

/** The two sides agree when every account does, no transfer differs, and what is in suspense is explained. */
export function isAgreed(found: { readonly accounts: readonly AccountAgreement[]; readonly differences: number; readonly rests: readonly { readonly reason: RestReason }[] }): boolean {
  return found.differences === 0 && found.accounts.every((a) => a.ledgerMinor === a.toldMinor) && found.rests.every((r) => r.reason !== 'unexplained');
}

/** A partner's money of one day of which more stands on cases than came: what waits of other transfers pays for it. */
export interface OverPosting {
  readonly partnerId: string;
  readonly currency: string;
  readonly on: CalendarDate;
  /** By how much, over all transfers of the day that are over. */
  readonly overMinor: bigint;
  readonly transfers: number;
}

/** By partner and day, where more was posted than was credited. Both sides may agree on it: it is no agreement between bank and cases. */
export function overPostedOf(rests: readonly Pick<TransferRest, 'partnerId' | 'currency' | 'on' | 'restMinor'>[]): OverPosting[] {
  const groups = Map.groupBy(rests.filter((r) => r.restMinor < 0n), (r) => `${r.on} ${r.partnerId} ${r.currency}`);
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => {
    const [{ partnerId, currency, on }] = group as [(typeof group)[number]];
    return { partnerId, currency, on, overMinor: -group.reduce((sum, r) => sum + r.restMinor, 0n), transfers: group.length };
  });
}

const ON_CREDIT_SIDE: readonly string[] = ['suspense', 'proposed_collection'];

/** An amount of an account (debit positive) as people read it: money that waits in suspense, or was collected, is positive. */
export const asRead = (account: string, minor: bigint): bigint => (ON_CREDIT_SIDE.includes(account) ? -minor : minor);
