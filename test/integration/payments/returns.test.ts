import { importBank, importDisbursements, listPaymentNotices } from '../../../src/modules/payments/index.ts';
import { writeNacha } from '../../../src/modules/payments/formats/nacha/nacha-write.rules.ts';
import type { AchEntry, AchNotice } from '../../../src/modules/payments/formats/nacha/nacha-entry.rules.ts';
import { checkAgreement } from '../../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { FORWARDING, LA, balance, caseLine, importCases, importCredits, importLines, importRegister, postings, reconcileAll } from '../../support/reconciliation/scene.ts';

const COUPLE = { payer: 'Sergio Meza Ruiz', receiver: 'Rosa Meza Luna' };
const nothing: Omit<AchNotice, 'kind' | 'code' | 'originalTrace'> = { originalRdfi: '99100002', information: '', corrected: '', trace: '991000010000009', diedOn: '', originalAmount: null, returned: null, refused: null };

type Said = Partial<AchNotice> & Pick<AchNotice, 'kind' | 'code' | 'originalTrace'> & { id?: string; cents?: bigint };
/** An ACH file of returns and changes of payments of ours. */
function achOf(notices: readonly Said[], reference = 'A'): Buffer {
  const entries = notices.map(({ id = '', cents = 36_200n, ...notice }): AchEntry => ({
    code: '21', rdfi: '991000025', account: '990001230041', cents: notice.kind === 'change' ? 0n : cents, id, name: 'CONSULADO', discretionary: '', trace: '991000010000009', information: '', iat: null,
    notice: { ...nothing, ...notice },
  }));
  const batch = { companyName: 'CA SDU', discretionary: '', companyId: '9990001234', description: 'RETURNS', descriptiveDate: '', effectiveDate: '2026-10-20', settlement: '', originatorStatus: '1', odfi: '99100001', iat: null };
  return Buffer.from(writeNacha({
    destination: '991000025', origin: '9910000122', created: '2026-10-20', time: '0700', modifier: 'A', destinationName: 'CA SDU', originName: 'BANK', reference,
    batches: [{ ...batch, entryClass: 'CCD', number: 1, entries }],
  }));
}

