import { checkLedger } from '../../../src/modules/ledger/index.ts';
import { getRun, listRunLines, listRuns, reconcile } from '../../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { balance, caseLine, FORWARDING, importCases, importCredits, importLines, importRegister, LA, postings, reconcileAll, REMITTANCE } from '../../support/reconciliation/scene.ts';

const C1 = '2000004100001';
const C2 = '2000004100018';
const CLOSED = '2000004100025';

let db: TestDatabase;
let ctx: Ctx;

beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
  await importCases(ctx, [
    caseLine(C1, { payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia' }),
    caseLine(C2, { payer: 'Hugo Lozano Meza', receiver: 'Perla Uribe Nieto' }),
    caseLine(CLOSED, { payer: 'Iván Ochoa Rubio', receiver: 'Elena Villa Soto' }, { status: 'closed', closedOn: '2026-01-31' }),
  ]);
  await importRegister(ctx, [`D2603000001,B1,${C1},${LA},Nayeli Robles Tapia,100.00,USD,2026-03-01,consulate`, `D2603000002,B1,${C2},${LA},Perla Uribe Nieto,250.00,USD,2026-03-01,consulate`]);
});

const delivered = (folio: string, id: string, caseId: string, payee: string, amount: string, on: string, fee = '0.00'): string =>
  `${folio},${id},${caseId},${payee},${amount},USD,18.0000,${fee},${(Number(amount) * 18 - Number(fee)).toFixed(2)},MXN,${on},ENTREGADO,`;
const other = (folio: string, id: string, caseId: string, payee: string, amount: string, on: string, status: string): string => `${folio},${id},${caseId},${payee},${amount},USD,,,,,${on},${status},`;
// 2,000 pesos at 0.055 are 110 dollars.
const remitted = (folio: string, caseId: string, payer: string, receiver: string, transfer: string, pesos = '2000.00', usd = '110.00'): string =>
  `${folio},${caseId},${payer},${receiver},${pesos},MXN,0.055,0.00,${usd},2026-03-05,2026-03-06,${transfer},`;

describe('disbursements and what the partner did with them', () => {
  it('moves registered money into transit, and delivered money with its fee to the case', async () => {
    await importLines(ctx, 'a.csv', FORWARDING, [delivered('F-1', 'D2603000001', C1, 'Nayeli Robles Tapia', '100.00', '2026-03-10', '36.00'), other('F-2', 'D2603000002', C2, 'Perla Uribe Nieto', '250.00', '2026-03-11', 'DEVUELTO')]);
    const outcomes = await reconcileAll(ctx);
    expect(outcomes.get('a.csv:2')).toMatchObject({ outcome: 'posted', caseId: C1, disbursementId: 'D2603000001', amountMinor: 10_000, currency: 'USD', method: 'reference', score: null, reference: 'F-1' });
    expect(outcomes.get('a.csv:3')).toMatchObject({ outcome: 'returned', caseId: C2 });
    expect(await balance(db, `delivered:${C1}:USD`)).toBe(9_800);
    expect(await balance(db, `fees_abroad:${C1}:USD`)).toBe(200);
    expect(await balance(db, `to_be_recovered:${LA}:USD`)).toBe(25_000);
    expect(await balance(db, `in_transit:${LA}:USD`)).toBe(0);
    expect(await behindTheWall(db, 'select case_id from disbursement_holds')).toEqual([{ case_id: C2 }]);
    expect((await checkLedger(ctx)).isClean).toBe(true);
  });

  it('settles a pending one later under a new folio, and no disbursement twice', async () => {
    await importLines(ctx, 'a.csv', FORWARDING, [other('F-1', 'D2603000001', C1, 'Nayeli Robles Tapia', '100.00', '2026-03-10', 'PENDIENTE')]);
    expect((await reconcileAll(ctx)).get('a.csv:2')).toMatchObject({ outcome: 'pending', disbursementId: 'D2603000001' });
    await importLines(ctx, 'b.csv', FORWARDING, [delivered('F-2', 'D2603000001', C1, 'Nayeli Robles Tapia', '100.00', '2026-03-20'), delivered('F-3', 'D2603000001', C1, 'Nayeli Robles Tapia', '100.00', '2026-03-21')]);
    const outcomes = await reconcileAll(ctx);
    expect(outcomes.get('b.csv:2')).toMatchObject({ outcome: 'posted' });
    expect(outcomes.get('b.csv:3')).toMatchObject({ outcome: 'suspense', caseId: null, reasons: expect.arrayContaining(['disbursement.already_settled']) });
    expect(await balance(db, `delivered:${C1}:USD`)).toBe(10_000);
  });

  it('finds a payee without numbers by name and amount, and waits when the amount is another', async () => {
    await importLines(ctx, 'a.csv', FORWARDING, [delivered('F-1', '', '', 'ROBLES TAPIA NAYELI', '100.00', '2026-03-10'), delivered('F-2', '', '', 'Perla Uribe', '251.00', '2026-03-10')]);
    const outcomes = await reconcileAll(ctx);
    expect(outcomes.get('a.csv:2')).toMatchObject({ outcome: 'posted', caseId: C1, method: 'scored', score: 1 });
    expect(outcomes.get('a.csv:3')).toMatchObject({ outcome: 'suspense' });
  });
});

