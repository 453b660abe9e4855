import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { PDFDocument } from 'pdf-lib';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import {
  addAttachment, buildPacket, confirmReviewed, createReferral, getAttachment, listAttachments, readAttachment, removeAttachment, replaceAttachment, restoreAttachment, setTranslation, verifyPacket,
} from '../../../src/modules/referrals/index.ts';
import { attachmentsForPacket } from '../../../src/modules/referrals/attachments/read-attachments.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { aMexicanCase, aSigner } from '../../support/referrals/packets.ts';
import { inflatedBytes, readPdf } from '../../support/referrals/pdf-text.ts';
import { aLockedPaper, aPaper, aPhotograph, aPng, CANARY } from '../../support/referrals/paper-files.ts';

let db: TestDatabase;
let attorney: Ctx;
let plain: string;
let guarded: string;

beforeAll(async () => {
  db = await testDatabase();
  const operator = testCtx(db);
  attorney = testCtx(db, { id: 'usr_attorney', roles: ['attorney'], counties: ['06025'] });
  const base = aMexicanCase({ caseId: 'IM-2' });
  const cases = [aMexicanCase({ caseId: 'IM-1' }), { ...base, participants: base.participants.map((one) => (one.role === 'obligee' ? { ...one, nondisclosure: { basis: 'affidavit' as const, on: '2024-01-01' } } : one)) }];
  await importCaseExtract(operator, { fileName: 'cases.ndjson', source: Readable.from([Buffer.from(extractOf(cases))]) });
  const refer = async (caseId: string): Promise<string> => (await createReferral(attorney, { caseId, partnerId: 'mx-consulate-calexico', services: ['enforce'] })).referralId;
  [plain, guarded] = [await refer('IM-1'), await refer('IM-2')];
});

const codeOf = async (work: Promise<unknown>): Promise<string[]> => work.then(() => ['done'], (error: unknown) => {
  if (!(error instanceof AppError)) throw error;
  return [error.code, ...error.findings.map(({ code }) => code)];
});
const bytesOf = async (ctx: Ctx, attachmentId: string, which?: 'copy' | 'original'): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of (await readAttachment(ctx, attachmentId, which)).bytes) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
const add = async (referralId: string, kind: string, source: Uint8Array | Readable, more: object = {}) => addAttachment(attorney, referralId, { kind, fileName: `${CANARY}.pdf`, source, ...more });
const openFindings = async (referralId: string) => (await listAttachments(attorney, referralId)).findings.filter(({ severity }) => severity === 'block').map(({ code, params }) => [code, params?.['number']]);
const forPacket = (referralId: string, isProtected: ReadonlySet<string> = new Set()) =>
  inTransaction(attorney, (tx) => attachmentsForPacket(tx, { referralId }, { isProtected, gate: { tells: () => false }, numbers: new Map([['P1', 'P1'], ['P3', 'P3']]) }));

