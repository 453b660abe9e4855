import type { Finding } from '../../platform/errors.ts';

/** What `payments import`, `bank import` and `disbursements import` answer (contract 8). */
export interface PaymentImport {
  file: string;
  sha256: string;
  kind: 'disbursements' | 'forwarding' | 'remittance' | 'bank' | 'confirmations';
  lines: number;
  /** Lines taken in that are neither repeats nor refused in themselves. */
  imported: number;
  duplicate: number;
  rejected: number;
  findings: Finding[];
}

/** Longest list of findings that an answer carries; the rest is counted, and stands with the lines. */
export const FINDINGS_MAX = 1_000;

export function cappedFindings(findings: readonly Finding[]): Finding[] {
  if (findings.length <= FINDINGS_MAX) return [...findings];
  return [...findings.slice(0, FINDINGS_MAX), { code: 'payments.more_findings', severity: 'warn', params: { more: findings.length - FINDINGS_MAX } }];
}

/** The answer for a file whose very bytes were imported before: nothing is done again. */
export function repeatedFile(file: string, sha256: string, kind: PaymentImport['kind'], lines: number): PaymentImport {
  return { file, sha256, kind, lines, imported: 0, duplicate: lines, rejected: 0, findings: [{ code: 'payments.file_repeated', severity: 'info' }] };
}
