import { CASELOAD_DIFFERENCES, comparePartnerCaseload, DIFFERENCE_SORTS, newestComparison } from '../../../modules/reconciliation/index.ts';
import { listPartners, partnerName } from '../../../modules/partners/index.ts';
import { exchangedCases } from '../../../modules/referrals/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { choiceOf } from '../../choices.ts';
import { csvAddress, csvOf, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { linesOf } from '../money-list.ts';

/** A partner's list of the cases that it holds, beside ours. */
export const caseloadPage: Page = {
  path: '/caseload',
  access: 'caseload.compare',
  get: (visit) => (wantsCsv(visit) ? csv(visit) : show(visit, queryText(visit, 'partner', 64), [])),
  post: async (visit) => {
    const partnerId = field(visit, 'partner', 64);
    try {
      const { upload } = visit.req;
      if (!upload || upload.fileName === '') throw new AppError('invalid', 'caseload.file_needed');
      await comparePartnerCaseload(visit.ctx, { partnerId, fileName: upload.fileName, source: upload.source, exchangedCases: await exchangedCases(visit.ctx, partnerId) });
      return redirect(`/caseload?partner=${encodeURIComponent(partnerId)}&done=compared`);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'invalid') throw error;
      const words = wordsFor(visit.language);
      return show(visit, partnerId, [{ field: 'file', text: words.error(error.code, error.params) }], 422);
    }
  },
};

const sortOfDifferences = (visit: Visit) => sortOf(visit, DIFFERENCE_SORTS, { by: 'line', isDescending: false });
const codeOf = (visit: Visit) => choiceOf(visit, 'code', visit.t('caseload:difference'), CASELOAD_DIFFERENCES.map((code) => [code, visit.t(`caseload:code.${code}`)] as const));
const COLUMNS = ['line', 'difference', 'their_number', 'printed', 'our_case'] as const;

function csv(visit: Visit): Promise<Reply> {
  const partnerId = queryText(visit, 'partner', 64);
  return csvOf(visit, 'caseload', COLUMNS.map((column) => visit.t(`caseload:${column}`)), linesOf(async (page) => {
    const found = await newestComparison(visit.ctx, partnerId, page, { sort: sortOfDifferences(visit), code: codeOf(visit).value || null });
    return { rows: found.differences, total: found.total, page: found.page, pageSize: found.pageSize };
  }, (one) => telling([one.line === null ? '' : String(one.line), visit.t(`caseload:code.${one.code}`), one.partnerNumber ?? '', one.printedCaseId ?? '', one.caseId ?? ''], { case: one.caseId })));
}

async function show(visit: Visit, partnerId: string, faults: readonly { field: string; text: string }[], status = 200): Promise<Reply> {
  const partners = listPartners().map((one) => ({ partnerId: one.partnerId, name: partnerName(one, visit.language) }));
  const code = codeOf(visit);
  const shown = partnerId === '' || !partners.some((one) => one.partnerId === partnerId) ? null : await newestComparison(visit.ctx, partnerId, queryPage(visit), { sort: sortOfDifferences(visit), code: code.value || null });
  await noteShown(visit, 'caseload', shown?.differences ?? [], ({ caseId }) => ({ case: caseId }));
  return view('reconciler/caseload', {
    partnerId, partners, faults, partner: shown ? partnerNameOf(partnerId, visit) : '', comparison: shown?.comparison ?? null, differences: shown?.differences ?? [],
    csv: csvAddress(visit), heads: headsOf(visit, COLUMNS.map((column) => ({ label: visit.t(`caseload:${column}`), isNumber: column === 'line', ...(column === 'line' || column === 'difference' ? { sort: column } : column === 'our_case' ? { sort: 'case' as const } : {}) })), sortOfDifferences(visit)),
    choices: [code], kept: [['partner', partnerId], ['sort', queryText(visit, 'sort', 40)]],
    done: queryText(visit, 'done') === 'compared' ? 'compared' : null,
    paging: pagingNumbered(visit, shown?.page ?? 1, shown !== null && shown.page * shown.pageSize < shown.total),
  }, status);
}
