import type { SessionData } from 'express-session';
import supertest from 'supertest';
import { endAccountSessions, resetPassword } from '../../../src/modules/identity/index.ts';
import { openSessionStore } from '../../../src/web/session-store.ts';
import { behindTheWall } from '../../support/database.ts';
import { openSite, PASSWORD, signIn } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

const rows = () => behindTheWall<{ sid: string; sess: { userId?: string }; expire: Date }>(site.db, 'select sid, sess, expire from web_sessions');
const idOf = async (userName: string): Promise<string> => (await behindTheWall<{ user_id: string }>(site.db, 'select user_id from users where user_name = $1', [userName]))[0]?.user_id ?? '';

it('does not open an ended session again when a request that held it writes it back', async () => {
  const store = openSessionStore({ db: site.ctx.db, log: site.ctx.log });
  const call = <T = SessionData>(work: (done: (error: unknown, value?: T | null) => void) => void) =>
    new Promise<T | null | undefined>((resolve, reject) => work((error, value) => (error ? reject(error as Error) : resolve(value))));
  const data = { cookie: { originalMaxAge: 60_000, expires: new Date(Date.now() + 60_000) }, userId: 'usr_x' } as never;
  const count = async () => (await rows()).filter(({ sess }) => sess.userId === 'usr_x').length;
  await call((done) => store.set('a-session', data, done));
  expect(await count()).toBe(1);
  const held = store.createSession({} as never, (await call<SessionData>((done) => store.get('a-session', done))) as never);
  held.formToken = 'new';
  await call((done) => store.set('a-session', held, done));
  expect(await call<SessionData>((done) => store.get('a-session', done))).toMatchObject({ formToken: 'new' });
  await call((done) => store.destroy('a-session', done));
  await call((done) => store.set('a-session', held, done));
  expect(await count()).toBe(0);
  await store.close();
});

it('takes no session of an earlier epoch, even one whose row stands again', async () => {
  for (const end of [resetPassword, endAccountSessions]) {
    const agent = supertest.agent(site.app);
    const who = end === resetPassword ? 'translator' : 'reconciler';
    expect((await signIn(agent, who, PASSWORD)).status).toBe(303);
    expect((await agent.get('/account')).status).toBe(200);
    const userId = await idOf(who);
    const before = (await rows()).filter(({ sess }) => sess.userId === userId);
    expect(before).toHaveLength(1);
    await end(site.ctx, userId);
    for (const row of before) await behindTheWall(site.db, 'insert into web_sessions (sid, sess, expire) values ($1, $2, $3)', [row.sid, JSON.stringify(row.sess), row.expire]);
    expect((await agent.get('/account')).headers['location']).toMatch(/^\/sign-in/);
  }
});

it('asks the account, not the session, whether the password must be changed first', async () => {
  const agent = supertest.agent(site.app);
  await signIn(agent, 'supervisor', PASSWORD);
  expect((await agent.get('/queue')).status).toBe(200);
  await behindTheWall(site.db, "update user_passwords set is_start = true, ends_at = now() + interval '1 day' where user_id = $1", [await idOf('supervisor')]);
  expect((await agent.get('/queue')).headers['location']).toBe('/account');
});
