import { conversationOfReferral, getReminder, listReminders, remind, sendMessage, sendReminder } from '../../src/modules/exchange/index.ts';
import { buildPacket, createReferral, getReferral, moveReferral, sendReferral } from '../../src/modules/referrals/index.ts';
import { testDatabase } from '../support/database.ts';
import type { Consulate, Listed, Parts } from '../support/exchange/consulate.ts';
import { bring, LOS_ANGELES, officerOf, partnerOf, provenBy, provenContainer, renewed } from '../support/exchange/journey.ts';
import { wholeApp } from '../support/exchange/whole-app.ts';
import type { WholeApp } from '../support/exchange/whole-app.ts';
import { aFamily } from '../support/referrals-incoming/scene.ts';
import { aMexicanCase } from '../support/referrals/packets.ts';

let app: WholeApp;
let consulate: Consulate;
beforeAll(async () => {
  app = await wholeApp(await testDatabase());
  await bring(app, aMexicanCase({ caseId: 'LA-1', county: '06037', partnerCaseNumbers: [] }), aFamily('LA-2', ['Teófilo Barragán Quijano', 'Yolanda Iturbide Salcido', 'Fabián Barragán Iturbide'], { county: '06037' }));
  consulate = await partnerOf(app, { partnerId: LOS_ANGELES, country: 'MX', name: 'Consulado General de México en Los Ángeles', fileNumber: 'CLA/2026/0117', county: '06037' });
}, 120_000);
afterAll(async () => {
  await consulate.leave();
  await app.close();
});

const certificate = (): string => app.ctx.keys.signing?.certificatePem ?? '';
const to = (fileNumber: string): Parts => ({ to: { county: '06037', fileNumber, name: [{ lang: 'en', value: 'County' }] } });

/** Says it, has the receipt verified by openssl, and lets the county do its work. */
async function tell(message: Parts, form: 'json' | 'xml' | 'windows-1252' = 'json'): Promise<void> {
  const answer = await consulate.say(message, form);
  expect({ status: answer.status, errors: answer.body.errors ?? [] }).toEqual({ status: 201, errors: [] });
  expect(provenBy(Buffer.from(answer.body.receipt?.signed ?? '', 'base64'), certificate())).toMatchObject({ stage: 'submitted', partner: LOS_ANGELES, messageId: message['messageId'] });
  expect(await app.work()).toEqual([]);
}

async function sent(caseId: string): Promise<string> {
  const { referralId } = await createReferral(app.ctx, { caseId, partnerId: LOS_ANGELES, services: ['enforce'] });
  await buildPacket(app.ctx, referralId);
  await sendReferral(app.ctx, referralId);
  expect(await app.work()).toEqual([]);
  return referralId;
}

/** The newest that lies ready of a kind. */
async function ready(kind: string): Promise<Listed> {
  const found = (await consulate.all('/messages')).filter((one) => one.kind === kind).at(-1);
  if (!found) throw new Error(`no ${kind} lies ready`);
  return found;
}

