import { officeDays } from '../../../src/modules/referrals/index.ts';
import { checkAgreement, disbursementClocks, feesByHop, listOutgoing, outgoingTotals, sentVersusReceived, streamOutgoing } from '../../../src/modules/reconciliation/index.ts';
import type { Agreement } from '../../../src/modules/reconciliation/index.ts';
import { importBank } from '../../../src/modules/payments/index.ts';
import { postTransfer } from '../../../src/modules/ledger/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { caseLine, FORWARDING, importCases, importCredits, importLines, importRegister, LA, reconcileAll, REMITTANCE } from '../../support/reconciliation/scene.ts';

const A = '2000004103714';
const B = '2000004103722';
let db: TestDatabase;
let ctx: Ctx;

const paid = (folio: string, caseId: string, usd: string, transfer: string, payer = 'JUAN PEREZ RUIZ', receiver = 'MARIA LOPEZ SOTO'): string =>
  `${folio},${caseId},${payer},${receiver},${usd},USD,1.0000,0.00,${usd},10/03/2026,12/03/2026,${transfer},`;
const sent = (folio: string, id: string, caseId: string, status: string, delivered: string, fee = '0.00'): string =>
  `${folio},${id},${caseId},MARIA LOPEZ SOTO,100.00,USD,17.0000,${fee},${delivered},MXN,09/03/2026,${status},`;
const accountOf = (found: Agreement, account: string) => found.accounts.find((a) => a.account === account);

beforeAll(async () => {
  db = await testDatabase();
  ctx = testCtx(db, { now: '2026-03-20T18:00:00Z' });
  await importCases(ctx, [caseLine(A, { payer: 'Juan Perez Ruiz', receiver: 'Maria Lopez Soto' }), caseLine(B, { payer: 'Luis Mora Paz', receiver: 'Rosa Vega Cruz' })]);
  await importRegister(ctx, [1, 2, 3, 4].map((n) => `D0000000${n},B1,${A},${LA},MARIA LOPEZ SOTO,100.00,USD,2026-03-0${n + 1},consulate`));
  await importLines(ctx, 'entregas.csv', FORWARDING, [
    sent('F1', 'D00000001', A, 'ENTREGADO', '1690.00', '10.00'), sent('F2', 'D00000002', A, 'DEVUELTO', ''), sent('F3', 'D00000003', A, 'PENDIENTE', ''),
  ]);
  await importLines(ctx, 'cobros.csv', REMITTANCE, [
    paid('R1', A, '50.00', 'TRX0001'), paid('R2', '9999999999999', '30.00', 'TRX0001', 'NADIE CONOCE AQUI', 'OTRA GENTE TAMPOCO'), paid('R3', A, '70.00', 'TRX0002'), paid('R4', A, '20.00', 'TRX0003'),
  ]);
  await importCredits(ctx, 'K1', [
    { transfer: 'TRX0001', amount: '79.00', on: '2026-03-13' }, { transfer: 'TRX0002', amount: '75.00', on: '2026-03-13' }, { transfer: 'UNKNOWN77', amount: '11.00', on: '2026-03-14' },
  ]);
  await reconcileAll(ctx);
});

