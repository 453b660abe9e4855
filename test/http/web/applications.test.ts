import type { ApplicationRequest } from '../../../src/modules/exchange/index.ts';
import { addApplicationPaper, askForMore, fileApplication, listApplicationDrafts, sweepApplicationDrafts } from '../../../src/modules/exchange/index.ts';
import { officeDay } from '../../../src/modules/referrals/index.ts';
import { createUser } from '../../../src/modules/identity/index.ts';
import { LANGUAGES, translator } from '../../../src/platform/i18n.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { behindTheWall } from '../../support/database.ts';
import { aPaper } from '../../support/referrals/paper-files.ts';
import { hiddenField, openSite, PASSWORD, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await createUser(site.ctx, { userName: 'second_la', roles: ['partner_officer'], partner: 'mx-consulate-los-angeles', displayName: 'Xóchitl Segunda', counties: 'all', password: PASSWORD, language: 'en' });
});

const children = ['Ada', 'Beto', 'Celia', 'Dario', 'Elio', 'Fabia'].map((given) => ({ given, family: 'Peña', birthDate: '2019-08-09' }));
async function filed(changes: Partial<ApplicationRequest> = {}): Promise<string> {
  const { applicationId } = await fileApplication(site.ctx, {
    partnerId: 'mx-consulate-los-angeles', county: '06037', partnerFileNumber: 'SOL-1', services: ['establish_order'], applicantRole: 'obligee', hasOrder: false,
    applicant: { given: 'Abril', family: 'Quintero', secondFamily: 'Olvera', birthDate: '1991-03-04', phone: '+52 664 555 0101' }, otherParent: { given: 'José', family: 'Peña' }, children,
    consent: { givenBy: 'Abril Quintero Olvera', on: officeDay(site.ctx), form: 'signed' }, ...changes,
  });
  return applicationId;
}

it('what was filed with six children is corrected with six', async () => {
  const applicationId = await filed();
  await askForMore(site.ctx, applicationId, ['signature']);
  const officer = await site.signedIn('officer_la');
  const form = (await officer.get(`/apply/new?supplies=${applicationId}`)).text;
  for (const { given } of children) expect(form).toContain(`value="${given}"`);
  expect(form).not.toContain('children_6_given');
  expect((await officer.get('/apply/new')).text).not.toContain('children_4_given');
});

it('says what a case still needs before and after it is filed, and takes it without being asked', async () => {
  const applicationId = await filed({ partnerFileNumber: null, applicant: { given: 'Zoila', family: 'Quintero', birthDate: '1991-03-04', phone: '+52 664 555 0101', address: 'Calle 5' }, consent: { givenBy: 'Zoila Quintero', on: officeDay(site.ctx), form: 'signed' } });
  const officer = await site.signedIn('officer_la');
  const page = (await officer.get(`/apply/${applicationId}`)).text;
  for (const words of [`href="/apply/new?supplies=${applicationId}"`, 'Add what is missing', '+52 664 555 0101', 'Calle 5']) expect([words, page.includes(words)]).toEqual([words, true]);
  const form = (await officer.get(`/apply/new?supplies=${applicationId}`)).text;
  expect([form.includes('id="partnerFileNumber-hint"'), form.includes('type="tel"')]).toEqual([true, true]);
  const whole: Record<string, string> = {
    county: '06037', supplies: applicationId, applicantRole: 'obligee', applicant_given: 'Zoila', applicant_family: 'Quintero', applicant_birthDate: '1991-03-04', otherParent_given: 'José', otherParent_family: 'Peña', otherParent_birthDate: '1988-01-02',
    children_0_given: 'Ada', children_0_family: 'Peña', children_0_birthDate: '2019-08-09', services: 'establish_order', agrees: '1', consent_givenBy: 'Zoila Quintero', consent_on: officeDay(site.ctx), consent_form: 'signed', hasOrder: '1',
  };
  const press = async (fields: Record<string, string>) => officer.post('/apply/new').type('form').send({ form_token: await tokenOf(officer, '/apply/new'), ...fields });
  const wrong = await press({ ...whole, applicant_phone: 'call me 😀', consent_givenBy: 'Otra Persona', otherParent_birthDate: '1850-01-01', step: 'check' });
  for (const words of ['href="#applicant_phone"', 'The consent must come from the applicant', 'dates before 1900', 'href="#consent_givenBy"']) expect([words, wrong.text.includes(words)]).toEqual([words, true]);
  const saved = await press({ ...whole, otherParent_phone: '+1 (213) 555-0142 ext. 7', step: 'check' });
  const check = (await officer.get(saved.headers['location'] ?? '')).text;
  for (const words of ['Still missing for opening a case', 'address of the obligor', 'The other parent: Telephone']) expect([words, check.includes(words)]).toEqual([words, true]);
  const sent = await press({ form_draft: hiddenField(check, 'form_draft'), form_revision: hiddenField(check, 'form_revision'), step: 'file' });
  expect(sent.headers['location']).toContain(`/apply/${applicationId}?done=`);
  expect((await officer.get(`/apply/${applicationId}`)).text).toContain('+1 (213) 555-0142 ext. 7');
});