it('a request goes the whole way to an office of a Mexican state and comes back answered; everything is proven and on one timeline', async () => {
  const referralId = await sent('LA-1');

  // It is fetched, and verified by nobody but openssl.
  const packet = await ready('referral');
  const { bytes } = await consulate.get(`/messages/${packet.id}/file`);
  expect((await provenContainer(bytes, certificate())).filter((name) => /^message\.xml$|\.pdf$/.test(name)).length).toBeGreaterThan(1);
  expect(await app.work()).toEqual([]);
  expect((await getReferral(app.ctx, referralId)).status).toBe('delivered');
  const about = { conversation: packet.conversation, inReplyTo: packet.id, ...to('LA-1') };

  // Something is missing; the county supplies it.
  app.turnTo('2026-11-23T18:00:00Z');
  await tell(consulate.message({ acknowledgment: { status: 'missing_items', receivedOn: '2026-11-20', missing: [{ code: 'order_copy_missing' }] } }, about), 'windows-1252');
  expect((await getReferral(app.ctx, referralId)).status).toBe('incomplete');
  app.turnTo('2026-11-24T18:00:00Z');
  await sendMessage(app.ctx, { referralId, kind: 'documentResponse', body: { document: [{ kind: 'certified_order', attachment: [{ attachmentId: 'a1', kind: 'certified_order', fileName: 'order.pdf', mediaType: 'application/pdf', byteCount: 1024, sha256: 'a'.repeat(64), pages: 3 }] }] } });
  expect(await app.work()).toEqual([]);
  expect((await getReferral(app.ctx, referralId)).status).toBe('delivered');
  expect((await consulate.get(`/messages/${(await ready('documentResponse')).id}`, { accept: 'application/xml' })).bytes.toString('utf8')).toContain('kind="certified_order"');

  // The consulate relays it to the SRE, the SRE to the office of the state, and that one accepts; each with its own number.
  app.turnTo('2026-11-25T18:00:00Z');
  const SRE = [{ lang: 'es-MX', value: 'Secretaría de Relaciones Exteriores' }];
  await tell(consulate.message({ acknowledgment: { status: 'forwarded', receivedOn: '2026-11-20', forwardedTo: { partnerId: 'mx-sre', fileNumber: 'DGPAC/2026/311', forwardedOn: '2026-11-25', name: SRE } } }, about), 'xml');
  expect((await getReferral(app.ctx, referralId)).clocks.find(({ clock }) => clock === 'referral.send')).toMatchObject({ stoppedOn: '2026-11-25', stoppedBy: 'forward' });
  app.turnTo('2026-12-02T18:00:00Z');
  await tell(consulate.message({ acknowledgment: { status: 'complete', receivedOn: '2026-11-25' } }, {
    ...about, sentAt: '2026-12-02T15:00:00Z', from: { partnerId: 'mx-sre', country: 'MX', fileNumber: 'DGPAC/2026/311', name: SRE },
    via: [{ hop: 'state_office', relayedAt: '2026-12-02T16:00:00Z', fileNumber: 'DIF-JAL-77', name: [{ lang: 'es-MX', value: 'DIF Jalisco' }] }, { partnerId: LOS_ANGELES, relayedAt: '2026-12-02T17:00:00Z', name: [{ lang: 'es-MX', value: 'Consulado' }] }],
  }));
  expect((await getReferral(app.ctx, referralId)).status).toBe('accepted');

  // It reports, asks for a paper, and gets it under the number of its own question.
  app.turnTo('2026-12-10T18:00:00Z');
  await tell(consulate.message({ statusReport: { state: 'in_progress', asOf: '2026-12-09', milestone: [{ kind: 'located', on: '2026-12-08' }] } }, about));
  await tell(consulate.message({ documentRequest: { requestId: 'OF-4471', document: [{ kind: 'birth_certificate' }] } }, { ...about, inReplyTo: packet.id }));
  const asked = (await conversationOfReferral(app.ctx, referralId))?.messages.findLast(({ kind }) => kind === 'documentRequest');
  await sendMessage(app.ctx, { referralId, kind: 'documentResponse', inReplyTo: asked?.messageId ?? '', body: { requestId: 'OF-4471', notAvailable: [{ kind: 'birth_certificate', reason: 'not_found' }] } });
  expect(await app.work()).toEqual([]);
  const response = await ready('documentResponse');
  expect((await consulate.get(`/messages/${response.id}`)).body).toMatchObject({ inReplyTo: asked?.senderMessageId, documentResponse: { requestId: 'OF-4471' } });
  expect((await getReferral(app.ctx, referralId)).clocks.filter(({ clock, stoppedOn }) => clock === 'information.answer' && stoppedOn === null)).toEqual([]);

  // The consulate asks how the case stands; the county answers, closes, and says why.
  await tell(consulate.message({ statusRequest: { question: ['progress'] } }, about));
  await moveReferral(app.ctx, referralId, 'close', { reason: 'case_closed' });
  await moveReferral(app.ctx, referralId, 'tell_closure');
  expect(await app.work()).toEqual([]);
  expect((await consulate.get(`/messages/${(await ready('closureNotice')).id}`)).body).toMatchObject({ closureNotice: { closedOn: '2026-12-10' }, to: { fileNumber: 'CLA/2026/0117' }, from: { fileNumber: 'LA-1' } });

  const view = await conversationOfReferral(app.ctx, referralId);
  expect(view?.hops.map(({ hop, fileNumber }) => [hop, fileNumber]).sort()).toEqual([['mx-sre', 'DGPAC/2026/311'], ['state_office', 'DIF-JAL-77']]);
  expect(view?.messages.map(({ direction, kind }) => `${direction} ${kind}`)).toEqual([
    'out referral', 'in acknowledgment', 'out documentResponse', 'in acknowledgment', 'in acknowledgment', 'in statusReport', 'in documentRequest', 'out documentResponse', 'in statusRequest', 'out closureNotice',
  ]);
  for (const { kind, direction, receipts } of view?.messages ?? []) expect([kind, receipts.map(({ stage }) => stage)]).toEqual([kind, expect.arrayContaining([direction === 'in' ? 'submitted' : 'delivered'])]);
  expect(new Set(view?.timeline.map(({ what }) => what))).toEqual(new Set(['message', 'receipt', 'attempt', 'work', 'move', 'hop', 'clock']));
  expect([view?.ourFileNumber, view?.partnerFileNumber]).toEqual(['LA-1', 'CLA/2026/0117']);

  // The officer sees the same on the page.
  const officer = await officerOf(app, LOS_ANGELES);
  const page = await officer.get(`/conversations/${view?.conversationId}`);
  expect(page.status).toBe(200);
  for (const number of ['LA-1', 'CLA/2026/0117', 'DGPAC/2026/311', 'DIF-JAL-77']) expect(page.text).toContain(number);
  const shown = await consulate.get(`/conversations/${packet.conversation}`);
  expect((shown.body['messages'] as unknown[]).length).toBe(10);
}, 300_000);

