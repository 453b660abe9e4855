import { listOutbox, listParked, openOutboxItem, readMessageContent, receiveMessage, releaseDraft, sendMessage } from '../../../src/modules/exchange/index.ts';
import { getReferral } from '../../../src/modules/referrals/index.ts';
import { reconcile, streamOutcomes } from '../../../src/modules/reconciliation/index.ts';
import { importRegister } from '../../support/reconciliation/scene.ts';
import { CALEXICO, exchangeScene, fromConsulate } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';

let scene: ExchangeScene;
let referralId: string;
beforeAll(async () => {
  scene = await exchangeScene();
  ({ referralId } = await scene.sent('IM-1'));
  expect(await scene.work()).toEqual([]);
});

const parked = async () => new Map((await listParked(scene.operator)).rows.map((row) => [row.messageId, row.reasons]));
const outcomes = async () => {
  const { runId } = await reconcile(scene.operator);
  const found: (string | null)[][] = [];
  for await (const { reference, outcome } of streamOutcomes(scene.operator, runId)) found.push([reference, outcome]);
  return found;
};

const advised = (folio: string, transfer: string) => ({
  remittanceAdvice: {
    transferNumber: transfer, sentOn: '2026-11-12', total: '50.00', currency: 'USD', lineCount: 1,
    line: [{ folio, toFileNumber: 'IM-1', gross: '950.00', grossCurrency: 'MXN', rate: '0.052632', fee: '0.00', net: '50.00', collectedOn: '2026-11-02', sentOn: '2026-11-12', debtor: { given: 'José', family: 'Pérez' }, creditor: { given: 'Rosa', family: 'Mendoza' } }],
  },
});

it('a remittance advice and a forwarding report as messages are booked and explained like lists, each line once', async () => {
  await importRegister(scene.operator, [`DSB-1,B1,IM-1,${CALEXICO},Rosa Mendoza,100.00,USD,2026-11-03,consulate`]);
  const advice = await scene.say(fromConsulate(advised('RCX26-000011', 'TRCX0000011'), { conversation: 'CLX-PAY-1' }));
  const report = await scene.say(fromConsulate({
    forwardingReport: { lineCount: 1, line: [{ folio: 'ECX26-000011', disbursementId: 'DSB-1', toFileNumber: 'IM-1', status: 'delivered', on: '2026-11-10', gross: '100.00', grossCurrency: 'USD', rate: '18.35', fee: '0.00', delivered: '1835.00', deliveredCurrency: 'MXN', creditor: { given: 'Rosa', family: 'Mendoza' } }] },
  }, { conversation: 'CLX-PAY-2' }));
  expect([advice.state, report.state]).toEqual(['stored', 'stored']);
  expect(await scene.work()).toEqual([]);
  expect(await parked()).toEqual(new Map());
  expect((await outcomes()).sort()).toEqual([['ECX26-000011', 'posted'], ['RCX26-000011', 'suspense']]);
  // The same line in a file that comes later is known.
  const before = await scene.count('payment_lines');
  const file = 'folio,expediente,deudor,acreedor,importe_origen,moneda_origen,tipo_cambio,comision,importe_usd,fecha_cobro,fecha_envio,transferencia,concepto\r\n'
    + 'RCX26-000011,IM-1,José Pérez,Rosa Mendoza,950.00,MXN,0.052632,0.00,50.00,2026-11-02,2026-11-12,TRCX0000011,\r\n';
  await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'sftp', source: Buffer.from(file, 'utf8') });
  expect(await scene.work()).toEqual([]);
  const again = await outcomes();
  expect([await scene.count('payment_lines') - before, again]).toEqual([0, []]);
});

