import supertest from 'supertest';
import { behindTheWall } from '../../support/database.ts';
import { openSite, PASSWORD, signIn, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

const cookieOf = (response: supertest.Response, name: string) =>
  ([response.headers['set-cookie'] ?? []].flat() as string[]).find((cookie) => cookie.startsWith(`${name}=`));

it('sends a stranger to the sign-in, and back to where they wanted to go', async () => {
  const agent = supertest.agent(site.app);
  const refused = await agent.get('/partners?a=1');
  expect(refused.status).toBe(303);
  expect(refused.headers['location']).toBe('/sign-in?next=%2Fpartners%3Fa%3D1');
  const done = await signIn(agent, 'attorney', PASSWORD, '/partners?a=1');
  expect([done.status, done.headers['location']]).toEqual([303, '/partners?a=1']);
  expect((await agent.get('/partners')).text).toContain('Ana Attorney');
});

it('never leads to another host after signing in', async () => {
  const done = await signIn(supertest.agent(site.app), 'attorney', PASSWORD, '//evil.example/');
  expect(done.headers['location']).toBe('/');
});

it('says the same of a wrong password and of a name that nobody has', async () => {
  const answers = [];
  for (const name of ['attorney', 'nobody', "x' or 1=1 --", 'ñ'.repeat(150)]) {
    const { status, text } = await signIn(supertest.agent(site.app), name, 'wrong password');
    const said = /role="alert"[^]*?<\/div>\s*<\/div>/.exec(text)?.[0];
    answers.push([status, said]);
  }
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]?.[0]).toBe(401);
});

it('keeps the name but never the password in the form that comes back', async () => {
  const { text } = await signIn(supertest.agent(site.app), '"><script>alert(1)</script>', 'secret secret secret');
  expect(text).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(text).not.toContain('<script>');
  expect(text).not.toContain('secret secret secret');
});

it('names what is missing', async () => {
  const { status, text } = await signIn(supertest.agent(site.app), '', '');
  expect(status).toBe(422);
  expect(text).toContain('href="#user_name"');
  expect(text).toContain('<title>Error: Sign in');
});

it('gives a new session at sign-in, hidden from scripts, and ends it at sign-out', async () => {
  const agent = supertest.agent(site.app);
  const before = cookieOf(await agent.get('/sign-in'), 'puente_session');
  const after = cookieOf(await signIn(agent, 'attorney', PASSWORD), 'puente_session');
  expect(after).toMatch(/HttpOnly; SameSite=Lax/);
  expect(after?.split(';')[0]).not.toBe(before?.split(';')[0]);

  const stolen = after?.split(';')[0] as string;
  expect((await supertest(site.app).get('/partners').set('Cookie', stolen)).status).toBe(200);
  await agent.post('/sign-out').type('form').send({ form_token: await tokenOf(agent, '/partners') }).expect(303);
  expect((await supertest(site.app).get('/partners').set('Cookie', stolen)).status).toBe(303);
});

it('makes an account wait after repeated failures, also with the right password', async () => {
  for (let i = 0; i < 5; i++) await signIn(supertest.agent(site.app), 'translator', `wrong ${i}`);
  expect((await signIn(supertest.agent(site.app), 'translator', PASSWORD)).status).toBe(401);
  const [user] = await behindTheWall<{ failure_count: number }>(site.db, "select failure_count from users join user_passwords using (agency_id, user_id) where user_name = 'translator'");
  expect(user?.failure_count).toBe(5);
});

it('stops guessing at one account from one address', async () => {
  const statuses = [];
  for (let i = 0; i < 11; i++) statuses.push((await signIn(supertest.agent(site.app), 'guessed', 'guess')).status);
  expect(statuses.slice(0, 10).every((status) => status === 401)).toBe(true);
  expect(statuses[10]).toBe(429);
});

it('writes every try into the audit record, and no password or name', async () => {
  const rows = await behindTheWall<{ row: string }>(site.db, 'select audit_events::text as row from audit_events');
  const all = rows.map(({ row }) => row).join('\n');
  expect(all).toContain('identity.signed_in');
  expect(all).toContain('identity.sign_in_refused');
  expect(all).not.toMatch(/wrong password|guess|nobody|correct horse/);
});

it('closes the door at once when an account is closed', async () => {
  const agent = await site.signedIn('administrator');
  expect((await agent.get('/partners')).status).toBe(200);
  await behindTheWall(site.db, "update users set is_active = false where user_name = 'administrator'");
  expect((await agent.get('/partners')).status).toBe(303);
});
