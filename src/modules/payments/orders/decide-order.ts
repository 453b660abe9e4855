import type { Readable } from 'node:stream';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { openKeptFile } from '../../../platform/files.ts';
import { recordAudit } from '../../audit/index.ts';
import { isSecondPerson } from '../../identity/index.ts';
import { decideOrder, findOrder, lockOrders, noteExport, selectHeldSince, selectLines, selectOrders, selectStatuses } from './order.store.ts';
import { selectReported } from './reported.store.ts';
import type { OrderOrder, OrderLine, OrderRow, OrderStatus } from './order.store.ts';

/**
 * Releases an order: from then on it can be exported. Never by whoever made it, and not while one of its payments is held, reported on or
 * settled since: then the order is withdrawn and made anew.
 *
 * @throws AppError `orders.unknown`, `orders.already_decided`, `orders.four_eyes`, `orders.held_since`.
 */
export async function releaseOrder(ctx: Ctx, orderId: string): Promise<void> {
  authorise(ctx, 'orders.release');
  await inTransaction(ctx, async (tx) => {
    const order = await undecided(tx, orderId);
    if (!(await isSecondPerson(tx, order.createdBy))) throw new AppError('forbidden', 'orders.four_eyes', { params: { orderId } });
    await assertPayable(tx, order);
    await decideOrder(tx, orderId, 'released');
    await recordAudit(tx, { action: 'orders.released', subject: { type: 'payment_order', id: orderId }, partner: order.partnerId, details: { sha256: order.sha256 } });
  });
}

async function assertPayable(ctx: TxCtx, order: OrderRow): Promise<void> {
  const held = await mayNotBePaid(ctx, order);
  if (held.length > 0) throw new AppError('conflict', 'orders.held_since', { params: { orderId: order.orderId, count: held.length }, findings: held });
}

async function mayNotBePaid(ctx: TxCtx, order: OrderRow): Promise<Finding[]> {
  const held = await selectHeldSince(ctx, order.orderId);
  const told = await selectReported(ctx, order.partnerId);
  const reported = (await selectLines(ctx, order.orderId)).flatMap((line) => (held.includes(line.disbursementId) ? [] : told.get(line.disbursementId) ?? []));
  return [
    ...held.map((id): Finding => ({ code: 'orders.held_line', severity: 'block', path: id, params: { disbursement: id } })),
    ...reported.map((one): Finding => ({ code: `orders.reported_${one.as}`, severity: 'block', path: one.disbursementId, params: { disbursement: one.disbursementId, file: one.file, line: one.line } })),
  ];
}

/** Takes an order back before its message has left, released or not: its disbursements may be ordered again. @throws AppError `orders.unknown`, `orders.already_decided`. */
export async function withdrawOrder(ctx: Ctx, orderId: string): Promise<void> {
  authorise(ctx, 'orders.create');
  await inTransaction(ctx, async (tx) => {
    await lockOrders(tx);
    const order = await getOrder(tx, orderId);
    if (!isWithdrawable(order)) throw new AppError('conflict', 'orders.already_decided', { params: { orderId, state: order.state } });
    await decideOrder(tx, orderId, 'withdrawn');
    await recordAudit(tx, { action: 'orders.withdrawn', subject: { type: 'payment_order', id: orderId }, partner: order.partnerId, details: { payments: order.lines } });
  });
}

/** Whether nothing of it can have reached the bank yet. */
export const isWithdrawable = (order: OrderRow): boolean => order.state === 'created' || (order.state === 'released' && order.exportedAt === null);

async function undecided(ctx: TxCtx, orderId: string): Promise<OrderRow> {
  await lockOrders(ctx);
  const order = await getOrder(ctx, orderId);
  if (order.state !== 'created') throw new AppError('conflict', 'orders.already_decided', { params: { orderId, state: order.state } });
  return order;
}

async function getOrder(ctx: TxCtx, orderId: string): Promise<OrderRow> {
  const order = await findOrder(ctx, { orderId });
  if (!order) throw new AppError('not_found', 'orders.unknown', { params: { orderId: orderId.slice(0, 40) } });
  return order;
}

/**
 * The bytes of a released order, the same whenever they are asked for. When they are first asked for the money leaves: what is held, reported on
 * or settled by then keeps the order here.
 *
 * @throws AppError `orders.unknown`, `orders.not_released`, `orders.held_since`.
 */
export async function exportOrder(ctx: Ctx, orderId: string): Promise<{ order: OrderRow; bytes: Readable }> {
  authorise(ctx, 'orders.export');
  const order = await inTransaction(ctx, async (tx) => {
    await lockOrders(tx);
    const found = await getOrder(tx, orderId);
    if (found.state !== 'released') throw new AppError('conflict', 'orders.not_released', { params: { orderId, state: found.state } });
    if (found.exportedAt === null) await assertPayable(tx, found);
    await noteExport(tx, orderId);
    await recordAudit(tx, { action: 'orders.exported', subject: { type: 'payment_order', id: orderId }, partner: found.partnerId, details: { sha256: found.sha256 } });
    return found;
  });
  return { order, bytes: openKeptFile(ctx, order.fileId) };
}

export interface OrderToShow { readonly order: OrderRow; readonly lines: readonly OrderLine[]; readonly history: readonly OrderStatus[] }

/** An order with its lines and all that the bank said of them. @throws AppError `orders.unknown`. */
export async function showOrder(ctx: Ctx, orderId: string): Promise<OrderToShow> {
  authorise(ctx, 'orders.view');
  return inTransaction(ctx, async (tx) => ({ order: await getOrder(tx, orderId), lines: await selectLines(tx, orderId), history: await selectStatuses(tx, orderId) }));
}

export async function listOrders(ctx: Ctx, wanted: { partnerId?: string | null; sort?: OrderOrder; limit?: number; offset?: number } = {}): Promise<{ orders: OrderRow[]; total: number }> {
  authorise(ctx, 'orders.view');
  return inTransaction(ctx, (tx) => selectOrders(tx, { partnerId: wanted.partnerId ?? null, order: wanted.sort ?? { by: 'created', isDescending: true }, limit: wanted.limit ?? 50, offset: wanted.offset ?? 0 }));
}
