import { dryRun, proposeForCredit, rankCandidates, RULE_VERSION } from '../../../src/modules/reconciliation/index.ts';
import type { LineOutcome } from '../../../src/modules/reconciliation/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import { caseLine, FORWARDING, importCases, importCredits, importLines, importRegister, LA, postings, reconcileAll, REMITTANCE } from '../../support/reconciliation/scene.ts';

const COUPLES = [
  ['2000004100001', 'Uriel Rangel Castro', 'Esther Padilla Luna'], ['2000004100017', 'Fermín Ochoa Tapia', 'Graciela Nava Rosas'], ['2000004100029', 'Uriel Rangel Castro', 'Micaela Solís Vega'],
] as const;
const cases = COUPLES.map(([id, payer, receiver]) => caseLine(id, { payer, receiver }));
const advice = (folio: string, caseId: string, payer: string, receiver: string, usd: string, transfer: string, note = ''): string =>
  `${folio},${caseId},${payer},${receiver},${(Number(usd) / 0.05).toFixed(2)},MXN,0.05,0.00,${usd},2026-03-02,2026-03-03,${transfer},${note}`;
const report = (folio: string, id: string, caseId: string, payee: string, amount: string, on: string): string => `${folio},${id},${caseId},${payee},${amount},USD,18.0000,0.00,${(Number(amount) * 18).toFixed(2)},MXN,${on},ENTREGADO,`;

const fileIdOf = (ctx: Ctx, name: string): Promise<string> => inTransaction(ctx, async (tx) => (await tx.tx.query<{ file_id: string }[]>('select file_id from received_files where file_name = $1', [name]))[0]?.file_id ?? '');
const creditIds = (ctx: Ctx): Promise<string[]> => inTransaction(ctx, async (tx) => (await tx.tx.query<{ credit_id: string }[]>('select credit_id from bank_credits order by position')).map((r) => r.credit_id));

describe('a dry run', () => {
  it('says what a run would, and writes nothing', async () => {
    const db = await testDatabase();
    const ctx = testCtx(db);
    await importCases(ctx, cases);
    await importRegister(ctx, [`D2603000001,B1,2000004100001,${LA},Esther Padilla Luna,100.00,USD,2026-03-01,consulate`]);
    await importLines(ctx, 'r.csv', REMITTANCE, [advice('R1', '2000004100001', 'Uriel Rangel Castro', 'Esther Padilla Luna', '50.00', 'TR1'), advice('R2', '', 'Nobody At All', 'Of Ours', '25.00', 'TR1')]);
    await importLines(ctx, 'f.csv', FORWARDING, [report('F1', 'D2603000001', '', 'Esther Padilla Luna', '100.00', '2026-03-05'), report('F1', 'D2603000001', '', 'Esther Padilla Luna', '100.00', '2026-03-05')]);
    await importCredits(ctx, 'BK', [{ transfer: 'TR1', amount: '75.00', on: '2026-03-04' }]);
    const before = await postings(db);
    const dry: LineOutcome[] = [];
    const summary = await dryRun(ctx, async (o) => { dry.push(o); });
    expect(summary.outcomes).toEqual({ posted: 2, suspense: 1, duplicate: 1 });
    expect(await postings(db)).toEqual(before);
    const again = await dryRun(ctx);
    expect(again.outcomes).toEqual(summary.outcomes);
    const real = await reconcileAll(ctx);
    expect(dry.map((o) => [o.file, o.line, o.outcome, o.caseId, o.disbursementId, o.reasons])).toEqual([...real.values()].map((o) => [o.file, o.line, o.outcome, o.caseId, o.disbursementId, o.reasons]));
    expect((await dryRun(ctx)).files).toBe(0);
  });
});

