import { createServer, get } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { inTransaction, operatorActor, withActor } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { advanceWork, beginWork, endWork, FAILURES_TOLD_MAX, listNotDone, readWork, sweepWork } from '../../../src/platform/work.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { actorOf, endAccountSessions } from '../../../src/modules/identity/index.ts';
import { LANGUAGES } from '../../../src/platform/i18n.ts';
import { STREAMS_PER_PERSON_MAX } from '../../../src/web/anyone/work/watch.ts';
import { behindTheWall } from '../../support/database.ts';
import { hiddenField, openSite, PASSWORD, signIn } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let server: Server;
const cookies: Record<string, string> = {};
beforeAll(async () => {
  site = await openSite();
  server = createServer(site.app).listen(0, '127.0.0.1');
});
afterAll(() => void server.close());

/** A context for one of the site's people. */
async function as(who: string): Promise<Ctx> {
  const [user] = await behindTheWall<{ user_id: string }>(site.db, 'select user_id from users where user_name = $1', [who]);
  return withActor(site.ctx, await actorOf(withActor(site.ctx, operatorActor(site.ctx.config)), user?.user_id ?? ''));
}

const begun = async (who = 'attorney', total: number | null = 3) => inTransaction(await as(who), (tx) => beginWork(tx, { kind: 'ground.sample', total, permission: 'referrals.send' }));

async function cookieOf(who: string): Promise<string> {
  const agent = await site.signedIn(who);
  return cookies[who] ??= agent.jar.getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false }).map((cookie) => `${cookie.name}=${cookie.value}`).join('; ');
}

async function listen(workId: string, who = 'attorney', lastId?: string): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const headers = { Cookie: await cookieOf(who), ...(lastId === undefined ? {} : { 'Last-Event-ID': lastId }) };
  return new Promise((resolve) => get({ port, host: '127.0.0.1', path: `/work/${workId}/events`, headers, agent: false }, resolve));
}

/** What is told until a condition holds, or until the end. */
async function heard(stream: IncomingMessage, isEnough: (text: string) => boolean = () => false): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (isEnough(text)) break;
  }
  stream.destroy();
  return text;
}

it('shows how far the work is, in each language, and at the end what was not done and where the result is', async () => {
  const workId = await begun();
  const agent = await site.signedIn('attorney');
  await advanceWork(site.ctx, workId, { done: 1 });
  const running = await agent.get(`/work/${workId}`);
  expect(running.text).toContain('1 of 3');
  expect(running.text).toContain('<progress');
  expect(running.text).not.toContain('http-equiv="refresh"');
  await advanceWork(site.ctx, workId, { notDone: [{ subject: '2000<b>', code: 'work.unknown', address: '/cases/2000' }, { subject: '3000', code: 'web.no_such_page', address: '//evil.example' }] });
  await endWork(site.ctx, workId, { state: 'done', to: '/queue?done=1' });
  for (const language of LANGUAGES) {
    await agent.get(`/partners?language=${language}`);
    const { text, status } = await agent.get(`/work/${workId}`);
    expect([status, text.includes('href="/queue?done=1"'), text.includes('href="/cases/2000"'), text.includes('2000&lt;b&gt;'), text.includes('evil.example')]).toEqual([200, true, true, true, false]);
    expect(text).not.toContain('EventSource');
  }
  await agent.get('/partners?language=en');
  expect((await agent.get(`/work/${workId}`)).text).toContain('Done: 1. Not done: 2.');
});

it('is looked at again by itself only for whoever asks, and only where there are no scripts', async () => {
  const workId = await begun();
  const agent = await site.signedIn('attorney');
  const { text } = await agent.get(`/work/${workId}?again=yes`);
  expect(text).toMatch(/<noscript><meta http-equiv="refresh" content="10"><\/noscript>/);
  await endWork(site.ctx, workId, { state: 'failed' });
  const ended = await agent.get(`/work/${workId}?again=yes`);
  expect(ended.text).not.toContain('http-equiv');
  expect(ended.text).toContain('It stopped before it was finished.');
});

