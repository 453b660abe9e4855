import supertest from 'supertest';
import { openApi } from './api-site.ts';
import type { ApiSite } from './api-site.ts';

let site: ApiSite;
beforeAll(async () => {
  site = await openApi({ publicUrl: 'https://county.example/' });
});
const get = (path: string): supertest.Test => supertest(site.app).get(`/api/v1${path}`);

it('the description is shown offline, and no script stands in the page', async () => {
  expect((await get('/docs')).headers['location']).toBe('/api/v1/docs/');
  const page = await get('/docs/');
  expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  const sources = [...page.text.matchAll(/<(?:script|link)[^>]*(?:src|href)="([^"]+)"/g)].map((found) => found[1] as string);
  expect(sources.length).toBeGreaterThan(2);
  for (const source of sources) expect([source, (await get(`/docs/${source}`)).status]).toEqual([source, 200]);
  expect(page.text).not.toMatch(/<script>|style=|https?:\/\//);
  expect((await get('/docs/package.json')).status).toBe(404);
});

it('the schemas that it names are there', async () => {
  const { text } = await get('/openapi.yaml').buffer();
  const named = new Set([...text.matchAll(/'\.\/(schemas\/[^']+)'/g)].map((found) => found[1] as string));
  expect(named.size).toBeGreaterThan(0);
  for (const path of named) expect([path, (await get(`/${path}`)).status]).toEqual([path, 200]);
  expect((await get('/schemas/xsd/puente-message.v1.xsd')).headers['content-type']).toContain('application/xml');
  expect((await get('/openapi.json')).body.openapi).toBe('3.1.0');
});

it('an error’s type is an address that says what it means, to programs and to people', async () => {
  const { body } = await get('/nothing');
  expect(body.type).toBe('https://county.example/api/v1/errors/not-found');
  const path = new URL(body.type as string).pathname.replace('/api/v1', '');
  expect((await get(path)).body).toMatchObject({ type: body.type, status: 404, title: 'Not found' });
  const page = await get(path).set('Accept', 'text/html').set('Accept-Language', 'ko');
  expect(page.text).toContain('<html lang="ko-KR">');
});
