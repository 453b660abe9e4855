import { checkLedger } from '../../../src/modules/ledger/index.ts';
import { exportPostings, listBankCredits } from '../../../src/modules/payments/index.ts';
import { reconcile } from '../../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { balance, caseLine, FORWARDING, importCases, importCredits, importLines, importRegister, LA, postings, reconcileAll, REMITTANCE } from '../../support/reconciliation/scene.ts';

const C1 = '2000004100001';
const C2 = '2000004100018';

let db: TestDatabase;
let ctx: Ctx;

beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
  await importCases(ctx, [caseLine(C1, { payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia' }), caseLine(C2, { payer: 'Hugo Lozano Meza', receiver: 'Perla Uribe Nieto' })]);
  await importRegister(ctx, [`D2603000001,B1,${C1},${LA},Nayeli Robles Tapia,100.00,USD,2026-03-01,consulate`, `D2603000002,B1,${C2},${LA},Perla Uribe Nieto,250.00,USD,2026-03-01,consulate`]);
});

afterEach(async () => {
  expect((await checkLedger(ctx)).isClean).toBe(true);
  const before = await postings(db);
  expect(await reconcile(ctx)).toMatchObject({ files: 0, bank: { recovered: 0, takenBack: 0, forPerson: 0 } });
  expect(await postings(db)).toEqual(before);
});

const creditsOf = async (): Promise<unknown[]> => {
  const found: unknown[] = [];
  for await (const credit of listBankCredits(ctx)) found.push([credit.outcome, credit.transfer]);
  return found;
};
const reasonsOf = (): Promise<unknown[]> => behindTheWall(db, 'select o.reasons from bank_credit_outcomes o join bank_credits c using (agency_id, credit_id) order by c.booked_on, o.credit_id');
const holds = (): Promise<unknown[]> => behindTheWall(db, 'select case_id, reason, release_reason from disbursement_holds order by case_id, cause');

describe('money of disbursements that came back', () => {
  const back = (folio: string, id: string, caseId: string, payee: string, amount: string, status = 'DEVUELTO'): string => `${folio},${id},${caseId},${payee},${amount},USD,,,,,2026-03-11,${status},`;
  const returned = [back('F-1', 'D2603000001', C1, 'Nayeli Robles Tapia', '100.00', 'CANCELADO'), back('F-2', 'D2603000002', C2, 'Perla Uribe Nieto', '250.00')];

  it('is booked when a credit names them and is their sum, and ends their holds; also when report and money come together', async () => {
    await importLines(ctx, 'a.csv', FORWARDING, returned);
    await importCredits(ctx, 'bank1', [{ transfer: 'NOTPROVIDED', amount: '350.00', on: '2026-03-20', text: 'DEVOLUCION D2603000001 Y D-2603000002' }]);
    expect(await reconcile(ctx)).toMatchObject({ bank: { recovered: 2, takenBack: 0, forPerson: 0 }, needsPerson: false });
    expect([await balance(db, `to_be_recovered:${LA}:USD`), await balance(db, 'bank:USD')]).toEqual([0, 35_000]);
    expect((await postings(db)).filter((p) => p.startsWith('recovery:'))).toHaveLength(4);
    expect(await holds()).toEqual([C1, C2].map((c) => ({ case_id: c, reason: 'disbursement.returned', release_reason: 'disbursement.recovered' })));
    expect(await creditsOf()).toEqual([['unmatched', null]]);
    expect(await reasonsOf()).toEqual([{ reasons: ['recovery.agrees'] }]);
  });

  it('moves nothing when the amount is another, when it was not returned, and when it is there already; and says why', async () => {
    await importLines(ctx, 'a.csv', FORWARDING, returned.slice(1));
    await importCredits(ctx, 'bank1', [{ transfer: 'D2603000002', amount: '249.99', on: '2026-03-20' }, { transfer: 'D2603000001', amount: '100.00', on: '2026-03-21' }]);
    expect(await reconcile(ctx)).toMatchObject({ bank: { recovered: 0, forPerson: 2 }, needsPerson: true });
    expect(await reasonsOf()).toEqual([{ reasons: ['recovery.amount_differs'] }, { reasons: ['recovery.not_returned'] }]);
    await importCredits(ctx, 'bank2', [{ transfer: 'D2603000002', amount: '250.00', on: '2026-03-22' }]);
    expect(await reconcile(ctx)).toMatchObject({ bank: { recovered: 1 } });
    await importCredits(ctx, 'bank3', [{ transfer: 'D2603000002', amount: '250.00', on: '2026-04-22' }]);
    // Also the first credit has a new reason now: what it names is no longer to be recovered.
    expect(await reconcile(ctx)).toMatchObject({ bank: { recovered: 0, forPerson: 2 } });
    expect((await reasonsOf()).at(-1)).toEqual({ reasons: ['recovery.already'] });
    expect(await balance(db, 'bank:USD')).toBe(25_000);
    await importLines(ctx, 'b.csv', FORWARDING, returned.slice(0, 1));
    expect(await reconcile(ctx)).toMatchObject({ bank: { recovered: 1 } });
    expect(await balance(db, `to_be_recovered:${LA}:USD`)).toBe(0);
  });
});

describe('a collection that the bank takes back', () => {
  // 2,000 pesos at 0.055 are 110 dollars.
  const remitted = (folio: string, caseId: string, payer: string, receiver: string): string => `${folio},${caseId},${payer},${receiver},2000.00,MXN,0.055,0.00,110.00,2026-03-05,2026-03-06,TR-1,`;
  const lines = [remitted('R-1', C1, 'Raúl Ibarra Zúñiga', 'Nayeli Robles Tapia'), remitted('R-2', C2, 'Hugo Lozano Meza', 'Perla Uribe Nieto'), remitted('R-3', '', 'N N', 'N N')];
  const proposals = (): Promise<unknown[]> => behindTheWall(db, 'select case_id, status, amount_minor::int as minor from posting_proposals order by case_id, proposed_at, amount_minor desc');
  const untouched = async (): Promise<void> => { expect([await balance(db, 'bank:USD'), await balance(db, `suspense:${LA}:USD`), await balance(db, `proposed_collection:${C1}:USD`)]).toEqual([0, 0, 0]); };
  const debit = { transfer: 'TR1', amount: '320.00', on: '2026-03-15', isDebit: true, isReversal: true };

  beforeEach(async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, lines);
    // Ten dollars short: a fee.
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '320.00', on: '2026-03-09' }]);
  });

  it('leaves mirrors of all its postings, withdrawn proposals, lines in suspense and holds; a new credit posts it again', async () => {
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'posted' });
    await importCredits(ctx, 'bank2', [debit]);
    const outcomes = await reconcileAll(ctx);
    expect(['r.csv:2', 'r.csv:3', 'r.csv:4'].map((at) => [outcomes.get(at)?.outcome, outcomes.get(at)?.caseId, outcomes.get(at)?.reasons[0]]))
      .toEqual([['suspense', null, 'collection.taken_back'], ['suspense', null, 'collection.taken_back'], ['suspense', null, 'name.unknown']]);
    await untouched();
    expect(await balance(db, `transfer_fees:${LA}:USD`)).toBe(0);
    expect(await proposals()).toEqual([C1, C2].map((c) => ({ case_id: c, status: 'withdrawn', minor: 11_000 })));
    expect(await holds()).toEqual([C1, C2].map((c) => ({ case_id: c, reason: 'collection.taken_back', release_reason: null })));
    expect(await behindTheWall(db, 'select outcome from line_outcome_history')).toEqual([{ outcome: 'posted' }, { outcome: 'posted' }]);
    expect(await creditsOf()).toEqual([['matched', 'TR1']]);

    await importCredits(ctx, 'bank3', [{ transfer: 'TR1', amount: '330.00', on: '2026-03-25' }]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'posted', caseId: C1 });
    expect([await balance(db, 'bank:USD'), await balance(db, `suspense:${LA}:USD`), await balance(db, `proposed_collection:${C1}:USD`), await balance(db, `transfer_fees:${LA}:USD`)]).toEqual([33_000, -11_000, -11_000, 0]);
    expect((await proposals()).filter((p) => (p as { status: string }).status === 'proposed')).toHaveLength(2);
    expect(await holds()).toEqual([C1, C2].map((c) => ({ case_id: c, reason: 'collection.taken_back', release_reason: 'collection.posted_again' })));
    expect(await creditsOf()).toEqual([['matched', 'TR1'], ['matched', 'TR1']]);
    await importCredits(ctx, 'bank4', [{ ...debit, amount: '330.00', on: '2026-03-30' }]);
    expect(await reconcile(ctx)).toMatchObject({ bank: { takenBack: 1 } });
    await untouched();
  });

  it('is not shaken by a second credit for the settled transfer: that one lies in suspense, booked as the partner’s money', async () => {
    await reconcile(ctx);
    await importCredits(ctx, 'bank2', [{ transfer: 'NOTPROVIDED', text: 'REF TR-1 AGAIN', amount: '15.00', on: '2026-03-20' }, { transfer: 'TR9', amount: '7.00', on: '2026-03-21' }]);
    expect(await reconcile(ctx)).toMatchObject({ files: 0 });
    expect([await balance(db, 'bank:USD'), await balance(db, `suspense:${LA}:USD`), await balance(db, `proposed_collection:${C1}:USD`)]).toEqual([33_500, -12_500, -11_000]);
    expect(await creditsOf()).toEqual([['matched', 'TR1'], ['unmatched', 'TR1'], ['unmatched', null]]);
    expect((await reasonsOf()).slice(1)).toEqual([{ reasons: ['transfer.second_credit'] }, { reasons: ['transfer.unknown'] }]);
  });

  it('ends the same when line, credit and debit come together, and a new credit with them', async () => {
    await importCredits(ctx, 'bank2', [debit]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'suspense', reasons: ['collection.taken_back'] });
    await untouched();
    expect(await proposals()).toEqual([]);
    await importCredits(ctx, 'bank3', [{ transfer: 'TR1', amount: '320.00', on: '2026-04-25' }]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'posted' });
    expect([await balance(db, 'bank:USD'), await balance(db, `transfer_fees:${LA}:USD`), await balance(db, `proposed_collection:${C1}:USD`)]).toEqual([32_000, 1_000, -11_000]);
  });

  it('a debit between two credits takes the first one, whenever they are imported', async () => {
    await importCredits(ctx, 'bank2', [debit, { transfer: 'TR1', amount: '320.00', on: '2026-04-25' }]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'posted' });
    expect([await balance(db, 'bank:USD'), await balance(db, `suspense:${LA}:USD`), await balance(db, `transfer_fees:${LA}:USD`)]).toEqual([32_000, -11_000, 1_000]);
  });

  it('goes to the State as a reversal when the State has heard of it', async () => {
    await reconcile(ctx);
    await exportPostings(ctx);
    await importCredits(ctx, 'bank2', [debit]);
    await reconcile(ctx);
    expect(await proposals()).toEqual([C1, C2].flatMap((c) => [{ case_id: c, status: 'exported', minor: 11_000 }, { case_id: c, status: 'proposed', minor: -11_000 }]));
  });

  it('stays when a part is taken, when a debit comes twice over, or when a credit takes a debit back: a person decides', async () => {
    await reconcile(ctx);
    const before = await postings(db);
    await importCredits(ctx, 'bank2', [{ ...debit, amount: '100.00' }, { transfer: 'TR1', amount: '320.00', on: '2026-03-16', isReversal: true }, { transfer: 'X99', amount: '4.00', on: '2026-03-16', isDebit: true }]);
    expect(await reconcile(ctx)).toMatchObject({ bank: { takenBack: 0, forPerson: 1 }, needsPerson: true });
    await importCredits(ctx, 'bank3', [{ ...debit, on: '2026-03-18' }, { ...debit, on: '2026-03-19' }]);
    expect(await reconcile(ctx)).toMatchObject({ bank: { takenBack: 0, forPerson: 2 } });
    expect(await postings(db)).toEqual(before);
    expect(await behindTheWall(db, 'select reasons[1] as reason from bank_debit_outcomes order by 1')).toEqual([{ reason: 'take_back.amount_differs' }, { reason: 'take_back.unclear' }, { reason: 'take_back.unclear' }]);
  });
});

