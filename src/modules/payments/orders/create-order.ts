import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { keepFile } from '../../../platform/files.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { officeDay } from '../../cases/index.ts';
import { getPartner } from '../../partners/index.ts';
import { PAIN_001, creditTransferElements, creditTransferFindings, unfitFor } from '../formats/iso20022/pain001.rules.ts';
import type { CreditTransfer } from '../formats/iso20022/pain001.rules.ts';
import { writeXml } from '../formats/iso20022/xml-tree.ts';
import { cappedFindings } from '../import-summary.rules.ts';
import { BEARER, messageIdOf } from './order.rules.ts';
import { insertOrder, lockOrders, selectOrderable } from './order.store.ts';
import type { Orderable } from './order.store.ts';
import { selectReported } from './reported.store.ts';
import type { Reported } from './reported.store.ts';

/** Payments in one order; what is left waits for the next. */
const LINES_MAX = 50_000;
const ORDER_BYTES_MAX = 64 * 1024 * 1024;

export interface OrderToMake {
  readonly partnerId: string;
  /** Only disbursements of this batch of the register. */
  readonly batchId?: string | null;
  readonly currency?: string | null;
  /** The day on which the bank shall pay; today where nothing is said. */
  readonly executionOn?: CalendarDate | null;
  /** Also what the bank refused before. */
  readonly again?: boolean;
}

export interface MadeOrder {
  /** Null where nothing waits. */
  readonly orderId: string | null;
  readonly payments: number;
  readonly amountMinor: bigint;
  readonly currency: string | null;
  readonly sha256: string | null;
  readonly held: number;
  /** What the partner has reported on already: to order it would be to pay it twice. */
  readonly reported: number;
  readonly refusedBefore: number;
  readonly findings: readonly Finding[];
}

/**
 * Makes an order to the bank to pay a partner every disbursement that no order has yet (pain.001.001.09). What is held, was reported on,
 * was refused before or cannot be carried by the message is told and left out. Somebody else must release the order before it can be exported. Nothing moves in the ledger: contract 6 moves
 * the money when the disbursement is registered.
 *
 * @throws AppError `orders.no_account`, `orders.currency_needed`, `orders.date_invalid`, `orders.message_invalid`, `partner.unknown`.
 */
export async function createOrder(ctx: Ctx, wanted: OrderToMake): Promise<MadeOrder> {
  authorise(ctx, 'orders.create');
  // Whoever sees only some counties would not see the holds of the others.
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
  const executionOn = wanted.executionOn ?? officeDay(ctx.clock);
  if (!isCalendarDate(executionOn) || executionOn < officeDay(ctx.clock)) throw new AppError('invalid', 'orders.date_invalid');
  const partner = getPartner(wanted.partnerId);
  if (!partner.paymentOrders) throw new AppError('invalid', 'orders.no_account', { params: { partner: wanted.partnerId } });
  return inTransaction(ctx, async (tx) => {
    await lockOrders(tx);
    const { currency, lines, left, counts } = await sortOut(tx, wanted);
    if (lines.length === 0) return { orderId: null, payments: 0, amountMinor: 0n, currency, sha256: null, ...counts, findings: cappedFindings(left) };
    const isConfirmed = partner.paymentOrders?.confirmed === true;
    const made = await make(tx, { partnerId: wanted.partnerId, executionOn, currency: currency as string, isConfirmed }, lines);
    const findings: Finding[] = isConfirmed ? left : [{ code: 'orders.accounts_unconfirmed', severity: 'warn', path: 'paymentOrders' }, ...left];
    return { ...made, currency, ...counts, findings: cappedFindings(findings) };
  });
}

interface Sorted { readonly currency: string | null; readonly lines: Orderable[]; readonly left: Finding[]; readonly counts: Pick<MadeOrder, 'held' | 'reported' | 'refusedBefore'> }

async function sortOut(tx: TxCtx, wanted: OrderToMake): Promise<Sorted> {
  const all = await selectOrderable(tx, { partnerId: wanted.partnerId, batchId: wanted.batchId ?? null, limit: LINES_MAX });
  const currency = currencyOf(all, wanted.currency ?? null);
  const waiting = all.filter((one) => one.currency === currency);
  const told = await selectReported(tx, wanted.partnerId);
  const held = waiting.filter((one) => one.hold !== null);
  const free = waiting.filter((one) => one.hold === null);
  const reported = free.flatMap((one) => told.get(one.disbursementId) ?? []);
  const unheard = free.filter((one) => !told.has(one.disbursementId));
  const refused = wanted.again === true ? [] : unheard.filter((one) => one.refusedFor !== null);
  const orderable = unheard.filter((one) => one.refusedFor === null || wanted.again === true);
  const unfit = orderable.flatMap(unfitFindings);
  const lines = orderable.filter((one) => unfitFindings(one).length === 0);
  return {
    currency, lines, left: [...held.map(heldFinding), ...reported.map(reportedFinding), ...refused.map(refusedFinding), ...unfit],
    counts: { held: held.length, reported: reported.length, refusedBefore: refused.length },
  };
}

