import iconv from 'iconv-lite';
import { stringify } from 'csv-stringify/sync';
import { formatMajor } from '../platform/money.ts';
import type { Disbursement, ForwardingRow, RemittanceRow } from './story.ts';

/** How one partner happens to write its lists: all that contract 3 and 4 admit. */
export interface Dialect {
  delimiter: ',' | ';';
  encoding: 'utf8' | 'utf8-bom' | 'win1252' | 'cp949';
  hasDecimalComma: boolean;
  dateForm: 'iso' | 'dmy' | 'korean';
  /** Other headings than the contract's, column by column. */
  headings?: readonly string[];
  hasTotalsRow: boolean;
  hasFullWidthDigits: boolean;
}

export const PLAIN: Dialect = { delimiter: ',', encoding: 'utf8', hasDecimalComma: false, dateForm: 'iso', hasTotalsRow: false, hasFullWidthDigits: false };

const FORWARDING = ['folio', 'disbursement_id', 'expediente', 'beneficiario', 'importe', 'moneda', 'tipo_cambio', 'comision', 'importe_entregado', 'moneda_entregada', 'fecha', 'estatus', 'observaciones'];
const REMITTANCE_ES = ['folio', 'expediente', 'deudor', 'acreedor', 'importe_origen', 'moneda_origen', 'tipo_cambio', 'comision', 'importe_usd', 'fecha_cobro', 'fecha_envio', 'transferencia', 'concepto'];
const REMITTANCE_KO = ['접수번호', '사건번호', '채무자', '채권자', '금액', '통화', '환율', '수수료', '송금액', '수납일', '송금일', '이체번호', '비고'];

export function disbursementRegister(rows: readonly Disbursement[]): Buffer {
  const body = rows.map((row) => [row.disbursementId, row.batchId, row.caseId, row.partner, row.payeeName, formatMajor(row.amountMinor, 'USD'), 'USD', row.issuedOn, 'consulate']);
  return Buffer.from(stringify([['disbursement_id', 'batch_id', 'case_id', 'partner', 'payee_name', 'amount', 'currency', 'issued_on', 'method'], ...body]), 'utf8');
}

export function forwardingReport(rows: readonly ForwardingRow[], dialect: Dialect): Buffer {
  const number = numberWriter(dialect);
  const body = rows.map((row) => [row.folio, row.disbursementId, row.caseNumber, row.payee, number(formatMajor(row.amountMinor, 'USD')), 'USD',
    row.deliveredMinor === null ? '' : number(row.rate), row.deliveredMinor === null ? '' : number('0.00'),
    row.deliveredMinor === null ? '' : number(formatMajor(row.deliveredMinor, 'MXN')), row.deliveredMinor === null ? '' : 'MXN',
    dateWriter(dialect)(row.on), row.status, row.note]);
  const total = rows.reduce((sum, row) => sum + row.amountMinor, 0n);
  return table(dialect, dialect.headings ?? FORWARDING, body, ['TOTAL', '', '', '', number(formatMajor(total, 'USD')), ...Array<string>(8).fill('')]);
}

export function remittanceList(rows: readonly RemittanceRow[], dialect: Dialect, language: 'es' | 'ko'): Buffer {
  const number = numberWriter(dialect);
  const date = dateWriter(dialect);
  const body = rows.map((row) => [row.folio, row.caseNumber, row.obligor, row.obligee, number(formatMajor(row.originalMinor, row.currency)), row.currency,
    number(row.rate), number(formatMajor(row.feeMinor, 'USD')), number(formatMajor(row.remittedMinor, 'USD')), date(row.collectedOn), date(row.sentOn), row.transfer, row.note]);
  const total = rows.reduce((sum, row) => sum + row.remittedMinor, 0n);
  return table(dialect, dialect.headings ?? (language === 'ko' ? REMITTANCE_KO : REMITTANCE_ES), body,
    [language === 'ko' ? '합계' : 'TOTAL', '', '', '', '', '', '', '', number(formatMajor(total, 'USD')), '', '', '', '']);
}

function table(dialect: Dialect, headings: readonly string[], body: readonly (readonly string[])[], totals: readonly string[]): Buffer {
  const rows = dialect.hasTotalsRow ? [headings, ...body, totals] : [headings, ...body];
  const text = stringify(rows as string[][], { delimiter: dialect.delimiter, record_delimiter: 'windows' });
  if (dialect.encoding === 'utf8') return Buffer.from(text, 'utf8');
  if (dialect.encoding === 'utf8-bom') return Buffer.from(`\ufeff${text}`, 'utf8');
  return iconv.encode(text, dialect.encoding);
}

function numberWriter(dialect: Dialect): (plain: string) => string {
  return (plain) => {
    const text = dialect.hasDecimalComma ? plain.replace('.', ',') : plain;
    return dialect.hasFullWidthDigits ? text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))) : text;
  };
}

function dateWriter(dialect: Dialect): (iso: string) => string {
  return (iso) => {
    const [year, month, day] = iso.split('-') as [string, string, string];
    if (dialect.dateForm === 'dmy') return `${day}/${month}/${year}`;
    if (dialect.dateForm === 'korean') return `${year}년 ${month}월 ${day}일`;
    return iso;
  };
}
