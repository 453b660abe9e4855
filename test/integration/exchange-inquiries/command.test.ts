import { commandLine } from '../../support/command-line.ts';
import type { CommandLine } from '../../support/command-line.ts';
import { aCase, extractOf } from '../../support/cases/builders.ts';

const CASE = '2600000000001';
let line: CommandLine;
let today: string;
beforeAll(async () => {
  line = await commandLine();
  today = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' }).format(new Date());
  await line.puente(['cases', 'import', line.put('cases.ndjson', extractOf([aCase({ caseId: CASE })]))]);
});

const json = (words: readonly string[]) => line.puente([...words, '--json']);
const question = (changes: object = {}) => JSON.stringify({
  partnerId: 'mx-consulate-los-angeles', caseNumber: '2699999999999', person: { given: 'Rosa María', family: 'León', secondFamily: 'Romero', birthDate: '1983-02-18' },
  asker: { name: 'Rosa María León Romero', relation: 'obligee', documentShown: 'passport' }, questions: ['status'],
  consent: { givenBy: 'Rosa María León Romero', on: today, language: 'es-MX', form: 'signed', textVersion: '2026-11', questions: ['status'] }, ...changes,
});

it('asks, lists, shows, answers for somebody to read, and ends questions', async () => {
  const refused = await json(['inquiries', 'ask', line.put('none.json', question({ consent: null }))]);
  expect([refused.code !== 0, refused.stderr.includes('consent')]).toEqual([true, true]);
  const wrong = await json(['inquiries', 'ask', line.put('wrong.json', JSON.stringify({ partnerId: 'mx-consulate-los-angeles', consent: { questions: 'all' } }))]);
  expect([wrong.code !== 0, wrong.stderr.includes('/person/given')]).toEqual([true, true]);
  expect((await json(['inquiries', 'ask', line.put('broken.json', '{"a":')])).code).not.toBe(0);

  const asked = await json(['inquiries', 'ask', line.put('ask.json', question())]);
  expect([asked.code, asked.lines[0]]).toEqual([0, expect.objectContaining({ inquiryId: expect.stringMatching(/^inq_/), alreadyAsked: false })]);
  const inquiryId = String(asked.lines[0]?.['inquiryId']);
  expect((await json(['inquiries', 'list'])).lines).toEqual([expect.objectContaining({ inquiryId, shown: 'received' })]);
  expect((await json(['inquiries', 'show', inquiryId])).code).toBe(10);
  const drafted = await json(['inquiries', 'answer', inquiryId, line.put('texts.json', JSON.stringify({ 'en': 'The case is open.', 'es-MX': 'El caso está abierto.' })), '--case', CASE]);
  expect(drafted.lines[0]).toEqual({ inquiryId, needsSecondPerson: false });
  expect((await json(['inquiries', 'withdraw', String(asked.lines[0]?.['consentId'])])).lines[0]).toMatchObject({ ended: 1 });
  expect((await json(['inquiries', 'decline', inquiryId, '--reason', 'other'])).code).not.toBe(0);
  // Nothing of a person in what is listed.
  expect(JSON.stringify((await json(['inquiries', 'list', '--all'])).lines)).not.toMatch(/León|Rosa|1983-02-18/);
});

it('files, lists, writes out, accepts and ties applications', async () => {
  const person = (given: string, birthDate = '') => ({ given, family: 'Barrera', secondFamily: 'Luna', birthDate });
  const form = { partnerId: 'mx-consulate-los-angeles', county: '06037', services: ['establish_order'], applicantRole: 'obligee', applicant: person('Teresa', '1991-03-04'), otherParent: person('Ismael'), children: [person('Nora', '2019-08-09')], consent: { givenBy: 'Teresa Barrera Luna', on: today, form: 'signed' } };
  const filed = await json(['applications', 'file', line.put('form.json', JSON.stringify(form))]);
  const applicationId = String(filed.lines[0]?.['applicationId']);
  expect([filed.code, applicationId.startsWith('apl_')]).toEqual([0, true]);
  expect((await json(['applications', 'list'])).lines).toEqual([expect.objectContaining({ applicationId, state: 'received' })]);
  const sheet = (await json(['applications', 'worksheet', applicationId])).lines;
  expect(sheet).toContainEqual({ field: 'applicant_given', index: null, value: 'Teresa' });
  expect(sheet).toContainEqual({ field: 'other_parent_birth_date', index: null, value: null });
  expect((await json(['applications', 'accept', applicationId])).lines[0]).toEqual({ applicationId, state: 'accepted' });
  expect((await json(['applications', 'link', applicationId, '--case', CASE])).lines[0]).toEqual({ applicationId, state: 'opened' });
  expect((await json(['applications', 'refuse', applicationId, '--reason', 'other'])).code).not.toBe(0);
});
