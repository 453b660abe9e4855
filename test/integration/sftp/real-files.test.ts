import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { announceSent, deliverMessage, messageToXml, receiveMessage, verifyReceipt } from '../../../src/modules/exchange/index.ts';
import type { Message } from '../../../src/modules/exchange/index.ts';
import { getIncoming, listIncoming, readPacketContainer } from '../../../src/modules/referrals/index.ts';
import { newSigningIdentity } from '../../../src/platform/keys-certificate.ts';
import { behindTheWall } from '../../support/database.ts';
import { withChannels } from '../../support/exchange/partner-copy.ts';
import { aReceiptOf } from '../../support/exchange/partner-receipts.ts';
import { CALEXICO, fromConsulate, nextId } from '../../support/exchange/scene.ts';
import { partnerMessage, sealed } from '../../support/referrals-incoming/messages.ts';
import { aFamily, packetId } from '../../support/referrals-incoming/scene.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import { ensureOpenssh } from '../../support/sftp/ensure-openssh.mjs';
import { contentOf, offer, run, sftpSite } from '../../support/sftp/site.ts';
import type { SftpSite } from '../../support/sftp/site.ts';

/** What partners really send and fetch, by OpenSSH's own client. */
const KCSA = 'kr-kcsa';
let site: SftpSite;
beforeAll(async () => {
  const { sftp, reason } = ensureOpenssh();
  if (sftp === null) throw new Error(`these tests need OpenSSH's client: ${reason}`);
  site = await sftpSite();
});
afterAll(() => site.close());

const family = () => aFamily('IM-2', ['Teófilo Barragán Quijano', 'Yolanda Iturbide Salcido', 'Fabián Barragán Iturbide']);

/** A request of ours as it lies in the outbox. */
async function aPacketOfOurs(caseId: string): Promise<{ messageId: string; packetId: string }> {
  const { referralId, packetId } = await site.scene.sent(caseId);
  const { messageId } = await announceSent(site.scene.operator, { referralId, packetId });
  await deliverMessage(site.scene.operator, messageId);
  return { messageId, packetId };
}

async function nameOf(messageId: string, ending: string): Promise<string> {
  const [row] = await behindTheWall<{ serial: string }>(site.scene.db, 'select serial from exchange_messages where message_id = $1', [messageId]);
  return `${row?.serial ?? ''}-referral.${ending}`;
}

it.each([CALEXICO, KCSA])('a sealed packet of %s becomes one that came in, with its receipt', async (partnerId) => {
  const number = packetId();
  const supportCase = partnerId === KCSA ? aMexicanCase({ caseId: 'X-9' }) : family();
  const xml = partnerMessage(supportCase, { packetId: number, partnerId }).toString('utf8').replace('country="MX"', `country="${partnerId.slice(0, 2).toUpperCase()}"`);
  const local = site.file(`${number}.asice`, sealed(Buffer.from(xml), site.scene.theirs.signer));
  const key = await site.key({ partnerId });
  const { status } = await site.openssh([`put ${local} /inbox/request.asice.part`, 'rename /inbox/request.asice.part /inbox/request.asice', `get /receipts/request.asice.p7s ${site.folder}/${number}.p7s`], { key: key.path, user: partnerId });
  expect(status).toBe(0);
  const { statement, isIntact } = verifyReceipt(contentOf(join(site.folder, `${number}.p7s`)), { now: site.scene.operator.clock.now() });
  expect([isIntact, statement]).toEqual([true, expect.objectContaining({ stage: 'submitted', kind: 'packet', partner: partnerId, bytesSha256: createHash('sha256').update(contentOf(local)).digest('hex') })]);
  expect(await site.scene.work()).toEqual([]);
  const row = (await listIncoming(site.scene.operator)).rows.find(({ senderPacketId }) => senderPacketId === number);
  expect(await getIncoming(site.scene.operator, row?.incomingId ?? '')).toMatchObject({ partnerId, kind: 'container', state: 'proposed' });
});

it('our own packet comes as it was sealed', async () => {
  const { messageId, packetId: sealedAs } = await aPacketOfOurs('IM-1');
  const name = await nameOf(messageId, 'asice');
  expect((await site.openssh([`get /outbox/${name} ${site.folder}/ours.asice`])).status).toBe(0);
  const { bytes } = await readPacketContainer(site.scene.operator, sealedAs);
  expect(contentOf(join(site.folder, 'ours.asice')).equals(bytes)).toBe(true);
  expect(await site.scene.count(`exchange_messages where message_id = $1 and state = 'retrieved'`, [messageId])).toBe(1);
});

