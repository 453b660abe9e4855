import { createReferral } from '../../../src/modules/referrals/index.ts';
import { copyKit, loadEverything } from '../../support/referrals/country-kit.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let address: string;
beforeAll(async () => {
  site = await openSite();
  copyKit(site.db.dataDir);
  loadEverything(site.db.dataDir);
  await importSampleCases(site.ctx);
  const { referralId } = await createReferral(site.ctx, { caseId: SAMPLE_CASES.protected.caseId, partnerId: 'pt-dgaj', services: ['register_enforce'] });
  address = `/referrals/${referralId}`;
});
afterAll(() => loadEverything(null));

it.each([
  ['en', 'European Portuguese', 'statement of enforceability of the order', 'treaty', 'Ask the court clerk'],
  ['es-MX', 'portugués de Portugal', 'constancia de que la resolución es ejecutable', 'tratado', 'secretaría del tribunal'],
  ['ko-KR', '포르투갈어(유럽)', '결정의 집행력에 관한 증명서', '조약', '확정증명으로 첨부'],
])('shows a partner whose language is none of the screens to a reader of %s', async (language, name, paper, basis, finding) => {
  const agent = await site.signedIn('attorney');
  // The choice is kept, and the page shown without it.
  await agent.get(`/partners?language=${language}`);
  const page = async (path: string): Promise<string> => {
    const { status, text } = await agent.get(path);
    expect([path, status]).toEqual([path, 200]);
    return text;
  };
  const partners = await page('/partners');
  for (const words of ['DGAJ', '1990-097', name, basis]) expect(partners.toLowerCase()).toContain(words.toLowerCase());
  const referral = await page(address);
  for (const words of ['DGAJ', paper, finding]) expect(referral).toContain(words);
  expect(await page(`${address}/attachments`)).toContain(`<option value="pt-PT">${name}</option>`);
  const step = /href="(\/referrals\/[^"]+\/interview\/[^"?]+)"/u.exec(await page(`${address}/interview`))?.[1] ?? '';
  // Until something is recorded, whoever writes writes in the language of the page.
  for (const option of [`<option value="${language}" selected>`, `<option value="pt-PT">${name}</option>`]) expect(await page(step)).toContain(option);
  expect(await page(`/cases/${SAMPLE_CASES.protected.caseId}/refer`)).toContain('DGAJ');
});
