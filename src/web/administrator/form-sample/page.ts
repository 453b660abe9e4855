import { listPartners, partnerName } from '../../../modules/partners/index.ts';
import { listForms, samplePages, sampleServices } from '../../../modules/referrals/index.ts';
import type { KnownForm, SamplePages } from '../../../modules/referrals/index.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { nameOfLanguage } from '../../countries.ts';
import { sheetImage, sheetsOf } from '../../sheets.ts';
import { pathText, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';

const BASE = '/administration/forms/sample';
const OF = ['form', 'service'] as const;

/** `form-locate_request`, `service-enforce`: what is shown of which partner. */
function sampleOf(visit: Visit): SamplePages {
  const what = pathText(visit, 'what');
  const of = OF.find((one) => what.startsWith(`${one}-`)) ?? 'form';
  return samplePages(visit.ctx, { partnerId: pathText(visit, 'partnerId'), of, code: what.slice(of.length + 1) });
}

const titleOf = (form: KnownForm, visit: Visit): string => (hasWords(visit.language, form.title) ? visit.t(form.title) : form.formId);

function choices(visit: Visit, forms: readonly KnownForm[]) {
  const collator = new Intl.Collator(visit.language);
  const partners = listPartners().map((one) => ({ value: one.partnerId, text: partnerName(one, visit.language), languages: [one.languages.value.packet] }));
  const services = [...new Set(partners.flatMap(({ value }) => sampleServices(visit.ctx, value)))];
  return {
    partners: partners.map((one) => ({ value: one.value, text: `${one.text} (${one.languages.map((language) => nameOfLanguage(language, visit.language)).join(', ')})` })).sort((a, b) => collator.compare(a.text, b.text)),
    forms: forms.map((form) => ({ value: `form-${form.formId}`, text: titleOf(form, visit) + (form.isExpired ? ` – ${visit.t('admin:forms.expired')}` : '') })).sort((a, b) => collator.compare(a.text, b.text)),
    services: services.map((code) => ({ value: `service-${code}`, text: code })),
  };
}

/** What was chosen becomes an address; what is not complete is asked for again. */
async function choose(visit: Visit): Promise<Reply> {
  const [partner, what] = [queryText(visit, 'partner', 60), queryText(visit, 'what', 80)];
  const forms = listForms(visit.ctx);
  const offered = choices(visit, forms);
  const isAsked = visit.req.query['partner'] !== undefined || visit.req.query['what'] !== undefined;
  const missing = [
    ...(offered.partners.some(({ value }) => value === partner) ? [] : ['partner']),
    ...([...offered.forms, ...offered.services].some(({ value }) => value === what) ? [] : ['what']),
  ];
  // A link from the list of forms brings the form alone.
  const isBegun = isAsked && visit.req.query['partner'] === undefined && !missing.includes('what');
  if (isAsked && missing.length === 0) return Promise.resolve(redirect(`${BASE}/${encodeURIComponent(partner)}/${encodeURIComponent(what)}`));
  const faults = isAsked && !isBegun ? missing : [];
  return Promise.resolve(view('administrator/form-sample', { ...offered, partner, what, missing: faults, sample: null }, faults.length > 0 ? 422 : 200));
}

async function show(visit: Visit): Promise<Reply> {
  const sample = sampleOf(visit);
  const [partner, what] = [pathText(visit, 'partnerId'), pathText(visit, 'what')];
  const forms = listForms(visit.ctx);
  const address = `${BASE}/${encodeURIComponent(partner)}/${encodeURIComponent(what)}`;
  const expired = forms.filter((form) => form.isExpired && sample.formIds.includes(form.formId)).map((form) => ({ title: titleOf(form, visit), expires: form.origin?.ombExpires ?? '' }));
  return view('administrator/form-sample', {
    ...choices(visit, forms), partner, what, missing: [],
    sample: { expired, address, languages: ['en', sample.language].map((language) => nameOfLanguage(language, visit.language)) },
    sheets: await sheetsOf(visit, sample.pdf, await sample.documents(), address),
  });
}

async function download(visit: Visit): Promise<Reply> {
  const { pdf, fileName } = sampleOf(visit);
  return { kind: 'download', bytes: await pdf.bytes(), fileName, type: 'application/pdf', isInline: queryText(visit, 'save', 1) !== '1' };
}

/** A form or the forms of a service, set for a partner about an invented case, to see what an edition or a translation makes of it. */
export const formSamplePages: readonly Page[] = [
  { path: BASE, access: 'kits.view', get: choose },
  { path: `${BASE}/:partnerId/:what`, access: 'kits.view', get: show },
  { path: `${BASE}/:partnerId/:what/pdf`, access: 'kits.view', get: download },
  { path: `${BASE}/:partnerId/:what/:number.png`, access: 'kits.view', get: async (visit) => sheetImage(visit, sampleOf(visit).pdf) },
];
