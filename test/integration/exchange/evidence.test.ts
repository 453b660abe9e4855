import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordReceipt } from '../../../src/modules/exchange/evidence/record-receipt.ts';
import { statementText } from '../../../src/modules/exchange/evidence/receipt.rules.ts';
import { archiveReceipts, deliverMessage, getSignedReceipt, keepPartnerReceipt, listSignedReceipts, verifyReceipt } from '../../../src/modules/exchange/index.ts';
import { signAttached } from '../../../src/platform/asic/cms.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall } from '../../support/database.ts';
import { aQueuedMessage, outgoingScene } from '../../support/exchange/outgoing.ts';
import type { OutgoingScene } from '../../support/exchange/outgoing.ts';
import { CALEXICO } from '../../support/referrals-incoming/messages.ts';
import { codeOf, codesOf } from '../../support/referrals-incoming/scene.ts';
import { aSigner } from '../../support/referrals/packets.ts';

let scene: OutgoingScene;
let ctx: Ctx;
beforeAll(async () => {
  scene = await outgoingScene();
  ctx = scene.ctx;
});

const record = (messageId: string, stage: 'submitted' | 'relayed' | 'delivered' | 'retrieved', hop?: string) => inTransaction(ctx, (tx) => recordReceipt(tx, { messageId, stage, ...(hop === undefined ? {} : { hop }) }));

it('gives one receipt for a stage, whoever asks and however many at once, each naming the one before', async () => {
  const messageId = await aQueuedMessage(ctx, { file: Buffer.from('a packet') });
  const first = await Promise.all(Array.from({ length: 4 }, () => record(messageId, 'submitted')));
  expect(new Set(first.map(({ signed }) => signed.toString('hex'))).size).toBe(1);
  expect(first.filter(({ alreadyRecorded }) => !alreadyRecorded).length).toBe(1);
  const relayed = [await record(messageId, 'relayed', 'sre'), await record(messageId, 'relayed', 'state-office')];
  const last = await record(messageId, 'retrieved');
  const report = verifyReceipt(last.signed, { trust: scene.certificatePem, now: ctx.clock.now(), message: Buffer.from('a packet'), earlier: [...relayed, ...first].map(({ signed }) => signed) });
  expect(report).toMatchObject({ isIntact: true, findings: [], statement: { stage: 'retrieved', bytesSha256: createHash('sha256').update('a packet').digest('hex') } });
  expect((await listSignedReceipts(ctx, { messageId })).map(({ position, stage, hop }) => `${position} ${stage} ${hop}`.trim())).toEqual(['1 submitted', '2 relayed sre', '3 relayed state-office', '4 retrieved']);
});

it('leaves nothing where the transaction does not hold, and signs for no message that is not there', async () => {
  const messageId = await aQueuedMessage(ctx);
  await expect(inTransaction(ctx, async (tx) => { await recordReceipt(tx, { messageId, stage: 'delivered' }); throw new Error('undone'); })).rejects.toThrow('undone');
  expect(await listSignedReceipts(ctx, { messageId })).toEqual([]);
  expect(await codeOf(record('msg_01K0000000000000000000000A', 'delivered'))).toEqual(['message.not_found']);
});

it('is never changed, by whoever owns the table either', async () => {
  await expect(behindTheWall(scene.db, `update exchange_receipts set stage = 'refused'`)).rejects.toThrow('append-only');
});

it('is read by the partner whose message it is, and by nobody else', async () => {
  const messageId = await aQueuedMessage(ctx);
  await deliverMessage(ctx, messageId);
  const [row] = await listSignedReceipts(ctx, { messageId });
  const officer = (partner: string): Ctx => scene.ctxOf({ id: 'usr_officer', roles: ['partner_officer'], partner, counties: ['06025'] });
  expect((await getSignedReceipt(officer(CALEXICO), row?.receiptId ?? '')).messageId).toBe(messageId);
  expect(await codeOf(getSignedReceipt(officer('kr-kcsa'), row?.receiptId ?? ''))).toEqual(['receipt.not_found']);
  expect(await listSignedReceipts(officer('kr-kcsa'))).toEqual([]);
  expect(await codeOf(listSignedReceipts(scene.ctxOf({ roles: ['translator'] })))).toEqual(['access.forbidden']);
});

