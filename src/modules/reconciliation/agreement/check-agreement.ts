import { authorise } from '../../../platform/authorise.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { getPartner } from '../../partners/index.ts';
import { feeLimitOf } from '../bank/fee-limit.ts';
import { keptFigures } from '../figures/keep-figures.ts';
import type { Freshness, Standing } from '../figures/keep-figures.ts';
import { isAgreed, reasonOfRest } from './agreement.rules.ts';
import type { AccountAgreement, DayAgreement, Difference, RestReason, TransferRest, Unheard } from './agreement.rules.ts';
import { compareSides, selectForeignCredits, selectTransfers, selectUnheard } from './agreement.store.ts';

/** Beyond this many differences something is wrong as a whole; the rest is counted. */
export const DIFFERENCES_MAX = 1_000;

export interface ShortTransfer {
  readonly partnerId: string;
  readonly transfer: string;
  readonly currency: string;
  readonly on: CalendarDate;
  readonly feeMinor: bigint;
  readonly charges: 'OUR' | 'SHA' | 'BEN' | null;
  readonly reason: 'transfer.fee_despite_our' | 'transfer.within_fee';
}

export interface Agreement {
  readonly agrees: boolean;
  readonly on: CalendarDate | null;
  readonly partnerId: string | null;
  readonly accounts: readonly AccountAgreement[];
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  /** By partner, currency and day on which the bank booked the money. */
  readonly days: readonly DayAgreement[];
  /** What is still in suspense, transfer by transfer, and why. */
  readonly rests: readonly (TransferRest & { readonly reason: RestReason })[];
  /** Transfers that a bank on the way kept something of, and whether the partner's fee policy had that expected. */
  readonly shortTransfers: readonly ShortTransfer[];
  readonly unheard: Unheard;
  /** Credits on the statement that are nobody's yet. */
  readonly foreign: readonly { readonly currency: string; readonly credits: number; readonly minor: bigint }[];
}

/**
 * Whether the partner's lists, the bank's credits and the cases agree to the cent: what files and outcomes say should have moved is computed
 * apart from the ledger and held against it, account by account and transfer by transfer. It changes nothing. `on` narrows the days shown
 * (the day on which the bank booked the money); the two sides are compared as they stand now, or, for a page (`kept`), as they stood when money moved last.
 *
 * @throws AppError forbidden `reconciliation.all_counties_needed`; invalid `agreement.date_invalid`; not_found `partner.unknown`.
 */
export async function checkAgreement(ctx: Ctx, wanted: { on?: CalendarDate; partnerId?: string; freshness?: Freshness } = {}): Promise<Agreement & { readonly standing: Standing }> {
  authorise(ctx, 'reconciliation.view');
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
  if (wanted.on !== undefined && !isCalendarDate(wanted.on)) throw new AppError('invalid', 'agreement.date_invalid');
  if (wanted.partnerId !== undefined) getPartner(wanted.partnerId);
  const [on, partnerId] = [wanted.on ?? null, wanted.partnerId ?? null];
  return keptFigures(ctx, { figure: 'agreement', scope: `${on ?? ''} ${partnerId ?? ''}`, freshness: wanted.freshness ?? 'fresh' }, (tx) => readAgreement(tx, { on, partnerId }));
}

/** The same within a transaction that has been authorised: the close of a day looks at it. */
export async function readAgreement(ctx: TxCtx, { on, partnerId }: { on: CalendarDate | null; partnerId: string | null }): Promise<Agreement> {
  const sides = await compareSides(ctx, { partnerId, differencesMax: DIFFERENCES_MAX });
  const transfers = await selectTransfers(ctx, partnerId);
  const rests = transfers.filter((t) => t.restMinor !== 0n || t.waitingMinor !== 0n).map((t) => ({
    partnerId: t.partnerId, transfer: t.transfer, currency: t.currency, on: t.on, state: t.state, liveCredits: t.liveCredits, restMinor: t.restMinor,
    waitingLines: t.waitingLines, waitingMinor: t.waitingMinor, reason: reasonOfRest(t),
  }));
  const found = { accounts: sides.accounts, differences: sides.total, rests };
  return {
    agrees: isAgreed(found), on, partnerId, accounts: sides.accounts, differences: sides.differences, differenceCount: sides.total,
    days: byDay(transfers, on), rests: rests.filter((r) => on === null || r.on === on), shortTransfers: shortOf(transfers, on),
    unheard: await selectUnheard(ctx),
    foreign: (await selectForeignCredits(ctx, on)).map((f) => ({ currency: f.currency, credits: f.credits, minor: BigInt(f.minor) })),
  };
}

type Transfer = Awaited<ReturnType<typeof selectTransfers>>[number];

function shortOf(transfers: readonly Transfer[], on: CalendarDate | null): ShortTransfer[] {
  return transfers.filter((t) => t.feesMinor > 0n && (on === null || t.on === on)).map((t) => {
    const charges = feeLimitOf(t.partnerId)?.charges ?? null;
    return { partnerId: t.partnerId, transfer: t.transfer, currency: t.currency, on: t.on, feeMinor: t.feesMinor, charges, reason: charges === 'OUR' ? 'transfer.fee_despite_our' : 'transfer.within_fee' };
  });
}

function byDay(transfers: readonly Transfer[], on: CalendarDate | null): DayAgreement[] {
  const groups = Map.groupBy(transfers.filter((t) => on === null || t.on === on), (t) => `${t.partnerId} ${t.currency} ${t.on}`);
  const sum = (group: readonly Transfer[], pick: (t: Transfer) => bigint): bigint => group.reduce((total, t) => total + pick(t), 0n);
  return [...groups.values()].map((group) => {
    const [{ partnerId, currency, on: day }] = group as [Transfer];
    return {
      partnerId, currency, on: day, credits: group.reduce((n, t) => n + t.liveCredits, 0), creditedMinor: sum(group, (t) => t.creditedMinor),
      linesMinor: group.some((t) => t.linesMinor === null) ? null : sum(group, (t) => t.linesMinor ?? 0n),
      feesMinor: sum(group, (t) => t.feesMinor), postedMinor: sum(group, (t) => t.postedMinor), suspenseMinor: sum(group, (t) => t.restMinor),
    };
  });
}