it('nobody answers: a reminder, a second one, the supervisor; then the answer comes, and what was drafted ends', async () => {
  app.turnTo('2026-12-14T18:00:00Z');
  const referralId = await sent('LA-2');
  const packet = await ready('referral');
  await consulate.get(`/messages/${packet.id}/file`);
  expect(await app.work()).toEqual([]);
  const open = async (isEscalation = false) => (await listReminders(app.ctx, isEscalation ? { isEscalation } : {})).rows.filter((row) => row.referralId === referralId);
  const overdue = (await getReferral(app.ctx, referralId)).clocks.find(({ clock }) => clock === 'hague.acknowledge')?.dueOn ?? '';
  const days = (count: number): string => new Date(Date.parse(`${overdue}T20:00:00Z`) + count * 86_400_000).toISOString();
  app.turnTo(days(1));
  await remind(app.ctx);
  const [first] = await open();
  expect((await getReminder(app.ctx, first?.reminderId ?? '')).sentences.map(({ source, target }) => source !== '' && target !== '')).not.toContain(false);
  await sendReminder(app.ctx, first?.reminderId ?? '');
  expect(await app.work()).toEqual([]);
  expect((await consulate.get(`/messages/${(await ready('reminder')).id}`)).body).toMatchObject({ reminder: { count: 1 } });
  app.turnTo(days(15));
  await remind(app.ctx);
  expect(await open()).toMatchObject([{ position: 2, state: 'drafted' }]);
  app.turnTo(days(32));
  await remind(app.ctx);
  expect(await open(true)).toMatchObject([{ state: 'escalated' }]);
  await renewed(app, consulate);
  await tell(consulate.message({ acknowledgment: { status: 'complete', receivedOn: '2026-12-14' } }, { conversation: packet.conversation, inReplyTo: packet.id, ...to('LA-2') }));
  expect((await getReferral(app.ctx, referralId)).status).toBe('accepted');
  await remind(app.ctx);
  expect(await open()).toEqual([]);
}, 240_000);
