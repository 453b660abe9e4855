import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import express from 'express';
import supertest from 'supertest';
import { ARRIVING_PER_ADDRESS_MAX, IN_FLIGHT_MAX, LAG_MAX_MS, limitArrival, Places, STRANGERS_IN_FLIGHT_MAX } from '../../../src/http/index.ts';
import { errorPage } from '../../../src/web/error-page.ts';
import { buildWebApp } from '../../../src/web/index.ts';
import { testDatabase } from '../../support/database.ts';
import { operatorOf, openSite, PASSWORD, signIn } from './web-site.ts';

let lag = 0;
const held: (() => void)[] = [];
let web: ReturnType<typeof buildWebApp>;
let server: Server;
beforeAll(async () => {
  // A request that lasts until the test lets it go.
  const slow = express.Router().get('/slow', (_req, res) => void held.push(() => void res.send('done')));
  web = buildWebApp(await operatorOf(await testDatabase()), [slow], { lagMs: () => lag });
  server = createServer(web.app).listen(0, '127.0.0.1');
  SIGNED_IN = String((await supertest(web.app).get('/sign-in')).headers['set-cookie']).split(';')[0] ?? '';
});
afterAll(async () => {
  server.close();
  await web.close();
});
afterEach(() => {
  lag = 0;
});

let SIGNED_IN = '';

describe('when there is more to do than can be done', () => {
  it('whoever comes is told so at once, in their language, and when to come again', async () => {
    lag = LAG_MAX_MS + 1;
    for (const [accept, language, words] of [['es', 'es-MX', 'Espere unos segundos'], ['ko', 'ko-KR', '새로 고쳐 주십시오'], ['', 'en', 'Wait a few seconds']] as const) {
      const { status, headers, text } = await supertest(web.app).get('/sign-in').set('Accept-Language', accept);
      expect([status, headers['retry-after'], headers['set-cookie'], headers['cache-control']]).toEqual([503, '5', undefined, 'no-store']);
      expect(text).toContain(`<html lang="${language}">`);
      expect(text).toContain(words);
    }
    const chosen = await supertest(web.app).get('/sign-in').set('Cookie', 'puente_language=ko-KR');
    expect(chosen.text).toContain('<html lang="ko-KR">');
  });

  it('programs are told in their own form, health is asked as ever, and style sheets come', async () => {
    lag = 10 * LAG_MAX_MS;
    const { status, headers, body } = await supertest(web.app).get('/api/v1/me');
    expect([status, headers['content-type'], (body as { status: number }).status]).toEqual([503, 'application/problem+json; charset=utf-8', 503]);
    await supertest(web.app).get('/healthz').expect(200);
    await supertest(web.app).get('/readyz').expect(200);
    const sheet = /href="([^"]+uswds[^"]+)"/.exec((await supertest(web.app).get('/sign-in')).text)?.[1] ?? '';
    await supertest(web.app).get(sheet).expect(200);
  });

  it('those who have signed in are served longer than strangers, and all again when it is over', async () => {
    lag = LAG_MAX_MS + 1;
    await supertest(web.app).get('/sign-in').set('Cookie', SIGNED_IN).expect(200);
    for (const made of ['puente_session=x', `${SIGNED_IN}x`, SIGNED_IN.replace('=s%3A', '=s%3AA')]) await supertest(web.app).get('/sign-in').set('Cookie', made).expect(503);
    lag = 2 * LAG_MAX_MS + 1;
    await supertest(web.app).get('/sign-in').set('Cookie', SIGNED_IN).expect(503);
    lag = 0;
    await supertest(web.app).get('/sign-in').expect(200);
  });
});

