import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { behindTheWall } from '../../support/database.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { hiddenField, openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';
import { verifyPacket } from '../../../src/modules/referrals/index.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
});

const rowsOf = async (what: string) => Number((await behindTheWall<{ n: string }>(site.db, `select count(*) as n from ${what}`))[0]?.n);

async function refer(who: string, caseId: string, partner: string, services: string[]): Promise<string> {
  const agent = await site.signedIn(who);
  const page = (await agent.get(`/cases/${caseId}/refer`)).text;
  const form = { form_token: hiddenField(page, 'form_token'), form_id: hiddenField(page, 'form_id'), partner, services };
  const sent = await agent.post(`/cases/${caseId}/refer`).type('form').send(form);
  expect(sent.status).toBe(303);
  return (sent.headers['location'] as string).split('?')[0] as string;
}

async function press(who: string, address: string, fields: Record<string, string> = {}) {
  const agent = await site.signedIn(who);
  const page = (await agent.get(address.replace(/\/(seal|send|recall)$/, ''))).text;
  return agent.post(address).type('form').send({ form_token: hiddenField(page, 'form_token'), form_id: hiddenField(page, 'form_id'), ...fields });
}

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
      expect(text).not.toMatch(/referral\.[a-z_]+|cases\.[a-z_]+|\{\{/);
    }
  });

  it('is not seen by the partner before it is sent', async () => {
    const officer = await site.signedIn('officer_la');
    expect((await officer.get(address)).status).toBe(404);
    expect((await officer.get(address.replace('/referrals/', '/inbox/'))).status).toBe(404);
    expect((await officer.get('/inbox')).text).toContain('Nothing has been sent to you yet');
  });

  it('gets a sealed packet, which is the same one when sealed again', async () => {
    expect((await press('attorney', `${address}/seal`)).headers['location']).toBe(`${address}?done=sealed`);
    expect((await press('attorney', `${address}/seal`)).headers['location']).toBe(`${address}?done=same`);
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
    const page = (await agent.get(address)).text;
    const form = { form_token: hiddenField(page, 'form_token'), form_id: hiddenField(page, 'form_id') };
    const [first, second] = [await agent.post(`${address}/send`).type('form').send(form), await agent.post(`${address}/send`).type('form').send(form)];
    expect([first.headers['location'], second.headers['location']]).toEqual([`${address}?done=sent`, `${address}?done=sent`]);
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
    const address = await refer('attorney', plain.caseId, 'mx-consulate-los-angeles', ['status']);
    const received = address.replace('/referrals/', '/inbox/');
    for (const act of ['seal', 'send']) await press('attorney', `${address}/${act}`);
    const officer = await site.signedIn('officer_la');
    const first = /\/packets\/(pkt_[^/]+)\/pdf/.exec((await officer.get(received)).text)?.[1] ?? '';
    expect((await officer.get(`/packets/${first}/pdf`)).status).toBe(200);

    const participants = plain.participants.map((one, index) => (index === 1 ? { ...one, nondisclosure: { basis: 'court_order', on: '2024-01-01' } } : one));
    await importCaseExtract(site.ctx, { fileName: 'protected.ndjson', source: Readable.from([`${JSON.stringify({ ...plain, participants })}\n`]) });
    const page = await officer.get(received);
    expect(page.text).toContain('no longer on offer');
    expect(page.text).not.toMatch(/\/packets\/|protect/);
    for (const part of ['pdf', 'container']) expect((await officer.get(`/packets/${first}/${part}`)).status).toBe(403);

    const agent = await site.signedIn('attorney');
    expect((await agent.get(address)).text).toContain('was disclosed before protection');
    expect((await agent.get(`/packets/${first}/pdf`)).status).toBe(200);
    expect((await press('attorney', `${address}/recall`)).headers['location']).toBe(`${address}?done=recalled`);
    expect((await agent.get(address)).text).not.toContain('was disclosed before protection');

    for (const act of ['seal', 'send']) await press('attorney', `${address}/${act}`);
    const { text } = await officer.get(received);
    const offered = [...text.matchAll(/\/packets\/(pkt_[^/]+)\/pdf"/g)].map(([, id]) => id);
    expect(offered).toHaveLength(1);
    expect(offered).not.toContain(first);
    const old = await officer.get(`/packets/${first}/pdf`);
    expect([old.status, old.text.includes('A newer packet has taken the place')]).toEqual([409, true]);
  });
});

