import supertest from 'supertest';
import { verifyAudit } from '../../../src/modules/audit/index.ts';
import { createUser } from '../../../src/modules/identity/index.ts';
import { buildPacket, createReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { behindTheWall } from '../../support/database.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { hiddenField, openSite, PASSWORD, signIn } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let referralId: string;
let packetId: string;
const { caseId } = SAMPLE_CASES.plain;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  ({ referralId } = await createReferral(site.ctx, { caseId, partnerId: 'mx-consulate-los-angeles', services: ['locate'] }));
  ({ packetId } = await buildPacket(site.ctx, referralId));
  await sendReferral(site.ctx, referralId);
  await createUser(site.ctx, { userName: 'county', displayName: 'Cora County', roles: ['supervisor'], counties: ['06025'], partner: null, language: 'en', password: PASSWORD });
});

type Agent = ReturnType<typeof supertest.agent>;
const fileOf = async (agent: Agent, path: string): Promise<string> => (await agent.get(path).buffer(true).parse((res, done) => {
  let all = '';
  res.on('data', (one: Buffer) => { all += one.toString(); }).on('end', () => done(null, all));
})).body as string;
const county = async (): Promise<Agent> => {
  const agent = supertest.agent(site.app);
  await signIn(agent, 'county', PASSWORD);
  return agent;
};

describe('who saw a person', () => {
  it('names everybody who opened the case, its referral and its packet, a partner’s officer too; the same within an hour once', async () => {
    const [attorney, officer] = [await site.signedIn('attorney'), await site.signedIn('officer_la')];
    await attorney.get(`/cases/${caseId}`);
    for (let at = 0; at < 3; at++) await attorney.get(`/referrals/${referralId}`);
    await officer.get(`/referrals/${referralId}`);
    await officer.get(`/packets/${packetId}/pdf`);
    await attorney.get(`/cases?search=${caseId}`);
    const agent = await site.signedIn('supervisor');
    const { status, text } = await agent.get(`/who-saw?case=${caseId.toLowerCase()}`);
    expect(status).toBe(200);
    for (const words of ['Ana Attorney', 'Óscar Oficial', 'Opened a case', 'Opened a referral', 'Searched for cases and found some']) expect(text).toContain(words);
    const views = await behindTheWall<{ actor_partner: string | null }>(site.db, "select actor_partner from audit_events where action = 'referral.viewed' and subject_id = $1 order by 1", [referralId]);
    expect(views.map((row) => row.actor_partner)).toEqual(['mx-consulate-los-angeles', null]);
    const file = await fileOf(agent, `/who-saw?case=${caseId}&as=csv`);
    expect(file).toMatch(/Óscar Oficial, .*Opened a referral/);
  });

  it('is asked in the open: that somebody asked is in the record, once an hour', async () => {
    const agent = await site.signedIn('supervisor');
    for (let at = 0; at < 2; at++) expect((await agent.get(`/who-saw?case=${caseId}`)).text).toContain('Asked who had seen a case');
    expect(await behindTheWall(site.db, "select count(*)::int as count from audit_events where action = 'audit.who_saw_asked'")).toEqual([{ count: 1 }]);
  });

  it('is asked of one person, in all cases where the same number stands', async () => {
    const agent = await site.signedIn('supervisor');
    const { text } = await agent.get(`/who-saw?case=${caseId}`);
    const [, person] = /person=([\w-]+)"/.exec(text) ?? [];
    const one = await agent.get(`/who-saw?case=${caseId}&person=${person ?? ''}`);
    expect([one.status, one.text.includes('aria-current="true"')]).toEqual([200, true]);
  });

  it('keeps to the own counties, and is for supervisors alone', async () => {
    expect((await (await county()).get(`/who-saw?case=${caseId}`)).status).toBe(422);
    for (const who of ['attorney', 'reconciler', 'officer_la', 'administrator', 'translator']) expect((await (await site.signedIn(who)).get('/who-saw')).status).toBe(403);
  });

  it.each([['a script', 'case=%3Cscript%3E'], ['10,000 digits', `case=${'9'.repeat(10_000)}`], ['a formula', 'case==1%2B1'], ['emoji', 'case=👩‍⚖️'], ['no day', `case=${caseId}&from=2026-13-45`]])('says what is wrong with %s', async (_what, query) => {
    const { status, text } = await (await site.signedIn('supervisor')).get(`/who-saw?${query}`);
    expect([status, text.includes('class="usa-alert usa-alert--error'), text.includes('<script>')]).toEqual([422, true, false]);
  });
});