/** What an order would hold if it were made now, and what it would leave out and why. @throws AppError `orders.currency_needed`, `partner.unknown`. */
export async function previewOrder(ctx: Ctx, wanted: OrderToMake): Promise<Omit<MadeOrder, 'orderId' | 'sha256'>> {
  authorise(ctx, 'orders.view');
  getPartner(wanted.partnerId);
  return inTransaction(ctx, async (tx) => {
    const { currency, lines, left, counts } = await sortOut(tx, wanted);
    return { payments: lines.length, amountMinor: lines.reduce((sum, one) => sum + one.amountMinor, 0n), currency, ...counts, findings: cappedFindings(left) };
  });
}

const heldFinding = (one: Orderable): Finding =>
  ({ code: one.hold === 'disbursement.returned' ? 'orders.held_returned' : 'orders.held_taken_back', severity: 'warn', path: one.disbursementId, params: { disbursement: one.disbursementId } });
const reportedFinding = ({ disbursementId, as, file, line }: Reported): Finding =>
  ({ code: `orders.reported_${as}`, severity: 'warn', path: disbursementId, params: { disbursement: disbursementId, file, line } });
const unfitFindings = ({ disbursementId, amountMinor }: Orderable): Finding[] => {
  const why = unfitFor({ endToEndId: disbursementId, amountMinor });
  return why === null ? [] : [{ code: `orders.unfit_${why}`, severity: 'warn', path: disbursementId, params: { disbursement: disbursementId } }];
};
const refusedFinding = (one: Orderable): Finding =>
  ({ code: 'orders.refused_before', severity: 'warn', path: one.disbursementId, params: { disbursement: one.disbursementId, reason: one.refusedFor === '' ? '–' : one.refusedFor } });

/** An order is of one currency; of several somebody must say which. */
function currencyOf(all: readonly Orderable[], wanted: string | null): string | null {
  if (wanted !== null) return wanted;
  const currencies = [...new Set(all.map((one) => one.currency))];
  if (currencies.length > 1) throw new AppError('invalid', 'orders.currency_needed', { params: { currencies: currencies.sort().join(' ') } });
  return currencies[0] ?? null;
}

interface Terms { readonly partnerId: string; readonly executionOn: CalendarDate; readonly currency: string; readonly isConfirmed: boolean }

async function make(ctx: TxCtx, terms: Terms, lines: readonly Orderable[]): Promise<{ orderId: string; payments: number; amountMinor: bigint; sha256: string }> {
  const orderId = newId('ord');
  const message = messageOf(ctx, orderId, terms, lines);
  const faults = creditTransferFindings(message);
  if (faults.length > 0) throw new AppError('invalid', 'orders.message_invalid', { findings: cappedFindings(faults) });
  const bytes = Buffer.from(writeXml(PAIN_001, creditTransferElements(message)), 'utf8');
  const kept = await keepFile(ctx, { fileName: `${orderId}.xml`, source: bytes, bytesMax: ORDER_BYTES_MAX, partner: null });
  const amountMinor = lines.reduce((sum, one) => sum + one.amountMinor, 0n);
  await insertOrder(ctx, {
    orderId, partnerId: terms.partnerId, messageId: message.messageId, currency: terms.currency, bearer: message.bearer, executionOn: terms.executionOn, lines: lines.length, sumMinor: amountMinor,
    fileId: kept.fileId, sha256: kept.sha256, accountsConfirmed: terms.isConfirmed,
  }, lines);
  await recordAudit(ctx, {
    action: 'orders.created', subject: { type: 'payment_order', id: orderId }, partner: terms.partnerId, details: { payments: lines.length, currency: terms.currency, sha256: kept.sha256 },
  });
  return { orderId, payments: lines.length, amountMinor, sha256: kept.sha256 };
}

function messageOf(ctx: TxCtx, orderId: string, terms: Terms, lines: readonly Orderable[]): CreditTransfer {
  const partner = getPartner(terms.partnerId);
  const { debtor, creditor } = (partner.paymentOrders as NonNullable<typeof partner.paymentOrders>).value;
  const messageId = messageIdOf(orderId);
  return {
    messageId, paymentId: `${messageId}-1`, createdAt: `${ctx.clock.now().toISOString().slice(0, 19)}Z`, initiator: debtor.name, executionOn: terms.executionOn,
    bearer: BEARER[partner.fees.value.charges], currency: terms.currency, debtor, creditor,
    payments: lines.map((line) => ({ endToEndId: line.disbursementId, amountMinor: line.amountMinor })),
  };
}
