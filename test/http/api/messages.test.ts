import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { readReceipt } from '../../../src/modules/exchange/index.ts';
import { behindTheWall } from '../../support/database.ts';
import { offer } from '../../support/sftp/site.ts';
import { acknowledged, binary, CALEXICO, openApi, OTHER, statusRequest } from './api-site.ts';
import type { ApiClient, ApiSite } from './api-site.ts';

let site: ApiSite;
let client: ApiClient;
let offered: Awaited<ReturnType<ApiSite['offered']>>;
beforeAll(async () => {
  site = await openApi();
  client = await site.client();
  offered = await site.offered();
});

describe('a message that a partner says', () => {
  it('is kept and proven; said again, in either form, it gives the same receipt', async () => {
    const said = acknowledged({ referralId: offered.referralId, inReplyTo: offered.packetId, conversation: 'CLX-A' });
    const first = await client.post('/messages').send(said);
    expect(first.body).toMatchObject({ kind: 'acknowledgment', state: 'stored', alreadyReceived: false, findings: [] });
    expect(first.status).toBe(201);
    expect(first.headers['location']).toBe(`/api/v1/receipts/${first.body.receipt.id}`);
    const again = await client.post('/messages').send(said);
    expect(again.status).toBe(200);
    expect(again.body).toEqual({ ...first.body, alreadyReceived: true });
    const receipt = await client.get(`/receipts/${first.body.receipt.id}`).set('Accept', 'application/pkcs7-mime').buffer().parse(binary);
    expect(receipt.headers['content-type']).toContain('application/pkcs7-mime');
    expect(receipt.body.toString('base64')).toBe(first.body.receipt.signed);
    expect(Buffer.from((await readReceipt(site.scene.client, first.body.receipt.id)).signed).equals(receipt.body)).toBe(true);
  });

  it('under the same id with other content is refused, kept, and proven to be', async () => {
    const said = statusRequest({ messageId: 'CLX-SAME' });
    expect((await client.post('/messages').send(said)).status).toBe(201);
    const other = await client.post('/messages').send({ ...said, statusRequest: { since: '2026-01-01' } });
    expect(other.status).toBe(422);
    expect(other.body).toMatchObject({ type: '/api/v1/errors/refused', code: 'message.refused', errors: [{ code: 'message.id_reused', severity: 'block' }], received: { state: 'refused' } });
    expect(other.body.received.receipt.signed.length).toBeGreaterThan(500);
  });

  it.each([
    ['of another sender', { from: { partnerId: OTHER, country: 'KR', name: [{ lang: 'en', value: 'KCSA' }] } }, 'message.other_sender'],
    ['from the future', { sentAt: '2031-01-01T00:00:00Z' }, 'message.sent_ahead'],
  ])('%s is refused with the place', async (_what, changes, code) => {
    const answer = await client.post('/messages').send(statusRequest(changes));
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ code, pointer: expect.stringMatching(/^\//), detail: expect.stringMatching(/\S/) }));
  });

  it.each([
    ['of a version to come', JSON.stringify({ ...statusRequest(), version: '2.0' }), 'application/json'],
    ['with an entity bomb', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><message xmlns="urn:puente:message:v1">&b;</message>', 'application/xml'],
    ['nested without end', '['.repeat(100_000), 'application/json'],
    ['that is nothing', 'Good morning', 'application/xml'],
  ])('%s is kept and refused', async (_what, body, type) => {
    const answer = await client.post('/messages').set('Content-Type', type).send(body);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 422, code: 'message.refused' });
    expect(answer.body.received.receipt.id).toMatch(/^rct_/);
  });
});

