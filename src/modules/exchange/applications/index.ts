/** Applications that partners take at their counters for the county. */
export { addApplicationPaper, checkApplication, faultsOfApplication, fileApplication } from './file-application.ts';
export type { ApplicationPaper, FiledApplication } from './file-application.ts';
export { discardApplicationDraft, listApplicationDrafts, readApplicationDraft, saveApplicationDraft, sweepApplicationDrafts } from './draft-application.ts';
export type { ApplicationDraft, DraftContent } from './application-draft.store.ts';
export { acceptApplication, applicationsToLink, askForMore, linkApplication, refuseApplication } from './decide-application.ts';
export { fileByMessage, tellApplication } from './message-application.ts';
export { applicationWorksheet, listApplications, readApplication, readApplicationPaper } from './read-application.ts';
export type { ApplicationPage, ApplicationPaperFile, ApplicationQuery, ApplicationView, ListedApplication } from './read-application.ts';
export { APPLICANT_ROLES, APPLICATION_REFUSALS, APPLICATION_STATES, MORE_TO_ASK, OPEN_APPLICATION_STATES, PAPER_KINDS, printedApplied } from './application.rules.ts';
export type { ApplicantRole, ApplicationDetails, ApplicationRequest, ApplicationState, AppliedPerson, WorksheetLine } from './application.rules.ts';
export { APPLICATION_SORTS } from './application.store.ts';
export type { ApplicationSort } from './application.store.ts';
