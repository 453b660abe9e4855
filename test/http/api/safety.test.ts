import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import supertest from 'supertest';
import { revokeClient, rotateClient } from '../../../src/modules/identity/index.ts';
import { openApi, statusRequest } from './api-site.ts';
import type { ApiClient, ApiSite } from './api-site.ts';

let site: ApiSite;
let client: ApiClient;
beforeAll(async () => {
  site = await openApi();
  client = await site.client();
});

const problem = (status: number, type: string, code: string): unknown => expect.objectContaining({ status, type: `/api/v1/errors/${type}`, code });
const status = (secret: string): supertest.Test => supertest(site.app).get('/api/v1/status').set('Authorization', `Bearer ${secret}`);

describe('a credential', () => {
  it('that is missing, malformed, unknown or cut short lets nobody in, with one answer', async () => {
    const bodies = [];
    for (const header of [undefined, 'Bearer', 'Bearer x', 'Basic Zm9v', `Bearer pnt_cli_01KAM5T5ZV8Q0P6Y3H2N4B7C9D_${'a'.repeat(43)}`, `Bearer ${client.secret.slice(0, -1)}`, `Bearer ${client.secret}x`]) {
      const request = supertest(site.app).get('/api/v1/status');
      const answer = await (header === undefined ? request : request.set('Authorization', header));
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="puente"');
      expect(answer.headers['content-type']).toContain('application/problem+json');
      bodies.push(answer.body.status);
    }
    expect(new Set(bodies)).toEqual(new Set([401]));
  });

  it('that has ended or was revoked lets nobody in any more, and the former one of two only for a while', async () => {
    const one = await site.client({ days: 1 });
    const two = await rotateClient(site.ctx, one.clientId, { days: 3, overlapHours: 2 });
    expect([(await status(one.secret)).status, (await status(two.secret)).status]).toEqual([200, 200]);
    site.wait(3 * 3_600_000);
    expect([(await status(one.secret)).status, (await status(two.secret)).status]).toEqual([401, 200]);
    await revokeClient(site.ctx, one.clientId);
    expect((await status(two.secret)).status).toBe(401);
    const short = await site.client({ days: 1 });
    site.wait(25 * 3_600_000);
    const ended = await status(short.secret);
    expect(ended.body).toEqual(problem(401, 'unauthenticated', 'client.refused'));
  });

  it('does what its scopes say and no more', async () => {
    const reader = await site.client({ scopes: ['messages:read'] });
    expect((await reader.get('/messages')).status).toBe(200);
    const refused = await reader.post('/messages').send(statusRequest());
    expect(refused.body).toEqual(problem(403, 'forbidden', 'api.scope_missing'));
    expect(refused.body.detail).toContain('messages:write');
    for (const path of ['/status', '/receipts', '/inquiries']) expect((await reader.get(path)).status).toBe(403);
  });

  it('is bound to addresses, and a forged X-Forwarded-For is not believed', async () => {
    const bound = await site.client({ networks: ['203.0.113.0/24'] });
    expect((await bound.get('/status').set('X-Forwarded-For', '203.0.113.7')).status).toBe(401);
    const behindProxy = await openApi({ hops: 1 });
    const there = await behindProxy.client({ networks: ['203.0.113.0/24', '2001:db8::/32'] });
    expect((await there.get('/status').set('X-Forwarded-For', '203.0.113.7')).status).toBe(200);
    expect((await there.get('/status').set('X-Forwarded-For', '2001:db8::1')).status).toBe(200);
    expect((await there.get('/status').set('X-Forwarded-For', '203.0.113.7, 198.51.100.1')).status).toBe(401);
  });

  it('may be exchanged for a token that ends soon and has no more scopes', async () => {
    const form = { grant_type: 'client_credentials', client_id: client.clientId, client_secret: client.secret, scope: 'status:read' };
    const token = await supertest(site.app).post('/api/v1/token').type('form').send(form);
    expect(token.body).toMatchObject({ token_type: 'Bearer', expires_in: 900, scope: 'status:read' });
    expect((await status(token.body.access_token)).body.scopes).toEqual(['status:read']);
    const [head, tail] = [token.body.access_token.slice(0, -1), token.body.access_token.slice(-1)];
    expect((await status(`${head}${tail === 'A' ? 'B' : 'A'}`)).status).toBe(401);
    const basic = await supertest(site.app).post('/api/v1/token').auth(client.clientId, client.secret).type('form').send({ grant_type: 'client_credentials' });
    expect(basic.status).toBe(200);
    expect((await supertest(site.app).post('/api/v1/token').type('form').send({ ...form, scope: 'everything' })).body).toEqual(problem(422, 'unprocessable', 'client.scope_not_given'));
    expect((await supertest(site.app).post('/api/v1/token').type('form').send({ ...form, client_secret: 'guess' })).status).toBe(401);
    site.wait(16 * 60_000);
    expect((await status(token.body.access_token)).status).toBe(401);
  });
});

