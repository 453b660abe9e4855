import supertest from 'supertest';
import { listConfirmations, makePayeeLink } from '../../../src/modules/payments/index.ts';
import { behindTheWall } from '../../support/database.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { reconcileSamplePayments } from './sample-payments.ts';
import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

const PAID = 'D2601000000';
const OTHER = 'D2601000003';
let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  await reconcileSamplePayments(site.ctx);
});

const tokenOf = (text: string): string => /name="form_token" value="([^"]+)"/.exec(text)?.[1] ?? '';
const idOf = (text: string): string => /name="form_id" value="([^"]+)"/.exec(text)?.[1] ?? '';

it('offers deliveries to call about, and writes a call down once', async () => {
  const clerk = await site.signedIn('reconciler');
  expect((await clerk.get('/confirmations')).text).toContain(`/confirmations/${PAID}`);
  const page = (await clerk.get(`/confirmations/${PAID}`)).text;
  expect(await behindTheWall(site.db, "select subject_id as id from audit_events where action = 'list.shown' and subject_id = 'confirmation'")).toEqual([{ id: 'confirmation' }]);
  const form = { form_token: tokenOf(page), form_id: idOf(page), confirmed_on: '2026-02-01', caller: 'Lee <b>', spoken_to: 'Ana', outcome: 'received', amount: '6000.00', currency: 'MXN', note: '' };
  const bad = await clerk.post(`/confirmations/${PAID}`).type('form').send({ ...form, confirmed_on: '2025-01-01' });
  expect([bad.status, bad.text.includes('before the payment was sent'), /Lee &lt;b(>|&gt;)/.test(bad.text)]).toEqual([422, true, true]);
  const huge = await clerk.post(`/confirmations/${PAID}`).type('form').send({ ...form, amount: '99999999999999999999' });
  expect([huge.status, huge.text.includes('more than a payment can be')]).toEqual([422, true]);
  // What could be two amounts, is none, or is in a currency that was not sent is not read.
  for (const [amount, currency] of [['1.234', 'MXN'], ['=1+1', 'MXN'], ['💰', 'MXN'], ['6000.00', 'XXX'], ['1'.repeat(10_000), 'MXN']] as const) {
    const unread = await clerk.post(`/confirmations/${PAID}`).type('form').send({ ...form, amount, currency });
    expect([amount.slice(0, 9), unread.status, unread.text.includes('href="#amount"')]).toEqual([amount.slice(0, 9), 422, true]);
  }
  form.amount = '６．０００,00';
  for (let press = 0; press < 2; press++) expect((await clerk.post(`/confirmations/${PAID}`).type('form').send(form)).headers['location']).toBe(`/confirmations/${PAID}?done=confirmation_recorded`);
  expect((await listConfirmations(site.ctx, { disbursementId: PAID })).total).toBe(1);
  expect((await clerk.get(`/confirmations/${PAID}?done=confirmation_recorded`)).text).toMatch(/Lee &lt;b(>|&gt;)/);
});

it('shows a new link once, which a stranger answers on one page in two languages', async () => {
  const clerk = await site.signedIn('reconciler');
  const shown = await clerk.post(`/confirmations/${OTHER}/link`).type('form').send({ form_token: tokenOf((await clerk.get(`/confirmations/${OTHER}`)).text) });
  const path = /\/payee\/[A-Za-z0-9_-]{43}/.exec(shown.text)?.[0] ?? '';
  expect((await clerk.get(`/confirmations/${OTHER}`)).text).not.toContain('/payee/');
  const payee = supertest.agent(site.app);
  const { text, headers } = await payee.get(path);
  for (const said of ['¿Lo recibió?', 'Did you receive it?', '6,060', 'lang="es-MX"']) expect(text).toContain(said);
  for (const secret of ['Núñez', SAMPLE_CASES.plain.caseId, OTHER]) expect(text).not.toContain(secret);
  expect(headers['cache-control']).toBe('no-store');
  const answer = { form_token: tokenOf(text), outcome: 'partly', amount: '6 000,50', note: '<script>' };
  expect((await payee.post(path).type('form').send({ ...answer, amount: '9999' })).status).toBe(422);
  expect((await payee.post(path).type('form').send({ ...answer, outcome: 'x' })).status).toBe(422);
  expect((await payee.post(path).type('form').send(answer)).headers['location']).toBe('/payee-thanks?language_of=es-MX');
  expect((await listConfirmations(site.ctx, { disbursementId: OTHER })).rows).toMatchObject([{ channel: 'link', outcome: 'partly', amountMinor: 600_050n, note: '<script>' }]);
  const over = await payee.get(path);
  expect([over.status, over.text.includes('Este enlace ya no funciona')]).toEqual([404, true]);
  expect((await clerk.get(`/confirmations/${OTHER}`)).text).toMatch(/&lt;script(>|&gt;)/);
});

it('says the same of a link that never was, and answers no form without its token', async () => {
  const { path } = await makePayeeLink(site.ctx, 'D2601000006');
  const stranger = supertest.agent(site.app);
  expect((await stranger.post(path).type('form').send({ outcome: 'received' })).status).toBe(403);
  const [unknown, odd] = [await stranger.get(`/payee/${'A'.repeat(43)}`), await stranger.get('/payee/%27%20or%201=1')];
  expect([unknown.status, odd.status]).toEqual([404, 404]);
});

it('is not for translators or officers', async () => {
  for (const who of ['translator', 'officer_la', 'administrator']) expect((await (await site.signedIn(who)).get('/confirmations')).status).toBe(403);
});