describe('a paper of a case in which nobody is protected', () => {
  let order: string;
  let spanish: string;

  it('is taken, kept as it came, and copied without traces', async () => {
    const bytes = await aPaper();
    const added = await add(plain, 'certified_order', Readable.from([bytes.subarray(0, 100), bytes.subarray(100)]), { language: 'en', title: '  Judgment  of 2021 ' });
    expect(added).toMatchObject({ pages: 2, mediaType: 'application/pdf', byteCount: bytes.length, alreadyAttached: false, findings: [{ code: 'attachment.notes_dropped', params: { number: 1, kind: 'certified_order' } }] });
    order = added.attachmentId;
    expect(await bytesOf(attorney, order, 'original')).toEqual(bytes);
    expect((await bytesOf(attorney, order)).toString('latin1')).not.toContain('CANARY');
    expect((await readAttachment(attorney, order)).fileName).toBe('certified-order-1.pdf');
    expect(await openFindings(plain)).toEqual([['attachment.translation_missing', 1]]);
  });

  it('is the same when it comes twice', async () => {
    const again = await add(plain, 'certified_order', await aPaper());
    expect(again).toMatchObject({ attachmentId: order, alreadyAttached: true });
  });

  it('has a translation with who made it, or a reason', async () => {
    spanish = (await add(plain, 'translation', await aPaper('Copia certificada'), { language: 'es-MX' })).attachmentId;
    const translator = { name: 'Ana Traductora', qualification: 'perito traductora', on: '2026-11-10' };
    expect(await codeOf(setTranslation(attorney, order, { by: order, translator }))).toEqual(['attachment.translation_invalid']);
    expect(await codeOf(setTranslation(attorney, order, { by: spanish, translator: { ...translator, on: '2027-01-01' } }))).toEqual(['attachment.translator_invalid']);
    expect(await codeOf(setTranslation(attorney, order, { notNeeded: 'because' }))).toEqual(['attachment.reason_unknown']);
    await setTranslation(attorney, order, { by: spanish, translator });
    expect(await codeOf(setTranslation(attorney, spanish, { by: order, translator }))).toEqual(['attachment.translation_invalid']);
    expect(await openFindings(plain)).toEqual([]);
    const photograph = await add(plain, 'photograph_obligor', aPhotograph(), { participantId: 'P1', fileName: 'IMG_1.jpg' });
    // A picture needs none as long as nobody says otherwise; the decision is recorded, and a person may take another.
    expect(await openFindings(plain)).toEqual([]);
    const decision = async () => (await getAttachment(attorney, photograph.attachmentId)).attachment.translation;
    expect(await decision()).toEqual({ notNeeded: 'picture_without_words' });
    await setTranslation(attorney, photograph.attachmentId, { notNeeded: 'already_bilingual' });
    expect(await decision()).toEqual({ notNeeded: 'already_bilingual' });
    await setTranslation(attorney, photograph.attachmentId, { notNeeded: 'picture_without_words' });
  });

  it('stands in the packet under a number and a neutral name, the translation behind it', async () => {
    const { attachments, findings } = await forPacket(plain);
    expect(findings.filter(({ severity }) => severity === 'block')).toEqual([]);
    expect(attachments.map(({ attachmentId, fileName, participantId, translation, pages }) => [attachmentId, fileName, participantId, translation, pages])).toEqual([
      ['A1', 'attachments/01-certified-order.pdf', null, { by: 'A2' }, 2],
      ['A2', 'attachments/02-translation.pdf', null, { notNeeded: 'is_translation' }, 2],
      ['A3', 'attachments/03-photograph-obligor.jpg', 'P1', { notNeeded: 'picture_without_words' }, 1],
    ]);
    const loaded = await inTransaction(attorney, async (tx) => (await attachmentsForPacket(tx, { referralId: plain }, { isProtected: new Set(), numbers: new Map(), gate: { tells: () => false } })).attachments[0]?.load());
    expect(loaded).toEqual(await bytesOf(attorney, order));
    expect(JSON.stringify(attachments)).not.toMatch(/CANARY|att_|fil_|load/);
  });

  it('is replaced and removed without being lost, and put back', async () => {
    expect(await codeOf(replaceAttachment(attorney, spanish, { fileName: 'x.pdf', source: await aLockedPaper() }))).toEqual(['attachment.refused', 'attachment.encrypted']);
    const better = await replaceAttachment(attorney, spanish, { fileName: 'x.pdf', source: await aPaper('Copia certificada, corregida') });
    expect(await openFindings(plain)).toEqual([['attachment.translation_gone', 1], ['attachment.translation_missing', 5]]);
    await setTranslation(attorney, order, { by: better.attachmentId, translator: { name: 'Ana', qualification: 'perito', on: '2026-11-11' } });
    expect(await openFindings(plain)).toEqual([]);
    await removeAttachment(attorney, better.attachmentId);
    expect(await openFindings(plain)).toEqual([['attachment.translation_gone', 1]]);
    expect(await codeOf(removeAttachment(attorney, better.attachmentId))).toEqual(['attachment.ended']);
    await restoreAttachment(attorney, better.attachmentId);
    expect(await codeOf(restoreAttachment(attorney, better.attachmentId))).toEqual(['attachment.not_removed']);
    expect(await openFindings(plain)).toEqual([]);
    expect((await listAttachments(attorney, plain)).attachments.map(({ state }) => state)).toEqual(['current', 'replaced', 'current', 'refused', 'current']);
    expect((await bytesOf(attorney, spanish, 'original')).length).toBeGreaterThan(0);
  });
});

