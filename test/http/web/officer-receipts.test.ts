import { LANGUAGES, translator } from '../../../src/platform/i18n.ts';
import { deliverMessage, sendMessage } from '../../../src/modules/exchange/index.ts';
import { buildPacket, createReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  const { referralId } = await createReferral(site.ctx, { caseId: SAMPLE_CASES.plain.caseId, partnerId: 'mx-consulate-los-angeles', services: ['locate'] });
  await buildPacket(site.ctx, referralId);
  await sendReferral(site.ctx, referralId);
  const { messageId } = await sendMessage(site.ctx, { referralId, kind: 'statusRequest', body: {} });
  await deliverMessage(site.ctx, messageId);
});

it('lists the office’s own receipts in each language, sorted, filtered, and as a file', async () => {
  const agent = await site.signedIn('officer_la');
  for (const language of LANGUAGES) {
    await agent.get(`/partners?language=${language}`);
    const { text } = await agent.get('/receipts');
    expect([text.includes(translator(language)('officer:receipts.verify')), /href="\/receipts\/rct_/.test(text)]).toEqual([true, true]);
    expect(text).not.toMatch(/officer:|undefined/);
  }
  await agent.get('/partners?language=en');
  for (const sort of ['when', '-when', 'stage', 'kind', 'x;drop']) expect((await agent.get(`/receipts?sort=${sort}`)).status).toBe(200);
  expect((await agent.get('/receipts?of=in')).text).toContain('There are no receipts yet.');
  expect((await agent.get('/receipts?of=%3Cscript%3E')).text).not.toContain('<script>alert');
  const { text, headers } = await agent.get('/receipts?as=csv&of=out');
  expect([headers['content-type']?.includes('text/csv'), text.includes('rct_')]).toEqual([true, true]);
  expect((await (await site.signedIn('officer_kr')).get('/receipts')).text).toContain('There are no receipts yet.');
  expect((await (await site.signedIn('translator')).get('/receipts')).status).toBe(403);
});

it('gives the certificate by which they are checked, or says that there is none', async () => {
  const { status, text } = await (await site.signedIn('officer_la')).get('/receipts/certificate');
  expect([200, 404]).toContain(status);
  expect(status === 404 || text.includes('BEGIN CERTIFICATE')).toBe(true);
});
