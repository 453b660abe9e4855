import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createRaw } from 'node:net';
import type { AddressInfo, Server as RawServer } from 'node:net';
import { isPublicAddress, webhookAddress } from '../../../src/modules/exchange/notices/address.rules.ts';
import { postSafely } from '../../../src/modules/exchange/notices/post-safely.ts';
import type { Post, Posted } from '../../../src/modules/exchange/notices/post-safely.ts';
import { isSignedBy, signatureHeader } from '../../../src/modules/exchange/notices/sign-webhook.ts';

const NOW = new Date('2026-11-20T12:00:00Z');

describe('the address of a receiver', () => {
  it.each([
    ['https://consulate.example.org/hooks/1', null], ['https://consulate.example.org:8443/', null], ['https://8.8.8.8/', null], ['https://[2606:4700::1111]/', null],
    ['http://consulate.example.org/', 'webhook.url_not_https'], ['ftp://consulate.example.org/', 'webhook.url_not_https'], ['file:///etc/passwd', 'webhook.url_not_https'],
    ['https://consulate.example.org:22/', 'webhook.url_port'], ['https://user:word@consulate.example.org/', 'webhook.url_credentials'], ['https://consulate.example.org@127.0.0.1/', 'webhook.url_credentials'],
    ['https://127.0.0.1/', 'webhook.url_private'], ['https://2130706433/', 'webhook.url_private'], ['https://0x7f.1/', 'webhook.url_private'], ['https://017700000001/', 'webhook.url_private'],
    ['https://169.254.169.254/latest/meta-data/', 'webhook.url_private'], ['https://[::1]/', 'webhook.url_private'], ['https://[::ffff:10.0.0.1]/', 'webhook.url_private'],
    ['https://[64:ff9b::a00:1]/', 'webhook.url_private'], ['https://localhost/', 'webhook.url_private'], ['https://database/', 'webhook.url_private'], ['https://metadata.google.internal/', 'webhook.url_private'],
    ['https://１２７.0.0.1/', 'webhook.url_private'], ['nothing', 'webhook.url_unreadable'], [`https://consulate.example.org/${'a'.repeat(1_000)}`, 'webhook.url_unreadable'],
  ])('%s: %s', (url, fault) => {
    expect(webhookAddress(url, []).fault).toBe(fault);
  });

  it('may be of the own network, and over http, only where the operator has named it with its port', () => {
    const allowed = ['127.0.0.1:8081', 'hooks.county.internal'];
    expect(webhookAddress('http://127.0.0.1:8081/x', allowed).fault).toBeNull();
    expect(webhookAddress('http://hooks.county.internal/x', allowed).fault).toBeNull();
    expect(webhookAddress('http://127.0.0.1:8082/x', allowed).fault).toBe('webhook.url_not_https');
  });
});

