import { deliverMessage, deliveryOf, findByReference, listDispatches, listSignedReceipts, printMessageSheet, recordDispatch, recordReturn } from '../../../src/modules/exchange/index.ts';
import { getIncoming, listSent, receivePacket } from '../../../src/modules/referrals/index.ts';
import { referenceText, typedReference } from '../../../src/modules/referrals/printing/reference.rules.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { readKeptFile } from '../../../src/platform/files.ts';
import { readCodes } from '../../../src/platform/scan/read-codes.ts';
import { behindTheWall } from '../../support/database.ts';
import { aQueuedMessage, at } from '../../support/exchange/outgoing.ts';
import { CALEXICO, exchangeScene } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';
import { aScan, aScannedPdf } from '../../support/exchange/scans.ts';
import { readPdf } from '../../support/referrals/pdf-text.ts';
import { codeOf, codesOf } from '../../support/referrals-incoming/scene.ts';
import { aPackedBomb, aPaper, aPng } from '../../support/referrals/paper-files.ts';

let scene: ExchangeScene;
let packet: { packetId: string; referralId: string; sha256: string };
beforeAll(async () => {
  scene = await exchangeScene();
  const sent = await scene.sent('IM-1');
  const [row] = await behindTheWall<{ sha256: string }>(scene.db, 'select sha256 from packets where packet_id = $1', [sent.packetId]);
  packet = { ...sent, sha256: row?.sha256 ?? '' };
});

const textOf = async (pdf: Uint8Array): Promise<string> => (await readPdf(pdf)).pages.join(' ').replace(/\s+/g, ' ');
const codeOfPacket = (): string => referenceText({ packetId: packet.packetId, set: 1, digestPrefix: packet.sha256.slice(0, 8) });

describe('papers that come back scanned', () => {
  it.each(['png', 'pdf'] as const)('find their referral by the code on the sheet (%s), as a proposal for a person', async (form) => {
    const bytes = form === 'png' ? aScan(codeOfPacket()) : await aScannedPdf(['https://example.org/poster', codeOfPacket()]);
    const received = await scene.receive(bytes, { fileName: `scan.${form}` });
    expect(codesOf(received.findings)).toContain('incoming.reference_scanned');
    // A note for whoever ties papers to a case, and no business of the sender's.
    const sent = (await listSent(scene.officer)).rows.find(({ incomingId }) => incomingId === received.incomingId);
    expect(sent?.findings).toEqual([]);
    const shown = await getIncoming(scene.attorney, received.incomingId);
    expect(shown).toMatchObject({ state: 'proposed', cover: { reference: codeOfPacket() }, proposal: { kind: 'referral', referralId: packet.referralId, caseId: 'IM-1', reason: 'reference' } });
  });

  it('keep what somebody typed, and are nobody’s where two packets’ sheets are among them', async () => {
    const typed = await scene.receive(await aScannedPdf([codeOfPacket(), codeOfPacket()]), { cover: { reference: 'typed by hand', fileNumber: 'CLX/1' } });
    expect((await getIncoming(scene.attorney, typed.incomingId)).cover?.reference).toBe('typed by hand');
    const other = referenceText({ packetId: 'pkt_01K0000000000000000000000B', set: 1, digestPrefix: 'abcd1234' });
    const both = await scene.receive(await aScannedPdf([codeOfPacket(), other]));
    expect(codesOf(both.findings)).toContain('incoming.references_differ');
    expect((await getIncoming(scene.attorney, both.incomingId)).state).toBe('filed');
  });

  it('are read in bounded time and memory, whatever they are', async () => {
    const files = [Buffer.alloc(0), Buffer.from('%PDF-1.7 nothing'), aPng(), aPng(30_000, 30_000, Buffer.alloc(10)), aPng(60_000, 60_000, Buffer.alloc(50_000_000)), aPackedBomb(300_000_000), await aPaper(), Buffer.alloc(2_000_000, 0xff), Buffer.from('\x89PNG\r\n\x1a\n')];
    for (const file of files) expect(await readCodes(file)).toEqual([]);
    expect(await readCodes(aScan('PUENTE:X'))).toEqual(['PUENTE:X']);
  });
});

