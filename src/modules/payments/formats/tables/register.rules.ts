import { AppError } from '../../../../platform/errors.ts';
import type { Finding } from '../../../../platform/errors.ts';
import { isCalendarDate } from '../../../../platform/dates.ts';
import type { CalendarDate } from '../../../../platform/dates.ts';
import { isCurrency, parseMajor } from '../../../../platform/money.ts';
import { parseCsv } from './csv.rules.ts';
import type { CsvRecord } from './csv.rules.ts';
import { MINOR_MAX } from './payment-line.rules.ts';

/** The disbursement register of the State Disbursement Unit (contract 2; schemas/csv/disbursement-register.v1.json). Its layout is ours, so it is strict. */

export const REGISTER_COLUMNS = ['disbursement_id', 'batch_id', 'case_id', 'partner', 'payee_name', 'amount', 'currency', 'issued_on', 'method'] as const;
type RegisterColumn = (typeof REGISTER_COLUMNS)[number];
export const METHODS = ['consulate', 'direct_deposit', 'card', 'check'] as const;
export type DisbursementMethod = (typeof METHODS)[number];

export interface Disbursement {
  line: number;
  disbursementId: string;
  batchId: string;
  caseId: string;
  partnerId: string;
  payeeName: string;
  amountMinor: bigint;
  currency: string;
  issuedOn: CalendarDate;
  method: DisbursementMethod;
}

export interface Register {
  lines: number;
  disbursements: Disbursement[];
  findings: Finding[];
}

/** @throws AppError `disbursements.columns_missing` with a finding for each; `payments.empty`. */
export function readRegister(text: string, isPartner: (id: string) => boolean): Register {
  const { records, findings } = parseCsv(text, ',');
  const [heading, ...rows] = records;
  if (!heading) throw new AppError('invalid', 'payments.empty');
  const places = new Map(heading.cells.map((cell, index) => [cell.trim(), index]));
  const missing = REGISTER_COLUMNS.filter((column) => !places.has(column));
  if (missing.length > 0) {
    throw new AppError('invalid', 'disbursements.columns_missing', {
      findings: missing.map((path) => ({ code: 'payments.column_untold', severity: 'block', path, line: heading.line })),
    });
  }
  const register: Register = { lines: rows.length, disbursements: [], findings };
  for (const row of rows) {
    const faults: Finding[] = [];
    const cell = (column: RegisterColumn) => (row.cells[places.get(column) as number] ?? '').trim();
    const read = readRow(row, cell, isPartner, (code, path) => faults.push({ code, severity: 'block', line: row.line, path }));
    if (row.cells.length > heading.cells.length) faults.push({ code: 'line.columns_surplus', severity: 'block', line: row.line });
    if (faults.length === 0 && read) register.disbursements.push(read);
    register.findings.push(...faults);
  }
  return register;
}

function readRow(row: CsvRecord, cell: (column: RegisterColumn) => string, isPartner: (id: string) => boolean,
  fault: (code: string, path: RegisterColumn) => void): Disbursement | null {
  const currency = cell('currency');
  const known = isCurrency(currency);
  if (!known) fault('line.currency_unknown', 'currency');
  const amountMinor = known ? parseMajor(cell('amount'), currency) : null;
  if (known && (amountMinor === null || amountMinor > MINOR_MAX)) fault('line.amount_unreadable', 'amount');
  if (amountMinor !== null && amountMinor <= 0n) fault(amountMinor === 0n ? 'line.amount_zero' : 'line.amount_negative', 'amount');
  if (!isCalendarDate(cell('issued_on'))) fault('line.date_impossible', 'issued_on');
  const method = METHODS.find((name) => name === cell('method'));
  if (!method) fault('disbursements.method_unknown', 'method');
  if (!isPartner(cell('partner'))) fault('disbursements.partner_unknown', 'partner');
  if (!/^[\x21-\x7e]{1,40}$/.test(cell('disbursement_id'))) fault('disbursements.id_invalid', 'disbursement_id');
  if (!/^[A-Z0-9-]{1,15}$/.test(cell('case_id'))) fault('disbursements.case_id_invalid', 'case_id');
  if (cell('payee_name') === '' || cell('payee_name').length > 200) fault('disbursements.payee_missing', 'payee_name');
  if (amountMinor === null || !method) return null;
  return {
    line: row.line, disbursementId: cell('disbursement_id'), batchId: cell('batch_id').slice(0, 60), caseId: cell('case_id'), partnerId: cell('partner'),
    payeeName: cell('payee_name').normalize('NFC'), amountMinor, currency, issuedOn: cell('issued_on'), method,
  };
}
