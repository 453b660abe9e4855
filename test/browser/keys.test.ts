import { createReferral, saveInterview } from '../../src/modules/referrals/index.ts';
import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import { serveSite } from './site.ts';
import type { ServedSite } from './site.ts';
import type { Visitor } from './browser.ts';

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite();
});

async function clerk(): Promise<Visitor['page']> {
  const visitor = await site.visitor();
  await site.signIn(visitor, 'reconciler');
  return visitor.page;
}
const focused = (page: Visitor['page']): Promise<string> => page.evaluate("document.activeElement?.id || document.activeElement?.getAttribute('href') || document.activeElement?.tagName || ''");

it('goes through a list and an item by single keys, and sends nothing by itself', async () => {
  const page = await clerk();
  await page.goto('/suspense');
  await page.locator('.clk-keys').waitFor({ state: 'visible' });
  await page.keyboard.press('j');
  const first = await focused(page);
  expect(first).toMatch(/^\/suspense\/line-/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('k');
  expect(await focused(page)).toBe(first);
  await page.keyboard.press('x');
  expect(await page.locator('input[name=item]:checked').count()).toBe(1);
  await page.keyboard.press('x');
  expect(await page.locator('input[name=item]:checked').count()).toBe(0);
  await page.keyboard.press('/');
  expect(await focused(page)).toBe('q');
  // In a field a letter is a letter.
  await page.keyboard.press('j');
  expect([await focused(page), await page.inputValue('#q')]).toEqual(['q', 'j']);
  await page.locator('h1').click();
  await page.keyboard.press('j');
  await Promise.all([page.waitForURL(/\/suspense\/line-/), page.keyboard.press('o')]);

  await page.goto(site.story.suspenseItem);
  await page.locator('.clk-keys').waitFor({ state: 'visible' });
  const here = page.url();
  await page.keyboard.press('h');
  expect(await focused(page)).toBe('hold-until-month');
  await page.locator('h1').click();
  await page.keyboard.press('r');
  expect(await focused(page)).toBe('refuse-target');
  await page.locator('h1').click();
  await page.keyboard.press('a');
  expect(await focused(page)).toMatch(/^match-/);
  expect(page.url()).toBe(here);
  await page.fill('#note-note', 'jkarhs n p u ?');
  expect(await page.inputValue('#note-note')).toBe('jkarhs n p u ?');
  expect(page.url()).toBe(here);
});

it('can be changed and switched off, which the browser remembers', async () => {
  const page = await clerk();
  await page.goto('/suspense');
  await page.locator('.clk-keys').waitFor({ state: 'visible' });
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.fill('#key-down', 'x');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.locator('h1').click();
  await page.keyboard.press('j');
  expect(await focused(page)).toBe('main');
  await page.keyboard.press('x');
  expect(await focused(page)).toMatch(/^\/suspense\//);
  await page.reload();
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  expect(await page.inputValue('#key-down')).toBe('x');
  await page.click('label[for="keys-on"]');
  await page.keyboard.press('Escape');
  await page.reload();
  await page.locator('.clk-keys').waitFor({ state: 'visible' });
  for (const key of ['x', 'j', '?', '/']) await page.keyboard.press(key);
  expect([await focused(page), await page.getByRole('dialog').count()]).toEqual(['BODY', 0]);
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await page.getByRole('button', { name: 'Restore the default keys' }).click();
  expect([await page.inputValue('#key-down'), await page.getByLabel('Use keyboard shortcuts').isChecked()]).toEqual(['j', true]);
});

it('Ctrl and Enter save a sentence and go on to the next one', async () => {
  const { referralId } = await createReferral(site.ctx, { caseId: SAMPLE_CASES.plain.caseId, partnerId: 'mx-consulate-los-angeles', services: ['status'] });
  await saveInterview(site.ctx, referralId, { language: 'en', answers: { sections: { statement: { text: 'He left in March. He never paid.' } } } });
  const visitor = await site.visitor();
  await site.signIn(visitor, 'translator');
  const { page } = visitor;
  await page.goto(`/translations?referral=${referralId}`);
  await page.click('main a[href^="/translations/ref_"]');
  await page.locator('textarea').first().fill('Se fue en marzo.');
  await Promise.all([page.waitForURL(/done=saved#t/), page.locator('textarea').first().press('Control+Enter')]);
  expect(await focused(page)).toBe(await page.locator('textarea').nth(1).getAttribute('id'));
  expect(await page.locator('textarea').first().inputValue()).toBe('Se fue en marzo.');
});

it('without JavaScript nothing is missing and no shortcut is promised', async () => {
  const visitor = await site.visitor({ javaScriptEnabled: false });
  await site.signIn(visitor, 'reconciler');
  await visitor.page.goto(site.story.suspenseItem);
  expect(await visitor.page.locator('.clk-keys').isVisible()).toBe(false);
  expect(await visitor.page.getByRole('button', { name: 'Match' }).isVisible()).toBe(true);
});
