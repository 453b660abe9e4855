/** What became of every line that partners reported and of every credit of the bank. */
export { getFinishedRun, getRun, listRunLines, listRuns } from './runs/list-runs.ts';
export type { LineOutcome, LineToShow, RunRow } from './runs/outcome-list.store.ts';
export { OUTCOMES, RULE_VERSION } from './matching/reason.rules.ts';
export type { Outcome } from './matching/reason.rules.ts';
export { reconcile } from './runs/reconcile.ts';
export type { ReconcileOptions } from './runs/reconcile.ts';
export type { ReconciliationSummary } from './runs/run-summary.rules.ts';
export { streamOutcomes } from './runs/stream-outcomes.ts';
export { checkAgreement, DIFFERENCES_MAX } from './agreement/check-agreement.ts';
export type { Agreement } from './agreement/check-agreement.ts';
export type { AccountAgreement, DayAgreement, Difference, RestReason, TransferRest } from './agreement/agreement.rules.ts';
export { disbursementClocks, listOutgoing, outgoingTotals, sentVersusReceived, streamOutgoing } from './agreement/list-outgoing.ts';
export type { OutgoingLine, OutgoingQuery, OutgoingTotal, ReceiptClock } from './agreement/list-outgoing.ts';
export { OUTGOING_STATES } from './agreement/outgoing.rules.ts';
export type { OutgoingState } from './agreement/outgoing.rules.ts';
export type { MonthRow } from './agreement/outgoing.store.ts';
