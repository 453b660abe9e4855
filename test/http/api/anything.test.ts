import fc from 'fast-check';
import supertest from 'supertest';
import { loadDescription } from '../../../src/api/v1/description.ts';
import { openApi } from './api-site.ts';
import type { ApiClient, ApiSite } from './api-site.ts';

let site: ApiSite;
let client: ApiClient;
beforeAll(async () => {
  site = await openApi();
  client = await site.client();
});

const { operations } = loadDescription();
const token = fc.string({ minLength: 1, maxLength: 60 }).map((text) => encodeURIComponent(text.replaceAll(/[\ud800-\udfff]/g, '')));
const part = fc.oneof(token, fc.constantFrom('..', '%2e%2e', '%00', '%ff', '%', 'msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D', 'rct_01KAM5T5ZV8Q0P6Y3H2N4B7C9D', 'not-found', 'xsd', '__proto__', 'constructor'));
const METHODS = ['get', 'post', 'put', 'delete', 'head'];
const known = fc.tuple(fc.constantFrom(...operations), fc.array(part, { minLength: 2, maxLength: 2 }), fc.constantFrom(null, null, null, ...METHODS))
  .map(([operation, parts, other]) => ({ method: other ?? operation.method, path: operation.path.replaceAll(/:\w+/g, () => parts.pop() ?? 'x') }));
const unknown = fc.tuple(fc.constantFrom(...METHODS), part).map(([method, one]) => ({ method, path: `/${one}` }));
const query = fc.array(fc.tuple(fc.constantFrom('limit', 'after', 'fileName', '__proto__', 'x'), token), { maxLength: 3 }).map((pairs) => pairs.map((pair) => pair.join('=')).join('&'));
const header = fc.dictionary(
  fc.constantFrom('Accept', 'Accept-Language', 'Content-Type', 'Idempotency-Key', 'If-None-Match', 'Range', 'If-Range', 'Content-Digest', 'Content-Encoding', 'X-Forwarded-For', 'Origin'),
  fc.oneof(fc.string({ maxLength: 80, unit: 'grapheme-ascii' }), fc.constantFrom('*/*', 'application/json', 'application/xml', 'bytes=5-1', 'bytes=-0', 'gzip', '*', 'text/csv', 'sha-256=:x:')),
  { maxKeys: 4 });
const body = fc.oneof(fc.string({ maxLength: 300 }), fc.json({ maxDepth: 4 }), fc.constantFrom('', '{}', '[]', 'null', '<a/>', '{"version":"1.1"}'));

it('whatever is asked, the answer is one of the description or a problem, and never a fault', async () => {
  const seen = new Set<number>();
  await fc.assert(fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: unknown }), query, header, body, fc.boolean(), async ({ method, path }, search, headers, text, isKnown) => {
    const request = supertest(site.app)[method as 'post'](`/api/v1${path}${search === '' ? '' : `?${search}`}`).ok(() => true);
    if (isKnown) void request.set('Authorization', `Bearer ${client.secret}`);
    for (const [name, value] of Object.entries(headers)) void request.set(name, value.trim());
    const answer = await (['post', 'put', 'delete'].includes(method) ? request.send(text) : request);
    expect({ status: answer.status < 500, path, method, headers, text }).toEqual({ status: true, path, method, headers, text });
    if (answer.status >= 400 && method !== 'head') {
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.text).not.toMatch(/\bat \w+ \(|node_modules|select .* from|undefined/);
    }
    seen.add(answer.status);
    site.wait(1_000);
  }), { numRuns: 600 });
  expect([...seen].sort()).toEqual(expect.arrayContaining([200, 400, 401, 404, 405, 406, 415]));
});
