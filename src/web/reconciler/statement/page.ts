import { moneyByMonth, moneyChartSvg, periodStatement, statementCsv, statementLanguages, statementPdf } from '../../../modules/reconciliation/index.ts';
import { listPartners, partnerName } from '../../../modules/partners/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import { isCurrency } from '../../../platform/money.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { smallList } from '../../small-list.ts';
import type { SmallList } from '../../small-list.ts';
import { addressWith } from '../../paging.ts';
import { wordsFor } from '../../words.ts';
import { queryText, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';

const CASES_SHOWN = 100;

/** A partner's account over a period, as a page, a CSV file, a bilingual PDF or a drawing, all at one address. */
export const statementPage: Page = {
  path: '/statement',
  access: 'ledger.view',
  get: async (visit) => {
    const wanted = { partnerId: queryText(visit, 'partner', 64), from: queryText(visit, 'from', 10), to: queryText(visit, 'to', 10) };
    const partners = listPartners().map((one) => ({ partnerId: one.partnerId, name: partnerName(one, visit.language) }));
    if (wanted.partnerId === '') return view('reconciler/statement', { wanted, partners, statement: null, faults: [] });
    const format = queryText(visit, 'format', 10);
    try {
      return format === '' ? await show(visit, wanted, partners) : await download(visit, wanted, format);
    } catch (error) {
      if (error instanceof AppError && error.code === 'statement.period') return view('reconciler/statement', { wanted, partners, statement: null, faults: faultsOf(visit, wanted, error) }, 422);
      throw error;
    }
  },
};

/** At the day that is none; where both are days, at the first. */
function faultsOf({ t }: Visit, wanted: Wanted, error: AppError) {
  const text = t('statements:errors.statement_period', { yearsMax: Number(error.params['yearsMax']) });
  const wrong = (['from', 'to'] as const).filter((name) => !isCalendarDate(wanted[name]));
  return (wrong.length === 0 ? ['from'] : wrong).map((field) => ({ field, text }));
}

type Wanted = { partnerId: string; from: string; to: string };

type CaseAccount = Awaited<ReturnType<typeof periodStatement>>['cases'][number];

/** The accounts of cases, by pages; as a file they are in the statement's own CSV. */
function casesList({ t }: Visit, { cases }: { readonly cases: readonly CaseAccount[] }): SmallList<CaseAccount> {
  return {
    name: 'cases', file: 'statement', rows: cases, pageSize: CASES_SHOWN, usual: { by: 'case', isDescending: false }, idOf: (one) => `${one.caseId ?? ''} ${one.account} ${one.currency}`,
    columns: [
      { key: 'case', label: t('statements:case'), by: (one) => one.caseId, cells: (one) => one.caseId ?? '' }, { key: 'account', label: t('statements:account'), by: (one) => t(`ledger:account.${one.account}`), cells: (one) => one.account },
      { key: 'amount', label: t('statements:closing'), by: (one) => one.closingMinor, cells: () => '' },
    ],
  };
}

async function show(visit: Visit, wanted: Wanted, partners: readonly { partnerId: string; name: string }[]): Promise<Reply> {
  const statement = await periodStatement(visit.ctx, wanted);
  const months = await moneyByMonth(visit.ctx, wanted);
  const cases = smallList(visit, casesList(visit, statement));
  return view('reconciler/statement', {
    wanted, partners, faults: [], languages: statementLanguages(wanted.partnerId).map((language) => wordsFor(visit.language).of('language', language)), partner: partnerNameOf(wanted.partnerId, visit), months, statement: { ...statement, cases: cases.rows }, cases,
    charts: [...new Set(months.filter(({ currency }) => isCurrency(currency)).map(({ kind, currency }) => `${kind} ${currency}`))].sort().map((one) => {
      const [kind = '', currency = ''] = one.split(' ');
      return { kind, currency, href: addressWith(visit, { format: 'chart', kind, currency, language: visit.language }) };
    }),
    csv: addressWith(visit, { format: 'csv' }), pdf: addressWith(visit, { format: 'pdf' }),
  });
}

async function download(visit: Visit, wanted: Wanted, format: string): Promise<Reply> {
  const fileName = `${wanted.partnerId}_${wanted.from}_${wanted.to}`;
  if (format === 'pdf') return { kind: 'download', bytes: (await statementPdf(visit.ctx, wanted)).bytes, type: 'application/pdf', fileName: `${fileName}.pdf`, isInline: false };
  if (format === 'chart') {
    const months = await moneyByMonth(visit.ctx, wanted);
    const currency = months.find((row) => row.currency === queryText(visit, 'currency', 3) && isCurrency(row.currency))?.currency ?? 'USD';
    return { kind: 'download', bytes: Buffer.from(moneyChartSvg(months, { ...wanted, currency, kind: queryText(visit, 'kind', 20) === 'forwarding' ? 'forwarding' : 'remittance', languages: [visit.language] })), type: 'image/svg+xml; charset=utf-8', fileName: `${fileName}.svg`, isInline: true };
  }
  return { kind: 'download', bytes: Buffer.from(statementCsv(await periodStatement(visit.ctx, wanted))), type: 'text/csv; charset=utf-8', fileName: `${fileName}.csv`, isInline: false };
}
