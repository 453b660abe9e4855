import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pickUpFiles } from '../../../src/modules/payments/index.ts';
import { postTransfer } from '../../../src/modules/ledger/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { addDays, calendarDate, instantAt } from '../../../src/platform/dates.ts';
import { hiddenField, openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

const ZONE = 'America/Los_Angeles';
let site: Site;
let day: string;

// The last day that has ended: before what these tests record, so that there is a day to close whatever time it is.
beforeAll(async () => {
  site = await openSite();
  const today = calendarDate(new Date(), ZONE);
  day = instantAt(today, '17:00', ZONE) <= new Date() ? today : addDays(today, -1);
  await inTransaction(site.ctx, (tx) => postTransfer(tx, { transferKey: 'by-hand', event: 'by.hand', occurredOn: '2026-03-18', legs: [
    { kind: 'bank', currency: 'USD', amountMinor: 500n }, { kind: 'suspense', partnerId: 'kr-kcsa', currency: 'USD', amountMinor: -500n }] }));
});

const pageOf = async (who: string, path: string) => (await site.signedIn(who)).get(path);
const send = async (who: string, path: string, form: Record<string, string>) => {
  const agent = await site.signedIn(who);
  return agent.post(path).type('form').send({ form_token: await tokenOf(agent, `/days/${day}`), ...form });
};

it('lists the checks of a day that ended, and takes no close without reasons', async () => {
  const { text } = await pageOf('reconciler', `/days/${day}`);
  expect(text).toContain('Lists, bank, and cases agree');
  const refused = await send('reconciler', `/days/${day}`, {});
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('<a href="#reason_agreement">');
  expect(refused.text).toContain('aria-describedby="reason_agreement-error"');
});

it('is closed by one person, with reasons that are escaped, and signed by another', async () => {
  expect((await send('supervisor', `/days/${day}`, { reason_agreement: 'x' })).status).toBe(403);
  const closed = await send('reconciler', `/days/${day}`, { reason_agreement: '<b>entered</b> by hand' });
  expect([closed.status, closed.headers['location']]).toEqual([303, `/days/${day}?done=closed`]);
  const own = (await pageOf('reconciler', `/days/${day}?done=closed`)).text;
  expect(own).toContain('Another person must sign it.');
  expect(own).toContain('&lt;b&gt;entered&lt;/b&gt; by hand');
  expect(own).not.toContain(`action="/days/${day}/sign"`);
  const closingId = hiddenField((await pageOf('supervisor', `/days/${day}`)).text, 'closing_id');
  expect((await send('reconciler', `/days/${day}/sign`, { closing_id: closingId })).status).toBe(403);
  expect((await send('supervisor', `/days/${day}/sign`, { closing_id: 'day_other' })).status).toBe(409);
  expect((await send('supervisor', `/days/${day}/sign`, { closing_id: closingId })).headers['location']).toBe(`/days/${day}?done=signed`);
  expect((await pageOf('reconciler', '/days')).text).toContain('signed');
});

it('is reopened by a supervisor with a reason; all that was stays to be read', async () => {
  expect((await send('reconciler', `/days/${day}/reopen`, { reopen_reason: 'wrong' })).status).toBe(403);
  const form_id = hiddenField((await pageOf('supervisor', `/days/${day}`)).text, 'form_id');
  const without = await send('supervisor', `/days/${day}/reopen`, { form_id, reopen_reason: '' });
  expect([without.status, without.text.includes('<a href="#reopen_reason">')]).toEqual([422, true]);
  expect((await send('supervisor', `/days/${day}/reopen`, { form_id, reopen_reason: 'a statement was missing' })).status).toBe(303);
  const { text } = await pageOf('supervisor', `/days/${day}`);
  expect([text.includes('reopened'), text.includes('a statement was missing')]).toEqual([true, true]);
});

it('answers what is no day, and a day to come', async () => {
  for (const wrong of ['2026-02-30', 'x', '%27--']) expect((await pageOf('reconciler', `/days/${wrong}`)).status).toBeGreaterThanOrEqual(400);
  expect((await pageOf('reconciler', `/days/${addDays(day, 300)}`)).text).toContain('This day has not ended yet');
});

it('shows folders, files and alarms of the pick-up in words', async () => {
  const place = join(site.db.dataDir, 'pickup', 'kcsa');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(site.db.dataDir, 'pickup', 'kcsa.json'), JSON.stringify({ pickupVersion: '1.0', pickupId: 'kcsa', confirmed: false, takes: 'payments', partnerId: 'kr-kcsa', folder: 'kcsa', quietSeconds: 0,
    expected: { weekdays: [1, 5], by: '17:00', afterHours: 4, since: '2026-01-01' } }));
  writeFileSync(join(site.db.dataDir, 'pickup', 'broken.json'), '{');
  writeFileSync(join(place, '<img src=x>.csv'), 'nothing\n');
  await pickUpFiles(site.ctx);
  for (const language of ['es-MX', 'ko-KR', 'en']) {
    await pageOf('reconciler', `/pickup?language=${language}`);
    const { status, text } = await pageOf('reconciler', '/pickup');
    expect([status, text.includes('<img src=x>'), /pickup\.[a-z_]+/.test(text)]).toEqual([200, false, false]);
  }
  const { text } = await pageOf('reconciler', '/pickup');
  for (const words of ['Expected but not received', 'Monday, Friday, by 17:00 (Asia/Seoul)', 'to be confirmed', 'refused']) expect(text).toContain(words);
});
