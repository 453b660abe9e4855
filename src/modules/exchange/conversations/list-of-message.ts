import type { ColumnName, FileDialect } from '../../partners/index.ts';
import type { CaseloadReconciliation, ForwardingReport, PersonName, RemittanceAdvice } from '../messages/index.ts';

type Cells = Readonly<Partial<Record<ColumnName, string | undefined>>>;

/** A list of payments that came as a message, as the table that the partner would have sent: one way of booking lists for all of them. */
export function tableOfRemittance(advice: RemittanceAdvice, dialect: FileDialect): string {
  return table(dialect, advice.line.map((line) => ({
    reference: line.folio, caseId: line.toFileNumber, obligorName: nameOf(line.debtor), obligeeName: nameOf(line.creditor), amount: decimal(line.gross, dialect), currency: line.grossCurrency,
    rate: decimal(line.rate, dialect), fee: decimal(line.fee, dialect), settled: decimal(line.net, dialect), settledCurrency: advice.currency, happenedOn: day(line.collectedOn, dialect),
    sentOn: day(line.sentOn, dialect), transferReference: advice.transferNumber, note: line.note?.[0]?.value,
  })));
}

export function tableOfForwarding(report: ForwardingReport, dialect: FileDialect): string {
  return table(dialect, report.line.map((line) => ({
    reference: line.folio, disbursementId: line.disbursementId, caseId: line.toFileNumber, payeeName: nameOf(line.creditor), amount: decimal(line.gross, dialect), currency: line.grossCurrency,
    rate: decimal(line.rate, dialect), fee: decimal(line.fee, dialect), settled: decimal(line.delivered, dialect), settledCurrency: line.deliveredCurrency, happenedOn: day(line.on, dialect),
    status: dialect.statuses?.[line.status][0] ?? line.status, note: line.note?.[0]?.value,
  })));
}

/** A list of cases, under headings that every list of cases may have. */
export function tableOfCaseload({ pair }: CaseloadReconciliation): string {
  const rows = pair.map((one) => [one.fromFileNumber ?? '', one.toFileNumber ?? '', one.debtor ? nameOf(one.debtor) : '', one.creditor ? nameOf(one.creditor) : '', one.state]);
  return `${[['partner_number', 'case_id', 'obligor', 'obligee', 'status'], ...rows].map((cells) => cells.map((cell) => quoted(cell, ',')).join(',')).join('\r\n')}\r\n`;
}

function table(dialect: FileDialect, rows: readonly Cells[]): string {
  const separator = dialect.separators[0] ?? ',';
  const columns = Object.entries(dialect.columns).map(([name, column]) => [name as ColumnName, column.headings[0] ?? name] as const);
  const line = (cells: readonly string[]): string => cells.map((cell) => quoted(cell, separator)).join(separator);
  return `${[line(columns.map(([, heading]) => heading)), ...rows.map((row) => line(columns.map(([name]) => row[name] ?? '')))].join('\r\n')}\r\n`;
}

const quoted = (cell: string, separator: string): string => (cell.includes('"') || cell.includes(separator) || /[\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const decimal = (text: string | undefined, { decimalMarks }: FileDialect): string | undefined => text?.replace('.', decimalMarks[0] ?? '.');

/** In the partner's first order of day, month and year, so that it is read as it was meant. */
function day(text: string, { dateOrders }: FileDialect): string {
  const [year = '', month = '', date = ''] = text.split('-');
  if (dateOrders[0] === 'dmy') return `${date}/${month}/${year}`;
  return dateOrders[0] === 'mdy' ? `${month}/${date}/${year}` : text;
}

const nameOf = ({ native, given, family, secondFamily }: PersonName): string => native ?? [given, family, secondFamily].filter((part) => part !== undefined).join(' ');
