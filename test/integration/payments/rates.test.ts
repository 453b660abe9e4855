import { compareRates, freezeRates, importRates, ratesBetween } from '../../../src/modules/payments/index.ts';
import { deviation } from '../../../src/modules/payments/rates/rate.rules.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { caseLine, FORWARDING, importCases, importCredits, importLines, importRegister, LA, postings, reconcileAll, REMITTANCE } from '../../support/reconciliation/scene.ts';

const CASE = '2000004100001';
let db: TestDatabase;
let ctx: Ctx;
const published = (...rows: string[]) => importRates(ctx, { fileName: 'rates.csv', source: Buffer.from(['source,base,quote,quoted_on,rate', ...rows, ''].join('\n')) });

beforeEach(async () => {
  db = await testDatabase();
  ctx = { ...testCtx(db), clock: fixedClock('2026-03-20T18:00:00Z') };
  await importCases(ctx, [caseLine(CASE, { payer: 'Pedro Robles Luna', receiver: 'Carmen Arenas Vega' })]);
  await importRegister(ctx, [`D1,B1,${CASE},${LA},Carmen Arenas Vega,100.00,USD,2026-03-01,consulate`]);
  await importLines(ctx, 'report.csv', FORWARDING, [`F1,D1,${CASE},Carmen Arenas Vega,100.00,USD,20.0000,0.00,2000.00,MXN,2026-03-10,ENTREGADO,`]);
  await importLines(ctx, 'advice.csv', REMITTANCE, [`F1,${CASE},Pedro Robles Luna,Carmen Arenas Vega,4000.00,MXN,0.050000,0.00,200.00,2026-03-02,2026-03-05,TRF0001,`]);
  await importCredits(ctx, 'C1', [{ transfer: 'TRF0001', amount: '200.00', on: '2026-03-06' }]);
  await reconcileAll(ctx);
});

it('late rate: the published rate of the day or before is frozen beside the printed one, and one that comes late changes nothing booked or frozen', async () => {
  await published('banxico_fix,USD,MXN,2026-03-09,19.0000', 'banxico_fix,USD,MXN,2026-03-11,18.0000', 'banxico_settlement,USD,MXN,2026-03-10,17.0000');
  expect(await freezeRates(ctx)).toBe(2);
  // Of a day: of each source the newest until then, the preferred one first; none of other currencies, none of a later day.
  const between = (on: string, ...currencies: string[]) => inTransaction(ctx, async (tx) => (await ratesBetween(tx, new Set(currencies), on)).map(({ source, quotedOn }) => `${source} ${quotedOn}`));
  expect([await between('2026-03-10', 'MXN', 'USD', 'EUR'), await between('2026-03-11', 'MXN', 'USD'), await between('2026-03-08', 'MXN', 'USD'), await between('2026-03-11', 'MXN', 'KRW')])
    .toEqual([['banxico_fix 2026-03-09', 'banxico_settlement 2026-03-10'], ['banxico_fix 2026-03-11', 'banxico_settlement 2026-03-10'], [], []]);
  const [before, booked] = [await compareRates(ctx, LA), await postings(db)];
  expect(before.find(({ kind }) => kind === 'forwarding')).toMatchObject({ source: 'banxico_fix', quotedOn: '2026-03-09', rate: '19.0000000000', deviation: 526n });
  // Nothing of 2 March or before was known.
  expect(before.find(({ kind }) => kind === 'remittance')).toMatchObject({ printed: '0.05', source: null, rate: null, deviation: null });
  expect(await published('banxico_fix,USD,MXN,2026-03-09,21.0000', 'banxico_fix,USD,MXN,2026-03-10,21.5000', 'banxico_fix,USD,MXN,2026-03-02,20.0000')).toMatchObject({ imported: 3 });
  expect(await freezeRates(ctx)).toBe(0);
  await reconcileAll(ctx);
  expect([await compareRates(ctx, LA), await postings(db)]).toEqual([before, booked]);
});

it('compares what is quoted the other way round', async () => {
  await published('banxico_fix,USD,MXN,2026-03-02,20.0000');
  await freezeRates(ctx);
  expect((await compareRates(ctx, LA)).map(({ kind, deviation: off }) => [kind, off]).sort()).toEqual([['forwarding', 0n], ['remittance', 0n]]);
  expect([deviation('0.05', '20', true), deviation('0.049', '20', true), deviation('x', '20', false)]).toEqual([0n, 204n, null]);
});

it('says of each line at fault where and what is expected, and takes in the others once', async () => {
  const told = await published('banxico_fix,USD,MXN,2026-03-09,19', 'nobody,USD,MXN,2026-03-09,19', 'banxico_fix,USD,MXN,2026-02-30,19', 'banxico_fix,USD,MXN,2026-03-21,19', 'banxico_fix,USD,MXN,2026-03-08,-1');
  expect(told).toMatchObject({ lines: 5, imported: 1, rejected: 4 });
  expect(told.findings.map(({ code, line, path }) => [code, line, path])).toEqual([
    ['rates.pair', 3, 'source'], ['rates.date_unreadable', 4, 'quoted_on'], ['rates.date_in_future', 5, 'quoted_on'], ['rates.rate_unreadable', 6, 'rate']]);
  expect(await published('banxico_fix,USD,MXN,2026-03-09,19.0')).toMatchObject({ imported: 0, duplicate: 1 });
  await expect(importRates(ctx, { fileName: 'x.csv', source: Buffer.from('source,base\n') })).rejects.toMatchObject({ code: 'rates.columns_missing' });
});