it('takes only so many requests at once, strangers first to wait, and each place is free again when its answer has gone', async () => {
  const { port } = server.address() as AddressInfo;
  const begin = (count: number) => Array.from({ length: count }, () => fetch(`http://127.0.0.1:${port}/slow`, { headers: { Cookie: SIGNED_IN } }));
  const until = async (count: number) => {
    while (held.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  const first = begin(STRANGERS_IN_FLIGHT_MAX);
  await until(STRANGERS_IN_FLIGHT_MAX);
  expect((await fetch(`http://127.0.0.1:${port}/sign-in`)).status).toBe(503);
  const rest = begin(IN_FLIGHT_MAX - STRANGERS_IN_FLIGHT_MAX);
  await until(IN_FLIGHT_MAX);
  expect((await fetch(`http://127.0.0.1:${port}/sign-in`, { headers: { Cookie: SIGNED_IN } })).status).toBe(503);
  for (const letGo of held.splice(0)) letGo();
  await Promise.all([...first, ...rest].map(async (answer) => (await answer).text()));
  expect((await fetch(`http://127.0.0.1:${port}/sign-in`)).status).toBe(200);
});

describe('how many may be under way', () => {
  const after = (perSecond: number, inFlight: number, seconds = 3) => {
    let now = 0;
    const places = new Places(() => now);
    for (let answer = 0; answer < perSecond * seconds; answer += 1) {
      now += 1000 / perSecond;
      places.answered(inFlight);
    }
    return { places, wait: (ms: number) => (now += ms) };
  };

  it('is what is answered in half a second, where there is always more to do', () => {
    expect([80, 120, 1_000].map((perSecond) => after(perSecond, 50).places.max)).toEqual([40, 60, IN_FLIGHT_MAX]);
    // Few that take long leave room for others.
    expect(after(4, 50, 10).places.max).toBe(32);
  });

  it('is learned from no quiet hour, nor from a pause, and forgotten after a minute', () => {
    expect(after(10, 3).places.max).toBe(IN_FLIGHT_MAX);
    const { places, wait } = after(80, 50);
    wait(59_000);
    expect(places.max).toBe(40);
    wait(2_000);
    expect(places.max).toBe(IN_FLIGHT_MAX);
    places.answered(7);
    wait(5_000);
    places.answered(50);
    expect(places.max).toBe(IN_FLIGHT_MAX);
  });
});

/** A form of which the end does not come; the server has taken it when it says that it may go on. */
const unfinished = (port: number): Promise<Socket> => new Promise((resolve) => {
  const socket = connect(port, '127.0.0.1', () => socket.write('POST /sign-in HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n'));
  socket.once('data', () => resolve(socket));
});

it('lets nobody keep others out by forms that do not end', async () => {
  const { port } = server.address() as AddressInfo;
  const sockets = await Promise.all(Array.from({ length: ARRIVING_PER_ADDRESS_MAX }, () => unfinished(port)));
  expect((await fetch(`http://127.0.0.1:${port}/sign-in`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/sign-in`, { method: 'POST', body: 'a=b' })).status).toBe(503);
  for (const socket of sockets) socket.destroy();
});

it('cuts off whoever does not send a form to its end', async () => {
  const app = express().use(limitArrival(1)).post('/sign-in', express.urlencoded(), (_req, res) => void res.send('read'));
  const short = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => short.once('listening', resolve));
  const socket = await unfinished((short.address() as AddressInfo).port);
  await new Promise((resolve) => socket.once('close', resolve));
  expect((await supertest(app).post('/sign-in').type('form').send({ a: 'b' })).text).toBe('read');
  short.close();
});

it('keeps no session id that could be used', async () => {
  const site = await openSite();
  const agent = supertest.agent(site.app);
  await signIn(agent, 'attorney', PASSWORD);
  const { behindTheWall } = await import('../../support/database.ts');
  const cookie = agent.jar.getCookie('puente_session', { domain: '127.0.0.1', path: '/', secure: false, script: false })?.value ?? '';
  const sid = decodeURIComponent(cookie).slice(2).split('.')[0] ?? '';
  const rows = await behindTheWall<{ sid: string }>(site.db, 'select sid from web_sessions');
  expect([sid.length, rows.length > 0, rows.some((row) => row.sid === sid)]).toEqual([32, true, false]);
  await agent.get('/partners').expect(200);
});

it('takes a visitor who hangs up for no lost database', async () => {
  const told: unknown[][] = [];
  const log = { info: (...words: unknown[]) => void told.push(['info', ...words]), error: (...words: unknown[]) => void told.push(['error', ...words]) };
  const answer = { headersSent: true, destroy: () => undefined };
  const aborted = Object.assign(new Error('request aborted'), { status: 400, code: 'ECONNABORTED' });
  await errorPage({ log } as never, {} as never)(aborted, { method: 'POST' } as never, answer as never, () => undefined);
  expect(told).toMatchObject([['info', { status: 400 }, 'request refused']]);
  await errorPage({ log } as never, {} as never)(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }), { method: 'POST' } as never, answer as never, () => undefined);
  expect(told[1]).toMatchObject(['error', { status: 503 }, 'request failed']);
});
