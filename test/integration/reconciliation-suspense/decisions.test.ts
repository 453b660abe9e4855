import { checkLedger } from '../../../src/modules/ledger/index.ts';
import { exportPostings } from '../../../src/modules/payments/index.ts';
import { approveDecision, checkAgreement, listSuspense, markDuplicate, matchLine, reconcile, refuseCandidate, splitLine, suspenseTotals, unmatchLine } from '../../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { balance, FORWARDING, importCredits, importLines, importRegister, LA, postings, reconcileAll, REMITTANCE } from '../../support/reconciliation/scene.ts';
import { C1, C2, CLOSED, collected, importCouples, isOpen, keyOf, outcomeOf, people, proposals, queueOf, reported } from '../../support/reconciliation/suspense-scene.ts';

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

/** Whatever was decided: the books are clean, the queue's totals are the ledger's, and running or importing again doubles nothing. */
afterEach(async () => {
  expect((await checkLedger(ctx)).isClean).toBe(true);
  expect((await checkAgreement(ctx)).differences).toEqual([]);
  expect((await suspenseTotals(ctx)).filter((t) => t.differenceMinor !== 0n)).toEqual([]);
  const before = [await postings(db), await proposals(db)];
  await reconcile(ctx);
  await reconcile(ctx);
  expect([await postings(db), await proposals(db)]).toEqual(before);
});

const decided = { reason: 'names_confirmed' };

