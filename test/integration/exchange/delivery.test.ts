import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { throughCircuit } from '../../../src/modules/exchange/delivery/circuit.ts';
import { deliverMessage, deliveryOf, expireMessages, getSignedReceipt, listCircuits, listSignedReceipts, listUndelivered, resendMessage, verifyReceipt } from '../../../src/modules/exchange/index.ts';
import { loadPartners } from '../../../src/modules/partners/index.ts';
import { selectAlarms } from '../../../src/platform/alarms.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { readKeptFile } from '../../../src/platform/files.ts';
import { behindTheWall } from '../../support/database.ts';
import { at, aQueuedMessage, outgoingScene } from '../../support/exchange/outgoing.ts';
import type { OutgoingScene } from '../../support/exchange/outgoing.ts';
import { withChannels } from '../../support/exchange/partner-copy.ts';
import { CALEXICO } from '../../support/referrals-incoming/messages.ts';
import { codeOf } from '../../support/referrals-incoming/scene.ts';

let scene: OutgoingScene;
let ctx: Ctx;
beforeAll(async () => {
  scene = await outgoingScene();
  ctx = scene.ctx;
});
afterEach(() => loadPartners(null));

const stateOf = async (messageId: string): Promise<string> => (await behindTheWall<{ state: string }>(scene.db, 'select state from exchange_messages where message_id = $1', [messageId]))[0]?.state ?? '';
const stages = async (messageId: string): Promise<string[]> => (await listSignedReceipts(ctx, { messageId })).map(({ stage }) => stage);
const codes = async (messageId: string): Promise<string[]> => (await deliveryOf(ctx, messageId)).attempts.map(({ channel, code }) => `${channel} ${code}`).reverse();
const openItems = (messageId: string) => behindTheWall<{ kind: string; reason: string }>(scene.db, 'select kind, reason from queue_items where subject_id = $1', [messageId]);
const alarms = async (messageId: string): Promise<string[]> => (await inTransaction(ctx, (tx) => selectAlarms(tx, true))).filter(({ subject }) => subject === messageId).map(({ code }) => code);

