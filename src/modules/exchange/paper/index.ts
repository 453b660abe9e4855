/** Papers: the sheet on top of them, the courier's number, what comes back. */
export { listDispatches, recordDispatch, recordReturn } from './dispatch.ts';
export type { DispatchRow } from './paper.store.ts';
export { findByReference, printMessageSheet } from './print-sheet.ts';
export type { FoundByReference } from './print-sheet.ts';
