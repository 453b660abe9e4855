import { importSampleCases } from './sample-cases.ts';
import { reconcileSamplePayments } from './sample-payments.ts';
import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let runId: string;
beforeAll(async () => {
  site = await openSite();
});
const pageOf = async (who: string, path: string) => (await site.signedIn(who)).get(path);

it('says so while nothing has been reconciled', async () => {
  const { status, text } = await pageOf('reconciler', '/runs');
  expect([status, text.includes('Nothing has been reconciled yet')]).toEqual([200, true]);
  await importSampleCases(site.ctx);
  runId = await reconcileSamplePayments(site.ctx);
});

it('lists the runs for clerks and supervisors', async () => {
  for (const who of ['reconciler', 'supervisor']) expect((await pageOf(who, '/runs')).text).toContain(`href="/runs/${runId}"`);
});

it('is not for attorneys, translators, administrators or officers', async () => {
  for (const who of ['attorney', 'translator', 'administrator', 'officer_la']) {
    for (const path of ['/runs', `/runs/${runId}`]) expect([who, path, (await pageOf(who, path)).status]).toEqual([who, path, 403]);
  }
});

it('shows every line with its outcome and its reasons in words', async () => {
  for (const language of ['es-MX', 'ko-KR', 'en']) {
    await pageOf('reconciler', `/runs?language=${language}`);
    for (const path of [`/runs/${runId}`, `/runs/${runId}?page=2`]) {
      const { status, text } = await pageOf('reconciler', path);
      expect(status).toBe(200);
      const reasons = [...text.matchAll(/<ul class="pu-reasons">(.*?)<\/ul>/gs)].map((match) => match[1] as string);
      expect(reasons.length).toBeGreaterThan(10);
      expect(reasons.filter((reason) => /<li>[a-z_]+\.[a-z_.]+<\/li>/.test(reason))).toEqual([]);
    }
  }
});

it('is narrowed to one outcome, and keeps that while paging', async () => {
  const posted = (await pageOf('reconciler', `/runs/${runId}?outcome=posted`)).text;
  expect(posted).toContain('LA-2026-00000');
  expect(posted).not.toContain('LA-2026-00001');
  expect((await pageOf('reconciler', `/runs/${runId}`)).text).toContain(`/runs/${runId}?page=2`);
  expect((await pageOf('reconciler', `/runs/${runId}?outcome=suspense&page=7`)).text).toContain('<div class="pu-empty">');
  expect((await pageOf('reconciler', `/runs/${runId}?outcome=nonsense&page=-3`)).status).toBe(200);
});

it('escapes what a file brings', async () => {
  const { text } = await pageOf('reconciler', `/runs/${runId}?page=2`);
  expect(text).toContain('&lt;script&gt;');
  expect(text).not.toContain('<script>');
});

it('answers 404 for a run that is none', async () => {
  for (const id of ['run_nothing', '%27--', 'x'.repeat(400)]) expect((await pageOf('reconciler', `/runs/${id}`)).status).toBe(404);
});