describe('a message that waits to leave', () => {
  it('lies ready by the first way of the profile, once, however often and by however many it is tried', async () => {
    const messageId = await aQueuedMessage(ctx);
    await Promise.all([1, 2, 3, 4].map(() => deliverMessage(ctx, messageId)));
    await deliverMessage(ctx, messageId);
    expect([await stateOf(messageId), await stages(messageId), await codes(messageId)]).toEqual(['delivered', ['delivered'], ['portal delivery.offered']]);
    // Five working days of the agency: Thanksgiving and the day after it are none.
    expect((await deliveryOf(ctx, messageId)).delivery).toMatchObject({ step: 0, channel: 'portal', waitUntil: '2026-12-01' });
    expect(await behindTheWall(scene.db, `select count(*)::int as n from audit_events where action = 'message.delivered' and subject_id = $1`, [messageId])).toEqual([{ n: 1 }]);
  });

  it('has a receipt that proves it, the very same each time it is asked for', async () => {
    const messageId = await aQueuedMessage(ctx);
    await deliverMessage(ctx, messageId);
    const [row] = await listSignedReceipts(ctx, { messageId });
    const first = await getSignedReceipt(ctx, row?.receiptId ?? '');
    expect((await getSignedReceipt(ctx, row?.receiptId ?? '')).signed.equals(first.signed)).toBe(true);
    const report = verifyReceipt(first.signed, { trust: scene.certificatePem, now: ctx.clock.now() });
    expect(report).toMatchObject({ isIntact: true, findings: [], statement: { stage: 'delivered', messageId, partner: CALEXICO, direction: 'out', channel: 'portal', previous: null } });
  });

  it('goes from way to way while nobody fetches it, is given to a person for the courier, and expires after the last', async () => {
    const messageId = await aQueuedMessage(ctx);
    await deliverMessage(ctx, messageId);
    expect(await expireMessages(at(ctx, '2026-12-01T20:00:00Z'))).toMatchObject({ expired: 0 });
    expect((await codes(messageId)).length).toBe(1);
    await Promise.all([expireMessages(at(ctx, '2026-12-02T20:00:00Z')), expireMessages(at(ctx, '2026-12-02T20:00:00Z'))]);
    expect(await codes(messageId)).toEqual(['portal delivery.offered', 'sftp delivery.offered']);
    await expireMessages(at(ctx, '2026-12-08T20:00:00Z'));
    expect(await codes(messageId)).toEqual(['portal delivery.offered', 'sftp delivery.offered', 'courier delivery.courier_asked']);
    expect([await stateOf(messageId), await openItems(messageId)]).toEqual(['delivered', [{ kind: 'exchange_courier', reason: 'delivery.courier' }]]);
    await expireMessages(at(ctx, '2027-01-20T20:00:00Z'));
    expect([await stateOf(messageId), await stages(messageId), await alarms(messageId)]).toEqual(['expired', ['delivered', 'expired'], ['exchange.message_expired']]);
    expect(await openItems(messageId)).toEqual([{ kind: 'exchange_undelivered', reason: 'delivery.no_proof' }]);
    expect((await listUndelivered(ctx)).rows.map((row) => [row.messageId, row.lastCode])).toContainEqual([messageId, 'delivery.no_proof']);
  });

  it('is sent again by one click, and then nobody is asked any more', async () => {
    const messageId = await aQueuedMessage(ctx);
    await deliverMessage(ctx, messageId);
    await behindTheWall(scene.db, `update exchange_deliveries set step = 9, wait_until = '2026-11-01' where message_id = $1`, [messageId]);
    await expireMessages(ctx);
    expect(await alarms(messageId)).toEqual(['exchange.message_expired']);
    expect(await resendMessage(ctx, messageId)).toEqual({ state: 'queued' });
    await deliverMessage(ctx, messageId);
    expect([await stateOf(messageId), await alarms(messageId), await openItems(messageId), await stages(messageId)]).toEqual(['delivered', [], [], ['delivered', 'expired']]);
    expect(await resendMessage(ctx, messageId)).toEqual({ state: 'delivered' });
    expect(await codeOf(resendMessage(ctx, 'msg_01K0000000000000000000000A'))).toEqual(['message.not_found']);
    expect(await codeOf(resendMessage(scene.ctxOf({ roles: ['reconciler'] }), messageId))).toEqual(['access.forbidden']);
    expect(await codeOf(deliveryOf(scene.ctxOf({ roles: ['partner_officer'], partner: CALEXICO }), messageId))).toEqual(['access.forbidden']);
  });

  it('is tried seven times over a fault and is then failed, with an alarm; other faults end it at once', async () => {
    const messageId = await aQueuedMessage(ctx);
    const broken: Ctx = { ...ctx, keys: { ...ctx.keys, encrypt: ctx.keys.encrypt, get signing(): never { throw new Error('the disk is gone'); } } };
    for (let time = 1; time < 7; time++) await expect(deliverMessage(broken, messageId)).rejects.toThrow('the disk is gone');
    expect(await stateOf(messageId)).toBe('queued');
    await deliverMessage(broken, messageId);
    expect([await stateOf(messageId), (await codes(messageId)).length, await alarms(messageId)]).toEqual(['failed', 7, ['exchange.delivery_failed']]);
    const unsigned = await aQueuedMessage(ctx);
    await deliverMessage({ ...ctx, keys: { ...ctx.keys, signing: null } }, unsigned);
    expect([await stateOf(unsigned), await codes(unsigned)]).toEqual(['failed', ['portal keys.signing_missing']]);
    await resendMessage(ctx, unsigned);
    await deliverMessage(ctx, unsigned);
    expect(await stateOf(unsigned)).toBe('delivered');
  });
});

