/** What became of every line that partners reported and of every credit of the bank. */
export { getFinishedRun, getRun, listRunLines, listRuns } from './runs/list-runs.ts';
export type { LineOutcome, LineToShow, RunRow } from './runs/outcome-list.store.ts';
export { OUTCOMES, RULE_VERSION } from './matching/reason.rules.ts';
export type { Outcome } from './matching/reason.rules.ts';
export { reconcile } from './runs/reconcile.ts';
export type { ReconcileOptions } from './runs/reconcile.ts';
export type { ReconciliationSummary } from './runs/run-summary.rules.ts';
export { streamOutcomes } from './runs/stream-outcomes.ts';
