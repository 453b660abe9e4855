import { Readable, Writable } from 'node:stream';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { createUser } from '../../../src/modules/identity/index.ts';
import {
  addAttachment, approveTranslation, buildPacket, confirmReviewed, confirmTextsReviewed, createReferral, declareTranslation, getReferral, getText, interviewDefinition, listTexts, saveInterview, saveSentences, sendReferral, setTranslation, textsToReview,
} from '../../../src/modules/referrals/index.ts';
import type { InterviewField, InterviewSection } from '../../../src/modules/referrals/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { createLogger } from '../../../src/platform/log.ts';
import { buildWebApp } from '../../../src/web/index.ts';
import { PASSWORD, operatorOf, signIn } from '../../http/web/web-site.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { aWholeCase, CHILD_SECRETS, FEDERAL_SECRETS, FORUM_SECRETS, SECRETS } from '../../support/cases/whole-case.ts';
import { testDatabase } from '../../support/database.ts';
import { anAnswerTo, aValueOf } from '../../support/referrals-interview/answers.ts';
import { leaksIn } from '../../support/referrals/leaks.ts';
import { agencysOutputs, partnersOutputs } from '../../support/referrals/outputs.ts';
import type { Viewers } from '../../support/referrals/outputs.ts';
import { aPaper, aPhotograph, aPng, CANARY } from '../../support/referrals/paper-files.ts';
import { UNHURRIED } from '../../support/unhurried.ts';

const PARTNER = 'mx-consulate-calexico';
const COUNTY = '06025';
const SERVICES = ['locate', 'establish_parentage', 'establish_order', 'enforce', 'serve_documents', 'obtain_evidence'];
const FILE_SECRETS = { ofFiles: CANARY, fileName: 'CANARY-in-a-file-name' };

let viewers: Viewers;
let operator: Ctx;
let web: ReturnType<typeof buildWebApp>;

beforeAll(async () => {
  const db = await testDatabase();
  const lines: string[] = [];
  const log = createLogger('trace', new Writable({ write: (chunk: Buffer, _encoding, done) => { lines.push(chunk.toString()); done(); } }));
  operator = { ...await operatorOf(db), log };
  const as = (id: string, more: Partial<Ctx['actor']>): Ctx => ({ ...operator, actor: { ...operator.actor, kind: 'user', id, name: id, ...more } });
  await createUser(operator, { userName: 'officer', password: PASSWORD, language: 'en', roles: ['partner_officer'], partner: PARTNER, displayName: 'Óscar Oficial', counties: 'all' });
  web = buildWebApp(operator, [], UNHURRIED);
  const officerPages: TestAgent = supertest.agent(web.app);
  await signIn(officerPages, 'officer', PASSWORD);
  viewers = {
    db, officerPages, log: () => lines.join(''),
    attorney: as('usr_attorney', { roles: ['attorney'], counties: [COUNTY] }), officer: as('usr_officer', { roles: ['partner_officer'], partner: PARTNER }),
    translator: as('usr_translator', { roles: ['translator'], counties: [COUNTY] }), elsewhere: as('usr_elsewhere', { roles: ['attorney', 'supervisor'], counties: ['06037'] }),
  };
});
afterAll(() => web.close());

const bring = (supportCase: SupportCase): Promise<unknown> => importCaseExtract(operator, { fileName: 'c.ndjson', source: Readable.from(extractOf([supportCase])) });

/** An answer to every question; `textOf` gives the texts. */
function everyAnswer(childId: string, textOf: (section: InterviewSection) => string): object {
  const of = (scope: string): object => Object.fromEntries(interviewDefinition().sections.filter((section) => section.scope === scope).map((section) => [section.id, anAnswerTo(section, textOf(section))]));
  return { sections: of('case'), children: { [childId]: of('child') } };
}

async function aReferral(supportCase: SupportCase, answers: object, services: readonly string[] = SERVICES): Promise<string> {
  await bring(supportCase);
  const { referralId } = await createReferral(viewers.attorney, { caseId: supportCase.caseId, partnerId: PARTNER, services });
  await saveInterview(viewers.attorney, referralId, { language: 'es-MX', answers });
  for (const [kind, extension, source] of [['certified_order', 'pdf', await aPaper()], ['birth_certificate', 'png', aPng()], ['photograph_obligor', 'jpg', aPhotograph()]] as const) {
    const { attachmentId } = await addAttachment(viewers.attorney, referralId, { kind, fileName: `${FILE_SECRETS.fileName}.${extension}`, source, language: 'es-MX' });
    await setTranslation(viewers.attorney, attachmentId, { notNeeded: 'in_partner_language' });
    await confirmReviewed(viewers.attorney, attachmentId);
  }
  return referralId;
}

