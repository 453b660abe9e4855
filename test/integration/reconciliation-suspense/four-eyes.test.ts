import { checkLedger } from '../../../src/modules/ledger/index.ts';
import {
  addSuspenseNote, approveDecision, checkAgreement, getSuspenseItem, giveItemBack, holdItem, listProposals, listSuspense, matchLine, reconcile, refuseCandidate, rejectDecision, returnToSender, splitLine, suspenseTotals, takeItem, unmatchLine,
} from '../../../src/modules/reconciliation/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { connectDatabase } from '../../../src/platform/database/index.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { balance, importCredits, importLines, LA, postings, REMITTANCE } from '../../support/reconciliation/scene.ts';
import { C1, C2, collected, importCouples, isOpen, keyOf, outcomeOf, people, queueOf } from '../../support/reconciliation/suspense-scene.ts';

let db: TestDatabase;
let ctx: Ctx;
let ana: Ctx;
let ben: Ctx;
let sue: Ctx;
let small: string;
let large: string;
beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
  ({ ana, ben, sue } = people(db));
  await importCouples(ctx);
  await importLines(ctx, 'r.csv', REMITTANCE, [collected({ folio: 'R-1', usd: '500.00' }), collected({ folio: 'R-2', usd: '500.01' })]);
  await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '1000.01', on: '2026-03-09' }]);
  await reconcile(ctx);
  [small, large] = [await keyOf(ana, 'R-1'), await keyOf(ana, 'R-2')];
});
afterEach(async () => { expect([(await checkLedger(ctx)).isClean, (await checkAgreement(ctx)).differences]).toEqual([true, []]); });

const match = { caseId: C1, reason: 'names_confirmed' };

describe('four eyes', () => {
  it('one person decides up to the limit; above it nothing moves before another one agrees', async () => {
    expect(await matchLine(ana, { itemKey: small, ...match })).toMatchObject({ state: 'done', needsSecond: false });
    const before = await postings(db);
    const { decisionId, state } = await matchLine(ana, { itemKey: large, ...match, note: 'llamó la señora Robles' });
    expect([state, await postings(db), (await outcomeOf(db, 'R-2'))['outcome']]).toEqual(['proposed', before, 'suspense']);
    expect((await listProposals(sue)).rows.map((p) => [p.decisionId, p.proposedBy, p.amountMinor])).toEqual([[decisionId, 'usr_ana', 50_001n]]);
    await expect(matchLine(ben, { itemKey: large, ...match })).rejects.toMatchObject({ code: 'suspense.proposal_open' });
    await approveDecision(sue, decisionId);
    expect([(await outcomeOf(db, 'R-2'))['outcome'], await balance(db, `proposed_collection:${C1}:USD`)]).toEqual(['posted', -100_001]);
    await expect(approveDecision(ben, decisionId)).rejects.toMatchObject({ code: 'suspense.already_closed' });
  });

  it('nobody agrees to an own proposal, in whatever session; the database refuses it too', async () => {
    const { decisionId } = await matchLine(ana, { itemKey: large, ...match });
    const second = testCtx(db, { id: 'usr_ana', roles: ['supervisor', 'reconciler'] });
    await expect(approveDecision(second, decisionId)).rejects.toMatchObject({ kind: 'forbidden', code: 'suspense.own_proposal' });
    const forged = inTransaction(ctx, (tx) => tx.tx.query("update suspense_decisions set state = 'done', closed_by = proposed_by, closed_at = now() where decision_id = $1", [decisionId]));
    await expect(forged).rejects.toThrow(/suspense_decisions_four_eyes/);
    const renamed = inTransaction(ctx, (tx) => tx.tx.query("update suspense_decisions set proposed_by = 'usr_else' where decision_id = $1", [decisionId]));
    await expect(renamed).rejects.toThrow(/a decision does not change/);
    const gone = inTransaction(ctx, (tx) => tx.tx.query('delete from suspense_decisions'));
    await expect(gone).rejects.toThrow(/permission denied|keeps every row/);
    expect(await rejectDecision(second, decisionId, { reason: 'other', note: 'x' })).toMatchObject({ state: 'withdrawn' });
  });

  it('the operator of the machine, who may be whoever proposed, approves nothing and may withdraw an own proposal', async () => {
    const { decisionId } = await matchLine(ana, { itemKey: large, ...match });
    const operator = testCtx(db, { kind: 'system', id: 'operator' });
    await expect(approveDecision(operator, decisionId)).rejects.toMatchObject({ kind: 'forbidden', code: 'access.forbidden' });
    // No role helps whoever has no account.
    await expect(approveDecision(testCtx(db, { kind: 'system', id: 'job:x', roles: ['supervisor'] }), decisionId)).rejects.toMatchObject({ code: 'access.forbidden' });
    await rejectDecision(ben, decisionId, { reason: 'other', note: 'x' });
    const own = await matchLine(operator, { itemKey: large, ...match });
    expect(await rejectDecision(operator, own.decisionId, { reason: 'other', note: 'x' })).toMatchObject({ state: 'withdrawn' });
  });

  it('a rejected proposal leaves all as it was; the item may be decided again', async () => {
    const { decisionId } = await matchLine(ana, { itemKey: large, ...match });
    expect(await rejectDecision(ben, decisionId, { reason: 'not_proven', note: 'El expediente es de otra familia.' })).toMatchObject({ state: 'rejected' });
    await expect(rejectDecision(ben, decisionId, { reason: 'not_proven' })).rejects.toMatchObject({ code: 'suspense.already_closed' });
    expect(await matchLine(ana, { itemKey: large, caseId: C2, reason: 'partner_confirmed' })).toMatchObject({ state: 'proposed' });
  });

  it('an approval is refused when the world has changed meanwhile', async () => {
    const { decisionId } = await matchLine(ana, { itemKey: large, ...match });
    await importCredits(ctx, 'bank2', [{ transfer: 'TR1', amount: '1000.01', on: '2026-03-19', isDebit: true }]);
    await reconcile(ctx);
    // The money is gone: the same decision would only wait for it, and nothing is booked.
    await approveDecision(ben, decisionId);
    expect(await outcomeOf(db, 'R-2')).toMatchObject({ outcome: 'pending' });
    const undo = await unmatchLine(ana, { itemKey: large, reason: 'other', note: 'x' });
    await behindTheWall(db, `update line_outcomes set decided_at = decided_at + interval '1 second' where outcome = 'pending'`);
    await expect(approveDecision(ben, undo.decisionId)).rejects.toMatchObject({ code: 'suspense.changed' });
    await expect(approveDecision(ben, 'dcn_00000000000000000000000000')).rejects.toMatchObject({ code: 'suspense.decision_unknown' });
    await rejectDecision(ben, undo.decisionId, { reason: 'other', note: 'x' });
  });
});

