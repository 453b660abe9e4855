import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import { serveSite } from './site.ts';
import type { ServedSite } from './site.ts';

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite();
});

it('takes a referral from the case to the partner with JavaScript off', async () => {
  const attorney = await site.visitor({ javaScriptEnabled: false });
  const { page } = attorney;
  await page.goto('/queue');
  await page.getByLabel('User name').fill('attorney');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(new URL(page.url()).pathname).toBe('/queue');

  await page.getByRole('link', { name: 'Cases', exact: true }).click();
  await page.locator('#search').fill('Kim Minsu');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: SAMPLE_CASES.korean.caseId }).click();
  await page.getByRole('link', { name: 'New referral' }).click();

  await page.getByRole('button', { name: 'Create the referral' }).click();
  expect(await page.getByRole('alert').innerText()).toContain('Choose a partner');
  await page.getByRole('alert').getByRole('link', { name: 'Choose a partner' }).click();
  await page.getByText('Korean Child Support Agency (KCSA)').click();
  await page.getByText('Enforce', { exact: true }).click();
  await page.getByText('Status request', { exact: true }).click();
  await page.getByText('Enforce', { exact: true }).click();
  await page.getByRole('button', { name: 'Create the referral' }).click();

  await page.locator('.jo-tasks').getByRole('link', { name: 'Check your answers' }).click();
  await page.getByRole('link', { name: 'Continue: Preview the packet' }).click();
  await page.getByRole('link', { name: 'Next page' }).first().click();
  expect(await page.getByRole('img', { name: /^Page 2 of/ }).evaluate(async (element) => {
    const image = element as unknown as { naturalWidth: number; decode(): Promise<void> };
    await image.decode();
    return image.naturalWidth;
  })).toBe(900);
  await page.getByRole('link', { name: 'Continue to sign' }).click();
  await page.getByText('I have checked everything that will be sent').click();
  await page.getByRole('button', { name: 'Seal the packet' }).click();
  expect(await page.getByRole('status').innerText()).toContain('The packet has been sealed.');
  await page.locator('.pu-languages').getByText('한국어').click();
  expect(await page.getAttribute('html', 'lang')).toBe('ko-KR');
  await page.locator('.pu-languages').getByText('English').click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Save the signed file (.asice)' }).click();
  expect((await download).suggestedFilename()).toMatch(/^ref_.*\.asice$/);
  await page.getByLabel('Name of the person who approves').fill('Deputy Director Díaz');
  await page.getByRole('button', { name: 'Send the packet' }).click();
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('The referral has been sent');
  const address = new URL(page.url()).pathname.replace('/sent', '');
  await page.getByRole('button', { name: 'Sign out' }).click();
  expect(await page.getByRole('status').innerText()).toContain('You have signed out.');

  const officer = await site.visitor({ javaScriptEnabled: false, locale: 'ko-KR' });
  await site.signIn(officer, 'officer_kr');
  await officer.page.goto(address.replace('/referrals/', '/inbox/'));
  expect(await officer.page.getByRole('heading', { level: 1 }).innerText()).toContain(SAMPLE_CASES.korean.caseId);
  expect([...attorney.faults, ...officer.faults].filter((fault) => !fault.includes('status of 422'))).toEqual([]);
});

it('is worked by keyboard alone, and says where the focus is', async () => {
  const { page } = await site.visitor();
  await page.goto('/sign-in');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.className')).toBe('usa-skipnav');
  await page.keyboard.press('Enter');
  for (const text of ['attorney', 'correct horse battery']) {
    await page.keyboard.press('Tab');
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
  await page.waitForURL('**/queue');
});

it('puts the focus on what is wrong with a form', async () => {
  const { page } = await site.visitor();
  await page.goto('/sign-in');
  await page.getByLabel('User name').fill('attorney');
  await page.getByLabel('Password').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('alert');
});

it('prints a case without the menus', async () => {
  const visitor = await site.visitor();
  await site.signIn(visitor, 'attorney');
  await visitor.page.goto(`/cases/${SAMPLE_CASES.plain.caseId}`);
  await visitor.page.emulateMedia({ media: 'print' });
  expect(await visitor.page.getByRole('navigation').count()).toBe(0);
  expect(await visitor.page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
});
