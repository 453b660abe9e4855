import { listRuns, OUTCOMES, RUN_SORTS, RUN_STATES } from '../../../modules/reconciliation/index.ts';
import { choiceOf, chosen } from '../../choices.ts';
import { csvAddress, csvOf, everyPage, headsOf, sortOf, wantsCsv } from '../../list.ts';
import { pagingBehind } from '../../paging.ts';
import { queryPlace, queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const sortOfRuns = (visit: Visit) => sortOf(visit, RUN_SORTS, { by: 'started', isDescending: true });

/** Every reconciliation run, the newest first, with how its lines ended. */
export const runsPage: Page = {
  path: '/runs',
  access: 'reconciliation.view',
  get: async (visit) => {
    const [sort, words] = [sortOfRuns(visit), wordsFor(visit.language)];
    const labels = { started: visit.t('web:runs.started'), state: visit.t('web:runs.state'), files: visit.t('web:runs.files') };
    const outcomes = OUTCOMES.map((outcome) => words.label('outcome', outcome));
    const state = choiceOf(visit, 'state', labels.state, RUN_STATES.map((one) => [one, words.of('run_state', one)] as const));
    const query = { sort, state: chosen(state) };
    if (wantsCsv(visit)) return csvOf(visit, 'runs', [...Object.values(labels), ...outcomes], lines(visit, query));
    const { runs, ...found } = await listRuns(visit.ctx, { ...query, ...queryPlace(visit) });
    return view('reconciler/runs', {
      runs, total: found.total, outcomes: OUTCOMES, choices: [state], kept: [['sort', queryText(visit, 'sort', 40)]], csv: csvAddress(visit), paging: pagingBehind(visit, found),
      heads: headsOf(visit, [{ label: labels.started, sort: 'started' }, { label: labels.state, sort: 'state' }, { label: labels.files, sort: 'files', isNumber: true }, ...outcomes.map((label) => ({ label, isNumber: true }))], sort),
    });
  },
};

async function* lines(visit: Visit, query: Parameters<typeof listRuns>[1]): AsyncGenerator<string[]> {
  const words = wordsFor(visit.language);
  for await (const run of everyPage(async (place) => {
    const { runs: rows, next } = await listRuns(visit.ctx, { ...query, ...place });
    return { rows, next };
  })) yield [run.startedAt.toISOString(), words.of('run_state', run.state), String(run.summary.files ?? 0), ...OUTCOMES.map((outcome) => String(run.summary.outcomes?.[outcome] ?? 0))];
}
