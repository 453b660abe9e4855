/** The record of who did and saw what: only ever added to, chained by hashes, verifiable. */
export type { AuditDetails, AuditEvent } from './audit-event.rules.ts';
export type { RecordedEvent } from './audit-reading.store.ts';
export { listAuditActions, listAuditEvents, noteRecordOpened, noteWhoSaw, whoSaw } from './read-audit.ts';
export type { AuditQuery, Seen, WhoSawQuery } from './read-audit.ts';
export { listedKeys, noteListExported, noteListShown } from './record-listing.ts';
export type { ListedThing } from './record-listing.ts';
export { recordAudit } from './record-audit.ts';
export { parseAnchor, verifyAudit } from './verify-audit.ts';
export type { AuditAnchor, AuditCheck } from './verify-audit.ts';