describe('a referral to KCSA', () => {
  it('asks for the approver’s name before it is sent, keeps what was typed, and sends with it', async () => {
    const address = await refer('attorney', SAMPLE_CASES.korean.caseId, 'kr-kcsa', ['locate']);
    expect((await press('attorney', `${address}/seal`)).headers['location']).toContain('done=sealed');
    const refused = await press('attorney', `${address}/send`, { approver: '   ' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('href="#approver"');
    const tooLong = await press('attorney', `${address}/send`, { approver: `${'N'.repeat(150)}<script>` });
    expect(tooLong.status).toBe(422);
    expect(tooLong.text).toContain('N'.repeat(150));
    expect(tooLong.text).not.toContain('<script');
    expect((await press('attorney', `${address}/send`, { approver: 'Deputy Director Díaz' })).headers['location']).toBe(`${address}?done=sent`);
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
    expect((await send({ services: 'everything' })).status).toBe(422);
    expect((await send({ form_id: 'short' })).status).toBe(422);
    expect((await agent.post('/cases/NOSUCH/refer').type('form').send({ form_token, form_id: 'z'.repeat(24), partner: 'mx-sre', services: 'locate' })).status).toBe(404);
  });
});

function collect(res: NodeJS.ReadableStream, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  res.on('data', (chunk: Buffer) => chunks.push(chunk));
  res.on('end', () => done(null, Buffer.concat(chunks)));
}

describe('what is left to do', () => {
  let address = '';
  const page = async (who = 'attorney'): Promise<string> => (await (await site.signedIn(who)).get(address)).text;
  const bytesOf = async (who: string, path: string) => (await site.signedIn(who)).get(path).buffer(true).parse((res, done) => collect(res as unknown as NodeJS.ReadableStream, done));

  it('names each thing beside the page on which it is mended', async () => {
    address = await refer('attorney', SAMPLE_CASES.imperial.caseId, 'mx-consulate-calexico', ['register_enforce']);
    const text = await page();
    expect(text).toContain('What is left to do');
    expect(text).toContain(`href="${address}/interview/obligor_description"`);
    expect(text).toContain(`href="${address}/attachments#kind"`);
    expect(text).toContain(`href="/cases/${SAMPLE_CASES.imperial.caseId}"`);
    expect(text).toContain('href="/partners#mx-consulate-calexico"');
    const agent = await site.signedIn('attorney');
    for (const [, href] of text.matchAll(/<li class="pu-finding.*?<a href="(\/[^"#]+)/g)) expect([href, (await agent.get(href as string)).status]).toEqual([href, 200]);
    expect(text).toMatch(/Documents that the packet will have[\s\S]*<span lang="es-MX">/);
  });

  it('follows what is typed elsewhere: an answer asks for its translation at once', async () => {
    const agent = await site.signedIn('attorney');
    const form_token = await tokenOf(agent, `${address}/interview/statement`);
    await agent.post(`${address}/interview/statement`).type('form').send({ form_token, language: 'en', based_on: '0', text: 'He has not paid since March.' });
    const text = await page();
    expect(text).toContain(`href="/translations?referral=${address.split('/').pop() ?? ''}"`);
    expect(text).toMatch(/1 thing stands in the way/);
    expect((await (await site.signedIn('translator')).get('/translations')).text).toContain(address.split('/').pop());
    expect((await press('attorney', `${address}/seal`)).headers['location']).toBe(`${address}?problem=packet.incomplete`);
    const again = await tokenOf(agent, `${address}/interview/statement`);
    await agent.post(`${address}/interview/statement`).type('form').send({ form_token: again, language: 'en', based_on: '1', text: '' });
    expect(await page()).toContain('Nothing stands in the way');
  });

  it('lets the attorney read a draft, and nobody else', async () => {
    const { status, headers, body } = await bytesOf('attorney', `${address}/draft`);
    expect([status, headers['content-type'], headers['cache-control'], (body as Buffer).subarray(0, 5).toString()]).toEqual([200, 'application/pdf', 'no-store', '%PDF-']);
    expect(await rowsOf('packets')).toBe(await rowsOf(`packets where referral_id <> '${address.split('/').pop() ?? ''}'`));
    expect((await (await site.signedIn('imperial')).get(`${address}/draft`)).status).toBe(200);
    const elsewhere = await refer('attorney', SAMPLE_CASES.hostile.caseId, 'mx-sre', ['locate']);
    for (const [who, path, refused] of [['translator', address, 403], ['officer_la', address, 403], ['reconciler', address, 403], ['imperial', elsewhere, 404]] as const) {
      expect([who, (await (await site.signedIn(who)).get(`${path}/draft`)).status]).toEqual([who, refused]);
    }
  });

  it('once sealed lists its documents with pages, prints sets, and says when something has changed since', async () => {
    await press('attorney', `${address}/seal`);
    const text = await page();
    expect(text).toMatch(/page 1<\/span>|pages, from page 1<\/span>/);
    expect(text).toContain('send the packet');
    const packet = /\/packets\/(pkt_[^/]+)\/sets/.exec(text)?.[1] ?? '';
    const sets = await bytesOf('attorney', `/packets/${packet}/sets?sets=1&paper=a4`);
    expect([sets.status, (sets.body as Buffer).subarray(0, 5).toString()]).toEqual([200, '%PDF-']);
    for (const [who, query, refused] of [['attorney', 'sets=0', 422], ['attorney', 'sets=x', 422], ['translator', 'sets=1', 403], ['officer_kr', 'sets=1', 404], ['officer_la', 'sets=1', 404]] as const) {
      expect([who, query, (await (await site.signedIn(who)).get(`/packets/${packet}/sets?${query}`)).status]).toEqual([who, query, refused]);
    }
    const stale = await page();
    const agent = await site.signedIn('attorney');
    const form_token = await tokenOf(agent, `${address}/interview/obligor_description`);
    await agent.post(`${address}/interview/obligor_description`).type('form').send({ form_token, language: 'en', based_on: '2', heightCm: '180' });
    expect(await page()).toContain('Something has changed since the last packet was sealed');
    expect(await page()).not.toContain(`action="${address}/send"`);
    // A page that was open before still has the button: the packet does not leave.
    const sent = await agent.post(`${address}/send`).type('form').send({ form_token: hiddenField(stale, 'form_token'), form_id: hiddenField(stale, 'form_id') });
    expect(sent.headers['location']).toBe(`${address}?problem=packet.outdated`);
  });
});

describe('what a partner’s officer may do', () => {
  it('is offered with what it needs, made once, and nothing that is the county’s', async () => {
    const address = await refer('attorney', SAMPLE_CASES.hostile.caseId, 'mx-consulate-los-angeles', ['locate']);
    for (const act of ['seal', 'send']) await press('attorney', `${address}/${act}`);
    const officer = await site.signedIn('officer_la');
    const received = address.replace('/referrals/', '/inbox/');
    const steps = `${address}/steps`;
    const { text } = await officer.get(received);
    for (const move of ['deliver', 'accept', 'forward', 'report_incomplete', 'refuse']) expect(text).toContain(`${steps}?move=${move}`);
    expect(text).not.toMatch(/\?move=(close|withdraw|supersede|learn)|What is left to do|findings|Ana Attorney/);
    const move = async (fields: Record<string, string>, who = 'officer_la') => {
      const agent = await site.signedIn(who);
      return agent.post(steps).type('form').send({ form_token: await tokenOf(agent, '/partners'), ...fields });
    };
    for (const theirs of ['close', 'withdraw', 'supersede', 'seal', 'send']) expect([theirs, (await move({ move: theirs, reason: 'other' })).status >= 400]).toEqual([theirs, true]);
    expect((await move({ move: 'accept' }, 'officer_kr')).status).toBe(404);
    expect((await move({ move: 'accept' }, 'imperial')).status).toBe(404);
    expect((await move({ move: 'report_incomplete', reason: 'order_copy_missing' })).status).toBe(303);
    expect((await move({ move: 'report_incomplete', reason: 'order_copy_missing' })).status).toBe(409);
    expect((await officer.get(received)).text).toContain('Incomplete');
    expect((await officer.get('/inbox')).text).toContain('Incomplete');
    const seen = (await (await site.signedIn('attorney')).get(address)).text;
    expect(seen).toContain('copy of the order missing');
    expect(seen).toContain(`${steps}?move=supply`);
  });
});