describe('what lies ready for a partner', () => {
  it('is listed, fetched in either form, and proven to be fetched', async () => {
    const { body } = await client.get('/messages');
    const item = body.items.find(({ id }: { id: string }) => id === offered.messageId);
    expect(item).toMatchObject({ kind: 'referral', state: 'delivered', hasFile: true });
    const file = await client.get(`/messages/${offered.messageId}/file`).buffer().parse(binary);
    expect(file.status).toBe(200);
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="msg_\w+\.asice"$/);
    expect(file.body.subarray(0, 2).toString()).toBe('PK');
    const listed = await client.get('/messages');
    expect(listed.body.items.find(({ id }: { id: string }) => id === offered.messageId).state).toBe('retrieved');
    const receipts = await client.get('/receipts');
    expect(receipts.body.items.filter(({ messageId }: { messageId: string }) => messageId === offered.messageId).map(({ stage }: { stage: string }) => stage)).toContain('retrieved');
    await client.get(`/receipts/${receipts.body.items[0].id}`);
    for (const list of ['messages', 'conversations', 'referrals', 'inquiries']) expect([list, (await client.get(`/${list}`)).status]).toEqual([list, 200]);
    const told = await behindTheWall<{ id: string }>(site.scene.db, "select distinct subject_id as id from audit_events where action = 'list.shown' and actor_kind = 'client' union select details ->> 'form' from audit_events where action = 'message.read'");
    expect(told.map(({ id }) => id)).toEqual(expect.arrayContaining(['api-messages', 'api-receipts', 'api-referrals', 'receipt']));
  });

  it('comes as XML or as JSON, as the caller prefers', async () => {
    const messageId = await site.asked(offered.referralId);
    const json = await client.get(`/messages/${messageId}`);
    expect(json.headers['content-type']).toContain('application/json');
    expect(json.body).toMatchObject({ messageId, to: { partnerId: CALEXICO }, statusRequest: {} });
    const xml = await client.get(`/messages/${messageId}`).set('Accept', 'application/xml');
    expect(xml.headers['content-type']).toContain('application/xml');
    expect(xml.text).toContain(`messageId="${messageId}"`);
    expect((await client.get(`/messages/${messageId}`).set('If-None-Match', json.headers['etag'] as string)).status).toBe(304);
    expect((await client.get(`/messages/${messageId}`).set('Accept', 'image/png')).body).toMatchObject({ status: 406, code: 'api.not_acceptable' });
  });

  it('is not fetched by whoever asks for the headers alone', async () => {
    const messageId = await site.asked(offered.referralId);
    const stateOf = async (): Promise<string> => (await client.get('/messages')).body.items.find(({ id }: { id: string }) => id === messageId).state;
    const head = await supertest(site.app).head(`/api/v1/messages/${messageId}`).set('Authorization', `Bearer ${client.secret}`);
    expect([head.status, await stateOf()]).toEqual([200, 'delivered']);
    expect((await client.post(`/messages/${messageId}/retrieval`)).status).toBe(204);
    expect((await client.post(`/messages/${messageId}/retrieval`)).status).toBe(204);
    expect(await stateOf()).toBe('retrieved');
  });

  it('comes in parts that make the whole', async () => {
    const at = `/messages/${offered.messageId}/file`;
    const whole = await client.get(at).buffer().parse(binary);
    const half = Math.floor(whole.body.length / 2);
    const first = await client.get(at).set('Range', `bytes=0-${half - 1}`).buffer().parse(binary);
    const rest = await client.get(at).set('Range', `bytes=${half}-`).set('If-Range', whole.headers['etag'] as string).buffer().parse(binary);
    expect([first.status, rest.status]).toEqual([206, 206]);
    expect(rest.headers['content-range']).toBe(`bytes ${half}-${whole.body.length - 1}/${whole.body.length}`);
    const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    expect(digest(Buffer.concat([first.body, rest.body]))).toBe(digest(whole.body));
    const beyond = await client.get(at).set('Range', `bytes=${whole.body.length}-`);
    expect([beyond.status, beyond.headers['content-range'], beyond.body.code]).toEqual([416, `bytes */${whole.body.length}`, 'api.range']);
    expect((await client.get(at).set('If-None-Match', whole.headers['etag'] as string)).status).toBe(304);
  });

  it('is never held as a whole, however large it is: whoever does not read on holds up nothing but itself', async () => {
    const bytes = Buffer.alloc(48 * 1024 * 1024);
    for (let at = 0; at < bytes.length; at += 4096) bytes.writeUInt32LE(at, at);
    const { messageId } = await offer(site.scene, { file: bytes });
    const server = site.app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const ask = async (headers: Record<string, string> = {}): Promise<IncomingMessage> => {
      const [response] = await once(request({ port, path: `/api/v1/messages/${messageId}/file`, headers: { Authorization: `Bearer ${client.secret}`, ...headers } }).end(), 'response') as [IncomingMessage];
      return response;
    };
    const before = process.memoryUsage().arrayBuffers;
    const slow = await ask();
    expect([slow.statusCode, Number(slow.headers['content-length'])]).toEqual([200, bytes.length]);
    const end = await ask({ Range: 'bytes=-4096' });
    expect(Buffer.concat(await end.toArray() as Buffer[]).equals(bytes.subarray(-4096))).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(bytes.length / 4);
    const whole = createHash('sha256');
    for await (const piece of slow) whole.update(piece as Buffer);
    expect(whole.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    server.close();
  });

  it('is nobody else’s: another partner’s message, receipt, conversation and referral are not there', async () => {
    const other = await site.client({ partnerId: OTHER });
    const receipt = (await client.get('/receipts')).body.items[0].id;
    const conversation = (await client.get('/conversations')).body.items[0].id;
    for (const path of [`/messages/${offered.messageId}`, `/messages/${offered.messageId}/file`, `/receipts/${receipt}`, `/conversations/${conversation}`, `/referrals/${offered.referralId}`]) {
      const answer = await other.get(path);
      expect({ path, status: answer.status, type: answer.body.type }).toEqual({ path, status: 404, type: '/api/v1/errors/not-found' });
      expect(JSON.stringify(answer.body)).not.toContain(CALEXICO);
    }
    expect((await other.post(`/messages/${offered.messageId}/retrieval`)).status).toBe(404);
    for (const path of ['/messages', '/receipts', '/conversations', '/referrals', '/inquiries']) expect((await other.get(path)).body).toEqual({ items: [], next: null });
  });

  it('is told of as a conversation and as a referral', async () => {
    const conversations = await client.get('/conversations');
    const [id] = conversations.body.items.filter(({ referralId }: { referralId: string | null }) => referralId === offered.referralId).map((one: { id: string }) => one.id);
    const conversation = await client.get(`/conversations/${id}`);
    expect(conversation.body.messages).toEqual(expect.arrayContaining([expect.objectContaining({ direction: 'to_you', kind: 'referral' }), expect.objectContaining({ direction: 'from_you', kind: 'acknowledgment' })]));
    const referral = await client.get(`/referrals/${offered.referralId}`);
    expect(referral.body).toMatchObject({ id: offered.referralId, direction: 'to_you', services: ['enforce'], packetId: offered.packetId, isWithdrawn: false });
    expect((await client.get('/referrals')).body.items).toHaveLength(1);
  });

  it('is paged by cursors that are nobody’s to make', async () => {
    const all = (await client.get('/receipts')).body.items.map(({ id }: { id: string }) => id);
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const page: { body: { items: { id: string }[]; next: string | null } } = await client.get(`/receipts?limit=2${next === null ? '' : `&after=${next}`}`);
      seen.push(...page.body.items.map(({ id }) => id));
      ({ next } = page.body);
    } while (next !== null);
    expect(seen).toEqual(all);
    expect((await client.get('/receipts?after=bm9uc2Vuc2U')).body).toMatchObject({ status: 400, code: 'api.cursor_unknown' });
  });
});

