import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { addDays, calendarDate, openDaysBetween } from '../../../platform/dates.ts';
import type { CalendarDate, OfficeDays } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { officeDay } from '../../cases/index.ts';
import { findPartner, getPartner, rateOperation } from '../../partners/index.ts';
import { readDaySettings } from '../days/day-settings.ts';
import { ageBands, bandOf, clockState, compareReceipt, exchangeDifference, OPEN_STATES, OUTGOING_STATES, stateOf } from './outgoing.rules.ts';
import type { AgeBand, ClockState, OutgoingState, SentVersusReceived } from './outgoing.rules.ts';
import { selectInTransit, selectMonths, selectOutgoing, selectOutgoingGroups, selectReceipts } from './outgoing.store.ts';
import type { MonthRow, OutgoingOrder, OutgoingRow, ReceiptRow } from './outgoing.store.ts';

const PAGE_SIZE = 50;
const EXPORT_ROWS = 2_000;
const OLDEST_FIRST: OutgoingOrder = { by: 'issued', isDescending: false };
const ANSWERED_SHOWN_DAYS = 7;
const DISBURSE_CLOCK = 'collection.disburse';
const STATE_ZONE = 'America/Los_Angeles';

export interface OutgoingLine extends OutgoingRow, SentVersusReceived {
  readonly state: OutgoingState;
  /** More or less than the frozen rate would have made, in the currency delivered; null where none was frozen. */
  readonly exchangeMinor: bigint | null;
  /** Days on which the State's offices, and the partner's own, were open since it was issued, until it was settled or until today. */
  readonly stateDays: number;
  readonly partnerDays: number;
}

export interface OutgoingTotal {
  readonly partnerId: string;
  readonly currency: string;
  readonly counts: Readonly<Record<OutgoingState, number>>;
  readonly minors: Readonly<Record<OutgoingState, bigint>>;
  /** What lies with the partner, by age in days of the State's offices. */
  readonly bands: readonly { readonly band: AgeBand; readonly count: number; readonly minor: bigint }[];
  readonly openMinor: bigint;
  /** What the ledger says is in transit. */
  readonly ledgerMinor: bigint;
}

function partnerIsOpen(days: OfficeDays, partnerId: string): (date: CalendarDate) => boolean {
  const profile = findPartner(partnerId);
  if (profile === null) return (date) => days.isOfficeOpen('us-ca', date);
  const { id, alsoClosed } = profile.calendar.value;
  return (date) => [id, ...alsoClosed].every((calendarId) => days.isOfficeOpen(calendarId, date));
}

function lineOf(row: OutgoingRow, days: OfficeDays, today: CalendarDate, dayCounts: Map<string, number>): OutgoingLine {
  const until = row.settledOn ?? today;
  const counted = (who: string, isOpen: (date: CalendarDate) => boolean): number => {
    const key = `${who} ${row.issuedOn} ${until}`;
    const known = dayCounts.get(key) ?? openDaysBetween(row.issuedOn, until, isOpen);
    dayCounts.set(key, known);
    return known;
  };
  const forwarding = findPartner(row.partnerId)?.files.forwarding?.value;
  const receipt = row.outcome === 'posted'
    ? compareReceipt({ sentMinor: row.amountMinor, sentCurrency: row.currency, rate: row.rate, rateOperation: forwarding ? rateOperation(forwarding) : 'multiply', feeMinor: row.feeMinor, deliveredMinor: row.deliveredMinor, deliveredCurrency: row.deliveredCurrency })
    : { worthMinor: null, residueMinor: null, verdict: 'not_told' as const };
  return {
    ...row, ...receipt, state: stateOf(row),
    exchangeMinor: exchangeDifference({ sentMinor: row.amountMinor, sentCurrency: row.currency, worthMinor: receipt.worthMinor, deliveredCurrency: row.deliveredCurrency }, row.frozen),
    stateDays: counted('us-ca', (date) => days.isOfficeOpen('us-ca', date)),
    partnerDays: counted(row.partnerId, partnerIsOpen(days, row.partnerId)),
  };
}

export interface OutgoingQuery {
  readonly partnerId?: string;
  /** Absent: what lies with partners. `all`: every state. */
  readonly state?: OutgoingState | 'open' | 'all';
  readonly month?: string;
  readonly sort?: OutgoingOrder;
  readonly page?: number;
}

function assertMay(ctx: Ctx, partnerId: string | undefined): void {
  authorise(ctx, 'reconciliation.view');
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
  if (partnerId !== undefined) getPartner(partnerId);
}

const statesOf = (state: OutgoingQuery['state']): readonly string[] | null =>
  (state === 'all' ? null : state === undefined || state === 'open' || !OUTGOING_STATES.includes(state) ? OPEN_STATES : [state]);

/**
 * Disbursements through partners, with what became of them and how old they are, the oldest first; a page of fifty. Days are counted as the
 * State's offices and as the partner's own are open.
 *
 * @throws AppError forbidden `reconciliation.all_counties_needed`; not_found `partner.unknown`.
 */
export async function listOutgoing(ctx: Ctx, days: OfficeDays, wanted: OutgoingQuery = {}): Promise<{ lines: OutgoingLine[]; total: number; page: number; pageSize: number }> {
  assertMay(ctx, wanted.partnerId);
  const page = Math.min(Math.max(1, Math.trunc(wanted.page ?? 1) || 1), 1_000_000);
  const today = officeDay(ctx.clock);
  const found = await inTransaction(ctx, (tx) => selectOutgoing(tx, {
    partnerId: wanted.partnerId ?? null, states: statesOf(wanted.state), month: monthOf(wanted.month), order: wanted.sort ?? OLDEST_FIRST, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE,
  }));
  const counts = new Map<string, number>();
  return { lines: found.rows.map((row) => lineOf(row, days, today, counts)), total: found.total, page, pageSize: PAGE_SIZE };
}

