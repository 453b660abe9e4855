import { listDocumentRequests, receiveMessage, sendMessage } from '../../../src/modules/exchange/index.ts';
import { acceptIncoming, getReferral, listIncoming, listQueue, moveReferral } from '../../../src/modules/referrals/index.ts';
import { getCase } from '../../../src/modules/cases/index.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { CALEXICO, exchangeScene, fromConsulate, nextId } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';
import { jobsRun } from '../../support/exchange-inquiries/work.ts';
import { behindTheWall } from '../../support/database.ts';
import { partnerMessage } from '../../support/referrals-incoming/messages.ts';
import { packetId } from '../../support/referrals-incoming/scene.ts';
import { aKoreanCase } from '../../support/referrals/packets.ts';

let scene: ExchangeScene;
beforeAll(async () => {
  scene = await exchangeScene();
  await scene.bring(aKoreanCase({ caseId: 'KR-1', partnerCaseNumbers: [] }));
  await jobsRun(scene.operator);
});

const running = async (referralId: string): Promise<Record<string, string>> => {
  const { clocks } = await getReferral(scene.operator, referralId);
  return Object.fromEntries(clocks.filter(({ stoppedOn }) => stoppedOn === null).map(({ clock, dueOn }) => [clock, dueOn]));
};

describe('KCSA asks', () => {
  it('its request becomes a referral with its own clocks, its number is learned, and its questions and news run on time', async () => {
    const kcsa = scene.ctxOf({ kind: 'user', id: 'usr_kcsa', roles: ['partner_officer'], partner: 'kr-kcsa' });
    const xml = partnerMessage(aKoreanCase({ caseId: 'X-1' }), { packetId: packetId(), partnerId: 'kr-kcsa', theirNumber: '이행-2026-000123', services: ['enforce'] }).toString('utf8').replace('country="MX"', 'country="KR"');
    const received = await receiveMessage(kcsa, { partnerId: 'kr-kcsa', channel: 'api', source: Buffer.from(xml, 'utf8') });
    expect(received).toMatchObject({ state: 'stored', kind: 'referral' });
    expect(await jobsRun(scene.operator)).toEqual([]);

    // Before anybody has tied it, the day of acknowledging it stands in the list and in the queue: 10 working days.
    const [incoming] = (await listIncoming(scene.operator, { partnerId: 'kr-kcsa' })).rows;
    expect(incoming).toMatchObject({ receivedOn: '2026-11-20', decideBy: '2026-12-08', proposal: 'case' });
    expect((await listQueue(scene.operator, { pageSize: 200 })).rows).toContainEqual(expect.objectContaining({ kind: 'incoming_packet', subjectId: incoming?.incomingId, reason: 'registry.intake', dueOn: '2026-12-08' }));

    // Tied four days later, its clocks count from the day of receipt.
    const later = { ...scene.attorney, clock: fixedClock('2026-11-24T18:00:00Z') };
    const { referralId } = await acceptIncoming(later, incoming?.incomingId ?? '', { caseId: 'KR-1' });
    expect(await running(referralId)).toEqual({ 'registry.intake': '2026-12-08', 'case.open': '2026-12-10' });
    expect((await getCase(scene.operator, 'KR-1')).partnerCaseNumbers).toEqual([{ partner: 'kr-kcsa', value: '이행-2026-000123' }]);
    await moveReferral(later, referralId, 'accept');
    expect(await running(referralId)).toMatchObject({ 'responding.work': '2027-02-07', 'enforce.act': expect.any(String) });
    expect(Object.keys(await running(referralId))).not.toContain('registry.intake');
    await moveReferral(later, referralId, 'learn');
    await moveReferral(later, referralId, 'ask');
    expect(await running(referralId)).toMatchObject({ 'information.notify': '2026-12-10', 'status.answer': '2026-12-03' });
    await moveReferral(later, referralId, 'tell');
    await moveReferral(later, referralId, 'pass_on');
    expect(Object.keys(await running(referralId))).not.toEqual(expect.arrayContaining(['status.answer']));
  });
});

