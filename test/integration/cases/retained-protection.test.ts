import { confirmProtectionEnd, disclose, getCase, importCaseExtract, listCases, viewCase } from '../../../src/modules/cases/index.ts';
import type { Participant } from '../../../src/modules/cases/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { aCase, aChild, anObligee, anObligor, extractOf } from '../../support/cases/builders.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

let db: TestDatabase;
let operator: Ctx;
beforeAll(async () => {
  db = await testDatabase();
  operator = testCtx(db, { kind: 'system', id: 'operator' });
});

const nondisclosure = { basis: 'affidavit', on: '2024-01-01', until: '2030-01-01' } as const;
const caseWith = (caseId: string, obligee: Partial<Participant>, child: Partial<Participant> = {}) => aCase({ caseId, participants: [anObligor(), anObligee(obligee), aChild(child)] });
let files = 0;
const importing = async (...cases: object[]) => {
  files += 1;
  return (await importCaseExtract(operator, { fileName: `extract-${files}`, source: extractOf([...cases, aCase({ caseId: `FILLER-${files}` })]) })).findings.filter(({ severity }) => severity === 'warn').map(({ code, line, path }) => `${code} ${line} ${path}`);
};
const shown = async (caseId: string) => disclose(await getCase(operator, caseId), { partnerId: 'mx-sre', country: 'MX' }, '2026-11-20');
const isSealed = async (caseId: string) => (await shown(caseId)).view.participants.map(({ isProtected }) => isProtected);
const listed = async (caseId: string) => (await listCases(operator, { search: caseId })).items[0]?.participants.map(({ isProtected }) => isProtected);

it.each<[string, string, Partial<Participant>, string]>([
  ['left out', 'NP-1', {}, 'cases.protection_dropped 1 /participants/1/nondisclosure'],
  ['ended earlier', 'NP-2', { nondisclosure: { ...nondisclosure, until: '2026-01-01' } }, 'cases.protection_narrowed 1 /participants/1/nondisclosure'],
  ['made narrower', 'NP-3', { nondisclosure: { ...nondisclosure, against: 'P1' } }, 'cases.protection_narrowed 1 /participants/1/nondisclosure'],
])('keeps a protection that a later extract says %s, and says so where', async (_, caseId, changes, finding) => {
  expect(await importing(caseWith(caseId, { nondisclosure }))).toEqual([]);
  expect(await importing(caseWith(caseId, changes))).toContain(finding);
  expect(await isSealed(caseId)).toEqual([false, true, true]);
  expect(await listed(caseId)).toEqual([false, true, true]);
  expect((await viewCase(operator, caseId)).screen.people.get('P2')).toMatchObject({ isProtected: true, place: null });
  // Said once, when it is lost; the papers go on saying it.
  expect(await importing({ ...caseWith(caseId, changes), assistance: 'former' })).toEqual([]);
  expect(await isSealed(caseId)).toEqual([false, true, true]);
});

it('keeps it also where the person comes back under another id, and where the children move', async () => {
  await importing(caseWith('NP-4', { nondisclosure }, { livesWith: 'P2' }));
  expect(await importing(caseWith('NP-4', { participantId: 'P7' }, { livesWith: 'P1' }))).toEqual(['cases.protection_dropped 1 /participants', 'cases.household_changed 1 /participants/2/livesWith']);
  expect(await isSealed('NP-4')).toEqual([true, true, true]);
});

it('lets a longer or wider protection take the place of the former', async () => {
  await importing(caseWith('NP-5', { nondisclosure }));
  expect(await importing(caseWith('NP-5', { nondisclosure: { basis: 'court_order', on: '2025-01-01' } }))).toEqual([]);
  await expect(confirmProtectionEnd(operator, { caseId: 'NP-5', participantId: 'P2', reason: 'x' })).rejects.toMatchObject({ kind: 'conflict', code: 'cases.protection_still_recorded' });
});

it('ends when a person confirms it, with the reason, and is written down', async () => {
  await importing(caseWith('NP-6', { nondisclosure }));
  await importing(caseWith('NP-6', {}));
  const attorney = testCtx(db, { id: 'usr_attorney', roles: ['attorney'] });
  await expect(confirmProtectionEnd(testCtx(db, { roles: ['reconciler'] }), { caseId: 'NP-6', participantId: 'P2', reason: 'x' })).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(confirmProtectionEnd(testCtx(db, { roles: ['attorney'], counties: ['06025'] }), { caseId: 'NP-6', participantId: 'P2', reason: 'x' })).rejects.toMatchObject({ code: 'cases.not_found' });
  for (const reason of [' ', 'a'.repeat(501), 'a\u0085b']) await expect(confirmProtectionEnd(attorney, { caseId: 'NP-6', participantId: 'P2', reason })).rejects.toMatchObject({ code: 'cases.reason_needed' });
  await expect(confirmProtectionEnd(attorney, { caseId: 'NP-6', participantId: 'P1', reason: 'x' })).rejects.toMatchObject({ code: 'cases.protection_not_retained' });
  expect(await confirmProtectionEnd(attorney, { caseId: 'NP-6', participantId: 'P2', reason: 'Affidavit withdrawn in open court' })).toBe(1);
  expect(await isSealed('NP-6')).toEqual([false, false, false]);
  expect(await listed('NP-6')).toEqual([false, false, false]);
  const [row] = await behindTheWall<Record<string, unknown>>(db, "select end_confirmed_by, encode(body_encrypted || end_reason_encrypted, 'escape') as plain from case_retained_protections where case_id = 'NP-6'");
  expect(row?.['end_confirmed_by']).toBe('usr_attorney');
  expect(String(row?.['plain'])).not.toMatch(/affidavit|Affidavit|court/);
  expect(await behindTheWall(db, "select actor_id, action from audit_events where subject_id = 'NP-6' and action = 'case.protection_ended'")).toEqual([{ actor_id: 'usr_attorney', action: 'case.protection_ended' }]);
  // Said again and dropped again, it stays again.
  await importing(caseWith('NP-6', { nondisclosure }));
  await importing(caseWith('NP-6', {}));
  expect(await isSealed('NP-6')).toEqual([false, true, true]);
});

it('keeps a protected person’s other names out of tables and searches', async () => {
  const aliases = ['Nombrenuevo Oculto'];
  const name = { given: 'Rosa', family: 'León', aliases };
  await importing(caseWith('NP-7', { name }));
  expect((await listCases(operator, { search: 'Nombrenuevo' })).items.map(({ caseId }) => caseId)).toEqual(['NP-7']);
  await importing(caseWith('NP-7', { name, nondisclosure }));
  expect((await listCases(operator, { search: 'Nombrenuevo' })).items).toEqual([]);
  expect((await listCases(operator, { search: 'Nombrenuevo Oculto' })).items).toEqual([]);
  const text = JSON.stringify([await behindTheWall(db, "select * from case_participants where case_id = 'NP-7'"), await behindTheWall(db, "select * from case_name_keys where case_id = 'NP-7'"), await behindTheWall(db, "select s.sort_name, t.term from support_cases s join case_search_terms t on t.case_id = s.case_id where s.case_id = 'NP-7'")]);
  expect(text).not.toMatch(/nombrenuevo|oculto/i);
  expect((await getCase(operator, 'NP-7')).participants[1]?.name.aliases).toEqual(aliases);
});
