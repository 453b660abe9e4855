import { Readable } from 'node:stream';
import { askAboutCase, currentConsentText, readInquiry } from '../../../src/modules/exchange/index.ts';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { officeDay } from '../../../src/modules/referrals/index.ts';
import { aCase, extractOf } from '../../support/cases/builders.ts';
import { aLockedPaper, aPaper } from '../../support/referrals/paper-files.ts';
import { behindTheWall } from '../../support/database.ts';
import { openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let inquiryId: string;
beforeAll(async () => {
  site = await openSite();
  await importCaseExtract(site.ctx, { fileName: 'cases.ndjson', source: Readable.from([extractOf([aCase({ caseId: '2600000000001' })])]) });
  const given = { givenBy: 'Rosa María León Romero', on: officeDay(site.ctx), language: 'es-MX', form: 'signed', textVersion: currentConsentText().version, questions: ['status'] } as const;
  ({ inquiryId } = await askAboutCase(site.ctx, {
    partnerId: 'mx-consulate-los-angeles', caseNumber: '2600000000001', person: { given: 'Rosa María', family: 'León', secondFamily: 'Romero', birthDate: '1983-02-18' },
    asker: { name: 'Rosa María León Romero', relation: 'obligee', documentShown: 'passport' }, questions: ['status'], consent: given,
  }));
});

async function add(bytes: Buffer | null, fileName = 'consent.pdf', who = 'officer_la') {
  const agent = await site.signedIn(who);
  const form = agent.post(`/asked/${inquiryId}/consent`).field('form_token', await tokenOf(agent, '/ask'));
  return bytes === null ? form : form.attach('scan', bytes, fileName);
}

it('refuses what is no scan, with the reason at the field', async () => {
  for (const bytes of [null, Buffer.alloc(0), Buffer.from('<script>alert(1)</script>'), await aLockedPaper()]) {
    const { status, text } = await add(bytes);
    expect([status, text.includes('href="#scan"'), text.includes('<script>alert')]).toEqual([422, true, false]);
  }
  expect((await add(await aPaper('Consentimiento'), 'a.pdf', 'officer_kr')).status).toBe(404);
});

it('keeps the signed consent once, and says that it is there', async () => {
  const paper = await aPaper('Consentimiento');
  expect((await add(paper)).headers['location']).toBe(`/asked/${inquiryId}?done=scanned`);
  expect((await add(paper)).headers['location']).toBe(`/asked/${inquiryId}?done=scanned`);
  expect((await add(await aPaper('Otro'))).status).toBe(409);
  expect((await readInquiry(site.ctx, inquiryId)).consent.fileId).toMatch(/^fil_/);
  expect((await (await site.signedIn('officer_la')).get(`/asked/${inquiryId}`)).text).toContain('The signed consent is kept with this inquiry.');
});

describe('a question with the signed consent beside it', () => {
  const name = 'Rosa María León Romero';
  const typed = (changes: Record<string, string> = {}): Record<string, string> => ({
    case_number: '2600000000001', person_given: 'Rosa María', person_family: 'León', person_secondFamily: 'Romero', person_birthDate: '1983-02-18', asker_name: name, asker_relation: 'obligee', asker_documentShown: 'passport',
    questions: 'next_step', agrees: '1', consent_givenBy: name, consent_on: officeDay(site.ctx), consent_language: 'es-MX', consent_form: 'signed', consent_questions: 'next_step', ...changes,
  });
  const asked = async () => Number((await behindTheWall<{ n: string }>(site.db, 'select count(*) as n from inquiries'))[0]?.n);

  async function send(fields: Record<string, string | string[]>, scan: readonly [Buffer, string], path = '/ask') {
    const agent = await site.signedIn('officer_la');
    const form = agent.post(path).field('form_token', await tokenOf(agent, '/ask'));
    for (const [key, value] of Object.entries(fields)) for (const one of [value].flat()) void form.field(key, one);
    return form.attach('scan', scan[0], scan[1] === '' ? { filename: '', contentType: 'application/octet-stream' } : scan[1]);
  }

  it('is shown once more before it is asked, goes back with all that was typed, and asks nothing on the way', async () => {
    const agent = await site.signedIn('officer_la');
    const before = await asked();
    const post = async (fields: Record<string, string>, path = '/ask') => agent.post(path).type('form').send({ form_token: await tokenOf(agent, '/ask'), ...fields });
    const checked = await post({ ...typed({ person_native: '<b>로사</b>' }), step: 'check' });
    for (const part of ['Check the inquiry before you send it', 'February 18, 1983', 'name="person_family" value="León"', 'name="consent_questions" value="next_step"', '&lt;b&gt;로사', 'type="file"']) expect([part, checked.text.includes(part)]).toEqual([part, true]);
    expect(checked.text).not.toContain('<b>로사');
    const back = await post(typed(), '/ask?step=change');
    expect([back.status, back.text.includes('value="León"'), back.text.includes('id="question-next_step" type="checkbox" name="questions" value="next_step" checked')]).toEqual([200, true, true]);
    const wrong = await post({ ...typed({ consent_givenBy: '' }), step: 'check' });
    expect([wrong.status, wrong.text.includes('href="#consent_givenBy"'), await asked()]).toEqual([422, true, before]);
  });

  it('is not asked while the scan cannot be taken, and is asked once with the one that can', async () => {
    const before = await asked();
    for (const scan of [[Buffer.from('<script>alert(1)</script>'), 'a.pdf'], [await aLockedPaper(), 'b.pdf'], [Buffer.alloc(0), 'c.pdf']] as const) {
      const { status, text } = await send(typed(), scan);
      expect([status, text.includes('href="#scan"'), text.includes('name="person_family" value="León"'), await asked()]).toEqual([422, true, true, before]);
    }
    const paper = await aPaper('Consentimiento con la consulta');
    // No scan is kept of a question that was refused.
    const kept = async () => behindTheWall(site.db, 'select count(*)::int as n from kept_files');
    const keptBefore = await kept();
    expect([(await send(typed({ consent_givenBy: 'Otra Persona' }), [paper, 'consent.pdf'])).status, await kept()]).toEqual([422, keptBefore]);
    const [first, again] = [(await send(typed(), [paper, 'consent.pdf'])).headers['location'] ?? '', (await send(typed(), [paper, 'consent.pdf'])).headers['location'] ?? ''];
    expect([/\?done=asked$/.test(first), again, await asked()]).toEqual([true, first.replace('done=asked', 'done=same'), before + 1]);
    expect((await (await site.signedIn('officer_la')).get(first)).text).toContain('The signed consent is kept with this inquiry.');
    // Without one it is asked all the same: the scan can come later.
    expect((await send(typed({ questions: 'balance', consent_questions: 'balance' }), [Buffer.alloc(0), ''])).headers['location']).toMatch(/\?done=asked$/);
  });

  it('asks everything that was ticked, and a refused scan leaves every tick as it was', async () => {
    const ticks = { ...typed(), questions: ['status', 'balance', 'last_payment'], consent_questions: ['status', 'balance', 'last_payment'] };
    const refused = await send(ticks, [Buffer.from('<script>alert(1)</script>'), 'a.pdf']);
    expect(refused.status).toBe(422);
    for (const name of ['questions', 'consent_questions']) expect([...refused.text.matchAll(new RegExp(`name="${name}" value="(\\w+)"`, 'g'))].map(([, value]) => value)).toEqual(ticks.questions);
    const back = await send(ticks, [Buffer.alloc(0), ''], '/ask?step=change');
    for (const one of ticks.questions) expect([one, back.text.includes(`name="questions" value="${one}" checked`), back.text.includes(`name="consent_questions" value="${one}" checked`)]).toEqual([one, true, true]);
    const sent = await send(ticks, [Buffer.alloc(0), '']);
    const { questions, consent } = await readInquiry(site.ctx, /inq_\w+/.exec(sent.headers['location'] ?? '')?.[0] ?? '');
    expect([[...questions].sort(), sent.status, consent.fileId]).toEqual([[...ticks.questions].sort(), 303, null]);
  });
});
