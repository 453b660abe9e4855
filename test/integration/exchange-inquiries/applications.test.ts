import { text } from 'node:stream/consumers';
import {
  acceptApplication, addApplicationPaper, applicationWorksheet, askForMore, fileApplication, linkApplication, listApplications, readApplication, readApplicationPaper, refuseApplication,
} from '../../../src/modules/exchange/index.ts';
import type { ApplicationRequest } from '../../../src/modules/exchange/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { CONSULATE, inquiryScene, PLAIN, refusalOf } from '../../support/exchange-inquiries/scene.ts';
import type { InquiryScene } from '../../support/exchange-inquiries/scene.ts';
import { aPaper } from '../../support/referrals/paper-files.ts';

let scene: InquiryScene;
let korea: Ctx;
beforeAll(async () => {
  scene = await inquiryScene();
  korea = scene.ctxOf({ id: 'usr_korea', roles: ['partner_officer'], partner: 'kr-kcsa' });
});

const anApplication = (given: string, changes: Partial<ApplicationRequest> = {}): ApplicationRequest => ({
  county: '06037', partnerFileNumber: `SOL-${given}`, services: ['establish_order'], applicantRole: 'obligee', hasOrder: false,
  applicant: { given, family: 'Quintero', secondFamily: 'Olvera', birthDate: '1991-03-04', phone: '+52 664 555 0101', address: 'Calle 5 núm. 10, 22000 Tijuana, México' },
  otherParent: { given: 'José Ángel', family: 'Peña', secondFamily: 'Muñoz' }, children: [{ given: 'Nora', family: 'Peña', birthDate: '2019-08-09' }],
  consent: { givenBy: `${given} Quintero Olvera`, on: '2026-11-20', form: 'signed' }, note: 'Se anexa el acta.', ...changes,
});
const file = async (given: string, changes: Partial<ApplicationRequest> = {}): Promise<string> => (await fileApplication(scene.officer, anApplication(given, changes))).applicationId;
const paper = async (words: string) => ({ kind: 'birth_certificate', fileName: 'acta.pdf', source: await aPaper(words) });
const counted = (codes: readonly string[][]): Record<string, number> => codes.reduce<Record<string, number>>((sum, [code = '']) => ({ ...sum, [code]: (sum[code] ?? 0) + 1 }), {});

it('an application is its office\'s alone, and the agency\'s to decide', async () => {
  const applicationId = await file('Abril');
  await addApplicationPaper(scene.officer, applicationId, await paper('Acta de Abril'));
  await askForMore(scene.attorney, applicationId, ['signature']);
  expect(await readApplication(scene.officer, applicationId)).toMatchObject({ state: 'more_asked', work: null });
  for (const work of [
    readApplication(korea, applicationId), readApplicationPaper(korea, applicationId, 1), addApplicationPaper(korea, applicationId, await paper('Strange')),
  ]) expect(await refusalOf(work)).toEqual(['application.not_found']);
  expect((await refusalOf(fileApplication(korea, anApplication('Abril', { supplies: applicationId }))))[0]).not.toBe('done');
  expect(await refusalOf(fileApplication(korea, anApplication('Abril', { partnerId: CONSULATE, supplies: applicationId })))).toEqual(['inquiry.not_your_office']);
  expect((await listApplications(korea)).total).toBe(0);
  for (const work of [
    acceptApplication(scene.officer, applicationId), refuseApplication(scene.officer, applicationId, 'other'), askForMore(scene.officer, applicationId, ['signature']),
    linkApplication(scene.officer, applicationId, { caseId: PLAIN, county: '06037' }), applicationWorksheet(scene.officer, applicationId),
  ]) expect(await refusalOf(work)).toEqual(['access.forbidden']);
  expect(await readApplication(scene.officer, applicationId)).toMatchObject({ state: 'more_asked', details: { applicant: { given: 'Abril' } } });
});

it('the same at once is one; another office\'s same parents are told to the agency alone', async () => {
  const ids = await Promise.all(Array.from({ length: 6 }, () => file('Benita')));
  expect(new Set(ids).size).toBe(1);
  const other = await file('Benita', { partnerFileNumber: 'SOL-other' });
  expect((await readApplication(scene.attorney, other)).work?.findings).toContainEqual(expect.objectContaining({ code: 'application.possible_duplicate', params: { application: ids[0] } }));
  expect(JSON.stringify(await readApplication(scene.officer, other))).not.toContain(ids[0]);
});

