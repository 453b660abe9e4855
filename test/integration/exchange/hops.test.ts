import { conversationOfReferral, listReceipts, messageToXml, receiveMessage } from '../../../src/modules/exchange/index.ts';
import type { Message } from '../../../src/modules/exchange/index.ts';
import { getReferral } from '../../../src/modules/referrals/index.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { CALEXICO, exchangeScene, fromConsulate } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';

let scene: ExchangeScene;
let referralId: string;
let packetId: string;
beforeAll(async () => {
  scene = await exchangeScene();
  ({ referralId, packetId } = await scene.sent());
  await scene.work();
});

const clockOf = async (name: string) => (await getReferral(scene.operator, referralId)).clocks.find(({ clock }) => clock === name);
const SRE = [{ lang: 'es-MX', value: 'Secretaría de Relaciones Exteriores' }];

it('the consulate passes our request on: the hop is kept with its number, proven, and stops the clock that the profile names', async () => {
  expect(await clockOf('referral.send')).toMatchObject({ stoppedOn: null });
  const said = await scene.say(fromConsulate({
    acknowledgment: { status: 'forwarded', receivedOn: '2026-11-20', forwardedTo: { partnerId: 'mx-sre', fileNumber: 'DGPAC/2026/311', forwardedOn: '2026-11-20', name: SRE } },
  }, { conversation: 'CLX-HOPS', inReplyTo: packetId }));
  expect(said.state).toBe('stored');
  expect(await scene.work()).toEqual([]);
  expect((await getReferral(scene.operator, referralId)).status).toBe('forwarded');
  expect(await clockOf('referral.send')).toMatchObject({ stoppedOn: '2026-11-20', stoppedBy: 'forward' });
  const conversation = await conversationOfReferral(scene.operator, referralId);
  expect(conversation?.hops).toMatchObject([{ hop: 'mx-sre', fileNumber: 'DGPAC/2026/311', relayedOn: '2026-11-20', office: 'Secretaría de Relaciones Exteriores' }]);
  expect(conversation?.messages[0]?.receipts.map(({ stage, hop }) => [stage, hop])).toEqual([['delivered', ''], ['relayed', 'mx-sre']]);
  expect(conversation?.timeline.map(({ what }) => what)).toEqual(expect.arrayContaining(['message', 'receipt', 'move', 'hop', 'clock', 'work']));
});

it('what the office behind says comes by the consulate, and names the way that it took', async () => {
  const via = [{ hop: 'state_office', relayedAt: '2026-11-20T11:00:00Z', fileNumber: 'DIF-BC-77', name: [{ lang: 'es-MX', value: 'DIF Baja California' }] }];
  const said = await scene.say({
    ...fromConsulate({ acknowledgment: { status: 'complete', receivedOn: '2026-11-20' } }, { conversation: 'CLX-HOPS', inReplyTo: packetId, via, sentAt: '2026-11-20T10:00:00Z' }),
    from: { partnerId: 'mx-sre', country: 'MX', fileNumber: 'DGPAC/2026/311', name: SRE },
  });
  expect(said.findings.filter(({ severity }) => severity === 'block')).toEqual([{ code: 'message.other_sender', severity: 'block', path: expect.any(String), params: expect.any(Object) }]);
  const passedOn = await scene.say({
    ...fromConsulate({ acknowledgment: { status: 'complete', receivedOn: '2026-11-20' } }, {
      conversation: 'CLX-HOPS', inReplyTo: packetId, sentAt: '2026-11-20T10:00:00Z', via: [...via, { partnerId: CALEXICO, relayedAt: '2026-11-20T11:30:00Z', name: [{ lang: 'es-MX', value: 'Consulado' }] }],
    }),
    from: { partnerId: 'mx-sre', country: 'MX', fileNumber: 'DGPAC/2026/311', name: SRE },
  });
  expect(passedOn.state).toBe('stored');
  expect(await scene.work()).toEqual([]);
  expect((await getReferral(scene.operator, referralId)).status).toBe('accepted');
  const conversation = await conversationOfReferral(scene.operator, referralId);
  expect(conversation?.hops.map(({ hop, fileNumber }) => [hop, fileNumber])).toEqual(expect.arrayContaining([['state_office', 'DIF-BC-77'], ['mx-sre', 'DGPAC/2026/311']]));
  // The number of the office that answers is not the consulate's.
  expect(conversation?.partnerFileNumber).not.toBe('DGPAC/2026/311');
});

it('moves on the day on which the message came, whenever the job runs; receipts come in the order in which they were made', async () => {
  const said = await scene.say(fromConsulate({ statusReport: { state: 'in_progress', asOf: '2026-11-20' } }, { conversation: 'CLX-HOPS' }));
  const later = { ...scene, operator: { ...scene.operator, clock: fixedClock('2026-11-25T20:00:00Z') } };
  const { actOnMessage } = await import('../../../src/modules/exchange/index.ts');
  expect(await actOnMessage(later.operator, said.messageId)).toBe('acted');
  expect((await getReferral(scene.operator, referralId)).moves.at(-1)).toMatchObject({ move: 'report_status', happenedOn: '2026-11-20' });
  const all = await listReceipts(scene.client, { partnerId: CALEXICO, limit: 200 });
  const paged: string[] = [];
  for (let after: string | null = null; ;) {
    const page: Awaited<ReturnType<typeof listReceipts>> = await listReceipts(scene.client, { partnerId: CALEXICO, after, limit: 2 });
    paged.push(...page.items.map(({ receiptId }) => receiptId));
    if (page.next === null) break;
    after = page.next;
  }
  expect(paged).toEqual(all.items.map(({ receiptId }) => receiptId));
  expect(paged.length).toBeGreaterThan(4);
});

it('learns under which number the partner keeps the case', async () => {
  await scene.say(fromConsulate({ statusRequest: {} }, { conversation: 'CLX-HOPS', from: { partnerId: CALEXICO, country: 'MX', fileNumber: 'CLX/2026/9001', name: [{ lang: 'es-MX', value: 'Consulado' }] } }));
  expect(await scene.work()).toEqual([]);
  expect(await scene.count("partner_case_numbers where case_id = 'IM-1' and partner_id = $1 and value = 'CLX/2026/9001'", [CALEXICO])).toBe(1);
  expect(await conversationOfReferral(scene.operator, referralId)).toMatchObject({ ourFileNumber: 'IM-1', partnerFileNumber: 'CLX/2026/9001' });
});

it('an office may be named as the profile of the partner names it', async () => {
  const sent = await scene.sent('IM-2');
  await scene.work();
  const message = fromConsulate({ acknowledgment: { status: 'forwarded', receivedOn: '2026-11-20', forwardedTo: { hop: 'mx-sre', forwardedOn: '2026-11-20', name: SRE } } }, {
    conversation: 'CLX-HOPS-2', inReplyTo: sent.packetId, to: { county: '06025', fileNumber: 'IM-2', name: [{ lang: 'en', value: 'County of Imperial' }] },
  });
  const said = await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'api', source: messageToXml(message as unknown as Message) });
  expect([said.state, said.findings.filter(({ severity }) => severity === 'block')]).toEqual(['stored', []]);
  expect(await scene.work()).toEqual([]);
  const referral = await getReferral(scene.operator, sent.referralId);
  expect(referral.status).toBe('forwarded');
  expect(referral.clocks.find(({ clock }) => clock === 'referral.send')).toMatchObject({ stoppedOn: '2026-11-20', stoppedBy: 'forward' });
});
