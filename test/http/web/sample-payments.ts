import { importDisbursements, importPayments } from '../../../src/modules/payments/index.ts';
import { reconcile } from '../../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { HOSTILE, SAMPLE_CASES } from './sample-cases.ts';

const PARTNER = 'mx-consulate-los-angeles';
const payee = 'María Guadalupe Núñez Ibáñez';
const plain = SAMPLE_CASES.plain.caseId;

const register = (count: number) => [
  'disbursement_id,batch_id,case_id,partner,payee_name,amount,currency,issued_on,method',
  ...Array.from({ length: count }, (_, i) => `D26010000${String(i).padStart(2, '0')},B2601-LA-01,${plain},${PARTNER},${payee},${300 + i}.00,USD,2026-01-05,consulate`),
].join('\n');

const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

const report = (count: number) => [
  'folio,disbursement_id,expediente,beneficiario,importe,moneda,tipo_cambio,comision,importe_entregado,moneda_entregada,fecha,estatus,observaciones',
  ...Array.from({ length: count }, (_, i) => {
    const number = String(i).padStart(2, '0');
    const end = [`20.0000,0.00,${(300 + i) * 20}.00,MXN,2026-01-15,ENTREGADO,`, ',,,,2026-01-15,DEVUELTO,', ',,,,2026-01-15,PENDIENTE,'][i % 3];
    return `LA-2026-000${number},D26010000${number},${plain},${payee},${300 + i}.00,USD,${end}`;
  }),
  `${cell(HOSTILE)},,,${cell(HOSTILE)},50.00,USD,20.0000,0.00,1000.00,MXN,2026-01-15,ENTREGADO,${cell(HOSTILE)}`,
  `LA-2026-99999,,,Nadie Conocido,10.00,XXX,20.0000,0.00,200.00,MXN,2026-01-15,ENTREGADO,`,
].join('\n');

/** A register and the report on it, reconciled: more lines than a page has, every outcome but few, and one hostile line. */
export async function reconcileSamplePayments(ctx: Ctx): Promise<string> {
  await importDisbursements(ctx, { fileName: 'register.csv', source: Buffer.from(`${register(60)}\n`) });
  await importPayments(ctx, { partnerId: PARTNER, fileName: 'informe-enero.csv', source: Buffer.from(`${report(60)}\n`) });
  return (await reconcile(ctx)).runId;
}
