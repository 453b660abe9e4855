import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { DecisionParams } from './decision.store.ts';
import type { Action, ItemRef } from './suspense.rules.ts';
import { lockLineFacts, selectTransferMoney } from './line-facts.store.ts';
import type { LineFacts } from './line-facts.store.ts';

/** A decision that could be carried out now: what it is about, and how. Made once when it is proposed and again when it is approved. */
export type Plan = {
  readonly partnerId: string | null;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  /** What the item says now; another answer at the approval means that the world has changed. */
  readonly seen: string;
  /** Something a second person should look at, whatever the amount. */
  readonly isUnusual: boolean;
  readonly execute: (decisionId: string) => Promise<void>;
};

export type Planner = (ctx: TxCtx, ref: ItemRef, params: DecisionParams) => Promise<Plan>;
export type Planners = Readonly<Record<Action, Planner>>;

export const seenLine = (line: LineFacts): string => [line.outcome, line.decidedAt.toISOString(), line.decisionId ?? '', ...line.reasons].join('|');

/** @throws AppError not_found `suspense.item_unknown`. */
export async function lineOf(ctx: TxCtx, ref: ItemRef): Promise<LineFacts> {
  const line = ref.kind === 'line' ? await lockLineFacts(ctx, ref.fileId, ref.lineNumber) : null;
  if (line === null) throw new AppError('not_found', 'suspense.item_unknown');
  return line;
}

/** A line that still waits for somebody. @throws AppError conflict `suspense.no_longer`, `suspense.return_ordered`. */
export function assertWaits(line: LineFacts): void {
  if (line.outcome !== 'suspense' && line.outcome !== 'rejected') throw new AppError('conflict', 'suspense.no_longer', { params: { outcome: line.outcome } });
  if (line.reasons.includes('decided.return_ordered')) throw new AppError('conflict', 'suspense.return_ordered');
}

export type Money = { readonly amountMinor: bigint; readonly currency: string; readonly isHere: boolean; readonly isDoubtful: boolean };

/**
 * Whether the money of a collection is there to be booked. What has not come makes the line wait; where a transfer does not add up,
 * or the line is not counted in it, so much must be left over as the line says, and that is for two people.
 *
 * @throws AppError `suspense.amount_missing`, conflict `suspense.money_missing`.
 */
export async function moneyOf(ctx: TxCtx, line: LineFacts): Promise<Money> {
  const { settledMinor, settledCurrency, transferState } = line;
  if (settledMinor === null || settledMinor <= 0n || settledCurrency === null) throw new AppError('invalid', 'suspense.amount_missing');
  const here = { amountMinor: settledMinor, currency: settledCurrency, isHere: true };
  const isCounted = !line.reasons.includes('duplicate.possible_repeat');
  if (transferState === 'agrees' && isCounted) return { ...here, isDoubtful: false };
  if (line.transfer === null || line.creditedOn === null || (transferState !== 'agrees' && transferState !== 'differs')) return { ...here, isHere: false, isDoubtful: false };
  const { leftMinor, wantedMinor } = await selectTransferMoney(ctx, line.partnerId, line.transfer);
  const free = transferState === 'agrees' ? leftMinor - wantedMinor : leftMinor;
  if (line.creditCurrency !== settledCurrency || free < settledMinor) throw new AppError('conflict', 'suspense.money_missing');
  return { ...here, isDoubtful: true };
}

/** The key under which a line's money is booked: as the rules would, unless another line came first under its reference or it was booked before. */
export function bookingKey(line: LineFacts): string {
  const again = line.timesTakenBack > 0 ? `:again${line.timesTakenBack}` : '';
  const anew = line.timesUnmatched > 0 ? `:matched${line.timesUnmatched + 1}` : '';
  return `${ownKey(line)}${again}${anew}`;
}

/** Which line it is, however often its money is booked. */
export const ownKey = (line: LineFacts): string => (line.isLater ? `${line.kind}:${line.partnerId}:line:${line.fileId}:${line.lineNumber}` : line.baseKey);

export const textParam = (params: DecisionParams, name: string): string => {
  const value = params[name];
  return typeof value === 'string' ? value : '';
};
