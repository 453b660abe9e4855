import { loadDescription } from '../../src/api/v1/description.ts';
import { serveSite } from './site.ts';

it('the description of the API is shown by the browser, under our policy and from nowhere else', async () => {
  const site = await serveSite();
  const { page, faults } = await site.visitor();
  await page.goto('/api/v1/docs/');
  await page.waitForSelector('.opblock');
  const { PUENTE_SCREENSHOTS: folder } = process.env;
  if (folder) await page.screenshot({ path: `${folder}/api-docs.png`, fullPage: true });
  expect(await page.locator('.opblock').count()).toBe(loadDescription().operations.length);
  await page.locator('#operations-Messages-sendMessage .opblock-summary-control').click();
  await page.waitForSelector('#operations-Messages-sendMessage .opblock-body');
  expect(await page.locator('#operations-Messages-sendMessage').textContent()).toContain('CLX-2026-004711');
  if (folder) await page.screenshot({ path: `${folder}/api-docs-open.png`, fullPage: true });
  // Small pictures within the style sheet (arrows) are not loaded under our policy; nothing else may be missing.
  expect(faults.filter((fault) => !/data:image/.test(fault))).toEqual([]);
});