describe('payments that came back through the bank', () => {
  let db: TestDatabase;
  let ctx: Ctx;
  const hear = (notices: readonly Said[], reference?: string) => importBank(ctx, { fileName: 'returns.ach', source: achOf(notices, reference) });
  const R03: Said = { kind: 'return', code: 'R03', originalTrace: '991000010000001', id: 'DSBLA260100001' };
  const codes = (told: { findings: readonly { code: string; severity: string }[] }) => told.findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
  beforeEach(async () => {
    db = await testDatabase();
    ctx = testCtx(db);
    await importCases(ctx, ['2000000000001', '2000000000002'].map((caseId) => caseLine(caseId, COUPLE)));
    await importRegister(ctx, [1, 2].map((n) => `DSBLA26010000${n},BT1,200000000000${n},${LA},ROSA MEZA LUNA,362.00,USD,2026-10-01,consulate`));
  });

  it('are to be recovered, hold the next one, and end when the money is there', async () => {
    const told = await hear([R03]);
    expect(told.findings).toContainEqual({ code: 'notices.returned', severity: 'warn', line: 4, params: { reason: 'R03', disbursement: 'DSBLA260100001' } });
    await reconcileAll(ctx);
    expect(await checkAgreement(ctx)).toMatchObject({ differences: [] });
    expect(await balance(db, `to_be_recovered:${LA}:USD`)).toBe(36_200);
    expect(await balance(db, `in_transit:${LA}:USD`)).toBe(36_200);
    const next = await importDisbursements(ctx, { fileName: 'next.csv', source: Buffer.from(`disbursement_id,batch_id,case_id,partner,payee_name,amount,currency,issued_on,method\nDSBLA260100003,BT2,2000000000001,${LA},ROSA MEZA LUNA,362.00,USD,2026-11-01,consulate\n`) });
    expect(codes(next)).toEqual(['disbursement.case_held']);
    await importCredits(ctx, 'BACK', [{ transfer: 'DSBLA260100001', amount: '362.00', on: '2026-11-05' }]);
    await reconcileAll(ctx);
    expect(await balance(db, `to_be_recovered:${LA}:USD`)).toBe(0);
    const [hold] = await behindTheWall<{ release_reason: string }>(db, 'select release_reason from disbursement_holds');
    expect(hold?.release_reason).toBe('disbursement.recovered');
  });

  it('and that the partner reports too are settled once, whoever comes first', async () => {
    await hear([R03]);
    await reconcileAll(ctx);
    await importLines(ctx, 'list.csv', FORWARDING, [`F-1,DSBLA260100001,2000000000001,ROSA MEZA LUNA,362.00,USD,,,,,2026-10-22,DEVUELTO,`]);
    const outcomes = await reconcileAll(ctx);
    expect(outcomes.get('list.csv:2')).toMatchObject({ outcome: 'suspense' });
    await importLines(ctx, 'list2.csv', FORWARDING, [`F-2,DSBLA260100002,2000000000002,ROSA MEZA LUNA,362.00,USD,,,,,2026-10-22,DEVUELTO,`]);
    expect((await reconcileAll(ctx)).get('list2.csv:2')).toMatchObject({ outcome: 'returned' });
    await hear([{ ...R03, originalTrace: '991000010000002', id: 'DSBLA260100002' }], 'B');
    await reconcileAll(ctx);
    expect(await balance(db, `to_be_recovered:${LA}:USD`)).toBe(72_400);
    expect(await balance(db, `in_transit:${LA}:USD`)).toBe(0);
  });

  it('and that the partner says it delivered move nothing', async () => {
    await importLines(ctx, 'list.csv', FORWARDING, [`F-1,DSBLA260100001,2000000000001,ROSA MEZA LUNA,362.00,USD,1.0000,0.00,362.00,USD,2026-10-18,ENTREGADO,`]);
    await reconcileAll(ctx);
    const before = await postings(db);
    await hear([R03]);
    await reconcileAll(ctx);
    expect(await postings(db)).toEqual(before);
  });

  it('a NACHA return for an unknown trace', async () => {
    const told = await hear([{ ...R03, originalTrace: '991000019999999', id: 'NOBODYS' }]);
    expect(told.findings).toContainEqual({ code: 'notices.unknown_return', severity: 'warn', line: 4, params: { reason: 'R03' } });
    await reconcileAll(ctx);
    expect(await balance(db, `to_be_recovered:${LA}:USD`)).toBe(0);
    expect((await listPaymentNotices(ctx)).notices).toMatchObject([{ kind: 'return', reason: 'R03', disbursementId: null, isSettled: false }]);
  });

  it('are known by the trace of our own payment on the bank statement', async () => {
    const debit = achOf([]).toString().split('\n').slice(0, 2).concat([
      `627991000025990001230041     0000036200${'DSBLA260100001'.padEnd(15)}${'CONSULADO'.padEnd(22)}  0991000010000077`, '9000000000000000000000000000000000000000000000000000000                                       ', '']).join('\n');
    await importBank(ctx, { fileName: 'ours.ach', source: Buffer.from(debit) });
    const told = await hear([{ ...R03, originalTrace: '991000010000077', id: '' }]);
    expect(codes(told)).toEqual(['notices.returned']);
    expect((await listPaymentNotices(ctx)).notices).toMatchObject([{ disbursementId: 'DSBLA260100001', partnerId: LA }]);
  });

  it('whose trace two payments of ours had are for a person', async () => {
    for (const n of [1, 2]) {
      const lines = achOf([]).toString().replaceAll('261020', `26102${n}`).split('\n').slice(0, 2);
      await importBank(ctx, { fileName: `ours${n}.ach`, source: Buffer.from([...lines, `627991000025990001230041     0000036200${`DSBLA26010000${n}`.padEnd(15)}${'CONSULADO'.padEnd(22)}  0991000010000077`, ''].join('\n')) });
    }
    expect(codes(await hear([{ ...R03, originalTrace: '991000010000077', id: '' }]))).toEqual(['notices.ambiguous']);
    await reconcileAll(ctx);
    expect(await balance(db, `to_be_recovered:${LA}:USD`)).toBe(0);
  });

  it('in part, without a day or in dispute are for a person', async () => {
    expect(codes(await hear([{ ...R03, cents: 100n }], 'A'))).toEqual(['notices.amount_differs']);
    expect(codes(await hear([{ ...R03, code: 'R68', returned: { on: '', originalSettlement: '', trace: '991000010000055', settlement: '032', code: '03' } }], 'B'))).toEqual(['notices.disputed']);
    await reconcileAll(ctx);
    expect(await balance(db, `to_be_recovered:${LA}:USD`)).toBe(0);
  });

  it('told again by another file are one', async () => {
    await hear([R03]);
    const again = await hear([R03, { ...R03, originalTrace: '991000019999999', id: 'X' }], 'B');
    expect(again.findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['notices.repeated', 'notices.unknown_return']));
    expect((await listPaymentNotices(ctx)).total).toBe(2);
  });

  it('keep the corrected data of a change encrypted, and show the end of it', async () => {
    const told = await hear([{ kind: 'change', code: 'C01', originalTrace: '991000010000001', id: 'DSBLA260100001', corrected: '1918171614' }]);
    expect(codes(told)).toEqual(['notices.change']);
    expect((await listPaymentNotices(ctx)).notices).toMatchObject([{ kind: 'change', reason: 'C01', correctedMasked: '…1614', disbursementId: 'DSBLA260100001' }]);
    const [row] = await behindTheWall<{ corrected: Buffer; said: string }>(db, "select corrected, (to_jsonb(n) - 'corrected')::text as said from payment_notices n");
    expect([row?.said.includes('1918171614'), row?.corrected.includes('1918171614'), (row?.corrected.length ?? 0) > 20]).toEqual([false, false, true]);
    const written = await behindTheWall<{ text: string }>(db, `select row_to_json(e)::text as text from audit_events e union all select row_to_json(f)::text from received_files f`);
    expect(written.map((one) => one.text).join()).not.toContain('1918171614');
    await expect(behindTheWall(db, "update payment_notices set reason = 'C02'")).rejects.toThrow();
  });
});
