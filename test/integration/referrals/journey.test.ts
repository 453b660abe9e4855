import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import {
  addAttachment, approveTranslation, buildPacket, createReferral, declareTranslation, draftPacket, getReferral, getText, listTexts, moveReferral, previewPacket, recordAwaitedItem,
  removeAttachment, replaceAttachment, restoreAttachment, saveInterview, saveInterviewPart, saveSentences, setTranslation,
} from '../../../src/modules/referrals/index.ts';
import { newKeyFile, keyRingOf } from '../../../src/platform/keys.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestActor, TestDatabase } from '../../support/database.ts';
import { aPaper } from '../../support/referrals/paper-files.ts';
import { readPdf } from '../../support/referrals/pdf-text.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';

let db: TestDatabase;
let keys: Ctx['keys'];
beforeAll(async () => {
  db = await testDatabase();
  keys = keyRingOf(await newKeyFile());
});

const ctxOf = (given: TestActor = {}): Ctx => ({ ...testCtx(db, { now: '2027-06-01T12:00:00Z', ...given }), keys });
const ATTORNEY: TestActor = { id: 'usr_attorney', roles: ['attorney'] };
const TRANSLATOR: TestActor = { id: 'usr_translator', roles: ['translator'] };
const WORDS = { translatorName: 'Inés Duarte', qualification: 'Sample translator', on: '2027-05-31' };
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));

async function opened(caseId: string, services = ['enforce']): Promise<string> {
  await importCaseExtract(ctxOf(), { fileName: 'cases.ndjson', source: Readable.from(extractOf([aMexicanCase({ caseId })])) });
  return (await createReferral(ctxOf(ATTORNEY), { caseId, partnerId: 'mx-consulate-calexico', services })).referralId;
}

const findingsOf = async (referralId: string): Promise<string[]> => (await getReferral(ctxOf(ATTORNEY), referralId)).findings.map(({ code, path }) => `${code} ${path ?? ''}`);
const STATEMENT = { language: 'en', answers: { sections: { statement: { text: 'He pays nothing. He lives with his brother.' } } } };

describe('what is missing is told at once, whoever changes what', () => {
  it('gives a narrative to the translators when it is saved, and takes it from the list once it is approved', async () => {
    const referralId = await opened('JR-1');
    await saveInterview(ctxOf(ATTORNEY), referralId, STATEMENT);
    expect(await findingsOf(referralId)).toContainEqual(expect.stringMatching(/^translation\.missing \/narratives\/.*statement/));
    const [text] = await listTexts(ctxOf(TRANSLATOR), referralId);
    const textId = text?.textId ?? '';
    const { items } = await getText(ctxOf(TRANSLATOR), referralId, textId);
    await saveSentences(ctxOf(TRANSLATOR), referralId, textId, items.map(({ key, revision }, index) => ({ key, revision, target: ['No paga nada.', 'Vive con su hermano.'][index] ?? '' })));
    await declareTranslation(ctxOf(TRANSLATOR), referralId, textId, WORDS);
    expect(await findingsOf(referralId)).toContainEqual(expect.stringMatching(/^translation\.not_approved/));
    await approveTranslation(ctxOf(ATTORNEY), referralId, textId);
    expect((await findingsOf(referralId)).filter((finding) => finding.startsWith('translation.'))).toEqual([]);
    await saveInterviewPart(ctxOf(ATTORNEY), referralId, { language: 'en', section: 'statement', child: null, basedOn: 1, answers: { text: 'He pays nothing. He moved.' } });
    expect(await findingsOf(referralId)).toContainEqual(expect.stringMatching(/^translation\.(stale|missing)/));
    await saveInterviewPart(ctxOf(ATTORNEY), referralId, { language: 'en', section: 'statement', child: null, basedOn: 2, answers: {} });
    expect((await listTexts(ctxOf(TRANSLATOR), referralId)).map(({ state }) => state)).toEqual(['withdrawn']);
    expect((await findingsOf(referralId)).filter((finding) => finding.startsWith('translation.'))).toEqual([]);
  });

  it('follows each decision about an attachment', async () => {
    const referralId = await opened('JR-2');
    const papers = async (): Promise<string[]> => (await findingsOf(referralId)).filter((finding) => /attachment|certified_order/.test(finding) && !finding.includes('notes_dropped')).map((finding) => finding.replace(/att_\w+/, 'att'));
    expect(await papers()).toEqual(['need.certified_order /attachments']);
    const { attachmentId } = await addAttachment(ctxOf(ATTORNEY), referralId, { kind: 'certified_order', fileName: 'order.pdf', source: await aPaper('Order'), language: 'en' });
    expect(await papers()).toEqual(['attachment.translation_missing /attachments/att']);
    await setTranslation(ctxOf(ATTORNEY), attachmentId, { notNeeded: 'already_bilingual' });
    expect(await papers()).toEqual([]);
    await removeAttachment(ctxOf(ATTORNEY), attachmentId);
    expect(await papers()).toEqual(['need.certified_order /attachments']);
    await restoreAttachment(ctxOf(ATTORNEY), attachmentId);
    expect(await papers()).toEqual([]);
    await replaceAttachment(ctxOf(ATTORNEY), attachmentId, { fileName: 'order-2.pdf', source: await aPaper('Other') });
    expect(await papers()).toEqual(['attachment.translation_missing /attachments/att']);
  });

  it('is told of a referral that is open already with all that was gathered for it, and writes nothing anew', async () => {
    const referralId = await opened('JR-3');
    await saveInterview(ctxOf(ATTORNEY), referralId, STATEMENT);
    const state = () => behindTheWall(db, `select (select names_encrypted from referral_texts where referral_id = $1) as names,
      (select xmin::text from referral_findings where referral_id = $1) as findings, (select count(*) from outbox_events where body::text like '%' || $1 || '%') as events`, [referralId]);
    const before = await state();
    const again = await createReferral(ctxOf(ATTORNEY), { caseId: 'JR-3', partnerId: 'mx-consulate-calexico', services: ['enforce'] });
    expect(again).toMatchObject({ referralId, alreadyOpen: true });
    expect(again.findings.map(({ code }) => code)).toContain('translation.missing');
    expect(await saveInterview(ctxOf(ATTORNEY), referralId, STATEMENT)).toMatchObject({ alreadyRecorded: true });
    expect(await state()).toEqual(before);
  });

  it('leaves a referral alone that is over', async () => {
    const referralId = await opened('JR-4');
    await moveReferral(ctxOf(ATTORNEY), referralId, 'withdraw', { reason: 'made_in_error' });
    await saveInterview(ctxOf(ATTORNEY), referralId, STATEMENT);
    expect(await listTexts(ctxOf(TRANSLATOR), referralId)).toEqual([]);
  });
});

