import { conversationOfReferral, listOutbox, markRetrieved, openOutboxItem, readMessageContent } from '../../../src/modules/exchange/index.ts';
import { getReferral, moveReferral, receiveReferral } from '../../../src/modules/referrals/index.ts';
import { CALEXICO, exchangeScene, fromConsulate, nextId } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';

let scene: ExchangeScene;
beforeAll(async () => {
  scene = await exchangeScene();
});

const contentOf = async (messageId: string): Promise<Record<string, unknown>> => {
  const { bytes } = await openOutboxItem(scene.client, messageId, 'json');
  return JSON.parse(Buffer.from(bytes ?? []).toString('utf8')) as Record<string, unknown>;
};

it('sends our request by the channels of the partner, whose fetching it is proven and makes it delivered', async () => {
  const { referralId, packetId } = await scene.sent();
  expect(await scene.work()).toEqual([]);
  const { items } = await listOutbox(scene.client, { partnerId: CALEXICO });
  expect(items).toMatchObject([{ kind: 'referral', state: 'delivered', hasFile: true, hasMessage: true, code: 'ENF R ERALL', serial: expect.stringMatching(/^\d{12}$/), ourFileNumber: 'IM-1' }]);
  const messageId = items[0]?.messageId ?? '';
  const file = await openOutboxItem(scene.client, messageId, 'file');
  expect(file).toMatchObject({ mediaType: 'application/vnd.etsi.asic-e+zip', fileName: `${messageId}.asice` });
  expect(packetId).toMatch(/^pkt_/);
  const first = await markRetrieved(scene.client, messageId, 'api');
  const second = await markRetrieved(scene.client, messageId, 'api');
  expect(second).toMatchObject({ receiptId: first.receiptId, alreadyRetrieved: true });
  expect(Buffer.compare(first.receipt, second.receipt)).toBe(0);
  // The way by which it was fetched, not the one by which it was waited for.
  expect((await readMessageContent(scene.operator, messageId)).message).toMatchObject({ state: 'retrieved', channel: 'api' });
  expect(await scene.work()).toEqual([]);
  expect((await getReferral(scene.operator, referralId)).status).toBe('delivered');
});

it('tells the partner of what the agency does with a request of theirs, once', async () => {
  const { referralId } = await receiveReferral(scene.operator, { caseId: 'IM-2', partnerId: CALEXICO, services: ['enforce'] });
  await moveReferral(scene.attorney, referralId, 'report_incomplete', { reason: 'address_missing' });
  expect(await scene.work()).toEqual([]);
  const conversation = await conversationOfReferral(scene.operator, referralId);
  const [message] = conversation?.messages ?? [];
  expect(message).toMatchObject({ direction: 'out', kind: 'acknowledgment', code: 'ENF A AADIN', state: 'delivered', replyTo: referralId });
  expect(await contentOf(message?.messageId ?? '')).toMatchObject({
    acknowledgment: { status: 'missing_items', missing: [{ code: 'address_missing' }] }, from: { county: '06025', fileNumber: 'IM-2' }, conversation: conversation?.wireId,
  });
  // The partner supplies what was missing, in the conversation that it now knows, and takes its request back.
  const supplied = await scene.say(fromConsulate({ informationUpdate: { asOf: '2026-11-20', change: [{ kind: 'address', on: '2026-11-19' }] } }, { conversation: conversation?.wireId, inReplyTo: message?.messageId }));
  const withdrawn = await scene.say(fromConsulate({ withdrawal: { reason: 'asked_by_petitioner' } }, { conversation: conversation?.wireId, messageId: nextId() }));
  expect(await scene.work()).toEqual([]);
  expect([supplied.state, withdrawn.state]).toEqual(['stored', 'stored']);
  const referral = await getReferral(scene.operator, referralId);
  expect(referral.moves.map(({ move }) => move)).toEqual(['receive', 'report_incomplete', 'supply', 'withdraw']);
  expect((await conversationOfReferral(scene.operator, referralId))?.messages.filter(({ direction }) => direction === 'out')).toHaveLength(1);
});

it('keeps what an officer does on our page as a message with its receipt', async () => {
  const { referralId } = await scene.sent('IM-2', ['locate']);
  await moveReferral(scene.officer, referralId, 'deliver');
  await moveReferral(scene.officer, referralId, 'forward', { hop: 'mx-sre' });
  expect(await scene.work()).toEqual([]);
  const conversation = await conversationOfReferral(scene.operator, referralId);
  expect(conversation?.messages.map(({ direction, kind, channel }) => [direction, kind, channel])).toEqual([['out', 'referral', expect.any(String)], ['in', 'acknowledgment', 'portal']]);
  expect(conversation?.messages[1]?.receipts.map(({ stage }) => stage)).toEqual(['submitted']);
  expect(conversation?.hops).toMatchObject([{ hop: 'mx-sre' }]);
});