describe('list, bank and cases', () => {
  it('agree to the cent, account by account', async () => {
    const found = await checkAgreement(ctx);
    expect([found.agrees, found.differenceCount, found.unheard.lines, found.unheard.credits]).toEqual([true, 0, 0, 0]);
    // 79.00 + 75.00 at the bank; in suspense: 30.00 of an unknown case and 75.00 of a transfer that does not add up.
    expect(accountOf(found, 'bank')).toMatchObject({ ledgerMinor: 15_400n, toldMinor: 15_400n });
    expect(accountOf(found, 'suspense')).toMatchObject({ partnerId: LA, ledgerMinor: -10_500n, toldMinor: -10_500n });
    expect(accountOf(found, 'proposed_collection')).toMatchObject({ ledgerMinor: -5_000n, toldMinor: -5_000n });
    expect(accountOf(found, 'in_transit')).toMatchObject({ ledgerMinor: 20_000n });
    expect(accountOf(found, 'to_be_recovered')).toMatchObject({ ledgerMinor: 10_000n });
  });

  it('tell per partner, currency and day what came, what the bank kept, what was posted and what waits', async () => {
    const { days, foreign } = await checkAgreement(ctx, { on: '2026-03-13' });
    expect(days).toEqual([{ partnerId: LA, currency: 'USD', on: '2026-03-13', credits: 2, creditedMinor: 15_400n, linesMinor: 15_000n, feesMinor: 100n, postedMinor: 5_000n, suspenseMinor: 10_500n }]);
    expect(foreign).toEqual([]);
    expect((await checkAgreement(ctx, { on: '2026-03-14' })).foreign).toEqual([{ currency: 'USD', credits: 1, minor: 1_100n }]);
  });

  it('explain what is in suspense, transfer by transfer', async () => {
    const { rests } = await checkAgreement(ctx, { partnerId: LA });
    expect(rests.map((r) => [r.transfer, r.restMinor, r.reason])).toEqual([['TRX0001', 3_000n, 'lines'], ['TRX0002', 7_500n, 'transfer.sum_differs']]);
  });

  it('name the transfers that a bank kept something of although the sender pays all charges', async () => {
    const { shortTransfers } = await checkAgreement(ctx);
    expect(shortTransfers).toEqual([{ partnerId: LA, transfer: 'TRX0001', currency: 'USD', on: '2026-03-13', feeMinor: 100n, charges: 'OUR', reason: 'transfer.fee_despite_our' }]);
    const [credit] = await behindTheWall<{ outcome: string; reasons: string[] }>(db, "select outcome, reasons from bank_credit_outcomes where transfer = 'TRX0001'");
    expect(credit).toEqual({ outcome: 'matched', reasons: ['transfer.within_fee', 'transfer.fee_despite_our'] });
    expect((await checkAgreement(ctx, { on: '2026-03-14' })).shortTransfers).toEqual([]);
  });

  it('still agree after the bank took a collection back, the money came again and a disbursement was recovered', async () => {
    await importCredits(ctx, 'K2', [{ transfer: 'TRX0001', amount: '79.00', on: '2026-03-16', isDebit: true }, { transfer: 'DISBURSEMENT', amount: '100.00', on: '2026-03-16', text: 'D00000002' }]);
    await reconcileAll(ctx);
    const after = await checkAgreement(ctx);
    expect([after.agrees, accountOf(after, 'bank')?.ledgerMinor, accountOf(after, 'to_be_recovered')?.ledgerMinor]).toEqual([true, 17_500n, 0n]);
    await importCredits(ctx, 'K3', [{ transfer: 'TRX0001', amount: '80.00', on: '2026-03-17' }]);
    await reconcileAll(ctx);
    const again = await checkAgreement(ctx);
    expect([again.agrees, again.differenceCount, accountOf(again, 'bank')?.ledgerMinor]).toEqual([true, 0, 25_500n]);
  });

  it('name a transfer that nothing explains, and a line whose money did not move, down to file and line', async () => {
    await inTransaction(ctx, (tx) => postTransfer(tx, { transferKey: 'by-hand:1', event: 'by.hand', occurredOn: '2026-03-18', legs: [
      { kind: 'bank', currency: 'USD', amountMinor: 500n }, { kind: 'suspense', partnerId: LA, currency: 'USD', amountMinor: -500n }] }));
    await behindTheWall(db, `update line_outcomes set outcome = 'posted', case_id = '${A}', amount_minor = 2000, currency = 'USD', posting_key = 'remittance:x' where line_number = 5 and kind = 'remittance'`);
    const found = await checkAgreement(ctx);
    expect([found.agrees, found.differenceCount]).toEqual([false, 4]);
    expect(found.differences.map((d) => [d.kind, d.transferKey, d.account, d.file, d.line])).toEqual([
      ['not_told', 'by-hand:1', 'bank', null, null], ['not_told', 'by-hand:1', 'suspense', null, null],
      ['not_booked', 'remittance:x', 'proposed_collection', 'cobros.csv', 5], ['not_booked', 'remittance:x', 'suspense', 'cobros.csv', 5],
    ]);
    expect((await checkAgreement(ctx, { partnerId: LA })).differences.map((d) => d.account)).toContain('suspense');
    await behindTheWall(db, "update line_outcomes set outcome = 'pending', posting_key = 'remittance:x' where line_number = 5 and kind = 'remittance'");
  });

  it('is asked by those who see all counties, with dates and partners that there are', async () => {
    await expect(checkAgreement(testCtx(db, { counties: ['06037'] }))).rejects.toMatchObject({ code: 'reconciliation.all_counties_needed' });
    await expect(checkAgreement(testCtx(db, { roles: ['attorney'] }))).rejects.toMatchObject({ code: 'access.forbidden' });
    await expect(checkAgreement(ctx, { on: '2026-02-30' })).rejects.toMatchObject({ code: 'agreement.date_invalid' });
    await expect(checkAgreement(ctx, { partnerId: 'nobody' })).rejects.toMatchObject({ code: 'partner.unknown' });
  });
});

