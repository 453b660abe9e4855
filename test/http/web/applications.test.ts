import type { ApplicationRequest } from '../../../src/modules/exchange/index.ts';
import { addApplicationPaper, askForMore, fileApplication } from '../../../src/modules/exchange/index.ts';
import { officeDay } from '../../../src/modules/referrals/index.ts';
import { aPaper } from '../../support/referrals/paper-files.ts';
import { openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
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
