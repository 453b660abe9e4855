import { getReferral } from '../../../src/modules/referrals/index.ts';
import { getConversation, conversationOfReferral } from '../../../src/modules/exchange/index.ts';
import { codesOf } from '../../support/referrals-incoming/scene.ts';
import { accepted, exchangeScene, fromConsulate } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';

let scene: ExchangeScene;
beforeAll(async () => {
  scene = await exchangeScene();
});

it('keeps a message, proves it, and acts on it once', async () => {
  const { referralId, packetId } = await scene.sent();
  const said = await scene.say(accepted({ referralId, conversation: 'CLX-2026-1', inReplyTo: packetId }));
  expect(said).toMatchObject({ state: 'stored', kind: 'acknowledgment', alreadyReceived: false, findings: [] });
  expect(said.receipt.length).toBeGreaterThan(500);
  expect(await scene.act(said)).toBe('acted');
  expect(await scene.act(said)).toBe('acted');
  const referral = await getReferral(scene.operator, referralId);
  expect(referral.status).toBe('accepted');
  expect(referral.moves.filter(({ move }) => move === 'accept')).toHaveLength(1);
  const conversation = await conversationOfReferral(scene.operator, referralId);
  expect(conversation).toMatchObject({ ourFileNumber: 'IM-1', partnerFileNumber: 'CLX/2026/0007', referralId });
  expect((await getConversation(scene.client, said.conversation ?? '')).messages.map(({ work }) => work)).toEqual([null]);
});

it('refuses another partner’s conversation as one that is not there', async () => {
  const said = await scene.say(fromConsulate({ statusRequest: {} }, { conversation: 'cnv_01K0000000000000000000000A' }));
  expect(said.state).toBe('refused');
  expect(codesOf(said.findings)).toEqual(['message.conversation_unknown']);
});
