import { checkLedger } from '../../../src/modules/ledger/index.ts';
import {
  approveDecision, assignCredit, cancelReturnToSender, checkAgreement, closeEntry, confirmReturnSent, getSuspenseItem, listBankMovements, listHolds, matchLine, reconcile, releaseHold, returnToSender, suspenseTotals,
} from '../../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { balance, FORWARDING, importCredits, importLines, importRegister, LA, postings, reconcileAll, REMITTANCE } from '../../support/reconciliation/scene.ts';
import { C1, collected, importCouples, keyOf, outcomeOf, people, queueOf, reported } from '../../support/reconciliation/suspense-scene.ts';

let db: TestDatabase;
let ctx: Ctx;
let ana: Ctx;
let ben: Ctx;
beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
  ({ ana, ben } = people(db));
  await importCouples(ctx);
});
afterEach(async () => {
  expect((await checkLedger(ctx)).isClean).toBe(true);
  expect((await checkAgreement(ctx)).differences).toEqual([]);
  expect((await suspenseTotals(ctx)).filter((t) => t.differenceMinor !== 0n)).toEqual([]);
  const before = await postings(db);
  await reconcile(ctx);
  expect(await postings(db)).toEqual(before);
});

const money = async (): Promise<number[]> => [await balance(db, 'bank:USD'), await balance(db, `suspense:${LA}:USD`)];

