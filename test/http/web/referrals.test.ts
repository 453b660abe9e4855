import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { behindTheWall } from '../../support/database.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { collect, press, refer } from './referral-forms.ts';
import { hiddenField, openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';
import { verifyPacket } from '../../../src/modules/referrals/index.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
});

const rowsOf = async (what: string) => Number((await behindTheWall<{ n: string }>(site.db, `select count(*) as n from ${what}`))[0]?.n);

describe('a referral to a consulate', () => {
  let address = '';
  let packetId = '';

  it('is made from a case, once, however often the form is sent', async () => {
    const agent = await site.signedIn('attorney');
    const path = `/cases/${SAMPLE_CASES.plain.caseId}/refer`;
    const page = (await agent.get(path)).text;
    const form = { form_token: hiddenField(page, 'form_token'), form_id: hiddenField(page, 'form_id'), partner: 'mx-consulate-los-angeles', services: ['enforce', 'collect_forward'] };
    const sent = await Promise.all([1, 2, 3].map(() => agent.post(path).type('form').send(form)));
    expect(new Set(sent.map(({ status, headers }) => `${status} ${headers['location']}`)).size).toBe(1);
    address = (sent[0]?.headers['location'] as string).split('?')[0] as string;
    expect(await rowsOf('referrals')).toBe(1);
    expect((await agent.get(`${address}?done=created`)).text).toContain('The referral has been created.');
  });

  it('stands in the queue with its deadline', async () => {
    const { text } = await (await site.signedIn('attorney')).get('/queue');
    expect(text).toContain(`href="${address}"`);
    expect(text).toMatch(/days? left/);
  });

  it('says what was checked, in words of each language and never in codes', async () => {
    const agent = await site.signedIn('attorney');
    for (const language of ['es-MX', 'ko-KR', 'en']) {
      await agent.get(`/queue?language=${language}`);
      const { status, text } = await agent.get(address);
      expect(status).toBe(200);
      expect(text.split('<main')[1]).not.toMatch(/referral\.[a-z_]+|cases\.[a-z_]+|\{\{/);
    }
  });

  it('is not seen by the partner before it is sent', async () => {
    const officer = await site.signedIn('officer_la');
    expect((await officer.get(address)).status).toBe(404);
    expect((await officer.get(address.replace('/referrals/', '/inbox/'))).status).toBe(404);
    expect((await officer.get('/inbox')).text).toContain('Nothing has been sent to your office yet');
  });

  it('gets a sealed packet, which is the same one when sealed again', async () => {
    expect((await press(site, 'attorney', `${address}/seal`)).headers['location']).toBe(`${address}/send?done=sealed`);
    expect((await press(site, 'attorney', `${address}/seal`)).headers['location']).toBe(`${address}/send?done=same`);
    expect(await rowsOf('packets')).toBe(1);
    const { text } = await (await site.signedIn('attorney')).get(address);
    packetId = /\/packets\/(pkt_[^/]+)\/pdf/.exec(text)?.[1] ?? '';
    expect(packetId).not.toBe('');
  });

  it('shows the packet as PDF in the page’s own window, and saves PDF and signed file', async () => {
    const agent = await site.signedIn('attorney');
    const pdf = await agent.get(`/packets/${packetId}/pdf`).buffer(true).parse((res, done) => collect(res as unknown as NodeJS.ReadableStream, done));
    expect(pdf.headers).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(pdf.headers['content-disposition']).toMatch(/^inline; filename="ref_\w+\.pdf"$/);
    expect((pdf.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-');
    const container = await agent.get(`/packets/${packetId}/container`).buffer(true).parse((res, done) => collect(res as unknown as NodeJS.ReadableStream, done));
    expect(container.headers['content-disposition']).toMatch(/^attachment; /);
    expect((container.body as Buffer).subarray(0, 2).toString()).toBe('PK');
    expect(verifyPacket).toBeInstanceOf(Function);
  });

  it('is sent once, and then stands in the inbox of that partner alone', async () => {
    const agent = await site.signedIn('attorney');
    const page = (await agent.get(`${address}/send`)).text;
    const form = { form_token: hiddenField(page, 'form_token'), form_id: hiddenField(page, 'form_id') };
    const [first, second] = [await agent.post(`${address}/send`).type('form').send(form), await agent.post(`${address}/send`).type('form').send(form)];
    expect([first.headers['location'], second.headers['location']]).toEqual([`${address}/sent`, `${address}/sent`]);
    expect(await rowsOf('packet_deliveries')).toBe(1);

    const received = address.replace('/referrals/', '/inbox/');
    const officer = await site.signedIn('officer_la');
    expect((await officer.get('/inbox')).text).toContain(`href="${received}"`);
    const { status, text } = await officer.get(received);
    expect(status).toBe(200);
    expect(text).toContain(`/packets/${packetId}/pdf`);
    expect((await officer.get(`/packets/${packetId}/pdf`)).status).toBe(200);
    expect((await officer.get(address)).headers['location']).toBe(received);
  });

  it('is not there for another partner’s officer, nor is its packet', async () => {
    const other = await site.signedIn('officer_kr');
    for (const path of [address, address.replace('/referrals/', '/inbox/'), `/packets/${packetId}/pdf`, `/packets/${packetId}/container`]) {
      expect([path, (await other.get(path)).status]).toEqual([path, 404]);
    }
    expect((await other.get('/inbox')).text).not.toContain('/inbox/ref_');
  });

  it('is not there for an attorney of another county', async () => {
    const other = await site.signedIn('imperial');
    for (const path of [address, `/packets/${packetId}/pdf`]) expect((await other.get(path)).status).toBe(404);
  });

  it('is not sealed or sent by those who may only look', async () => {
    for (const who of ['translator', 'officer_la']) {
      const agent = await site.signedIn(who);
      const form_token = await tokenOf(agent, '/partners');
      for (const act of ['seal', 'send']) expect((await agent.post(`${address}/${act}`).type('form').send({ form_token })).status).toBe(403);
    }
  });

  it('refuses to be sent a second time with a new form', async () => {
    const agent = await site.signedIn('attorney');
    const form_token = await tokenOf(agent, '/partners');
    expect((await agent.post(`${address}/send`).type('form').send({ form_token, form_id: 'another-showing-of-the-form' })).status).toBe(409);
  });
});

describe('a packet sent before somebody was protected', () => {
  it('is off the officer’s page, warned of on the attorney’s until recorded, and replaced by the next', async () => {
    const plain = SAMPLE_CASES.plain;
    const address = await refer(site, 'attorney', plain.caseId, 'mx-consulate-los-angeles', ['status']);
    const received = address.replace('/referrals/', '/inbox/');
    for (const act of ['seal', 'send']) await press(site, 'attorney', `${address}/${act}`);
    const officer = await site.signedIn('officer_la');
    const first = /\/packets\/(pkt_[^/]+)\/pdf/.exec((await officer.get(received)).text)?.[1] ?? '';
    expect((await officer.get(`/packets/${first}/pdf`)).status).toBe(200);

    const participants = plain.participants.map((one, index) => (index === 1 ? { ...one, nondisclosure: { basis: 'court_order', on: '2024-01-01' } } : one));
    await importCaseExtract(site.ctx, { fileName: 'protected.ndjson', source: Readable.from([`${JSON.stringify({ ...plain, participants })}\n`]) });
    const page = await officer.get(received);
    expect(page.text).toContain('no longer available');
    expect(page.text).not.toMatch(/\/packets\/|protect/);
    for (const part of ['pdf', 'container']) expect((await officer.get(`/packets/${first}/${part}`)).status).toBe(403);

    const agent = await site.signedIn('attorney');
    expect((await agent.get(address)).text).toContain('was disclosed before protection');
    expect((await agent.get(`/packets/${first}/pdf`)).status).toBe(200);
    expect((await press(site, 'attorney', `${address}/recall`)).headers['location']).toBe(`${address}?done=recalled`);
    expect((await agent.get(address)).text).not.toContain('was disclosed before protection');

    for (const act of ['seal', 'send']) await press(site, 'attorney', `${address}/${act}`);
    const { text } = await officer.get(received);
    const offered = [...text.matchAll(/\/packets\/(pkt_[^/]+)\/pdf"/g)].map(([, id]) => id);
    expect(offered).toHaveLength(1);
    expect(offered).not.toContain(first);
    const old = await officer.get(`/packets/${first}/pdf`);
    expect([old.status, old.text.includes('A newer packet supersedes')]).toEqual([409, true]);
  });
});

describe('a referral to KCSA', () => {
  it('asks for the approver’s name before it is sent, keeps what was typed, and sends with it', async () => {
    const address = await refer(site, 'attorney', SAMPLE_CASES.korean.caseId, 'kr-kcsa', ['locate']);
    expect((await press(site, 'attorney', `${address}/seal`)).headers['location']).toContain('done=sealed');
    const refused = await press(site, 'attorney', `${address}/send`, { approver: '   ' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('href="#approver"');
    const tooLong = await press(site, 'attorney', `${address}/send`, { approver: `${'N'.repeat(150)}<script>` });
    expect(tooLong.status).toBe(422);
    expect(tooLong.text).toContain('N'.repeat(150));
    expect(tooLong.text).not.toContain('<script>');
    expect((await press(site, 'attorney', `${address}/send`, { approver: 'Deputy Director Díaz' })).headers['location']).toBe(`${address}/sent`);
    const officer = await site.signedIn('officer_kr');
    expect((await officer.get('/inbox')).text).toContain(SAMPLE_CASES.korean.caseId);
    expect((await officer.get(address.replace('/referrals/', '/inbox/'))).text).not.toContain('Díaz');
  });
});

describe('the form for a new referral', () => {
  it('names what is missing and keeps what was chosen', async () => {
    const agent = await site.signedIn('attorney');
    const path = `/cases/${SAMPLE_CASES.plain.caseId}/refer`;
    const form_token = await tokenOf(agent, path);
    const { status, text } = await agent.post(path).type('form').send({ form_token, form_id: 'x'.repeat(24), services: 'locate' });
    expect(status).toBe(422);
    expect(text).toContain('href="#partner-0"');
    expect(text).toMatch(/value="locate" checked/);
  });

  it('refuses what it never offered', async () => {
    const agent = await site.signedIn('attorney');
    const path = `/cases/${SAMPLE_CASES.plain.caseId}/refer`;
    const form_token = await tokenOf(agent, path);
    const send = (fields: object) => agent.post(path).type('form').send({ form_token, form_id: 'y'.repeat(24), partner: 'mx-sre', services: 'locate', ...fields });
    expect((await send({ partner: 'xx-nowhere' })).status).toBe(404);
    expect((await agent.get(path)).text).toContain('Does not serve Los Angeles');
    const far = await send({ partner: 'mx-consulate-calexico' });
    expect([far.status, far.text.includes('Choose a partner that serves Los Angeles')]).toEqual([422, true]);
    expect((await send({ services: 'everything' })).status).toBe(422);
    expect((await send({ form_id: 'short' })).status).toBe(422);
    expect((await agent.post('/cases/NOSUCH/refer').type('form').send({ form_token, form_id: 'z'.repeat(24), partner: 'mx-sre', services: 'locate' })).status).toBe(404);
  });
});
