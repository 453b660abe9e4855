import type { CalendarDate } from '../../../../platform/dates.ts';
import { formatMajor, isCurrency } from '../../../../platform/money.ts';
import type { FileDialect } from '../../../partners/index.ts';
import { PLAIN_CSV, csvText } from './csv-writer.rules.ts';
import type { CsvStyle } from './csv-writer.rules.ts';
import type { DecimalSign } from './number.rules.ts';
import { FIELDS } from './payment-line.rules.ts';
import type { Field, PaymentLine } from './payment-line.rules.ts';

/**
 * A forwarding report or remittance advice written as the partner writes it (contracts 3 and 4): its headings, its words for a status, its
 * signs. Lines that could be read are read back as they were; of what could not, there is nothing to write.
 */

export interface ListStyle extends CsvStyle {
  decimal: DecimalSign;
  dates: 'ymd' | 'dmy';
}

/** The first of each that the profile names. */
export function listStyle(dialect: FileDialect): ListStyle {
  return { ...PLAIN_CSV, delimiter: (dialect.separators[0] ?? PLAIN_CSV.delimiter) as CsvStyle['delimiter'], decimal: dialect.decimalMarks[0] ?? '.', dates: dialect.dateOrders[0] === 'dmy' ? 'dmy' : 'ymd' };
}

export function writePartnerTable(lines: readonly PaymentLine[], dialect: FileDialect, style: ListStyle = listStyle(dialect)): string {
  const fields = FIELDS.filter((field) => dialect.columns[field] !== undefined);
  const heading = fields.map((field) => dialect.columns[field]?.headings[0] ?? field);
  return csvText([heading, ...lines.map((line) => fields.map((field) => cellOf(line, field, dialect, style)))], style);
}

function cellOf(line: PaymentLine, field: Field, dialect: FileDialect, style: ListStyle): string {
  switch (field) {
    case 'amount': return money(line.amountMinor, line.currency, style);
    case 'fee': return money(line.feeMinor, line.settledCurrency, style);
    case 'settled': return money(line.settledMinor, line.settledCurrency, style);
    case 'rate': return line.rate === null ? '' : signed(sixPlaces(line.rate), style);
    case 'happenedOn': return day(line.happenedOn, style);
    case 'sentOn': return day(line.sentOn, style);
    case 'status': return line.status === null ? '' : dialect.statuses?.[line.status]?.[0] ?? '';
    default: return line[field] ?? '';
  }
}

function money(minor: bigint | null, currency: string | null, style: ListStyle): string {
  return minor === null || currency === null || !isCurrency(currency) ? '' : signed(formatMajor(minor, currency), style);
}

/** Three decimals could be a thousand where the sign is a comma: a rate has six at least. */
function sixPlaces(rate: string): string {
  const [whole = '0', decimals = ''] = rate.split('.');
  return `${whole}.${decimals.padEnd(6, '0')}`;
}

const signed = (decimal: string, style: ListStyle): string => (style.decimal === ',' ? decimal.replace('.', ',') : decimal);

const day = (date: CalendarDate | null, style: ListStyle): string => (date === null ? '' : style.dates === 'dmy' ? date.split('-').reverse().join('/') : date);