describe('what would be sealed', () => {
  it('is listed and read as a draft that says so in both languages, is written down, and is kept nowhere', async () => {
    const referralId = await opened('JR-5');
    const draft = await draftPacket(ctxOf(ATTORNEY), referralId);
    expect(draft).toMatchObject({ isCurrent: null, children: ['P3'] });
    expect(draft.documents.length).toBeGreaterThan(2);
    for (const { title } of draft.documents) expect(new Set(title.map(({ lang }) => lang)).size).toBeGreaterThan(1);
    const files = () => behindTheWall(db, 'select count(*) from kept_files');
    const before = await files();
    const { bytes, pages } = await previewPacket(ctxOf(ATTORNEY), referralId);
    const text = (await readPdf(bytes)).pages.join(' ');
    expect(text).toContain('This is a draft for reading.');
    expect(text).toContain('Este es un borrador para lectura.');
    expect(bytes.toString('latin1')).toContain('pdfuaid');
    expect(bytes.toString('latin1')).not.toContain('/EmbeddedFile');
    expect(pages).toBeGreaterThan(3);
    expect(await files()).toEqual(before);
    expect(await behindTheWall(db, `select 1 from audit_events where action = 'packet.previewed' and subject_id = $1`, [referralId])).toHaveLength(1);
    for (const actor of [TRANSLATOR, { roles: ['partner_officer'], partner: 'mx-consulate-calexico' } as const]) {
      expect(await codeOf(previewPacket(ctxOf(actor), referralId))).toBe('access.forbidden');
      expect(await codeOf(draftPacket(ctxOf(actor), referralId))).toBe('access.forbidden');
    }
    expect(await codeOf(previewPacket(ctxOf({ ...ATTORNEY, counties: ['06037'] }), referralId))).toBe('referral.not_found');
  });

  it('is not sealed while something is awaited; once sealed its documents have pages, and it is known when it is out of date', async () => {
    const referralId = await opened('JR-6');
    await moveReferral(ctxOf(ATTORNEY), referralId, 'await_items', { items: ['notary'] });
    expect(await codeOf(buildPacket(ctxOf(ATTORNEY), referralId))).toBe('referral.move_refused');
    await moveReferral(ctxOf(ATTORNEY), referralId, 'rework');
    expect(await codeOf(buildPacket(ctxOf(ATTORNEY), referralId))).toBe('referral.awaited_open');
    await recordAwaitedItem(ctxOf(ATTORNEY), referralId, 'notary');
    await moveReferral(ctxOf(ATTORNEY), referralId, 'review');
    const { pages } = await buildPacket(ctxOf(ATTORNEY), referralId);
    const view = await getReferral(ctxOf(ATTORNEY), referralId);
    expect(view.moves.map(({ move }) => move)).toEqual(['open', 'await_items', 'rework', 'review', 'seal']);
    const documents = view.packets[0]?.documents ?? [];
    expect(documents.reduce((sum, document) => sum + document.pages, 0)).toBe(pages);
    expect((await draftPacket(ctxOf(ATTORNEY), referralId)).isCurrent).toBe(true);
    await saveInterview(ctxOf(ATTORNEY), referralId, { language: 'en', answers: { sections: { obligor_description: { heightCm: '180' } } } });
    expect((await draftPacket(ctxOf(ATTORNEY), referralId)).isCurrent).toBe(false);
  });
});
