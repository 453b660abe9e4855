import { behindTheWall } from '../../support/database.ts';
import { collect, press, refer } from './referral-forms.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { hiddenField, openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
});

const rowsOf = async (what: string) => Number((await behindTheWall<{ n: string }>(site.db, `select count(*) as n from ${what}`))[0]?.n);

describe('what is left to do', () => {
  let address = '';
  const page = async (who = 'attorney'): Promise<string> => (await (await site.signedIn(who)).get(address)).text;
  const bytesOf = async (who: string, path: string) => (await site.signedIn(who)).get(path).buffer(true).parse((res, done) => collect(res as unknown as NodeJS.ReadableStream, done));

  it('names each thing beside the page on which it is mended', async () => {
    address = await refer(site, 'attorney', SAMPLE_CASES.imperial.caseId, 'mx-consulate-calexico', ['register_enforce']);
    const text = await page();
    expect(text).toContain('What is left to do');
    expect(text).toContain(`href="${address}/interview/obligor_description"`);
    expect(text).toContain(`href="${address}/attachments#kind"`);
    expect(text).toContain(`href="/cases/${SAMPLE_CASES.imperial.caseId}"`);
    expect(text).toContain('href="/partners#mx-consulate-calexico"');
    const agent = await site.signedIn('attorney');
    for (const [, href] of text.matchAll(/<li class="pu-finding.*?<a href="(\/[^"#]+)/g)) expect([href, (await agent.get(href as string)).status]).toEqual([href, 200]);
    expect((await agent.get(`${address}/check`)).text).toMatch(/Documents that will be in the packet[\s\S]*<span lang="es-MX">/);
  });

  it('follows what is typed elsewhere: an answer asks for its translation at once', async () => {
    const agent = await site.signedIn('attorney');
    const form_token = await tokenOf(agent, `${address}/interview/statement`);
    await agent.post(`${address}/interview/statement`).type('form').send({ form_token, language: 'en', based_on: '0', text: 'He has not paid since March.' });
    const text = await page();
    expect(text).toContain(`href="/translations?referral=${address.split('/').pop() ?? ''}"`);
    expect(text).toMatch(/1 problem/);
    expect((await (await site.signedIn('translator')).get('/translations')).text).toContain(address.split('/').pop());
    expect((await press(site, 'attorney', `${address}/seal`)).headers['location']).toBe(`${address}/sign?problem=packet.incomplete`);
    const again = await tokenOf(agent, `${address}/interview/statement`);
    await agent.post(`${address}/interview/statement`).type('form').send({ form_token: again, language: 'en', based_on: '1', text: '' });
    expect(await page()).toContain('Nothing prevents the packet');
  });

  it('lets the attorney read a draft, and nobody else', async () => {
    const { status, headers, body } = await bytesOf('attorney', `${address}/draft`);
    expect([status, headers['content-type'], headers['cache-control'], (body as Buffer).subarray(0, 5).toString()]).toEqual([200, 'application/pdf', 'no-store', '%PDF-']);
    expect(await rowsOf('packets')).toBe(await rowsOf(`packets where referral_id <> '${address.split('/').pop() ?? ''}'`));
    expect((await (await site.signedIn('imperial')).get(`${address}/draft`)).status).toBe(200);
    const elsewhere = await refer(site, 'attorney', SAMPLE_CASES.hostile.caseId, 'mx-sre', ['locate']);
    for (const [who, path, refused] of [['translator', address, 403], ['officer_la', address, 403], ['reconciler', address, 403], ['imperial', elsewhere, 404]] as const) {
      expect([who, (await (await site.signedIn(who)).get(`${path}/draft`)).status]).toEqual([who, refused]);
    }
  });

  it('once sealed lists its documents with pages, prints sets, and says when something has changed since', async () => {
    await press(site, 'attorney', `${address}/seal`);
    const text = await page();
    expect(text).toMatch(/page 1<\/span>|pages, from page 1<\/span>/);
    expect(text).toContain('send the packet');
    const packet = /\/packets\/(pkt_[^/]+)\/sets/.exec(text)?.[1] ?? '';
    const sets = await bytesOf('attorney', `/packets/${packet}/sets?sets=1&paper=a4`);
    expect([sets.status, (sets.body as Buffer).subarray(0, 5).toString()]).toEqual([200, '%PDF-']);
    for (const [who, query, refused] of [['attorney', 'sets=0', 422], ['attorney', 'sets=x', 422], ['translator', 'sets=1', 403], ['officer_kr', 'sets=1', 404], ['officer_la', 'sets=1', 404]] as const) {
      expect([who, query, (await (await site.signedIn(who)).get(`/packets/${packet}/sets?${query}`)).status]).toEqual([who, query, refused]);
    }
    const stale = (await (await site.signedIn('attorney')).get(`${address}/send`)).text;
    const agent = await site.signedIn('attorney');
    const form_token = await tokenOf(agent, `${address}/interview/obligor_description`);
    await agent.post(`${address}/interview/obligor_description`).type('form').send({ form_token, language: 'en', based_on: '2', heightCm: '180' });
    expect(await page()).toContain('Something has changed since the last packet was sealed');
    expect((await agent.get(`${address}/send`)).text).not.toContain(`action="${address}/send"`);
    // A page that was open before still has the button: the packet does not leave.
    const sent = await agent.post(`${address}/send`).type('form').send({ form_token: hiddenField(stale, 'form_token'), form_id: hiddenField(stale, 'form_id') });
    expect(sent.headers['location']).toBe(`${address}/send?problem=packet.outdated`);
  });
});

describe('what a partner’s officer may do', () => {
  it('is offered with what it needs, made once, and nothing that is the county’s', async () => {
    const address = await refer(site, 'attorney', SAMPLE_CASES.hostile.caseId, 'mx-consulate-los-angeles', ['locate']);
    for (const act of ['seal', 'send']) await press(site, 'attorney', `${address}/${act}`);
    const officer = await site.signedIn('officer_la');
    const received = address.replace('/referrals/', '/inbox/');
    const steps = `${address}/steps`;
    const { text } = await officer.get(received);
    for (const move of ['deliver', 'accept', 'forward', 'report_incomplete', 'refuse']) expect(text).toContain(`${received}/tell?move=${move}`);
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
