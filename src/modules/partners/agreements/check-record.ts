import type { Finding } from '../../../platform/errors.ts';
import { schemaFinding, schemaValidator } from '../../../platform/validation.ts';
import { recordFindings } from './agreement-record.rules.ts';
import type { AgreementRecord } from './agreement-record.rules.ts';

/** A record from outside, or what is wrong with it, each fault with its place. */
export function checkedRecord(data: unknown): { readonly record: AgreementRecord | null; readonly findings: readonly Finding[] } {
  const validate = schemaValidator('agreement.v1', { isExhaustive: true });
  if (!validate(data)) return { record: null, findings: (validate.errors ?? []).map((error) => schemaFinding(error, 'agreement.schema')) };
  const record = data as AgreementRecord;
  const findings = recordFindings(record);
  return { record: findings.length > 0 ? null : record, findings };
}