it('a receipt is held against our own advice, whatever the partner says it was sent', async () => {
  const ours = await sendMessage(scene.operator, { partnerId: CALEXICO, kind: 'remittanceAdvice', body: advised('OUT-1', 'TRF-OUT-1').remittanceAdvice });
  expect(await scene.work()).toEqual([]);
  const content = JSON.parse(Buffer.from((await openOutboxItem(scene.client, ours.messageId, 'json')).bytes ?? Buffer.alloc(0)).toString('utf8')) as { conversation: string };
  const say = (receiptConfirmation: object) => scene.say(fromConsulate({ receiptConfirmation }, { conversation: content.conversation, inReplyTo: ours.messageId }));
  const receipt = { transferNumber: 'TRF-OUT-1', receivedOn: '2026-11-19', sent: '50.00', received: '50.00', currency: 'USD', receivedEqualsSent: true };
  const all = await say(receipt);
  const less = await say({ ...receipt, sent: '40.00', received: '40.00' });
  const line = await say({ ...receipt, line: [{ folio: 'OUT-9', sent: '50.00', received: '50.00', currency: 'USD' }] });
  expect(await scene.work()).toEqual([]);
  const waiting = await parked();
  expect([waiting.get(all.messageId), waiting.get(less.messageId), waiting.get(line.messageId)]).toEqual([undefined, ['exchange.task_compare_receipt'], ['exchange.task_compare_receipt']]);
  expect(await scene.count('payee_confirmations')).toBe(0);
});

it('no order and no place of payment is changed by what a partner says: a person gets the task', async () => {
  const before = await getReferral(scene.operator, referralId);
  const where = await scene.say(fromConsulate({
    paymentLocationChange: { change: 'payment_address', effectiveOn: '2026-12-01', payTo: { name: [{ lang: 'es', value: 'Pagaduría' }] }, account: [{ scheme: 'clabe', value: '032180000118359719', country: 'MX', currency: 'MXN' }] },
  }, { conversation: 'CLX-CHANGE-1', referralId }));
  const order = await scene.say(fromConsulate({ orderChange: { change: 'modified', effectiveOn: '2026-12-01', order: [{ orderId: 'o1', issuedOn: '2026-10-30', parentageEstablished: true, obligation: [{ obligationId: 'ob1', kind: 'current_support', amount: '450.00', currency: 'USD', frequency: 'monthly', startsOn: '2026-12-01' }] }] } }, { conversation: 'CLX-CHANGE-1', referralId }));
  expect([where.state, order.state, where.findings.map(({ code }) => code)]).toEqual(['stored', 'stored', ['message.confirm_payment_location']]);
  expect(await scene.work()).toEqual([]);
  const waiting = await parked();
  expect([waiting.get(where.messageId), waiting.get(order.messageId)]).toEqual([['exchange.task_confirm_payment_location'], ['exchange.task_enter_order_change']]);
  expect(await scene.count("queue_items where kind = 'exchange_parked' and subject_id = any($1)", [[where.messageId, order.messageId]])).toBe(2);
  const after = await getReferral(scene.operator, referralId);
  expect([after.status, after.moves.length]).toEqual([before.status, before.moves.length]);
});

it('ours leaves when an attorney lets it leave', async () => {
  const kinds = async () => (await listOutbox(scene.client, { partnerId: CALEXICO, limit: 100 })).items.map(({ kind }) => kind);
  const draft = await sendMessage(scene.operator, { referralId, kind: 'paymentLocationChange', asDraft: true, body: { change: 'payment_address', effectiveOn: '2026-12-01', payTo: { name: [{ lang: 'en', value: 'State Disbursement Unit' }] } } });
  expect([draft.state, await scene.work(), (await kinds()).includes('paymentLocationChange')]).toEqual(['draft', [], false]);
  await releaseDraft(scene.attorney, draft.messageId);
  expect([await scene.work(), (await kinds()).includes('paymentLocationChange')]).toEqual([[], true]);
  expect((await readMessageContent(scene.attorney, draft.messageId)).content).toMatchObject({ from: { fileNumber: 'IM-1' }, to: { fileNumber: 'CLX/2026/0007' } });
});
