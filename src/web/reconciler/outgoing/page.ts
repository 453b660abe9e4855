import { disbursementClocks, listOutgoing, OUTGOING_SORTS, OUTGOING_STATES, outgoingFigures, streamOutgoing } from '../../../modules/reconciliation/index.ts';
import type { OutgoingLine, OutgoingQuery } from '../../../modules/reconciliation/index.ts';
import { officeDays } from '../../../modules/referrals/index.ts';
import { formatMajor } from '../../../platform/money.ts';
import { csvOf, headsOf, noteShown, sortOf, telling } from '../../list.ts';
import type { Line } from '../../list.ts';
import { addressWith, pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { partnerChoice } from '../agreement/page.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const HOPS_SHOWN = 200;
const STATES = ['open', 'all', ...OUTGOING_STATES] as const;

function wantedOf(visit: Visit, partnerId: string) {
  const state = STATES.find((each) => each === queryText(visit, 'state', 20)) ?? 'open';
  const month = queryText(visit, 'month', 7);
  const sort = sortOf(visit, OUTGOING_SORTS, { by: 'issued', isDescending: false });
  return { state, sort, ...(partnerId === '' ? {} : { partnerId }), ...(/^\d{4}-\d{2}$/.test(month) ? { month } : {}) };
}

/** Where money is that went out through partners, how old, and whether what arrived is what was sent. */
export const outgoingPage: Page = {
  path: '/outgoing',
  access: 'reconciliation.view',
  get: async (visit) => {
    const choice = partnerChoice(visit);
    const wanted = wantedOf(visit, choice.partnerId);
    const labelOf = (column: string): string => visit.t(`agreement:column.${column}`);
    const partner = choice.partnerId === '' ? {} : { partnerId: choice.partnerId };
    const found = await listOutgoing(visit.ctx, officeDays, { ...wanted, page: queryPage(visit) });
    await noteShown(visit, `outgoing-${wanted.state}`, found.lines, ({ caseId }) => ({ case: caseId }));
    const figures = await outgoingFigures(visit.ctx, officeDays, partner, 'kept');
    const clocks = await disbursementClocks(visit.ctx, officeDays);
    await noteShown(visit, 'outgoing-clocks', clocks.clocks, ({ caseId }) => ({ case: caseId }));
    const named = <T extends { partnerId: string }>(row: T) => ({ ...row, partner: partnerNameOf(row.partnerId, visit, 'short') });
    return view('reconciler/outgoing', {
      ...choice, state: wanted.state, states: STATES, totals: figures.totals.map(named), standing: figures.standing, lines: found.lines.map(named), total: found.total,
      months: figures.months.slice(0, 24).map(named),
      hops: figures.hops.slice(0, HOPS_SHOWN).map((row) => ({ ...row, partner: row.partnerId === null ? '' : partnerNameOf(row.partnerId, visit, 'short') })), clocks: clocks.clocks, clockTotal: clocks.total, unidentified: clocks.unidentified, citation: clocks.citation,
      heads: headsOf(visit, [
        { label: labelOf('disbursement') }, { label: labelOf('partner'), sort: 'partner' }, { label: labelOf('issued'), sort: 'issued' }, { label: labelOf('sent'), sort: 'amount', isNumber: true }, { label: labelOf('state') },
        { label: labelOf('state_days'), isNumber: true }, { label: labelOf('partner_days'), isNumber: true }, { label: labelOf('delivered'), isNumber: true }, { label: labelOf('verdict') },
      ], wanted.sort),
      exportAddress: addressWith(visit, { page: '' }).replace(/^\/outgoing/, '/outgoing.csv'), paging: pagingNumbered(visit, found.page, found.page * found.pageSize < found.total),
    });
  },
};

const HEADING = ['disbursement_id', 'case_id', 'partner', 'issued_on', 'state', 'settled_on', 'state_open_days', 'partner_open_days', 'sent', 'sent_currency', 'rate', 'fee_of_partner',
  'delivered', 'delivered_currency', 'worth_at_rate', 'conversion_residue', 'frozen_rate', 'frozen_rate_source', 'frozen_rate_of', 'exchange_difference', 'verdict', 'payee_says', 'payee_amount', 'payee_currency'];

/** The same list, whole, for a spreadsheet: amounts in major units as they were, each in its own currency. */
export const outgoingExportPage: Page = {
  path: '/outgoing.csv',
  access: 'reconciliation.view',
  get: (visit) => {
    const wanted = wantedOf(visit, partnerChoice(visit).partnerId);
    return csvOf(visit, `outgoing-${wanted.state}`, HEADING, rows(visit, wanted));
  },
};

async function* rows(visit: Visit, wanted: Omit<OutgoingQuery, 'page'>): AsyncGenerator<Line> {
  for await (const line of streamOutgoing(visit.ctx, officeDays, wanted)) yield telling(cellsOf(line), { case: line.caseId });
}

function cellsOf(line: OutgoingLine): string[] {
  const major = (minor: bigint | null, currency: string | null): string => (minor === null || currency === null ? '' : formatMajor(minor, currency));
  const delivered = line.deliveredCurrency;
  return [line.disbursementId, line.caseId, line.partnerId, line.issuedOn, line.state, line.settledOn ?? '', String(line.stateDays), String(line.partnerDays), major(line.amountMinor, line.currency), line.currency,
    line.rate ?? '', major(line.feeMinor, delivered), major(line.deliveredMinor, delivered), delivered ?? '', major(line.worthMinor, delivered), major(line.residueMinor, delivered),
    line.frozen?.rate ?? '', line.frozen?.source ?? '', line.frozen?.quotedOn ?? '', major(line.exchangeMinor, delivered),
    line.state === 'delivered' ? line.verdict : '', line.payeeSaid ?? '', major(line.payeeMinor, line.payeeCurrency), line.payeeCurrency ?? ''];
}