describe('a paper of a case in which somebody is protected', () => {
  let birth: string;

  it('needs an attorney’s word before it may leave', async () => {
    birth = (await add(guarded, 'birth_certificate', await aPaper('Birth'), { participantId: 'P3' })).attachmentId;
    await setTranslation(attorney, birth, { notNeeded: 'already_bilingual' });
    await add(guarded, 'photograph_obligor', aPng(), { participantId: 'P1', fileName: 'a.png' });
    expect(await openFindings(guarded)).toEqual([['attachment.review_missing', 1]]);
    expect(await codeOf(confirmReviewed(testCtx(db), birth))).toEqual(['access.forbidden']);
    await confirmReviewed(attorney, birth);
    expect(await openFindings(guarded)).toEqual([]);
  });

  it('needs it again when somebody else is protected, and when the file is another', async () => {
    expect((await forPacket(guarded, new Set(['P1', 'P2', 'P3']))).findings.map(({ code }) => code)).toContain('attachment.review_outdated');
    const { attachmentId } = await replaceAttachment(attorney, birth, { fileName: 'b.pdf', source: await aPaper('Another birth') });
    expect(await openFindings(guarded)).toEqual([['attachment.translation_missing', 3], ['attachment.review_missing', 3]]);
    await removeAttachment(attorney, attachmentId);
  });

  it('with a title needs it whatever it shows', async () => {
    await add(guarded, 'photograph_obligor', aPhotograph(), { participantId: 'P1', title: 'in front of the house', fileName: 'b.jpg' });
    expect(await openFindings(guarded)).toEqual([['attachment.review_missing', 4]]);
  });
});

it('pages are not taken for a photograph, and nothing else is a picture without words', async () => {
  const paper = await aPaper('She lives at 7842 Main St');
  expect(await codeOf(add(guarded, 'photograph_child', paper, { participantId: 'P3' }))).toEqual(['attachment.refused', 'attachment.pages_for_picture']);
  const { attachmentId } = await add(guarded, 'birth_certificate', paper, { participantId: 'P3' });
  expect(await codeOf(setTranslation(attorney, attachmentId, { notNeeded: 'picture_without_words' }))).toEqual(['attachment.not_without_words']);
  await removeAttachment(attorney, attachmentId);
});

describe('what is not taken', () => {
  const rowsOf = async (what: string) => Number((await behindTheWall<{ n: string }>(db, `select count(*) as n from ${what}`))[0]?.n);

  it('is kept with the reasons, but nothing of an empty file or of one that is too large', async () => {
    const files = await rowsOf('kept_files');
    expect(await codeOf(add(plain, 'other', Buffer.from('MZ program')))).toEqual(['attachment.refused', 'attachment.type_program']);
    expect(await rowsOf('kept_files')).toBe(files + 1);
    expect(await codeOf(add(plain, 'other', Buffer.alloc(0)))).toEqual(['attachment.refused', 'attachment.empty']);
    let given = 0;
    const endless = Readable.from((async function* () {
      for (; given < 200; given += 1) yield Buffer.alloc(1024 * 1024, 7);
    })(), { objectMode: false });
    expect(await codeOf(add(plain, 'other', endless))).toEqual(['file.too_large']);
    expect(given).toBeLessThan(30);
    expect(await rowsOf('kept_files')).toBe(files + 1);
    const refused = (await listAttachments(attorney, plain)).attachments.at(-1);
    expect(refused).toMatchObject({ state: 'refused', findings: [{ code: 'attachment.type_program' }], copyFileId: null });
    expect(await codeOf(readAttachment(attorney, refused?.attachmentId ?? ''))).toEqual(['attachment.no_copy']);
    expect(await readAttachment(attorney, refused?.attachmentId ?? '', 'original')).toMatchObject({ fileName: 'other-6-original.bin', mediaType: 'application/octet-stream' });
  });

  it.each([
    ['an unknown kind', { kind: 'passport' }, 'attachment.kind_unknown'],
    ['somebody who is not of the case', { participantId: 'nobody' }, 'attachment.participant_unknown'],
    ['an order about a person', { kind: 'certified_order', participantId: 'P1' }, 'attachment.about_nobody'],
    ['a title of a page', { title: 'x'.repeat(201) }, 'attachment.title_invalid'],
    ['a title that turns letters around', { title: 'a\u202eb' }, 'attachment.title_invalid'],
    ['a language that is none', { language: 'English please' }, 'attachment.language_invalid'],
    ['an official form without its id', { kind: 'official_form' }, 'attachment.form_invalid'],
  ])('%s is refused before a byte is read', async (_what, more, code) => {
    const source = Readable.from([Buffer.from('x')]);
    expect(await codeOf(add(plain, 'other', source, more))).toEqual([code]);
    expect(source.readableDidRead).toBe(false);
  });
});

it('several at once get numbers of their own, and the same file is attached once', async () => {
  const before = (await listAttachments(attorney, guarded)).attachments.length;
  const papers = [await aPaper('One'), await aPaper('Two'), await aPaper('Three'), await aPaper('One'), await aPaper('One')];
  const added = await Promise.all(papers.map((bytes) => add(guarded, 'payment_record', bytes)));
  expect(new Set(added.map(({ attachmentId }) => attachmentId)).size).toBe(3);
  const positions = (await listAttachments(attorney, guarded)).attachments.map(({ position }) => position);
  expect(positions).toEqual(Array.from({ length: before + 3 }, (_, index) => index + 1));
});

