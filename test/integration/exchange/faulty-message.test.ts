import { actOnMessage, conversationOfReferral, listParked, settleParked } from '../../../src/modules/exchange/index.ts';
import { startJobs } from '../../../src/jobs/index.ts';
import type { Job } from '../../../src/jobs/index.ts';
import { tellParked } from '../../../src/jobs/tell-parked.ts';
import { selectAlarms } from '../../../src/platform/alarms.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { emit } from '../../../src/platform/outbox.ts';
import { behindTheWall } from '../../support/database.ts';
import { exchangeScene, fromConsulate } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';

let scene: ExchangeScene;
let referralId: string;
let packetId: string;
beforeAll(async () => {
  scene = await exchangeScene();
  ({ referralId, packetId } = await scene.sent());
  await scene.work();
});

const ODD = 'X.Y_Upper';
const name = [{ lang: 'es-MX', value: 'Oficina sin clave' }];
const alarms = async (): Promise<string[]> => (await inTransaction(scene.operator, (tx) => selectAlarms(tx, true))).map(({ code, subject, params }) => [code, subject, params['job'] ?? ''].join(' ').trim());
const stateOf = async (messageId: string) => (await behindTheWall<{ state: string; reasons: string[] }>(scene.db, 'select state, reasons from exchange_work where message_id = $1', [messageId]))[0];
const request = (header = {}) => fromConsulate({ statusRequest: {} }, { conversation: 'CLX-ODD', ...header });

it('an office that nobody knows is kept under a name of its own, and what is said afterwards is acted on', async () => {
  const via = [{ partnerId: ODD, relayedAt: '2026-11-20T11:00:00Z', name }];
  const odd = await scene.say(request({ inReplyTo: packetId, via }));
  const forwarded = await scene.say(fromConsulate({ acknowledgment: { status: 'forwarded', receivedOn: '2026-11-20', forwardedTo: { partnerId: ODD, forwardedOn: '2026-11-20', name } } }, { conversation: 'CLX-ODD', inReplyTo: packetId }));
  const after = await scene.say(request());
  expect([odd.state, forwarded.state, after.state]).toEqual(['stored', 'stored', 'stored']);
  expect(await scene.work()).toEqual([]);
  expect([await stateOf(odd.messageId), await stateOf(after.messageId)].map((one) => one?.state)).not.toContain('waiting');
  expect((await stateOf(forwarded.messageId))?.state).not.toBe('waiting');
  const conversation = await conversationOfReferral(scene.operator, referralId);
  expect(conversation?.hops.map(({ hop, office }) => [hop, office])).toEqual([[expect.stringMatching(/^unlisted-[0-9a-f]{12}$/), 'Oficina sin clave']]);
});

it('a partner proves only of our messages that they went on', async () => {
  const theirs = await scene.say(request());
  await scene.work();
  await scene.say(fromConsulate({ acknowledgment: { status: 'forwarded', receivedOn: '2026-11-20', forwardedTo: { partnerId: 'mx-sre', forwardedOn: '2026-11-20', name } } }, { conversation: 'CLX-ODD', inReplyTo: theirs.messageId }));
  await scene.work();
  expect(await scene.count(`exchange_receipts where stage = 'relayed' and message_id = $1`, [theirs.messageId])).toBe(0);
});

/** As a fault of the database's would be: no row of this message's hop can be written. */
const breakHops = () => behindTheWall(scene.db, `alter table exchange_hops add constraint nothing_new check (hop <> 'state_office') not valid`);
const mendHops = () => behindTheWall(scene.db, 'alter table exchange_hops drop constraint nothing_new');

it('what one message alone stumbles over waits for a person, with an alarm; the next ones are acted on', async () => {
  await breakHops();
  const faulty = await scene.say(request({ via: [{ hop: 'state_office', relayedAt: '2026-11-20T11:10:00Z', name }] }));
  const next = await scene.say(request());
  expect(await actOnMessage(scene.operator, next.messageId)).toBeDefined();
  expect([await stateOf(faulty.messageId), (await stateOf(next.messageId))?.state]).toEqual([{ state: 'parked', reasons: ['exchange.fault'] }, expect.not.stringContaining('waiting')]);
  expect(await scene.count(`queue_items where kind = 'exchange_parked' and subject_id = $1 and reason = 'exchange.fault'`, [faulty.messageId])).toBe(1);
  expect(await alarms()).toContain(`exchange.fault ${faulty.messageId}`);
  await mendHops();
  await settleParked(scene.operator, faulty.messageId, { outcome: 'again' });
  expect(await scene.work()).toEqual([]);
  expect((await listParked(scene.operator)).rows.map(({ messageId }) => messageId)).not.toContain(faulty.messageId);
  expect(await alarms()).not.toContain(`exchange.fault ${faulty.messageId}`);
});

it('a fault that may pass holds up nobody but its own message, which goes to a person when its job is given up', async () => {
  const first = await scene.say(request());
  const second = await scene.say(request());
  // Whatever is read of the first one fails as a disk would.
  const broken: Ctx = { ...scene.operator, keys: { ...scene.operator.keys, encrypt: scene.operator.keys.encrypt, signing: scene.operator.keys.signing, decrypt: (bytes, aad) => {
    if (aad?.includes(first.messageId)) throw new Error('the disk is gone');
    return scene.operator.keys.decrypt(bytes, aad);
  } } };
  await expect(actOnMessage(broken, first.messageId)).rejects.toThrow('the disk is gone');
  await actOnMessage(broken, second.messageId);
  expect([(await stateOf(first.messageId))?.state, (await stateOf(second.messageId))?.state]).toEqual(['waiting', expect.not.stringContaining('waiting')]);
  const given = { job: 'act-on-message', jobId: 'j1', data: { eventId: 'evt_first', event: 'message.stored', body: { messageId: first.messageId } } };
  await tellParked(scene.operator, given);
  await tellParked(scene.operator, given);
  expect(await stateOf(first.messageId)).toEqual({ state: 'parked', reasons: ['exchange.fault'] });
  expect((await alarms()).filter((one) => one.startsWith('jobs.'))).toEqual(['jobs.given_up evt_first act-on-message']);
});

it('every job that is given up raises an alarm', async () => {
  const system: Ctx = { ...scene.operator, actor: { ...scene.operator.actor, kind: 'system' } };
  let seen: () => void = () => undefined;
  const told = new Promise<void>((resolve) => { seen = resolve; });
  const refusing: Job = { name: 'refusing', wakesOn: ['thing.asked'], run: () => Promise.reject(new AppError('invalid', 'a.b')) };
  const watching: Job = { name: 'watching', wakesOn: ['alarm.raised'], run: async (_ctx, { body }) => { if (body['code'] === 'jobs.given_up') seen(); } };
  // What was told before is no news.
  await scene.work();
  const running = await startJobs(system, [refusing, watching]);
  await inTransaction(system, (tx) => emit(tx, 'thing.asked', { thingId: 't1' }));
  await told;
  await running.close();
  expect((await alarms()).filter((one) => one.endsWith(' refusing'))).toHaveLength(1);
});