describe('asked by a name', () => {
  const ask = async (agent: Agent, who: string, more: Record<string, string> = {}) =>
    agent.post('/who-saw').type('form').send({ form_token: hiddenField((await agent.get('/who-saw')).text, 'form_token'), who, ...more });
  const followed = async (agent: Agent, who: string) => {
    const asked = await ask(agent, who);
    return asked.status === 303 ? agent.get(String(asked.headers['location'])) : asked;
  };

  it.each(['김민수', 'Gim Min-soo', 'kim minsu', 'ㄱㅁㅅ'])('%s is one person, and the answer comes at once', async (who) => {
    const agent = await site.signedIn('supervisor');
    const found = await followed(agent, who);
    expect([found.status, found.headers['location']]).toEqual([303, `/who-saw?case=${SAMPLE_CASES.korean.caseId}&person=p1`]);
    const answer = await agent.get(String(found.headers['location']));
    expect(answer.text).toMatch(/<h2><span translate="no">.*김민수/);
    expect(answer.text).toContain('Asked who had seen a case');
  });

  it('offers several by name, role, case and county and by nothing else; one person under one number in four cases is one', async () => {
    const agent = await site.signedIn('supervisor');
    const several = await followed(agent, 'Nunez Ibanez');
    expect(several.status).toBe(200);
    for (const words of ['Which person do you mean?', 'María Guadalupe', 'Obligee', caseId, 'Los Angeles']) expect(several.text).toContain(words);
    expect(several.text).not.toMatch(/123-45|6789|1990|Secret|Hiddenville/);
    const father = await followed(agent, 'Muñoz Peña');
    const places = [...String(father.headers['location'] ?? father.text).matchAll(/person=(\w+)/g)];
    expect(places).toHaveLength(1);
    // The answer is of all his cases, and the record says so of each.
    await agent.get(String(father.headers['location']));
    const asked = await behindTheWall<{ id: string }>(site.db, "select distinct subject_id as id from audit_events where action = 'audit.who_saw_asked' and details ? 'participantId'");
    expect(asked.map(({ id }) => id)).toEqual(expect.arrayContaining([caseId, SAMPLE_CASES.imperial.caseId]));
  });

  it('takes an identifier by the form alone, and puts it nowhere', async () => {
    const agent = await site.signedIn('supervisor');
    const found = await ask(agent, '123-45-6789');
    expect([JSON.stringify(found.headers).includes('6789'), found.text.includes('6789')]).toEqual([false, false]);
    for (const who of ['Kim 900101-1234567', 'SSN 123-45-6789']) {
      const answer = await ask(agent, who);
      expect([who, answer.status, /1234567|6789/.test(answer.text)]).toEqual([who, 422, false]);
      expect((await agent.get(`/who-saw?who=${encodeURIComponent(who)}`)).headers['location']).toBe('/who-saw?refused=identifier');
    }
    expect((await agent.get('/who-saw?who=123-45-6789')).headers['location']).toBe('/who-saw?refused=identifier');
  });

  it('keeps to the own counties, and to supervisors', async () => {
    const own = await county();
    expect((await followed(own, '김민수')).status).toBe(422);
    const father = await followed(own, 'Muñoz Peña');
    expect(String(father.headers['location'])).toBe(`/who-saw?case=${SAMPLE_CASES.imperial.caseId}&person=p1`);
    for (const who of ['attorney', 'officer_la', 'administrator']) {
      const agent = await site.signedIn(who);
      const form_token = hiddenField((await agent.get('/account')).text, 'form_token');
      expect((await agent.post('/who-saw').type('form').send({ form_token, who: 'Peña' })).status).toBe(403);
    }
  });

  it.each([['nothing', ''], ['a script', '<script>alert(1)</script>'], ['a formula', '=1+1'], ['emoji', '👩‍⚖️'], ['10,000 letters', 'x'.repeat(10_000)], ['right to left', '\u202Eabc'], ['another person’s id', 'usr_01K00000000000000000000000']])('says what to do with %s', async (_what, who) => {
    const { status, text } = await followed(await site.signedIn('supervisor'), who);
    expect([status, text.includes('class="usa-alert usa-alert--error'), text.includes('<script>alert')]).toEqual([422, true, false]);
  });

  it('narrows by days, and says which day is wrong', async () => {
    const agent = await site.signedIn('supervisor');
    const narrowed = await ask(agent, caseId, { case: caseId, person: 'p1', from: '2026-01-02', to: '2026-01-03' });
    expect(narrowed.headers['location']).toBe(`/who-saw?case=${caseId}&person=p1&from=2026-01-02&to=2026-01-03`);
    expect((await agent.get(String(narrowed.headers['location']))).text).toContain('pu-empty');
    expect((await ask(agent, caseId, { from: '2026-01-03', to: '2026-01-02' })).text).toContain('The first day is after the last');
  });
});