describe('a match by hand', () => {
  const lines = [collected({ folio: 'R-1' }), collected({ folio: 'R-2', caseId: C2, payer: 'Hugo Lozano Meza', receiver: 'Perla Uribe Nieto' })];

  it('posts as the matching would, once, whatever is run or imported again', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, lines);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '220.00', on: '2026-03-09' }]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'suspense' });
    expect(await matchLine(ana, { itemKey: await keyOf(ana, 'R-1'), caseId: C1, ...decided })).toMatchObject({ state: 'done', needsSecond: false });
    expect(await outcomeOf(db, 'R-1')).toMatchObject({ outcome: 'posted', case_id: C1, minor: 11_000, method: null, reasons: ['decided.by_person', 'transfer.agrees'] });
    expect([await balance(db, `suspense:${LA}:USD`), await balance(db, `proposed_collection:${C1}:USD`)]).toEqual([0, -11_000]);
    expect(await proposals(db)).toEqual([{ case_id: C1, status: 'proposed', minor: 11_000 }, { case_id: C2, status: 'proposed', minor: 11_000 }]);
    const before = await postings(db);
    const { fileId } = (await behindTheWall<{ fileId: string }>(db, `select file_id as "fileId" from received_files where kind = 'remittance'`))[0] as { fileId: string };
    expect(before).toContain(`remittance:${LA}:2026:R-1 suspense:${LA}:USD 11000 2026-03-09`);
    await importLines(ctx, 'r.csv', REMITTANCE, lines);
    await importLines(ctx, 'again.csv', REMITTANCE, [...lines, collected({ folio: 'R-3', transfer: 'TR2' })]);
    const outcomes = await reconcileAll(ctx);
    expect(['again.csv:2', 'again.csv:3'].map((at) => outcomes.get(at)?.outcome)).toEqual(['duplicate', 'duplicate']);
    expect(await postings(db)).toEqual(before);
    expect(await behindTheWall(db, 'select outcome from line_outcome_history where file_id = $1', [fileId])).toEqual([{ outcome: 'suspense' }]);
    await expect(matchLine(ana, { itemKey: (await outcomeOf(db, 'R-2'))['key'] as string, caseId: C1, ...decided })).rejects.toMatchObject({ code: 'suspense.no_longer' });
  });

  it('waits for money that has not come, and is posted by the run that finds it', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [collected({ folio: 'R-1' })]);
    await importCredits(ctx, 'bank0', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
    await reconcile(ctx);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-10', isDebit: true }]);
    await reconcile(ctx);
    expect(await matchLine(ana, { itemKey: await keyOf(ana, 'R-1'), caseId: C1, ...decided })).toMatchObject({ state: 'done' });
    expect(await outcomeOf(db, 'R-1')).toMatchObject({ outcome: 'pending', case_id: C1 });
    expect(await balance(db, `proposed_collection:${C1}:USD`)).toBe(0);
    await importCredits(ctx, 'bank2', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-20' }]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'posted', caseId: C1, amountMinor: 11_000 });
    // The bank takes it back once more, and pays again: the person's word stands.
    await importCredits(ctx, 'bank3', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-25', isDebit: true }]);
    await reconcile(ctx);
    expect([await balance(db, `proposed_collection:${C1}:USD`), await balance(db, 'bank:USD')]).toEqual([0, 0]);
    await importCredits(ctx, 'bank4', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-28' }]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'posted', caseId: C1 });
    expect([await balance(db, `proposed_collection:${C1}:USD`), await balance(db, `suspense:${LA}:USD`)]).toEqual([-11_000, 0]);
    expect(await behindTheWall(db, 'select release_reason from disbursement_holds')).toEqual([{ release_reason: 'collection.posted_again' }]);
  });

  it('refuses a case that is closed or none, and money that is not left over', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [...lines, collected({ folio: 'R-9', usd: '400.00' })]);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '220.00', on: '2026-03-09' }]);
    await reconcile(ctx);
    const [small, large] = [await keyOf(ana, 'R-1'), await keyOf(ana, 'R-9')];
    await expect(matchLine(ana, { itemKey: small, caseId: CLOSED, ...decided })).rejects.toMatchObject({ code: 'suspense.case_closed' });
    await expect(matchLine(ana, { itemKey: small, caseId: '2000009999999', ...decided })).rejects.toMatchObject({ code: 'suspense.case_unknown' });
    await expect(matchLine(ana, { itemKey: large, caseId: C1, ...decided })).rejects.toMatchObject({ code: 'suspense.money_missing' });
    // The transfer does not add up: what is there may be booked, by two people.
    const { decisionId, needsSecond } = await matchLine(ana, { itemKey: small, caseId: C1, ...decided });
    expect(needsSecond).toBe(true);
    await approveDecision(ben, decisionId);
    expect(await outcomeOf(db, 'R-1')).toMatchObject({ outcome: 'posted', reasons: ['decided.by_person', 'transfer.sum_differs'] });
    expect(await balance(db, `suspense:${LA}:USD`)).toBe(-11_000);
    // The bank takes that credit back: the line goes with it.
    await importCredits(ctx, 'bank2', [{ transfer: 'TR1', amount: '220.00', on: '2026-03-19', isDebit: true }]);
    await reconcile(ctx);
    expect([await balance(db, `proposed_collection:${C1}:USD`), await balance(db, `suspense:${LA}:USD`), (await outcomeOf(db, 'R-1'))['outcome']]).toEqual([0, 0, 'suspense']);
  });

  it('teaches the partner’s own number when two people agree, and the next line finds the case by it', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [collected({ folio: 'R-1', caseId: 'EXP-77/A', payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia' })]);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'suspense' });
    const { decisionId, state } = await matchLine(ana, { itemKey: await keyOf(ana, 'R-1'), caseId: C1, learn: true, ...decided });
    expect([state, await behindTheWall(db, 'select value from partner_case_numbers')]).toEqual(['proposed', []]);
    await approveDecision(ben, decisionId);
    expect(await behindTheWall(db, 'select case_id, value from partner_case_numbers')).toEqual([{ case_id: C1, value: 'EXP-77/A' }]);
    await importLines(ctx, 's.csv', REMITTANCE, [collected({ folio: 'R-2', caseId: 'EXP-77/A', payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia', transfer: 'TR2' })]);
    await importCredits(ctx, 'bank2', [{ transfer: 'TR2', amount: '110.00', on: '2026-03-19' }]);
    expect((await reconcileAll(ctx)).get('s.csv:2')).toMatchObject({ outcome: 'posted', caseId: C1, reasons: expect.arrayContaining(['case_id.partner_number']) });
  });

  it('of a report settles the disbursement that it is, and no other', async () => {
    await importRegister(ctx, [`D2603000001,B1,${C1},${LA},Nayeli Robles Tapia,100.00,USD,2026-03-01,consulate`, `D2603000002,B1,${C2},${LA},Perla Uribe Nieto,250.00,USD,2026-03-01,consulate`]);
    await importLines(ctx, 'f.csv', FORWARDING, [reported('F-1', '', 'Otra Persona Ajena', '100.00'), reported('F-2', '', 'Otra Persona Ajena', '100.00', 'DEVUELTO')]);
    await reconcile(ctx);
    const [first, second] = [await keyOf(ana, 'F-1'), await keyOf(ana, 'F-2')];
    await expect(matchLine(ana, { itemKey: first, disbursementId: 'D2603000002', ...decided })).rejects.toMatchObject({ code: 'suspense.disbursement_amount_other' });
    await matchLine(ana, { itemKey: first, disbursementId: 'D2603000001', ...decided });
    expect([await balance(db, `delivered:${C1}:USD`), await balance(db, `in_transit:${LA}:USD`)]).toEqual([10_000, 25_000]);
    await expect(matchLine(ana, { itemKey: second, disbursementId: 'D2603000001', ...decided })).rejects.toMatchObject({ code: 'suspense.disbursement_settled' });
    // It was the other line after all: taken back by a mirror, the disbursement is open again.
    const undone = await unmatchLine(ana, { itemKey: first, reason: 'wrong_disbursement' });
    await approveDecision(ben, undone.decisionId);
    const matched = await matchLine(ana, { itemKey: second, disbursementId: 'D2603000001', ...decided });
    expect(matched.state).toBe('done');
    expect([await balance(db, `delivered:${C1}:USD`), await balance(db, `to_be_recovered:${LA}:USD`)]).toEqual([0, 10_000]);
    expect(await behindTheWall(db, 'select case_id, reason, released_at from disbursement_holds')).toEqual([{ case_id: C1, reason: 'disbursement.returned', released_at: null }]);
    await approveDecision(ben, (await unmatchLine(ana, { itemKey: second, reason: 'other', note: 'x' })).decisionId);
    expect([await balance(db, `to_be_recovered:${LA}:USD`), await balance(db, `in_transit:${LA}:USD`)]).toEqual([0, 35_000]);
    expect(await behindTheWall(db, 'select release_reason from disbursement_holds')).toEqual([{ release_reason: 'line.unmatched' }]);
  });
});

describe('a split', () => {
  it('books each part under a key of its own and sums to the cent; un-matched, all of it is mirrored', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [collected({ folio: 'R-1', usd: '100.01' })]);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '100.01', on: '2026-03-09' }]);
    await reconcile(ctx);
    const itemKey = await keyOf(ana, 'R-1');
    await expect(splitLine(ana, { itemKey, reason: 'partner_confirmed', parts: [{ caseId: C1, amount: '60.00' }, { caseId: C2, amount: '40.00' }] })).rejects.toMatchObject({ code: 'suspense.split_sum_differs' });
    const { decisionId } = await splitLine(ana, { itemKey, reason: 'partner_confirmed', parts: [{ caseId: C1, amount: '' }, { caseId: C2, amount: '' }] });
    await approveDecision(ben, decisionId);
    expect([await balance(db, `proposed_collection:${C1}:USD`), await balance(db, `proposed_collection:${C2}:USD`), await balance(db, `suspense:${LA}:USD`)]).toEqual([-5_001, -5_000, 0]);
    expect(await outcomeOf(db, 'R-1')).toMatchObject({ outcome: 'posted', case_id: null, minor: 10_001, reasons: ['decided.by_person', 'decided.split', 'transfer.agrees'] });
    // The bank takes the money back and pays again: both parts follow.
    await importCredits(ctx, 'bank2', [{ transfer: 'TR1', amount: '100.01', on: '2026-03-15', isDebit: true }]);
    await reconcile(ctx);
    expect([await balance(db, `proposed_collection:${C1}:USD`), await balance(db, `proposed_collection:${C2}:USD`)]).toEqual([0, 0]);
    await importCredits(ctx, 'bank3', [{ transfer: 'TR1', amount: '100.01', on: '2026-03-25' }]);
    await reconcile(ctx);
    expect([await balance(db, `proposed_collection:${C1}:USD`), await balance(db, `proposed_collection:${C2}:USD`)]).toEqual([-5_001, -5_000]);
    await approveDecision(ben, (await unmatchLine(ana, { itemKey, reason: 'wrong_case' })).decisionId);
    expect([await balance(db, `proposed_collection:${C1}:USD`), await balance(db, `proposed_collection:${C2}:USD`), await balance(db, `suspense:${LA}:USD`)]).toEqual([0, 0, -10_001]);
    expect(new Set((await proposals(db)).map((p) => (p as { status: string }).status))).toEqual(new Set(['withdrawn']));
  });
});

