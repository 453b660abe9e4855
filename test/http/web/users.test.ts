import supertest from 'supertest';
import { createUser } from '../../../src/modules/identity/index.ts';
import { hiddenField, openSite, PASSWORD, signIn } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

async function send(path: string, given: Record<string, string | string[]>, who = 'administrator', from = '/users'): Promise<supertest.Response> {
  const agent = await site.signedIn(who);
  return agent.post(path).type('form').send({ form_token: hiddenField((await agent.get(from)).text, 'form_token'), ...given });
}
let count = 0;
const NEW = { display_name: 'Ángela María Hernández y Rodríguez', roles: ['attorney'], scope: 'all', counties: '', partner: '', language: 'es-MX' };
const make = (change: Record<string, string | string[]> = {}, formId = `form${String(count += 1)}`) => send('/users/new', { ...NEW, user_name: `new.${String(count)}`, form_id: formId.padEnd(24, 'x'), ...change });
const idIn = (text: string): string => /\/users\/(usr_[0-9A-Z]{26})/.exec(text)?.[1] ?? '';
const account = (userName: string) => createUser(site.ctx, { userName, displayName: `Display ${userName}`, roles: ['attorney'], counties: 'all', partner: null, language: 'en', password: PASSWORD });

it('makes an account with a password that is shown once and opens only the page on which it is changed', async () => {
  const made = await make({ user_name: 'angela' }, 'angela');
  const start = /id="start_password" value="([^"]+)"/.exec(made.text)?.[1] ?? '';
  expect([made.status, start.length]).toEqual([200, 23]);
  const again = await make({ user_name: 'angela' }, 'angela');
  expect([again.status, again.headers['location']]).toEqual([303, `/users/${idIn(made.text)}?done=made`]);

  const angela = supertest.agent(site.app);
  expect((await signIn(angela, 'angela', start)).headers['location']).toBe('/account');
  for (const path of ['/', '/queue', '/cases', '/partners']) expect([path, (await angela.get(path)).headers['location']]).toEqual([path, '/account']);
  const page = await angela.get('/account');
  expect(page.text).toContain('<html lang="es-MX">');
  const form_token = hiddenField(page.text, 'form_token');
  const change = (given: Record<string, string>) => angela.post('/account/password').type('form').send({ form_token, current: start, ...given });
  const bad = await change({ password: 'corta', again: 'corta' });
  expect([bad.status, bad.text.includes('href="#password"'), bad.text.includes('corta"')]).toEqual([422, true, false]);
  expect((await change({ password: 'purple gravel windmill', again: 'purple gravel windmil' })).text).toContain('href="#again"');
  expect((await angela.get('/queue')).headers['location']).toBe('/account');
  expect((await change({ password: 'purple gravel windmill', again: 'purple gravel windmill' })).headers['location']).toBe('/account?done=password');
  expect((await angela.get('/queue')).status).toBe(200);
  expect((await (await site.signedIn('administrator')).get('/users')).text).toContain('Ángela María Hernández y Rodríguez');
});

describe('the list', () => {
  it('sorts, filters and goes out as a file that computes nothing', async () => {
    await make({ user_name: 'formula', display_name: '=cmd|A1' });
    const agent = await site.signedIn('supervisor');
    const { text } = await agent.get('/users?sort=-person&role=supervisor');
    expect([text.includes('Sue Supervisor'), text.includes('Ada Administrator'), text.includes('aria-sort="descending"'), text.includes('/users/new')]).toEqual([true, false, true, false]);
    expect((await agent.get('/users?search=%25&state=closed')).text).toContain('role="status"');
    const file = await agent.get('/users?as=csv').buffer(true).parse((res, done) => { let all = ''; res.on('data', (one: Buffer) => { all += one.toString(); }).on('end', () => done(null, all)); });
    expect(file.body).toContain("'=cmd|A1");
    for (const who of ['attorney', 'officer_kr', 'reconciler']) expect((await (await site.signedIn(who)).get('/users')).status).toBe(403);
  });
});