it('is seen by who began it, and by whoever has its permission and sees all counties', async () => {
  const workId = await begun('imperial');
  const seen = async (who: string) => (await (await site.signedIn(who)).get(`/work/${workId}`)).status;
  expect([await seen('imperial'), await seen('supervisor'), await seen('reconciler'), await seen('officer_la')]).toEqual([200, 200, 404, 404]);
  const others = await begun('attorney');
  expect((await (await site.signedIn('imperial')).get(`/work/${others}`)).status).toBe(404);
  expect((await (await site.signedIn('imperial')).get(`/work/${others}/events`)).status).toBe(404);
  const officers = await inTransaction(await as('officer_la'), (tx) => beginWork(tx, { kind: 'ground.sample', total: null }));
  expect([(await (await site.signedIn('officer_la')).get(`/work/${officers}`)).status, (await (await site.signedIn('officer_kr')).get(`/work/${officers}`)).status]).toEqual([200, 404]);
  for (const path of ['wrk_x', '..%2f', "wrk_' or 1=1"]) expect((await (await site.signedIn('attorney')).get(`/work/${path}`)).status).toBe(404);
});

it('tells each step and the end as events, and then ends by itself', async () => {
  const workId = await begun();
  const stream = await listen(workId);
  expect([stream.statusCode, stream.headers['content-type'], stream.headers['content-encoding']]).toEqual([200, 'text/event-stream; charset=utf-8', undefined]);
  const all = heard(stream);
  await advanceWork(site.ctx, workId, { done: 3 });
  await endWork(site.ctx, workId, { state: 'done' });
  const text = await all;
  expect(text).toContain('id: running-0-0-3\nevent: progress\ndata: {"state":"running","done":0,"total":3');
  expect(text.trimEnd().split('\n\n').at(-1)).toContain('"state":"done","done":3,"total":3');
  expect(await heard(await listen(workId, 'attorney', 'running-0-0-3'))).toContain('"state":"done"');
});

it('goes on where a broken stream stopped', async () => {
  const workId = await begun();
  const all = heard(await listen(workId, 'attorney', 'running-0-0-3'), (text) => text.includes('"done":1'));
  await advanceWork(site.ctx, workId, { done: 1 });
  const text = await all;
  expect(text).not.toContain('"done":0');
  expect(text).toContain('"done":1');
});

it('lets one person listen a few times only, and again after one has gone', async () => {
  const workId = await begun('supervisor');
  const streams = await Promise.all(Array.from({ length: STREAMS_PER_PERSON_MAX }, () => listen(workId, 'supervisor')));
  const refused = await listen(workId, 'supervisor');
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '60']);
  await endWork(site.ctx, workId, { state: 'done' });
  await Promise.all(streams.map((stream) => heard(stream)));
  expect(await heard(await listen(workId, 'supervisor'))).toContain('"state":"done"');
});