describe('limits', () => {
  it('hold for each client, and tell how long to wait', async () => {
    const slow = await site.client({ requestsPerMinute: 2 });
    const first = await slow.get('/status');
    expect(first.headers['ratelimit']).toBe('"client";r=1;t=60');
    await slow.get('/status');
    const third = await slow.get('/status');
    expect(third.body).toEqual(problem(429, 'too-many-requests', 'api.too_many'));
    expect(Number(third.headers['retry-after'])).toBeGreaterThan(0);
    expect((await client.get('/status')).status).toBe(200);
    site.wait(61_000);
    expect((await slow.get('/status')).status).toBe(200);
  });

  it('stop an address that guesses, and forget it after a while', async () => {
    for (let tried = 0; tried < 31; tried++) await status(`guess-${tried}`);
    const stranger = await site.client();
    expect((await status(stranger.secret)).body).toEqual(problem(429, 'too-many-requests', 'api.too_many'));
    // One that came in a while ago is no guess, and is not shut out by its neighbours.
    expect((await status(client.secret)).status).toBe(200);
    site.wait(5 * 60_000 + 1);
    expect((await status(stranger.secret)).status).toBe(200);
  });
});

describe('at the same time', () => {
  it('whoever guesses gains nothing by guessing all at once, and writes nothing into the record', async () => {
    const apart = await openApi();
    const before = await apart.scene.count("audit_events where action = 'client.refused'");
    const guesses = Array.from({ length: 90 }, (_, index) => `pnt_cli_01KAM5T5ZV8Q0P6Y3H2N4B7C9D_${String(index).padStart(43, 'a')}`);
    const answers = await Promise.all(guesses.map((guess) => supertest(apart.app).get('/api/v1/status').set('Authorization', `Bearer ${guess}`)));
    const looked = answers.filter((answer) => answer.status === 401);
    expect(looked.length).toBeLessThanOrEqual(30);
    // Told to wait, or refused with all others while there is more to do than can be done.
    expect(answers.filter((answer) => answer.status === 429 || answer.status === 503).map(({ headers }) => Number(headers['retry-after']) > 0)).toEqual(Array(90 - looked.length).fill(true));
    expect(await apart.scene.count("audit_events where action = 'client.refused'")).toBe(before);
  });

  it('many that are let in are let in', async () => {
    const apart = await openApi();
    const one = await apart.client();
    expect((await one.get('/status')).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 60 }, () => one.get('/status')));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  });
});

