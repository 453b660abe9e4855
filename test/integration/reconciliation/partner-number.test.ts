import { learnPartnerNumber } from '../../../src/modules/cases/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import { caseLine, FORWARDING, importCases, importCredits, importLines, importRegister, LA, reconcileAll, REMITTANCE } from '../../support/reconciliation/scene.ts';

const C1 = '2000004100001';
const C2 = '2000004100018';
const C3 = '2000004100025';

let ctx: Ctx;

beforeEach(async () => {
  ctx = testCtx(await testDatabase());
  await importCases(ctx, [
    caseLine(C1, { payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia' }, { partnerCaseNumbers: [{ partner: LA, value: 'SRE/PA-118/26' }, { partner: LA, value: C3 }] }),
    caseLine(C2, { payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia' }, { partnerCaseNumbers: [{ partner: LA, value: 'SHARED-1' }, { partner: 'mx-consulate-calexico', value: 'SRE/PA-777/26' }] }),
    caseLine(C3, { payer: 'Hugo Lozano Meza', receiver: 'Perla Uribe Nieto' }, { partnerCaseNumbers: [{ partner: LA, value: 'SHARED 1' }] }),
  ]);
});

const remitted = (folio: string, caseId: string, payer = 'Raúl Ibarra Zúñiga', receiver = 'Nayeli Robles Tapia', note = ''): string =>
  `${folio},${caseId},${payer},${receiver},2000.00,MXN,0.055,0.00,110.00,2026-03-05,2026-03-06,TR${folio},${note}`;

async function outcomesOf(rows: readonly string[]): Promise<unknown[]> {
  await importLines(ctx, 'r.csv', REMITTANCE, rows);
  await importCredits(ctx, 'bank1', rows.map((r) => ({ transfer: `TR${r.split(',')[0] ?? ''}`, amount: '110.00', on: '2026-03-09' })));
  return [...(await reconcileAll(ctx)).values()].map((o) => [o.outcome, o.caseId, o.method, o.reasons[0]]);
}

it('the partner\'s own file number is the case\'s number for that partner, confirmed by names; it tells two cases of one couple apart', async () => {
  expect(await outcomesOf([remitted('R1', 'sre pa 118 26'), remitted('R2', 'SRE/PA-118/26', 'Hugo Lozano Meza', 'Perla Uribe Nieto')])).toEqual([
    ['posted', C1, 'exact', 'case_id.partner_number'], ['suspense', null, null, 'case_id.partner_number'],
  ]);
});

it('another partner\'s number, one of two cases, and one that contradicts another number are for a person', async () => {
  expect(await outcomesOf([remitted('R1', 'SRE/PA-777/26'), remitted('R2', 'SHARED-1'), remitted('R3', 'SRE/PA-118/26', undefined, undefined, `caso ${C2}`), remitted('R4', C3)])).toEqual([
    ['suspense', null, null, 'case_id.unknown'], ['suspense', null, null, 'ambiguous.two_cases_named'],
    ['suspense', null, null, 'ambiguous.two_cases_named'], ['suspense', null, null, 'ambiguous.two_cases_named'],
  ]);
});

it('a number learned from a match counts from then on, also in a forwarding report', async () => {
  await learnPartnerNumber(ctx, { caseId: C2, partnerId: LA, value: 'EXP 9' });
  await importRegister(ctx, [`D2603000001,B1,${C2},${LA},Nayeli Robles Tapia,100.00,USD,2026-03-01,consulate`, `D2603000002,B1,${C1},${LA},Nayeli Robles Tapia,100.00,USD,2026-03-01,consulate`]);
  await importLines(ctx, 'a.csv', FORWARDING, ['F-1,,EXP-9,Nayeli Robles Tapia,100.00,USD,18.0000,0.00,1800.00,MXN,2026-03-10,ENTREGADO,', 'F-2,D2603000002,EXP-9,Nayeli Robles Tapia,100.00,USD,18.0000,0.00,1800.00,MXN,2026-03-10,ENTREGADO,']);
  expect([...(await reconcileAll(ctx)).values()].map((o) => [o.outcome, o.caseId, o.method, o.reasons])).toEqual([
    ['posted', C2, 'exact', expect.arrayContaining(['case_id.partner_number'])], ['suspense', null, null, expect.arrayContaining(['conflict.case_number'])],
  ]);
});
