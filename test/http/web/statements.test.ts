import { importSampleCases } from './sample-cases.ts';
import { reconcileSamplePayments } from './sample-payments.ts';
import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

const LA = 'mx-consulate-los-angeles';
const period = `/statement?partner=${LA}&from=2026-01-01&to=2026-01-31`;
let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  await reconcileSamplePayments(site.ctx);
});

it('shows a statement with its chart and table, and hands it over as CSV and PDF', async () => {
  const supervisor = await site.signedIn('supervisor');
  const { text } = await supervisor.get(period);
  for (const said of ['In transit with the partner', 'Opening balance', 'format=chart', 'format=csv', '2026-01']) expect(text).toContain(said);
  const csv = await supervisor.get(`${period}&format=csv`);
  expect([csv.headers['content-type'], csv.text.split('\n')[0]]).toEqual(['text/csv; charset=utf-8', 'partner,from,to,case_id,account,currency,line,event,entries,amount']);
  const pdf = await supervisor.get(`${period}&format=pdf`).buffer(true).parse((res, done) => { const all: Buffer[] = []; res.on('data', (part: Buffer) => all.push(part)); res.on('end', () => done(null, Buffer.concat(all))); });
  expect((pdf.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-');
  const chart = await supervisor.get(`${period}&format=chart&currency=USD`);
  expect([chart.headers['content-type'], chart.headers['content-security-policy']?.includes("default-src 'none'")]).toEqual(['image/svg+xml; charset=utf-8', true]);
});

it('says what is wrong with a period, and is not for those who may not see the ledger', async () => {
  const supervisor = await site.signedIn('supervisor');
  const bad = await supervisor.get(`/statement?partner=${LA}&from=2026-02-01&to=2026-01-01`);
  expect([bad.status, bad.text.includes('Enter a first and a last date')]).toEqual([422, true]);
  expect((await supervisor.get('/statement?partner=nobody&from=2026-01-01&to=2026-01-31')).status).toBe(404);
  for (const who of ['attorney', 'translator', 'officer_la']) expect((await (await site.signedIn(who)).get(period)).status).toBe(403);
});

it('compares a partner’s list of cases that is sent with the form', async () => {
  const clerk = await site.signedIn('reconciler');
  const form_token = /name="form_token" value="([^"]+)"/.exec((await clerk.get('/caseload')).text)?.[1] ?? '';
  const send = (text: string) => clerk.post('/caseload').field('form_token', form_token).field('partner', LA).attach('file', Buffer.from(text), 'lista.csv');
  expect((await send('Número de caso,Deudor\n2999999999999,<b>Nadie</b>\n')).headers['location']).toBe(`/caseload?partner=${LA}&done=compared`);
  expect((await clerk.get(`/caseload?partner=${LA}`)).text).toContain('on their list only');
  const bad = await send('foo,bar\n1,2\n');
  expect([bad.status, bad.text.includes('error-summary')]).toEqual([422, true]);
});
