import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { conversationOfReferral, receiveMessage } from '../../../src/modules/exchange/index.ts';
import { BYTES_A_DAY_MAX, LARGE_AT_ONCE_MAX, LARGE_BYTES } from '../../../src/modules/exchange/conversations/judge.rules.ts';
import { sayAsPartner } from '../../../src/web/officer/conversation/say.ts';
import type { Visit } from '../../../src/web/visit.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { codeOf } from '../../support/referrals-incoming/scene.ts';
import { CALEXICO, exchangeScene, fromConsulate } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';

const MEGABYTE = 1024 * 1024;
let scene: ExchangeScene;
beforeAll(async () => {
  scene = await exchangeScene();
});

const reserved = (): Promise<number> => scene.count("exchange_reservations where reservation_id <> 'rsv_dead'");
const used = (bytes: number): Promise<unknown> => inTransaction(scene.operator, (tx) => tx.tx.query(
  `insert into exchange_volumes (agency_id, partner_id, day, messages, bytes) values ($1, $2, '2026-11-20', 1, $3) on conflict (agency_id, partner_id, day) do update set bytes = excluded.bytes`,
  [tx.actor.agency, CALEXICO, bytes]));
const send = (source: PassThrough, byteCount: number | null): ReturnType<typeof receiveMessage> => receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'api', source, byteCount });

/** An upload of which more than a megabyte has come, and the rest has not. */
async function begun(byteCount: number | null): Promise<{ source: PassThrough; ended: Promise<readonly string[]> }> {
  const source = new PassThrough({ highWaterMark: 4 * MEGABYTE });
  source.write(Buffer.alloc(MEGABYTE + 1, 'x'));
  const before = await reserved();
  const ended = codeOf(send(source, byteCount));
  while (await reserved() === before) await Promise.resolve();
  return { source, ended };
}

it('two uploads that fit into the day each, and not together, are not taken both; one that is given up gives its room back', async () => {
  await used(BYTES_A_DAY_MAX - 5 * MEGABYTE);
  const first = await begun(3 * MEGABYTE);
  expect(await reserved()).toBe(1);
  const second = new PassThrough({ highWaterMark: 4 * MEGABYTE });
  second.write(Buffer.alloc(2 * MEGABYTE, 'y'));
  expect(await codeOf(send(second, 3 * MEGABYTE))).toEqual(['exchange.too_much_today']);
  // Nobody waits for the one that is slow.
  expect((await scene.say(fromConsulate({ statusRequest: {} }, { conversation: 'CLX-ROOM' }))).state).toBe('stored');
  first.source.destroy(new Error('the line ended'));
  await first.ended.catch(() => undefined);
  expect(await reserved()).toBe(0);
  const third = await begun(3 * MEGABYTE);
  third.source.end(Buffer.alloc(2 * MEGABYTE - 1, 'x'));
  await third.ended;
  expect(await reserved()).toBe(0);
  const [day] = await inTransaction(scene.operator, (tx) => tx.tx.query<{ bytes: string }[]>('select bytes from exchange_volumes where partner_id = $1', [CALEXICO]));
  expect(Number(day?.bytes)).toBeGreaterThan(BYTES_A_DAY_MAX - 3 * MEGABYTE);
  expect(Number(day?.bytes)).toBeLessThanOrEqual(BYTES_A_DAY_MAX);
});

it('so many large ones come in at a time, and one whose length is not known is large', async () => {
  await used(1);
  const open = [];
  for (let index = 0; index < LARGE_AT_ONCE_MAX; index++) open.push(await begun(index === 0 ? null : LARGE_BYTES + index));
  const more = new PassThrough({ highWaterMark: 4 * MEGABYTE });
  more.write(Buffer.alloc(MEGABYTE + 1, 'z'));
  expect(await codeOf(send(more, LARGE_BYTES))).toEqual(['exchange.too_many_at_once']);
  for (const { source } of open) {
    source.destroy(new Error('the line ended'));
    if (!source.closed) await once(source, 'close');
  }
  await Promise.all(open.map(({ ended }) => ended.catch(() => undefined)));
  expect(await reserved()).toBe(0);
});

it('what a process that died has reserved is free again', async () => {
  await inTransaction(scene.operator, (tx) => tx.tx.query(
    `insert into exchange_reservations (agency_id, reservation_id, partner_id, day, bytes, ends_at) values ($1, 'rsv_dead', $2, '2026-11-20', $3, $4)`,
    [tx.actor.agency, CALEXICO, BYTES_A_DAY_MAX, new Date(tx.clock.now().getTime() - 1)]));
  const one = await begun(3 * MEGABYTE);
  one.source.end(Buffer.from('x'));
  await one.ended;
  expect(await scene.count('exchange_reservations')).toBe(0);
});

it('what officers say on a page at the same time is said, whatever serial numbers the partner uses', async () => {
  const { referralId } = await scene.sent();
  await scene.work();
  const conversation = await conversationOfReferral(scene.operator, referralId);
  if (!conversation) throw new Error('no conversation');
  const stamp = scene.officer.clock.now().getTime() - 1_000;
  const page = (formId: string): ReturnType<typeof sayAsPartner> =>
    sayAsPartner({ ctx: scene.officer } as Visit, conversation, { formId, kind: 'statusRequest', body: {}, answers: '', yourNumber: 'CLX/2026/0007', stamp });
  const said = [await page('a'.repeat(24)), await page('b'.repeat(24))];
  expect(said.map(({ state, findings }) => [state, findings.map(({ code }) => code)])).toEqual([['stored', []], ['stored', []]]);
  expect(await page('a'.repeat(24))).toMatchObject({ messageId: said[0]?.messageId, alreadyReceived: true });
  const [kept] = await inTransaction(scene.operator, (tx) => tx.tx.query<{ serial: string | null }[]>('select serial from exchange_messages where message_id = $1', [said[0]?.messageId]));
  expect(kept).toEqual({ serial: null });
  const old = `9${String(Math.floor(stamp / 100)).padStart(11, '0').slice(-11)}`;
  expect((await scene.say(fromConsulate({ statusRequest: {} }, { conversation: 'CLX-NINE', referralId, serial: old }))).state).toBe('stored');
});
