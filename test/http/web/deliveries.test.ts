import { deliverMessage } from '../../../src/modules/exchange/index.ts';
import { withdrawMessage } from '../../../src/modules/exchange/delivery/withdraw-message.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { behindTheWall } from '../../support/database.ts';
import { aQueuedMessage } from '../../support/exchange/outgoing.ts';
import { openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let messageId: string;
beforeAll(async () => {
  site = await openSite();
  messageId = await aQueuedMessage(site.ctx);
  await deliverMessage({ ...site.ctx, keys: { ...site.ctx.keys, signing: null } }, messageId);
});

async function press(who: string, path: string, fields: Record<string, string> = {}) {
  const agent = await site.signedIn(who);
  return agent.post(path).type('form').send({ form_token: await tokenOf(agent, `/deliveries/${messageId}`), ...fields });
}

it('lists what reached nobody with the reason, in the words of the reader', async () => {
  const attorney = await site.signedIn('attorney');
  const list = (await attorney.get('/deliveries')).text;
  for (const words of [`/deliveries/${messageId}`, 'failed', 'Undelivered messages']) expect(list).toContain(words);
  const one = (await attorney.get(`/deliveries/${messageId}`)).text;
  for (const words of ['Send again', 'Delivery attempts', 'Record the dispatch']) expect(one).toContain(words);
});

it('shows what is wrong with a dispatch beside its field, and keeps what was typed', async () => {
  const reply = await press('attorney', `/deliveries/${messageId}/dispatch`, { courier: '<b>DHL</b>', trackingNumber: 'JD0146000123', dispatchedOn: 'yesterday' });
  expect(reply.status).toBe(422);
  for (const words of ['&lt;b&gt;DHL&lt;/b&gt;', 'the courier’s name has', 'last 90 days', 'JD0146000123']) expect(reply.text).toContain(words);
  expect(reply.text).not.toContain('<b>DHL');
});

it('gives the sheet to lay on top of papers', async () => {
  const sheet = await (await site.signedIn('attorney')).get(`/deliveries/${messageId}/sheet`);
  expect([sheet.status, sheet.headers['content-type']]).toEqual([200, 'application/pdf']);
});

it('is sent again by one click', async () => {
  const reply = await press('attorney', `/deliveries/${messageId}/resend`);
  expect(reply.headers['location']).toBe(`/deliveries/${messageId}?done=resent`);
  const attorney = await site.signedIn('attorney');
  expect((await attorney.get(`/deliveries/${messageId}?done=resent`)).text).toContain('The message is being sent again.');
  expect((await attorney.get('/deliveries')).text).toContain('There are no messages here.');
  expect((await press('attorney', `/deliveries/${messageId}/resend`)).status).toBe(409);
});

it('that nobody took back is not seen to, and whoever only looks sees to nothing', async () => {
  expect((await press('attorney', `/deliveries/${messageId}/seen`)).status).toBe(404);
  expect((await press('attorney', '/deliveries/msg_01K0000000000000000000000A/seen')).status).toBe(404);
  const administrator = await site.signedIn('administrator');
  expect((await administrator.get('/deliveries')).text).toContain('Deliveries');
  expect((await administrator.post(`/deliveries/${messageId}/seen`).type('form').send({ form_token: await tokenOf(administrator, '/deliveries') })).status).toBe(403);
});

it('that was taken back is seen to by one press, and leaves the queue; pressed again nothing changes', async () => {
  const withheld = await aQueuedMessage(site.ctx);
  await inTransaction(site.ctx, (tx) => withdrawMessage(tx, withheld, 'protected'));
  const waiting = (): Promise<unknown[]> => behindTheWall(site.db, 'select kind from queue_items where subject_id = $1', [withheld]);
  expect(await waiting()).toEqual([{ kind: 'exchange_withdrawn' }]);
  const attorney = await site.signedIn('attorney');
  expect((await attorney.get(`/deliveries/${withheld}`)).text).toContain(`action="/deliveries/${withheld}/seen"`);
  for (const time of ['first', 'again']) {
    const reply = await press('attorney', `/deliveries/${withheld}/seen`);
    expect([time, reply.status, reply.headers['location'], await waiting()]).toEqual([time, 303, `/deliveries/${withheld}?done=seen`, []]);
  }
  expect((await attorney.get(`/deliveries/${withheld}?done=seen`)).text).toContain('role="status"');
  expect(await behindTheWall(site.db, "select distinct subject_id as id from audit_events where action = 'message.withheld_seen'")).toEqual([{ id: withheld }]);
});

it('is closed to partners, and tells nothing of what is not there', async () => {
  for (const who of ['officer_la', 'reconciler']) expect([who, (await (await site.signedIn(who)).get(`/deliveries/${messageId}`)).status]).toEqual([who, 403]);
  expect((await (await site.signedIn('attorney')).get('/deliveries/msg_01K0000000000000000000000A')).status).toBe(404);
});
