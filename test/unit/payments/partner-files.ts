import { createHash } from 'node:crypto';
import { readPartnerTable } from '../../../src/modules/payments/formats/tables/partner-table.rules.ts';
import type { PartnerTable } from '../../../src/modules/payments/formats/tables/partner-table.rules.ts';
import { decodeText } from '../../../src/modules/payments/formats/tables/text.rules.ts';
import { getPartner } from '../../../src/modules/partners/index.ts';

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Reads a file as a partner of the built-in profiles would have sent it. */
export function read(partnerId: string, content: string | Uint8Array): PartnerTable {
  const { files, caseNumbers } = getPartner(partnerId);
  const text = typeof content === 'string' ? content : decodeText(content).text;
  return readPartnerTable(text, { forwarding: files.forwarding?.value ?? null, remittance: files.remittance?.value ?? null, caseNumbers: caseNumbers.value.forms, disbursementIds: ['D2601000001'] }, digest);
}

export const FORWARDING = 'folio,disbursement_id,expediente,beneficiario,importe,moneda,tipo_cambio,comision,importe_entregado,moneda_entregada,fecha,estatus,observaciones';
export const REMITTANCE = 'folio,expediente,deudor,acreedor,importe_origen,moneda_origen,tipo_cambio,comision,importe_usd,fecha_cobro,fecha_envio,transferencia,concepto';
export const KCSA_REMITTANCE = '접수번호,사건번호,채무자,채권자,금액,통화,환율,수수료,송금액,수납일,송금일,이체번호,비고';

/** A good remittance line, with some cells replaced. */
export function remittanceLine(changes: Partial<Record<string, string>> = {}, delimiter = ','): string {
  const cells: Record<string, string> = {
    folio: 'RLA26-000001', expediente: '2000004106384', deudor: 'José Peña Núñez', acreedor: 'Lucía Álvarez Gómez', importe_origen: '11122.35', moneda_origen: 'MXN',
    tipo_cambio: '0.054395', comision: '0.00', importe_usd: '605.00', fecha_cobro: '2026-01-08', fecha_envio: '2026-01-09', transferencia: 'TRLA2601001', concepto: 'Depósito enero', ...changes,
  };
  return REMITTANCE.split(',').map((column) => cells[column] ?? '').join(delimiter);
}

export function forwardingLine(changes: Partial<Record<string, string>> = {}): string {
  const cells: Record<string, string> = {
    folio: 'FLA26-000001', disbursement_id: 'D2601000001', expediente: '2000004106384', beneficiario: 'Ana Peña Ruiz', importe: '322.40', moneda: 'USD', tipo_cambio: '18.2655',
    comision: '0.00', importe_entregado: '5888.80', moneda_entregada: 'MXN', fecha: '2026-01-07', estatus: 'ENTREGADO', observaciones: '', ...changes,
  };
  return FORWARDING.split(',').map((column) => cells[column] ?? '').join(',');
}
