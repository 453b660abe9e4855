import { asRead, checkAgreement, overPostedOf } from '../../../modules/reconciliation/index.ts';
import { listPartners, partnerName } from '../../../modules/partners/index.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import { wantsNamedCsv } from '../../named-list.ts';
import { smallCsv, smallList } from '../../small-list.ts';
import type { ShownSmallList, SmallList } from '../../small-list.ts';
import { amountCells, partnerOf } from '../money-list.ts';
import { queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

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
    name: 'differences', file: 'agreement-differences', rows: differences.map((row) => ({ ...row, ledgerMinor: asRead(row.account, row.ledgerMinor), toldMinor: asRead(row.account, row.toldMinor) })), usual: { by: 'transfer', isDescending: false }, idOf: (row) => `${row.transferKey} ${row.account} ${row.holder ?? ''} ${row.currency}`,
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

/** How each account stands, of its partner where it has one. */
function accountsList(visit: Visit, { accounts }: Found): SmallList<Found['accounts'][number]> {
  const say = (key: string): string => visit.t(`agreement:column.${key}`);
  const account = (row: Found['accounts'][number]): string => visit.t(`ledger:account.${row.account}`);
  const partner = (row: Found['accounts'][number]): string => partnerOf(visit, row.partnerId);
  return {
    name: 'accounts', file: 'agreement-accounts', rows: accounts.map((row) => ({ ...row, ledgerMinor: asRead(row.account, row.ledgerMinor), toldMinor: asRead(row.account, row.toldMinor) })), usual: { by: 'account', isDescending: false }, idOf: (row) => `${row.account} ${row.partnerId ?? ''} ${row.currency}`,
    columns: [
      { key: 'account', label: say('account'), by: account, cells: account }, { key: 'partner', label: say('partner'), by: partner, cells: partner },
      { key: 'ledger', label: say('ledger'), isNumber: true, by: (row) => row.ledgerMinor, cells: (row) => amountCells(row.ledgerMinor, row.currency) },
      { key: 'told', label: say('told'), isNumber: true, by: (row) => row.toldMinor, cells: (row) => amountCells(row.toldMinor, row.currency) },
    ],
  };
}

const DAY_AMOUNTS = [['credited', 'creditedMinor'], ['lines', 'linesMinor'], ['fees', 'feesMinor'], ['posted', 'postedMinor'], ['suspense', 'suspenseMinor']] as const;

/** What came, was told and went on, day by day on which the bank booked it. */
function daysList(visit: Visit, { days }: Found): SmallList<Found['days'][number]> {
  const say = (key: string): string => visit.t(`agreement:column.${key}`);
  const partner = (row: Found['days'][number]): string => partnerOf(visit, row.partnerId);
  return {
    name: 'days', file: 'agreement-days', rows: days, usual: { by: 'day', isDescending: true }, idOf: (row) => `${row.on} ${row.partnerId} ${row.currency}`,
    columns: [
      { key: 'day', label: say('day'), by: (row) => row.on, cells: (row) => row.on }, { key: 'partner', label: say('partner'), by: partner, cells: partner },
      ...DAY_AMOUNTS.map(([key, amount]) => ({ key, label: say(key), isNumber: true, by: (row: Found['days'][number]) => row[amount], cells: (row: Found['days'][number]) => amountCells(row[amount], row.currency) })),
    ],
  };
}

/** Transfers of which a bank on the way kept something. */
function shortList(visit: Visit, { shortTransfers }: Found): SmallList<Found['shortTransfers'][number]> {
  type Row = Found['shortTransfers'][number];
  const say = (key: string): string => visit.t(`agreement:column.${key}`);
  const partner = (row: Row): string => partnerOf(visit, row.partnerId);
  const why = (row: Row): string => visit.t(`reconciliation:reasons.${row.reason.replace('.', '_')}`);
  return {
    name: 'short', file: 'agreement-short-transfers', rows: shortTransfers, usual: { by: 'day', isDescending: true }, idOf: (row) => `${row.partnerId} ${row.transfer} ${row.currency}`,
    columns: [
      { key: 'transfer', label: say('transfer'), by: (row) => row.transfer, cells: (row) => row.transfer }, { key: 'partner', label: say('partner'), by: partner, cells: partner }, { key: 'day', label: say('day'), by: (row) => row.on, cells: (row) => row.on },
      { key: 'kept', label: say('kept'), isNumber: true, by: (row) => row.feeMinor, cells: (row) => amountCells(row.feeMinor, row.currency) },
      { key: 'bearer', label: say('bearer'), by: (row) => row.charges, cells: (row) => row.charges ?? '' }, { key: 'why', label: say('why'), by: why, cells: why },
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
    const lists = { differences: differencesList(visit, found), rests: restsList(visit, found), accounts: accountsList(visit, found), days: daysList(visit, found), short: shortList(visit, found) };
    if (wantsNamedCsv(visit, 'differences')) return smallCsv(visit, lists.differences);
    if (wantsNamedCsv(visit, 'rests')) return smallCsv(visit, lists.rests);
    if (wantsNamedCsv(visit, 'accounts')) return smallCsv(visit, lists.accounts);
    if (wantsNamedCsv(visit, 'days')) return smallCsv(visit, lists.days);
    if (wantsNamedCsv(visit, 'short')) return smallCsv(visit, lists.short);
    const named = <T extends { partnerId: string | null }>({ rows, ...shown }: ShownSmallList<T>) => ({ ...shown, rows: rows.map((row) => ({ ...row, partner: partnerOf(visit, row.partnerId) })) });
    return view('reconciler/agreement', {
      ...choice, on: wanted, faults: isFault ? [{ field: 'on', text: visit.t('agreement:errors.agreement_date_invalid') }] : [], found,
      accounts: named(smallList(visit, lists.accounts)), days: named(smallList(visit, lists.days)), rests: smallList(visit, lists.rests), short: named(smallList(visit, lists.short)),
      differences: smallList(visit, lists.differences), over: overPostedOf(found.rests).map((one) => ({ ...one, partner: partnerOf(visit, one.partnerId) })), more: Math.max(0, found.differenceCount - found.differences.length),
    }, isFault ? 422 : 200);
  },
};