describe('who saw a person in a list', () => {
  const closed = SAMPLE_CASES.closed.caseId;
  const answered = async (agent: Agent, of: string): Promise<string[]> => (await fileOf(agent, `/who-saw?case=${of}&as=csv&sort=when`)).split('\r\n').slice(1, -1);
  const told = async (agent: Agent, of: string): Promise<string[]> => (await answered(agent, of)).filter((line) => /list /.test(line)).map((line) => line.replace(/^[^,]*,/, ''));

  it('finds pages without a search and files, by whom, in what role; and not who was shown another page', async () => {
    const [attorney, clerk, officer, agent] = [await site.signedIn('attorney'), await site.signedIn('reconciler'), await site.signedIn('officer_la'), await site.signedIn('supervisor')];
    await attorney.get('/cases?status=closed');
    await attorney.get('/cases?status=closed');
    await fileOf(clerk, '/cases?as=csv&status=closed');
    const lists = await told(agent, closed);
    expect(lists.filter((line) => line.includes('Viewed a page of a list'))).toEqual([`Ana Attorney,Attorney,Viewed a page of a list,list Cases,,${closed}`]);
    expect(lists.filter((line) => line.includes('Saved a list as a file')).map((line) => line.split(',').slice(2, 4))).toEqual([['Saved a list as a file', 'list Cases']]);
    expect((await told(agent, SAMPLE_CASES.korean.caseId)).some((line) => line.includes('Saved a list'))).toBe(false);
    await officer.get('/inbox');
    await fileOf(officer, '/inbox?as=csv');
    await fileOf(attorney, '/queue?show=all&as=csv');
    await fileOf(agent, '/disclosure-log?as=csv');
    const all = (await told(agent, caseId)).join('\n');
    for (const words of ['Received by an office', 'list Work queue', 'list Disclosure log', 'Óscar Oficial']) expect(all).toContain(words);
  });

  it('tells a county’s supervisor of the own cases only, also where the list belonged to no county', async () => {
    await fileOf(await site.signedIn('attorney'), '/cases?as=csv');
    const own = await county();
    expect((await told(own, SAMPLE_CASES.imperial.caseId)).join('\n')).toContain('Saved a list as a file');
    expect((await own.get(`/who-saw?case=${closed}`)).status).toBe(422);
  });

  it('is held by the chain: whom a list told of cannot be changed unseen', async () => {
    const isIntact = async (): Promise<boolean> => (await verifyAudit(site.ctx)).isIntact;
    expect(await isIntact()).toBe(true);
    const without = async (sql: string) => behindTheWall(site.db, `alter table audit_listings disable trigger user; ${sql}; alter table audit_listings enable always trigger append_only_rows`);
    await without(`update audit_listings set keys = '{2000001009999}' where keys = '{${closed}}'`);
    expect(await isIntact()).toBe(false);
    await without(`update audit_listings set keys = '{${closed}}' where keys = '{2000001009999}'`);
    expect(await isIntact()).toBe(true);
  });
});

describe('the disclosure log', () => {
  it('tells who gave what to whom on which ground, sorts, filters and goes out as a file', async () => {
    const agent = await site.signedIn('supervisor');
    const { text } = await agent.get('/disclosure-log?sort=-partner');
    for (const words of ['Handed over', 'Sealed', caseId, 'aria-sort="descending"']) expect(text).toContain(words);
    expect((await agent.get('/disclosure-log?partner=kr-kcsa')).text).toContain('pu-empty');
    expect((await agent.get('/disclosure-log?person=%C3%93scar&kind=read')).text).toContain('Óscar Oficial');
    expect((await agent.get('/disclosure-log?person=nobody')).text).toContain('pu-empty');
    expect((await agent.get('/disclosure-log?from=yesterday')).status).toBe(422);
    expect(await fileOf(agent, '/disclosure-log?as=csv')).toContain(caseId);
    expect((await (await county()).get('/disclosure-log')).text).toContain('pu-empty');
    for (const who of ['attorney', 'officer_la', 'administrator']) expect((await (await site.signedIn(who)).get('/disclosure-log')).status).toBe(403);
  });
});