it('a sealed packet has the copies under neutral names, and nothing of what the originals tell', async () => {
  const signing = { ...attorney, keys: { ...attorney.keys, signing: (await aSigner()).identity } };
  const { referralId } = await createReferral(signing, { caseId: 'IM-1', partnerId: 'mx-consulate-calexico', services: ['locate'] });
  await addAttachment(signing, referralId, { kind: 'photograph_obligor', participantId: 'P1', fileName: `${CANARY}.jpg`, source: aPhotograph() });
  const { bytes } = await buildPacket(signing, referralId);
  const report = verifyPacket(bytes, undefined, { now: signing.clock.now() });
  expect(report.entries.map(({ name }) => name)).toContain('attachments/01-photograph-obligor.jpg');
  expect(report.payload.length).toBeGreaterThan(2);
  for (const entry of report.payload) expect([entry.name, inflatedBytes(Buffer.from(entry.bytes)).toString('latin1').includes('CANARY')]).toEqual([entry.name, false]);
});

it('an official PDF that the county has travels filled in from the same case', async () => {
  const signing = { ...attorney, keys: { ...attorney.keys, signing: (await aSigner()).identity } };
  const template = await PDFDocument.create();
  const page = template.addPage([300, 200]);
  for (const [index, name] of ['case.caseId', 'obligor.family', 'obligor.birthDate', 'applicant.name', '__proto__.x'].entries()) template.getForm().createTextField(name).addToPage(page, { x: 20, y: 150 - index * 30, width: 200, height: 20 });
  mkdirSync(join(db.dataDir, 'official-forms'), { recursive: true });
  writeFileSync(join(db.dataDir, 'official-forms', 'locate_request.pdf'), await template.save());
  const { referralId } = await createReferral(signing, { caseId: 'IM-1', partnerId: 'mx-consulate-calexico', services: ['locate', 'status'] });
  const { bytes } = await buildPacket(signing, referralId);
  const form = verifyPacket(bytes, undefined, { now: signing.clock.now() }).payload.find(({ name }) => name === 'forms/locate-request.pdf');
  expect((await readPdf(form?.bytes ?? Buffer.alloc(0))).pages.join(' ')).toMatch(/IM-1.*Mondragón/);
});

describe('who sees it', () => {
  it('is nobody of another county, no partner and no translator', async () => {
    const { attachments } = await listAttachments(attorney, plain);
    const id = attachments[0]?.attachmentId ?? '';
    const elsewhere = testCtx(db, { id: 'usr_la', roles: ['attorney'], counties: ['06037'] });
    expect(await codeOf(readAttachment(elsewhere, id))).toEqual(['attachment.not_found']);
    expect(await codeOf(listAttachments(elsewhere, plain))).toEqual(['referral.not_found']);
    for (const roles of [['partner_officer'], ['translator'], ['reconciler']] as const) {
      const stranger = testCtx(db, { id: 'usr_x', roles, partner: roles[0] === 'partner_officer' ? 'mx-consulate-calexico' : null });
      expect(await codeOf(readAttachment(stranger, id))).toEqual(['access.forbidden']);
      expect(await codeOf(listAttachments(stranger, plain))).toEqual(['access.forbidden']);
    }
  });

  it('is a colleague of the same county, who did not upload it', async () => {
    const colleague = testCtx(db, { id: 'usr_colleague', roles: ['attorney'], counties: ['06025'] });
    const id = (await listAttachments(colleague, plain)).attachments[0]?.attachmentId ?? '';
    expect(await bytesOf(colleague, id, 'original')).toEqual(await aPaper());
  });

  it('is written down, without titles or file names anywhere in the clear', async () => {
    const actions = await behindTheWall<{ action: string }>(db, `select distinct body->>'action' as action from (select to_jsonb(a) as body from audit_events a) e where to_jsonb(e)::text like '%attachment.%' order by 1`);
    expect(actions.map(({ action }) => action)).toEqual(expect.arrayContaining(['attachment.added', 'attachment.read', 'attachment.refused', 'attachment.removed', 'attachment.restored', 'attachment.reviewed', 'attachment.translation_set']));
    for (const table of ['referral_attachments', 'referral_attachment_translations', 'kept_files', 'audit_events', 'outbox_events']) {
      const [found] = await behindTheWall<{ n: string }>(db, `select count(*) as n from ${table} t where to_jsonb(t)::text ~ 'CANARY|Judgment|Traductora'`);
      expect([table, found?.n]).toEqual([table, '0']);
    }
  });
});