it('a packet has a cover beside it, which says what it belongs to and proves nothing', async () => {
  const { messageId } = await site.offered('IM-2');
  const { body } = await client.get('/messages');
  const item = body.items.find(({ id }: { id: string }) => id === messageId);
  expect(item).toMatchObject({ serial: expect.stringMatching(/^\d{12}$/), code: 'ENF R ERALL', hasMessage: true, hasFile: true });
  const cover = await client.get(`/messages/${item.id}`);
  expect(cover.status).toBe(200);
  expect(cover.body).toMatchObject({
    kind: 'referral', messageId: item.id, serial: item.serial, conversation: item.conversation, function: 'ENF', action: 'R', reason: 'ERALL', referralId: expect.stringMatching(/^ref_/),
    packetId: expect.stringMatching(/^pkt_/), from: { county: '06025', fileNumber: item.agencyFileNumber }, to: { partnerId: CALEXICO }, packet: { isEncrypted: false },
  });
  const xml = await client.get(`/messages/${item.id}`).set('Accept', 'application/xml');
  for (const told of [item.serial, cover.body.packetId, cover.body.packet.sha256, 'urn:puente:packet-cover:v1']) expect(xml.text).toContain(`"${told}"`);
  expect((await client.get('/messages')).body.items.find(({ id }: { id: string }) => id === item.id).state).toBe('delivered');
  const file = await client.get(`/messages/${item.id}/file`).buffer().parse(binary);
  expect(createHash('sha256').update(file.body).digest('hex')).toBe(cover.body.packet.sha256);
  expect((await client.get('/messages')).body.items.find(({ id }: { id: string }) => id === item.id).state).toBe('retrieved');
});
