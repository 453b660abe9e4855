import { readFileSync } from 'node:fs';
import { moneyByMonth, moneyChartSvg, periodStatement, statementCsv, statementPdf } from '../../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { hasWords, LANGUAGES } from '../../../src/platform/i18n.ts';
import { parseMajor } from '../../../src/platform/money.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { readPdf } from '../../support/referrals/pdf-text.ts';
import { balance, caseLine, FORWARDING, importCases, importCredits, importLines, importRegister, LA, reconcileAll, REMITTANCE } from '../../support/reconciliation/scene.ts';

const CASE = '2000004100001';
let db: TestDatabase;
let ctx: Ctx;
beforeAll(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
  await importCases(ctx, [caseLine(CASE, { payer: 'Pedro Robles Luna', receiver: 'Carmen Arenas Vega' })]);
  await importRegister(ctx, [`D1,B1,${CASE},${LA},Carmen Arenas Vega,100.00,USD,2026-01-05,consulate`, `D2,B1,${CASE},${LA},Carmen Arenas Vega,120.00,USD,2026-02-05,consulate`]);
  await importLines(ctx, 'report.csv', FORWARDING, [`F1,D1,${CASE},Carmen Arenas Vega,100.00,USD,20.0000,40.00,1960.00,MXN,2026-01-20,ENTREGADO,`, `F2,D2,${CASE},Carmen Arenas Vega,120.00,USD,,,,,2026-02-20,DEVUELTO,`]);
  await importLines(ctx, 'advice.csv', REMITTANCE, [
    `F1,${CASE},Pedro Robles Luna,Carmen Arenas Vega,4000.00,MXN,0.050000,0.00,200.00,2026-02-02,2026-02-05,TRF0001,`, `F2,,Nadie,Ninguna,1000.00,MXN,0.050000,0.00,50.00,2026-02-02,2026-02-05,TRF0001,`,
  ]);
  await importCredits(ctx, 'C1', [{ transfer: 'TRF0001', amount: '250.00', on: '2026-02-06' }]);
  await reconcileAll(ctx);
});

const february = { partnerId: LA, from: '2026-02-01', to: '2026-02-28' };
const rowsOf = (csv: string): Record<string, string>[] => {
  const [heading = [], ...rows] = csv.trim().split('\n').map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(heading.map((name, index) => [name, row[index] ?? ''])));
};

it('carries January over: opening, movements, closing of each account', async () => {
  const { partner, cases } = await periodStatement(ctx, february);
  const of = (account: string) => [...partner, ...cases].find((one) => one.account === account);
  expect(of('in_transit')).toMatchObject({ openingMinor: 0n, closingMinor: 0n, movements: [{ event: 'disbursement.registered', amountMinor: 12_000n, count: 1 }, { event: 'disbursement.returned', amountMinor: -12_000n, count: 1 }] });
  expect(of('suspense')).toMatchObject({ openingMinor: 0n, closingMinor: 5_000n });
  expect(of('to_be_recovered')).toMatchObject({ openingMinor: 0n, closingMinor: 12_000n });
  expect(of('delivered')).toMatchObject({ caseId: CASE, openingMinor: 9_800n, closingMinor: 9_800n, movements: [] });
  expect(of('proposed_collection')).toMatchObject({ caseId: CASE, openingMinor: 0n, closingMinor: 20_000n });
});

it('closes one month where the next one opens, and the last one at the ledger’s balance', async () => {
  const closing = (await periodStatement(ctx, { ...february, from: '2026-01-01', to: '2026-01-31' })).partner.find((one) => one.account === 'in_transit')?.closingMinor ?? 0n;
  const next = (await periodStatement(ctx, february)).partner.find((one) => one.account === 'in_transit');
  expect(next?.openingMinor).toBe(closing);
  expect(await balance(db, `suspense:${LA}:USD`)).toBe(-5_000);
});

it('says it as CSV in which every account adds up to the cent', async () => {
  const rows = rowsOf(statementCsv(await periodStatement(ctx, { ...february, from: '2026-01-01' })));
  const sums = new Map<string, bigint>();
  for (const row of rows) {
    const key = [row['case_id'], row['account'], row['currency']].join(':');
    const minor = parseMajor(row['amount'] as string, row['currency'] as string) as bigint;
    sums.set(key, (sums.get(key) ?? 0n) + (row['line'] === 'closing' ? -minor : minor));
  }
  expect(sums.size).toBeGreaterThan(4);
  expect([...sums].filter(([, rest]) => rest !== 0n)).toEqual([]);
  expect(rows[0]).toMatchObject({ partner: LA, from: '2026-01-01', to: '2026-02-28', line: 'opening' });
});