/** Translates and approves every text; `targetOf` gives a sentence its translation. */
async function translate(referralId: string, targetOf: (source: string) => string = (source) => `Translated: ${source}`): Promise<void> {
  for (const { textId } of await listTexts(viewers.translator, referralId)) {
    const { items } = await getText(viewers.translator, referralId, textId);
    await saveSentences(viewers.translator, referralId, textId, items.map(({ key, revision, source }) => ({ key, revision, target: targetOf(source) })));
    await declareTranslation(viewers.translator, referralId, textId, { translatorName: 'Inés Duarte', qualification: 'Court-certified', on: '2026-11-19' });
    await approveTranslation(viewers.attorney, referralId, textId);
  }
}

const blocksOf = (work: Promise<unknown>): Promise<string[]> => work.then(() => [], (error: unknown) => {
  if (!(error instanceof AppError)) throw error;
  return error.findings.filter(({ severity }) => severity === 'block').map(({ code, path, params }) => `${code} ${path ?? ''} ${JSON.stringify(params ?? {})}`);
});

/** An attorney reads every text that would leave: what has passed the gate, and nothing that it stopped. */
async function read(referralId: string): Promise<void> {
  const { texts, answers } = await textsToReview(viewers.attorney, referralId);
  if (texts.length + answers.answers.length > 0) await confirmTextsReviewed(viewers.attorney, referralId);
}

async function sealed(referralId: string): Promise<string> {
  await read(referralId);
  expect(await blocksOf(buildPacket(viewers.attorney, referralId))).toEqual([]);
  const { packetId } = await buildPacket(viewers.attorney, referralId);
  await sendReferral(viewers.attorney, referralId, { approver: 'Carla Counsel' });
  return packetId;
}

type Outputs = Awaited<ReturnType<typeof partnersOutputs>>;

async function outputsOf(referralId: string, packetId: string, caseId: string): Promise<Outputs> {
  return new Map([...await partnersOutputs(viewers, { referralId, packetId, caseId, search: SECRETS.alias }), ...await agencysOutputs(viewers, { referralId, caseId })]);
}

/** Every leak of every output, as `output: secret`. */
function leaks(outputs: Outputs, secrets: Readonly<Record<string, string>>): string[] {
  return [...outputs].flatMap(([name, output]) => leaksIn(output, secrets).map((secret) => `${name}: ${secret}`));
}

function containerIn(outputs: Outputs): { text: string; raw: string } {
  const container = outputs.get('container');
  if (!container) throw new Error('there is no container');
  return container;
}

const PROTECTED = { ...SECRETS, ...CHILD_SECRETS, ...FORUM_SECRETS, ...FEDERAL_SECRETS, ...FILE_SECRETS };
const PROTECTION = { basis: 'court_order', on: '2024-01-01' } as const;

it('finds every secret where nobody is protected: the search itself sees', async () => {
  const supportCase = aWholeCase('IM-C0', 'obligee', { ...PROTECTION, until: '2025-01-01' });
  const referralId = await aReferral(supportCase, everyAnswer('P3', () => 'Kanarioplano'));
  await translate(referralId);
  const outputs = await outputsOf(referralId, await sealed(referralId), 'IM-C0');
  const container = containerIn(outputs);
  const told = ['alias', 'birthDate', 'birthPlace', 'street', 'town', 'postalCode', 'verifiedOn', 'phone', 'email', 'employer', 'employerTown', 'childAlias', 'childBirthDate', 'childBirthPlace', 'tribunal', 'docket'];
  expect(leaksIn(container, PROTECTED)).toEqual(expect.arrayContaining(told));
  expect(leaksIn(container, { unsealed: 'Kanarioplano' })).toEqual(['unsealed']);
  const never = { ...FEDERAL_SECRETS, ...FILE_SECRETS, ssn: SECRETS.ssn, account: SECRETS.account, participantId: FORUM_SECRETS.participantId, orderId: FORUM_SECRETS.orderId };
  expect(leaks(outputs, never)).toEqual([]);
});

describe.each([
  ['IM-C1', 'obligee', { ...PROTECTION, basis: 'affidavit' }, 'self', SERVICES], ['IM-C2', 'obligee', { ...PROTECTION, basis: 'court_order' }, 'self', ['status']],
  ['IM-C3', 'obligee', { ...PROTECTION, basis: 'family_violence_indicator' }, 'self', ['status']], ['IM-C4', 'obligee', { ...PROTECTION, basis: 'good_cause', against: 'other-01' }, 'self', ['status']],
  ['IM-C5', 'caretaker', PROTECTION, 'self', ['enforce']], ['IM-C6', 'obligee', PROTECTION, 'child', SERVICES], ['IM-C7', 'obligor', PROTECTION, 'self', ['status']],
] as const)('%s: a protected %s', (caseId, role, protection, who, services) => {
  it('is nowhere in anything that leaves, with answers that say where', async () => {
    const supportCase = aWholeCase(caseId, role, protection, who);
    const referralId = await aReferral(supportCase, everyAnswer('P3', () => `Vive en ${SECRETS.town}`), services);
    await translate(referralId);
    const outputs = await outputsOf(referralId, await sealed(referralId), caseId);
    // Papers speak of court orders whoever is protected.
    expect(leaks(outputs, protection.basis === 'court_order' ? PROTECTED : { ...PROTECTED, basis: protection.basis })).toEqual([]);
  });
});

