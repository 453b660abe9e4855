import iconv from 'iconv-lite';
import { buildPacket, createReferral, acceptIncoming, getReferral, listIncoming, sendReferral } from '../../src/modules/referrals/index.ts';
import { listParked } from '../../src/modules/exchange/index.ts';
import { behindTheWall, testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import type { Consulate } from '../support/exchange/consulate.ts';
import { bring, KCSA, partnerOf, provenBy, provenContainer } from '../support/exchange/journey.ts';
import { wholeApp } from '../support/exchange/whole-app.ts';
import type { WholeApp } from '../support/exchange/whole-app.ts';
import { partnerMessage } from '../support/referrals-incoming/messages.ts';
import { packetId } from '../support/referrals-incoming/scene.ts';
import { aKoreanCase } from '../support/referrals/packets.ts';

let db: TestDatabase;
let app: WholeApp;
let kcsa: Consulate;
beforeAll(async () => {
  db = await testDatabase();
  app = await wholeApp(db);
  await bring(app, aKoreanCase({ caseId: 'KR-1', partnerCaseNumbers: [] }));
  kcsa = await partnerOf(app, { partnerId: KCSA, country: 'KR', name: '양육비이행관리원', fileNumber: '이행-2026-000077', county: '06037' });
}, 120_000);
afterAll(async () => {
  await kcsa.leave();
  await app.close();
});

const certificate = (): string => app.ctx.keys.signing?.certificatePem ?? '';
const LIST = '접수번호,사건번호,채무자,채권자,금액,통화,환율,수수료,송금액,수납일,송금일,이체번호,비고\r\n'
  + '2026-0000001,KR-1,김선영,,135000,KRW,0.00074,0.00,99.90,2026-11-01,2026-11-10,TRKR0000001,11월분 양육비\r\n';

it('KCSA has nothing but SFTP, and misses nothing', async () => {
  const { referralId } = await createReferral(app.ctx, { caseId: 'KR-1', partnerId: KCSA, services: ['enforce'] });
  await buildPacket(app.ctx, referralId);
  await sendReferral(app.ctx, referralId, { approver: 'Dana Whitfield' });
  expect(await app.work()).toEqual([]);

  // It picks up the packet and acknowledges it by a file in its inbox, renamed when it is whole.
  const sftp = await kcsa.sftp();
  const [name] = (await sftp.list('/outbox')).filter((one) => one.endsWith('.asice'));
  expect(await provenContainer(await sftp.get(`/outbox/${name}`), certificate())).toEqual(expect.arrayContaining(['message.xml']));
  expect(await app.work()).toEqual([]);
  expect((await getReferral(app.ctx, referralId)).status).toBe('delivered');
  const acknowledgment = kcsa.message({ acknowledgment: { status: 'complete', receivedOn: '2026-11-20' } }, { conversation: 'KCSA-2026-77', referralId, inReplyTo: referralId, to: { county: '06037', fileNumber: 'KR-1', name: [{ lang: 'en', value: 'County' }] } });
  await sftp.put('/inbox/접수.xml.part', kcsa.written(acknowledgment, 'xml').bytes);
  await sftp.rename('/inbox/접수.xml.part', '/inbox/접수.xml');
  expect(provenBy(await sftp.get('/receipts/접수.xml.p7s'), certificate())).toMatchObject({ stage: 'submitted', kind: 'acknowledgment', fileNumbers: { partner: '이행-2026-000077' } });
  expect(await app.work()).toEqual([]);
  expect((await getReferral(app.ctx, referralId)).status).toBe('accepted');

  // It asks us something, too: a request of its own has its clocks from the day on which it came.
  const xml = partnerMessage(aKoreanCase({ caseId: 'X-1' }), { packetId: packetId(), partnerId: KCSA, theirNumber: '이행-2026-000123' }).toString('utf8').replace('country="MX"', 'country="KR"');
  await sftp.put('/inbox/의뢰.xml', Buffer.from(xml, 'utf8'));
  expect(await app.work()).toEqual([]);
  const [incoming] = (await listIncoming(app.ctx, { partnerId: KCSA })).rows;
  expect(incoming).toMatchObject({ receivedOn: '2026-11-20', decideBy: '2026-12-08' });
  const accepted = await acceptIncoming(app.ctx, incoming?.incomingId ?? '', { caseId: 'KR-1' });
  const clocks = (await getReferral(app.ctx, accepted.referralId)).clocks.filter(({ stoppedOn }) => stoppedOn === null).map(({ clock, dueOn }) => [clock, dueOn]);
  expect(Object.fromEntries(clocks)).toMatchObject({ 'registry.intake': '2026-12-08', 'case.open': '2026-12-10' });

  // Payments, in a file that a Windows in Seoul wrote under a name of its own.
  expect(await kcsa.putUnder(iconv.encode('송금_11월.csv', 'cp949'), iconv.encode(LIST, 'cp949'))).toBe(0);
  expect(await app.work()).toEqual([]);
  expect((await listParked(app.ctx)).rows.map(({ reasons }) => reasons)).toEqual([]);
  expect(await behindTheWall(db, 'select count(*)::int as n from payment_lines')).toEqual([{ n: 1 }]);

  // A message as a program of 1998 writes it.
  const question = kcsa.message({ statusRequest: { question: ['progress'] } }, { conversation: 'KCSA-Q-1', referralId: accepted.referralId, from: { partnerId: KCSA, country: 'KR', name: [{ lang: 'es', value: 'Señor Núñez' }] }, to: { county: '06037', fileNumber: 'KR-1', name: [{ lang: 'en', value: 'County' }] } });
  await sftp.put('/inbox/old.xml', kcsa.written(question, 'windows-1252').bytes);
  expect(await app.work()).toEqual([]);
  expect((await getReferral(app.ctx, accepted.referralId)).moves.at(-1)?.move).toBe('ask');
  expect((await listParked(app.ctx)).rows.map(({ reasons }) => reasons)).toEqual([]);
  expect(await behindTheWall(db, `select kind, state, channel from exchange_messages where direction = 'in' order by stored_at, message_id`)).toEqual([
    { kind: 'acknowledgment', state: 'stored', channel: 'sftp' }, { kind: 'referral', state: 'stored', channel: 'sftp' }, { kind: 'list', state: 'stored', channel: 'sftp' }, { kind: 'statusRequest', state: 'stored', channel: 'sftp' },
  ]);
}, 240_000);