it('is listed in an archive that vouches for it when its certificate has ended', async () => {
  const messageId = await aQueuedMessage(ctx);
  const { signed } = await record(messageId, 'delivered');
  const archive = await archiveReceipts(ctx);
  expect(archive.count).toBeGreaterThan(0);
  expect(codesOf(verifyReceipt(signed, { trust: scene.certificatePem, now: new Date('2045-01-01T00:00:00Z'), archive: archive.signed }).findings)).toEqual(['receipt.archived']);
});

describe('a receipt that a partner signed', () => {
  const byPartner = async (messageId: string, contentSha256: string) => {
    const { signer, identity } = await aSigner();
    const text = statementText({
      version: '1.0', receiptId: 'CLX-R-1', stage: 'submitted', agency: 'us-ca', partner: CALEXICO, direction: 'out', conversation: null, messageId, serial: null, kind: 'statusRequest', contentSha256,
      bytesSha256: null, byteCount: 10, happenedAt: ctx.clock.now().toISOString(), hop: null, channel: 'sftp', reasons: [], fileNumbers: { agency: null, partner: 'CLX/7' }, previous: null,
    });
    return { bytes: signAttached(Buffer.from(text), signer, ctx.clock.now()), pem: identity.certificatePem };
  };
  const contentOf = async (messageId: string): Promise<string> => (await behindTheWall<{ d: string }>(scene.db, 'select content_sha256 as d from exchange_messages where message_id = $1', [messageId]))[0]?.d ?? '';

  it('is kept once, and believed where its certificate is among those that we have of the partner', async () => {
    const messageId = await aQueuedMessage(ctx);
    const { bytes, pem } = await byPartner(messageId, await contentOf(messageId));
    mkdirSync(join(scene.db.dataDir, 'partner-certificates'), { recursive: true });
    const file = join(scene.db.dataDir, 'partner-certificates', `${CALEXICO}.pem`);
    const officer = scene.ctxOf({ roles: ['partner_officer'], partner: CALEXICO, counties: ['06025'] });
    expect(await keepPartnerReceipt(officer, { partnerId: CALEXICO, bytes })).toMatchObject({ standing: 'intact', messageId, alreadyKept: false });
    writeFileSync(file, pem);
    expect(await keepPartnerReceipt(officer, { partnerId: CALEXICO, bytes })).toMatchObject({ standing: 'intact', alreadyKept: true });
    const other = await aQueuedMessage(ctx);
    const trusted = await byPartner(other, await contentOf(other));
    writeFileSync(file, trusted.pem);
    expect(await keepPartnerReceipt(ctx, { partnerId: CALEXICO, bytes: trusted.bytes })).toMatchObject({ standing: 'trusted', messageId: other, stage: 'submitted' });
  });

  it('is kept whatever it is, and proves nothing where it is forged, of another content, or no receipt', async () => {
    const messageId = await aQueuedMessage(ctx);
    const { bytes } = await byPartner(messageId, 'a'.repeat(64));
    const elsewhere = await keepPartnerReceipt(ctx, { partnerId: CALEXICO, bytes });
    expect([elsewhere.messageId, codesOf(elsewhere.findings)]).toEqual([null, expect.arrayContaining(['receipt.message_unknown'])]);
    const noise = await keepPartnerReceipt(ctx, { partnerId: CALEXICO, bytes: Buffer.from('not a receipt') });
    expect([noise.standing, noise.messageId, codesOf(noise.findings)]).toEqual(['unverified', null, ['signature.unreadable']]);
    expect(await codeOf(keepPartnerReceipt(ctx, { partnerId: CALEXICO, bytes: Buffer.alloc(0) }))).toEqual(['receipt.empty']);
    expect(await codeOf(keepPartnerReceipt(ctx, { partnerId: CALEXICO, bytes: Buffer.alloc(70_000) }))).toEqual(['receipt.too_large']);
    expect(await codeOf(keepPartnerReceipt(scene.ctxOf({ roles: ['partner_officer'], partner: 'kr-kcsa' }), { partnerId: CALEXICO, bytes }))).toEqual(['receipt.not_your_partner']);
  });
});
