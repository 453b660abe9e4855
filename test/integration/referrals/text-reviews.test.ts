import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import {
  approveTranslation, buildPacket, confirmInterviewReviewed, confirmTextReviewed, confirmTextsReviewed, createReferral, getReferral, getText, listTexts, markOf, saveInterview, saveSentences, textsToReview,
} from '../../../src/modules/referrals/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { newKeyFile, keyRingOf } from '../../../src/platform/keys.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { aWholeCase, SECRETS } from '../../support/cases/whole-case.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestActor, TestDatabase } from '../../support/database.ts';

let db: TestDatabase;
let keys: Ctx['keys'];
beforeAll(async () => {
  db = await testDatabase();
  keys = keyRingOf(await newKeyFile());
});

const ATTORNEY: TestActor = { id: 'usr_attorney', roles: ['attorney'] };
const ctxOf = (given: TestActor = {}): Ctx => ({ ...testCtx(db, { now: '2027-06-01T12:00:00Z', ...given }), keys });
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));
const PROTECTION = { basis: 'court_order', on: '2024-01-01' } as const;
const ENDED = { ...PROTECTION, until: '2025-01-01' } as const;
// A school of which neither the case record nor the interview knows as a place.
const SCHOOL = 'She lives near Maple Elementary in Torrance.';
const ESCUELA = 'Vive cerca de Maple Elementary en Torrance.';
const INTERVIEW = { statement: { text: SCHOOL }, obligor_description: { lastSeenWhere: 'Outside Maple Elementary' } };

const bring = (supportCase: ReturnType<typeof aWholeCase>) => importCaseExtract(ctxOf(), { fileName: 'c.ndjson', source: Readable.from(extractOf([supportCase])) });
const say = (referralId: string, sections: object) => saveInterview(ctxOf(ATTORNEY), referralId, { language: 'en', answers: { sections } });

async function told(caseId: string, protection: Parameters<typeof aWholeCase>[2] = PROTECTION, sections: object = INTERVIEW): Promise<string> {
  await bring(aWholeCase(caseId, 'obligee', protection));
  const { referralId } = await createReferral(ctxOf(ATTORNEY), { caseId, partnerId: 'mx-consulate-calexico', services: ['locate', 'enforce'] });
  await say(referralId, sections);
  await translate(referralId);
  return referralId;
}

async function translate(referralId: string, target = ESCUELA): Promise<void> {
  for (const { textId, state } of await listTexts(ctxOf(ATTORNEY), referralId)) {
    if (state !== 'open') continue;
    const { items } = await getText(ctxOf(ATTORNEY), referralId, textId);
    await saveSentences(ctxOf({ id: 'usr_translator', roles: ['translator'] }), referralId, textId, items.map(({ key, revision }) => ({ key, revision, target })));
    await approveTranslation(ctxOf({ kind: 'system', id: 'operator' }), referralId, textId, { translatorName: 'Inés Duarte', qualification: 'Sample', on: '2027-05-31' });
  }
}

/** What of reviews stops the packet; written down on the referral, and what sealing answers. */
async function unread(referralId: string): Promise<string[]> {
  const blocking = await buildPacket(ctxOf(ATTORNEY), referralId).then(({ findings }) => findings, (error: unknown) => (error as AppError).findings);
  const kept = (await getReferral(ctxOf(ATTORNEY), referralId)).findings;
  expect(JSON.stringify([blocking, kept])).not.toMatch(/Maple|Torrance/);
  return blocking.filter(({ code, severity }) => severity === 'block' && code.includes('.review_')).map(({ code, path }) => `${code} ${path ?? ''}`).sort();
}

const STATEMENT = '/narratives/interview.statement.text';
const SEEN = '/interview/sections/obligor_description/lastSeenWhere';

it('lets no free text leave that an attorney has not read while somebody is protected, and names each place without a word of it', async () => {
  const referralId = await told('TR-1');
  const before = await unread(referralId);
  expect(before).toEqual([`interview.review_missing ${SEEN}`, `translation.review_missing ${STATEMENT}`]);
  const { texts, answers } = await textsToReview(ctxOf(ATTORNEY), referralId);
  expect(texts.map(({ narrative }) => narrative.segments)).toEqual([[{ source: SCHOOL, target: ESCUELA }]]);
  expect(answers.answers).toEqual([{ path: SEEN, text: 'Outside Maple Elementary' }]);
  await confirmTextReviewed(ctxOf(ATTORNEY), referralId, texts[0]?.textId ?? '');
  expect(await unread(referralId)).toEqual([`interview.review_missing ${SEEN}`]);
  await confirmInterviewReviewed(ctxOf(ATTORNEY), referralId);
  expect(await unread(referralId)).toEqual([]);
  const actions = (await behindTheWall<{ action: string }>(db, 'select action from audit_events')).map(({ action }) => action);
  expect(actions).toEqual(expect.arrayContaining(['translation.reviewed', 'interview.reviewed']));
});

