import { Readable } from 'node:stream';
import { importCaseExtract } from '../../src/modules/cases/index.ts';
import { LANGUAGES } from '../../src/platform/i18n.ts';
import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import type { Visitor } from './browser.ts';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { serveSite } from './site.ts';
import type { ServedSite } from './site.ts';

const PICTURES = process.env['PUENTE_SCREENSHOTS'] ?? '';

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite();
});

async function signedIn(who: string, language: string): Promise<Visitor> {
  const visitor = await site.visitor({ javaScriptEnabled: false });
  await site.signIn(visitor, who);
  await visitor.page.goto(`/partners?language=${language}`);
  return visitor;
}

/** One referral from the case to the partner's answer, by the links and buttons of the pages alone. */
it.each(LANGUAGES)('an attorney, a translator and an officer get one referral through, in %s, without JavaScript', async (language) => {
  const caseId = `20000020000${LANGUAGES.indexOf(language)}0`;
  await importCaseExtract(site.ctx, { fileName: 'journey.ndjson', source: Readable.from([`${JSON.stringify({ ...SAMPLE_CASES.plain, caseId })}\n`]) });
  const [attorney, translator, officer] = [await signedIn('attorney', language), await signedIn('translator', language), await signedIn('officer_la', language)];
  const { page } = attorney;
  const look = async (visitor: Visitor, name: string): Promise<void> => {
    if (PICTURES === '') return;
    mkdirSync(PICTURES, { recursive: true });
    await visitor.page.screenshot({ path: join(PICTURES, `journey-${name}.${language}.png`), fullPage: true });
  };

  await page.goto(`/cases/${caseId}`);
  await page.click(`a[href="/cases/${caseId}/refer"]`);
  await page.click('input[name="partner"][value="mx-consulate-los-angeles"] + label');
  await page.click('input[name="services"][value="register_enforce"] + label');
  await page.click('main form button[type=submit]');
  const here = new URL(page.url()).pathname;
  expect(here).toMatch(/^\/referrals\/ref_/);
  await look(attorney, '1-new');

  // The first open section of the interview, by its link on the list of what is left.
  await page.click(`section a[href^="${here}/interview/"]`);
  await page.goto(`${here}/interview/statement`);
  await page.fill('textarea', 'He has not paid since March.');
  await page.selectOption('select[name="language"]', 'en');
  await page.click('main form button[type=submit]');
  await page.goto(here);
  expect(await page.getAttribute('.pu-next a', 'href')).toBe('#left-translation');
  await look(attorney, '2-to-translate');

  await translator.page.goto(here);
  await translator.page.click('a[href^="/translations?referral="]');
  await translator.page.click('main a[href^="/translations/ref_"]');
  await translator.page.fill('textarea', 'No ha pagado desde marzo.');
  await translator.page.click('main button[name="then"][value="stay"]');
  await look(translator, '3-translated');
  await translator.page.fill('#qualification', 'Perita traductora');
  await translator.page.fill('#translated_on', '2026-01-05');
  await translator.page.getByLabel(/sign this statement/).check({ force: true });
  await translator.page.click('form[action$="/declare"] button[type=submit]');

  await page.goto(here);
  await page.click('section a[href^="/translations?referral="]');
  await page.click('main a[href^="/translations/ref_"]');
  await look(attorney, '4-to-approve');
  await page.click('form[action$="/approve"] button[type=submit]');
  await page.goto(here);
  expect(await page.getAttribute('.pu-next a', 'href')).toBe('#packet');
  await look(attorney, '5-ready');
  const draft = await page.request.get(`${here}/draft`);
  expect([draft.status(), draft.headers()['content-type']]).toEqual([200, 'application/pdf']);

  await page.click('form[action$="/seal"] button');
  expect(new URL(page.url()).searchParams.get('done')).toBe('sealed');
  await look(attorney, '6-sealed');
  await page.click('form[action$="/send"] button');
  expect(new URL(page.url()).searchParams.get('done')).toBe('sent');
  await look(attorney, '7-sent');

  await officer.page.goto('/inbox');
  await officer.page.click(`a[href="${here.replace('/referrals/', '/inbox/')}"]`);
  await look(officer, '8-received');
  await officer.page.click('a[href$="/steps?move=report_incomplete"]');
  await officer.page.selectOption('#reason', 'order_copy_missing');
  await look(officer, '9-incomplete');
  await officer.page.click('main form.pu-form button[type=submit]');
  expect(new URL(officer.page.url()).searchParams.get('done')).toBe('moved');

  await page.goto(here);
  await page.click('a[href$="/steps?move=supply"]');
  await page.click('main form.pu-form button[type=submit]');
  await officer.page.goto(here.replace('/referrals/', '/inbox/'));
  await officer.page.click('a[href$="/steps?move=accept"]');
  await officer.page.click('main form.pu-form button[type=submit]');
  await page.goto(here);
  await look(attorney, '10-accepted');
  expect(await page.locator('.pu-timeline li').count()).toBe(6);
  for (const visitor of [attorney, translator, officer]) expect(visitor.faults).toEqual([]);
}, 180_000);