describe('money that went out', () => {
  it('lies with the partner, by age, as much as the ledger says is in transit', async () => {
    const [total] = await outgoingTotals(ctx, officeDays);
    expect(total).toMatchObject({ partnerId: LA, currency: 'USD', openMinor: 20_000n, ledgerMinor: 20_000n, counts: { delivered: 1, recovered: 1, returned: 0, pending: 1, in_transit: 1 } });
    expect(total?.bands.map((b) => [b.band.from, b.band.upTo, b.count])).toEqual([[0, 2, 0], [3, 5, 0], [6, 10, 0], [11, 20, 2], [21, null, 0]]);
  });

  it('is told one by one, with the days of the State and those of the partner', async () => {
    const { lines } = await listOutgoing(ctx, officeDays);
    // Benito Juárez's day (16 March 2026) is none for the consulate.
    expect(lines.map((l) => [l.disbursementId, l.state, l.stateDays, l.partnerDays])).toEqual([['D00000003', 'pending', 12, 11], ['D00000004', 'in_transit', 11, 10]]);
    expect((await listOutgoing(ctx, officeDays, { state: 'delivered' })).lines.map((l) => l.disbursementId)).toEqual(['D00000001']);
  });

  it('is held against what was received, amount, fee and conversion apart', async () => {
    const all = [];
    for await (const line of streamOutgoing(ctx, officeDays, { state: 'all', month: '2026-03' })) all.push(line);
    expect(all).toHaveLength(4);
    expect(all[0]).toMatchObject({ verdict: 'fee', worthMinor: 170_000n, feeMinor: 1_000n, deliveredMinor: 169_000n, deliveredCurrency: 'MXN', residueMinor: 0n });
    expect(await sentVersusReceived(ctx)).toEqual([expect.objectContaining({ month: '2026-03', count: 1, sentMinor: 10_000n, currency: 'USD', deliveredMinor: 169_000n, deliveredCurrency: 'MXN', feeMinor: 1_000n })]);
  });

  it('has two business days from the converted receipt, or from when its payee was known', async () => {
    const { clocks, unidentified } = await disbursementClocks(ctx, officeDays);
    // Known on the 20th, a Friday: Saturday and Sunday do not count.
    expect(clocks.map((c) => [c.caseId, c.receivedOn, c.from, c.due, c.state, c.citation])).toEqual([[A, '2026-03-17', '2026-03-20', '2026-03-24', 'running', '42 USC 654b(c)']]);
    expect(unidentified).toBeGreaterThan(0);
    const later = testCtx(db, { now: '2026-03-25T18:00:00Z' });
    expect((await disbursementClocks(later, officeDays)).clocks[0]?.state).toBe('overdue');
  });
});

describe('fees hand by hand', () => {
  const told = async () => (await feesByHop(ctx)).map((h) => [h.month, h.partnerId, h.direction, h.hop, h.bearer, h.currency, h.count, h.minor]);

  it('are told by partner, month and currency, with what banks say and what rounding left over, and book nothing', async () => {
    await importLines(ctx, 'redondeo.csv', REMITTANCE, ['R8,' + A + ',JUAN PEREZ RUIZ,MARIA LOPEZ SOTO,10000.00,MXN,0.054,1.00,539.01,10/04/2026,12/04/2026,TRX0008,']);
    const ntry = (ref: string, charges: string) => `<Ntry><NtryRef>${ref}</NtryRef><Amt Ccy="USD">530.01</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-04-13</Dt></BookgDt><ValDt><Dt>2026-04-13</Dt></ValDt>
      <AcctSvcrRef>CH1</AcctSvcrRef>${charges}<NtryDtls><TxDtls><Refs><EndToEndId>TRX0008</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>`;
    const charge = '<Chrgs><Rcrd><Amt Ccy="USD">9.00</Amt><Br>SHAR</Br></Rcrd><Rcrd><Amt Ccy="MXN">35.00</Amt><Br>DEBT</Br></Rcrd></Chrgs>';
    await importBank(ctx, { fileName: 'charges.xml', source: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>C</MsgId><CreDtTm>2026-04-13T06:00:00</CreDtTm></GrpHdr>
      <Ntfctn><Id>C</Id><CreDtTm>2026-04-13T06:00:00</CreDtTm><Acct><Id><Othr><Id>990001230041</Id></Othr></Id><Ccy>USD</Ccy></Acct>${ntry('1', charge)}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`) });
    const before = await told();
    expect(before).toContainEqual(['2026-03', LA, 'out', 'partner_fee', null, 'MXN', 1, 1_000n]);
    await reconcileAll(testCtx(db, { now: '2026-04-20T18:00:00Z' }));
    const april = (await told()).filter(([month]) => month === '2026-04');
    expect(april).toEqual([
      ['2026-04', LA, 'in', 'partner_fee', null, 'USD', 1, 100n], ['2026-04', LA, 'in', 'transfer_fee', 'OUR', 'USD', 1, 900n], ['2026-04', LA, 'in', 'bank_charge', 'DEBT', 'MXN', 1, 3_500n],
      ['2026-04', LA, 'in', 'bank_charge', 'SHAR', 'USD', 1, 900n], ['2026-04', LA, 'in', 'rounding', null, 'USD', 1, 1n]]);
    expect((await feesByHop(ctx, { partnerId: 'kr-kcsa' })).filter((h) => h.partnerId !== 'kr-kcsa')).toEqual([]);
    expect(accountOf(await checkAgreement(ctx), 'fx_rounding')).toBeUndefined();
    await expect(feesByHop(testCtx(db, { counties: ['06037'] }))).rejects.toMatchObject({ code: 'reconciliation.all_counties_needed' });
  });
});