it('a packet that is encrypted for the partner is opened by its key alone', async () => {
  const { certificatePem, privateKeyPem } = await newSigningIdentity(new Date('2026-11-01T00:00:00Z'));
  mkdirSync(join(site.scene.db.dataDir, 'partner-certificates'), { recursive: true });
  writeFileSync(join(site.scene.db.dataDir, 'partner-certificates', `${CALEXICO}.encrypt.pem`), certificatePem);
  withChannels(site.scene.db.dataDir, CALEXICO, [{ kind: 'sftp', encrypt: true, waitDays: 2 }]);
  const { messageId, packetId: sealedAs } = await aPacketOfOurs('IM-2');
  const [encrypted, opened] = [join(site.folder, 'ours.asice.p7m'), join(site.folder, 'opened.asice')];
  expect((await site.openssh([`get /outbox/${await nameOf(messageId, 'asice.p7m')} ${encrypted}`])).status).toBe(0);
  const decrypt = (key: string) => run('openssl', ['cms', '-decrypt', '-binary', '-inform', 'DER', '-in', encrypted, '-inkey', site.file('partner.key', key), '-out', opened]);
  expect(await decrypt(privateKeyPem)).toEqual({ status: 0, output: '' });
  expect(contentOf(opened).equals((await readPacketContainer(site.scene.operator, sealedAs)).bytes)).toBe(true);
  expect((await decrypt((await newSigningIdentity(new Date('2026-11-01T00:00:00Z'))).privateKeyPem)).status).not.toBe(0);
});

it.each(['utf-8', 'windows-1252'])('a message in XML (%s) is the same as by the API', async (encoding) => {
  const said = fromConsulate({ statusRequest: {} }, { conversation: nextId('CNV') }) as unknown as Message;
  const text = messageToXml(said).toString('utf8').replace(/^<\?xml[^>]*\?>/, `<?xml version="1.0" encoding="${encoding}"?>`);
  expect(text).toContain('México');
  const local = site.file(`${encoding}.xml`, Buffer.from(text, encoding === 'utf-8' ? 'utf8' : 'latin1'));
  expect((await site.openssh([`put ${local} /inbox/message.xml`, `get /receipts/message.xml.p7s ${site.folder}/${encoding}.p7s`])).status).toBe(0);
  const byApi = await receiveMessage(site.scene.client, { partnerId: CALEXICO, channel: 'api', source: Buffer.from(JSON.stringify(said)), mediaType: 'application/json' });
  expect(byApi).toMatchObject({ kind: 'statusRequest', state: 'stored', findings: [], alreadyReceived: true });
  expect(contentOf(join(site.folder, `${encoding}.p7s`)).equals(byApi.receipt)).toBe(true);
});

describe('a receipt that the partner signed', () => {
  it.each(['/receipts/ours.p7s', '/inbox/ours.p7s'])('put to %s is kept, verified, and stands by our message', async (path) => {
    const { messageId } = await offer(site.scene, { message: { messageId: path } });
    const { bytes, certificatePem } = await aReceiptOf(site.scene.db, messageId, site.scene.operator.clock.now());
    mkdirSync(join(site.scene.db.dataDir, 'partner-certificates'), { recursive: true });
    writeFileSync(join(site.scene.db.dataDir, 'partner-certificates', `${CALEXICO}.pem`), certificatePem);
    const { status, output } = await site.openssh([`put ${site.file('theirs.p7s', bytes)} ${path}`, `ls -l ${path}`, `get /receipts/ours.p7s.p7s ${site.folder}/for-theirs.p7s`]);
    expect([status, output]).toEqual([0, expect.stringContaining(String(bytes.length))]);
    expect(verifyReceipt(contentOf(join(site.folder, 'for-theirs.p7s')), { now: site.scene.operator.clock.now() }).statement).toMatchObject({ stage: 'submitted', kind: 'receipt' });
    expect(await site.scene.work()).toEqual([]);
    expect(await site.scene.count(`partner_receipts where message_id = $1 and standing = 'trusted' and signed = $2`, [messageId, bytes])).toBe(1);
  });

  it('takes no name of ours, and half of it is none', async () => {
    const local = site.file('other.p7s', 'x');
    const mine = (await site.openssh(['ls -1 /receipts'])).output.split('\n').find((line) => /\.p7s$/.test(line)) ?? '';
    expect((await site.openssh([`put ${local} ${mine.startsWith('/') ? mine : `/receipts/${mine}`}`])).status).toBe(1);
    const before = await site.scene.count('exchange_messages');
    expect((await site.openssh([`put ${local} /receipts/later.p7s.part`, 'rm /receipts/later.p7s.part', '-ls /receipts/later.p7s.part'])).status).toBe(0);
    expect(await site.scene.count('exchange_messages')).toBe(before);
  });
});