describe('files that leave only for the partner', () => {
  const PACKET = Buffer.from('a sealed packet '.repeat(5_000));
  const folder = (): string => join(scene.db.dataDir, 'partner-certificates');
  const make = (kind: 'rsa' | 'ec', days = '3650'): { key: string; certificate: string } => {
    mkdirSync(folder(), { recursive: true });
    const [key, certificate] = [join(scene.db.dataDir, `${kind}.key`), join(folder(), `${CALEXICO}.encrypt.pem`)];
    const of = kind === 'rsa' ? ['-newkey', 'rsa:2048'] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    execFileSync('openssl', ['req', '-x509', ...of, '-nodes', '-keyout', key, '-out', certificate, '-days', days, '-subj', '/CN=consulate', '-addext', 'basicConstraints=critical,CA:FALSE'], { stdio: 'pipe' });
    return { key, certificate };
  };
  // openssl's certificates begin today, whenever that is.
  const today = (): Ctx => ({ ...ctx, clock: { now: () => new Date(Date.parse(execFileSync('openssl', ['x509', '-in', join(folder(), `${CALEXICO}.encrypt.pem`), '-noout', '-startdate']).toString().slice('notBefore='.length)) + 60_000) } });
  const encryptedBy = (): void => withChannels(scene.db.dataDir, CALEXICO, [{ kind: 'sftp', encrypt: true, waitDays: 2 }, { kind: 'courier', waitDays: 9 }]);

  it.each(['rsa', 'ec'] as const)('are opened by openssl with the partner’s %s key, and by nothing else', async (kind) => {
    encryptedBy();
    const { key } = make(kind);
    const now = today();
    const messageId = await aQueuedMessage(now, { file: PACKET });
    await deliverMessage(now, messageId);
    const { delivery } = await deliveryOf(now, messageId);
    const encrypted = await readKeptFile(scene.ctxOf({ roles: ['partner_officer'], partner: CALEXICO, counties: ['06025'] }), delivery?.encryptedFileId ?? '');
    expect(encrypted.includes('a sealed packet')).toBe(false);
    const file = join(scene.db.dataDir, `${kind}.asice.p7m`);
    writeFileSync(file, encrypted);
    execFileSync('openssl', ['cms', '-decrypt', '-inform', 'DER', '-in', file, '-inkey', key, '-out', `${file}.out`], { stdio: 'pipe' });
    expect(readFileSync(`${file}.out`).equals(PACKET)).toBe(true);
    const altered = Buffer.from(encrypted);
    altered.writeUInt8(altered.readUInt8(altered.length >> 1) ^ 1, altered.length >> 1);
    writeFileSync(file, altered);
    expect(() => execFileSync('openssl', ['cms', '-decrypt', '-inform', 'DER', '-in', file, '-inkey', key, '-out', `${file}.out`], { stdio: 'pipe' })).toThrow(/decrypting/);
  });

  it('go plain by no way where there is no certificate, or one that does not do: a person decides', async () => {
    encryptedBy();
    writeFileSync(join(folder(), `${CALEXICO}.encrypt.pem`), 'not a certificate');
    const messageId = await aQueuedMessage(ctx, { file: PACKET });
    await deliverMessage(ctx, messageId);
    expect([await stateOf(messageId), await codes(messageId)]).toEqual(['failed', ['sftp delivery.certificate_unsuitable']]);
    expect([await openItems(messageId), await alarms(messageId)]).toEqual([[{ kind: 'exchange_undelivered', reason: 'delivery.certificate_unsuitable' }], ['exchange.certificate_needed']]);
    make('rsa');
    const now = today();
    await resendMessage(now, messageId);
    await deliverMessage(now, messageId);
    expect([await stateOf(messageId), await openItems(messageId), await alarms(messageId)]).toEqual(['delivered', [], []]);
    expect((await deliveryOf(now, messageId)).delivery?.encryptedFileId).not.toBeNull();
  });

  it('are encrypted for a certificate that is its own authority, as openssl makes it', async () => {
    encryptedBy();
    mkdirSync(folder(), { recursive: true });
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', join(scene.db.dataDir, 'own.key'), '-out', join(folder(), `${CALEXICO}.encrypt.pem`), '-days', '30', '-subj', '/CN=consulate'], { stdio: 'pipe' });
    const now = today();
    const messageId = await aQueuedMessage(now, { file: PACKET });
    await deliverMessage(now, messageId);
    expect([await stateOf(messageId), await codes(messageId)]).toEqual(['delivered', ['sftp delivery.offered']]);
  });

  it('go by another way after all while nobody has sent the paper', async () => {
    withChannels(scene.db.dataDir, CALEXICO, [{ kind: 'courier', waitDays: 9 }]);
    const messageId = await aQueuedMessage(ctx);
    await deliverMessage(ctx, messageId);
    expect(await openItems(messageId)).toEqual([{ kind: 'exchange_courier', reason: 'delivery.courier' }]);
    withChannels(scene.db.dataDir, CALEXICO, [{ kind: 'sftp', waitDays: 2 }, { kind: 'courier', waitDays: 9 }]);
    expect(await resendMessage(ctx, messageId)).toEqual({ state: 'queued' });
    // Until it was tried again there is nothing to be resent.
    expect(await codeOf(resendMessage(ctx, messageId))).toEqual(['delivery.not_resendable']);
    await deliverMessage(ctx, messageId);
    expect([await stateOf(messageId), await openItems(messageId)]).toEqual(['delivered', []]);
  });

  it('a message without a file needs no certificate', async () => {
    encryptedBy();
    const messageId = await aQueuedMessage(ctx);
    await deliverMessage(ctx, messageId);
    expect(await stateOf(messageId)).toBe('delivered');
  });
});

