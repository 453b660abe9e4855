import { Readable } from 'node:stream';
import { askAboutCase, currentConsentText, readInquiry } from '../../../src/modules/exchange/index.ts';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { officeDay } from '../../../src/modules/referrals/index.ts';
import { aCase, extractOf } from '../../support/cases/builders.ts';
import { aLockedPaper, aPaper } from '../../support/referrals/paper-files.ts';
import { openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let inquiryId: string;
beforeAll(async () => {
  site = await openSite();
  await importCaseExtract(site.ctx, { fileName: 'cases.ndjson', source: Readable.from([extractOf([aCase({ caseId: '2600000000001' })])]) });
  const given = { givenBy: 'Rosa María León Romero', on: officeDay(site.ctx), language: 'es-MX', form: 'signed', textVersion: currentConsentText().version, questions: ['status'] } as const;
  ({ inquiryId } = await askAboutCase(site.ctx, {
    partnerId: 'mx-consulate-los-angeles', caseNumber: '2600000000001', person: { given: 'Rosa María', family: 'León', secondFamily: 'Romero', birthDate: '1983-02-18' },
    asker: { name: 'Rosa María León Romero', relation: 'obligee', documentShown: 'passport' }, questions: ['status'], consent: given,
  }));
});

async function add(bytes: Buffer | null, fileName = 'consent.pdf', who = 'officer_la') {
  const agent = await site.signedIn(who);
  const form = agent.post(`/asked/${inquiryId}/consent`).field('form_token', await tokenOf(agent, '/ask'));
  return bytes === null ? form : form.attach('scan', bytes, fileName);
}

it('refuses what is no scan, with the reason at the field', async () => {
  for (const bytes of [null, Buffer.alloc(0), Buffer.from('<script>alert(1)</script>'), await aLockedPaper()]) {
    const { status, text } = await add(bytes);
    expect([status, text.includes('href="#scan"'), text.includes('<script>alert')]).toEqual([422, true, false]);
  }
  expect((await add(await aPaper('Consentimiento'), 'a.pdf', 'officer_kr')).status).toBe(404);
});

it('keeps the signed consent once, and says that it is there', async () => {
  const paper = await aPaper('Consentimiento');
  expect((await add(paper)).headers['location']).toBe(`/asked/${inquiryId}?done=scanned`);
  expect((await add(paper)).headers['location']).toBe(`/asked/${inquiryId}?done=scanned`);
  expect((await add(await aPaper('Otro'))).status).toBe(409);
  expect((await readInquiry(site.ctx, inquiryId)).consent.fileId).toMatch(/^fil_/);
  expect((await (await site.signedIn('officer_la')).get(`/asked/${inquiryId}`)).text).toContain('The signed consent is kept with this question.');
});