describe('papers of a consulate', () => {
  const enclosure = { attachmentId: 'a1', kind: 'birth_certificate', fileName: 'acta.pdf', mediaType: 'application/pdf', byteCount: 1024, sha256: 'a'.repeat(64), pages: 1 };
  const papers = (requestId: string | null, more: Record<string, unknown> = {}) => ({ documentResponse: { ...(requestId === null ? {} : { requestId }), document: [{ kind: 'birth_certificate', of: 'p3', attachment: [enclosure] }], ...more } });
  const conversationOf = async (messageId: string) => (await behindTheWall<{ wire: string; id: string }>(
    scene.db, 'select c.wire_id as wire, c.conversation_id as id from exchange_messages m join exchange_conversations c on c.conversation_id = m.conversation_id where m.message_id = $1', [messageId]))[0];

  it('that were asked for come with the id echoed, and close the request piece by piece', async () => {
    const { referralId } = await scene.sent();
    await jobsRun(scene.operator);
    const { messageId } = await sendMessage(scene.operator, { referralId, kind: 'documentRequest', body: { requestId: 'dr-7', neededBy: '2026-12-20', document: [{ kind: 'birth_certificate', of: 'p3' }, { kind: 'order', of: 'p1' }] } });
    await jobsRun(scene.operator);
    const conversation = await conversationOf(messageId);
    const standing = async () => (await listDocumentRequests(scene.operator, conversation?.id ?? '')).map(({ requestId, missing, isClosed, by }) => [requestId, by, missing.map(({ kind }) => kind), isClosed]);
    expect(await standing()).toEqual([['dr-7', 'us', ['birth_certificate', 'order'], false]]);
    // It names no message that it answers: the id alone ties it.
    const first = await scene.say(fromConsulate(papers('dr-7'), { conversation: conversation?.wire }));
    expect(first.findings).toEqual([]);
    await jobsRun(scene.operator);
    expect(await standing()).toEqual([['dr-7', 'us', ['order'], false]]);
    expect(await behindTheWall(scene.db, 'select in_reply_to as "to" from exchange_messages where message_id = $1', [first.messageId])).toEqual([{ to: messageId }]);
    // A person reads what came; the queue has it with its case.
    expect((await listQueue(scene.operator, { pageSize: 200 })).rows).toContainEqual(expect.objectContaining({ kind: 'exchange_parked', subjectId: first.messageId, caseId: 'IM-1', reason: 'exchange.task_read_documents' }));
    await scene.say(fromConsulate({ documentResponse: { requestId: 'dr-7', notAvailable: [{ kind: 'order', of: 'p1', reason: 'not_found' }] } }, { conversation: conversation?.wire, inReplyTo: messageId }));
    await jobsRun(scene.operator);
    expect(await standing()).toEqual([['dr-7', 'us', [], true]]);
  });

  it('that nobody asked for are filed to the referral that they name', async () => {
    const { referralId } = (await behindTheWall<{ referralId: string }>(scene.db, `select referral_id as "referralId" from referrals where case_id = 'IM-1'`))[0] ?? { referralId: '' };
    const said = await scene.say(fromConsulate(papers(null), { conversation: nextId('conv'), referralId }));
    expect(said).toMatchObject({ state: 'stored', kind: 'documentResponse' });
    await jobsRun(scene.operator);
    expect(await behindTheWall(scene.db, 'select c.referral_id as "referralId" from exchange_messages m join exchange_conversations c on c.conversation_id = m.conversation_id where m.message_id = $1', [said.messageId])).toEqual([{ referralId }]);
    expect((await listQueue(scene.operator, { pageSize: 200 })).rows).toContainEqual(expect.objectContaining({ subjectId: said.messageId, partnerId: CALEXICO, caseId: 'IM-1' }));
  });
});
