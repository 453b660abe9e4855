import { listSuspense } from '../../../src/modules/reconciliation/index.ts';
import type { SuspenseItem } from '../../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { dayOfWeek } from '../../../src/platform/dates.ts';
import { behindTheWall, testCtx } from '../database.ts';
import type { TestDatabase } from '../database.ts';
import { caseLine, importCases, LA } from './scene.ts';

export const C1 = '2000004100001';
export const C2 = '2000004100018';
export const CLOSED = '2000004100026';

/** Monday to Friday. */
export const isOpen = (date: string): boolean => ![0, 6].includes(dayOfWeek(date));

/** Two people who decide, one who supervises. */
export const people = (db: TestDatabase): { ana: Ctx; ben: Ctx; sue: Ctx } => ({
  ana: testCtx(db, { id: 'usr_ana', roles: ['reconciler'] }), ben: testCtx(db, { id: 'usr_ben', roles: ['reconciler'] }), sue: testCtx(db, { id: 'usr_sue', roles: ['supervisor'] }),
});

export const importCouples = (ctx: Ctx) => importCases(ctx, [
  caseLine(C1, { payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia' }), caseLine(C2, { payer: 'Hugo Lozano Meza', receiver: 'Perla Uribe Nieto' }),
  caseLine(CLOSED, { payer: 'Saúl Cerrado Vega', receiver: 'Eva Cerrada Ruiz' }, { status: 'closed', closedOn: '2025-01-01' }),
]);

export type Collected = { folio: string; caseId?: string; payer?: string; receiver?: string; usd?: string; transfer?: string };

/** A remittance line; nobody whom our cases know, unless told otherwise. The pesos are what the dollars come from at 0.05. */
export function collected({ folio, caseId = '', payer = 'Nadie Conocido Uno', receiver = 'Nadie Conocida Dos', usd = '110.00', transfer = 'TR1' }: Collected): string {
  return `${folio},${caseId},${payer},${receiver},${(Number(usd) * 20).toFixed(2)},MXN,0.05,0.00,${usd},2026-03-05,2026-03-06,${transfer},`;
}

export const reported = (folio: string, disbursementId: string, payee: string, amount: string, status = 'ENTREGADO', on = '2026-03-10'): string =>
  `${folio},${disbursementId},,${payee},${amount},USD,${status === 'ENTREGADO' ? `18.0000,0.00,${(Number(amount) * 18).toFixed(2)},MXN` : ',,,'},${on},${status},`;

export async function queueOf(ctx: Ctx, show = 'all'): Promise<readonly SuspenseItem[]> {
  return (await listSuspense(ctx, { show }, isOpen)).rows;
}

/** The key of a line of the queue by its reference. */
export async function keyOf(ctx: Ctx, reference: string): Promise<string> {
  const found = (await queueOf(ctx)).find((item) => item.reference === reference);
  if (found === undefined) throw new Error(`nothing in suspense under ${reference}`);
  return found.itemKey;
}

/** What a line has become, by its reference; the one that was imported last where there are several. */
export async function outcomeOf(db: TestDatabase, reference: string): Promise<Record<string, unknown>> {
  const [row] = await behindTheWall<Record<string, unknown>>(db,
    `select o.outcome, o.case_id, o.disbursement_id, o.amount_minor::int as minor, o.method, o.reasons, o.posting_key, o.candidate_case_id, 'line-' || o.file_id || '-' || o.line_number as key
       from line_outcomes o join payment_lines l using (agency_id, file_id, line_number) where l.reference = $1 order by l.imported_seq desc, l.line_number desc limit 1`, [reference]);
  return row ?? {};
}

export const proposals = (db: TestDatabase): Promise<unknown[]> =>
  behindTheWall(db, 'select case_id, status, amount_minor::int as minor from posting_proposals order by case_id, amount_minor desc, proposal_key');

export { LA };
