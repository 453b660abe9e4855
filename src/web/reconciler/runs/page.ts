import { listRuns, OUTCOMES, RUN_SORTS } from '../../../modules/reconciliation/index.ts';
import { csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { linesOf } from '../money-list.ts';

const sortOfRuns = (visit: Visit) => sortOf(visit, RUN_SORTS, { by: 'started', isDescending: true });

/** Every reconciliation run, the newest first, with how its lines ended. */
export const runsPage: Page = {
  path: '/runs',
  access: 'reconciliation.view',
  get: async (visit) => {
    const [sort, words] = [sortOfRuns(visit), wordsFor(visit.language)];
    const labels = { started: visit.t('web:runs.started'), state: visit.t('web:runs.state'), files: visit.t('web:runs.files') };
    const outcomes = OUTCOMES.map((outcome) => words.label('outcome', outcome));
    if (wantsCsv(visit)) {
      return csvOf(visit, 'runs', [...Object.values(labels), ...outcomes], linesOf(async (page) => {
        const found = await listRuns(visit.ctx, { page, sort });
        return { ...found, rows: found.runs };
      }, (run) => [run.startedAt.toISOString(), words.of('run_state', run.state), String(run.summary.files ?? 0), ...OUTCOMES.map((outcome) => String(run.summary.outcomes?.[outcome] ?? 0))]));
    }
    const { runs, total, page, pageSize } = await listRuns(visit.ctx, { page: queryPage(visit), sort });
    return view('reconciler/runs', {
      runs, total, outcomes: OUTCOMES, csv: csvAddress(visit), paging: pagingNumbered(visit, page, page * pageSize < total),
      heads: headsOf(visit, [{ label: labels.started, sort: 'started' }, { label: labels.state, sort: 'state' }, { label: labels.files, sort: 'files', isNumber: true }, ...outcomes.map((label) => ({ label, isNumber: true }))], sort),
    });
  },
};
