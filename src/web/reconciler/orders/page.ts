import { createOrder, listOrders, ORDER_SORTS, previewOrder } from '../../../modules/payments/index.ts';
import { listPartners, partnerName } from '../../../modules/partners/index.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { amountCells, linesOf, partnerOf } from '../money-list.ts';

const PAGE_SIZE = 50;

/** Orders to the bank, and what the next one for a partner would hold. */
export const ordersPage: Page = {
  path: '/orders',
  access: 'orders.view',
  get: (visit) => (wantsCsv(visit) ? csv(visit) : show(visit, queryText(visit, 'partner', 64), [])),
  post: async (visit) => {
    const partnerId = field(visit, 'partner', 64);
    try {
      const made = await createOrder(visit.ctx, { partnerId, currency: field(visit, 'currency', 3) || null, executionOn: field(visit, 'on', 20) || null, again: field(visit, 'again', 3) === 'yes' });
      return redirect(made.orderId === null ? `/orders?partner=${encodeURIComponent(partnerId)}` : `/orders/${made.orderId}?done=order_created`);
    } catch (error) {
      if (!(error instanceof AppError) || !error.code.startsWith('orders.')) throw error;
      return show(visit, partnerId, [{ code: error.code, severity: 'block', params: error.params }], 422);
    }
  },
};

const sortOfOrders = (visit: Visit) => sortOf(visit, ORDER_SORTS, { by: 'created', isDescending: true });

function csv(visit: Visit): Promise<Reply> {
  const labelOf = (column: string): string => visit.t(`orders:column.${column}`);
  const partnerId = queryText(visit, 'partner', 64) || null;
  const heads = [visit.t('clerk:csv.order'), labelOf('partner'), visit.t('clerk:csv.state'), labelOf('payments'), labelOf('amount'), visit.t('clerk:csv.currency'), labelOf('on'), visit.t('clerk:csv.created')];
  return csvOf(visit, 'payment-orders', heads, linesOf(async (page) => {
    const { orders, total } = await listOrders(visit.ctx, { partnerId, sort: sortOfOrders(visit), limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE });
    return { rows: orders, total, page, pageSize: PAGE_SIZE };
  }, (order) => [order.orderId, partnerOf(visit, order.partnerId), visit.t(`orders:state.${order.state}`), String(order.lines), ...amountCells(order.sumMinor, order.currency), order.executionOn, order.createdAt.toISOString()]));
}

async function show(visit: Visit, wantedPartner: string, faults: readonly Finding[], status = 200): Promise<Reply> {
  const partners = listPartners().filter((one) => one.paymentOrders).map((one) => ({ partnerId: one.partnerId, name: partnerName(one, visit.language) }));
  const partnerId = partners.some((one) => one.partnerId === wantedPartner) ? wantedPartner : '';
  const currency = queryText(visit, 'currency', 3) || null;
  const [page, sort] = [queryPage(visit), sortOfOrders(visit)];
  const labelOf = (column: string): string => visit.t(`orders:column.${column}`);
  const { orders, total } = await listOrders(visit.ctx, { partnerId: partnerId || null, sort, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE });
  let refusal: Finding[] = [...faults];
  const next = partnerId === '' ? null : await previewOrder(visit.ctx, { partnerId, currency }).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'orders.currency_needed') throw error;
    if (refusal.length === 0) refusal = [{ code: error.code, severity: 'block', params: error.params }];
    return null;
  });
  return view('reconciler/orders', {
    partners, partnerId, currency: currency ?? '', on: status === 200 ? '' : field(visit, 'on', 20), next, faults: refusal, mayCreate: isAllowed(visit.ctx, 'orders.create'),
    csv: csvAddress(visit), heads: headsOf(visit, [
      { label: visit.t('clerk:csv.order'), sort: 'created' }, { label: labelOf('partner'), sort: 'partner' }, { label: visit.t('clerk:csv.state'), sort: 'state' }, { label: labelOf('payments'), sort: 'payments', isNumber: true },
      { label: labelOf('amount'), sort: 'amount', isNumber: true }, { label: labelOf('on'), sort: 'on' },
    ], sort),
    orders: orders.map((order) => ({ ...order, partner: partnerNameOf(order.partnerId, visit, 'short') })), paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
  }, status);
}
