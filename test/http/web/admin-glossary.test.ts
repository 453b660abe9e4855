import { refreshKits } from '../../../src/modules/partners/index.ts';
import { federalTerm } from '../../support/glossary-words.ts';
import { findTerm } from '../../../src/platform/glossary.ts';
import { hiddenField, openSite } from './web-site.ts';
import type { Site } from './web-site.ts';
import type supertest from 'supertest';

const BASE = '/administration/glossary';
let site: Site;
beforeAll(async () => {
  site = await openSite();
  await refreshKits(site.ctx);
});

const get = async (path: string, who = 'administrator'): Promise<supertest.Response> => (await site.signedIn(who)).get(path);
const TERM = { en: 'obligor', es_us: 'persona obligada al pago', es_mx: 'deudor alimentario', ko: '양육비 채무자', status: 'verified', source: 'A lawyer of Mexico', note: '', do: 'save' };

async function save(id: string, given: Record<string, string>, who = 'administrator'): Promise<supertest.Response> {
  const agent = await site.signedIn(who);
  const form_token = hiddenField((await agent.get(`${BASE}/${id}`)).text, 'form_token') || hiddenField((await agent.get('/partners')).text, 'form_token');
  return agent.post(`${BASE}/${id}`).type('form').send({ form_token, ...given });
}

async function upload(csv: string | Buffer): Promise<supertest.Response> {
  const agent = await site.signedIn('administrator');
  const form_token = hiddenField((await agent.get('/administration/glossary-import')).text, 'form_token');
  return agent.post('/administration/glossary-import').field('form_token', form_token).attach('file', Buffer.from(csv), 'glossary.csv');
}

it('finds terms by word without accents, by language and by standing, and pages', async () => {
  expect((await get(`${BASE}?q=resolucion&in=es`)).text).toContain('resolución');
  expect((await get(`${BASE}?q=${encodeURIComponent('양육비 채무자')}&in=ko`)).text).toContain('party.obligor');
  expect((await get(`${BASE}?q=obligor&in=ko`)).text).not.toContain('party.obligor');
  expect((await get(`${BASE}?status=review`)).text).not.toContain('pu-tag--good">');
  const [first, second] = [(await get(BASE)).text, (await get(`${BASE}?page=2`)).text];
  expect(first.match(/<tr><th scope="row"/g)).toHaveLength(50);
  expect(second).not.toContain(/<a href="(\/administration\/glossary\/[^"]+)"/.exec(first)?.[1] ?? 'none');
  expect((await get(`${BASE}?sort=-es`)).status).toBe(200);
});

it('accepts a term under review, keeps the history, and returns to the published words', async () => {
  expect(findTerm('party.obligor')?.status).toBe('review');
  expect((await save('party.obligor', TERM)).status).toBe(303);
  expect(findTerm('party.obligor')).toMatchObject({ status: 'verified', source: 'A lawyer of Mexico' });
  const { text } = await get(`${BASE}/party.obligor`);
  for (const words of ['Ada Administrator', 'As published', 'Return to the published wording']) expect(text).toContain(words);
  expect((await get(`${BASE}?status=changed`)).text).toContain('party.obligor');
  expect((await save('party.obligor', { do: 'return' })).status).toBe(303);
  expect(findTerm('party.obligor')?.status).toBe('review');
});

it('brings changed words into what packets print from then on', async () => {
  const { id, text, key } = federalTerm();
  expect((await save(id, { ...TERM, en: findTerm(id)?.words.en ?? '', es_us: 'palabra cambiada', ko: findTerm(id)?.words.ko ?? '', es_mx: findTerm(id)?.words.es_mx ?? '' })).status).toBe(303);
  expect([text === 'Palabra cambiada', federalTerm(key).text]).toEqual([false, 'Palabra cambiada']);
});

