import type supertest from 'supertest';
import { listForms, samplePages } from '../../../src/modules/referrals/index.ts';
import { listPartners } from '../../../src/modules/partners/index.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { readPdf } from '../../support/referrals/pdf-text.ts';
import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

const BASE = '/administration/forms/sample';
const MEXICO = `${BASE}/mx-sre`;
let site: Site;
beforeAll(async () => {
  site = await openSite();
});

const get = async (path: string, who = 'administrator'): Promise<supertest.Response> => (await site.signedIn(who)).get(path);
const pdfOf = async (path: string): Promise<readonly string[]> => {
  const agent = await site.signedIn('administrator');
  const { status, body, headers } = await agent.get(`${path}/pdf`).buffer(true).parse((response, done) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => void parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
  });
  expect([path, status, headers['content-type']]).toEqual([path, 200, 'application/pdf']);
  return (await readPdf(body as Buffer)).pages;
};

it('marks every page as a sample with invented persons, in both languages of the partner', async () => {
  for (const [partner, mark, notice] of [['mx-sre', 'Muestra: personas inventadas', 'Este documento es una muestra.'], ['kr-kcsa', '견본 – 가상의 인물', '이 문서는 견본입니다.']] as const) {
    const pages = await pdfOf(`${BASE}/${partner}/service-enforce`);
    expect(pages.length).toBeGreaterThan(5);
    for (const page of pages) for (const words of [mark, 'Sample – invented persons']) expect(page).toContain(words);
    expect(pages[0]).toContain(notice);
  }
});

it('has each form for some partner, sets those that are sealed apart too, and says so where a partner’s packets never have it', async () => {
  const partners = listPartners().map(({ partnerId }) => partnerId);
  const isThere = (partnerId: string, code: string): boolean => {
    try {
      return samplePages(site.ctx, { partnerId, of: 'form', code }).formIds.includes(code);
    } catch (error) {
      if (error instanceof AppError && error.code === 'forms.sample_not_used') return false;
      throw error;
    }
  };
  expect(listForms(site.ctx).filter(({ formId }) => !partners.some((partner) => isThere(partner, formId))).map(({ formId }) => formId)).toEqual([]);
  for (const formId of ['confidential_information', 'personal_information_311', 'translator_certificate', 'document_list']) expect([formId, (await get(`${MEXICO}/form-${formId}`)).status]).toEqual([formId, 200]);
  expect((await get(`${MEXICO}/form-korea_enforcement_checklist`)).text).toContain('never contain “korea_enforcement_checklist”');
});

it('shows it page by page, with its languages, its PDF and the editions that have expired', async () => {
  const { text } = await get(`${MEXICO}/form-transmittal_1`);
  for (const words of ['Every page is marked as a sample', 'English', 'Spanish', `${MEXICO}/form-transmittal_1/1.png`, `${MEXICO}/form-transmittal_1/pdf`]) expect(text).toContain(words);
  const picture = await get(`${MEXICO}/form-transmittal_1/1.png`);
  expect([picture.status, picture.type]).toEqual([200, 'image/png']);
  const expired = listForms(site.ctx).filter(({ isExpired }) => isExpired).map(({ formId }) => formId);
  for (const formId of ['transmittal_1', 'cover_letter']) {
    expect((await get(`${MEXICO}/form-${formId}`)).text.includes('an edition that has expired')).toBe(expired.includes(formId));
  }
  expect(expired).toContain('confidential_information');
  expect((await get(`${MEXICO}/form-confidential_information`)).text).toContain('an edition that has expired');
});

it('asks again for what is missing or strange, and keeps what was chosen', async () => {
  const chosen = await get(`${BASE}?partner=mx-sre&what=form-locate_request`);
  expect([chosen.status, chosen.headers['location']]).toEqual([303, `${MEXICO}/form-locate_request`]);
  expect((await get(`${BASE}?what=form-locate_request`)).text).toMatch(/value="form-locate_request" selected/);
  for (const query of ['partner=&what=', 'partner=mx-sre&what=', `partner=${'x'.repeat(10_000)}&what=form-locate_request`, 'partner=%3Cscript%3E&what=%3DHYPERLINK(1)', 'partner=%F0%9F%98%80&what=%E2%80%AEabc', 'partner=mx-sre&partner=x&what[a]=1']) {
    const { status, text } = await get(`${BASE}?${query}`);
    expect([query.slice(0, 40), status, text.includes('<script>alert'), text.includes('pu-error-summary')]).toEqual([query.slice(0, 40), 422, false, true]);
  }
  for (const path of ['nobody/form-locate_request', 'mx-sre/form-nothing', 'mx-sre/service-nothing', 'mx-sre/service-constructor', 'mx-sre/%3Cscript%3E', 'mx-sre/form-locate_request/99.png']) expect([path, (await get(`${BASE}/${path}`)).status]).toEqual([path, 404]);
});

it('is for those who look after forms', async () => {
  for (const who of ['attorney', 'officer_la', 'translator']) expect((await get(`${MEXICO}/form-locate_request`, who)).status).toBe(403);
  expect((await get('/administration/forms')).text).toContain(`${BASE}?what=form-locate_request`);
});