describe('an un-match', () => {
  const known = collected({ folio: 'R-1', caseId: C1, payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia' });

  it('mirrors the entries, withdraws the proposal or tells the State, and the pair never posts again', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [known]);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'posted', caseId: C1 });
    await exportPostings(ctx);
    const itemKey = (await outcomeOf(db, 'R-1'))['key'] as string;
    const { decisionId } = await unmatchLine(ana, { itemKey, reason: 'wrong_case' });
    await approveDecision(ben, decisionId);
    expect(await outcomeOf(db, 'R-1')).toMatchObject({ outcome: 'suspense', case_id: null, reasons: ['decided.by_person', 'decided.unmatched'] });
    expect([await balance(db, `proposed_collection:${C1}:USD`), await balance(db, `suspense:${LA}:USD`)]).toEqual([0, -11_000]);
    expect(await proposals(db)).toEqual([{ case_id: C1, status: 'exported', minor: 11_000 }, { case_id: C1, status: 'proposed', minor: -11_000 }]);
    expect(await behindTheWall(db, 'select case_id, reason from disbursement_holds')).toEqual([{ case_id: C1, reason: 'collection.unmatched' }]);
    // The next payment of the same printed persons waits for a person as well.
    await importLines(ctx, 's.csv', REMITTANCE, [known.replace('R-1', 'R-2').replace('TR1', 'TR2')]);
    await importCredits(ctx, 'bank2', [{ transfer: 'TR2', amount: '110.00', on: '2026-04-09' }]);
    expect((await reconcileAll(ctx)).get('s.csv:2')).toMatchObject({ outcome: 'suspense', reasons: expect.arrayContaining(['match.refused_before']) });
    // To that case again only by two people; to another one as any line.
    expect(await matchLine(ana, { itemKey, caseId: C1, ...decided })).toMatchObject({ state: 'proposed' });
    const other = await keyOf(ana, 'R-2');
    expect(await matchLine(ana, { itemKey: other, caseId: C2, ...decided })).toMatchObject({ state: 'done' });
    expect(await balance(db, `proposed_collection:${C2}:USD`)).toBe(-11_000);
  });

  it('is followed by a match under a new key; the reversal stays unique', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [known]);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
    await reconcile(ctx);
    const itemKey = (await outcomeOf(db, 'R-1'))['key'] as string;
    for (const caseId of [C2, C1]) {
      await approveDecision(ben, (await unmatchLine(ana, { itemKey, reason: 'posted_twice' })).decisionId);
      const matched = await matchLine(ana, { itemKey, caseId, ...decided });
      if (matched.state === 'proposed') await approveDecision(ben, matched.decisionId);
    }
    expect([await balance(db, `proposed_collection:${C1}:USD`), await balance(db, `proposed_collection:${C2}:USD`)]).toEqual([-11_000, 0]);
    expect((await outcomeOf(db, 'R-1'))['posting_key']).toMatch(/:matched3$/);
  });
});

