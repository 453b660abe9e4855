import supertest from 'supertest';
import { openSite, PASSWORD, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

describe('headers', () => {
  it('let a page load from here alone, run no inline script and stand in no frame', async () => {
    const { headers } = await supertest(site.app).get('/sign-in');
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin', 'cache-control': 'no-store' });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('believe no proxy that nobody configured', async () => {
    const { headers } = await supertest(site.app).get('/sign-in').set('X-Forwarded-Proto', 'https');
    expect(headers).not.toHaveProperty('strict-transport-security');
  });
});

describe('forms', () => {
  const form = (token: string) => ({ form_token: token, user_name: 'attorney', password: PASSWORD });

  it.each<[string, Record<string, string>]>([
    ['another origin', { Origin: 'https://evil.example' }],
    ['no readable origin', { Origin: 'null' }],
    ['another site, as the browser says', { 'Sec-Fetch-Site': 'cross-site' }],
  ])('are refused from %s', async (_what, headers) => {
    const agent = supertest.agent(site.app);
    const token = await tokenOf(agent, '/sign-in');
    await agent.post('/sign-in').set(headers).type('form').send(form(token)).expect(403);
  });

  it('are refused without the token, with another session’s token, and without a session', async () => {
    const agent = supertest.agent(site.app);
    const token = await tokenOf(agent, '/sign-in');
    const foreign = await tokenOf(supertest.agent(site.app), '/sign-in');
    await agent.post('/sign-in').type('form').send({ user_name: 'attorney', password: PASSWORD }).expect(403);
    await agent.post('/sign-in').type('form').send(form(foreign)).expect(403);
    await supertest(site.app).post('/sign-in').type('form').send(form(token)).expect(403);
    const refused = await agent.post('/sign-in').type('form').send(form(''));
    expect([refused.status, refused.text.includes('This form could not be verified')]).toEqual([403, true]);
  });

  it('are refused when they are too large or have too many fields', async () => {
    const agent = supertest.agent(site.app);
    const form_token = await tokenOf(agent, '/sign-in');
    await agent.post('/sign-in').type('form').send({ form_token, user_name: 'x'.repeat(300_000) }).expect(413);
    await agent.post('/sign-in').type('form').send({ form_token, ...Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, 'x'])) }).expect(413);
  });

  it('are read as nothing when they are JSON', async () => {
    await supertest.agent(site.app).post('/sign-in').send({ user_name: { $ne: '' } }).expect(403);
  });

  it('take 10,000 characters, emoji and right-to-left text without stumbling', async () => {
    for (const name of ['x'.repeat(10_000), '😀'.repeat(500), '\u202Eabc', '=HYPERLINK("x")']) {
      const agent = supertest.agent(site.app);
      const form_token = await tokenOf(agent, '/sign-in');
      await agent.post('/sign-in').type('form').send({ form_token, user_name: name, password: 'x' }).expect(401);
    }
  });

  it('are refused when they carry a character that the database cannot store', async () => {
    const agent = supertest.agent(site.app);
    const form_token = await tokenOf(agent, '/sign-in');
    await agent.post('/sign-in').type('form').send({ form_token, user_name: 'a\0b', password: 'x' }).expect(422);
    await agent.get('/sign-in?next=%00').expect(422);
  });
});

describe('addresses', () => {
  it('that are nothing answer 404 in the visitor’s language, with a number to report', async () => {
    const { status, text, headers } = await supertest(site.app).get('/no/such').set('Accept-Language', 'ko');
    expect(status).toBe(404);
    expect(text).toContain('<html lang="ko-KR">');
    expect(text).toContain(headers['x-request-id']);
  });

  it('that are malformed answer 400', async () => {
    await supertest(site.app).get('/cases/%E0%A4%A').expect(400);
  });

  it('show no template, source or other file', async () => {
    for (const path of ['/assets/../package.json', '/assets/x/css/uswds.min.css', '/..%2f..%2fetc%2fpasswd', '/.git/config']) {
      expect([404, 303]).toContain((await supertest(site.app).get(path)).status);
    }
  });
});

describe('assets', () => {
  it('have an address with their digest, are compressed and may be kept for ever', async () => {
    const { text } = await supertest(site.app).get('/sign-in');
    const sheets = [...text.matchAll(/href="(\/assets\/[0-9a-f]{12}\/[^"]+\.css)"/g)].map((match) => match[1] as string);
    expect(sheets).toHaveLength(2);
    let bytes = 0;
    for (const sheet of sheets) {
      const { headers } = await supertest(site.app).get(sheet).set('Accept-Encoding', 'br').expect(200).expect('Content-Encoding', 'br');
      expect(headers['cache-control']).toContain('immutable');
      expect(headers['set-cookie']).toBeUndefined();
      bytes += Number(headers['content-length']);
    }
    expect(bytes).toBeLessThan(100_000);
  });
});

it('has an icon also where no page names one', async () => {
  const { headers } = await supertest(site.app).get('/favicon.ico').expect(302);
  await supertest(site.app).get(headers['location'] as string).expect(200).expect('Content-Type', 'image/svg+xml');
});

describe('health', () => {
  it('says that it lives and is ready, without a session', async () => {
    await supertest(site.app).get('/healthz').expect(200, 'ok\n');
    const { status, headers } = await supertest(site.app).get('/readyz');
    expect(status).toBe(200);
    expect(headers['set-cookie']).toBeUndefined();
  });
});

describe('language', () => {
  it('is chosen by a link that keeps the page and its query', async () => {
    const agent = supertest.agent(site.app);
    const { text } = await agent.get('/payee-thanks?next=%2Fcases%3Fpage%3D2');
    expect(text).toContain('href="/payee-thanks?next=%2Fcases%3Fpage%3D2&amp;language=es-MX"');
    const chosen = await agent.get('/sign-in?next=%2Fcases%3Fpage%3D2&language=ko-KR');
    expect([chosen.status, chosen.headers['location']]).toEqual([303, '/sign-in?next=%2Fcases%3Fpage%3D2']);
    expect((await agent.get('/sign-in')).text).toContain('<html lang="ko-KR">');
  });

  it('follows the browser until it is chosen, and ignores what is no language', async () => {
    expect((await supertest(site.app).get('/sign-in').set('Accept-Language', 'es-ES,es;q=0.9')).text).toContain('<html lang="es-MX">');
    expect((await supertest(site.app).get('/sign-in?language=xx')).status).toBe(200);
  });
});