describe('a partner that does not answer', () => {
  const answer = (isAnswering: boolean) => () => Promise.resolve({ isAnswering });
  const tried = { partnerId: 'kr-kcsa', channel: 'webhook' };
  const circuit = async () => (await listCircuits(ctx)).find(({ partnerId }) => partnerId === 'kr-kcsa');

  it('is left alone after five times, then tried by one alone, and by all when it answers', async () => {
    for (let time = 0; time < 5; time++) await throughCircuit(ctx, tried, answer(false));
    expect(await circuit()).toMatchObject({ state: 'open', failures: 5 });
    expect(await codeOf(throughCircuit(ctx, tried, answer(true)))).toEqual(['delivery.circuit_open']);
    const later = at(ctx, '2026-11-20T12:02:00Z');
    let release: (value: { isAnswering: boolean }) => void = () => undefined;
    const waiting = new Promise<{ isAnswering: boolean }>((resolve) => { release = resolve; });
    let begun: () => void = () => undefined;
    const probing = new Promise<void>((resolve) => { begun = resolve; });
    const probe = throughCircuit(later, tried, () => { begun(); return waiting; });
    await probing;
    expect((await circuit())?.state).toBe('half_open');
    expect(await codeOf(throughCircuit(later, tried, answer(true)))).toEqual(['delivery.circuit_open']);
    release({ isAnswering: true });
    await probe;
    expect(await circuit()).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('waits longer each time, and a fault of the one that tries counts as no answer', async () => {
    const fault = (): Promise<never> => Promise.reject(new AppError('invalid', 'test.fault'));
    for (let time = 0; time < 5; time++) expect(await codeOf(throughCircuit(ctx, tried, fault))).toEqual(['test.fault']);
    const first = (await circuit())?.retryAt?.getTime() ?? 0;
    const later = at(ctx, '2026-11-20T12:02:00Z');
    await throughCircuit(later, tried, answer(false));
    const second = (await circuit())?.retryAt?.getTime() ?? 0;
    expect(first - ctx.clock.now().getTime()).toBeLessThanOrEqual(60_000);
    expect(second - later.clock.now().getTime()).toBeGreaterThanOrEqual(60_000);
    expect(await codeOf(throughCircuit(ctx, { ...tried, channel: 'email' }, answer(true)))).toEqual(['done']);
  });
});