describe('the sheet of a message', () => {
  it('carries the code of the packet where the request has one, and both sides’ file numbers', async () => {
    const [row] = await behindTheWall<{ id: string }>(scene.db, `select message_id as id from exchange_messages m join exchange_conversations c using (agency_id, conversation_id) where c.referral_id = $1 and direction = 'out' limit 1`, [packet.referralId]);
    const messageId = row?.id ?? (await messageOfRequest());
    const sheet = await printMessageSheet(scene.operator, messageId);
    const text = await textOf(sheet.bytes);
    expect(text).toContain('Reference sheet');
    expect(text).toContain('Hoja de referencia');
    for (const office of ['County of Imperial, Department of Child Support Services', 'Condado de Imperial, Departamento']) expect(text.replace(/\s+/g, ' ')).toContain(office);
    expect(text).toContain(messageId);
    expect(text).toContain(typedReference({ packetId: packet.packetId, set: 1, digestPrefix: packet.sha256.slice(0, 8) }));
    expect(await findByReference(scene.operator, codeOfPacket())).toMatchObject({ packetId: packet.packetId, referralId: packet.referralId });
  });

  const messageOfRequest = async (): Promise<string> => {
    await scene.work();
    const [row] = await behindTheWall<{ id: string }>(scene.db, `select message_id as id from exchange_messages where direction = 'out' and conversation_id is not null limit 1`);
    return row?.id ?? '';
  };

  it('carries its own code where there is no packet, which leads back to it and to no other content', async () => {
    const messageId = await aQueuedMessage(scene.operator);
    const text = await textOf((await printMessageSheet(scene.operator, messageId, 'a4')).bytes);
    const [row] = await behindTheWall<{ d: string }>(scene.db, 'select content_sha256 as d from exchange_messages where message_id = $1', [messageId]);
    const reference = { packetId: `pkt_${messageId.slice(4)}`, set: 1, digestPrefix: row?.d.slice(0, 8) ?? '' };
    expect(text).toContain(typedReference(reference));
    expect(await findByReference(scene.operator, typedReference(reference))).toMatchObject({ messageId, packetId: null, findings: [] });
    expect(codesOf((await findByReference(scene.operator, referenceText({ ...reference, digestPrefix: '00000000' }))).findings)).toEqual(['paper.reference_other_content']);
    expect(await codeOf(findByReference(scene.officer, referenceText(reference)))).toEqual(['access.forbidden']);
    expect(await codeOf(printMessageSheet(scene.operator, 'msg_01K0000000000000000000000A'))).toEqual(['message.not_found']);
  });
});

describe('papers by courier', () => {
  const DHL = { courier: 'DHL Express', trackingNumber: 'jd01 4600 0123', dispatchedOn: '2026-11-19' };

  it('are proven by the courier’s number, once, and then by the proof of delivery with its scan', async () => {
    const messageId = await aQueuedMessage(scene.operator);
    await deliverMessage(scene.operator, messageId);
    const first = await recordDispatch(scene.operator, messageId, DHL);
    expect(await recordDispatch(scene.operator, messageId, { ...DHL, trackingNumber: 'JD0146000123' })).toEqual(first);
    const scan = aScan('PROOF');
    await recordReturn(at(scene.operator, '2026-11-25T18:00:00Z'), messageId, { returnedOn: '2026-11-24', scan });
    const [dispatch] = await listDispatches(scene.operator, messageId);
    expect(dispatch).toMatchObject({ courier: 'DHL Express', trackingNumber: 'JD0146000123', returnedOn: '2026-11-24' });
    expect((await inTransaction(scene.attorney, (tx) => readKeptFile(tx, dispatch?.returnFileId ?? ''))).equals(scan)).toBe(true);
    expect((await listSignedReceipts(scene.operator, { messageId })).map(({ stage, happenedAt }) => `${stage} ${happenedAt.toISOString()}`)).toEqual([
      'delivered 2026-11-20T12:00:00.000Z', 'submitted 2026-11-19T20:00:00.000Z', 'retrieved 2026-11-24T20:00:00.000Z',
    ]);
    expect(await behindTheWall(scene.db, 'select state from exchange_messages where message_id = $1', [messageId])).toEqual([{ state: 'retrieved' }]);
    expect((await deliveryOf(scene.operator, messageId)).delivery?.waitUntil).toBeNull();
  });

  it.each([
    [{ courier: 'D\u0000L' }, 'paper.courier_invalid'], [{ trackingNumber: '<b>' }, 'paper.number_invalid'], [{ dispatchedOn: '2026-11-21' }, 'paper.day_invalid'],
    [{ dispatchedOn: '2026-02-30' }, 'paper.day_invalid'], [{ courier: '특송' }, 'paper.courier_invalid'],
  ])('are not recorded with %j', async (changes, code) => {
    const messageId = await aQueuedMessage(scene.operator);
    expect(await codeOf(recordDispatch(scene.operator, messageId, { ...DHL, ...changes }))).toEqual(['paper.dispatch_invalid', code]);
  });

  it('come back only after they went', async () => {
    const messageId = await aQueuedMessage(scene.operator);
    expect(await codeOf(recordReturn(scene.operator, messageId, { returnedOn: '2026-11-20' }))).toEqual(['paper.not_dispatched']);
    await recordDispatch(scene.operator, messageId, DHL);
    expect(await codeOf(recordReturn(scene.operator, messageId, { returnedOn: '2026-11-18' }))).toEqual(['paper.not_dispatched']);
    expect(await codeOf(recordReturn(scene.operator, messageId, { returnedOn: '2026-12-18' }))).toEqual(['paper.day_invalid']);
    expect(await codeOf(recordDispatch(scene.officer, messageId, DHL))).toEqual(['access.forbidden']);
  });
});

it('nothing was received twice by looking for codes', async () => {
  const bytes = aScan(codeOfPacket());
  const again = await receivePacket(scene.officer, { partnerId: CALEXICO, fileName: 'scan.png', source: bytes });
  expect(again.alreadyReceived).toBe(true);
});
