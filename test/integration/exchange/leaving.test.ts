import { discardDraft, getConversation, listOutbox, readMessageContent, releaseDraft, sendMessage } from '../../../src/modules/exchange/index.ts';
import { getReferral, moveReferral, receiveReferral } from '../../../src/modules/referrals/index.ts';
import { CALEXICO, exchangeScene } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';
import { aFamily, codeOf } from '../../support/referrals-incoming/scene.ts';

let scene: ExchangeScene;
beforeAll(async () => {
  scene = await exchangeScene();
});

const remark = (source: string, target?: string) => [{ sourceLanguage: 'en', ...(target === undefined ? {} : { targetLanguage: 'es-MX' }), segment: [{ source, ...(target === undefined ? {} : { target }) }] }];
const update = (source: string, target?: string) => ({ asOf: '2026-11-20', change: [{ kind: 'worker', on: '2026-11-20' }], remark: remark(source, target) });

it('nothing leaves while one of the two languages is missing, and a draft is not seen by the partner', async () => {
  const { referralId } = await scene.sent();
  const refused = sendMessage(scene.attorney, { referralId, kind: 'informationUpdate', body: update('A new caseworker is in charge.') });
  expect(await codeOf(refused)).toEqual(['message.language_missing', 'message.language_missing', 'message.language_missing']);
  const draft = await sendMessage(scene.attorney, { referralId, kind: 'informationUpdate', body: update('A new caseworker is in charge.'), asDraft: true });
  expect(draft.state).toBe('draft');
  expect(await codeOf(releaseDraft(scene.attorney, draft.messageId))).toContain('message.language_missing');
  await scene.work();
  const { conversationId } = (await readMessageContent(scene.operator, draft.messageId)).message;
  expect((await getConversation(scene.client, conversationId ?? '')).messages.map(({ kind }) => kind)).toEqual(['referral']);
  expect(await codeOf(readMessageContent(scene.client, draft.messageId))).toEqual(['message.not_found']);
  await releaseDraft(scene.attorney, draft.messageId, { body: update('A new caseworker is in charge.', 'Hay una nueva persona encargada del asunto.') });
  expect(await scene.work()).toEqual([]);
  expect((await getConversation(scene.client, conversationId ?? '')).messages.map(({ kind, state }) => [kind, state]).sort()).toEqual([['informationUpdate', 'delivered'], ['referral', 'delivered']]);
  expect(await codeOf(discardDraft(scene.attorney, draft.messageId))).toEqual(['message.no_draft']);
  // Saying it was the step: the clock of new information has stopped.
  expect((await getReferral(scene.operator, referralId)).moves.at(-1)?.move).toBe('pass_on');
});

it('what tells where a protected person lives does not leave, and own words about such a case wait for an attorney', async () => {
  const base = aFamily('IM-9', ['Ramiro Cota Beltrán', 'Silvia Madrid Lugo', 'Iván Cota Madrid']);
  const protectedCase = {
    ...base, participants: base.participants.map((one) => (one.role === 'obligee'
      ? { ...one, nondisclosure: { basis: 'family_violence_indicator', on: '2026-01-05' }, residence: { country: 'US', lines: ['77 Hidden Creek Lane'], locality: 'Brawley', region: 'CA', postalCode: '92227', source: 'party' } } : one)),
  };
  await scene.bring(protectedCase as never);
  const { referralId } = await receiveReferral(scene.operator, { caseId: 'IM-9', partnerId: CALEXICO, services: ['enforce'] });
  const telling = sendMessage(scene.attorney, { referralId, kind: 'informationUpdate', body: update('She moved to Hidden Creek Lane in Brawley.', 'Se mudó a Hidden Creek Lane, en Brawley.') });
  expect((await codeOf(telling))[0]).toBe('message.tells_protected');
  const supervisor = scene.ctxOf({ id: 'usr_supervisor', roles: ['supervisor'] });
  const waiting = await sendMessage(supervisor, { referralId, kind: 'informationUpdate', body: update('The hearing was moved.', 'Se cambió la fecha de la audiencia.') });
  expect(waiting.state).toBe('draft');
  expect(await codeOf(releaseDraft(supervisor, waiting.messageId))).toEqual(['message.review_needed']);
  expect(await releaseDraft(scene.attorney, waiting.messageId)).toMatchObject({ state: 'queued' });
});

it('a withdrawal of ours is told, and the telling is the step that the law counts', async () => {
  const { referralId } = await scene.sent('IM-2', ['locate']);
  await moveReferral(scene.attorney, referralId, 'withdraw', { reason: 'case_closed' });
  expect(await scene.work()).toEqual([]);
  const { items } = await listOutbox(scene.client, { partnerId: CALEXICO });
  expect(items.map(({ kind }) => kind)).toContain('withdrawal');
});
