import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { createUser } from '../../../src/modules/identity/index.ts';
import { answerOne } from '../../../src/jobs/answer-inquiry.ts';
import { linkApplicationsJob } from '../../../src/jobs/link-applications.ts';
import { aCase, aChild, anObligee, anObligor, extractOf } from '../../support/cases/builders.ts';
import { behindTheWall } from '../../support/database.ts';
import { aPaper } from '../../support/referrals/paper-files.ts';
import { openSite, PASSWORD, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

const [PLAIN, HIDDEN, OPENED] = ['2600000000001', '2600000000002', '2600000000009'];
let site: Site;
let today: string;

beforeAll(async () => {
  site = await openSite();
  today = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' }).format(new Date());
  await bring(
    aCase({ caseId: PLAIN, history: [{ kind: 'payment', on: '2026-10-05', amount: '362.00', currency: 'USD', bucket: 'current_support' }] }),
    aCase({ caseId: HIDDEN, participants: [anObligor(), anObligee({ nondisclosure: { basis: 'affidavit', on: '2026-01-02' } }), aChild()] }),
  );
  await createUser(site.ctx, { userName: 'second', roles: ['attorney'], partner: null, displayName: 'Sam Second', counties: 'all', password: PASSWORD, language: 'en' });
});

const bring = (...cases: object[]) => importCaseExtract(site.ctx, { fileName: 'cases.ndjson', source: Readable.from([extractOf(cases)]) });

async function press(who: string, path: string, fields: Record<string, string | string[]> = {}, from = path) {
  const agent = await site.signedIn(who);
  return agent.post(path).type('form').send({ form_token: await tokenOf(agent, from), ...fields });
}

const read = async (who: string, path: string): Promise<string> => (await (await site.signedIn(who)).get(path)).text;

const asked = (changes: Record<string, string | string[]> = {}) => ({
  case_number: PLAIN, person_given: 'Rosa María', person_family: 'León', person_secondFamily: 'Romero', person_birthDate: '1983-02-18', asker_name: 'Rosa María León Romero', asker_relation: 'obligee',
  asker_documentShown: 'passport', questions: ['status', 'last_payment', 'next_step'], agrees: '1', consent_givenBy: 'Rosa María León Romero', consent_on: today, consent_language: 'es-MX', consent_form: 'signed',
  consent_questions: ['status', 'last_payment', 'next_step'], ...changes,
});

async function ask(changes: Record<string, string | string[]> = {}): Promise<string> {
  const sent = await press('officer_la', '/ask', asked(changes));
  const [, inquiryId = ''] = /^\/asked\/(inq_[0-9A-Z]{26})\?done=(asked|same)$/.exec(sent.headers['location'] ?? '') ?? [];
  expect([sent.status, inquiryId]).toEqual([303, expect.stringMatching(/^inq_/)]);
  return inquiryId;
}

const another = (given: string): Record<string, string> => ({ person_given: given, asker_name: `${given} León Romero`, consent_givenBy: `${given} León Romero` });

describe('an officer asks for a person at the counter', () => {
  it('and reads the answer in the own language and in the person\'s', async () => {
    const inquiryId = await ask();
    expect(await read('officer_la', `/asked/${inquiryId}?done=asked`)).toContain('You will get the answer within seconds.');
    await answerOne(site.ctx, inquiryId);
    const page = await read('officer_la', `/asked/${inquiryId}`);
    for (const words of ['The case is open.', 'was received on October 5, 2026', 'lang="es-MX"', 'El caso está abierto.', '5 de octubre de 2026']) expect(page).toContain(words);
    for (const secret of [PLAIN, 'Genaro', 'Mexicali', 'Superior Court', 'BY367841']) expect(page).not.toContain(secret);
    expect(await read('officer_la', '/asked')).toContain(`/asked/${inquiryId}`);
    // The agency sees what was told, in the log of the case.
    const log = await read('attorney', `/cases/${PLAIN}/disclosures`);
    for (const words of ['Answered', `/inquiries/${inquiryId}`, 'the status of the case, the last payment, the next step']) expect(log).toContain(words);
    // Another partner's officer does not.
    expect((await (await site.signedIn('officer_kr')).get(`/asked/${inquiryId}`)).status).toBe(404);
  });

  it('and loses nothing that was typed where something is wrong', async () => {
    const before = (await behindTheWall<{ n: string }>(site.db, 'select count(*) as n from inquiries'))[0]?.n;
    const none = await press('officer_la', '/ask', asked({ agrees: '' }));
    expect([none.status, none.text.includes('href="#agrees"'), none.text.includes('value="Rosa María"'), none.text.includes('value="1983"')]).toEqual([422, true, true, true]);
    const wrong = await press('officer_la', '/ask', asked({ person_birthDate: '1983-02-31', asker_relation: '', consent_givenBy: 'Genaro Mondragón' }));
    for (const words of ['href="#person_birthDate"', 'href="#asker_relation"', 'value="Genaro Mondragón"', 'selected>passport']) expect(wrong.text).toContain(words);
    const another = await press('officer_la', '/ask', asked({ consent_givenBy: 'Genaro Mondragón' }));
    expect([another.status, another.text.includes('href="#consent_givenBy"')]).toEqual([422, true]);
    expect((await behindTheWall<{ n: string }>(site.db, 'select count(*) as n from inquiries'))[0]?.n).toBe(before);
  });

  it('and is told all that is wrong at once, each at its field, with nothing chosen in advance', async () => {
    const empty = await read('officer_la', '/ask');
    expect(empty).not.toMatch(/type="checkbox"[^>]* checked/);
    expect(empty).not.toMatch(/<option value="(?!")[^"]+" selected/);
    const none = (await press('officer_la', '/ask', {})).text;
    for (const name of ['person_given', 'person_birthDate', 'asker_name', 'asker_relation', 'questions', 'agrees', 'consent_givenBy', 'consent_on', 'consent_form']) {
      expect(none).toContain(`href="#${name}"`);
      expect(none).toContain(`id="${name}-error"`);
    }
    const wider = await press('officer_la', '/ask', asked({ questions: ['status'] }));
    expect([wider.status, wider.text.includes('covers more than the questions asked')]).toEqual([422, true]);
    const led = [...none.slice(0, none.indexOf('<h1')).matchAll(/href="#(\w+)"/g)].map(([, name]) => name).filter((name) => name !== 'main');
    expect(led).toEqual(['person_given', 'person_family', 'person_birthDate', 'asker_name', 'asker_relation', 'asker_documentShown', 'questions', 'agrees', 'consent_givenBy', 'consent_on', 'consent_language', 'consent_form']);
    const narrow = await press('officer_la', '/ask', asked({ questions: ['status', 'balance'], consent_questions: ['status'], person_birthDate: '1850-01-01', consent_on: '2099-01-01' }));
    for (const words of ['must cover these questions: Amount owed', 'Date of birth: Check the year: dates before 1900', 'Enter a date not later than today', 'For example: 4 28 1985']) expect([words, narrow.text.includes(words)]).toEqual([words, true]);
    expect(narrow.text).not.toMatch(/questions: balance|1983-02-18/);
    const check = (await press('officer_la', '/ask', { ...asked({ questions: ['balance'], consent_questions: ['balance'], consent_language: 'ko-KR' }), step: 'check' })).text;
    expect([/lang="ko-KR">이 문의는 [^<]*알리는 사항: 미지급액\./.test(check), check.includes('{{')]).toEqual([true, false]);
    const ancient = (await press('officer_la', '/ask', { ...asked({ person_birthDate: '' }), 'person_birthDate.year': '1700', 'person_birthDate.month': '1', 'person_birthDate.day': '2' })).text;
    expect(ancient).toMatch(/href="#person_birthDate-year">[^<]*Date of birth: Year “1700” is not possible/);
    const application = (await press('officer_la', '/apply/new', {})).text;
    for (const name of ['applicantRole', 'applicant_given', 'otherParent_given', 'children_0_given', 'services', 'agrees', 'consent_on']) expect(application).toContain(`id="${name}-error"`);
  });

  it('in Korea by the Korean name first', async () => {
    for (const path of ['/ask', '/apply/new']) {
      const [korean, mexican] = [await read('officer_kr', path), await read('officer_la', path)];
      expect(korean.indexOf('_native"')).toBeLessThan(korean.indexOf('_given"'));
      expect(mexican.indexOf('_given"')).toBeLessThan(mexican.indexOf('_native"'));
    }
  });

  it('and reads the same where there is no such case and where somebody is protected', async () => {
    const ids = [await ask({ case_number: '2699999999999' }), await ask({ case_number: HIDDEN })];
    const seen = await Promise.all(ids.map(async (inquiryId) => {
      await answerOne(site.ctx, inquiryId);
      const page = await read('officer_la', `/asked/${inquiryId}`);
      expect(page).toContain('This inquiry cannot be answered automatically. Someone at the county will review it');
      return page.replace(/inq_\w+|cns_\w+/g, '').replace(/form_token" value="[^"]*"/g, '').replace(/data-left="\d+"/g, '').replace(/<dd>[^<]*\d{1,2}:\d{2}[^<]*<\/dd>/g, '');
    }));
    expect(seen[0]).toBe(seen[1]);
  });

  it('and takes the consent back', async () => {
    const inquiryId = await ask({ ...another('Alma'), case_number: '2688888888888' });
    expect((await press('officer_la', `/asked/${inquiryId}/withdraw`, {}, '/ask')).headers['location']).toBe(`/asked/${inquiryId}?done=withdrawn`);
    expect(await read('officer_la', `/asked/${inquiryId}`)).toContain('the consent was withdrawn or has expired');
    const other = await ask({ ...another('Brenda'), case_number: '2677777777777' });
    expect((await press('attorney', `/asked/${other}/withdraw`, {}, '/inquiries')).headers['location']).toBe(`/inquiries/${other}?done=withdrawn`);
    expect(await read('attorney', `/inquiries/${other}?done=withdrawn`)).toContain('The consent was withdrawn.');
  });
});

describe('an attorney answers by hand', () => {
  it('in both languages, through the gate, and another attorney lets it leave', async () => {
    const inquiryId = await ask({ case_number: HIDDEN, questions: ['status'], consent_questions: ['status'] });
    await answerOne(site.ctx, inquiryId);
    expect(await read('attorney', '/inquiries')).toContain(`/inquiries/${inquiryId}`);
    expect(await read('attorney', `/inquiries/${inquiryId}`)).toContain('someone in the case is protected');
    expect(await read('attorney', `/inquiries/${inquiryId}`)).toContain('Rosa María León Romero, February 18, 1983');
    // The page says what may be told, and its own words pass the gate of the case; an officer has no part of it.
    const desk = await read('attorney', `/inquiries/${inquiryId}`);
    const texts = Object.fromEntries([...desk.matchAll(/<textarea[^>]*name="(texts_[\w-]+)"[^>]*>([^<]+)<\/textarea>/g)].map(([, name = '', text = '']) => [name, text]));
    expect([desk.includes('never through the office that asks'), Object.keys(texts)]).toEqual([true, ['texts_en', 'texts_es-MX']]);
    expect((await press('attorney', `/inquiries/${inquiryId}/answer`, { case: HIDDEN, ...texts }, '/inquiries')).headers['location']).toBe(`/inquiries/${inquiryId}?done=drafted`);
    const officers = await site.signedIn('officer_la');
    for (const path of ['/queue', `/cases/${HIDDEN}`, `/cases/${HIDDEN}/disclosures`]) expect([path, (await officers.get(path)).text.includes(inquiryId), (await officers.get(path)).text.includes('rotected')]).toEqual([path, false, false]);
    const telling = await press('attorney', `/inquiries/${inquiryId}/answer`, { case: HIDDEN, texts_en: 'She is well.', 'texts_es-MX': 'Está bien en Mexicali.' }, '/inquiries');
    expect([telling.status, telling.text.includes('href="#texts_es-MX"'), telling.text.includes('Está bien en Mexicali.')]).toEqual([422, true, true]);
    const kept = await press('attorney', `/inquiries/${inquiryId}/answer`, { case: HIDDEN, texts_en: 'Please write to us.', 'texts_es-MX': 'Escríbanos, por favor.' }, '/inquiries');
    expect(kept.headers['location']).toBe(`/inquiries/${inquiryId}?done=drafted`);
    const own = await press('attorney', `/inquiries/${inquiryId}/confirm`, {}, '/inquiries');
    expect([own.status, own.text.includes('a person other than the one who wrote it')]).toEqual([409, true]);
    expect((await press('second', `/inquiries/${inquiryId}/confirm`, {}, '/inquiries')).headers['location']).toBe(`/inquiries/${inquiryId}?done=answered`);
    expect(await read('officer_la', `/asked/${inquiryId}`)).toContain('Escríbanos, por favor.');
    expect((await press('attorney', `/inquiries/${inquiryId}/decline`, { reason: 'other' }, '/inquiries')).status).toBe(409);
  });
});

describe('an application taken at the counter', () => {
  const form = (changes: Record<string, string | string[]> = {}) => ({
    county: '06037', applicantRole: 'obligee', partnerFileNumber: 'CLA-SOL-9/26', applicant_given: 'Teresa', applicant_family: 'Quintero', applicant_secondFamily: 'Olvera', applicant_birthDate: '1991-03-04',
    applicant_address: 'Calle 5 núm. 10, 22000 Tijuana, México', otherParent_given: 'Ismael', otherParent_family: 'Barrera', otherParent_secondFamily: 'Luna', children_0_given: 'Nora', children_0_family: 'Barrera', children_0_secondFamily: 'Quintero',
    children_0_birthDate: '2019-08-09', services: ['establish_order'], agrees: '1', consent_givenBy: 'Teresa Quintero Olvera', consent_on: today, consent_form: 'signed', ...changes,
  });

  it('is filed with papers, asked about, supplied, accepted and tied to the case that an import brings', async () => {
    const none = await press('officer_la', '/apply/new', form({ agrees: '' }));
    expect([none.status, none.text.includes('href="#agrees"'), none.text.includes('value="Quintero"')]).toEqual([422, true, true]);
    const bad = await press('officer_la', '/apply/new', form({ children_0_given: '', children_0_family: '', children_0_secondFamily: '', children_0_birthDate: '', services: [] }));
    for (const words of ['href="#children_0_given"', 'href="#services"']) expect(bad.text).toContain(words);
    // The answers once more before they are filed, and back to the form with all that was typed.
    const checked = (await press('officer_la', '/apply/new', form({ step: 'check' }))).headers['location'] ?? '';
    expect(await read('officer_la', checked)).toContain('Check the answers before you file');
    expect(await read('officer_la', checked.replace('&step=check', ''))).toContain('value="Quintero"');
    expect((await press('officer_la', '/apply/new', form({ step: 'check', agrees: '' }))).status).toBe(422);
    const filed = await press('officer_la', '/apply/new', form());
    const [, id = ''] = /\/apply\/(apl_[0-9A-Z]{26})\?done=filed/.exec(filed.headers['location'] ?? '') ?? [];
    expect(id).not.toBe('');
    expect((await press('officer_la', '/apply/new', form())).headers['location']).toBe(`/apply/${id}?done=same`);

    const officer = await site.signedIn('officer_la');
    const add = async (bytes: Buffer, name: string) => officer.post(`/apply/${id}/papers`).field('form_token', await tokenOf(officer, '/apply/new')).field('kind', 'birth_certificate').attach('file', bytes, name);
    expect((await add(await aPaper('Acta'), 'acta.pdf')).headers['location']).toBe(`/apply/${id}?done=paper`);
    expect((await add(await aPaper('Acta'), 'acta.pdf')).headers['location']).toBe(`/apply/${id}?done=same_paper`);
    const script = await add(Buffer.from('<html><script>1</script>'), 'acta.pdf');
    expect([script.status, script.text.includes('href="#file"')]).toEqual([422, true]);

    expect(await read('attorney', '/applications')).toContain(`/applications/${id}`);
    expect(await read('attorney', `/applications/${id}`)).toContain('acta.pdf');
    expect((await press('attorney', `/applications/${id}/more`, { more: ['paying_birth_date', 'paying_address'] }, '/applications')).headers['location']).toBe(`/applications/${id}?done=more_asked`);
    expect(await read('officer_la', `/apply/${id}`)).toContain('the date of birth of the person who is to pay support');
    const again = await read('officer_la', `/apply/new?supplies=${id}`);
    for (const words of ['value="Teresa"', `name="supplies" value="${id}"`]) expect(again).toContain(words);
    expect((await press('officer_la', '/apply/new', form({ supplies: id, otherParent_birthDate: '1988-01-02', otherParent_address: '12 Main St, Los Angeles 90001, USA' }))).headers['location']).toBe(`/apply/${id}?done=filed`);
    expect((await press('attorney', `/applications/${id}/accept`, {}, '/applications')).headers['location']).toBe(`/applications/${id}?done=accepted`);
    const sheet = await (await site.signedIn('attorney')).get(`/applications/${id}/worksheet.csv`);
    expect([sheet.headers['content-type'], sheet.text.includes(id), sheet.text.includes('Barrera')]).toEqual(['text/csv; charset=utf-8', true, true]);

    await bring(aCase({ caseId: OPENED, partnerCaseNumbers: [{ partner: 'mx-consulate-los-angeles', value: id }] }));
    await linkApplicationsJob.run(site.ctx, { eventId: 'evt_test', event: 'cases.imported', body: {} });
    const own = await read('officer_la', `/apply/${id}`);
    for (const words of ['the case is open', OPENED]) expect(own).toContain(words);
    expect((await press('attorney', `/applications/${id}/refuse`, { reason: 'other' }, '/applications')).status).toBe(409);
    expect((await (await site.signedIn('officer_kr')).get(`/apply/${id}`)).status).toBe(404);
    expect((await officer.get(`/applications/${id}/worksheet.csv`)).status).toBe(403);
  });
});

describe('the pages', () => {
  it('in Spanish and Korean, each page', async () => {
    for (const [path, words] of [['/ask?language=es-MX', 'Autorizo a esta oficina'], ['/asked?language=ko-KR', '사건 문의'], ['/apply/new?language=ko-KR', '신청인'], ['/apply?language=es-MX', 'Solicitudes de pensión alimenticia']] as const) {
      await read('officer_la', path);
      expect(await read('officer_la', path.slice(0, path.indexOf('?')))).toContain(words);
    }
  });
});
