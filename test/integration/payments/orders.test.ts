import { text } from 'node:stream/consumers';
import { createOrder, exportOrder, importOrderStatus, listOrders, releaseOrder, showOrder, withdrawOrder } from '../../../src/modules/payments/index.ts';
import { PAIN_002, statusReportElements } from '../../../src/modules/payments/formats/iso20022/pain002.rules.ts';
import type { StatusReport } from '../../../src/modules/payments/formats/iso20022/pain002.rules.ts';
import { readCreditTransfer } from '../../../src/modules/payments/formats/iso20022/pain001.rules.ts';
import { readXml, writeXml } from '../../../src/modules/payments/formats/iso20022/xml-tree.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { FORWARDING, LA, caseLine, importCases, importLines, importRegister, postings, reconcileAll } from '../../support/reconciliation/scene.ts';

const one = (number: number, caseId = `200000000000${number}`, more = '362.00,USD,2026-10-01,consulate') => `DSBLA26010000${number},BT1,${caseId},${LA},ROSA MEZA LUNA,${more}`;
const COUPLE = { payer: 'Sergio Meza Ruiz', receiver: 'Rosa Meza Luna' };

describe('orders to the bank', () => {
  let db: TestDatabase;
  let maker: Ctx;
  let releaser: Ctx;
  beforeEach(async () => {
    db = await testDatabase();
    maker = testCtx(db, { id: 'usr_maker', roles: ['reconciler'] });
    releaser = testCtx(db, { id: 'usr_releaser', roles: ['supervisor'] });
    await importCases(testCtx(db), [1, 2, 3].map((n) => caseLine(`200000000000${n}`, COUPLE)));
    await importRegister(testCtx(db), [one(1), one(2), one(3, undefined, '10.50,USD,2026-10-01,consulate'), one(4, '2000000000001', '99.00,USD,2026-10-01,check')]);
  });
  const released = async (wanted: Parameters<typeof createOrder>[1] = { partnerId: LA }) => {
    const { orderId } = await createOrder(maker, wanted);
    await releaseOrder(releaser, orderId ?? '');
    return orderId ?? '';
  };
  const hear = async (orderId: string, status: Partial<StatusReport> & { said?: readonly (readonly [id: string, status: string, ...reasons: string[]])[] }, messageId = 'BANK1') => {
    const { order } = await showOrder(maker, orderId);
    const { said = [], ...more } = status;
    const report = {
      messageId, createdAt: '2026-11-21T09:00:00Z', originalMessageId: order.messageId, group: { status: '', reasons: [] },
      payments: said.length === 0 ? [] : [{ paymentId: `${order.messageId}-1`, status: '', reasons: [], transactions: said.map(([endToEndId, code, ...reasons]) => ({ line: 0, endToEndId, status: code, reasons, amount: null })) }], ...more,
    };
    return importOrderStatus(maker, { fileName: 'status.xml', source: Buffer.from(writeXml(PAIN_002, statusReportElements(report))) });
  };
  const codes = (told: { findings: readonly { code: string }[] }) => told.findings.map(({ code }) => code);

  it('hold what goes through the partner, once, and come in the same bytes whenever they are asked for', async () => {
    const before = await postings(db);
    const made = await createOrder(maker, { partnerId: LA, executionOn: '2026-11-23' });
    expect(made).toMatchObject({ payments: 3, amountMinor: 73_450n, currency: 'USD', held: 0 });
    expect(codes(made)).toEqual(['orders.accounts_unconfirmed']);
    expect(await createOrder(maker, { partnerId: LA })).toMatchObject({ orderId: null, payments: 0 });
    await releaseOrder(releaser, made.orderId ?? '');
    const first = await text((await exportOrder(maker, made.orderId ?? '')).bytes);
    expect(await text((await exportOrder(maker, made.orderId ?? '')).bytes)).toBe(first);
    expect(readCreditTransfer(readXml(Buffer.from(first)).root)).toMatchObject({
      messageId: `PUENTE-${made.orderId?.slice(4)}`, createdAt: '2026-11-20T12:00:00Z', bearer: 'DEBT', executionOn: '2026-11-23', currency: 'USD',
      payments: [{ endToEndId: 'DSBLA260100001', amountMinor: 36_200n }, { endToEndId: 'DSBLA260100002', amountMinor: 36_200n }, { endToEndId: 'DSBLA260100003', amountMinor: 1_050n }],
    });
    expect(first).not.toMatch(/MEZA/i);
    expect(await postings(db)).toEqual(before);
    expect((await listOrders(maker)).orders).toMatchObject([{ state: 'released', createdBy: 'usr_maker', decidedBy: 'usr_releaser' }]);
  });

  it('are released by somebody else than their maker, and exported only then', async () => {
    const { orderId } = await createOrder(maker, { partnerId: LA });
    await expect(releaseOrder(maker, orderId ?? '')).rejects.toMatchObject({ kind: 'forbidden', code: 'orders.four_eyes' });
    for (const who of [{ id: 'operator', kind: 'system' as const }, { id: 'job:x', kind: 'system' as const, roles: ['supervisor' as const] }]) {
      await expect(releaseOrder(testCtx(db, who), orderId ?? '')).rejects.toMatchObject({ kind: 'forbidden', code: 'access.forbidden' });
    }
    await expect(exportOrder(maker, orderId ?? '')).rejects.toMatchObject({ kind: 'conflict', code: 'orders.not_released' });
    await expect(behindTheWall(db, "update payment_orders set state = 'released', decided_at = now(), decided_by = created_by")).rejects.toMatchObject({ code: '23514' });
    await withdrawOrder(maker, orderId ?? '');
    await expect(releaseOrder(releaser, orderId ?? '')).rejects.toMatchObject({ code: 'orders.already_decided' });
    expect(await createOrder(maker, { partnerId: LA })).toMatchObject({ payments: 3 });
  });

  it('leave out what is held, and say why', async () => {
    await importLines(testCtx(db), 'returned.csv', FORWARDING, [`F-1,DSBLA260100001,2000000000001,ROSA MEZA LUNA,362.00,USD,,,,,2026-10-20,DEVUELTO,`]);
    await reconcileAll(testCtx(db));
    await importRegister(testCtx(db), [one(5, '2000000000001')]);
    const made = await createOrder(maker, { partnerId: LA });
    expect(made).toMatchObject({ payments: 2, held: 1 });
    expect(made.findings).toContainEqual({ code: 'orders.held_returned', severity: 'warn', path: 'DSBLA260100005', params: { disbursement: 'DSBLA260100005' } });
  });

  it('are not released while one of their payments is held since', async () => {
    const { orderId } = await createOrder(maker, { partnerId: LA });
    await importLines(testCtx(db), 'returned.csv', FORWARDING, [`F-1,DSBLA260100001,2000000000001,ROSA MEZA LUNA,362.00,USD,,,,,2026-10-20,DEVUELTO,`]);
    await reconcileAll(testCtx(db));
    await expect(releaseOrder(releaser, orderId ?? '')).rejects.toMatchObject({ kind: 'conflict', code: 'orders.held_since', findings: [{ code: 'orders.held_line', path: 'DSBLA260100001' }] });
  });

  it('are not exported when a payment is held since the release, and may be withdrawn as long as nobody has the message', async () => {
    const orderId = await released();
    await importLines(testCtx(db), 'returned.csv', FORWARDING, [`F-1,DSBLA260100001,2000000000001,ROSA MEZA LUNA,362.00,USD,,,,,2026-10-20,DEVUELTO,`]);
    await reconcileAll(testCtx(db));
    await expect(exportOrder(maker, orderId)).rejects.toMatchObject({ kind: 'conflict', code: 'orders.held_since', findings: [{ code: 'orders.held_line', path: 'DSBLA260100001' }] });
    await withdrawOrder(maker, orderId);
    await expect(exportOrder(maker, orderId)).rejects.toMatchObject({ code: 'orders.not_released' });
    expect((await createOrder(maker, { partnerId: LA })).payments).toBe(2);
  });

  it('once exported stay so: the same bytes come again though a payment is settled, and nobody withdraws them', async () => {
    const orderId = await released();
    const first = await text((await exportOrder(maker, orderId)).bytes);
    await importLines(testCtx(db), 'returned.csv', FORWARDING, [`F-1,DSBLA260100001,2000000000001,ROSA MEZA LUNA,362.00,USD,,,,,2026-10-20,DEVUELTO,`]);
    await reconcileAll(testCtx(db));
    expect(await text((await exportOrder(maker, orderId)).bytes)).toBe(first);
    await expect(withdrawOrder(maker, orderId)).rejects.toMatchObject({ kind: 'conflict', code: 'orders.already_decided' });
    await expect(behindTheWall(db, "update payment_orders set state = 'withdrawn', exported_at = null, exported_by = null")).rejects.toThrow('a payment order does not change');
  });

  it('are not released when the bank has sent one of their payments back since', async () => {
    const { orderId } = await createOrder(maker, { partnerId: LA });
    await behindTheWall(db, `insert into settled_notices values ('us-ca', 'DSBLA260100002', 'n1', '${LA}', '2026-11-01', 'run_1', now())`);
    await expect(releaseOrder(releaser, orderId ?? '')).rejects.toMatchObject({ code: 'orders.held_since', findings: [{ path: 'DSBLA260100002' }] });
  });

  it('leave out a disbursement whose number the message cannot carry, and pay the others', async () => {
    const ids = ["-2+3+cmd|'/C'!A0", `D${'1'.repeat(35)}`, 'A//B'];
    await importRegister(testCtx(db), ids.map((id) => `${id},BT1,2000000000003,${LA},ROSA MEZA LUNA,5.00,USD,2026-10-01,consulate`));
    const made = await createOrder(maker, { partnerId: LA });
    expect(made.payments).toBe(3);
    expect(made.findings.filter(({ code }) => code === 'orders.unfit_number').map(({ path }) => path).sort()).toEqual([...ids].sort());
    expect(await createOrder(maker, { partnerId: LA })).toMatchObject({ orderId: null, payments: 0 });
  });

  it('leave out what the partner has reported on in any way, with the line that says so', async () => {
    const line = (folio: string, id: string, more: string) => `${folio},${id},2000000000001,ROSA MEZA LUNA,362.00,USD,${more}`;
    await importLines(testCtx(db), 'pending.csv', FORWARDING, [line('F-1', 'DSBLA260100001', ',,,,2026-10-20,PENDIENTE,')]);
    await importLines(testCtx(db), 'waits.csv', FORWARDING, [`F-2,DSBLA-26010-0002,2000000000002,ROSA MEZA LUNA,362.00,USD,17.0000,0.00,1.00,MXN,2026-10-20,ENTREGADO,`]);
    await reconcileAll(testCtx(db));
    await importRegister(testCtx(db), [one(5), one(6, '2000000000002', '77.00,USD,2026-10-01,consulate')]);
    await importLines(testCtx(db), 'unread.csv', FORWARDING, ['F-3,,2000000000002,ROSA MEZA LUNA,77.00,USD,17.0000,0.00,1309.00,MXN,2026-10-20,ENTREGADO,', 'F-4,,2000000000003,ROSA MEZA LUNA,9.00,USD,17.0000,0.00,153.00,MXN,2026-10-20,ENTREGADO,']);
    const made = await createOrder(maker, { partnerId: LA, again: true });
    expect(made).toMatchObject({ payments: 2, held: 0, reported: 3 });
    expect(made.findings.slice(1).map(({ code, path, params }) => [code, path, params?.file, params?.line])).toEqual([
      ['orders.reported_pending', 'DSBLA260100001', 'pending.csv', 2], ['orders.reported_waiting', 'DSBLA260100002', 'waits.csv', 2], ['orders.reported_unreconciled', 'DSBLA260100006', 'unread.csv', 2]]);
    expect((await showOrder(maker, made.orderId ?? '')).lines.map(({ disbursementId }) => disbursementId)).toEqual(['DSBLA260100003', 'DSBLA260100005']);
  });

  it('are not released when one of their payments was reported since, as pending or in a list that nobody reconciled', async () => {
    const { orderId } = await createOrder(maker, { partnerId: LA });
    await importLines(testCtx(db), 'pending.csv', FORWARDING, ['F-1,DSBLA260100001,2000000000001,ROSA MEZA LUNA,362.00,USD,,,,,2026-10-20,PENDIENTE,']);
    await expect(releaseOrder(releaser, orderId ?? '')).rejects.toMatchObject({ code: 'orders.held_since', findings: [{ code: 'orders.reported_unreconciled', path: 'DSBLA260100001', params: { file: 'pending.csv', line: 2 } }] });
    await reconcileAll(testCtx(db));
    await expect(releaseOrder(releaser, orderId ?? '')).rejects.toMatchObject({ code: 'orders.held_since', findings: [{ code: 'orders.reported_pending', path: 'DSBLA260100001' }] });
    await withdrawOrder(maker, orderId ?? '');
    expect(await createOrder(maker, { partnerId: LA })).toMatchObject({ payments: 2, reported: 1 });
  });

  it('do not change, whoever asks the database', async () => {
    await released();
    for (const statement of ['update payment_orders set sum_minor = 1', 'delete from payment_orders', 'truncate payment_order_lines', 'update payment_order_lines set amount_minor = 1', 'delete from payment_order_lines']) {
      await expect(behindTheWall(db, statement)).rejects.toThrow();
    }
  });

  it('become what the bank says of them, line by line; replays change nothing', async () => {
    const orderId = await released();
    const all = await hear(orderId, { group: { status: 'ACTC', reasons: [] } });
    expect(all).toMatchObject({ orderId, statuses: 3, recorded: 3, duplicate: 0, findings: [] });
    expect(await hear(orderId, { group: { status: 'ACTC', reasons: [] } })).toMatchObject({ recorded: 0, duplicate: 3, findings: [{ code: 'orders.report_repeated', severity: 'info' }] });
    expect(await hear(orderId, { group: { status: 'ACTC', reasons: [] } }, 'BANK2')).toMatchObject({ recorded: 0, duplicate: 3, findings: [] });
    const part = await hear(orderId, { group: { status: 'PART', reasons: [] }, said: [['DSBLA260100001', 'ACSC'], ['DSBLA260100002', 'RJCT', 'AC04'], ['DSBLA260199999', 'ACSC']] }, 'BANK3');
    expect(part).toMatchObject({ statuses: 3, recorded: 2 });
    expect(part.findings).toMatchObject([
      { code: 'orders.refused', severity: 'warn', params: { disbursement: 'DSBLA260100002', status: 'RJCT', reason: 'AC04' } }, { code: 'orders.reference_unknown', severity: 'warn' }]);
    const { lines, history } = await showOrder(maker, orderId);
    expect(lines.map(({ status, reasons, freedBy }) => [status, reasons, freedBy])).toEqual([['ACSC', [], null], ['RJCT', ['AC04'], 'rejected'], ['ACTC', [], null]]);
    expect(history.map(({ lineNumber, status }) => [lineNumber, status])).toEqual([[0, 'ACTC'], [1, 'ACTC'], [2, 'ACTC'], [3, 'ACTC'], [0, 'ACTC'], [0, 'PART'], [1, 'ACSC'], [2, 'RJCT']]);
  });

  it('tell what goes backwards, is unknown or answers nothing of ours, and keep what was said before', async () => {
    const orderId = await released();
    await hear(orderId, { said: [['DSBLA260100001', 'ACSC'], ['DSBLA260100002', 'ACSP']] });
    const back = await hear(orderId, { said: [['DSBLA260100001', 'RJCT'], ['DSBLA260100002', 'ACTC'], ['DSBLA260100003', 'WHAT']] }, 'BANK2');
    expect(back.recorded).toBe(0);
    expect(back.findings).toMatchObject([
      { code: 'orders.status_backward', params: { before: 'ACSC', status: 'RJCT' } }, { code: 'orders.status_backward', params: { before: 'ACSP', status: 'ACTC' } }, { code: 'orders.status_unknown', params: { status: 'WHAT' } }]);
    expect(codes(await hear(orderId, { originalMessageId: 'NOBODYS', group: { status: 'ACSC', reasons: [] } }, 'BANK3'))).toEqual(['orders.message_unknown']);
    const later = await createOrder(maker, { partnerId: LA, again: true });
    expect(later.orderId).toBeNull();
    await expect(importOrderStatus(maker, { fileName: 'x.xml', source: Buffer.from('<Document/>') })).rejects.toMatchObject({ code: 'orders.not_a_report' });
    await expect(importOrderStatus(maker, { fileName: 'x.xml', source: Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><Document/>') })).rejects.toMatchObject({ code: 'bank.xml_doctype' });
  });

  it('that the bank refused wait for somebody who asks for them again', async () => {
    const orderId = await released();
    await hear(orderId, { group: { status: 'RJCT', reasons: ['AG01'] } });
    const told = await createOrder(maker, { partnerId: LA });
    expect(told).toMatchObject({ orderId: null, refusedBefore: 3 });
    expect(told.findings[0]).toMatchObject({ code: 'orders.refused_before', params: { disbursement: 'DSBLA260100001', reason: 'AG01' } });
    expect(await createOrder(maker, { partnerId: LA, again: true })).toMatchObject({ payments: 3, refusedBefore: 0 });
  });

  it('made at the same time never order anything twice', async () => {
    const made = await Promise.all([createOrder(maker, { partnerId: LA }), createOrder(releaserAsMaker(), { partnerId: LA })]);
    expect(made.map(({ payments }) => payments).sort()).toEqual([0, 3]);
  });
  const releaserAsMaker = () => testCtx(db, { id: 'usr_other', roles: ['reconciler'] });

  it('are for those who may, and for one currency', async () => {
    await expect(createOrder(releaser, { partnerId: LA })).rejects.toMatchObject({ code: 'access.forbidden' });
    await expect(createOrder(testCtx(db, { id: 'usr_x', roles: ['reconciler'], counties: ['06037'] }), { partnerId: LA })).rejects.toMatchObject({ kind: 'forbidden' });
    await importRegister(testCtx(db), [one(6, undefined, '5000.00,MXN,2026-10-01,consulate')]);
    await expect(createOrder(maker, { partnerId: LA })).rejects.toMatchObject({ code: 'orders.currency_needed', params: { currencies: 'MXN USD' } });
    expect(await createOrder(maker, { partnerId: LA, currency: 'MXN' })).toMatchObject({ payments: 1, currency: 'MXN' });
    await expect(createOrder(maker, { partnerId: LA, executionOn: '2026-11-19' })).rejects.toMatchObject({ code: 'orders.date_invalid' });
  });
});
