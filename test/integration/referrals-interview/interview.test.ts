import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { createReferral, interviewDefinition, interviewOf, readInterview, saveInterview, saveInterviewPart } from '../../../src/modules/referrals/index.ts';
import { preparePacket } from '../../../src/modules/referrals/packets/prepare-packet.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { interviewCommands } from '../../../src/cli/interview.ts';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aChild, extractOf } from '../../support/cases/builders.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestActor, TestDatabase } from '../../support/database.ts';
import { anAnswerTo } from '../../support/referrals-interview/answers.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import type { AppCommand, Io } from '../../../src/cli/command.ts';

let db: TestDatabase;
let keys: Ctx['keys'];
beforeAll(async () => {
  db = await testDatabase();
  keys = testCtx(db).keys;
});

const ctxOf = (given: TestActor = {}): Ctx => ({ ...testCtx(db, given), keys });
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));
const ATTORNEY: TestActor = { id: 'usr_attorney', kind: 'user', roles: ['attorney'] };

async function bring(supportCase: SupportCase): Promise<void> {
  await importCaseExtract(ctxOf(), { fileName: 'cases.ndjson', source: Readable.from(extractOf([supportCase])) });
}

async function opened(caseId: string, services = ['establish_parentage']): Promise<string> {
  await bring(aMexicanCase({ caseId }));
  return (await createReferral(ctxOf(), { caseId, partnerId: 'mx-consulate-calexico', services })).referralId;
}

const SAID = { language: 'es-MX', answers: { sections: { marriage: { status: 'married', marriedOn: '2010-05-04' }, statement: { text: 'Qzq42qzQ' } }, children: { P3: { conception: { from: '2010-04-01', to: '2010-04-30' } } } } };

it('keeps every version, encrypted, bound to its row, and adds none for the same answers', async () => {
  const referralId = await opened('IM-1');
  expect(await saveInterview(ctxOf(), referralId, SAID)).toEqual({ version: 1, alreadyRecorded: false });
  expect(await saveInterview(ctxOf(), referralId, { ...SAID, answers: { children: SAID.answers.children, sections: { statement: { text: ' Qzq42qzQ ' }, marriage: { marriedOn: '2010-05-04', status: 'married', divorcedAt: '' } } } })).toEqual({ version: 1, alreadyRecorded: true });
  expect(await saveInterview(ctxOf(), referralId, { ...SAID, language: 'en' })).toMatchObject({ version: 2 });
  const view = await readInterview(ctxOf(), referralId);
  expect(view).toMatchObject({ version: 2, language: 'en', answers: SAID.answers, children: [{ participantId: 'P3' }], partnerLanguage: 'es-MX' });
  const rows = await behindTheWall<{ text: string; body: Buffer; version: number }>(db, 'select body_encrypted as body, version, referral_interviews::text as text from referral_interviews where referral_id = $1 order by version', [referralId]);
  expect(rows).toHaveLength(2);
  expect(rows.some((row) => row.body.toString('latin1').includes('Qzq42') || row.text.includes('married'))).toBe(false);
  await behindTheWall(db, 'alter table referral_interviews disable trigger all');
  await behindTheWall(db, 'update referral_interviews set body_encrypted = $2 where referral_id = $1 and version = 2', [referralId, rows[0]?.body]);
  await behindTheWall(db, 'alter table referral_interviews enable trigger all');
  expect(await codeOf(readInterview(ctxOf(), referralId))).toBe('keys.decrypt_failed');
});

it('is only added to', async () => {
  const referralId = await opened('IM-2');
  await saveInterview(ctxOf(), referralId, SAID);
  for (const statement of ["update referral_interviews set language = 'en'", 'delete from referral_interviews', 'truncate referral_interviews']) {
    await expect(inTransaction(ctxOf(), (tx) => tx.tx.query(statement))).rejects.toThrow(/permission denied|append-only/);
  }
});

it('is written down when recorded and when a person opens it, without a word of what was said', async () => {
  const referralId = await opened('IM-3');
  await saveInterview(ctxOf(ATTORNEY), referralId, SAID);
  await readInterview(ctxOf(ATTORNEY), referralId);
  const events = await behindTheWall<{ action: string; details: object }>(db, "select action, details from audit_events where subject_id = $1 and action like 'interview.%' order by event_id", [referralId]);
  expect(events).toEqual([{ action: 'interview.recorded', details: { version: 1, language: 'es-MX' } }, { action: 'interview.viewed', details: { version: 1 } }]);
  expect(await behindTheWall(db, "select body from outbox_events where name = 'interview.recorded' and body->>'referralId' = $1", [referralId])).toEqual([{ body: { referralId, version: 1 } }]);
});

