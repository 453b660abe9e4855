import { behindTheWall } from '../../support/database.ts';
import { listReminders, remind } from '../../../src/modules/exchange/index.ts';
import { buildPacket, createReferral, moveReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let reminderId: string;
let referralId: string;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  referralId = (await createReferral(site.ctx, { caseId: SAMPLE_CASES.plain.caseId, partnerId: 'mx-consulate-los-angeles', services: ['enforce'] })).referralId;
  await buildPacket(site.ctx, referralId);
  await sendReferral(site.ctx, referralId, { approver: 'Ana Ríos' });
  await moveReferral(site.ctx, referralId, 'learn');
  await remind(site.ctx);
  reminderId = (await listReminders(site.ctx)).rows.find((row) => row.referralId === referralId)?.reminderId ?? '';
});

async function press(who: string, path: string, fields: Record<string, string> = {}) {
  const agent = await site.signedIn(who);
  return agent.post(path).type('form').send({ form_token: await tokenOf(agent, '/reminders'), ...fields });
}

it('lists drafts in the words of the reader, and shows one with both texts beside each other', async () => {
  const attorney = await site.signedIn('attorney');
  const list = (await attorney.get('/reminders')).text;
  expect(list).toContain(`/reminders/${reminderId}`);
  expect(list).toContain('New information to be passed on');
  const one = (await attorney.get(`/reminders/${reminderId}`)).text;
  for (const words of ['we received new information about this case', 'recibimos información nueva sobre este caso', '45 CFR 303.7(a)(7)', referralId]) expect(one).toContain(words);
  expect((await attorney.get('/reminders?lang=ko-KR')).status).toBeLessThan(400);
});

it('comes back with what was typed where one language is missing or a place would be told', async () => {
  const half = await press('attorney', `/reminders/${reminderId}`, { source: 'He <b>moved</b>.', target: '' });
  expect([half.status, half.text.includes('He &lt;b&gt;moved&lt;/b&gt;.'), half.text.includes('Enter the sentence in both languages or in neither.')]).toEqual([422, true, true]);
  expect((await listReminders(site.ctx)).rows.map((row) => row.reminderId)).toContain(reminderId);
});

it('is sent once, and offers nothing after', async () => {
  const sent = await press('attorney', `/reminders/${reminderId}`, { source: 'The debtor has a new employer.', target: 'El deudor tiene un nuevo empleador.' });
  expect(sent.headers['location']).toBe('/reminders?done=sent');
  const attorney = await site.signedIn('attorney');
  expect((await attorney.get('/reminders?done=sent')).text).toContain('The message is being sent.');
  const page = await attorney.get(`/reminders/${reminderId}`);
  expect([page.text.includes('El deudor tiene un nuevo empleador.'), page.text.includes('<textarea')]).toEqual([true, false]);
  expect((await press('attorney', `/reminders/${reminderId}`)).status).toBe(409);
});

it('is closed to partners and to whoever is not about cases', async () => {
  for (const who of ['officer_la', 'reconciler']) expect([who, (await (await site.signedIn(who)).get('/reminders')).status]).toEqual([who, 403]);
  expect((await (await site.signedIn('attorney')).get('/reminders/rmd_00000000000000000000000000')).status).toBe(404);
});

it('a supervisor sees on the queue how many matters wait, and nobody else does', async () => {
  const shown = async (who: string) => (await (await site.signedIn(who)).get('/queue')).text.includes('/reminders?show=escalations');
  expect([await shown('supervisor'), await shown('attorney')]).toEqual([false, false]);
  await behindTheWall(site.db, "update exchange_reminders set is_escalation = true, message_id = null, state = 'escalated' where reminder_id = $1", [reminderId]);
  expect([await shown('supervisor'), await shown('attorney')]).toEqual([true, false]);
  expect((await (await site.signedIn('supervisor')).get('/queue')).text).toContain('1 overdue item is waiting for the supervisor');
});