describe('sums beyond any transfer', () => {
  // Pesos and dollars of the largest amount that a line may have.
  const huge = (folio: string): string => `${folio},,N N,N N,100000000000.00,MXN,1.0000,0.00,100000000000.00,2026-03-05,2026-03-06,TR-X,`;

  it('of lines stop no run: they wait for a person, what else came is explained, and a credit that names them changes nothing', async () => {
    await importLines(ctx, 'huge.csv', REMITTANCE, [...Array.from({ length: 101 }, (_, i) => huge(`H-${i}`)), `G-1,${C1},Raúl Ibarra Zúñiga,Nayeli Robles Tapia,2000.00,MXN,0.055,0.00,110.00,2026-03-05,2026-03-06,TR-1,`]);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
    const told = await reconcileAll(ctx);
    expect([told.get('huge.csv:2')?.outcome, told.get('huge.csv:103')?.outcome]).toEqual(['suspense', 'posted']);
    expect(await behindTheWall(db, "select state, sum_minor from transfer_states where transfer = 'TRX'")).toEqual([{ state: 'differs', sum_minor: null }]);
    await importCredits(ctx, 'bank2', [{ transfer: 'TRX', amount: '100000000000.00', on: '2026-03-10' }]);
    await reconcile(ctx);
    expect(await behindTheWall(db, "select distinct o.outcome, 'transfer.sum_differs' = any (o.reasons) as says from line_outcomes o join payment_lines l using (agency_id, file_id, line_number) where l.transfer_reference = 'TR-X'"))
      .toEqual([{ outcome: 'suspense', says: true }]);
  });

  it('of one line or one movement are refused where they stand; the others go on', async () => {
    const beyond = huge('H-1').replaceAll('100000000000.00', '100000000000.01');
    expect(await importLines(ctx, 'beyond.csv', REMITTANCE, [beyond, huge('H-2')])).toMatchObject({ imported: 1, rejected: 1 });
    expect(await importCredits(ctx, 'bank1', [{ transfer: 'TRY', amount: '9999999999999999.99', on: '2026-03-09' }, { transfer: 'TRX', amount: '100000000000.00', on: '2026-03-10' }]))
      .toMatchObject({ rejected: 1, findings: [{ code: 'bank.amount_out_of_range', severity: 'block' }] });
    const told = await reconcileAll(ctx);
    expect([told.get('beyond.csv:2')?.outcome, told.get('beyond.csv:3')?.outcome]).toEqual(['rejected', 'suspense']);
    expect(await balance(db, 'bank:USD')).toBe(10 ** 13);
  });
});
