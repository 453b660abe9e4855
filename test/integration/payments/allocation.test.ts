import { text } from 'node:stream/consumers';
import { checkLedger } from '../../../src/modules/ledger/index.ts';
import { exportPostings, openPostingExport, previewAllocation } from '../../../src/modules/payments/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { caseLine, importCases, importCredits, importLines, reconcileAll, REMITTANCE } from '../../support/reconciliation/scene.ts';

const FIRST = '2000004100001';
const SECOND = '2000004100002';
const FOREIGN = '2000004100003';
let db: TestDatabase;
let ctx: Ctx;

const order = (currency: string, amount: string) => [{ orderId: 'R1', tribunal: 'Superior Court', docketNumber: 'BD1', jurisdiction: currency === 'USD' ? 'US-CA' : 'MX-BC', issuedOn: '2020-01-01', parentageEstablished: true,
  obligations: [{ obligationId: 'O1', kind: 'child_support', amount, currency, frequency: 'monthly', startsOn: '2020-01-01', dependents: ['P3'] }] }];
const arrears = [{ bucket: 'arrears_unassigned', amount: '500.00', currency: 'USD', asOf: '2026-02-28' }, { bucket: 'interest', amount: '50.00', currency: 'USD', asOf: '2026-02-28' }];
const payer = 'Pedro Robles Luna';
const identified = (line: string): string => line.replace('"participantId":"P1"', '"identifiers":[{"type":"CURP","value":"ROLP800101HBCBND09","source":"party"}],"participantId":"P1"');

beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
  await importCases(ctx, [
    identified(caseLine(FIRST, { payer, receiver: 'Carmen Arenas Vega' }, { orders: order('USD', '300.00'), balances: arrears })),
    identified(caseLine(SECOND, { payer, receiver: 'Luz Bravo Cid' }, { orders: order('USD', '100.00') })),
    caseLine(FOREIGN, { payer: 'Juan Salas Mora', receiver: 'Alma Rivas Soto' }, { orders: order('MXN', '4000.00') }),
  ]);
  await importLines(ctx, 'advice.csv', REMITTANCE, [
    `F1,${FIRST},${payer},Carmen Arenas Vega,4000.00,MXN,0.050000,0.00,200.00,2026-03-02,2026-03-05,TRF0001,`,
    `F2,${FIRST},${payer},Carmen Arenas Vega,8000.00,MXN,0.050000,0.00,400.00,2026-03-03,2026-03-05,TRF0001,`,
    `F3,${FOREIGN},Juan Salas Mora,Alma Rivas Soto,5000.00,MXN,0.050000,0.00,250.00,2026-03-03,2026-03-05,TRF0001,`,
  ]);
  await importCredits(ctx, 'C1', [{ transfer: 'TRF0001', amount: '850.00', on: '2026-03-06' }]);
  await reconcileAll(ctx);
});

const exported = async (): Promise<string[]> => (await text(await openPostingExport(ctx, (await exportPostings(ctx)).exportId ?? ''))).trim().split('\n').slice(1).map((line) => line.replace(/^pst_\w+,/, '')).sort();
const buckets = async (caseId: string) => Object.fromEntries((await behindTheWall<{ account: string; minor: string }>(db,
  "select replace(a.code, 'proposed_collection:' || a.case_id || ':', '') as account, sum(e.amount_minor)::text as minor from ledger_entries e join ledger_accounts a using (agency_id, account_id) where a.case_id = $1 group by 1 having sum(e.amount_minor) <> 0",
  [caseId])).map(({ account, minor }) => [account, minor]));
const parts = () => behindTheWall<{ text: string }>(db, "select case_id || ' ' || coalesce(bucket, '-') || ' ' || amount_minor || ' ' || currency as text from posting_allocations order by posting_id, position");

it('books without a bucket, proposes buckets at the export, and moves them in the ledger', async () => {
  expect(await buckets(FIRST)).toEqual({ USD: '-60000' });
  expect(await exported()).toEqual([
    `${FIRST},2026-03-02,2026-03-06,200.00,USD,current_support,O1,intergovernmental,`,
    // 100 of current support and 300 of arrears: the State's to distribute.
    `${FIRST},2026-03-03,2026-03-06,400.00,USD,,,intergovernmental,`,
    `${FOREIGN},2026-03-03,2026-03-06,250.00,USD,,,intergovernmental,`,
  ].sort());
  const told = await buckets(FIRST);
  expect(told).toMatchObject({ 'current_support:USD': '-30000', 'arrears_unassigned:USD': '-30000' });
  expect(told['USD'] ?? '0').toBe('0');
  expect((await checkLedger(ctx)).isClean).toBe(true);
});

it('credits a foreign order with what was tendered in its currency, whatever it is worth, and books only dollars', async () => {
  await exported();
  const rows = (await parts()).map((row) => row.text).filter((row) => row.startsWith(FOREIGN));
  expect(rows).toEqual([`${FOREIGN} current_support 400000 MXN`, `${FOREIGN} - 100000 MXN`]);
  expect(await buckets(FOREIGN)).toEqual({ USD: '-25000' });
});

it('mirrors the parts of a collection that the bank takes back', async () => {
  await exported();
  await importCredits(ctx, 'C2', [{ transfer: 'TRF0001', amount: '850.00', on: '2026-03-09', isDebit: true, isReversal: true }]);
  await reconcileAll(ctx);
  await exported();
  expect(await buckets(FIRST)).toEqual({});
  expect((await checkLedger(ctx)).isClean).toBe(true);
});

it('shows how a collection would be applied and prorated over the payer’s cases, and stores nothing', async () => {
  const preview = await previewAllocation(ctx, { caseId: FIRST, amountMinor: 20_000n, currency: 'USD', receivedOn: '2026-03-10' });
  expect(preview).toMatchObject({ ruleId: 'us_ca', parts: [{ caseId: FIRST, bucket: 'current_support', obligationId: 'O1', amountMinor: 20_000n }] });
  expect(preview.prorated).toMatchObject({ isConfirmed: false, parts: [{ caseId: FIRST, amountMinor: 15_000n }, { caseId: SECOND, amountMinor: 5_000n }] });
  expect(await parts()).toEqual([]);
  await expect(previewAllocation(ctx, { caseId: FIRST, amountMinor: 0n, currency: 'USD', receivedOn: '2026-03-10' })).rejects.toMatchObject({ code: 'allocation.amount' });
  const imperial: Ctx = { ...ctx, actor: { ...ctx.actor, counties: ['06025'] } };
  await expect(previewAllocation(imperial, { caseId: FIRST, amountMinor: 1n, currency: 'USD', receivedOn: '2026-03-10' })).rejects.toMatchObject({ kind: 'not_found' });
});