const monthOf = (month: string | undefined): string | null => (month !== undefined && /^\d{4}-\d{2}$/.test(month) ? month : null);

/** Every line of such a list, for an export; read page by page, so that it fits into memory however long it is. */
export async function* streamOutgoing(ctx: Ctx, days: OfficeDays, wanted: Omit<OutgoingQuery, 'page'> = {}): AsyncGenerator<OutgoingLine> {
  assertMay(ctx, wanted.partnerId);
  const today = officeDay(ctx.clock);
  const counts = new Map<string, number>();
  for (let offset = 0; ; offset += EXPORT_ROWS) {
    const { rows } = await inTransaction(ctx, (tx) => selectOutgoing(tx, {
      partnerId: wanted.partnerId ?? null, states: statesOf(wanted.state), month: monthOf(wanted.month), order: wanted.sort ?? OLDEST_FIRST, limit: EXPORT_ROWS, offset,
    }));
    for (const row of rows) yield lineOf(row, days, today, counts);
    if (rows.length < EXPORT_ROWS) return;
  }
}

/** What lies with each partner and how old it is, and what the ledger says is in transit: to the cent the same. */
export async function outgoingTotals(ctx: Ctx, days: OfficeDays, wanted: { partnerId?: string } = {}): Promise<OutgoingTotal[]> {
  assertMay(ctx, wanted.partnerId);
  const partnerId = wanted.partnerId ?? null;
  const { groups, inTransit } = await inTransaction(ctx, async (tx) => ({ groups: await selectOutgoingGroups(tx, partnerId), inTransit: await selectInTransit(tx, partnerId) }));
  const today = officeDay(ctx.clock);
  const limits = readDaySettings(ctx).ageing;
  const keys = new Set([...groups.map((g) => `${g.partnerId} ${g.currency}`), ...inTransit.keys()]);
  return [...keys].sort().map((key) => {
    const [partner = '', currency = ''] = key.split(' ');
    const own = groups.filter((g) => g.partnerId === partner && g.currency === currency);
    const perState = <T>(of: (state: OutgoingState) => T) => Object.fromEntries(OUTGOING_STATES.map((state) => [state, of(state)])) as Record<OutgoingState, T>;
    const inState = (state: string) => own.filter((g) => g.state === state);
    const bands = ageBands(limits).map((band) => ({ band, count: 0, minor: 0n }));
    for (const g of own.filter((each) => OPEN_STATES.includes(each.state as OutgoingState))) {
      const band = bands[bandOf(openDaysBetween(g.issuedOn, today, (date) => days.isOfficeOpen('us-ca', date)), limits)];
      if (band) Object.assign(band, { count: band.count + g.count, minor: band.minor + g.amountMinor });
    }
    return {
      partnerId: partner, currency, bands, ledgerMinor: inTransit.get(key) ?? 0n, openMinor: bands.reduce((sum, b) => sum + b.minor, 0n),
      counts: perState((state) => inState(state).reduce((n, g) => n + g.count, 0)), minors: perState((state) => inState(state).reduce((sum, g) => sum + g.amountMinor, 0n)),
    };
  });
}

/** Sent against received, by partner and month of delivery, each amount in the currency in which it was. */
export async function sentVersusReceived(ctx: Ctx, wanted: { partnerId?: string } = {}): Promise<MonthRow[]> {
  assertMay(ctx, wanted.partnerId);
  return inTransaction(ctx, (tx) => selectMonths(tx, wanted.partnerId ?? null));
}

export interface ReceiptClock extends ReceiptRow {
  readonly from: CalendarDate;
  readonly due: CalendarDate;
  readonly state: ClockState;
  readonly citation: string;
}

/**
 * The clock of each collection that reached the State Disbursement Unit (`collection.disburse`): it starts when the converted funds are there
 * (PIQ-03-04) and the payee is known, which for a line out of suspense is the later day, and ends when the State's case system has taken the
 * posting. Lines still in suspense are counted: their clock has not started.
 */
export async function disbursementClocks(ctx: Ctx, days: OfficeDays, wanted: { page?: number } = {}): Promise<{ clocks: ReceiptClock[]; total: number; page: number; pageSize: number; unidentified: number; citation: string }> {
  assertMay(ctx, undefined);
  const page = Math.min(Math.max(1, Math.trunc(wanted.page ?? 1) || 1), 1_000_000);
  const today = officeDay(ctx.clock);
  const found = await inTransaction(ctx, (tx) => selectReceipts(tx, { answeredSince: addDays(today, -ANSWERED_SHOWN_DAYS), limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }));
  return { total: found.total, unidentified: found.unidentified, citation: days.dueDate(DISBURSE_CLOCK, today).citation, page, pageSize: PAGE_SIZE, clocks: found.rows.map((row) => clockOf(row, days, today)) };
}

function clockOf(row: ReceiptRow, days: OfficeDays, today: CalendarDate): ReceiptClock {
  const identifiedOn = calendarDate(row.proposedAt, STATE_ZONE);
  const from = identifiedOn > row.receivedOn ? identifiedOn : row.receivedOn;
  const { due, citation } = days.dueDate(DISBURSE_CLOCK, from);
  return { ...row, from, due, citation, state: clockState(due, row.status === 'accepted' ? row.processedOn : null, today) };
}
