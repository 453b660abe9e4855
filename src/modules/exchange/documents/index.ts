/** Papers that one side asks the other for, by an id that comes back with them. */
export { listDocumentRequests } from './document-requests.ts';
export type { OpenDocumentRequest } from './document-requests.ts';
export type { DocumentStanding, PromisedPaper, WantedPaper } from './document-standing.rules.ts';
export { listPartnerAsks } from './partner-asks.ts';
export type { PartnerAsk } from './partner-asks.ts';
