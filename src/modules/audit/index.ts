/** The record of who did and saw what: only ever added to, chained by hashes, verifiable. */
export type { AuditDetails, AuditEvent } from './audit-event.rules.ts';
export { recordAudit } from './record-audit.ts';
export { parseAnchor, verifyAudit } from './verify-audit.ts';
export type { AuditAnchor, AuditCheck } from './verify-audit.ts';
