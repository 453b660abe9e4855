import supertest from 'supertest';
import { apiRouter } from '../../../src/api/v1/index.ts';
import { buildWebApp } from '../../../src/web/index.ts';
import { hiddenField, openSite } from './web-site.ts';
import type { Site } from './web-site.ts';
import { UNHURRIED } from '../../support/unhurried.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

/** Sends one of the page's forms as it stands there. */
async function send(path: string, given: Record<string, string | string[]>, formId: string, who = 'administrator'): Promise<supertest.Response> {
  const agent = await site.signedIn(who);
  const form_token = hiddenField((await agent.get('/clients')).text, 'form_token');
  return agent.post(path).type('form').send({ form_token, form_id: formId.padEnd(24, 'x'), ...given });
}
const CLIENT = { partner: 'kr-kcsa', name: 'KCSA gateway', scopes: ['status:read', 'messages:read'], networks: '', days: '30' };

it('shows a new secret once, and never again', async () => {
  const made = await send('/clients/new', CLIENT, 'made');
  const secret = /pnt_cli_[0-9A-Z]{26}_[\w-]{43}/.exec(made.text)?.[0] ?? '';
  expect(secret).not.toBe('');
  const again = await send('/clients/new', CLIENT, 'made');
  expect([again.status, again.headers['location']]).toEqual([303, '/clients?done=made']);
  const { text } = await (await site.signedIn('administrator')).get('/clients');
  expect(text).toContain('KCSA gateway');
  expect(text).not.toContain(secret.slice(-43));
  const web = buildWebApp(site.ctx, [apiRouter(site.ctx)], UNHURRIED);
  expect((await supertest(web.app).get('/api/v1/status').set('Authorization', `Bearer ${secret}`)).body).toMatchObject({ partnerId: 'kr-kcsa', scopes: ['status:read', 'messages:read'] });
  const clientId = secret.slice(4, 34);
  expect((await send('/clients/revoke', { client_id: clientId }, 'gone')).status).toBe(303);
  expect((await supertest(web.app).get('/api/v1/status').set('Authorization', `Bearer ${secret}`)).status).toBe(401);
  await web.close();
});

it('asks before it shuts out, naming what; nothing has happened until then', async () => {
  const made = await send('/clients/new', { ...CLIENT, name: 'To be <closed>' }, 'closing');
  const clientId = /pnt_(cli_[0-9A-Z]{26})_/.exec(made.text)?.[1] ?? '';
  const agent = await site.signedIn('administrator');
  expect((await agent.get('/clients')).text).toContain(`href="/clients/revoke?client_id=${clientId}"`);
  const asked = await agent.get(`/clients/revoke?client_id=${clientId}`);
  expect([asked.status, asked.text.includes('Revoke To be &lt;closed&gt;'), asked.text.includes('action="/clients/revoke"')]).toEqual([200, true, true]);
  expect((await agent.get('/clients')).text).toContain(`href="/clients/revoke?client_id=${clientId}"`);
  expect((await send('/clients/revoke', { client_id: clientId }, 'sure')).status).toBe(303);
  expect((await agent.get('/clients')).text).not.toContain(`href="/clients/revoke?client_id=${clientId}"`);
  expect((await agent.get(`/clients/revoke?client_id=${clientId}`)).text).not.toContain('action="/clients/revoke"');
  expect((await (await site.signedIn('supervisor')).get(`/clients/revoke?client_id=${clientId}`)).status).toBe(403);
});

it('says what is wrong with a form, with the field', async () => {
  const bad = await send('/clients/new', { ...CLIENT, name: '', networks: 'everywhere', days: '999' }, 'bad');
  expect(bad.status).toBe(422);
  for (const id of ['client_name', 'client_networks', 'client_days']) expect(bad.text).toContain(`href="#${id}"`);
  const key = await send('/clients/keys/new', { partner: 'kr-kcsa', name: 'k', public_key: '-----BEGIN OPENSSH PRIVATE KEY-----', networks: '', days: '30' }, 'key');
  expect([key.status, key.text.includes('href="#key_public_key"')]).toEqual([422, true]);
  expect(key.text).toContain('This is a private key.');
  expect((await send('/clients/new', { ...CLIENT, partner: 'nobody' }, 'nobody')).status).toBe(422);
});

it('is for administrators; a supervisor looks, nobody else does', async () => {
  expect((await (await site.signedIn('supervisor')).get('/clients')).text).not.toContain('action="/clients/new"');
  expect((await send('/clients/new', CLIENT, 'sup', 'supervisor')).status).toBe(403);
  for (const who of ['attorney', 'officer_kr', 'reconciler']) expect((await (await site.signedIn(who)).get('/clients')).status).toBe(403);
});