describe('other decisions', () => {
  it('a duplicate leaves the sum of its transfer, which then agrees; what has money is none', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [collected({ folio: 'R-1', caseId: C2, payer: 'Hugo Lozano Meza', receiver: 'Perla Uribe Nieto' }), collected({ folio: 'R-1B', caseId: C2, payer: 'Hugo Lozano Meza', receiver: 'Perla Uribe Nieto' })]);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
    await reconcile(ctx);
    const [first, second] = [await keyOf(ana, 'R-1'), await keyOf(ana, 'R-1B')];
    await expect(markDuplicate(ana, { itemKey: second, of: second, reason: 'sent_again' })).rejects.toMatchObject({ code: 'suspense.original_unknown' });
    await markDuplicate(ana, { itemKey: second, of: first, reason: 'sent_again' });
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'posted', caseId: C2 });
    expect(await outcomeOf(db, 'R-1B')).toMatchObject({ outcome: 'duplicate' });
    await importLines(ctx, 's.csv', REMITTANCE, [collected({ folio: 'R-5', transfer: 'TR5' })]);
    await importCredits(ctx, 'bank5', [{ transfer: 'TR5', amount: '110.00', on: '2026-03-19' }]);
    await reconcile(ctx);
    await expect(markDuplicate(ana, { itemKey: await keyOf(ana, 'R-5'), of: first, reason: 'sent_again' })).rejects.toMatchObject({ code: 'suspense.duplicate_has_money' });
  });

  it('a refused candidate is kept once for the line and for whom it names; a case that is none and a reason that is none are refused', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [collected({ folio: 'R-1', payer: 'Raúl Ibarra Zúñiga', receiver: '' })]);
    await reconcile(ctx);
    await refuseCandidate(ana, { itemKey: await keyOf(ana, 'R-1'), caseId: C1, reason: 'other_person' });
    await refuseCandidate(ana, { itemKey: await keyOf(ana, 'R-1'), caseId: C1, reason: 'other_person' });
    expect(await behindTheWall(db, 'select count(*)::int as rows from match_refusals')).toEqual([{ rows: 2 }]);
    await expect(refuseCandidate(ana, { itemKey: await keyOf(ana, 'R-1'), caseId: '999', reason: 'other_person' })).rejects.toMatchObject({ code: 'suspense.case_unknown' });
    await expect(matchLine(ana, { itemKey: await keyOf(ana, 'R-1'), caseId: C1, reason: 'because' })).rejects.toMatchObject({ code: 'suspense.reason_unknown' });
  });

  it('the queue ages by business days and narrows by kind, partner and age', async () => {
    await importLines(ctx, 'r.csv', REMITTANCE, [collected({ folio: 'R-1' })]);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-11-18' }, { transfer: 'NOBODY', amount: '7.00', on: '2026-06-01' }]);
    await reconcile(ctx);
    const rows = await queueOf(ana);
    expect(rows.map((r) => [r.kind, r.receivedOn, r.age, r.bucket])).toEqual([['credit', '2026-06-01', 124, 'over-90'], ['line', '2026-11-18', 2, '0-2']]);
    const shown = async (query: Record<string, string>): Promise<string[]> => (await listSuspense(ana, { show: 'all', ...query }, isOpen)).rows.map((r) => r.kind);
    expect([await shown({ bucket: '0-2' }), await shown({ bucket: 'over-90' }), await shown({ bucket: '3-7' }), await shown({ kind: 'credit' }), await shown({ partnerId: LA }), await shown({ bucket: 'x', kind: 'y' })])
      .toEqual([['line'], ['credit'], [], ['credit'], ['line'], ['credit', 'line']]);
    expect(await suspenseTotals(ana)).toEqual([{ partnerId: LA, currency: 'USD', itemsMinor: 11_000n, transfers: 1, ledgerMinor: 11_000n, differenceMinor: 0n }]);
  });
});