describe('once', () => {
  it('the same request again is told what it came to; another one under its id is refused', async () => {
    const requestId = 'form-0123456789-abcdef';
    const first = await matchLine(ana, { itemKey: small, ...match, requestId });
    expect(await matchLine(ana, { itemKey: small, ...match, requestId })).toEqual(first);
    await expect(matchLine(ana, { itemKey: large, ...match, requestId })).rejects.toMatchObject({ code: 'suspense.request_reused' });
    await expect(matchLine(ben, { itemKey: small, ...match, requestId })).rejects.toMatchObject({ code: 'suspense.request_reused' });
    await expect(matchLine(ana, { itemKey: small, ...match, requestId: 'x' })).rejects.toMatchObject({ code: 'suspense.request_form' });
    expect(await balance(db, `proposed_collection:${C1}:USD`)).toBe(-50_000);
  });

  it('of many who press at once, one has the item, one decides and one approves; also from another process', async () => {
    const other = await connectDatabase(db.appUrl, { poolMax: 4 });
    const afar = (who: Ctx): Ctx => ({ ...who, db: other });
    const count = async (asked: Promise<unknown>[]): Promise<number> => (await Promise.allSettled(asked)).filter((r) => r.status === 'fulfilled').length;
    try {
      expect(await count([takeItem(ana, small), takeItem(afar(ben), small), takeItem(sue, small)])).toBe(1);
      const holder = (await queueOf(ana)).find((item) => item.itemKey === small)?.claimedBy;
      const others = [ana, ben, sue].filter((who) => who.actor.id !== holder);
      for (const who of others) await expect(matchLine(who, { itemKey: small, ...match })).rejects.toMatchObject({ code: 'suspense.taken_by_other' });
      const mine = [ana, ben, sue].find((who) => who.actor.id === holder) as Ctx;
      expect(await count([matchLine(mine, { itemKey: small, ...match }), matchLine(afar(mine), { itemKey: small, ...match, caseId: C2 }), matchLine(mine, { itemKey: small, ...match })])).toBe(1);
      const { decisionId } = await matchLine(ana, { itemKey: large, ...match });
      expect(await count([approveDecision(ben, decisionId), approveDecision(afar(sue), decisionId), rejectDecision(afar(ben), decisionId, { reason: 'other', note: 'x' })])).toBe(1);
    } finally {
      await other.close();
    }
  });
});

