import { messageToXml, verifyReceipt } from '../../../src/modules/exchange/index.ts';
import type { Message } from '../../../src/modules/exchange/index.ts';
import { listIncoming } from '../../../src/modules/referrals/index.ts';
import { aReceiptOf } from '../../support/exchange/partner-receipts.ts';
import { partnerMessage, sealed } from '../../support/referrals-incoming/messages.ts';
import { packetId } from '../../support/referrals-incoming/scene.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import { openApi, OTHER, statusRequest } from './api-site.ts';
import type { ApiClient, ApiSite } from './api-site.ts';

let site: ApiSite;
let client: ApiClient;
let keys = 0;
beforeAll(async () => {
  site = await openApi();
  client = await site.client();
});

const put = (to: ApiClient, path: string, type: string, bytes: Buffer) => to.post(path).set('Content-Type', type).set('Idempotency-Key', `file-${++keys}`).send(bytes);

it('a sealed packet of a consulate or of KCSA becomes one that came in, with its receipt', async () => {
  const korean = await site.client({ partnerId: OTHER });
  for (const [who, partnerId, country] of [[client, 'mx-consulate-calexico', 'MX'], [korean, OTHER, 'KR']] as const) {
    const number = packetId();
    const xml = partnerMessage(aMexicanCase({ caseId: 'X-7' }), { packetId: number, partnerId }).toString('utf8').replace('country="MX"', `country="${country}"`);
    const answer = await put(who, '/files', 'application/vnd.etsi.asic-e+zip', sealed(Buffer.from(xml), site.scene.theirs.signer));
    expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ kind: 'packet', state: 'stored' })]);
    expect(verifyReceipt(Buffer.from(answer.body.receipt.signed, 'base64'), { now: site.ctx.clock.now() }).statement).toMatchObject({ stage: 'submitted', partner: partnerId, kind: 'packet' });
    expect(await site.scene.work()).toEqual([]);
    expect((await listIncoming(site.scene.operator)).rows.filter(({ senderPacketId }) => senderPacketId === number)).toMatchObject([{ partnerId, kind: 'container' }]);
  }
});

it('a message in Windows-1252 is the same as in JSON', async () => {
  const said = statusRequest();
  const text = messageToXml(said as unknown as Message).toString('utf8').replace(/^<\?xml[^>]*\?>/, '<?xml version="1.0" encoding="windows-1252"?>');
  const first = await put(client, '/messages', 'application/xml', Buffer.from(text, 'latin1'));
  const second = await client.post('/messages').send(said);
  expect([first.status, second.status, second.body]).toEqual([201, 200, { ...first.body, alreadyReceived: true }]);
});

describe('a receipt that the partner signed', () => {
  const armoured = (bytes: Buffer): Buffer => Buffer.from(`-----BEGIN CMS-----\n${bytes.toString('base64').replaceAll(/(.{64})/g, '$1\n').trimEnd()}\n-----END CMS-----\n`);

  it('is kept, in the conversation of the message that it is for, and verified', async () => {
    const { referralId } = await site.offered();
    const messageId = await site.asked(referralId);
    const { bytes } = await aReceiptOf(site.scene.db, messageId, site.ctx.clock.now());
    const first = await put(client, '/receipts', 'application/pkcs7-mime', bytes);
    expect([first.status, first.body]).toEqual([201, expect.objectContaining({ kind: 'receipt', state: 'stored', findings: [], conversation: expect.stringMatching(/./) })]);
    const again = await put(client, '/files', 'application/octet-stream', bytes);
    expect([again.status, again.body]).toEqual([200, { ...first.body, alreadyReceived: true }]);
    expect((await put(client, '/receipts', 'application/x-pem-file', armoured(bytes))).body).toMatchObject({ kind: 'receipt', state: 'stored', findings: [] });
    expect(await site.scene.work()).toEqual([]);
    expect(await site.scene.count(`partner_receipts where message_id = $1 and standing = 'intact'`, [messageId])).toBe(2);
    const conversation = await client.get(`/conversations/${first.body.conversation}`);
    expect(conversation.body.messages).toEqual(expect.arrayContaining([expect.objectContaining({ id: first.body.id, kind: 'receipt', direction: 'from_you' })]));
  });

  it('is kept and told of where it is for no message of ours, was changed, or is none', async () => {
    const messageId = await site.asked((await site.offered('IM-2')).referralId);
    const now = site.ctx.clock.now();
    const elsewhere = await aReceiptOf(site.scene.db, messageId, now, { contentSha256: 'a'.repeat(64) });
    const { bytes } = await aReceiptOf(site.scene.db, messageId, now);
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(changed.indexOf('"submitted"') + 1) ^ 1, changed.indexOf('"submitted"') + 1);
    const answers = [await put(client, '/receipts', 'application/pkcs7-mime', elsewhere.bytes), await put(client, '/receipts', 'application/pkcs7-mime', changed)];
    expect(answers.map(({ status, body }) => [status, body.findings[0]?.severity])).toEqual([[201, 'warn'], [201, 'warn']]);
    expect(answers[0]?.body.findings).toMatchObject([{ code: 'receipt.message_unknown', pointer: '/messageId' }]);
    expect(answers[1]?.body.conversation).toBe(null);
    const large = await put(client, '/receipts', 'application/pkcs7-mime', Buffer.concat([bytes, Buffer.alloc(70_000)]));
    expect([large.status, large.body.errors]).toEqual([422, [expect.objectContaining({ code: 'receipt.too_large' })]]);
    expect(await site.scene.work()).toEqual([]);
    expect(await site.scene.count(`partner_receipts where standing = 'unverified'`)).toBe(1);
    expect((await put(await site.client({ scopes: ['receipts:read'] }), '/receipts', 'application/pkcs7-mime', bytes)).status).toBe(403);
  });
});
