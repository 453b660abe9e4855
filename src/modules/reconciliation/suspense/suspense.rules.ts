// What people may decide about items in suspense. Pure: facts in, verdict out.
import { AppError } from '../../../platform/errors.ts';
import { addDays, daysBetween } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { parseMajor, splitByWeights } from '../../../platform/money.ts';
import { typedAmount } from '../../../platform/typed-amount.rules.ts';

export const ITEM_KINDS = ['line', 'credit', 'debit'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

export type ItemRef =
  | { readonly kind: 'line'; readonly fileId: string; readonly lineNumber: number }
  | { readonly kind: 'credit' | 'debit'; readonly entryId: string }
  | { readonly kind: 'hold'; readonly holdId: string };

const KEY = /^(?:line-(fil_[0-9A-Z]{26})-([1-9]\d{0,8})|(credit|debit)-(crd_[0-9A-Z]{26})|hold-([0-9a-f]{32}))$/;

/** What an item's key names; null when it is none. */
export function itemRef(key: string): ItemRef | null {
  const found = KEY.exec(key);
  if (found === null) return null;
  const [, fileId, line, entry, entryId, holdId] = found;
  if (fileId !== undefined) return { kind: 'line', fileId, lineNumber: Number(line) };
  if (entryId !== undefined) return { kind: entry as 'credit' | 'debit', entryId };
  return { kind: 'hold', holdId: holdId as string };
}

export const lineKey = (fileId: string, lineNumber: number): string => `line-${fileId}-${lineNumber}`;

export const ACTIONS = ['match', 'split', 'unmatch', 'duplicate', 'return', 'cancel_return', 'refuse', 'close', 'release_hold', 'assign'] as const;
export type Action = (typeof ACTIONS)[number];

/** Why somebody decides so; closed lists, because free text is for notes. */
export const REASONS: Readonly<Record<Action | 'hold' | 'reject', readonly string[]>> = {
  match: ['number_confirmed', 'names_confirmed', 'partner_confirmed', 'court_paper', 'other'],
  split: ['partner_confirmed', 'several_cases_named', 'court_paper', 'other'],
  unmatch: ['wrong_case', 'wrong_person', 'wrong_disbursement', 'posted_twice', 'other'],
  duplicate: ['same_payment', 'sent_again', 'other'],
  return: ['not_ours', 'case_closed', 'payer_unknown', 'sender_asked', 'paid_twice', 'other'],
  cancel_return: ['owner_found', 'sender_withdrew', 'other'],
  refuse: ['other_person', 'other_case', 'partner_denied', 'other'],
  close: ['not_ours', 'bank_fee', 'own_payment', 'settled_otherwise', 'other'],
  assign: ['partner_confirmed', 'sum_agrees', 'other'],
  hold: ['partner_asked', 'court_pending', 'paper_awaited', 'other'],
  release_hold: ['money_recovered', 'paid_otherwise', 'hold_mistaken', 'other'],
  reject: ['wrong_case', 'not_proven', 'other'],
};

export type FourEyes = {
  readonly confirmed: boolean;
  readonly limit: { readonly amount: string; readonly currency: string };
  readonly always: readonly string[];
  /** What takes two people only above the limit; anything else is one person's. */
  readonly aboveLimit: readonly string[];
  readonly leaseMinutes: number;
};

export type Weight = { readonly action: Action; readonly amountMinor: bigint | null; readonly currency: string | null; readonly isUnusual: boolean };

/** Whether a second person has to agree: always for some actions and unusual ones, else above the limit. What the limit cannot measure is above it. */
export function needsSecond(rule: FourEyes, { action, amountMinor, currency, isUnusual }: Weight): boolean {
  if (rule.always.includes(action) || isUnusual) return true;
  if (!rule.aboveLimit.includes(action)) return false;
  const limit = parseMajor(rule.limit.amount, rule.limit.currency);
  return amountMinor === null || currency !== rule.limit.currency || limit === null || amountMinor > limit;
}

/** The reason that no list names: it is said in the note, or nothing is said at all. */
export const OTHER_REASON = 'other';

/** `note` is null where none is owed. @throws AppError `suspense.reason_unknown`, `suspense.note_needed`. */
export function checkReason(action: keyof typeof REASONS, reason: string, note: string | null): void {
  if (!REASONS[action].includes(reason)) throw new AppError('invalid', 'suspense.reason_unknown', { params: { field: 'reason' } });
  if (reason === OTHER_REASON && note?.trim() === '') throw new AppError('invalid', 'suspense.note_needed', { params: { field: 'note' } });
}

export type Part = { readonly caseId: string; readonly amountMinor: bigint };

const PARTS_MAX = 20;

/**
 * The parts of a split line. Amounts are typed for all cases or for none; without any the line is shared out by the weights given
 * (equal where there are none), to the cent, by largest remainder, ties by case number.
 *
 * @throws AppError `suspense.split_too_few`, `suspense.split_too_many`, `suspense.split_case_twice`, `suspense.split_amount_unreadable`, `suspense.split_sum_differs`.
 */
export function splitParts(total: { amountMinor: bigint; currency: string }, wanted: readonly { caseId: string; amount: string }[], weights: ReadonlyMap<string, bigint> = new Map()): Part[] {
  const cases = wanted.map((w) => w.caseId);
  if (cases.length < 2) throw new AppError('invalid', 'suspense.split_too_few', { params: { field: 'parts' } });
  if (cases.length > PARTS_MAX) throw new AppError('invalid', 'suspense.split_too_many', { params: { field: 'parts', most: PARTS_MAX } });
  if (new Set(cases).size !== cases.length) throw new AppError('invalid', 'suspense.split_case_twice', { params: { field: 'parts' } });
  if (wanted.every((w) => w.amount.trim() === '')) return byLargestRemainder(total.amountMinor, cases, weights);
  const parts = wanted.map(({ caseId, amount }) => {
    const minor = typedAmount(amount, total.currency);
    if (minor === null || minor <= 0n) throw new AppError('invalid', 'suspense.split_amount_unreadable', { params: { field: 'parts', caseId } });
    return { caseId, amountMinor: minor };
  });
  if (parts.reduce((sum, p) => sum + p.amountMinor, 0n) !== total.amountMinor) throw new AppError('invalid', 'suspense.split_sum_differs', { params: { field: 'parts' } });
  return parts;
}

function byLargestRemainder(total: bigint, cases: readonly string[], weights: ReadonlyMap<string, bigint>): Part[] {
  const sorted = cases.toSorted();
  const shares = splitByWeights(total, sorted.map((caseId) => { const weight = weights.get(caseId) ?? 0n; return weight > 0n ? weight : 0n; }));
  if (shares.some((minor) => minor <= 0n)) throw new AppError('invalid', 'suspense.split_amount_unreadable', { params: { field: 'parts' } });
  return cases.map((caseId) => ({ caseId, amountMinor: shares[sorted.indexOf(caseId)] as bigint }));
}

export const BUCKETS = ['0-2', '3-7', '8-30', '31-90', 'over-90'] as const;
export type Bucket = (typeof BUCKETS)[number];
const LAST_DAYS = [2, 7, 30, 90] as const;

/** Whether offices are open on a day: business days are counted by the State's calendar, which the caller knows. */
export type IsOpen = (date: CalendarDate) => boolean;

const DAYS_BACK_MAX = 400;

/** How many days old, counting open days only: the day itself is day 0. */
export function ageInDays(from: CalendarDate, today: CalendarDate, isOpen: IsOpen): number {
  if (from >= today) return 0;
  const total = daysBetween(from, today);
  if (total > DAYS_BACK_MAX) return Math.max(LAST_DAYS[3] + 1, Math.round((total * 5) / 7));
  let age = 0;
  for (let i = 1; i <= total; i++) if (isOpen(addDays(from, i))) age++;
  return age;
}

export function bucketOf(age: number): Bucket {
  const place = LAST_DAYS.findIndex((last) => age <= last);
  return BUCKETS[place === -1 ? BUCKETS.length - 1 : place] as Bucket;
}

export type BucketLimits = { readonly from: CalendarDate | null; readonly to: CalendarDate | null };

/** The first and the last day on which something must have come in to be of that age today. */
export function daysOfBucket(bucket: Bucket, today: CalendarDate, isOpen: IsOpen): BucketLimits {
  const place = BUCKETS.indexOf(bucket);
  return {
    from: place === BUCKETS.length - 1 ? null : oldestWithAge(LAST_DAYS[place] as number, today, isOpen),
    to: place === 0 ? null : addDays(oldestWithAge(LAST_DAYS[place - 1] as number, today, isOpen), -1),
  };
}

function oldestWithAge(age: number, today: CalendarDate, isOpen: IsOpen): CalendarDate {
  let [date, counted] = [today, 0];
  for (let i = 0; i < DAYS_BACK_MAX; i++) {
    const step = isOpen(date) ? 1 : 0;
    if (counted + step > age) return date;
    counted += step;
    date = addDays(date, -1);
  }
  return date;
}
