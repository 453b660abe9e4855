import { annotatedList, importPayments, listMappings } from '../../../src/modules/payments/index.ts';
import { remittanceLine } from '../../unit/payments/partner-files.ts';
import { importSampleCases } from './sample-cases.ts';
import { reconcileSamplePayments } from './sample-payments.ts';
import { behindTheWall } from '../../support/database.ts';
import { openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

const LA = 'mx-consulate-los-angeles';
const HEADS = ['Ref', 'Asunto', 'Persona A', 'Persona <b>', 'Cant 1', 'Div', 'Factor', 'Desc', 'Cant 2', 'Día', 'Día 2', 'Lote', 'Obs'];
const FIELDS = ['reference', 'caseId', 'obligorName', 'obligeeName', 'amount', 'currency', 'rate', 'fee', 'settled', 'happenedOn', 'sentOn', 'transferReference', 'note'];

let site: Site;
let fileId: string;
beforeAll(async () => {
  site = await openSite();
  await importPayments(site.ctx, { partnerId: LA, fileName: 'enero.csv', source: Buffer.from(`${HEADS.join(',')}\n${remittanceLine()}\n`) }).catch(() => undefined);
  fileId = (await listMappings(site.ctx)).waiting[0]?.fileId ?? '';
});
const entered = (changes: Record<string, string> = {}) => ({ kind: 'remittance', sign: 'none', ...Object.fromEntries(FIELDS.map((name, at) => [`column_${at}`, name])), ...changes });
async function send(changes: Record<string, string> = {}) {
  const agent = await site.signedIn('reconciler');
  return agent.post(`/mappings/${fileId}`).type('form').send({ form_token: await tokenOf(agent, `/mappings/${fileId}`), ...entered(changes) });
}

it('shows clerks the first rows of a list that waits, escaped, in each language', async () => {
  const agent = await site.signedIn('reconciler');
  for (const language of ['es-MX', 'ko-KR', 'en']) {
    await agent.get(`/partners?language=${language}`);
    expect((await agent.get('/mappings')).text).toContain(`href="/mappings/${fileId}"`);
    const { status, text } = await agent.get(`/mappings/${fileId}`);
    expect([status, text.includes('Persona &lt;b&gt;'), text.includes('José Peña Núñez'), text.includes('<b>')]).toEqual([200, true, true, false]);
    expect(text).not.toMatch(/tables:|undefined/);
  }
});

it('is not for officers, attorneys, supervisors or translators', async () => {
  for (const who of ['officer_la', 'attorney', 'supervisor', 'translator', 'administrator']) {
    for (const path of ['/mappings', `/mappings/${fileId}`]) expect([who, (await (await site.signedIn(who)).get(path)).status]).toEqual([who, 403]);
  }
});

it('says what is wrong with what was entered, and keeps it', async () => {
  const twice = await send({ column_1: 'reference' });
  expect([twice.status, twice.text.includes('error-summary')]).toEqual([422, true]);
  expect(twice.text).toMatch(/id="column_1"[\s\S]*?<option value="reference" selected>/);
  const untold = await send({ column_8: '' });
  expect([untold.status, untold.text.includes('version 1')]).toEqual([422, true]);
  expect((await send({ sign: 'flag', sign_column: '' })).status).toBe(422);
});

it('saves the mapping, takes the list in, and says how many lines', async () => {
  const saved = await send();
  expect([saved.status, saved.headers['location']]).toEqual([303, '/mappings?version=2&lines=1']);
  const agent = await site.signedIn('reconciler');
  expect((await agent.get('/mappings?version=2&lines=1')).text).toContain('1 line');
  expect((await agent.get(`/mappings/${fileId}`)).status).toBe(404);
});

it('gives a partner’s officer the own annotated lists, and nobody else’s', async () => {
  await importSampleCases(site.ctx);
  await reconcileSamplePayments(site.ctx);
  const [list] = await behindTheWall<{ file_id: string; partner_id: string }>(site.db, `select f.file_id, f.partner_id from received_files f join line_outcomes o using (agency_id, file_id) where f.partner_id = '${LA}' limit 1`);
  const clerk = await site.signedIn('reconciler');
  expect((await clerk.get('/lists')).text).toContain(`value="${list?.file_id}"`);
  expect((await clerk.post('/lists/make').type('form').send({ form_token: await tokenOf(clerk, '/lists'), list: list?.file_id })).status).toBe(303);
  const { annotatedFileId } = await annotatedList(site.ctx, list?.file_id ?? '');
  const own = await (await site.signedIn('officer_la')).get(`/lists/${annotatedFileId}`);
  expect([own.status, own.headers['content-disposition']]).toEqual([200, expect.stringMatching(/^attachment; .*annotated/)]);
  expect((await (await site.signedIn('officer_la')).get('/lists')).text).toContain(`/lists/${annotatedFileId}`);
  expect((await (await site.signedIn('officer_kr')).get(`/lists/${annotatedFileId}`)).status).toBe(404);
  expect((await (await site.signedIn('officer_kr')).get('/lists')).text).not.toContain(annotatedFileId);
  expect((await (await site.signedIn('translator')).get('/lists')).status).toBe(403);
});