it('tells money by month and outcome, and draws it the same each time', async () => {
  const months = await moneyByMonth(ctx, { partnerId: LA, from: '2026-01-01', to: '2026-02-28' });
  expect(months.map(({ month, kind, outcome, lines, amountMinor }) => [month, kind, outcome, lines, amountMinor])).toEqual([
    ['2026-01', 'forwarding', 'posted', 1, 10_000n], ['2026-02', 'forwarding', 'returned', 1, 12_000n], ['2026-02', 'remittance', 'posted', 1, 20_000n], ['2026-02', 'remittance', 'suspense', 1, 5_000n]]);
  const draw = () => moneyChartSvg(months, { from: '2026-01-01', to: '2026-02-28', currency: 'USD', kind: 'remittance', languages: ['en', 'es-MX'] });
  expect(draw()).toBe(draw());
  for (const said of ['posted · asentado', '2026-01', '</svg>']) expect(draw()).toContain(said);
  expect(draw()).not.toMatch(/<script|<style|onload/);
});

it('is set as a bilingual PDF, the same bytes for the same books', async () => {
  const wanted = { ...february, from: '2026-01-01' };
  const [first, again] = [await statementPdf(ctx, wanted), await statementPdf(ctx, wanted)];
  expect(first.bytes.equals(again.bytes)).toBe(true);
  const text = (await readPdf(first.bytes)).pages.join(' ');
  for (const words of ['Statement of account', 'Estado de cuenta', 'Opening balance', 'Saldo inicial', 'In transit with the partner', CASE, '200.00 USD']) expect(text).toContain(words);
});

it('has words for what was taken back, on paper and in the books of the case', async () => {
  await importCredits(ctx, 'C2', [{ transfer: 'TRF0001', amount: '250.00', on: '2026-02-10', isDebit: true, isReversal: true }]);
  await reconcileAll(ctx);
  const text = (await readPdf((await statementPdf(ctx, february)).bytes)).pages.join(' ');
  expect(text).toContain('Cobro revertido con su transferencia');
  const movements = (await periodStatement(ctx, february)).cases.flatMap((one) => one.movements.map(({ event }) => event));
  expect(movements).toContain('collection.taken_back');
});

it.each(LANGUAGES)('has words in %s for every event of the ledger', (language) => {
  const events = ['bank/take-back.store.ts', 'runs/posting.store.ts', 'suspense/plan-unmatch.ts', 'suspense/plan-match.ts', 'suspense/carry-out.ts', 'suspense/book-collection.ts']
    .flatMap((file) => [...readFileSync(`src/modules/reconciliation/${file}`, 'utf8').matchAll(/'((?:(?:collection|disbursement|credit|suspense)\.(?:taken_back|unmatched|proposed|delivered|returned|registered|received|recovered))|transfer\.fee_taken(?:_back)?)'/g)].map(([, event]) => event as string));
  expect(new Set(events).size).toBeGreaterThan(8);
  expect([...new Set(events)].filter((event) => !hasWords(language, `ledger:event.${event.replaceAll('.', '_')}`))).toEqual([]);
});

it('refuses a period that is none, and whoever does not see all counties', async () => {
  for (const period of [{ from: '2026-03-01', to: '2026-02-01' }, { from: 'x', to: '2026-02-01' }, { from: '1990-01-01', to: '2026-02-01' }]) {
    await expect(periodStatement(ctx, { partnerId: LA, ...period })).rejects.toMatchObject({ kind: 'invalid', code: 'statement.period' });
  }
  const as = (actor: object): Ctx => ({ ...ctx, actor: { ...ctx.actor, kind: 'user', id: 'usr_x', ...actor } });
  await expect(periodStatement(as({ roles: ['supervisor'], counties: ['06037'] }), february)).rejects.toMatchObject({ code: 'statement.all_counties_needed' });
  await expect(periodStatement(as({ roles: ['attorney'] }), february)).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(periodStatement(ctx, { ...february, partnerId: 'nobody' })).rejects.toMatchObject({ code: 'partner.unknown' });
});
