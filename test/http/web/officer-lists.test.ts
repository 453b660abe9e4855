import { listAnnotated, listMappings, listReceivedFiles, sweepUnsentLists } from '../../../src/modules/payments/index.ts';
import { actOnMessage } from '../../../src/modules/exchange/index.ts';
import { importArrivedListJob } from '../../../src/jobs/import-arrived-list.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { translator, LANGUAGES } from '../../../src/platform/i18n.ts';
import { behindTheWall } from '../../support/database.ts';
import { REMITTANCE, remittanceLine } from '../../unit/payments/partner-files.ts';
import { openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

const LA = 'mx-consulate-los-angeles';
const HEADS = ['Ref', 'Asunto', 'Persona A', 'Persona <b>', 'Cant 1', 'Div', 'Factor', 'Desc', 'Cant 2', 'Día', 'Día 2', 'Lote', 'Obs'];
const FIELDS = ['reference', 'caseId', 'obligorName', 'obligeeName', 'amount', 'currency', 'rate', 'fee', 'settled', 'happenedOn', 'sentOn', 'transferReference', 'note'];
const remittanceFile = (lines: readonly string[]): string => `${[REMITTANCE, ...lines].join('\n')}\n`;
let site: Site;
beforeAll(async () => {
  site = await openSite();
});

async function choose(bytes: Buffer | null, fileName = 'enero.csv', who = 'officer_la') {
  const agent = await site.signedIn(who);
  const form = agent.post('/lists/send').field('form_token', await tokenOf(agent, '/lists/send'));
  return bytes === null ? form : form.attach('file', bytes, fileName);
}
async function press(path: string, fields: Record<string, string> = {}, who = 'officer_la') {
  const agent = await site.signedIn(who);
  return agent.post(path).type('form').send({ form_token: await tokenOf(agent, '/lists/send'), ...fields });
}
const read = async (path: string, who = 'officer_la') => (await site.signedIn(who)).get(path);
const offerOf = (location: string | undefined): string => /\/lists\/offers\/off_[0-9A-Z]{26}/.exec(location ?? '')?.[0] ?? 'none';
const imported = async () => (await listReceivedFiles(site.ctx)).total;

it('shows what was understood before anything is imported, sends it once, and tells its outcome later', async () => {
  const list = Buffer.from(remittanceFile([remittanceLine(), remittanceLine({ folio: 'LA-2', importe_origen: 'mucho' })]));
  const chosen = await choose(list);
  const here = offerOf(chosen.headers['location']);
  expect([chosen.status, await imported()]).toEqual([303, 0]);
  for (const language of LANGUAGES) {
    await read(`/partners?language=${language}`);
    const { text } = await read(here);
    const say = translator(language);
    for (const key of ['first_lines', 'faulty', 'send', 'total_collected']) expect(text).toContain(say(`officer:offer.${key}`));
    expect(text).toContain(say('officer:offer.line', { line: '3' }));
    expect(text).not.toMatch(/tables:|officer:|undefined/);
  }
  await read('/partners?language=en');
  expect((await choose(list)).headers['location']).toBe(`${here}?done=same`);
  expect((await press(`${here}/send`)).headers['location']).toBe(`${here}?done=sent`);
  expect((await press(`${here}/send`)).headers['location']).toBe(`${here}?done=sent`);
  const sent = (await read(`${here}?done=sent`)).text;
  const receipt = /\/receipts\/rct_[0-9A-Z]{26}/.exec(sent)?.[0] ?? '';
  expect((await read(receipt)).status).toBe(200);
  expect(sent).not.toContain(`${here}/send`);
  const [row] = await behindTheWall<{ message_id: string }>(site.db, 'select message_id from offered_lists');
  await actOnMessage(site.ctx, row?.message_id ?? '');
  await importArrivedListJob.run(site.ctx, { name: 'payments.arrived', body: { messageId: row?.message_id } } as never);
  expect(await imported()).toBe(1);
  expect((await read('/lists')).text).toContain('imported');
  expect((await listAnnotated(site.ctx)).total).toBe(0);
});

it('shows where a report does not add up as it was read, how dates and statuses were read, and counts afterwards as before', async () => {
  const head = 'folio,disbursement_id,expediente,beneficiario,importe,moneda,tipo_cambio,comision,importe_entregado,moneda_entregada,fecha,estatus,observaciones';
  const line = (folio: string, amount: string, status: string) => `${folio},D2603000001,2000004106384,Ana Paz,${amount},USD,18.2300,0.00,27345.00,MXN,05/06/2026,${status},`;
  const here = offerOf((await choose(Buffer.from([head, line('F-1', '1500.00', 'ENTREGADO'), line('F-2', '1.50', 'ENTREGADO'), line('F-3', '1500.00', 'QUIZÁS <b>'), line('F-4', 'mucho', 'ENTREGADO')].join('\n')), 'informe.csv')).headers['location']);
  const { text } = await read(here);
  for (const words of ['A date such as 05/06/2026 was read as June 5, 2026', 'D2603000001', '18.23', 'id="doubtful"', 'do not agree', '<q translate="no">QUIZÁS &lt;b&gt;</q>']) expect([words, text.includes(words)]).toEqual([words, true]);
  expect([text.match(/>check<\/span>/g)?.length, text.match(/>error<\/span>/g)?.length]).toEqual([2, 1]);
});

it('lets the officer say once what the columns are, which reconcilers see', async () => {
  const chosen = await choose(Buffer.from(`${HEADS.join(',')}\n${remittanceLine({ folio: 'LA-77' })}\n`), 'raro.csv');
  const here = offerOf(chosen.headers['location']);
  const asked = (await read(here)).text;
  for (const words of ['The list cannot be read yet', 'Identify the columns', 'Persona &lt;b&gt;']) expect(asked).toContain(words);
  expect(asked).not.toContain('<b>');
  const fields = { kind: 'remittance', sign: 'none', ...Object.fromEntries(FIELDS.map((name, at) => [`column_${at}`, name])) };
  const wrong = await press(`${here}/columns`, { ...fields, column_1: 'reference' });
  expect([wrong.status, wrong.text.includes('error-summary'), /id="column_1"[\s\S]*?<option value="reference" selected>/.test(wrong.text)]).toEqual([422, true, true]);
  expect((await press(`${here}/columns`, fields, 'officer_kr')).status).toBe(404);
  expect((await press(`${here}/columns`, fields)).headers['location']).toBe(`${here}?done=mapped`);
  const seen = (await read(`${here}?done=mapped`)).text;
  for (const words of ['lists with these headings are read this way', 'LA-77', 'Send this list']) expect(seen).toContain(words);
  expect((await listMappings(site.ctx, LA)).mappings.map(({ version }) => version)).toEqual([1]);
  expect((await read('/mappings', 'reconciler')).text).toContain('Los Angeles');
});

it.each([
  ['nothing chosen', null, '', 'No file was chosen'], ['an empty file', Buffer.alloc(0), 'a.csv', 'The file is empty'],
])('refuses %s', async (_what, bytes, name, words) => {
  const { status, text } = await choose(bytes, name);
  expect([status, text.includes(words), text.includes('What to do:')]).toEqual([422, true, true]);
});

it.each([
  ['a formula', Buffer.from('=1+1,=cmd\n=2,3\n')], ['markup', Buffer.from('<script>alert(1)</script>,a\n1,2\n')], ['one long line', Buffer.from('x'.repeat(10_000))],
  ['emoji and right to left', Buffer.from('😀,محمد\n1,2\n')], ['a broken workbook', Buffer.from('PK\u0003\u0004xl/workbook.xml', 'latin1')],
])('says why %s cannot be read, and imports nothing', async (_what, bytes) => {
  const chosen = await choose(bytes, 'a.csv');
  const { status, text } = await read(offerOf(chosen.headers['location']));
  expect([status, text.includes('cannot be read yet'), text.includes('<script>alert')]).toEqual([200, true, false]);
  expect(text).not.toMatch(/officer:|tables:|undefined|NaN/);
});

it('is nobody else’s', async () => {
  const here = offerOf((await choose(Buffer.from(remittanceFile([remittanceLine({ folio: 'LA-9' })])))).headers['location']);
  expect((await read(here, 'officer_kr')).status).toBe(404);
  expect((await press(`${here}/send`, {}, 'officer_kr')).status).toBe(404);
  for (const who of ['attorney', 'reconciler', 'supervisor']) expect((await read(here, who)).status).toBe(403);
  expect((await read('/lists', 'officer_kr')).text).not.toContain('enero.csv');
  const { text } = await read('/lists?as=csv');
  expect(text).toContain('enero.csv');
});

it('reads a list once, in a thread of its own, and shows what was kept', async () => {
  const lines = Array.from({ length: 60_000 }, (_, at) => remittanceLine({ folio: `LA-BIG-${at}` }));
  const chosen = await choose(Buffer.from(remittanceFile(lines)), 'grande.csv');
  const here = offerOf(chosen.headers['location']);
  const looked = () => behindTheWall<{ at: Date; n: number }>(site.db, `select looked_at as at, count(*) over ()::int as n from offered_looks where offer_id = '${here.split('/').at(-1)}'`);
  const [first] = await looked();
  const agent = await site.signedIn('officer_la');
  const shown = await Promise.all([agent.get(here), agent.get(here), agent.get(here)]);
  expect(shown.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(shown[0]?.text).toContain('60,000');
  expect(await looked()).toEqual([first]);
  const [{ look } = { look: Buffer.alloc(0) }] = await behindTheWall<{ look: Buffer }>(site.db, 'select look from offered_looks');
  expect(look.toString('latin1')).not.toContain('LA-BIG');
});

it.each([['a.csv', '\x89PNG\r\n\x1a\n'], ['x.exe', 'MZ\x90\0\x03\0\0\0'], ['enero.csv', 'MZ\x90\0\x03\0\0\0'], ['x.exe', 'folio,importe\n1,2'], ['lista.csv', '%PDF-1.7\n'], ['lista.txt', '\x01\x02\0\xff\xfe\x07'.repeat(300)]])('tells of %s that it is not a list, and keeps nothing', async (fileName, content) => {
  const count = async () => (await behindTheWall(site.db, 'select file_id from kept_files')).length;
  const before = await count();
  const refused = await choose(Buffer.from(content, 'latin1'), fileName);
  expect([refused.status, await count()]).toEqual([422, before]);
  expect(refused.text).toContain('This is not a list');
});

it('takes away what was shown and never sent, and leaves what was sent', async () => {
  const here = offerOf((await choose(Buffer.from(remittanceFile([remittanceLine({ folio: 'LA-OLD' })])), 'viejo.csv')).headers['location']);
  const sent = async () => (await behindTheWall(site.db, 'select offer_id from offered_lists where sent_at is not null')).length;
  const before = await sent();
  await inTransaction(site.ctx, (tx) => sweepUnsentLists({ ...tx, clock: { now: () => new Date(tx.clock.now().getTime() + 31 * 24 * 3_600_000) } }));
  expect((await read(here)).status).toBe(404);
  expect(await sent()).toBe(before);
});

it('says of a letter that it is no list, where it reads so, and asks nobody for its columns', async () => {
  const letter = 'Estimada colega:\n\nLe informo que en enero enviamos tres pagos, como acordamos.\nEl total fue de 1,500.00 dólares.\n\nAtentamente, Óscar\n';
  const chosen = await choose(Buffer.from(letter), 'carta.txt');
  const here = offerOf(chosen.headers['location']);
  expect(here).not.toBe('none');
  for (const language of LANGUAGES) {
    await read(`/partners?language=${language}`);
    const { text } = await read(here);
    const say = translator(language);
    for (const words of [say('payments:errors.payments_not_a_list'), say('payments:findings.payments_sentence', { line: 3 })]) expect(text).toContain(words);
    expect(text).not.toContain('name="columns');
  }
  await read('/partners?language=en');
});