it('approvals that race with runs book once or are refused politely, and nothing is doubled', async () => {
  const { decisionId } = await matchLine(ana, { itemKey: large, ...match });
  const results = await Promise.allSettled([reconcile(ctx), approveDecision(ben, decisionId), reconcile(ctx), approveDecision(sue, decisionId), matchLine(ana, { itemKey: small, ...match })]);
  for (const r of results) if (r.status === 'rejected') expect(['suspense.run_in_progress', 'suspense.already_closed']).toContain((r.reason as { code: string }).code);
  const isOpen = (await listProposals(sue)).total === 1;
  if (isOpen) await approveDecision(ben, decisionId);
  if ((await outcomeOf(db, 'R-1'))['outcome'] === 'suspense') await matchLine(ana, { itemKey: small, ...match });
  await reconcile(ctx);
  expect([await balance(db, `proposed_collection:${C1}:USD`), await balance(db, `suspense:${LA}:USD`)]).toEqual([-100_001, 0]);
});

describe('the lease', () => {
  const later = (who: Ctx, at: string): Ctx => ({ ...who, clock: fixedClock(at) });

  it('runs out, is renewed by work, and is given back by its holder or a supervisor', async () => {
    await takeItem(ana, small);
    await expect(takeItem(ben, small)).rejects.toMatchObject({ code: 'suspense.taken_by_other' });
    await expect(giveItemBack(ben, small)).rejects.toMatchObject({ code: 'suspense.not_yours' });
    // At 12:20 work renews it, so that it has not run out at 12:40.
    await refuseCandidate(later(ana, '2026-11-20T12:20:00Z'), { itemKey: small, caseId: C2, reason: 'other_case' });
    await expect(takeItem(later(ben, '2026-11-20T12:40:00Z'), small)).rejects.toMatchObject({ code: 'suspense.taken_by_other' });
    await takeItem(later(ben, '2026-11-20T12:51:00Z'), small);
    await expect(matchLine(later(ana, '2026-11-20T12:52:00Z'), { itemKey: small, ...match })).rejects.toMatchObject({ code: 'suspense.taken_by_other' });
    await giveItemBack(later(sue, '2026-11-20T12:53:00Z'), small);
    expect((await listSuspense(later(ana, '2026-11-20T12:54:00Z'), { show: 'mine' }, isOpen)).total).toBe(0);
    await takeItem(ana, small);
    expect((await listSuspense(ana, { show: 'mine' }, isOpen)).rows.map((r) => r.itemKey)).toEqual([small]);
  });

  it('what is put aside comes back on its day', async () => {
    await expect(holdItem(ana, { itemKey: small, until: '2026-11-20', reason: 'partner_asked' })).rejects.toMatchObject({ code: 'suspense.hold_date' });
    await expect(holdItem(ana, { itemKey: small, until: '2099-01-01', reason: 'partner_asked' })).rejects.toMatchObject({ code: 'suspense.hold_date' });
    await holdItem(ana, { itemKey: small, until: '2026-12-01', reason: 'partner_asked', note: 'se preguntó al consulado' });
    expect((await queueOf(ana, 'open')).map((r) => r.itemKey)).toEqual([large]);
    expect((await queueOf(ana, 'held')).map((r) => [r.itemKey, r.heldUntil])).toEqual([[small, '2026-12-01']]);
    expect((await queueOf(later(ana, '2026-12-01T20:00:00Z'), 'open'))).toHaveLength(2);
    await holdItem(ana, { itemKey: small, until: null, reason: '' });
    expect(await queueOf(ana, 'open')).toHaveLength(2);
  });
});