describe('back to its sender', () => {
  beforeEach(async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [collected({ folio: 'R-1' }), collected({ folio: 'R-2', usd: '80.00' })]);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '190.00', on: '2026-03-09' }]);
    await reconcile(ctx);
  });

  it('a line’s money is ordered back by two people and leaves the books when the bank shows it', async () => {
    const itemKey = await keyOf(ana, 'R-1');
    const { decisionId, state } = await returnToSender(ana, { itemKey, reason: 'payer_unknown' });
    expect(state).toBe('proposed');
    await approveDecision(ben, decisionId);
    expect([await money(), (await queueOf(ana)).find((i) => i.itemKey === itemKey)?.isReturnOrdered]).toEqual([[19_000, -19_000], true]);
    await expect(matchLine(ana, { itemKey, caseId: C1, reason: 'other', note: 'x' })).rejects.toMatchObject({ code: 'suspense.return_ordered' });
    await expect(returnToSender(ana, { itemKey, reason: 'payer_unknown' })).rejects.toMatchObject({ code: 'suspense.return_ordered' });
    // Debits of another amount, and of the amount that name nothing of it, are not it.
    await importCredits(ctx, 'bank2', [{ transfer: 'TR1', amount: '109.99', on: '2026-11-23', isDebit: true }, { transfer: 'RENT', amount: '110.00', on: '2026-11-23', isDebit: true }]);
    await reconcile(ctx);
    expect(await money()).toEqual([19_000, -19_000]);
    await importCredits(ctx, 'bank3', [{ transfer: 'TR1', amount: '110.00', on: '2026-11-24', isDebit: true }]);
    await reconcileAll(ctx);
    expect(await money()).toEqual([8_000, -8_000]);
    expect(await outcomeOf(db, 'R-1')).toMatchObject({ outcome: 'returned', case_id: null, minor: 11_000, reasons: ['decided.by_person', 'decided.returned_to_sender'] });
    await expect(cancelReturnToSender(ana, { itemKey, reason: 'owner_found' })).rejects.toMatchObject({ code: 'suspense.return_not_ordered' });
  });

  it('may be called off until then; a debit that the statement does not explain is named by a person', async () => {
    const itemKey = await keyOf(ana, 'R-1');
    await approveDecision(ben, (await returnToSender(ana, { itemKey, reason: 'payer_unknown' })).decisionId);
    await cancelReturnToSender(ana, { itemKey, reason: 'owner_found' });
    expect((await outcomeOf(db, 'R-1'))['reasons']).toEqual(['decided.by_person', 'decided.return_cancelled']);
    const second = await returnToSender(ana, { itemKey, reason: 'sender_asked' });
    await approveDecision(ben, second.decisionId);
    await importCredits(ctx, 'bank2', [{ transfer: 'CHECK 12', amount: '110.00', on: '2026-11-24', isDebit: true }, { transfer: 'CHECK 13', amount: '111.00', on: '2026-11-24', isDebit: true }]);
    await reconcile(ctx);
    const [right, wrong] = (await behindTheWall<{ id: string }>(db, `select credit_id as id from bank_credits where direction = 'debit' order by amount_minor`)).map((r) => r.id) as [string, string];
    await expect(confirmReturnSent(ana, second.decisionId, wrong)).rejects.toMatchObject({ code: 'suspense.debit_other' });
    await confirmReturnSent(ana, second.decisionId, right);
    expect(await money()).toEqual([8_000, -8_000]);
    await expect(confirmReturnSent(ana, second.decisionId, right)).rejects.toMatchObject({ code: 'suspense.return_not_ordered' });
  });

  it('a whole credit goes back when no line used it, and pays for no line meanwhile', async () => {
    await importLines(ctx, 's.csv', REMITTANCE, [collected({ folio: 'R-5', transfer: 'TR5' })]);
    await importCredits(ctx, 'bank5', [{ transfer: 'TR5', amount: '500.00', on: '2026-03-10' }]);
    await reconcile(ctx);
    const itemKey = (await queueOf(ana)).find((i) => i.kind === 'credit')?.itemKey as string;
    await approveDecision(ben, (await returnToSender(ana, { itemKey, reason: 'sender_asked' })).decisionId);
    await importLines(ctx, 't.csv', REMITTANCE, [collected({ folio: 'R-6', caseId: C1, payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia', usd: '390.00', transfer: 'TR5' })]);
    expect((await reconcileAll(ctx)).get('t.csv:2')?.outcome).not.toBe('posted');
    await importCredits(ctx, 'bank6', [{ transfer: 'TR5', amount: '500.00', on: '2026-11-24', isDebit: true }]);
    await reconcile(ctx);
    expect([await money(), (await queueOf(ana)).some((i) => i.itemKey === itemKey)]).toEqual([[19_000, -19_000], false]);
    expect(await behindTheWall(db, 'select outcome from bank_debit_outcomes')).toEqual([{ outcome: 'returned_to_sender' }]);
  });
});

describe('a credit that names no transfer', () => {
  it('is said by two people to pay one whose sum it is, and the next run books it', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [collected({ folio: 'R-1', caseId: C1, payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia' }), collected({ folio: 'R-2', transfer: 'TR2', usd: '90.00' })]);
    await importCredits(ctx, 'bank1', [{ transfer: 'NOTPROVIDED', amount: '110.00', on: '2026-03-09' }]);
    await reconcile(ctx);
    const itemKey = (await queueOf(ana)).find((i) => i.kind === 'credit')?.itemKey as string;
    expect((await getSuspenseItem(ana, itemKey)).proposals.map((p) => [p.kind, p.transfers])).toContainEqual(['one_transfer', ['TR1']]);
    const asked = { itemKey, reason: 'sum_agrees', partnerId: LA };
    await expect(assignCredit(ana, { ...asked, transfer: 'TR2' })).rejects.toMatchObject({ code: 'suspense.assign_sum_differs' });
    await expect(assignCredit(ana, { ...asked, transfer: 'TR9' })).rejects.toMatchObject({ code: 'suspense.transfer_unknown' });
    await approveDecision(ben, (await assignCredit(ana, { ...asked, transfer: 'tr-1' })).decisionId);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'posted', caseId: C1 });
    expect([await money(), (await queueOf(ana)).some((i) => i.itemKey === itemKey)]).toEqual([[11_000, 0], false]);
  });
});

describe('holds and entries of the bank', () => {
  it('a hold is released by a second person, with a reason', async () => {
    await importRegister(ctx, [`D2603000001,B1,${C1},${LA},Nayeli Robles Tapia,100.00,USD,2026-03-01,consulate`]);
    await importLines(ctx, 'f.csv', FORWARDING, [reported('F-1', 'D2603000001', 'Nayeli Robles Tapia', '100.00', 'DEVUELTO')]);
    await reconcile(ctx);
    const [hold] = (await listHolds(ana)).rows;
    expect(hold).toMatchObject({ caseId: C1, disbursementId: 'D2603000001', reason: 'disbursement.returned', releasedAt: null });
    const itemKey = `hold-${hold?.holdId ?? ''}`;
    const { decisionId } = await releaseHold(ana, { itemKey, reason: 'paid_otherwise' });
    expect((await listHolds(ana)).rows[0]?.proposal).toBe(decisionId);
    await expect(approveDecision(ana, decisionId)).rejects.toMatchObject({ code: 'suspense.own_proposal' });
    await approveDecision(ben, decisionId);
    expect([(await listHolds(ana)).total, (await listHolds(ana, { show: 'released' })).rows[0]?.releaseReason]).toEqual([0, 'person.paid_otherwise']);
    await expect(releaseHold(ana, { itemKey, reason: 'paid_otherwise' })).rejects.toMatchObject({ code: 'suspense.hold_released' });
  });

  it('an entry whose money is in no books is seen to; it comes back when it says something else', async () => {
    await importCredits(ctx, 'bank1', [{ transfer: 'NOBODY', amount: '7.00', on: '2026-03-09' }]);
    await reconcile(ctx);
    const itemKey = (await queueOf(ana))[0]?.itemKey as string;
    await expect(returnToSender(ana, { itemKey, reason: 'not_ours' })).rejects.toMatchObject({ code: 'suspense.credit_not_booked' });
    await closeEntry(ana, { itemKey, reason: 'not_ours' });
    expect(await queueOf(ana)).toEqual([]);
    await importLines(ctx, 'r.csv', REMITTANCE, [collected({ folio: 'R-1', transfer: 'NOBODY' })]);
    await reconcile(ctx);
    expect((await queueOf(ana)).map((i) => [i.kind, i.reasons[0]])).toEqual([['line', 'transfer.sum_differs'], ['credit', 'transfer.sum_differs']].sort());
    await expect(closeEntry(ana, { itemKey, reason: 'not_ours' })).rejects.toMatchObject({ code: 'suspense.close_has_money' });
    await importCredits(ctx, 'bank2', [{ transfer: 'NOBODY', amount: '3.00', on: '2026-03-15', isDebit: true }]);
    await reconcile(ctx);
    expect((await listBankMovements(ana)).rows).toMatchObject([{ direction: 'debit', outcome: 'unexplained', reasons: ['take_back.amount_differs'] }]);
    const debit = (await queueOf(ana)).find((i) => i.kind === 'debit')?.itemKey as string;
    await closeEntry(ana, { itemKey: debit, reason: 'bank_fee' });
    expect((await queueOf(ana)).some((i) => i.kind === 'debit')).toBe(false);
  });

  it('above the limit are not closed by one person', async () => {
    await importCredits(ctx, 'bank1', [{ transfer: 'NOBODY', amount: '99000.00', on: '2026-03-09' }]);
    await reconcile(ctx);
    const itemKey = (await queueOf(ana))[0]?.itemKey as string;
    const { decisionId, state } = await closeEntry(ana, { itemKey, reason: 'own_payment' });
    expect([state, (await queueOf(ana)).map((i) => i.itemKey)]).toEqual(['proposed', [itemKey]]);
    await expect(approveDecision(ana, decisionId)).rejects.toMatchObject({ code: 'suspense.own_proposal' });
    await approveDecision(ben, decisionId);
    expect(await queueOf(ana)).toEqual([]);
  });
});