describe('collections from abroad', () => {
  it('waits for the money, and posts when it comes', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [remitted('R-1', C1, 'Raúl Ibarra Zúñiga', 'Nayeli Robles Tapia', 'TR-1')]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'pending', caseId: C1, reasons: expect.arrayContaining(['transfer.no_credit']) });
    expect(await balance(db, `proposed_collection:${C1}:USD`)).toBe(0);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'posted', caseId: C1, amountMinor: 11_000, method: 'exact' });
    expect(await balance(db, `proposed_collection:${C1}:USD`)).toBe(-11_000);
    expect(await balance(db, `suspense:${LA}:USD`)).toBe(0);
    expect(await balance(db, 'bank:USD')).toBe(11_000);
    const history = await behindTheWall(db, 'select outcome from line_outcome_history');
    expect(history).toEqual([{ outcome: 'pending' }]);
  });

  it('posts what the bank kept as a fee, and leaves uncertain money in suspense', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [
      remitted('R-1', C1, 'Raúl Ibarra Zúñiga', 'Nayeli Robles Tapia', 'TR1'), remitted('R-2', C1, 'Hugo Lozano Meza', 'Perla Uribe Nieto', 'TR1'),
      remitted('R-3', CLOSED, 'Iván Ochoa Rubio', 'Elena Villa Soto', 'TR1'), remitted('R-4', C2, 'Hugo Lozano Meza', 'Perla Uribe Nieto', 'TR1', '2000.00', '190.00'),
    ]);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '500.00', on: '2026-03-09' }, { transfer: 'TR9', amount: '5.00', on: '2026-03-09' }]);
    const outcomes = await reconcileAll(ctx);
    expect(outcomes.get('r.csv:2')).toMatchObject({ outcome: 'posted', reasons: expect.arrayContaining(['transfer.within_fee']) });
    expect(outcomes.get('r.csv:3')).toMatchObject({ outcome: 'suspense', caseId: null, reasons: ['case_id.exact', 'conflict.name'] });
    expect(outcomes.get('r.csv:4')).toMatchObject({ outcome: 'suspense', reasons: expect.arrayContaining(['case.closed']) });
    expect(outcomes.get('r.csv:5')).toMatchObject({ outcome: 'rejected', reasons: ['line.amounts_mismatch'] });
    expect(await balance(db, `suspense:${LA}:USD`)).toBe(-41_000);
    expect(await balance(db, `transfer_fees:${LA}:USD`)).toBe(2_000);
    const credits = await behindTheWall(db, 'select outcome, transfer, posted from bank_credit_outcomes order by transfer nulls last');
    expect(credits).toEqual([{ outcome: 'matched', transfer: 'TR1', posted: true }, { outcome: 'unmatched', transfer: null, posted: false }]);
  });

  it('holds a whole transfer back when its sum is not the credit\'s, until the missing lines come', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [remitted('R-1', C1, 'Raúl Ibarra Zúñiga', 'Nayeli Robles Tapia', 'TR1')]);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '220.00', on: '2026-03-09' }]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'suspense', reasons: ['transfer.sum_differs'] });
    expect(await balance(db, `suspense:${LA}:USD`)).toBe(-22_000);
    await importLines(ctx, 's.csv', REMITTANCE, [remitted('R-2', C2, 'Hugo Lozano Meza', 'Perla Uribe Nieto', 'TR-1')]);
    const outcomes = await reconcileAll(ctx);
    expect([outcomes.get('r.csv:2')?.outcome, outcomes.get('s.csv:2')?.outcome]).toEqual(['posted', 'posted']);
    expect(await balance(db, `suspense:${LA}:USD`)).toBe(0);
  });
});