describe('whoever may not', () => {
  const strangers = (): Ctx[] => [
    testCtx(db, { id: 'usr_imperial', roles: ['reconciler'], counties: ['06025'] }), testCtx(db, { id: 'usr_officer', roles: ['partner_officer'], partner: LA }),
    testCtx(db, { id: 'usr_attorney', roles: ['attorney'] }),
  ];

  it('sees, takes and decides nothing', async () => {
    const { decisionId } = await matchLine(ana, { itemKey: large, ...match });
    for (const who of strangers()) {
      for (const asked of [
        listSuspense(who, {}, isOpen), suspenseTotals(who), listProposals(who), getSuspenseItem(who, small), takeItem(who, small), giveItemBack(who, small), matchLine(who, { itemKey: small, ...match }),
        addSuspenseNote(who, small, 'x'), holdItem(who, { itemKey: small, until: '2026-12-01', reason: 'other', note: 'x' }), approveDecision(who, decisionId), rejectDecision(who, decisionId, { reason: 'other', note: 'x' }),
      ]) await expect(asked).rejects.toMatchObject({ kind: 'forbidden' });
    }
    // Behind the code stands the database: neither a county nor an officer sees a row.
    for (const who of strangers().slice(0, 2)) {
      for (const table of ['suspense_decisions', 'suspense_items', 'suspense_notes', 'match_refusals']) expect(await inTransaction(who, (tx) => tx.tx.query(`select * from ${table}`))).toEqual([]);
    }
  });

  it('another agency finds nothing under these keys', async () => {
    const far = testCtx(db, { id: 'usr_far', roles: ['reconciler'], agency: 'us-nv' });
    for (const asked of [getSuspenseItem(far, small), takeItem(far, small), matchLine(far, { itemKey: small, ...match })]) await expect(asked).rejects.toMatchObject({ code: 'suspense.item_unknown' });
  });

  it('strange keys, amounts and notes are refused', async () => {
    for (const itemKey of ['', 'line-x-1', `${small}0000000`, 'credit-crd_00000000000000000000000000', "line-'; drop table", 'hold-00000000000000000000000000000000']) {
      await expect(matchLine(ana, { itemKey, ...match })).rejects.toMatchObject({ code: 'suspense.item_unknown' });
    }
    for (const note of ['', ' \n ']) await expect(holdItem(ana, { itemKey: small, until: '2026-12-01', reason: 'other', note })).rejects.toMatchObject({ code: 'suspense.note_needed' });
    await expect(returnToSender(ana, { itemKey: small, reason: 'other' })).rejects.toMatchObject({ code: 'suspense.note_needed' });
    for (const amount of ['-1.00', '0.00', '1e3', '250.001', '0x10']) {
      await expect(splitLine(ana, { itemKey: small, reason: 'other', note: 'x', parts: [{ caseId: C1, amount }, { caseId: C2, amount: '250.00' }] })).rejects.toMatchObject({ code: 'suspense.split_amount_unreadable' });
    }
    for (const amount of ['99999999999999999999999.99', '９.００', '9223372036854775807.00']) await expect(splitLine(ana, { itemKey: small, reason: 'other', note: 'x', parts: [{ caseId: C1, amount }, { caseId: C2, amount: '250.00' }] })).rejects.toMatchObject({ code: 'suspense.split_sum_differs' });
    await expect(splitLine(ana, { itemKey: small, reason: 'other', note: 'x', parts: [{ caseId: C1, amount: '250.00' }, { caseId: C1, amount: '250.00' }] })).rejects.toMatchObject({ code: 'suspense.split_case_twice' });
    for (const note of ['x'.repeat(2_001), 'a\u0007b', '   ']) await expect(addSuspenseNote(ana, small, note)).rejects.toMatchObject({ code: 'suspense.note_invalid' });
  });

  it('notes are kept encrypted, and names stand in no record of events', async () => {
    await addSuspenseNote(ana, small, 'Habló con Nayeli Robles');
    expect((await getSuspenseItem(ben, small)).notes.map((n) => [n.text, n.writtenBy])).toEqual([['Habló con Nayeli Robles', 'usr_ana']]);
    const [row] = await behindTheWall<{ note: Buffer }>(db, 'select note from suspense_notes');
    expect(row?.note.toString('latin1')).not.toContain('Nayeli');
    expect(JSON.stringify(await behindTheWall(db, "select details, subject_id from audit_events where action like 'suspense.%'"))).not.toContain('Nayeli');
  });
});
