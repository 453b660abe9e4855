import { createReferral, listTexts, saveInterview } from '../../../src/modules/referrals/index.ts';
import { SAMPLE_CASES, importSampleCases } from './sample-cases.ts';
import { hiddenField, openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
});

const NASTY = '<script>alert(1)</script> =HYPERLINK("x") 😀.';
async function aReferral(service: string, text: string | null): Promise<string> {
  const { referralId } = await createReferral(site.ctx, { caseId: SAMPLE_CASES.plain.caseId, partnerId: 'mx-consulate-los-angeles', services: [service] });
  if (text !== null) await saveInterview(site.ctx, referralId, { language: 'en', answers: { sections: { statement: { text } } } });
  return referralId;
}
const keysOf = (html: string): string[] => [...html.matchAll(/name="key" value="([0-9a-f]{32})"/g)].map((match) => match[1] ?? '');

it('leads from the task list to the narrative, and back', async () => {
  const attorney = await site.signedIn('attorney');
  const referralId = await aReferral('locate', null);
  expect((await attorney.get(`/referrals/${referralId}`)).text).toContain(`href="/referrals/${referralId}/narrative"`);
  const { text } = await attorney.get(`/referrals/${referralId}/narrative`);
  for (const words of ['There is no free text yet', `href="/referrals/${referralId}/interview/statement"`, 'Back to the task list']) expect(text).toContain(words);
});

it('shows each sentence beside its translation, with what the memory has for the others', async () => {
  const attorney = await site.signedIn('attorney');
  const first = await aReferral('enforce', 'He left in March. He never paid the arrears.');
  const [known] = await listTexts(site.ctx, first);
  const translator = await site.signedIn('translator');
  const work = `/translations/${first}/${known?.textId ?? ''}`;
  const open = await translator.get(work);
  // Who translates alone has no list of tasks to come back to.
  expect(open.text).not.toContain(`/referrals/${first}/narrative`);
  const keys = keysOf(open.text);
  const token = hiddenField(open.text, 'form_token');
  await translator.post(work).type('form').send({ form_token: token, page: '1', key: keys, ...Object.fromEntries(keys.flatMap((key, index) => [[`target_${key}`, ['Se fue en marzo.', 'Nunca pagó las pensiones alimenticias vencidas.'][index]], [`revision_${key}`, hiddenField(open.text, `revision_${key}`)]])) });
  await translator.post(`${work}/declare`).type('form').send({ form_token: token, sign: 'yes', qualification: 'Certified', translated_on: '2026-01-05' });
  const done = await attorney.get(`/referrals/${first}/narrative`);
  for (const words of ['<p lang="en">He left in March.</p>', '<p lang="es-MX">Se fue en marzo.</p>']) expect(done.text).toContain(words);
  const approved = await attorney.post(`${work}/approve`).type('form').send({ form_token: hiddenField((await attorney.get(work)).text, 'form_token') });
  expect(approved.headers['location']).toBe(`${work}?done=approved`);

  const second = await aReferral('status', `He never paid the arrears. ${NASTY}`);
  const [text] = await listTexts(site.ctx, second);
  const page = await attorney.get(`/referrals/${second}/narrative`);
  for (const words of ['Nunca pagó las pensiones alimenticias vencidas.', 'Not translated yet', `href="/translations/${second}/${text?.textId ?? ''}"`]) expect(page.text).toContain(words);
  expect(page.text).not.toContain('<script>alert');
  // From the translation one comes back to this page and to the list of tasks.
  const there = await attorney.get(`/translations/${second}/${text?.textId ?? ''}`);
  expect(there.text).toContain(`href="/referrals/${second}/narrative?text=${text?.textId ?? ''}"`);
  expect(there.text).toContain(`href="/referrals/${second}"`);
});

it('answers nobody who may not, and nothing strange', async () => {
  const attorney = await site.signedIn('attorney');
  expect((await attorney.get('/referrals/ref_01K0000000000000000000000Z/narrative')).status).toBe(404);
  const referralId = await aReferral('modify', 'He left.');
  for (const query of ['text=%3Cscript%3E', `text=${'x'.repeat(5_000)}`, 'page=999', 'page=-1']) expect([query.slice(0, 20), (await attorney.get(`/referrals/${referralId}/narrative?${query}`)).status]).toEqual([query.slice(0, 20), 200]);
  expect((await (await site.signedIn('officer_la')).get(`/referrals/${referralId}/narrative`)).status).toBe(403);
});
