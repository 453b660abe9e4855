import type { Param } from '../../../platform/errors.ts';
import { formatMajor, isCurrency } from '../../../platform/money.ts';
import { amountOf } from './bai2-record.rules.ts';

/** Control totals of BAI2: sums of all amounts, whatever their sign says of the money, and numbers of accounts, groups and physical records. */
export class Bai2Totals {
  readonly #tell: (code: string, line: number, params: Record<string, Param>) => void;
  #account = { sum: 0n, records: 0 };
  #group = { sum: 0n, records: 0, accounts: 0 };
  #file = { sum: 0n, records: 0, groups: 0 };

  constructor(tell: (code: string, line: number, params: Record<string, Param>) => void) {
    this.#tell = tell;
  }

  /** Every physical record counts, continuations and trailers too. */
  record(type: string, records: number): void {
    if (type === '02') this.#group = { sum: 0n, records: 0, accounts: 0 };
    if (type === '03') this.#account = { sum: 0n, records: 0 };
    this.#account.records += records;
    this.#group.records += records;
    this.#file.records += records;
  }

  openAccount(amounts: readonly (bigint | null)[]): void {
    for (const amount of amounts) this.#account.sum += amount ?? 0n;
  }

  detail(amount: bigint): void {
    this.#account.sum += amount;
  }

  closeAccount(fields: readonly string[], line: number, currency: string): void {
    this.#compare('bai2.account_total', fields[1], this.#account.sum, line, currency);
    this.#count('bai2.record_count', fields[2], this.#account.records, line);
    this.#group.sum += this.#account.sum;
    this.#group.accounts++;
  }

  closeGroup(fields: readonly string[], line: number, currency: string): void {
    this.#compare('bai2.group_total', fields[1], this.#group.sum, line, currency);
    this.#count('bai2.account_count', fields[2], this.#group.accounts, line);
    this.#count('bai2.record_count', fields[3], this.#group.records, line);
    this.#file.sum += this.#group.sum;
    this.#file.groups++;
  }

  closeFile(fields: readonly string[], line: number): void {
    this.#compare('bai2.file_total', fields[1], this.#file.sum, line, '');
    this.#count('bai2.group_count', fields[2], this.#file.groups, line);
    this.#count('bai2.record_count', fields[3], this.#file.records, line);
  }

  #compare(code: string, said: string | undefined, found: bigint, line: number, currency: string): void {
    const expected = amountOf(said ?? '');
    if (expected === found) return;
    const show = (amount: bigint): string => (isCurrency(currency) ? formatMajor(amount, currency) : String(amount));
    this.#tell(code, line, { expected: expected === null ? (said ?? '').slice(0, 20) : show(expected), found: show(found) });
  }

  #count(code: string, said: string | undefined, found: number, line: number): void {
    if (/^\d{1,9}$/.test((said ?? '').trim()) && Number(said) === found) return;
    this.#tell(code, line, { expected: (said ?? '').slice(0, 20), found: String(found) });
  }
}
