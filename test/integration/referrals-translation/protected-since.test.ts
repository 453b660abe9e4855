import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { checkTranslation, createReferral, exportTexts, getText, listTexts, listWaitingTexts, saveInterview, saveSentences, suggest } from '../../../src/modules/referrals/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestActor, TestDatabase } from '../../support/database.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';

const WHERE = 'Since March I live at 7842 Main St in Holtville with my sister.';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
const as = (given: TestActor = {}): Ctx => testCtx(db, given);
const translator = (): Ctx => as({ id: 'usr_ines', roles: ['translator'], counties: ['06025'] });
const attorney = (): Ctx => as({ id: 'usr_ana', roles: ['attorney'] });
const bring = (supportCase: SupportCase): Promise<unknown> => importCaseExtract(as(), { fileName: 'c.ndjson', source: Readable.from(extractOf([supportCase])) });
const WITHDRAWN = { kind: 'conflict', code: 'translation.text_withdrawn' };

/** A text that tells where the obligee lives, and the case after she has sworn that this endangers her. */
async function aTextThenProtection(caseId: string): Promise<{ referralId: string; textId: string; protect: () => Promise<unknown> }> {
  const open = aMexicanCase({ caseId });
  await bring(open);
  const { referralId } = await createReferral(attorney(), { caseId, partnerId: 'mx-consulate-calexico', services: ['enforce'] });
  await saveInterview(attorney(), referralId, { language: 'en', answers: { sections: { statement: { text: `${WHERE} He never paid.` } } } });
  const [text] = await listTexts(translator(), referralId);
  const participants = open.participants.map((one) => (one.role === 'obligee' ? { ...one, nondisclosure: { basis: 'affidavit' as const, on: '2026-11-01' } } : one));
  return { referralId, textId: text?.textId ?? '', protect: () => bring({ ...open, participants }) };
}

const recorded = (action: string, id: string): Promise<{ body: string }[]> => behindTheWall(db, 'select e::text as body from audit_events e where e::text like $1 and e::text like $2', [`%${action}%`, `%${id}%`]);

it('shows a translator no text that tells of a person who is protected since, from the next reading on', async () => {
  const { referralId, textId, protect } = await aTextThenProtection('PS-1');
  const { items } = await getText(translator(), referralId, textId);
  expect(items.map(({ source }) => source)).toEqual([WHERE, 'He never paid.']);
  const key = items[0]?.key ?? '';
  await protect();
  // Nobody has looked at the referral meanwhile: the text is open as before.
  expect((await listTexts(attorney(), referralId))[0]?.state).toBe('open');
  await expect(suggest(translator(), referralId, textId, key)).rejects.toMatchObject(WITHDRAWN);
  await expect(getText(translator(), referralId, textId)).rejects.toMatchObject(WITHDRAWN);
  await expect(checkTranslation(translator(), referralId, textId)).rejects.toMatchObject(WITHDRAWN);
  await expect(saveSentences(translator(), referralId, textId, [])).rejects.toMatchObject(WITHDRAWN);
  // The first refusal has taken it from the work list, for good.
  expect((await listTexts(attorney(), referralId))[0]?.state).toBe('withdrawn');
  for (const filter of [{ referralId }, { referralId, state: 'withdrawn' as const }, { state: 'withdrawn' as const }]) expect(await listWaitingTexts(translator(), filter)).toEqual({ rows: [], total: 0 });
  // Who may read the interview reads what stands in it.
  expect((await getText(attorney(), referralId, textId)).items[0]?.source).toBe(WHERE);
  expect((await listWaitingTexts(attorney(), { referralId, state: 'withdrawn' })).total).toBe(1);
});

it.each([['translator', 'PS-4', translator], ['attorney', 'PS-5', attorney], ['operator', 'PS-6', as]] as const)('writes no such text into a file, whoever asks: the %s', async (_who, caseId, ctx) => {
  const { referralId, protect } = await aTextThenProtection(caseId);
  expect((await exportTexts(ctx(), referralId))[0]?.xml).toContain('Holtville');
  await protect();
  expect(await exportTexts(ctx(), referralId)).toEqual([]);
  expect((await listTexts(attorney(), referralId))[0]?.state).toBe('withdrawn');
  expect(await recorded('translation.exported', referralId)).toHaveLength(2);
});

it('says nothing of why', async () => {
  const { referralId, textId, protect } = await aTextThenProtection('PS-2');
  await protect();
  const refusal: unknown = await getText(translator(), referralId, textId).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ params: {}, findings: [] });
});

it('writes down who read a text, by codes and ids only', async () => {
  const { referralId, textId } = await aTextThenProtection('PS-3');
  await getText(translator(), referralId, textId);
  const rows = await recorded('translation.viewed', textId);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.body).toContain('usr_ines');
  expect(rows[0]?.body).not.toContain('Holtville');
});