it.each([
  ['nothing', { es_mx: '' }, 'es_mx'], ['HTML', { ko: '<b>채무자</b>' }, 'ko'], ['another script', { es_mx: '채무자' }, 'es_mx'], ['too much', { en: 'x'.repeat(900) }, 'en'],
  ['a mark of direction', { es_mx: 'deudor\u202e' }, 'es_mx'], ['no source', { source: '' }, 'source'], ['no standing', { status: 'sure' }, 'status'], ['a gap too many', { ko: '{{date}} 채무자' }, 'ko'],
])('refuses %s, beside the field, and keeps what was typed', async (_, given, field) => {
  const bad = await save('party.obligor', { ...TERM, ...given });
  expect([bad.status, bad.text.includes(`href="#${field}"`), bad.text.includes('A lawyer of Mexico') || 'source' in given]).toEqual([422, true, true]);
  expect(findTerm('party.obligor')?.status).toBe('review');
});

it('is written by administrators only', async () => {
  expect([(await get(BASE, 'supervisor')).status, (await save('party.obligor', TERM, 'supervisor')).status, (await get(BASE, 'attorney')).status]).toEqual([200, 403, 403]);
  expect((await get(`${BASE}/no.such`)).status).toBe(404);
});

describe('as a spreadsheet', () => {
  const saved = async (): Promise<string> => (await get(`${BASE}?as=csv`)).text;

  it('comes back as it went out', async () => {
    const same = await upload(await saved());
    expect([same.status, same.text.includes('No differences')]).toEqual([200, true]);
  });

  it('shows what would change before it is saved, and saves it once', async () => {
    const shown = await upload((await saved()).replace('padre o madre con custodia', 'progenitor con custodia'));
    expect([shown.status, shown.text.includes('<ins translate="no">progenitor con custodia</ins>'), findTerm('party.custodial_parent')?.words.es_us]).toEqual([200, true, 'padre o madre con custodia']);
    const agent = await site.signedIn('administrator');
    const unescape = (text: string): string => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    const form = { form_token: hiddenField(shown.text, 'form_token'), form_id: hiddenField(shown.text, 'form_id'), terms: unescape(hiddenField(shown.text, 'terms')) };
    for (let press = 0; press < 2; press += 1) expect((await agent.post('/administration/glossary-import/confirm').type('form').send(form)).headers['location']).toBe(`${BASE}?status=changed&done=1`);
    expect(findTerm('party.custodial_parent')?.words.es_us).toBe('progenitor con custodia');
  });

  it.each([
    ['an empty file', '', 'Choose a file'], ['other columns', 'a,b\r\n1,2', 'columns are missing'], ['a quotation mark left open', 'id,en,es_us,es_mx,ko,status\n"party.obligor,x', 'breaks off'],
    ['an unknown term', 'id,en,es_us,es_mx,ko,status\n<script>,x,x,x,x,review', 'Line 2, id'], ['another encoding', Buffer.from([0xff, 0xfe, 0x41]), 'UTF-8'], ['too much', 'x'.repeat(1_100_000), 'too large'],
    ['a term without Korean', 'id,en,es_us,es_mx,ko,status\nparty.obligor,obligor,x,x,,review', 'Line 2, ko'],
  ])('refuses %s and says where', async (_, csv, words) => {
    const bad = await upload(csv);
    expect([bad.status, bad.text.includes(words), bad.text.includes('<script>,x')]).toEqual([422, true, false]);
  });
});

it('hands out what is to be confirmed, forms and deadlines, sorted, filtered and as files', async () => {
  const all = (await get('/administration/to-confirm')).text;
  expect(Number(/(\d+) details to be confirmed/.exec(all)?.[1])).toBeGreaterThan(150);
  for (const [path, words] of [
    ['/administration/to-confirm?kit=partners', 'part?at='], ['/administration/to-confirm?kit=glossary&sort=-of', '/administration/glossary/'], ['/administration/to-confirm?as=csv', 'Kind of data'], ['/administration/forms?show=expired', 'Expired'],
    ['/administration/forms?as=csv', 'transmittal_1'], ['/administration/data?year=2027', '45 CFR 303.7'], ['/administration/data?as=csv', 'referral.send'], ['/administration/keys', 'Puente development'], ['/administration', 'To be confirmed'],
    ['/administration/partners?as=csv', 'kr-kcsa'], ['/administration/partners?sort=-unconfirmed&show=unconfirmed', 'kr-kcsa'],
  ] as const) {
    const { status, text } = await get(path);
    expect([path, status, text.includes(words)]).toEqual([path, 200, true]);
  }
});
