import { Readable } from 'node:stream';
import type TestAgent from 'supertest/lib/agent.js';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { approveTranslation, createReferral, getText, listTexts, saveInterview, saveSentences } from '../../../src/modules/referrals/index.ts';
import { LANGUAGES } from '../../../src/platform/i18n.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { aWholeCase } from '../../support/cases/whole-case.ts';
import { hiddenField, openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

const SOURCE = 'She lives near Maple Elementary.';
const TARGET = 'Vive cerca de Maple Elementary.';

/** A referral with a translated text and two written answers, of a case in which the mother is protected. */
async function aReferral(caseId: string): Promise<string> {
  const supportCase = aWholeCase(caseId, 'obligee', { basis: 'court_order', on: '2024-01-01' });
  await importCaseExtract(site.ctx, { fileName: 'c.ndjson', source: Readable.from(extractOf([supportCase])) });
  const { referralId } = await createReferral(site.ctx, { caseId, partnerId: 'mx-consulate-calexico', services: ['locate', 'enforce'] });
  await saveInterview(site.ctx, referralId, { language: 'en', answers: { sections: { statement: { text: SOURCE }, obligor_description: { lastSeenWhere: 'Oak <Street>', relatives: [{ name: 'Rosa Ruiz' }] } } } });
  for (const { textId } of await listTexts(site.ctx, referralId)) {
    const { items } = await getText(site.ctx, referralId, textId);
    await saveSentences(site.ctx, referralId, textId, items.map(({ key, revision }) => ({ key, revision, target: TARGET })));
    await approveTranslation(site.ctx, referralId, textId, { translatorName: 'Inés Duarte', qualification: 'Sample', on: '2026-01-05' });
  }
  return referralId;
}

const seenOn = (html: string): string[] => [...new Set([...html.matchAll(/name="seen" value="([0-9a-f]{32})"/g)].map((match) => match[1] ?? ''))];
const confirm = (agent: TestAgent, href: string, html: string, what: string, seen: readonly string[]) => agent.post(href).type('form').send({ form_token: hiddenField(html, 'form_token'), what, seen });

it('leads an attorney from what is left to the texts, whole and in both languages, and takes the word about them', async () => {
  const referralId = await aReferral('TRW-1');
  const href = `/referrals/${referralId}/texts`;
  const attorney = await site.signedIn('attorney');
  const referral = await attorney.get(`/referrals/${referralId}`);
  expect(referral.text).toContain(`href="${href}"`);
  expect(referral.text).not.toContain('Maple');
  for (const language of LANGUAGES) {
    await attorney.get(`/partners?language=${language}`);
    expect((await attorney.get(href)).text).toContain(`<html lang="${language}">`);
  }
  await attorney.get('/partners?language=en');
  const page = await attorney.get(href);
  for (const shown of [SOURCE, TARGET, 'Oak &lt;Street&gt;', 'Rosa Ruiz', 'Description of the other parent · ', 'Inés Duarte']) expect(page.text).toContain(shown);
  expect(seenOn(page.text)).toHaveLength(2);
  const done = await confirm(attorney, href, page.text, 'all', seenOn(page.text));
  expect([done.status, done.headers['location']]).toEqual([303, `${href}?done=reviewed`]);
  const after = await attorney.get(`${href}?done=reviewed`);
  expect(after.text).toContain('Your confirmation has been recorded.');
  expect(after.text).not.toContain('name="seen"');
  expect((await attorney.get(`/referrals/${referralId}`)).text).not.toContain(`href="${href}"`);
});

it('takes one text, and the answers, each for itself; what was changed meanwhile is shown again', async () => {
  const referralId = await aReferral('TRW-2');
  const href = `/referrals/${referralId}/texts`;
  const attorney = await site.signedIn('attorney');
  const page = await attorney.get(href);
  const textId = /name="what" value="(txt_\w+)"/.exec(page.text)?.[1] ?? '';
  expect((await confirm(attorney, href, page.text, textId, seenOn(page.text))).status).toBe(303);
  expect((await attorney.get(href)).text).not.toContain(`value="${textId}"`);
  await saveInterview(site.ctx, referralId, { language: 'en', answers: { sections: { statement: { text: SOURCE }, obligor_description: { lastSeenWhere: 'Elm Street' } } } });
  const stale = await confirm(attorney, href, page.text, 'answers', seenOn(page.text));
  expect([stale.status, stale.text.includes('Elm Street')]).toEqual([409, true]);
  expect((await confirm(attorney, href, stale.text, 'answers', seenOn(stale.text))).status).toBe(303);
});

it('is for attorneys of the county alone', async () => {
  const referralId = await aReferral('TRW-3');
  for (const who of ['translator', 'supervisor', 'officer_la', 'administrator']) expect((await (await site.signedIn(who)).get(`/referrals/${referralId}/texts`)).status).toBe(403);
});