describe('the audit record', () => {
  it('is read in words, narrowed by person, action and thing, page by page', async () => {
    const agent = await site.signedIn('supervisor');
    const { text } = await agent.get('/audit-log?action=identity.signed_in');
    expect(text).toContain('Signed in');
    const actor = /\/audit-log\?actor=(usr_\w+)" translate="no">Ana Attorney/.exec((await agent.get('/audit-log?action=case.viewed')).text)?.[1] ?? 'nobody';
    expect((await agent.get(`/audit-log?actor=${actor}&sort=when`)).text).not.toContain('Óscar Oficial');
    expect((await agent.get(`/audit-log?subject=${referralId}`)).text).toContain('Sent a referral');
    expect((await agent.get('/audit-log?subject=%3Cscript%3E&actor=x&action=nothing.here')).text).toContain('pu-empty');
    expect((await agent.get('/audit-log?after=2026-99-99T00:00:00.000Z~aud_1')).status).toBe(200);
    expect((await agent.get('/audit-log?to=tomorrow')).status).toBe(422);
    expect(await fileOf(agent, `/audit-log?subject=${referralId}&as=csv`)).toContain('referral.sent');
  });

  it('is opened in the open, as is the log of disclosures: once in 15 minutes, and a file each time', async () => {
    const rows = async (action: string, list: string) => (await behindTheWall(site.db, 'select 1 from audit_events e join users u on u.user_id = e.actor_id where action = $1 and subject_id = $2 and user_name = $3', [action, list, 'county'])).length;
    const own = await county();
    const before = { audit: await rows('list.exported', 'audit'), clocks: await rows('list.exported', 'overview-clocks'), log: await rows('audit.record_opened', 'disclosures') };
    for (const path of ['/audit-log', '/audit-log?action=case.viewed', '/disclosure-log', '/disclosure-log?kind=read']) await own.get(path);
    for (let at = 0; at < 2; at++) await fileOf(own, '/audit-log?as=csv');
    await fileOf(own, '/overview?as=csv&table=clocks');
    expect([await rows('audit.record_opened', 'audit'), Math.max(1, before.log), await rows('list.exported', 'audit') - before.audit, await rows('list.exported', 'overview-clocks') - before.clocks])
      .toEqual([1, await rows('audit.record_opened', 'disclosures'), 2, 1]);
    await behindTheWall(site.db, "update page_openings set opened_at = opened_at - interval '16 minutes' where subject_id = 'list:audit'");
    await own.get('/audit-log');
    expect(await rows('audit.record_opened', 'audit')).toBe(2);
  });

  it('links an administrator, whose work begins at administration, to nothing that is refused', async () => {
    const agent = await site.signedIn('administrator');
    expect((await agent.get('/')).headers['location']).toBe('/administration');
    const record = (await agent.get(`/audit-log?subject=${referralId}`)).text;
    expect([record.includes(`>${referralId}<`), record.includes(`/referrals/${referralId}`)]).toEqual([true, false]);
    const pages = await Promise.all(['/audit-log', '/audit-log?action=case.viewed', '/deliveries', '/administration'].map(async (path) => (await agent.get(path)).text));
    const links = new Set(pages.flatMap((text) => [...text.matchAll(/<a [^>]*href="(\/[^"#?]*)/g)].map(([, href]) => href ?? '')));
    const refused: string[] = [];
    for (const href of links) if ((await agent.get(href)).status === 403) refused.push(href);
    expect(refused).toEqual([]);
  });

  it('is checked as a whole, with an anchor kept elsewhere', async () => {
    const agent = await site.signedIn('administrator');
    const form_token = hiddenField((await agent.get('/audit-log')).text, 'form_token');
    const verify = (anchor: string) => agent.post('/audit-log/verify').type('form').send({ form_token, anchor });
    const first = await verify('');
    expect([first.status, first.text.includes('The audit record is intact')]).toEqual([200, true]);
    const anchor = /id="anchor-now"[^>]*>(\d+:[0-9a-f]{64})</.exec(first.text)?.[1] ?? '';
    expect((await verify(anchor)).text).toContain('The audit record is intact');
    expect((await verify(`1:${'0'.repeat(64)}`)).text).toContain('the chain does not match the anchor');
    expect((await verify('an anchor')).status).toBe(422);
    expect((await (await county()).get('/audit-log')).text).not.toContain('/audit-log/verify');
    for (const who of ['attorney', 'officer_la', 'reconciler']) expect((await (await site.signedIn(who)).get('/audit-log')).status).toBe(403);
  });
});