describe('candidates of a line', () => {
  it('are ranked with what speaks for each, the same every time', async () => {
    const ctx = testCtx(await testDatabase());
    await importCases(ctx, cases);
    await importLines(ctx, 'r.csv', REMITTANCE, [advice('R1', '', 'Uriel Rangel Castro', '', '50.00', 'TR1', 'para Micaela Solis')]);
    await importCredits(ctx, 'BK', [{ transfer: 'TR1', amount: '50.00', on: '2026-03-04' }]);
    expect([...(await reconcileAll(ctx)).values()][0]).toMatchObject({ outcome: 'suspense' });
    const line = { fileId: await fileIdOf(ctx, 'r.csv'), lineNumber: 2 };
    const ranking = await rankCandidates(ctx, line);
    expect(ranking).toMatchObject({ ruleVersion: RULE_VERSION, isCut: false });
    expect(ranking.candidates.map((c) => c.caseId)).toEqual(['2000004100029', '2000004100001']);
    expect(ranking.candidates[0]?.fields).toContainEqual(expect.objectContaining({ field: 'remark', level: 'names_person' }));
    expect(ranking.candidates[0]?.margin).toBeGreaterThan(0);
    expect(await rankCandidates(ctx, line)).toEqual(ranking);
  });

  it('a line over several cases is proposed by the orders that make it up', async () => {
    const ctx = testCtx(await testDatabase());
    const order = (caseId: string, amount: string) => ({ orders: [{ orderId: `O${caseId}`, tribunal: 'Superior Court', docketNumber: 'BF1', jurisdiction: 'US-CA', issuedOn: '2020-01-01', parentageEstablished: true,
      obligations: [{ obligationId: `o${caseId}`, kind: 'child_support', amount, currency: 'USD', frequency: 'monthly', startsOn: '2020-01-01', dependents: ['P3'] }] }] });
    await importCases(ctx, [caseLine('2000004100001', { payer: 'Uriel Rangel Castro', receiver: 'Esther Padilla Luna' }, order('1', '300.00')), caseLine('2000004100029', { payer: 'Uriel Rangel Castro', receiver: 'Micaela Solís Vega' }, order('2', '451.00'))]);
    await importLines(ctx, 'r.csv', REMITTANCE, [advice('R1', '', 'Uriel Rangel Castro', '', '751.00', 'TR1')]);
    await importCredits(ctx, 'BK', [{ transfer: 'TR1', amount: '751.00', on: '2026-03-04' }]);
    expect([...(await reconcileAll(ctx)).values()][0]).toMatchObject({ outcome: 'suspense', caseId: null });
    const { lumps } = await rankCandidates(ctx, { fileId: await fileIdOf(ctx, 'r.csv'), lineNumber: 2 });
    expect(lumps).toMatchObject([{ kind: 'several_cases', parts: [{ caseId: '2000004100001', amountMinor: 30_000n }, { caseId: '2000004100029', amountMinor: 45_100n }] }]);
  });

  it('of a report name the disbursement', async () => {
    const ctx = testCtx(await testDatabase());
    await importCases(ctx, cases);
    await importRegister(ctx, [`D2603000001,B1,2000004100001,${LA},Esther Padilla Luna,100.00,USD,2026-03-01,consulate`]);
    await importLines(ctx, 'f.csv', FORWARDING, [report('F1', 'D2603000001', '2000004100017', 'Esther Padilla Luna', '100.00', '2026-03-05')]);
    await reconcileAll(ctx);
    const { candidates } = await rankCandidates(ctx, { fileId: await fileIdOf(ctx, 'f.csv'), lineNumber: 2 });
    expect(candidates[0]).toMatchObject({ caseId: '2000004100001', disbursementId: 'D2603000001', isRefused: false });
  });

  it('there are none of a line that there is not', async () => { await expect(rankCandidates(testCtx(await testDatabase()), { fileId: 'f', lineNumber: 2 })).rejects.toMatchObject({ code: 'reconciliation.line_unknown' }); });
});

describe('a credit that no transfer explains', () => {
  it('is proposed for the two transfers that it pays for together, and posts nothing', async () => {
    const db = await testDatabase();
    const ctx = testCtx(db);
    await importCases(ctx, cases);
    await importLines(ctx, 'r.csv', REMITTANCE, [advice('R1', '2000004100001', 'Uriel Rangel Castro', 'Esther Padilla Luna', '50.00', 'TR1'), advice('R2', '2000004100017', 'Fermín Ochoa Tapia', 'Graciela Nava Rosas', '25.50', 'TR2')]);
    await importCredits(ctx, 'BK', [{ transfer: 'LUMP-SUM', amount: '75.50', on: '2026-03-05' }]);
    const outcomes = [...(await reconcileAll(ctx)).values()];
    expect(outcomes.map((o) => o.outcome)).toEqual(['pending', 'pending']);
    const before = await postings(db);
    const [credit] = await creditIds(ctx);
    const { proposals, isMatched } = await proposeForCredit(ctx, credit as string);
    expect(isMatched).toBe(false);
    expect(proposals[0]).toMatchObject({ kind: 'several_transfers', partnerId: LA, transfers: ['TR1', 'TR2'], sumMinor: 7_550n });
    expect(await postings(db)).toEqual(before);
  });
  it('there are none of a credit that there is not', async () => { await expect(proposeForCredit(testCtx(await testDatabase()), 'x')).rejects.toMatchObject({ code: 'reconciliation.credit_unknown' }); });
});

