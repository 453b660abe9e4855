/** What became of every line that partners reported and of every credit of the bank. */
export { getFinishedRun, getRun, listRunLines, listRuns } from './list-runs.ts';
export type { LineOutcome, LineToShow, RunRow } from './outcome-list.store.ts';
export { OUTCOMES, RULE_VERSION } from './reason.rules.ts';
export type { Outcome } from './reason.rules.ts';
export { reconcile } from './reconcile.ts';
export type { ReconcileOptions } from './reconcile.ts';
export type { ReconciliationSummary } from './run-summary.rules.ts';
export { streamOutcomes } from './stream-outcomes.ts';
