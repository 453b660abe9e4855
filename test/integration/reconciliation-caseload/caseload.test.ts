import { comparePartnerCaseload, newestComparison } from '../../../src/modules/reconciliation/index.ts';
import { createReferral, exchangedCases } from '../../../src/modules/referrals/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import { caseLine, importCases, importRegister, LA } from '../../support/reconciliation/scene.ts';

const [PAID, REFERRED, CLOSED] = ['2000004100001', '2000004100002', '2000004100003'];
let ctx: Ctx;
beforeAll(async () => {
  const db = await testDatabase();
  ctx = testCtx(db);
  await importCases(ctx, [
    caseLine(PAID, { payer: 'Pedro Robles Luna', receiver: 'Carmen Arenas Vega' }), caseLine(REFERRED, { payer: 'Juan Salas Mora', receiver: 'Alma Rivas Soto' }),
    caseLine(CLOSED, { payer: 'Luis Cano Paz', receiver: 'Rosa Gil Mar' }, { status: 'closed', closedOn: '2026-01-31' }),
  ]);
  await importRegister(ctx, [`D1,B1,${PAID},${LA},Carmen Arenas Vega,100.00,USD,2026-01-05,consulate`]);
  const { referralId } = await createReferral(ctx, { caseId: REFERRED, partnerId: LA, services: ['status'] });
  expect(await exchangedCases(ctx, LA)).toEqual([]);
  await behindTheWall(db, "update referrals set sent_at = now(), status = 'sent' where referral_id = $1", [referralId]);
});

const compare = async (text: string, as: Ctx = ctx) => comparePartnerCaseload(as, { partnerId: LA, fileName: 'lista.csv', source: Buffer.from(text, 'latin1'), exchangedCases: await exchangedCases(ctx, LA) });

it('holds a consulate’s list in its own words against cases, money and referrals', async () => {
  const told = await compare(['Consulado;;;;', 'No. de expediente;Número de caso;Deudor;Acreedor;Estatus', `C-1;${PAID};Pedro Robles Luna;Carmen Arenas Vega;Vigente`,
    `C-3;${CLOSED};Luis Cano Paz;Rosa Gil Mar;En trámite`, 'C-9;2999999999999;Nadie;Ninguna;raro', 'Total;3;;;', ''].join('\r\n'));
  expect(told).toMatchObject({ lines: 3, agreeing: 0 });
  expect(told.differences.map(({ code, line, caseId }) => [code, line, caseId])).toEqual([
    ['partner_number_new', 3, PAID], ['closed_here', 4, CLOSED], ['partner_number_new', 4, CLOSED], ['orphan_theirs', 5, null], ['orphan_ours', null, REFERRED]]);
  expect(told.findings.map(({ code, line }) => [code, line])).toEqual([['caseload.status_unknown', 5]]);
  expect(await newestComparison(ctx, LA)).toMatchObject({ comparison: { comparisonId: told.comparisonId, differing: 5 }, differences: told.differences });
});

it('reads our numbers under the heading that a consulate has for them in its other lists', async () => {
  expect(await compare(`Expediente,Deudor,Acreedor\n${PAID},Pedro Robles Luna,Carmen Arenas Vega\n`)).toMatchObject({ lines: 1, agreeing: 1 });
});

it('refuses a list without our numbers, and whoever would see only half of the cases', async () => {
  await expect(compare('foo,bar\n1,2\n')).rejects.toMatchObject({ code: 'payments.columns_untold' });
  const as = (actor: object): Ctx => ({ ...ctx, actor: { ...ctx.actor, kind: 'user', id: 'usr_x', ...actor } });
  await expect(compare('x', as({ roles: ['reconciler'], counties: ['06037'] }))).rejects.toMatchObject({ code: 'reconciliation.all_counties_needed' });
  for (const roles of [['translator'], ['partner_officer']] as const) await expect(compare('x', as({ roles }))).rejects.toMatchObject({ kind: 'forbidden' });
});