interface Planted { readonly secret: string; readonly field: InterviewField }

/** A word of its own in every text of the interview, and whose field it is. */
function plantedAnswers(childId: string): { answers: object; planted: Record<string, Planted> } {
  const planted: Record<string, Planted> = {};
  const letters = (number: number): string => [...String(number).padStart(3, '0')].map((digit) => 'bcdfghjklm'[Number(digit)]).join('a');
  const valueOf = (field: InterviewField, at: string): unknown => {
    if (field.kind === 'list') return [Object.fromEntries((field.fields ?? []).map((column) => [column.id, valueOf(column, `${at}.${column.id}`)]))];
    if (field.kind !== 'text' && field.kind !== 'long') return aValueOf(field);
    const secret = `Ka${letters(Object.keys(planted).length)}a`.slice(0, field.charactersMax);
    if (secret.length > 6) planted[at] = { secret, field };
    return secret;
  };
  const of = (scope: string): object => Object.fromEntries(interviewDefinition().sections.filter((section) => section.scope === scope)
    .map((section) => [section.id, Object.fromEntries(section.fields.map((field) => [field.id, valueOf(field, `${section.id}.${field.id}`)]))]));
  return { answers: { sections: of('case'), children: { [childId]: of('child') } }, planted };
}

it('tells of the interview nothing that says who or where a protected person is, and in both languages what it may tell', async () => {
  const { answers, planted } = plantedAnswers('P3');
  const referralId = await aReferral(aWholeCase('IM-C8', 'obligee', PROTECTION), answers);
  await translate(referralId);
  const unread = await blocksOf(buildPacket(viewers.attorney, referralId));
  expect(new Set(unread.map((block) => block.split(' ')[0]))).toEqual(new Set(['translation.review_missing', 'interview.review_missing']));
  const outputs = await outputsOf(referralId, await sealed(referralId), 'IM-C8');
  const isSealed = ({ field }: Planted): boolean => field.sensitivity !== 'plain' && (field.about.length === 0 || field.about.some((role) => role !== 'obligor'));
  const words = (only: (one: Planted) => boolean): Record<string, string> => Object.fromEntries(Object.entries(planted).filter(([, one]) => only(one)).map(([at, { secret }]) => [at, secret]));
  expect(Object.keys(words(isSealed)).length).toBeGreaterThan(8);
  expect(leaks(outputs, { ...PROTECTED, ...words(isSealed) })).toEqual([]);
  const container = containerIn(outputs);
  expect(leaksIn(container, words((one) => !isSealed(one)))).toEqual(expect.arrayContaining(['obligor_description.occupation', 'statement.text', 'conception.likeness']));
  expect(leaksIn(container, { translated: `Translated: ${planted['obligor_description.occupation']?.secret ?? ''}` })).toEqual(['translated']);
});

it('seals nothing whose translation or title says what its source does not, and repeats none of it', async () => {
  const referralId = await aReferral(aWholeCase('IM-C9', 'obligee', PROTECTION), { sections: { statement: { text: 'Nunca pagó. Se fue.' }, obligor_description: { occupation: 'Soldador' } }, children: {} }, ['locate']);
  const blocks = async (): Promise<string[]> => (await blocksOf(buildPacket(viewers.attorney, referralId))).filter((block) => !block.startsWith('interview.'));
  expect((await blocks()).filter((block) => block.startsWith('translation.missing'))).toHaveLength(2);
  const told = { 'Nunca pagó.': `She lives in ${SECRETS.town}.`, 'Se fue.': 'He left.', 'Soldador': `Welder, call ${SECRETS.phone}` } as Record<string, string>;
  await translate(referralId, (source) => told[source] ?? '');
  const found = await blocks();
  expect(found).toEqual([
    'translation.target_tells_whereabouts /narratives/interview.obligor_description.occupation/1 {"text":"interview_obligor_description_occupation","sentence":1}',
    'translation.target_tells_whereabouts /narratives/interview.statement.text/1 {"text":"interview_statement_text","sentence":1}',
  ]);
  const { attachmentId } = await addAttachment(viewers.attorney, referralId, { kind: 'other', fileName: 'x.pdf', source: await aPaper('Lease'), title: `Lease in ${SECRETS.town}`, language: 'es-MX' });
  await setTranslation(viewers.attorney, attachmentId, { notNeeded: 'in_partner_language' });
  await confirmReviewed(viewers.attorney, attachmentId);
  expect((await blocks()).map((block) => block.split(' ')[0])).toContain('attachment.title_tells_whereabouts');
  const { findings } = await getReferral(viewers.attorney, referralId);
  expect(leaksIn({ text: JSON.stringify(findings), raw: '' }, PROTECTED)).toEqual([]);
});