describe('what comes again', () => {
  it('is a repeat with the same content and suspense with other content, whichever file it stands in', async () => {
    const first = remitted('R-1', C1, 'Raúl Ibarra Zúñiga', 'Nayeli Robles Tapia', 'TR1');
    await importLines(ctx, 'r.csv', REMITTANCE, [first, first, remitted('R-9', 'x', 'N N', 'N N', 'TR1', 'abc')]);
    await importLines(ctx, 'r2.csv', REMITTANCE, [first.replace('Zúñiga', 'Zuñiga'), remitted('R-1', C2, 'Hugo Lozano Meza', 'Perla Uribe Nieto', 'TR1'), remitted('R-9', 'x', 'N N', 'N N', 'TR1', 'abc')]);
    const outcomes = await reconcileAll(ctx);
    expect([...outcomes].map(([at, o]) => [at, o.outcome, o.reasons[0]])).toEqual([
      ['r.csv:2', 'pending', 'case_id.exact'], ['r.csv:3', 'duplicate', 'duplicate.same_file'], ['r.csv:4', 'rejected', 'line.amount_unreadable'],
      ['r2.csv:2', 'duplicate', 'duplicate.resent_file'], ['r2.csv:3', 'suspense', 'reference.other_content'], ['r2.csv:4', 'duplicate', 'duplicate.resent_file'],
    ]);
  });

  it('the same line without a folio, twice in one file or again in another one, is for a person', async () => {
    const bare = delivered('', 'D2603000001', C1, 'Nayeli Robles Tapia', '100.00', '2026-03-10');
    await importLines(ctx, 'a.csv', FORWARDING, [bare, bare, delivered('F-1', 'D2603000002', C2, 'Perla Uribe Nieto', '250.00', '2026-03-10')]);
    await importLines(ctx, 'b.csv', FORWARDING, [bare, delivered('F-2', 'D2603000002', C2, 'Perla Uribe Nieto', '250.00', '2026-03-12')]);
    const outcomes = await reconcileAll(ctx);
    expect(['a.csv:2', 'a.csv:3', 'b.csv:2', 'b.csv:3'].map((at) => outcomes.get(at)?.outcome)).toEqual(['posted', 'suspense', 'suspense', 'suspense']);
    expect([outcomes.get('a.csv:3')?.reasons, outcomes.get('b.csv:2')?.reasons]).toEqual([['duplicate.possible_twin'], ['duplicate.possible_repeat']]);
    expect(await balance(db, `delivered:${C1}:USD`)).toBe(10_000);
  });

  it('a second run does nothing, and two at once post once', async () => {
    await importLines(ctx, 'a.csv', FORWARDING, [delivered('F-1', 'D2603000001', C1, 'Nayeli Robles Tapia', '100.00', '2026-03-10')]);
    const both = await Promise.all([reconcile(ctx), reconcile(testCtx(db))]);
    expect(both.map((r) => r.files).toSorted()).toEqual([0, 1]);
    const before = await postings(db);
    expect(await reconcile(ctx)).toMatchObject({ files: 0, needsPerson: false });
    expect(await postings(db)).toEqual(before);
  });
});

describe('who may see it', () => {
  it('runs and their lines, by permission', async () => {
    await importLines(ctx, 'a.csv', FORWARDING, [delivered('F-1', 'D2603000001', C1, 'Nayeli Robles Tapia', '100.00', '2026-03-10'), delivered('F-2', 'D1', '9', 'N N', '3.00', '2026-03-10')]);
    const { runId } = await reconcile(ctx);
    expect((await listRuns(ctx)).runs[0]).toMatchObject({ runId, state: 'finished', summary: { files: 1, outcomes: { posted: 1, suspense: 1 } } });
    expect((await listRunLines(ctx, runId, { outcome: 'suspense' })).lines.map((l) => l.line)).toEqual([3]);
    await expect(getRun(ctx, 'run_none')).rejects.toMatchObject({ kind: 'not_found' });
    await expect(reconcile(testCtx(db, { roles: ['attorney'] }))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(reconcile(testCtx(db, { roles: ['reconciler'], counties: ['06037'] }))).rejects.toMatchObject({ code: 'reconciliation.all_counties_needed' });
    await expect(listRunLines(testCtx(db, { roles: ['partner_officer'], partner: LA }), runId)).rejects.toMatchObject({ kind: 'forbidden' });
    expect((await behindTheWall(db, "select count(*)::int as n from audit_events where action like 'reconciliation.%'"))[0]).toEqual({ n: 2 });
  });
});
