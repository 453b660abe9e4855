import { isAllowed } from '../../../platform/authorise.ts';
import { getRun, LINE_SORTS, listRunLines, OUTCOMES, runStory } from '../../../modules/reconciliation/index.ts';
import { csvAddress, csvOf, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import { addressWith, pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { pathText, queryPage, queryText, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { amountCells, linesOf } from '../money-list.ts';

const nameOf = (visit: Visit, partnerId: string | null): string => (partnerId === null ? '' : partnerNameOf(partnerId, visit, 'short'));

/** One run: its story, and every line of its files, what became of it and why. */
export const runPage: Page = {
  path: '/runs/:runId',
  access: 'reconciliation.view',
  get: async (visit) => {
    if (wantsCsv(visit)) return csv(visit);
    const sort = sortOfLines(visit);
    const runId = pathText(visit, 'runId');
    const run = await getRun(visit.ctx, runId);
    const wanted = OUTCOMES.find((outcome) => outcome === queryText(visit, 'outcome', 20)) ?? null;
    const { lines, total, page, pageSize } = await listRunLines(visit.ctx, runId, { page: queryPage(visit), sort, ...(wanted ? { outcome: wanted } : {}) });
    await noteShown(visit, 'run-lines', lines, ({ caseId, fileId, line }) => (caseId === null ? { suspense_item: `line-${fileId}-${line}` } : { case: caseId }));
    const story = await runStory(visit.ctx, runId, 'kept');
    return view('reconciler/run', {
      story: { ...story, files: story.files.map((file) => ({ ...file, partner: nameOf(visit, file.partnerId) })), movements: story.movements.map((one) => ({ ...one, partner: nameOf(visit, one.partnerId) })),
        waits: story.waits.map((one) => ({ ...one, partner: nameOf(visit, one.partnerId) })) },
      run, total, wanted,
      lines: lines.map((line) => ({ ...line, partnerName: partnerNameOf(line.partnerId, visit, 'short') })),
      filters: [null, ...OUTCOMES].map((outcome) => ({
        outcome,
        count: outcome === null ? null : (run.summary.outcomes?.[outcome] ?? 0),
        href: addressWith(visit, { outcome: outcome ?? '', page: '' }),
      })),
      canDecide: isAllowed(visit.ctx, 'suspense.view') && visit.ctx.actor.counties === 'all',
      canSeeCase: isAllowed(visit.ctx, 'cases.view'),
      heads: headsOf(visit, [
        { label: visit.t('web:run.file'), sort: 'place' }, { label: visit.t('web:run.reference') }, { label: visit.t('web:run.outcome'), sort: 'outcome' }, { label: visit.t('web:run.case'), sort: 'case' },
        { label: visit.t('web:run.amount'), sort: 'amount', isNumber: true }, { label: visit.t('web:run.reasons') },
      ], sort),
      csv: csvAddress(visit), paging: pagingNumbered(visit, page, page * pageSize < total),
    });
  },
};

const sortOfLines = (visit: Visit) => sortOf(visit, LINE_SORTS, { by: 'place', isDescending: false });

/** Every line of the run with its reasons in words, as the screen shows them. */
function csv(visit: Visit): Promise<Reply> {
  const { t, ctx } = visit;
  const [runId, sort, words] = [pathText(visit, 'runId'), sortOfLines(visit), wordsFor(visit.language)];
  const wanted = OUTCOMES.find((outcome) => outcome === queryText(visit, 'outcome', 20));
  const heads = [t('web:run.file'), t('clerk:csv.line'), t('web:run.reference'), t('clerk:csv.names'), t('suspense:page.partner'), t('web:run.outcome'), t('web:run.case'), t('web:run.amount'), t('clerk:csv.currency'), t('web:run.reasons')];
  return csvOf(visit, 'run-lines', heads, linesOf(async (page) => {
    const found = await listRunLines(ctx, runId, { page, sort, ...(wanted ? { outcome: wanted } : {}) });
    return { ...found, rows: found.lines };
  }, (line) => telling([
    line.file, String(line.line), line.reference, line.printedNames.join(' · '), nameOf(visit, line.partnerId), words.of('outcome', line.outcome), line.caseId ?? '',
    ...(line.amountMinor === null ? amountCells(line.printedMinor, line.printedCurrency) : amountCells(line.amountMinor, line.currency)), line.reasons.map((reason) => words.reason(reason)).join(' · '),
  ], line.caseId === null ? { suspense_item: `line-${line.fileId}-${line.line}` } : { case: line.caseId })));
}
