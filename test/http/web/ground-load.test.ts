import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import supertest from 'supertest';
import { IN_FLIGHT_MAX, LAG_MAX_MS, STRANGERS_IN_FLIGHT_MAX } from '../../../src/http/index.ts';
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
});
afterAll(async () => {
  server.close();
  await web.close();
});
afterEach(() => {
  lag = 0;
});

const SIGNED_IN = 'puente_session=x';

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
