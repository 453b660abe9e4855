import type { Finding } from '../../../../platform/errors.ts';

/** The control records of an ACH file (8 for each batch, 9 for the file) against what really stands above them. */

export interface NachaTotals {
  /** Entries and addenda. */
  count: number;
  /** Sum of the first eight digits of the receiving banks' routing numbers; ten digits of it are kept. */
  hash: bigint;
  debit: bigint;
  credit: bigint;
}

export const EMPTY_TOTALS: NachaTotals = Object.freeze({ count: 0, hash: 0n, debit: 0n, credit: 0n });
const HASH_MODULUS = 10_000_000_000n;

export function checkBatch(record: string, found: NachaTotals, line: number, batch: string): Finding[] {
  const given = { count: record.slice(4, 10), hash: record.slice(10, 20), debit: record.slice(20, 32), credit: record.slice(32, 44) };
  const findings = compare(given, found, line);
  if (record.slice(87, 94) !== batch) findings.push({ code: 'nacha.batch_number', severity: 'warn', line });
  return findings;
}

export function checkFile(record: string, found: NachaTotals, batches: number, line: number): Finding[] {
  const given = { count: record.slice(13, 21), hash: record.slice(21, 31), debit: record.slice(31, 43), credit: record.slice(43, 55) };
  const findings = compare(given, found, line);
  if (!isNumber(record.slice(1, 7), BigInt(batches))) {
    findings.push({ code: 'nacha.batch_count', severity: 'warn', line, params: { given: record.slice(1, 7), counted: batches } });
  }
  return findings;
}

function compare(given: Record<keyof NachaTotals, string>, found: NachaTotals, line: number): Finding[] {
  const findings: Finding[] = [];
  const check = (what: keyof NachaTotals, counted: bigint) => {
    if (!isNumber(given[what], counted)) findings.push({ code: `nacha.${what}_mismatch`, severity: 'warn', line, params: { given: given[what].trim(), counted: String(counted) } });
  };
  check('count', BigInt(found.count));
  check('hash', found.hash % HASH_MODULUS);
  check('debit', found.debit);
  check('credit', found.credit);
  return findings;
}

function isNumber(text: string, value: bigint): boolean {
  return /^\d+$/.test(text) && BigInt(text) === value;
}
