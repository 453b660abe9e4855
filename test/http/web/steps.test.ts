import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { buildPacket, createReferral, getReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import { hiddenField, openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let referralId: string;
beforeAll(async () => {
  site = await openSite();
  await importCaseExtract(site.ctx, { fileName: 'cases.ndjson', source: Readable.from(extractOf([aMexicanCase({ caseId: 'ST-1', county: '06037' })])) });
  ({ referralId } = await createReferral(site.ctx, { caseId: 'ST-1', partnerId: 'mx-consulate-los-angeles', services: ['locate'] }));
});

const steps = (): string => `/referrals/${referralId}/steps`;
async function post(who: string, fields: Record<string, string | string[]>, address = steps()) {
  const agent = await site.signedIn(who);
  const form_token = hiddenField((await agent.get(`${steps()}?move=${String(fields['move'] ?? '')}`)).text, 'form_token');
  return agent.post(address).type('form').send({ form_token, ...fields });
}

describe('the steps of a referral', () => {
  it('show every deadline with its law, and offer the moves of the state', async () => {
    const { status, text } = await (await site.signedIn('attorney')).get(steps());
    expect(status).toBe(200);
    expect(text).toContain('45 CFR 303.7(c)(4)');
    expect(text).toContain(`${steps()}?move=await_items`);
    expect(text).not.toContain('?move=seal');
    expect((await (await site.signedIn('imperial')).get(steps())).status).toBe(404);
    expect((await (await site.signedIn('officer_la')).get(steps())).status).toBe(404);
  });

  it('wait for papers, and count them off', async () => {
    expect((await post('attorney', { move: 'await_items' })).status).toBe(422);
    expect((await post('attorney', { move: 'await_items', item: ['notary'] })).headers['location']).toBe(`${steps()}?done=moved`);
    const refused = await post('attorney', { move: 'review' });
    expect([refused.status, refused.text.includes('still awaited')]).toEqual([422, true]);
    expect((await post('attorney', { item: 'notary' }, `${steps()}/arrived`)).status).toBe(303);
    expect((await post('translator', { move: 'review' })).status).toBe(303);
    expect((await getReferral(site.ctx, referralId)).status).toBe('in_review');
  });

  it('are moved by the partner’s officer where they are the partner’s, and by no other', async () => {
    await buildPacket(site.ctx, referralId);
    await sendReferral(site.ctx, referralId);
    const page = (await (await site.signedIn('officer_la')).get(steps())).text;
    expect(page).toContain('?move=accept');
    expect(page).not.toMatch(/\?move=close|303\.7/);
    const refused = await post('officer_la', { move: 'refuse' });
    expect([refused.status, refused.text.includes('Choose the reason from the list.')]).toEqual([422, true]);
    expect((await post('officer_la', { move: 'close', reason: 'other' })).status).toBe(403);
    expect((await post('officer_la', { move: 'forward', hop: 'mx-sre' })).status).toBe(303);
    expect((await getReferral(site.ctx, referralId)).status).toBe('forwarded');
    expect((await (await site.signedIn('officer_kr')).get(steps())).status).toBe(404);
  });

  it('speak every language without codes', async () => {
    for (const who of ['attorney', 'officer_la']) {
      const agent = await site.signedIn(who);
      for (const language of ['es-MX', 'ko-KR', 'en']) {
        await agent.get(`/partners?language=${language}`);
        for (const move of ['', 'refuse', 'forward', 'promise', 'supersede']) {
          const { status, text } = await agent.get(`${steps()}?move=${move}`);
          expect([status, /\{\{|undefined|referrals:|web:/.test(text.slice(text.indexOf('<main')))]).toEqual([200, false]);
        }
      }
    }
  });
});
