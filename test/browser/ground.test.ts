import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import { createReferral } from '../../src/modules/referrals/index.ts';
import { makePayeeLink } from '../../src/modules/payments/index.ts';
import { behindTheWall } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { serveSite } from './site.ts';
import type { ServedSite } from './site.ts';

let site: ServedSite;
const refer = `/cases/${SAMPLE_CASES.plain.caseId}/refer`;
let statement: string;
beforeAll(async () => {
  site = await serveSite();
  const { referralId } = await createReferral(site.ctx, { caseId: SAMPLE_CASES.plain.caseId, partnerId: 'mx-consulate-los-angeles', services: ['locate'] });
  statement = `/referrals/${referralId}/interview/statement`;
});

const TYPED = '그는 아무 말 없이 떠났습니다. Él se fue. <b>&amp;';
const endSessions = () => behindTheWall(site.ctx.db as TestDatabase, 'delete from web_sessions');

describe.each([['with scripts', true], ['without scripts', false]])('%s', (_what, javaScriptEnabled) => {
  it('a language chosen in mid-form loses nothing, and Enter still sends the form', async () => {
    const visitor = await site.visitor({ javaScriptEnabled });
    const { page } = visitor;
    await site.signIn(visitor, 'attorney');
    await page.goto(statement);
    await page.locator('textarea[name=text]').fill(TYPED);
    await page.getByRole('button', { name: '한국어' }).click();
    expect(await page.getAttribute('html', 'lang')).toBe('ko-KR');
    expect(await page.locator('textarea[name=text]').inputValue()).toBe(TYPED);
    expect(await page.getByRole('status').first().innerText()).toContain('아직 저장되지 않았으니');
    await page.getByRole('button', { name: 'English' }).click();
    expect(await page.locator('textarea[name=text]').inputValue()).toBe(TYPED);
    // The menu's language buttons stand before the form: Enter must not press one of them.
    await page.goto('/account');
    const field = page.locator('main form input:not([type=hidden])').first();
    await field.focus();
    await page.keyboard.press('Enter');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    expect(new URL(page.url()).pathname).toContain('/account');
    expect(visitor.faults.filter((fault) => !fault.includes('status of 4'))).toEqual([]);
  });

  it('a session that ended in mid-form loses nothing, and sends nothing by itself', async () => {
    const visitor = await site.visitor({ javaScriptEnabled });
    const { page } = visitor;
    await site.signIn(visitor, 'attorney');
    await page.goto(statement);
    await page.locator('textarea[name=text]').fill(TYPED);
    await endSessions();
    await page.locator('main form button[type=submit]').first().click();
    expect(await page.getByRole('status').first().innerText()).toContain('Your session has ended. What you typed is kept');
    await page.fill('#user_name', 'attorney');
    await page.fill('#password', 'correct horse battery');
    await page.click('form.pu-form button[type=submit]');
    expect(new URL(page.url()).pathname).toBe(statement);
    expect(await page.locator('textarea[name=text]').inputValue()).toBe(TYPED);
    expect(visitor.faults).toEqual([]);
  });

  it('the menu of a supervisor is two rows wide, and one control at 320 px', async () => {
    const visitor = await site.visitor({ javaScriptEnabled });
    const { page } = visitor;
    await site.signIn(visitor, 'supervisor');
    await page.goto('/suspense?language=es-MX');
    const menu = page.locator('nav.pu-nav:visible');
    expect(await menu.evaluate((element) => element.getBoundingClientRect().height)).toBeLessThan(125);
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await menu.evaluate((element) => element.getBoundingClientRect().height)).toBeLessThan(60);
    await page.getByText('Menú', { exact: true }).click();
    await page.getByRole('link', { name: 'Casos', exact: true }).click();
    expect(new URL(page.url()).pathname).toBe('/cases');
  });
});