describe('a form with bad input', () => {
  it.each<[string, Record<string, string | string[]>, string]>([
    ['missing everything', { user_name: '', display_name: '', roles: [] }, '#user_name'],
    ['a name in another script', { user_name: '마리아' }, '#user_name'],
    ['a name too long', { user_name: 'a'.repeat(65) }, '#user_name'],
    ['a person too long', { user_name: 'long', display_name: 'ñ'.repeat(10_000) }, '#display_name'],
    ['a role nobody is given', { user_name: 'op', roles: ['operator'] }, '#roles'],
    ['an officer with another role', { user_name: 'both', roles: ['partner_officer', 'attorney'], partner: 'kr-kcsa' }, '#roles'],
    ['a county that is none', { user_name: 'county', scope: 'some', counties: 'Los Angeles <b>' }, '#counties'],
    ['a code of no county', { user_name: 'county', scope: 'some', county: '06025', counties: '06998' }, '#counties'],
    ['no county', { user_name: 'county', scope: 'some' }, '#counties'],
    ['a partner that is none', { user_name: 'partner', roles: ['partner_officer'], partner: '<script>' }, '#partner'],
    ['a language that is none', { user_name: 'language', language: 'fr' }, '#language'],
    ['a name that is taken', { user_name: 'ATTORNEY' }, '#user_name'],
  ])('is told its faults with the fields: %s', async (_what, change, field) => {
    const { status, text } = await make(change);
    expect([status, text.includes(`href="${field}"`), text.includes('<script>')]).toEqual([422, true, false]);
  });

  it('keeps what was typed, escaped: script, emoji and a name written from right to left', async () => {
    const { text } = await make({ user_name: '<script>alert(1)</script>', display_name: '👩‍⚖️ مريم "<b>' });
    expect(text).toContain('value="&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(text).toContain('👩‍⚖️ مريم &quot;&lt;b&gt;');
  });
});

describe('an account', () => {
  it('is closed after a question, and whoever sits at it is out at once', async () => {
    const { userId } = await account('leaver');
    const leaver = supertest.agent(site.app);
    await signIn(leaver, 'leaver', PASSWORD);
    expect((await leaver.get('/queue')).status).toBe(200);
    const administrator = await site.signedIn('administrator');
    expect((await administrator.get(`/users/${userId}/close`)).text).toContain(`action="/users/${userId}/close"`);
    expect((await leaver.get('/queue')).status).toBe(200);
    expect((await send(`/users/${userId}/close`, {})).headers['location']).toBe(`/users/${userId}?done=closed`);
    expect((await leaver.get('/queue')).headers['location']).toContain('/sign-in');
    expect((await send(`/users/${userId}/reopen`, {})).status).toBe(303);
    expect((await signIn(leaver, 'leaver', PASSWORD)).status).toBe(303);
    expect((await send(`/users/${userId}/sessions`, {})).headers['location']).toBe(`/users/${userId}?done=ended`);
    expect((await leaver.get('/queue')).headers['location']).toContain('/sign-in');
  });

  it('sees counties that are chosen by their names, and others by their codes', async () => {
    const userId = idIn((await make({ user_name: 'counties', scope: 'some', county: '06025', counties: '06059' })).text);
    const { text } = await (await site.signedIn('administrator')).get(`/users/${userId}`);
    for (const shown of ['Imperial County', 'value="06025" checked', 'name="counties" value="06059"']) expect([shown, text.includes(shown)]).toEqual([shown, true]);
    expect(text).not.toContain('value="06037" checked');
  });

  it('gets a new start password, once however often the button is pressed', async () => {
    const { userId } = await account('forgetful');
    const form_id = 'reset'.padEnd(24, 'x');
    const first = await send(`/users/${userId}/reset`, { form_id });
    expect(first.text).toContain('id="start_password"');
    expect((await send(`/users/${userId}/reset`, { form_id })).headers['location']).toBe(`/users/${userId}?done=reset`);
    expect((await (await site.signedIn('administrator')).get(`/users/${userId}`)).text).not.toContain('id="start_password"');
  });

  it('is changed by administrators; the own rights by nobody', async () => {
    const { userId } = await account('changing');
    expect((await send(`/users/${userId}/change`, { ...NEW, roles: ['translator', 'attorney'], revision: '0' })).status).toBe(303);
    // Another tab still shows the account as it was.
    const stale = await send(`/users/${userId}/change`, { ...NEW, display_name: 'Typed In The Other Tab', roles: ['attorney', 'supervisor'], revision: '0' });
    expect([stale.status, stale.text.includes('value="Typed In The Other Tab"'), hiddenField(stale.text, 'revision')]).toEqual([409, true, '1']);
    expect((await send(`/users/${userId}/change`, NEW)).status).toBe(409);
    expect(stale.text).toContain('Someone else changed this account');
    expect((await send(`/users/${userId}/change`, { ...NEW, roles: [] })).status).toBe(422);
    expect((await send(`/users/${userId}/change`, NEW, 'supervisor')).status).toBe(403);
    const { text } = await (await site.signedIn('administrator')).get('/users?search=administrator');
    const own = idIn(text);
    expect((await (await site.signedIn('administrator')).get(`/users/${own}`)).text).not.toContain('type="checkbox"');
    expect((await send(`/users/${own}/change`, { ...NEW, roles: ['administrator', 'supervisor'], revision: '0' })).status).toBe(422);
    expect((await send(`/users/${own}/close`, {})).status).toBe(422);
    expect((await (await site.signedIn('administrator')).get('/users/usr_nobody')).status).toBe(404);
    for (const alarm of ['nonsense', '']) expect((await send('/account-alarms', { alarm })).status).toBe(404);
  });
});

it('lets everybody see and change the own account, a partner’s officer too', async () => {
  for (const who of ['officer_kr', 'translator']) {
    const agent = await site.signedIn(who);
    const page = await agent.get('/account');
    expect(page.status).toBe(200);
    const changed = await agent.post('/account/language').type('form').send({ form_token: hiddenField(page.text, 'form_token'), language: 'ko-KR' });
    expect(changed.headers['location']).toBe('/account?language=ko-KR&done=language');
    expect((await agent.post('/account/language').type('form').send({ form_token: hiddenField(page.text, 'form_token'), language: 'xx' })).status).toBe(422);
    const ended = await agent.post('/account/sessions').type('form').send({ form_token: hiddenField(page.text, 'form_token') });
    expect([ended.status, (await agent.get('/account')).status]).toEqual([303, 200]);
  }
});
