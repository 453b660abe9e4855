import { exportOrder, isWithdrawable, releaseOrder, showOrder, withdrawOrder } from '../../../modules/payments/index.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';

const LINES_SHOWN = 500;
const DONE = ['order_created', 'order_released', 'order_withdrawn'];

/** One order: its payments with what the bank said of them, and the second person's decision. */
export const orderPage: Page = {
  path: '/orders/:orderId',
  access: 'orders.view',
  get: (visit) => show(visit, []),
  post: async (visit) => {
    const orderId = pathText(visit, 'orderId');
    const isRelease = field(visit, 'decision', 10) === 'release';
    try {
      await (isRelease ? releaseOrder : withdrawOrder)(visit.ctx, orderId);
    } catch (error) {
      if (!(error instanceof AppError) || !['orders.four_eyes', 'orders.held_since', 'orders.already_decided'].includes(error.code)) throw error;
      return show(visit, [{ code: error.code, severity: 'block', params: { ...error.params, state: visit.t(`orders:state.${String(error.params.state ?? 'created')}`) } }], 422);
    }
    return redirect(`/orders/${encodeURIComponent(orderId)}?done=${isRelease ? 'order_released' : 'order_withdrawn'}`);
  },
};

/** The message for the bank, in the same bytes whenever it is fetched. */
export const orderMessagePage: Page = {
  path: '/orders/:orderId/message',
  access: 'orders.export',
  get: async (visit) => {
    const { order, bytes } = await exportOrder(visit.ctx, pathText(visit, 'orderId'));
    return { kind: 'download', bytes, type: 'application/xml', fileName: `${order.orderId}.xml`, isInline: false };
  },
};

async function show(visit: Visit, faults: readonly Finding[], status = 200): Promise<Reply> {
  const { order, lines, history } = await showOrder(visit.ctx, pathText(visit, 'orderId'));
  const done = queryText(visit, 'done');
  return view('reconciler/order', {
    order, partner: partnerNameOf(order.partnerId, visit), lines: lines.slice(0, LINES_SHOWN), more: Math.max(0, lines.length - LINES_SHOWN), heard: history.length, faults,
    mayRelease: order.state === 'created' && order.createdBy !== visit.ctx.actor.id && isAllowed(visit.ctx, 'orders.release'),
    mayWithdraw: isWithdrawable(order) && isAllowed(visit.ctx, 'orders.create'), mayExport: order.state === 'released' && isAllowed(visit.ctx, 'orders.export'),
    done: DONE.includes(done) ? done : null,
  }, status);
}
