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
  expect(await page.getAttribute('.pu-next a', 'href')).toBe(`${here}/narrative`);
  await look(attorney, '2-to-translate');

  await translator.page.goto(here);
  await translator.page.click('a[href^="/translations?referral="]');
  await translator.page.click('main a[href^="/translations/ref_"]');
  await translator.page.fill('textarea', 'No ha pagado desde marzo.');
  await translator.page.click('main button[name="then"][value="stay"]');
  await look(translator, '3-translated');
  await translator.page.fill('#qualification', 'Perita traductora');
  for (const [part, typed] of [['month', '1'], ['day', '5'], ['year', '2026']]) await translator.page.fill(`#translated_on-${part}`, typed as string);
  await translator.page.click('label[for="sign"]');
  await translator.page.click('form[action$="/declare"] button[type=submit]');

  await page.goto(here);
  await page.click('section a[href^="/translations?referral="]');
  await page.click('main a[href^="/translations/ref_"]');
  await look(attorney, '4-to-approve');
  await page.click('form[action$="/approve"] button[type=submit]');
  await page.goto(here);
  // What had better be there comes first; nothing stands in the way of the check.
  expect(await page.getAttribute('.pu-next a', 'href')).toMatch(new RegExp(`^${here}/(check|attachments|interview)$`));
  expect(await page.locator(`.jo-tasks a[href="${here}/check"]`).count()).toBe(1);
  await look(attorney, '5-ready');
  const draft = await page.request.get(`${here}/draft`);
  expect([draft.status(), draft.headers()['content-type']]).toEqual([200, 'application/pdf']);

  await page.click(`.jo-tasks a[href="${here}/sign"]`);
  await page.click('label[for="confirm"]');
  await page.click('form[action$="/seal"] button');
  expect(new URL(page.url()).searchParams.get('done')).toBe('sealed');
  await look(attorney, '6-sealed');
  await page.click('form[action$="/send"] button');
  expect(new URL(page.url()).pathname).toBe(`${here}/sent`);
  await look(attorney, '7-sent');

  await officer.page.goto('/inbox');
  await officer.page.click(`a[href="${here.replace('/referrals/', '/inbox/')}"]`);
  await look(officer, '8-received');
  await officer.page.click('a[href$="/tell?move=report_incomplete"]');
  await officer.page.selectOption('#reason', 'order_copy_missing');
  await look(officer, '9-incomplete');
  await officer.page.click('main form[method=post] button[type=submit]');
  expect(new URL(officer.page.url()).searchParams.get('done')).toBe('told');

  await page.goto(here);
  await page.click('a[href$="/steps?move=supply"]');
  await page.click('main form.pu-form button[type=submit]');
  await officer.page.goto(here.replace('/referrals/', '/inbox/'));
  await officer.page.click('a[href$="/tell?move=accept"]');
  await officer.page.click('main form[method=post] button[type=submit]');
  await page.goto(here);
  await look(attorney, '10-accepted');
  expect(await page.locator('.pu-timeline li').count()).toBe(6);
  for (const visitor of [attorney, translator, officer]) expect(visitor.faults).toEqual([]);
}, 180_000);

/** Goes on by Tab to what answers to the selector, as a person without a mouse does, and says where that is. */
async function tabTo({ page }: Visitor, selector: string): Promise<void> {
  for (let step = 0; step < 200; step += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => (globalThis as unknown as { document: { activeElement: { matches(wanted: string): boolean } } }).document.activeElement.matches(wanted), selector)) return;
  }
  throw new Error(`no Tab leads to ${selector} on ${page.url()}`);
}

it('is brought from the queue to the confirmation by keyboard alone', async () => {
  const caseId = '20000020009990';
  await importCaseExtract(site.ctx, { fileName: 'keyboard.ndjson', source: Readable.from([`${JSON.stringify({ ...SAMPLE_CASES.plain, caseId })}\n`]) });
  const attorney = await site.visitor();
  const { page } = attorney;
  await site.signIn(attorney, 'attorney');
  await page.goto('/queue?language=en');
  const follow = async (selector: string, key = 'Enter'): Promise<void> => {
    await tabTo(attorney, selector);
    await Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
  };
  await follow('.pu-nav a[href="/cases"]');
  await tabTo(attorney, '#search');
  await page.keyboard.type(caseId);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  if (!page.url().includes(`/cases/${caseId}`)) await follow(`main a[href="/cases/${caseId}"]`);
  await follow(`a[href="/cases/${caseId}/refer"]`);
  await tabTo(attorney, 'input[name="partner"]');
  await page.keyboard.press('Space');
  await tabTo(attorney, 'input[value="locate"]');
  await page.keyboard.press('Space');
  await follow('main form button[type=submit]');
  const here = new URL(page.url()).pathname;
  await follow('.jo-tasks a[href$="/parties"]');
  await follow('.pu-actions a[href$="/services"]');
  await tabTo(attorney, 'input[value="status"]');
  await page.keyboard.press('Space');
  await follow('main form button[type=submit]');
  await follow('.jo-tasks a[href$="/narrative"]');
  await follow('.pu-actions a[href$="/interview/statement"]');
  await tabTo(attorney, 'main textarea');
  await page.keyboard.type('He has not paid since March.');
  // In the middle of the text the other language is chosen: what was typed is still there.
  for (const language of ['ko-KR', 'en']) {
    await follow(`.pu-languages [value="${language}"]`);
    expect([await page.getAttribute('html', 'lang'), await page.inputValue('main textarea')]).toEqual([language, 'He has not paid since March.']);
  }
  await tabTo(attorney, 'main textarea');
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await follow('main form button[type=submit]');
  await page.goto(here);
  await follow('.jo-tasks a[href$="/check"]');
  await follow('.pu-actions a[href$="/preview"]');
  await follow('a[rel="next"]');
  expect(new URL(page.url()).searchParams.get('page')).toBe('2');
  await follow('.jo-onward a[href$="/sign"]');
  await tabTo(attorney, '#confirm');
  await page.keyboard.press('Space');
  await follow('form[action$="/seal"] button');
  await follow('form[action$="/send"] button');
  expect(new URL(page.url()).pathname).toBe(`${here}/sent`);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('The referral has been sent');
  expect(attorney.faults).toEqual([]);
}, 120_000);
