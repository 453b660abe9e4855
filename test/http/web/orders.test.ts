import { releaseOrder } from '../../../src/modules/payments/index.ts';
import { testCtx } from '../../support/database.ts';
import { importRegister } from '../../support/reconciliation/scene.ts';
import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

const LA = 'mx-consulate-los-angeles';
let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importRegister(site.ctx, [1, 2].map((n) => `DSBLA26010000${n},BT1,200000000000${n},${LA},ROSA <MEZA>,362.00,USD,2026-10-01,consulate`));
});
const hidden = (text: string): Record<string, string> => Object.fromEntries([...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((match) => [match[1] as string, match[2] as string]));

it('one person makes an order, a second one releases it, and the message is fetched', async () => {
  const maker = await site.signedIn('reconciler');
  const list = await maker.get(`/orders?partner=${LA}`);
  expect(list.text).toContain('USD 724.00');
  const made = await maker.post('/orders').type('form').send({ ...hidden(list.text), on: '' });
  expect(made.headers['location']).toMatch(/^\/orders\/ord_\w{26}\?done=order_created$/);
  const address = String(made.headers['location']).split('?')[0] as string;
  const own = await maker.get(address);
  expect([own.text.includes('A second person must release'), own.text.includes('value="release"'), own.text.includes('DSBLA260100001'), own.text.includes('MEZA')]).toEqual([true, false, true, false]);
  const forced = await maker.post(address).type('form').send({ ...hidden(own.text), decision: 'release' });
  expect([forced.status, forced.text.includes('cannot release it')]).toEqual([422, true]);
  expect((await maker.get(`${address}/message`)).status).toBe(409);

  const second = await site.signedIn('supervisor');
  const seen = await second.get(address);
  const done = await second.post(address).type('form').send({ ...hidden(seen.text), decision: 'release' });
  expect(done.headers['location']).toBe(`${address}?done=order_released`);
  const message = await maker.get(`${address}/message`).buffer(true).parse((res, done) => { let text = ''; res.on('data', (chunk: Buffer) => { text += chunk.toString(); }); res.on('end', () => { done(null, text); }); });
  expect([message.status, message.headers['content-type'], (message.body as string).includes('<EndToEndId>DSBLA260100002</EndToEndId>')]).toEqual([200, 'application/xml', true]);
  expect((await second.get(`${address}/message`)).status).toBe(403);
  expect((await maker.get(`/orders?partner=${LA}`)).text).toContain(address);
});

it('a bad day is told beside its field', async () => {
  await importRegister(site.ctx, [`DSBLA260100009,BT2,2000000000009,${LA},ROSA,1.00,USD,2026-10-01,consulate`]);
  const maker = await site.signedIn('reconciler');
  const list = await maker.get(`/orders?partner=${LA}`);
  const { status, text } = await maker.post('/orders').type('form').send({ ...hidden(list.text), on: '2001-01-01' });
  expect([status, text.includes('today or later')]).toEqual([422, true]);
  expect((await maker.get('/orders/ord_none')).status).toBe(404);
  await expect(releaseOrder(testCtx(site.db, { id: 'usr_second', roles: ['supervisor'] }), 'ord_none')).rejects.toMatchObject({ code: 'orders.unknown' });
});

it('is not for attorneys, translators or officers', async () => {
  for (const who of ['attorney', 'translator', 'officer_la']) expect([who, (await (await site.signedIn(who)).get('/orders')).status]).toEqual([who, 403]);
});
