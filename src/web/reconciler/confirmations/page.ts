import { CALL_SORTS, callList, HEARD_SORTS, listConfirmations } from '../../../modules/payments/index.ts';
import { listPartners, partnerName } from '../../../modules/partners/index.ts';
import { csvAddress, csvOf, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { amountCells, linesOf, partnerOf } from '../money-list.ts';

/** Whom to call about delivered money, and what payees have said. */
export const confirmationsPage: Page = {
  path: '/confirmations',
  access: 'confirmations.view',
  get: (visit) => (queryText(visit, 'show') === 'heard' ? showHeard(visit) : showCalls(visit)),
};

const wantedPartner = (visit: Visit): string | undefined => queryText(visit, 'partner', 64) || undefined;
const shared = (visit: Visit, isHeard: boolean) => ({
  isHeard, partnerId: wantedPartner(visit) ?? '', sort: queryText(visit, 'sort', 20), csv: csvAddress(visit), partners: listPartners().map((one) => ({ partnerId: one.partnerId, name: partnerName(one, visit.language) })),
});

async function showCalls(visit: Visit): Promise<Reply> {
  const [partnerId, sort] = [wantedPartner(visit), sortOf(visit, CALL_SORTS, { by: 'delivered', isDescending: false })];
  const say = (key: string): string => visit.t(`confirmations:${key}`);
  const [disbursement, currency] = [visit.t('clerk:csv.disbursement'), visit.t('clerk:csv.currency')];
  if (wantsCsv(visit)) {
    return csvOf(visit, 'calls', [disbursement, say('partner'), say('payee_name'), say('case'), say('sent'), currency, visit.t('clerk:csv.sent_on'), say('delivered'), currency, visit.t('clerk:csv.delivered_on'), visit.t('clerk:csv.days')],
      linesOf((page) => callList(visit.ctx, { partnerId, page, sort }), (row) => telling([
        row.disbursementId, partnerOf(visit, row.partnerId), row.payeeName, row.caseId, ...amountCells(row.amountMinor, row.currency), row.issuedOn, ...amountCells(row.deliveredMinor, row.deliveredCurrency), row.deliveredOn ?? '', String(row.daysWaiting),
      ], { case: row.caseId })));
  }
  const calls = await callList(visit.ctx, { partnerId, page: queryPage(visit), sort });
  await noteShown(visit, 'calls', calls.rows, ({ caseId }) => ({ case: caseId }));
  return view('reconciler/confirmations', {
    ...shared(visit, false), heard: [], calls: calls.rows.map((row) => ({ ...row, partner: partnerOf(visit, row.partnerId) })), total: calls.total, protectedCount: calls.protectedCount,
    heads: headsOf(visit, [{ label: disbursement }, { label: say('payee_name') }, { label: say('sent'), sort: 'sent' }, { label: visit.t('clerk:csv.amount'), sort: 'amount', isNumber: true }, { label: say('delivered'), sort: 'delivered' }], sort),
    paging: pagingNumbered(visit, calls.page, calls.page * calls.pageSize < calls.total),
  });
}

async function showHeard(visit: Visit): Promise<Reply> {
  const [partnerId, sort] = [wantedPartner(visit), sortOf(visit, HEARD_SORTS, { by: 'recorded', isDescending: true })];
  const say = (key: string): string => visit.t(`confirmations:${key}`);
  const disbursement = visit.t('clerk:csv.disbursement');
  if (wantsCsv(visit)) {
    return csvOf(visit, 'confirmations', [disbursement, say('partner'), visit.t('clerk:csv.outcome'), say('on'), visit.t('clerk:csv.channel'), say('amount'), visit.t('clerk:csv.currency')], linesOf((page) => listConfirmations(visit.ctx, { partnerId, page, sort }), (row) =>
      telling([row.disbursementId, partnerOf(visit, row.partnerId), say(`outcome.${row.outcome}`), row.confirmedOn, say(`channel.${row.channel}`), ...amountCells(row.amountMinor, row.currency)], { disbursement: row.disbursementId })));
  }
  const heard = await listConfirmations(visit.ctx, { partnerId, page: queryPage(visit), sort });
  await noteShown(visit, 'confirmations', heard.rows, ({ disbursementId }) => ({ disbursement: disbursementId }));
  return view('reconciler/confirmations', {
    ...shared(visit, true), calls: [], heard: heard.rows.map((row) => ({ ...row, partner: partnerOf(visit, row.partnerId) })), total: heard.total, protectedCount: 0,
    heads: headsOf(visit, [{ label: disbursement }, { label: say('partner') }, { label: visit.t('clerk:csv.outcome'), sort: 'outcome' }, { label: say('on'), sort: 'on' }, { label: say('amount'), sort: 'amount', isNumber: true }], sort),
    paging: pagingNumbered(visit, heard.page, heard.page * heard.pageSize < heard.total),
  });
}