it('asks again for what has other words, on either side, and for nothing else', async () => {
  const referralId = await told('TR-2');
  await confirmTextsReviewed(ctxOf(ATTORNEY), referralId);
  expect(await unread(referralId)).toEqual([]);
  await say(referralId, { ...INTERVIEW, obligor_description: { ...INTERVIEW.obligor_description, heightCm: '174' } });
  expect(await unread(referralId)).toEqual([]);
  await say(referralId, { ...INTERVIEW, obligor_description: { lastSeenWhere: 'Parked at Oak Elementary' } });
  expect(await unread(referralId)).toEqual([`interview.review_outdated ${SEEN}`]);
  const [text] = await listTexts(ctxOf(ATTORNEY), referralId);
  const { items } = await getText(ctxOf(ATTORNEY), referralId, text?.textId ?? '');
  await saveSentences(ctxOf({ id: 'usr_translator', roles: ['translator'] }), referralId, text?.textId ?? '', items.map(({ key, revision }) => ({ key, revision, target: 'Vive junto a la primaria Maple.' })));
  await approveTranslation(ctxOf({ kind: 'system', id: 'operator' }), referralId, text?.textId ?? '', { translatorName: 'Inés Duarte', qualification: 'Sample', on: '2027-05-31' });
  expect(await unread(referralId)).toEqual([`interview.review_outdated ${SEEN}`, `translation.review_outdated ${STATEMENT}`]);
});

it('asks again when somebody else is protected', async () => {
  const referralId = await told('TR-3', PROTECTION, { statement: { text: SCHOOL } });
  await confirmTextsReviewed(ctxOf(ATTORNEY), referralId);
  expect(await unread(referralId)).toEqual([]);
  const supportCase = aWholeCase('TR-3', 'obligee', PROTECTION);
  await bring({ ...supportCase, participants: supportCase.participants.map((one) => (one.role === 'obligor' ? { ...one, nondisclosure: PROTECTION } : one)) });
  expect(await unread(referralId)).toEqual([`translation.review_outdated ${STATEMENT}`]);
});

it('asks nothing where nobody is protected, and everything once somebody is', async () => {
  const referralId = await told('TR-4', ENDED);
  expect(await unread(referralId)).toEqual([]);
  expect(await textsToReview(ctxOf(ATTORNEY), referralId)).toMatchObject({ isAnyoneProtected: false, texts: [] });
  expect(await codeOf(confirmTextsReviewed(ctxOf(ATTORNEY), referralId))).toBe('translation.nothing_to_review');
  await bring(aWholeCase('TR-4', 'obligee', PROTECTION));
  expect(await unread(referralId)).toContain(`translation.review_missing ${STATEMENT}`);
});

it('takes the word of an attorney only, and only about what that attorney saw', async () => {
  const referralId = await told('TR-5');
  for (const role of ['translator', 'supervisor', 'partner_officer', 'operator'] as const) expect(await codeOf(confirmTextsReviewed(ctxOf({ id: 'usr_other', roles: [role] }), referralId))).toBe('access.forbidden');
  expect(await codeOf(textsToReview(ctxOf({ ...ATTORNEY, counties: ['06037'] }), referralId))).toBe('referral.not_found');
  const { texts, answers } = await textsToReview(ctxOf(ATTORNEY), referralId);
  const seen = [...texts, answers].map(({ digest }) => markOf(digest));
  await say(referralId, { ...INTERVIEW, obligor_description: { lastSeenWhere: 'Another car' } });
  expect(await codeOf(confirmTextsReviewed(ctxOf(ATTORNEY), referralId, { seen }))).toBe('translation.review_changed');
  expect(await behindTheWall(db, `select count(*)::int as rows from translation_reviews r join referral_texts t using (agency_id, text_id) where referral_id = $1`, [referralId])).toEqual([{ rows: 0 }]);
});

it('opens no way past the gate: what the case knows of a protected person is not among the texts to confirm', async () => {
  const referralId = await told('TR-6', PROTECTION, { statement: { text: `He left. She lives in ${SECRETS.town}.` } });
  expect((await textsToReview(ctxOf(ATTORNEY), referralId)).texts).toEqual([]);
  expect(await codeOf(confirmTextsReviewed(ctxOf(ATTORNEY), referralId))).toBe('translation.nothing_to_review');
});
