import { importSampleCases } from './sample-cases.ts';
import { reconcileSamplePayments } from './sample-payments.ts';
import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
const pageOf = async (who: string, path: string) => (await site.signedIn(who)).get(path);

it('says so while there is no money', async () => {
  for (const path of ['/agreement', '/outgoing']) expect((await pageOf('reconciler', path)).text).toContain('There is nothing to show.');
  await importSampleCases(site.ctx);
  await reconcileSamplePayments(site.ctx);
});

it('shows that lists, bank and cases agree, to clerks and supervisors in each language', async () => {
  for (const [language, words] of [['es-MX', 'Todo coincide al centavo.'], ['ko-KR', '모든 금액이 일치합니다.'], ['en', 'Everything agrees to the cent.']] as const) {
    for (const who of ['reconciler', 'supervisor']) {
      await pageOf(who, `/agreement?language=${language}`);
      expect((await pageOf(who, '/agreement')).text).toContain(words);
    }
  }
});

it('is not for attorneys, translators, administrators or officers', async () => {
  for (const who of ['attorney', 'translator', 'administrator', 'officer_la', 'imperial']) {
    for (const path of ['/agreement', '/outgoing', '/outgoing.csv', '/days', '/days/2026-11-20', '/pickup']) expect([who, path, (await pageOf(who, path)).status]).toEqual([who, path, 403]);
  }
});

it('says which field is wrong, and takes nothing strange for a partner', async () => {
  const wrong = await pageOf('reconciler', '/agreement?on=2026-02-30');
  expect(wrong.status).toBe(422);
  expect(wrong.text).toMatch(/<a href="#on">This is not a valid date/);
  expect(wrong.text).toContain('aria-describedby="on-error"');
  const odd = await pageOf('reconciler', '/agreement?partner=%3Cscript%3E&on=');
  expect([odd.status, odd.text.includes('<script>')]).toEqual([200, false]);
  expect((await pageOf('reconciler', '/outgoing?state=nonsense&page=-4&month=x')).status).toBe(200);
});

it('shows where money is that went out, and gives it as a file', async () => {
  const { text } = await pageOf('reconciler', '/outgoing?state=all');
  expect(text).toContain('equal to the ledger');
  expect(text).toContain('42 USC 654b(c)');
  const file = await pageOf('reconciler', '/outgoing.csv?state=all');
  expect([file.headers['content-type'], file.headers['content-disposition']]).toEqual(['text/csv; charset=utf-8', 'attachment; filename="outgoing-all.csv"']);
  const rows = file.text.replace('\uFEFF', '').trimEnd().split('\r\n');
  expect(rows[0]).toMatch(/^disbursement_id,case_id,partner,issued_on,state/);
  expect(rows.length).toBeGreaterThan(1);
  expect(new Set(rows.map((row) => row.split(',').length))).toEqual(new Set([24]));
});

it('tells a run as a story, in each language', async () => {
  const runs = (await pageOf('reconciler', '/runs')).text;
  const runId = /\/runs\/(run_[0-9A-Z]+)/.exec(runs)?.[1] ?? '';
  for (const [language, words] of [['es-MX', ['Lo que llegó', 'Lo que espera y a quién']], ['ko-KR', ['도착한 파일', '소요 시간']], ['en', ['What came', 'What moved', 'How long it took', 'finished']]] as const) {
    await pageOf('reconciler', `/runs?language=${language}`);
    const { text } = await pageOf('reconciler', `/runs/${runId}`);
    for (const each of words) expect(text).toContain(each);
    expect(text).toMatch(/[0-9a-f]{64}/);
  }
});