describe('a request that does not fit', () => {
  it.each([
    ['GET', '/nothing', 404, 'not-found'], ['GET', '/messages/%E0%A4%A', 400, 'invalid-request'], ['GET', '/messages/a%00b', 400, 'invalid-request'], ['GET', '/messages/..%2f..%2fetc', 404, 'not-found'],
    ['GET', '/messages?limit=0', 400, 'invalid-request'], ['GET', '/messages?limit=10000', 400, 'invalid-request'], ['GET', '/messages?limit=1&limit=2', 400, 'invalid-request'], ['GET', '/messages?lmit=1', 400, 'invalid-request'],
    ['GET', `/messages?after=${'a'.repeat(300)}`, 400, 'invalid-request'], ['GET', '/schemas/json/..%2f..%2fpackage.json', 404, 'not-found'], ['GET', '/schemas/json/case-extract.v1.json', 404, 'not-found'],
    ['DELETE', '/messages', 405, 'method-not-allowed'], ['PUT', '/status', 405, 'method-not-allowed'], ['GET', '/token', 405, 'method-not-allowed'], ['OPTIONS', '/messages', 405, 'method-not-allowed'],
  ])('%s %s is a problem of %i', async (method, path, expected, type) => {
    const answer = await supertest(site.app)[method.toLowerCase() as 'get'](`/api/v1${path}`).set('Authorization', `Bearer ${client.secret}`);
    expect({ status: answer.status, type: answer.body.type, media: answer.headers['content-type'] }).toEqual({ status: expected, type: `/api/v1/errors/${type}`, media: 'application/problem+json; charset=utf-8' });
    if (expected === 405) expect(answer.headers['allow']).toMatch(/GET|POST/);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('by its body: form, size, compression, depth, nothing at all', async () => {
    const key = (): string => `k-${Math.random()}`;
    const inquiry = (): supertest.Test => client.post('/inquiries').set('Idempotency-Key', key()).set('Content-Type', 'application/json');
    expect((await client.post('/messages').set('Content-Type', 'text/plain').send('x')).body).toEqual(problem(415, 'unsupported-media-type', 'api.media_type'));
    expect((await client.post('/messages').set('Content-Type', 'application/json').set('Content-Encoding', 'gzip').send(gzipSync('{}'))).body).toEqual(problem(415, 'unsupported-media-type', 'api.encoding'));
    expect((await inquiry().send(`{"a":${'['.repeat(50)}${']'.repeat(50)}}`)).body).toEqual(problem(400, 'invalid-request', 'api.body_too_deep'));
    expect((await inquiry().send('{"a":')).body).toEqual(problem(400, 'invalid-request', 'api.body_unreadable'));
    expect((await inquiry().send('{"person":{"personId":"a"},"person":{"personId":"b"}}')).body).toEqual(problem(400, 'invalid-request', 'api.body_unreadable'));
    expect((await inquiry().send('{"a":"\\u0000"}')).body).toEqual(problem(400, 'invalid-request', 'api.body_unreadable'));
    expect((await inquiry().send('{"__proto__":{}}')).body).toEqual(problem(400, 'invalid-request', 'api.body_unreadable'));
    expect((await inquiry().send(' '.repeat(70_000))).body).toEqual(problem(413, 'content-too-large', 'api.too_large'));
    expect((await client.post('/messages').set('Content-Type', 'application/json')).body).toEqual(problem(400, 'invalid-request', 'api.body_missing'));
    const fields = await inquiry().send('{"person":{"given":1}}');
    expect(fields.body).toEqual(problem(400, 'invalid-request', 'api.request_invalid'));
    expect(fields.body.errors).toContainEqual(expect.objectContaining({ code: 'api.field', pointer: '/asker' }));
  });

  it('is told of in the language of the caller', async () => {
    const titles = [];
    for (const language of ['en', 'es-MX,es;q=0.9', 'ko-KR']) titles.push((await client.get('/nothing').set('Accept-Language', language)).body.title);
    expect(titles).toEqual(['Not found', 'No existe', '없음']);
  });
});

describe('on the wire', () => {
  let port: number;
  let server: ReturnType<typeof createServer>;
  beforeAll(async () => {
    server = createServer(site.app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  }));

  /** What comes back to these bytes, until the other side or the test is done. */
  const talk = (text: string, isDone: (answer: string) => boolean, end = false): Promise<string> => new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => (end ? socket.end(text) : socket.write(text)));
    socket.on('data', (chunk) => {
      answer += String(chunk);
      if (isDone(answer)) socket.destroy();
    }).on('close', () => resolve(answer)).on('error', reject);
  });
  const head = (path: string, length: number, type: string, more = ''): string =>
    `POST /api/v1${path} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer ${client.secret}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n${more}\r\n`;

  it('100 MB of XML are refused before they are read', async () => {
    const answer = await talk(head('/messages', 100 * 1024 * 1024, 'application/xml'), (text) => text.includes('}'));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('api.too_large');
  });

  it('so many slow bodies of a client are listened to, and no more; each gives its place back', async () => {
    const slow = Array.from({ length: 12 }, () => connect(port, '127.0.0.1'));
    const answered: string[] = [];
    await new Promise<void>((resolve) => {
      for (const socket of slow) {
        socket.on('error', () => undefined).on('data', (chunk) => {
          answered.push(String(chunk).slice(0, 12));
          if (answered.length === 4) resolve();
        }).write(`${head('/messages', 8_000_000, 'application/json')}{`);
      }
    });
    expect(answered).toEqual(Array(4).fill('HTTP/1.1 429'));
    // What is small, and what others send, is none of these.
    expect((await client.post('/messages').send(statusRequest())).status).toBe(201);
    for (const socket of slow) socket.destroy();
    const padded = `${JSON.stringify(statusRequest())}${' '.repeat(2_000_000)}`;
    const again = (): supertest.Test => client.post('/messages').set('Content-Type', 'application/json').send(padded);
    let answer = await again();
    while (answer.status === 429) answer = await again();
    expect(answer.status).toBe(201);
  });

  it('half an upload keeps nothing, and a digest that differs neither', async () => {
    const before = await site.scene.count('exchange_messages');
    await talk(`${head('/files', 5_000, 'text/csv', 'Idempotency-Key: half\r\n')}a,b\n1,2\n`, () => false, true);
    const bytes = 'reference,amount\nR-1,10.00\n';
    const digest = createHash('sha256').update(bytes).digest('base64');
    const cut = await client.post('/files').set('Idempotency-Key', 'digest').set('Content-Type', 'text/csv').set('Content-Digest', `sha-256=:${digest}:`).send(bytes.slice(0, -3));
    expect(cut.body).toEqual(problem(400, 'invalid-request', 'api.digest_differs'));
    expect(await site.scene.count('exchange_messages')).toBe(before);
    const whole = await client.post('/files').set('Idempotency-Key', 'digest').set('Content-Type', 'text/csv').set('Content-Digest', `sha-256=:${digest}:`).send(bytes);
    expect([201, 422]).toContain(whole.status);
  });

  it('a header cannot be smuggled in by a value', async () => {
    const answer = await client.post('/files?fileName=a%0d%0aSet-Cookie:%20x=1').set('Idempotency-Key', 'crlf').set('Content-Type', 'text/csv').send('a,b\n1,2\n');
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.status).toBeLessThan(500);
  });
});