describe('its papers', () => {
  it('are pictures and PDF, of one content once, under a name of ours', async () => {
    const applicationId = await file('Carmen');
    const odd = '../../etc/\u202efdp.exe\r\nX: 1.pdf';
    expect(await addApplicationPaper(scene.officer, applicationId, { ...await paper('Acta'), fileName: odd })).toEqual({ added: true });
    expect(await addApplicationPaper(scene.officer, applicationId, { ...await paper('Acta'), fileName: 'again.pdf' })).toEqual({ added: false });
    const { papers } = await readApplication(scene.officer, applicationId);
    expect(papers.map(({ position, mediaType, name }) => [position, mediaType, /[\p{Cc}\p{Cf}]/u.test(name)])).toEqual([[1, 'application/pdf', false]]);
    const read = await readApplicationPaper(scene.officer, applicationId, 1);
    expect([read.fileName, (await text(read.bytes)).startsWith('%PDF-')]).toEqual([`${applicationId}-1.pdf`, true]);
    for (const position of [0, 2, -1, NaN]) expect(await refusalOf(readApplicationPaper(scene.officer, applicationId, position))).toEqual(['application.not_found']);
    for (const [source, fileName] of [[Buffer.from('MZ\u0000\u0000'), 'acta.pdf'], [Buffer.from('<html><script>1</script>'), 'acta.pdf'], [Buffer.alloc(0), 'acta.pdf'], [Buffer.from('PK\u0003\u0004'), 'acta.png']] as const) {
      expect((await refusalOf(addApplicationPaper(scene.officer, applicationId, { kind: 'other', fileName, source })))[0]).toBe('application.paper_refused');
    }
    expect(await refusalOf(addApplicationPaper(scene.officer, applicationId, { ...await paper('Other'), kind: 'photo' }))).toEqual(['application.paper_kind']);
    expect((await readApplication(scene.officer, applicationId)).papers).toHaveLength(1);
  });

  it('are twenty at most, however many come at once, and none after the decision', async () => {
    const applicationId = await file('Delfina');
    const add = async (words: string) => refusalOf(addApplicationPaper(scene.officer, applicationId, await paper(words)));
    for (let index = 0; index < 18; index++) expect(await add(`Paper ${index}`)).toEqual(['done']);
    expect(counted(await Promise.all(Array.from({ length: 6 }, (_, index) => add(`Last ${index}`))))).toEqual({ 'done': 2, 'application.too_many_papers': 4 });
    await refuseApplication(scene.attorney, applicationId, 'incomplete');
    expect(await add('Late')).toEqual(['application.over']);
  });
});

it('decisions at once: one holds', async () => {
  const applicationId = await file('Estela');
  const decided = await Promise.all([
    refusalOf(linkApplication(scene.attorney, applicationId, { caseId: PLAIN, county: '06037' })), refusalOf(refuseApplication(scene.second, applicationId, 'duplicate')),
    refusalOf(refuseApplication(scene.attorney, applicationId, 'other')),
  ]);
  expect(counted(decided)).toEqual({ 'done': 1, 'application.over': 2 });
  expect(await refusalOf(acceptApplication(scene.attorney, applicationId))).toEqual(['application.over']);
  const audited = await scene.rows<{ action: string }>(`select action from audit_events where subject_id = $1 and action in ('application.refused', 'application.opened')`, [applicationId]);
  expect(audited).toHaveLength(1);
});

it('writes nobody\'s name, number or place anywhere in clear', async () => {
  const applicationId = await file('Filomena', { note: 'Trabaja en Ensenada.' });
  await addApplicationPaper(scene.officer, applicationId, { ...await paper('Acta Filomena'), fileName: 'Filomena Quintero.pdf' });
  await inTransaction(scene.operator, (tx) => readApplication(tx, applicationId));
  for (const table of ['partner_applications', 'application_work', 'application_papers', 'kept_files', 'outbox_events', 'audit_events', 'queue_items']) {
    const rows = JSON.stringify(await scene.rows<{ t: string }>(`select row_to_json(x)::text as t from ${table} x`));
    for (const secret of ['Filomena Q', 'Quintero', 'Ensenada', 'Tijuana', '555 0101', '1991-03-04', '2019-08-09']) expect(`${table} ${rows.includes(secret) ? secret : ''}`).toBe(`${table} `);
  }
});