it('asks before typed text is left, and not when nothing was typed', async () => {
  const visitor = await site.visitor();
  const { page } = visitor;
  await site.signIn(visitor, 'attorney');
  await page.goto(statement);
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.locator('.pu-brand').click();
  await page.waitForURL('**/queue');
  expect(asked).toEqual([]);
  await page.goto(statement);
  await page.locator('textarea[name=text]').click();
  await page.keyboard.type('something');
  await page.locator('.pu-brand').click();
  await page.waitForURL('**/queue');
  expect(asked).toEqual(['beforeunload']);
});

it('tells before the session ends, and lets it go on', async () => {
  const visitor = await site.visitor();
  const { page } = visitor;
  await site.signIn(visitor, 'attorney');
  await page.clock.install();
  await page.goto(statement);
  const dialog = page.getByRole('dialog');
  await page.clock.runFor('26:00');
  await dialog.waitFor();
  expect(await dialog.innerText()).toContain('Your session will end soon');
  await page.getByRole('button', { name: 'Stay signed in' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.locator('textarea[name=text]').fill(TYPED);
  await page.clock.runFor('26:00');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.clock.runFor('05:00');
  expect(await dialog.innerText()).toContain('Your session has ended. What you typed is still on this page');
  expect(await page.locator('textarea[name=text]').inputValue()).toBe(TYPED);
});

it('a payee leaves the page at once, by a link or by Escape three times, and "back" does not return', async () => {
  const { path } = await makePayeeLink(site.ctx, 'D2601000006');
  const visitor = await site.visitor();
  const { page } = visitor;
  await visitor.context.route(/^https:/, (route) => route.fulfill({ contentType: 'text/html', body: '<title>elsewhere</title>' }));
  await page.goto('/payee-thanks');
  await page.goto(path);
  expect(await page.title()).not.toMatch(/support|pensión/);
  for (let press = 0; press < 3; press++) await page.keyboard.press('Escape');
  await page.waitForURL('https://**');
  await page.goBack();
  expect(page.url()).toContain('/payee-thanks');
  const plain = await site.visitor({ javaScriptEnabled: false });
  await plain.page.goto(path);
  const exit = plain.page.locator('.pu-exit a');
  expect([await exit.getAttribute('href'), await exit.getAttribute('rel')]).toEqual(['https://www.gob.mx/', 'noreferrer nofollow']);
});

it('a connection that breaks during an upload loses nothing', async () => {
  const visitor = await site.visitor();
  const { page } = visitor;
  await site.signIn(visitor, 'attorney');
  await page.goto(statement.replace('interview/statement', 'attachments'));
  const form = page.locator('form[enctype="multipart/form-data"]').last();
  await form.locator('select[name=kind]').selectOption({ index: 1 });
  await form.locator('input[name=title]').fill('copia certificada');
  await form.locator('input[type=file]').setInputFiles({ name: 'acta.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(50_000, 'x') });
  await page.route('**/attachments', (route) => (route.request().method() === 'POST' ? route.abort('connectionreset') : route.continue()));
  await form.locator('button[type=submit]').click();
  await form.getByText('The connection was lost').waitFor();
  expect([await form.locator('input[name=title]').inputValue(), await form.locator('input[type=file]').evaluate((input) => (input as unknown as { files: { length: number } }).files.length)]).toEqual(['copia certificada', 1]);
  expect(await form.locator('button[type=submit]').isEnabled()).toBe(true);
});

it('prints what is read and not what is pressed', async () => {
  const visitor = await site.visitor();
  const { page } = visitor;
  await site.signIn(visitor, 'supervisor');
  await page.emulateMedia({ media: 'print' });
  for (const path of ['/queue', '/suspense', `/cases/${SAMPLE_CASES.plain.caseId}`, refer]) {
    await page.goto(path);
    expect([path, await page.getByRole('navigation').count(), await page.locator('h1').isVisible()]).toEqual([path, 0, true]);
  }
});