it('is for attorneys and supervisors of the county, and for no partner, not even in SQL', async () => {
  const referralId = await opened('IM-4');
  await saveInterview(ctxOf(), referralId, SAID);
  for (const roles of [['translator'], ['reconciler'], ['administrator']] as const) {
    expect(await codeOf(readInterview(ctxOf({ id: 'usr_x', roles: [...roles] }), referralId))).toBe('access.forbidden');
    expect(await codeOf(saveInterview(ctxOf({ id: 'usr_x', roles: [...roles] }), referralId, SAID))).toBe('access.forbidden');
  }
  const officer = ctxOf({ id: 'usr_o', roles: ['partner_officer'], partner: 'mx-consulate-calexico' });
  expect(await codeOf(readInterview(officer, referralId))).toBe('access.forbidden');
  expect(await codeOf(saveInterviewPart(officer, referralId, { language: 'en', section: 'marriage', child: null, answers: {}, basedOn: 0 }))).toBe('access.forbidden');
  expect(await inTransaction(officer, (tx) => tx.tx.query('select version from referral_interviews'))).toEqual([]);
  const elsewhere = ctxOf({ ...ATTORNEY, counties: ['06037'] });
  expect(await codeOf(readInterview(elsewhere, referralId))).toBe('referral.not_found');
  expect(await codeOf(saveInterview(elsewhere, referralId, SAID))).toBe('referral.not_found');
  expect(await codeOf(readInterview(ctxOf(), 'ref_nothing'))).toBe('referral.not_found');
});

it('refuses what is wrong, and then records nothing', async () => {
  const referralId = await opened('IM-5');
  const refused = await saveInterview(ctxOf(), referralId, { language: 'en', answers: { sections: { statement: { text: 'SSN 919-07-3588' } }, children: { P2: {}, P3: { needs: { school: 'x'.repeat(200) } } } } }).catch((error: AppError) => error);
  expect((refused as AppError).findings.map(({ code, path }) => `${code} ${path}`)).toEqual(['interview.text_identifier /sections/statement/text', 'interview.too_long /children/P3/needs/school']);
  expect(JSON.stringify([(refused as AppError).message, (refused as AppError).findings, (refused as AppError).params])).not.toContain('919');
  for (const language of ['', 'español', 'x'.repeat(40), '../en']) expect(await codeOf(saveInterview(ctxOf(), referralId, { language, answers: {} }))).toBe('interview.language_unknown');
  for (const answers of [null, 'x', [], { sections: 'x' }]) expect(await codeOf(saveInterview(ctxOf(), referralId, { language: 'en', answers }))).toBe('interview.incorrect');
  expect(await codeOf(saveInterviewPart(ctxOf(), referralId, { language: 'en', section: 'hobbies', child: null, answers: { x: 'y' }, basedOn: 0 }))).toBe('interview.incorrect');
  expect((await readInterview(ctxOf(), referralId)).version).toBe(0);
  expect(await inTransaction(ctxOf(), (tx) => interviewOf(tx, referralId))).toBeNull();
});

it('takes sections from several people at once, each only where it has not changed since', async () => {
  const referralId = await opened('IM-6');
  const part = (section: string, answers: Record<string, unknown>, basedOn: number, child: string | null = null) => saveInterviewPart(ctxOf(), referralId, { language: 'en', section, child, answers, basedOn });
  const all = await Promise.all([part('marriage', { status: 'married' }, 0), part('statement', { text: 'one' }, 0), part('conception', { place: 'Tecate' }, 0, 'P3'), part('assistance', { received: false }, 0)]);
  expect(all.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4]);
  expect((await readInterview(ctxOf(), referralId)).answers).toEqual({ sections: { marriage: { status: 'married' }, assistance: { received: false }, statement: { text: 'one' } }, children: { P3: { conception: { place: 'Tecate' } } } });
  expect(await codeOf(part('statement', { text: 'two' }, 0))).toBe('interview.changed_meanwhile');
  expect(await part('statement', { text: 'one' }, 0)).toMatchObject({ alreadyRecorded: true });
  expect(await part('statement', {}, 4)).toMatchObject({ version: 5 });
  expect((await readInterview(ctxOf(), referralId)).answers.sections).not.toHaveProperty('statement');
});

it('keeps the answers about a child that an extract no longer has, and asks about the new one', async () => {
  const referralId = await opened('IM-7');
  await saveInterview(ctxOf(), referralId, SAID);
  const base = aMexicanCase({ caseId: 'IM-7' });
  await bring({ ...base, participants: [...base.participants.filter((person) => person.role !== 'dependent'), aChild({ participantId: 'P8' })], orders: [] });
  const view = await readInterview(ctxOf(), referralId);
  expect(view.children.map(({ participantId }) => participantId)).toEqual(['P8']);
  expect(view.findings.map(({ path }) => path)).toContain('/interview/children/P8/conception/from');
  await saveInterviewPart(ctxOf(), referralId, { language: 'es-MX', section: 'marriage', child: null, answers: { status: 'separated' }, basedOn: 1 });
  expect((await readInterview(ctxOf(), referralId)).answers.children).toEqual(SAID.answers.children);
});