it.each([
  ['8.8.8.8', true], ['1.1.1.1', true], ['2606:4700::1111', true], ['2001:4860:4860::8888', true],
  ['10.1.2.3', false], ['100.64.0.1', false], ['127.9.9.9', false], ['169.254.169.254', false], ['172.16.0.1', false], ['172.31.255.255', false], ['192.168.1.1', false], ['0.0.0.0', false],
  ['198.18.0.1', false], ['224.0.0.1', false], ['255.255.255.255', false], ['::', false], ['::1', false], ['::ffff:8.8.8.8', false], ['::ffff:7f00:1', false], ['64:ff9b::808:808', false], ['fc00::1', false],
  ['fd12:3456::1', false], ['fe80::1', false], ['fe80::1%eth0', false], ['ff02::1', false], ['2002:7f00:1::', false], ['2001:0:1::1', false], ['2001:db8::1', false], ['3fff::1', false],
  ['172.32.0.1', true], ['1.2.3', false], ['256.1.1.1', false], ['01.1.1.1', false], ['1:2:3', false], ['', false],
])('%s is public: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});

describe('a signature of Standard Webhooks', () => {
  // The example of the specification's own libraries.
  const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const GIVEN = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', body: '{"test": 2432232314}', now: new Date(1614265330_000) };

  it('is the one that their libraries make', () => {
    expect(signatureHeader(GIVEN.id, 1614265330, GIVEN.body, [SECRET])).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('holds by either secret while one is replaced, and not for other words, another time or another secret', () => {
    const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const signature = signatureHeader(GIVEN.id, 1614265330, GIVEN.body, [other, SECRET]);
    expect([SECRET, other].map((secret) => isSignedBy(secret, { ...GIVEN, signature }))).toEqual([true, true]);
    expect(isSignedBy(`whsec_${Buffer.alloc(32, 8).toString('base64')}`, { ...GIVEN, signature })).toBe(false);
    expect(isSignedBy(SECRET, { ...GIVEN, signature, body: '{}' })).toBe(false);
    expect(isSignedBy(SECRET, { ...GIVEN, signature, now: new Date(1614265330_000 + 600_000) })).toBe(false);
  });
});

describe('posting to a receiver', () => {
  const open: (Server | RawServer)[] = [];
  afterEach(() => {
    for (const server of open.splice(0)) {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    }
  });
  const listen = async (server: Server | RawServer): Promise<number> => {
    open.push(server);
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    return (server.address() as AddressInfo).port;
  };
  const post = async (server: Server | RawServer, given: Partial<Post> = {}): Promise<Posted> => {
    const port = await listen(server);
    return postSafely({ url: `http://127.0.0.1:${port}/hook`, headers: { 'webhook-id': 'x' }, body: '{"a":"ñ"}', allowed: [`127.0.0.1:${port}`], now: NOW, timeoutMs: 300, ...given });
  };
  const answering = (listener: RequestListener): Server => createServer((request, response) => { request.resume(); listener(request, response); });

  it('sends the whole body and tells the status', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => seen.push(chunk.toString('utf8'))).on('end', () => { response.writeHead(204).end(); });
    });
    expect(await post(server, { timeoutMs: 5_000 })).toEqual({ status: 204, retryAfterS: null, code: null });
    expect(seen.join('')).toBe('{"a":"ñ"}');
  });

  it('follows no redirect', async () => {
    const asked: string[] = [];
    const posted = await post(answering((request, response) => { asked.push(request.url ?? ''); response.writeHead(307, { location: '/elsewhere' }).end(); }), { timeoutMs: 5_000 });
    expect(posted.status).toBe(307);
    expect(asked).toEqual(['/hook']);
  });

  it('tells how long it is asked to wait, in seconds or by a date', async () => {
    const asking = (value: string): Server => answering((_request, response) => { response.writeHead(429, { 'retry-after': value }).end(); });
    expect((await post(asking('120'), { timeoutMs: 5_000 })).retryAfterS).toBe(120);
    expect((await post(asking('Fri, 20 Nov 2026 12:10:00 GMT'), { timeoutMs: 5_000 })).retryAfterS).toBe(600);
    expect((await post(asking('999999999'), { timeoutMs: 5_000 })).retryAfterS).toBe(86_400);
    expect((await post(asking('soon'), { timeoutMs: 5_000 })).retryAfterS).toBeNull();
  });

  it('ends in time where the receiver takes the connection and says nothing, or drips', async () => {
    expect(await post(createRaw(() => undefined))).toMatchObject({ code: 'webhook.timed_out' });
    expect(await post(createRaw((socket) => { socket.write('HTTP/1.1 200 OK\r\nx-a: '); }))).toMatchObject({ code: 'webhook.timed_out' });
  });

  it('says what went wrong where the receiver resets, talks nonsense or too much, or is not there', async () => {
    expect(await post(createRaw((socket) => { socket.resetAndDestroy(); }), { timeoutMs: 5_000 })).toMatchObject({ code: 'webhook.broken_off' });
    expect(await post(createRaw((socket) => { socket.on('error', () => undefined).end('SSH-2.0-nothing\r\n'); }), { timeoutMs: 5_000 })).toMatchObject({ code: 'webhook.broken_off' });
    expect(await post(createRaw((socket) => { socket.on('error', () => undefined).write(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(100_000)}\r\n\r\n`); }), { timeoutMs: 5_000 })).toMatchObject({ code: 'webhook.broken_off' });
    expect(await post(createServer(), { url: 'http://127.0.0.1:1/', allowed: ['127.0.0.1:1'], timeoutMs: 5_000 })).toMatchObject({ code: 'webhook.not_reached' });
  });

  it('reads nothing of an endless answer', async () => {
    const server = answering((_request, response) => {
      response.writeHead(200);
      const pour = (): void => { while (!response.destroyed && response.write('x'.repeat(65_536))); };
      response.on('drain', pour).on('error', () => undefined);
      pour();
    });
    expect(await post(server, { timeoutMs: 5_000 })).toMatchObject({ status: 200 });
  });

  it('goes to no private address that a public name leads to, not even beside a public one', async () => {
    const resolve = (...addresses: string[]) => () => Promise.resolve(addresses);
    const given = { url: 'https://consulate.example.org/', headers: {}, body: '{}', allowed: [], now: NOW, timeoutMs: 1_000 };
    for (const addresses of [['10.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::ffff:127.0.0.1'], ['fd00::1'], ['169.254.169.254']]) {
      expect(await postSafely({ ...given, resolve: resolve(...addresses) })).toMatchObject({ code: 'webhook.address_private' });
    }
    expect(await postSafely({ ...given, resolve: resolve() })).toMatchObject({ code: 'webhook.name_unknown' });
    expect(await postSafely({ ...given, resolve: () => new Promise(() => undefined), timeoutMs: 50 })).toMatchObject({ code: 'webhook.timed_out' });
  });

  it('asks for a name once and connects to the address that was looked at', async () => {
    let hosts: string[] = [];
    let asked = 0;
    const server = answering((request, response) => { hosts = [...hosts, request.headers.host ?? '']; response.writeHead(200).end(); });
    const port = await listen(server);
    // A second answer would lead elsewhere: this name is known to nobody but `resolve`.
    const posted = await postSafely({
      url: `http://hooks.example.org:${port}/`, headers: {}, body: '{}', allowed: [`hooks.example.org:${port}`], now: NOW, timeoutMs: 5_000,
      resolve: () => { asked += 1; return Promise.resolve(asked === 1 ? ['127.0.0.1'] : ['203.0.113.1']); },
    });
    expect([posted.status, asked, hosts]).toEqual([200, 1, [`hooks.example.org:${port}`]]);
  });
});