describe('a stream whose session ends', () => {
  const streamOf = async (work: string, who: string) => {
    const agent = supertest.agent(site.app);
    await signIn(agent, who, PASSWORD);
    const { port } = server.address() as AddressInfo;
    const Cookie = agent.jar.getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false }).map((cookie) => `${cookie.name}=${cookie.value}`).join('; ');
    const stream = await new Promise<IncomingMessage>((resolve) => void get({ port, host: '127.0.0.1', path: `/work/${work}/events`, headers: { Cookie }, agent: false }, resolve));
    return { agent, stream, userId: (await as(who)).actor.id };
  };
  const expiry = async (userId: string) => (await behindTheWall<{ expire: Date }>(site.db, "select max(expire) as expire from web_sessions where sess ->> 'userId' = $1", [userId]))[0]?.expire?.getTime();
  const rights = (userId: string, sql: string) => behindTheWall(site.db, `update users set ${sql} where user_id = $1`, [userId]);

  it.each([
    ['is signed out', async ({ agent }: Awaited<ReturnType<typeof streamOf>>) => void await agent.post('/sign-out').type('form').send({ form_token: hiddenField((await agent.get('/account')).text, 'form_token') })],
    ['is ended by an administrator', async ({ userId }: Awaited<ReturnType<typeof streamOf>>) => void await endAccountSessions(site.ctx, userId)],
    ['is of an earlier epoch', async ({ userId }: Awaited<ReturnType<typeof streamOf>>) => void await rights(userId, 'session_epoch = session_epoch + 1')],
    ['has run out', async ({ userId }: Awaited<ReturnType<typeof streamOf>>) => void await behindTheWall(site.db, "update web_sessions set expire = now() - interval '1 second' where sess ->> 'userId' = $1", [userId])],
    ['has other rights', async ({ userId }: Awaited<ReturnType<typeof streamOf>>) => void await rights(userId, "counties = '{06037}', revision = revision + 1")],
    ['is of a closed account', async ({ userId }: Awaited<ReturnType<typeof streamOf>>) => void await rights(userId, 'is_active = false, revision = revision + 1')],
  ])('ends when it %s, and is not prolonged by it', async (what, end) => {
    const workId = await begun('translator');
    const held = await streamOf(workId, 'translator');
    const before = await expiry(held.userId);
    const told = heard(held.stream, (text) => text.includes('"state":"done"'));
    await end(held);
    // A stream that stands lasts two minutes; a test, five seconds.
    expect(await told).not.toContain('"state":"done"');
    if (what === 'has other rights') expect(await expiry(held.userId)).toBe(before);
    await rights(held.userId, 'is_active = true, counties = null, revision = revision + 1');
    await endWork(site.ctx, workId, { state: 'done' });
  });
});

describe('what is counted', () => {
  it('commits with the thing itself, and only while the work runs', async () => {
    const workId = await begun();
    await expect(inTransaction(site.ctx, async (tx) => {
      await advanceWork(tx, workId, { done: 1 });
      throw new Error('refused');
    })).rejects.toThrow('refused');
    expect((await readWork(site.ctx, workId)).done).toBe(0);
    await endWork(site.ctx, workId, { state: 'done' });
    await endWork(site.ctx, workId, { state: 'failed' });
    expect((await readWork(site.ctx, workId)).state).toBe('done');
    await expect(advanceWork(site.ctx, workId, { done: 1 })).rejects.toThrow('work.not_running');
  });

  it('is right however many work on it at once, and told one by one up to a limit', async () => {
    const workId = await begun('attorney', null);
    await Promise.all(Array.from({ length: 8 }, () => advanceWork(site.ctx, workId, { done: 1, notDone: [{ subject: 'x'.repeat(200), code: 'work.unknown' }] })));
    const many = Array.from({ length: FAILURES_TOLD_MAX }, (_, index) => ({ subject: String(index), code: 'work.unknown' }));
    await advanceWork(site.ctx, workId, { notDone: many });
    expect(await readWork(site.ctx, workId)).toMatchObject({ done: 8, failed: 8 + FAILURES_TOLD_MAX });
    expect((await behindTheWall(site.db, 'select 1 from long_work_failures where work_id = $1', [workId])).length).toBe(FAILURES_TOLD_MAX);
    const { rows, hasNext } = await listNotDone(site.ctx, workId, 2);
    expect([rows.length, hasNext, rows[0]?.subject]).toEqual([50, true, '42']);
  });

  it('has no page any more when it ended long ago', async () => {
    const [old, still] = [await begun(), await begun()];
    await endWork(site.ctx, old, { state: 'done' });
    await inTransaction({ ...site.ctx, clock: fixedClock(new Date(Date.now() + 31 * 86_400_000).toISOString()) }, sweepWork);
    await expect(readWork(site.ctx, old)).rejects.toThrow('work.unknown');
    expect((await readWork(site.ctx, still)).state).toBe('running');
  });

  it('leads to no other host', async () => {
    const workId = await begun();
    for (const to of ['https://evil.example', '//evil.example', '/\\evil.example']) await expect(endWork(site.ctx, workId, { state: 'done', to })).rejects.toThrow('another host');
  });
});
