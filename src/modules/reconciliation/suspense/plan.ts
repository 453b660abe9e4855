import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { DecisionParams } from './decision.store.ts';
import { canonicalNumber } from '../matching/printed-number.rules.ts';
import type { Action, ItemRef } from './suspense.rules.ts';
import { lockLineFacts, selectCaseFacts, selectTransferMoney } from './line-facts.store.ts';
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
 * Whether the money of a collection is there to be booked. What has not come makes the line wait. So much must always be left of its
 * transfer as the line says; where that does not add up, or the line is not counted in it, it must be left over, and that is for two people.
 *
 * @throws AppError `suspense.amount_missing`, conflict `suspense.money_missing`.
 */
export async function moneyOf(ctx: TxCtx, line: LineFacts): Promise<Money> {
  const money = await findMoney(ctx, line);
  if (money === null) throw new AppError('conflict', 'suspense.money_missing');
  return money;
}

/** The same; null where the transfer's money has come and is spent. @throws AppError `suspense.amount_missing`. */
export async function findMoney(ctx: TxCtx, line: LineFacts): Promise<Money | null> {
  const { settledMinor, settledCurrency, transferState } = line;
  if (settledMinor === null || settledMinor <= 0n || settledCurrency === null) throw new AppError('invalid', 'suspense.amount_missing');
  const here = { amountMinor: settledMinor, currency: settledCurrency, isHere: true };
  const isCounted = transferState === 'agrees' && !line.reasons.includes('duplicate.possible_repeat');
  if (line.transfer === null || line.creditedOn === null || (transferState !== 'agrees' && transferState !== 'differs')) return { ...here, isHere: false, isDoubtful: false };
  const { leftMinor, wantedMinor } = await selectTransferMoney(ctx, line.partnerId, line.transfer);
  const free = transferState === 'agrees' && !isCounted ? leftMinor - wantedMinor : leftMinor;
  return line.creditCurrency !== settledCurrency || free < settledMinor ? null : { ...here, isDoubtful: !isCounted };
}

/** The key under which a line's money is booked: as the rules would, unless another line came first under its reference or it was booked before. */
export function bookingKey(line: LineFacts): string {
  const again = line.timesTakenBack > 0 ? `:again${line.timesTakenBack}` : '';
  const anew = line.timesUnmatched > 0 ? `:matched${line.timesUnmatched + 1}` : '';
  const key = `${ownKey(line)}${again}${anew}`;
  if (!line.isMirrored || line.postedKey === null || !(line.postedKey === key || line.postedKey.startsWith(`${key}:anew`))) return key;
  // Taken back with a credit that was not its transfer's own.
  return `${key}:anew${Number(/:anew(\d+)$/.exec(line.postedKey)?.[1] ?? '1') + 1}`;
}

/** Which line it is, however often its money is booked. */
export const ownKey = (line: LineFacts): string => (line.isLater ? `${line.kind}:${line.partnerId}:line:${line.fileId}:${line.lineNumber}` : line.baseKey);

export const textParam = (params: DecisionParams, name: string): string => {
  const value = params[name];
  return typeof value === 'string' ? value : '';
};

/** Whether a printed number is that of a case of ours, whichever. */
export async function isOwnNumber(ctx: TxCtx, printed: string): Promise<boolean> {
  const number = canonicalNumber(printed);
  return (await selectCaseFacts(ctx, [number])).size > 0;
}