it('brings nothing of where a protected person is into what a packet would say', async () => {
  const base = aMexicanCase({ caseId: 'IM-9' });
  const [debtor, mother] = base.participants;
  const hidden = { ...mother, phones: ['+1 760 555 0142'], employer: { name: 'Sunkist Packing', source: 'party' }, nondisclosure: { basis: 'affidavit', on: '2024-01-01' } };
  await bring({ ...base, participants: [debtor, hidden, aChild({ livesWith: 'P2' })] } as SupportCase);
  const services = ['establish_parentage', 'modify', 'serve_documents', 'obtain_evidence', 'payment_location', 'locate'];
  const { referralId } = await createReferral(ctxOf(), { caseId: 'IM-9', partnerId: 'mx-consulate-calexico', services });
  const { sections } = interviewDefinition();
  for (const secret of ['Holtville', 'Sunkist Packing', '760 555 0142', 'Quetzal']) {
    const said = (scope: string) => Object.fromEntries(sections.filter((section) => section.scope === scope).map((section) => [section.id, anAnswerTo(section, section.id === 'controlling_order' ? 'O1' : `Qzq ${secret}`)]));
    const child = said('child');
    await saveInterview(ctxOf(), referralId, { language: 'es-MX', answers: { sections: said('case'), children: { P3: { ...child, needs: { ...child['needs'], school: 'Escuela Quetzal' } } } } });
    const prepared = await inTransaction(ctxOf(), (tx) => preparePacket(tx, { referralId, caseId: 'IM-9', partnerId: 'mx-consulate-calexico', services }));
    const output = JSON.stringify([prepared.model, prepared.sealedCase, prepared.decisions, prepared.stance, prepared.findings, prepared.narrativeSources]);
    expect(prepared.model?.interview.sections).toMatchObject({ declarant: { role: 'obligee' } });
    expect(prepared.model?.interview.sections).not.toHaveProperty('closure');
    for (const told of [secret, 'Qzq', 'Quetzal']) expect([secret, told, output.includes(told)]).toEqual([secret, told, false]);
  }
});

describe('puente referrals interview', () => {
  const [command] = interviewCommands as readonly AppCommand[];
  const run = async (args: string[], options: Record<string, string | boolean>) => {
    const said: string[] = [];
    const json: unknown[] = [];
    const io: Io = { wantsJson: false, language: 'en', words: (key, params) => `${key} ${JSON.stringify(params ?? {})}`, say: (text) => void said.push(text), json: async (value) => void json.push(value), finding: ({ code, path }) => void said.push(`${code} ${path}`), table: () => undefined, progress: () => ({ advance: () => undefined, end: () => undefined }) };
    const exit = await command?.run(io, { args, options }, ctxOf());
    return { exit, said, json: json[0] as Record<string, unknown> };
  };

  it('writes a form, takes it filled in, and says what is missing', async () => {
    const referralId = await opened('IM-8');
    const empty = await run([referralId], {});
    expect([empty.exit, empty.said[0]]).toEqual([0, expect.stringContaining('interview:cli.none')]);
    const form = JSON.parse((await run([referralId], { template: true })).said[0] ?? '') as typeof SAID;
    expect(form.language).toBe('es-MX');
    expect(Object.keys(form.answers.children)).toEqual(['P3']);
    form.answers.children.P3.conception.from = '2010-04-01';
    form.answers.children.P3.conception.to = '2010-04-30';
    const folder = mkdtempSync(join(tmpdir(), 'interview-'));
    const file = join(folder, 'answers.json');
    writeFileSync(file, JSON.stringify(form));
    const saved = await run([referralId], { file });
    expect([saved.exit, saved.json['version'], saved.json['answers']]).toEqual([0, 1, { sections: {}, children: { P3: { conception: { from: '2010-04-01', to: '2010-04-30' } } } }]);
    expect(saved.said).toContain('interview.answer_missing /interview/sections/marriage/status');
    expect((await run([referralId], { file })).said[0]).toContain('interview:cli.same');
    writeFileSync(file, '{"answers": 1}');
    expect(await codeOf(run([referralId], { file }))).toBe('interview.file_unreadable');
    expect(await codeOf(run([referralId], { file: folder }))).toBe('file.unreadable');
  });
});
