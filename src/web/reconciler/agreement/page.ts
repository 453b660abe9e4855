import { checkAgreement } from '../../../modules/reconciliation/index.ts';
import { listPartners, partnerName } from '../../../modules/partners/index.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import { wantsNamedCsv } from '../../named-list.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { smallCsv, smallList } from '../../small-list.ts';
import type { SmallList } from '../../small-list.ts';
import { amountCells, partnerOf } from '../money-list.ts';
import { queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const ROWS_MAX = 200;

/** The partners to choose from, and the one that is chosen, if it is one. */
export function partnerChoice(visit: Visit): { partnerId: string; partners: { partnerId: string; name: string }[] } {
  const partners = listPartners().map((one) => ({ partnerId: one.partnerId, name: partnerName(one, visit.language) }));
  const wanted = queryText(visit, 'partner', 64);
  return { partners, partnerId: partners.some((one) => one.partnerId === wanted) ? wanted : '' };
}

type Found = Awaited<ReturnType<typeof checkAgreement>>;

/** What one side says and the other does not, at most a thousand: beyond that something is wrong as a whole. */
function differencesList({ t }: Visit, { differences }: Found): SmallList<Found['differences'][number]> {
  const say = (key: string): string => t(`agreement:column.${key}`);
  const whereOf = (row: Found['differences'][number]): string => (row.file === null ? row.sourceId ?? '' : t('agreement:line_of', { file: row.file, line: String(row.line ?? 0) }));
  return {
    name: 'differences', file: 'agreement-differences', rows: differences, usual: { by: 'transfer', isDescending: false }, idOf: (row) => `${row.transferKey} ${row.account} ${row.holder ?? ''} ${row.currency}`,
    columns: [
      { key: 'transfer', label: say('transfer'), by: (row) => row.transferKey, cells: (row) => row.transferKey }, { key: 'kind', label: say('kind'), by: (row) => row.kind, cells: (row) => t(`agreement:difference.${row.kind}`) },
      { key: 'account', label: say('account'), by: (row) => t(`ledger:account.${row.account}`), cells: (row) => t(`ledger:account.${row.account}`) },
      { key: 'ledger', label: say('ledger'), isNumber: true, by: (row) => row.ledgerMinor, cells: (row) => amountCells(row.ledgerMinor, row.currency) },
      { key: 'told', label: say('told'), isNumber: true, by: (row) => row.toldMinor, cells: (row) => amountCells(row.toldMinor, row.currency) }, { key: 'where', label: say('where'), cells: whereOf },
    ],
  };
}

/** What is still in suspense, transfer by transfer, and why. */
function restsList(visit: Visit, { rests }: Found): SmallList<Found['rests'][number] & { readonly partner: string }> {
  const say = (key: string): string => visit.t(`agreement:column.${key}`);
  const why = (row: Found['rests'][number]): string => visit.t(`agreement:rest.${row.reason.replaceAll('.', '_')}`);
  return {
    name: 'rests', file: 'agreement-rests', rows: rests.map((row) => ({ ...row, partner: partnerOf(visit, row.partnerId) })), usual: { by: 'day', isDescending: false }, idOf: (row) => `${row.partnerId} ${row.transfer} ${row.currency}`,
    columns: [
      { key: 'transfer', label: say('transfer'), by: (row) => row.transfer, cells: (row) => row.transfer }, { key: 'partner', label: say('partner'), by: (row) => row.partner, cells: (row) => row.partner },
      { key: 'day', label: say('day'), by: (row) => row.on, cells: (row) => row.on }, { key: 'rest', label: say('rest'), isNumber: true, by: (row) => row.restMinor, cells: (row) => amountCells(row.restMinor, row.currency) },
      { key: 'why', label: say('why'), by: why, cells: why },
    ],
  };
}

/** Whether partners' lists, bank credits and cases agree, and every difference. */
export const agreementPage: Page = {
  path: '/agreement',
  access: 'reconciliation.view',
  get: async (visit) => {
    const choice = partnerChoice(visit);
    const wanted = queryText(visit, 'on', 10);
    const isFault = wanted !== '' && !isCalendarDate(wanted);
    const found = await checkAgreement(visit.ctx, { freshness: 'kept', ...(choice.partnerId === '' ? {} : { partnerId: choice.partnerId }), ...(wanted === '' || isFault ? {} : { on: wanted }) });
    const lists = { differences: differencesList(visit, found), rests: restsList(visit, found) };
    if (wantsNamedCsv(visit, 'differences')) return smallCsv(visit, lists.differences);
    if (wantsNamedCsv(visit, 'rests')) return smallCsv(visit, lists.rests);
    const named = <T extends { partnerId: string | null }>(row: T) => ({ ...row, partner: row.partnerId === null ? '' : partnerNameOf(row.partnerId, visit, 'short') });
    return view('reconciler/agreement', {
      ...choice, on: wanted, faults: isFault ? [{ field: 'on', text: visit.t('agreement:errors.agreement_date_invalid') }] : [], found,
      accounts: found.accounts.map(named), days: found.days.slice(-ROWS_MAX).reverse().map(named), rests: smallList(visit, lists.rests), shortTransfers: found.shortTransfers.slice(-ROWS_MAX).reverse().map(named),
      differences: smallList(visit, lists.differences), more: Math.max(0, found.differenceCount - found.differences.length),
    }, isFault ? 422 : 200);
  },
};