it('the worksheet computes nothing, and its file name says nothing', async () => {
  const applicationId = await filed({ partnerFileNumber: '=1+1', note: '@SUM(A1)\n-2+3', otherParent: { given: '=HYPERLINK("http://x","y")', family: '\t-Peña', address: '+1 Main St' } });
  const sheet = await (await site.signedIn('attorney')).get(`/applications/${applicationId}/worksheet.csv`);
  expect(sheet.headers['content-disposition']).toContain(`${applicationId}.csv`);
  const cells = sheet.text.split(/\r\n/).map((line) => /,("?)(.)/.exec(line)?.[2] ?? '');
  expect(cells.filter((first) => /[=+@\t-]/.test(first))).toEqual([]);
});

it('another consulate\'s officer finds neither it nor its papers, and the office reads its own', async () => {
  const applicationId = await filed({ partnerFileNumber: 'SOL-3' });
  await addApplicationPaper(site.ctx, applicationId, { kind: 'birth_certificate', fileName: 'Abril Quintero.pdf', source: await aPaper('Acta') });
  const paths = [`/apply/${applicationId}`, `/apply/${applicationId}/papers/1`, `/apply/new?supplies=${applicationId}`];
  const [own, other] = [await site.signedIn('officer_la'), await site.signedIn('officer_kr')];
  for (const path of paths) expect([path, (await other.get(path)).status]).toEqual([path, 404]);
  const sent = await other.post(`/apply/${applicationId}/papers`).field('form_token', await tokenOf(other, '/apply/new')).field('kind', 'other').attach('file', Buffer.from('%PDF-1.7'), 'x.pdf');
  expect(sent.status).toBe(404);
  for (const path of [`/applications/${applicationId}/worksheet.csv`, `/applications/${applicationId}/accept`]) expect((await own.get(path)).status).toBeGreaterThanOrEqual(300);
  const paper = await own.get(`/apply/${applicationId}/papers/1`);
  expect([paper.status, paper.headers['content-type'], paper.headers['content-disposition']?.includes('Quintero')]).toEqual([200, 'application/pdf', false]);
});

describe('an application that is begun and not filed', () => {
  const typed = (changes: Record<string, string> = {}): Record<string, string> => ({ county: '06037', applicant_given: 'Itzel', applicant_family: 'Quetzal-<script>', note: 'Trae el acta\n=1+1 👩‍👧 \u202Eoculto', services: 'establish_order', ...(changes['applicant_birthDate'] ? {} : { 'applicant_birthDate.year': '1990' }), ...changes });
  const whole = (): Record<string, string> => typed({
    applicant_family: 'Quintero', applicant_secondFamily: 'Olvera', applicant_birthDate: '1990-02-03', applicantRole: 'obligee', otherParent_given: 'José', otherParent_family: 'Peña', children_0_given: 'Ada', children_0_family: 'Peña', note: '',
    children_0_birthDate: '2019-08-09', agrees: '1', consent_givenBy: 'Itzel Quintero Olvera', consent_on: officeDay(site.ctx), consent_form: 'signed',
  });

  /** Opens the form as a browser does, and sends it with the fields that it carries. */
  async function press(fields: Record<string, string>, { who = 'officer_la', from = '/apply/new', page = '' } = {}) {
    const agent = await site.signedIn(who);
    const html = page === '' ? (await agent.get(from)).text : page;
    return agent.post('/apply/new').type('form').send({ form_token: await tokenOf(agent, '/account'), form_draft: hiddenField(html, 'form_draft'), form_revision: hiddenField(html, 'form_revision'), ...fields });
  }
  const read = async (path: string, who = 'officer_la') => (await site.signedIn(who)).get(path);
  const begun = async (fields = typed()): Promise<string> => /draft=(apd_\w+)/.exec((await press({ ...fields, step: 'save' })).headers['location'] ?? '')?.[1] ?? '';

  it('is kept as it was typed, whole or not, for everybody of the office and nobody else', async () => {
    const draft = await begun();
    for (const who of ['officer_la', 'second_la']) {
      const { text } = await read(`/apply/new?draft=${draft}`, who);
      for (const part of ['value="Itzel"', 'value="Quetzal-&lt;script&gt;"', '=1+1 👩‍👧', 'value="1990"', 'Óscar Oficial', 'This is a draft']) expect(text).toContain(part);
    }
    for (const path of ['/inbox', '/apply']) expect((await read(path, 'second_la')).text).toContain(`href="/apply/new?draft=${draft}"`);
    for (const path of [`/apply/new?draft=${draft}`, `/apply/drafts/${draft}/discard`]) expect([path, (await read(path, 'officer_kr')).status]).toEqual([path, 404]);
    expect((await press({ ...typed({ applicant_given: 'Otra' }), form_draft: draft, form_revision: '1', step: 'save' }, { who: 'officer_kr' })).status).toBe(409);
    for (const path of ['/inbox', '/apply']) expect((await read(path, 'officer_kr')).text).not.toContain(draft);
    for (const who of ['attorney', 'supervisor', 'administrator']) for (const path of ['/applications', '/queue', `/apply/new?draft=${draft}`]) expect((await read(path, who)).text).not.toMatch(/Quetzal|Itzel/u);
    expect(await listApplicationDrafts(site.ctx)).toEqual([]);
    const rows = await behindTheWall<{ text: string }>(site.db, 'select encode(content_encrypted, \'escape\') as text from application_drafts');
    expect(rows.filter(({ text }) => /Quetzal|Itzel|scar/u.test(text))).toEqual([]);
  });

  it('is saved once where the button was pressed twice, and by nobody over what another has saved', async () => {
    const page = (await read('/apply/new')).text;
    const [first, second] = [await press({ ...typed(), step: 'save' }, { page }), await press({ ...typed(), step: 'save' }, { page })];
    expect([first.status, second.headers['location']]).toEqual([303, first.headers['location']]);
    const draft = hiddenField(page, 'form_draft');
    const [ours, theirs] = [(await read(`/apply/new?draft=${draft}`)).text, (await read(`/apply/new?draft=${draft}`, 'second_la')).text];
    expect((await press({ ...typed({ applicant_given: 'De Xóchitl' }), step: 'save' }, { who: 'second_la', page: theirs })).status).toBe(303);
    const late = await press({ ...typed({ applicant_given: 'De Óscar' }), step: 'save' }, { page: ours });
    expect([late.status, late.text.includes('Xóchitl Segunda saved this draft on'), late.text.includes('value="De Óscar"')]).toEqual([409, true, true]);
    expect((await press({ ...typed({ applicant_given: 'De Óscar' }), step: 'save' }, { page: late.text })).status).toBe(303);
    expect((await read(`/apply/new?draft=${draft}`, 'second_la')).text).toContain('value="De Óscar"');
  });

  it('is looked at once more from its own address, filed as it was read, and leads there ever after', async () => {
    const checked = await press({ ...whole(), step: 'check' });
    const address = checked.headers['location'] ?? '';
    const page = (await read(address)).text;
    expect([checked.status, page.includes('Check the answers before you file'), page.includes('Quintero')]).toEqual([303, true, true]);
    const form = (await read(address.replace('&step=check', ''), 'second_la')).text;
    await press({ ...whole(), otherParent_given: 'Jorge', step: 'check' }, { who: 'second_la', page: form });
    const early = await press({ step: 'file' }, { page });
    expect([early.status, early.text.includes('so nothing was filed'), early.text.includes('Jorge')]).toEqual([409, true, true]);
    const stale = await press({ ...whole(), otherParent_given: 'Rancio', step: '' }, { page: form });
    expect([stale.status, stale.text.includes('value="Rancio"'), (await read(address)).text.includes('Jorge')]).toEqual([409, true, true]);
    const filedAs = (await press({ step: 'file' }, { page: early.text })).headers['location'] ?? '';
    expect(filedAs).toMatch(/^\/apply\/apl_\w+\?done=filed$/u);
    const again = filedAs.replace('filed', 'same');
    expect([(await press({ step: 'file' }, { page: early.text })).headers['location'], (await read(address)).headers['location'], (await press({ ...whole(), step: 'save' }, { page: early.text })).headers['location']]).toEqual([again, again, again]);
    expect((await read('/apply')).text).not.toContain(hiddenField(page, 'form_draft'));
  });

  it('tells what is wrong and has kept it all the same', async () => {
    const refused = await press({ ...typed({ note: 'x'.repeat(10_000), applicant_family: 'x'.repeat(10_000) }), step: 'check' });
    const draft = hiddenField(refused.text, 'form_draft');
    expect([refused.status, refused.text.includes('href="#agrees"'), (await read(`/apply/new?draft=${draft}`)).status]).toEqual([422, true, 200]);
    const blank = await press({ county: '06037', step: 'save' });
    expect([blank.status, blank.text.includes('There is nothing to save yet')]).toEqual([422, true]);
    for (const strange of ['apd_x', '../etc', `apd_${'0'.repeat(26)}`]) expect((await read(`/apply/new?draft=${encodeURIComponent(strange)}`)).status).toBe(404);
  });

  it('is discarded after a question, and what somebody still types in another tab is kept anew', async () => {
    const draft = await begun();
    const page = (await read(`/apply/new?draft=${draft}`)).text;
    const agent = await site.signedIn('second_la');
    expect((await read(`/apply/drafts/${draft}/discard`, 'second_la')).text).toContain('This cannot be undone.');
    const discard = async (revision: string) => agent.post(`/apply/drafts/${draft}/discard`).type('form').send({ form_token: await tokenOf(agent, '/account'), form_revision: revision });
    for (const seen of ['', '0', '2']) expect([seen, (await discard(seen)).status]).toEqual([seen, 409]);
    for (const press of [1, 2]) expect([press, (await discard('1')).headers['location']]).toEqual([press, '/apply?done=discarded']);
    const late = await press({ ...typed({ applicant_given: 'Tarde' }), step: 'save' }, { page });
    expect([late.status, late.text.includes('value="Tarde"'), hiddenField(late.text, 'form_draft') === draft]).toEqual([409, true, false]);
    expect((await press({ ...typed({ applicant_given: 'Tarde' }), step: 'save' }, { page: late.text })).status).toBe(303);
  });

  it('ends after its days, which every page of it says in three languages', async () => {
    const draft = await begun();
    for (const language of LANGUAGES) {
      await read(`/apply?language=${language}`);
      expect((await read(`/apply/new?draft=${draft}`)).text).toContain(translator(language)('drafts:kept_how', { days: 30 }));
    }
    await read('/apply?language=en');
    const later = { ...site.ctx, clock: { now: () => new Date(Date.now() + 31 * 86_400_000) } };
    await inTransaction(later, sweepApplicationDrafts);
    expect((await behindTheWall<{ n: number }>(site.db, 'select count(*)::int as n from application_drafts'))[0]?.n).toBe(0);
    expect((await read(`/apply/new?draft=${draft}`)).status).toBe(404);
  });
});