describe('complaints about others', () => {
  it('a double-claimed match: two lines never match one disbursement', async () => {
    const db = await testDatabase();
    const ctx = testCtx(db);
    await importCases(ctx, cases);
    await importRegister(ctx, [`D2603000001,B1,2000004100001,${LA},Esther Padilla Luna,100.00,USD,2026-03-01,consulate`]);
    await importLines(ctx, 'f.csv', FORWARDING, [report('F1', '', '', 'Esther Padilla Luna', '100.00', '2026-03-05'), report('F2', '', '', 'Esther Padilla', '100.00', '2026-03-06'), report('F3', 'D2603000001', '', 'Esther Padilla Luna', '100.00', '2026-03-07')]);
    const outcomes = await reconcileAll(ctx);
    expect([...outcomes.values()].filter((o) => o.outcome === 'posted').length).toBeLessThanOrEqual(1);
    expect((await postings(db)).filter((p) => p.includes('forwarding:') && p.includes('in_transit')).length).toBeLessThanOrEqual(1);
  });

  it('a dropped twin: two payments of one day, payer and amount are both posted', async () => {
    const ctx = testCtx(await testDatabase());
    await importCases(ctx, cases);
    await importLines(ctx, 'r.csv', REMITTANCE, ['R1', 'R2'].map((folio) => advice(folio, '2000004100001', 'Uriel Rangel Castro', 'Esther Padilla Luna', '50.00', 'TR1')));
    await importCredits(ctx, 'BK', [{ transfer: 'TR1', amount: '100.00', on: '2026-03-04' }]);
    expect([...(await reconcileAll(ctx)).values()].map((o) => o.outcome)).toEqual(['posted', 'posted']);
  });

  it('a cross-currency pair: an amount that agrees only when converted matches nobody', async () => {
    const ctx = testCtx(await testDatabase());
    await importCases(ctx, cases);
    await importRegister(ctx, [`D2603000001,B1,2000004100001,${LA},Esther Padilla Luna,100.00,USD,2026-03-01,consulate`]);
    // 1,800 pesos are 100 dollars at the line's rate: of a stranger, and even of the payee herself.
    await importLines(ctx, 'f.csv', FORWARDING, ['Somebody Else', 'Esther Padilla Luna'].map((payee, i) => `F${i},,,${payee},1800.00,MXN,1.0000,0.00,1800.00,MXN,2026-03-05,ENTREGADO,`));
    expect([...(await reconcileAll(ctx)).values()].map((o) => [o.outcome, o.caseId, o.disbursementId])).toEqual([['rejected', null, null], ['rejected', null, null]]);
  });

  it('a partial that duplicates: a part of a disbursement settles nothing and makes no second one', async () => {
    const db = await testDatabase();
    const ctx = testCtx(db);
    await importCases(ctx, cases);
    await importRegister(ctx, [`D2603000001,B1,2000004100001,${LA},Esther Padilla Luna,100.00,USD,2026-03-01,consulate`]);
    await importLines(ctx, 'f.csv', FORWARDING, [report('F1', 'D2603000001', '', 'Esther Padilla Luna', '60.00', '2026-03-05'), report('F2', 'D2603000001', '', 'Esther Padilla Luna', '40.00', '2026-03-06')]);
    const outcomes = [...(await reconcileAll(ctx)).values()];
    expect(outcomes.map((o) => o.outcome)).toEqual(['suspense', 'suspense']);
    expect((await postings(db)).some((p) => p.startsWith('forwarding:'))).toBe(false);
  });
});
