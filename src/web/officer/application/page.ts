import { addApplicationPaper, APPLICANT_ROLES, checkApplication, faultsOfApplication, fileApplication, PAPER_KINDS, readApplication, readApplicationPaper } from '../../../modules/exchange/index.ts';
import type { ApplicationRequest, AppliedPerson } from '../../../modules/exchange/index.ts';
import { getPartner, SERVICE_CODES } from '../../../modules/partners/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { faultsOf, refusalOf } from '../../inquiry-form.ts';
import type { Refusal } from '../../inquiry-form.ts';
import { field, fields, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const CHILDREN_ON_FORM = 4;
/** As many as an application that came as a message may name: correcting it loses none. */
const CHILDREN_READ = 8;
const PERSON = ['given', 'family', 'secondFamily', 'native', 'birthDate'] as const;
const REACH = ['phone', 'address'] as const;
const SINGLE = ['county', 'applicantRole', 'partnerFileNumber', 'note', 'consent_givenBy', 'consent_on', 'consent_form', 'hasOrder', 'agrees', 'supplies'] as const;

interface Entered {
  readonly values: Readonly<Record<string, string>>;
  readonly services: readonly string[];
}

const childNames = (index: number): string[] => PERSON.map((part) => `children_${index}_${part}`);
const NAMES: readonly string[] = [
  ...SINGLE, ...['applicant', 'otherParent'].flatMap((who) => [...PERSON, ...REACH].map((part) => `${who}_${part}`)), ...Array.from({ length: CHILDREN_READ }, (_, index) => childNames(index)).flat(),
];

function enteredOf(visit: Visit): Entered {
  return { values: Object.fromEntries(NAMES.map((name) => [name, field(visit, name, name === 'note' ? 5_000 : 800)])), services: fields(visit, 'services') };
}

function personOf(values: Readonly<Record<string, string>>, who: string): AppliedPerson {
  const value = (part: string): string => values[`${who}_${part}`] ?? '';
  return { given: value('given'), family: value('family'), secondFamily: value('secondFamily'), native: value('native'), birthDate: value('birthDate'), phone: value('phone'), address: value('address') };
}

function requestOf({ values, services }: Entered): ApplicationRequest {
  return {
    county: values['county'] ?? '', partnerFileNumber: values['partnerFileNumber'] ?? '', services, applicantRole: (values['applicantRole'] ?? '') as never,
    applicant: personOf(values, 'applicant'), otherParent: personOf(values, 'otherParent'), children: Array.from({ length: CHILDREN_READ }, (_, index) => personOf(values, `children_${index}`)),
    hasOrder: values['hasOrder'] === '1', note: values['note'] ?? '', supplies: values['supplies'] === '' ? null : values['supplies'] ?? null,
    consent: values['agrees'] === '1' ? { givenBy: values['consent_givenBy'] ?? '', on: values['consent_on'] ?? '', form: (values['consent_form'] ?? '') as never } : null,
  };
}

/** The places for children: those of an empty form, and as many more as are named. */
function childrenOf({ values }: Entered): number[] {
  const places = Array.from({ length: CHILDREN_READ }, (_, index) => index);
  return places.filter((index) => index < CHILDREN_ON_FORM || places.some((at) => at >= index && childNames(at).some((name) => (values[name] ?? '') !== '')));
}

function show(visit: Visit, partnerId: string, entered: Entered, refusal: Refusal | null): Reply {
  return view('officer/application', {
    one: null, entered, services: SERVICE_CODES, roles: APPLICANT_ROLES, counties: getPartner(partnerId).counties.value, children: childrenOf(entered), forms: ['signed', 'verbal_recorded'], isNativeFirst: getPartner(partnerId).country === 'KR',
    faults: faultsOf(refusal, wordsFor(visit.language), refusal?.code === 'application.consent_needed' ? 'agrees' : 'applicant_given'),
  }, refusal?.status ?? 200);
}

const onlyOne = (list: readonly string[]): string => (list.length === 1 ? list[0] ?? '' : '');

/** All that is wrong at once; only what can be filed goes further. */
function faultsIn({ ctx }: Visit, entered: Entered): Refusal | null {
  const { values } = entered;
  const consent = { givenBy: values['consent_givenBy'] ?? '', on: values['consent_on'] ?? '', form: (values['consent_form'] ?? '') as never };
  const findings = [...faultsOfApplication(ctx, { ...requestOf(entered), consent })];
  if (values['county'] === '') findings.unshift({ code: 'inquiry.needed', severity: 'block', path: '/county' });
  if (values['agrees'] !== '1') findings.push({ code: 'application.consent_needed', severity: 'block', path: '/agrees' });
  return findings.length === 0 ? null : { code: 'application.invalid', params: {}, findings, status: 422 };
}

const start: Handler = async (visit) => {
  const { partner } = visit.ctx.actor;
  if (partner === null) return redirect('/applications');
  const supplies = queryText(visit, 'supplies', 40);
  const values: Record<string, string> = { county: onlyOne(getPartner(partner).counties.value), supplies };
  return show(visit, partner, supplies === '' ? { values, services: [] } : await asFiled(visit, supplies), null);
};

/** The form as it was filed, to be corrected. */
async function asFiled(visit: Visit, applicationId: string): Promise<Entered> {
  const { details, services, county, partnerFileNumber } = await readApplication(visit.ctx, applicationId);
  const person = (who: string, one: AppliedPerson | undefined): [string, string][] => [...PERSON, ...REACH].map((part) => [`${who}_${part}`, one?.[part] ?? '']);
  const values = Object.fromEntries([
    ...person('applicant', details.applicant), ...person('otherParent', details.otherParent), ...details.children.flatMap((child, index) => person(`children_${index}`, child)),
    ['county', county], ['applicantRole', details.applicantRole], ['partnerFileNumber', partnerFileNumber ?? ''], ['note', details.note ?? ''], ['consent_givenBy', details.consent.givenBy], ['consent_on', details.consent.on],
    ['consent_form', details.consent.form], ['hasOrder', details.hasOrder ? '1' : ''], ['agrees', '1'], ['supplies', applicationId],
  ]) as Record<string, string>;
  return { values, services };
}

const submit: Handler = async (visit) => {
  const { partner } = visit.ctx.actor;
  if (partner === null) return redirect('/applications');
  const entered = enteredOf(visit);
  const step = field(visit, 'step', 10);
  if (step === 'change') return show(visit, partner, entered, null);
  const faults = faultsIn(visit, entered);
  if (faults) return show(visit, partner, entered, faults);
  try {
    if (step === 'check') return showAnswers(visit, entered, checkApplication(visit.ctx, requestOf(entered)));
    const { applicationId, alreadyFiled } = await fileApplication(visit.ctx, requestOf(entered));
    return redirect(`/apply/${applicationId}?done=${alreadyFiled ? 'same' : 'filed'}`);
  } catch (error) {
    return show(visit, partner, entered, refusalOf(error));
  }
};

/** Everything once more as it will be filed, before it is. What was typed travels with it. */
function showAnswers(visit: Visit, entered: Entered, { details, services, partnerFileNumber }: ReturnType<typeof checkApplication>): Reply {
  const typed = Object.entries(entered.values).filter(([, value]) => value !== '');
  return view('officer/application', {
    one: null, answers: { details, services, partnerFileNumber, county: entered.values['county'] ?? '' }, hidden: [...typed, ...entered.services.map((service) => ['services', service] as const)],
    isSupply: (entered.values['supplies'] ?? '') !== '', faults: [],
  });
}

const DONE = ['filed', 'same', 'paper', 'same_paper'];

async function one(visit: Visit, refusal: Refusal | null = null): Promise<Reply> {
  const applicationId = pathText(visit, 'applicationId');
  if (visit.ctx.actor.partner === null) return redirect(`/applications/${encodeURIComponent(applicationId)}`);
  const application = await readApplication(visit.ctx, applicationId);
  const done = queryText(visit, 'done', 12);
  return view('officer/application', {
    one: application, isFiled: done === 'filed', kinds: PAPER_KINDS, isOpen: ['received', 'more_asked', 'accepted'].includes(application.state), faults: faultsOf(refusal, wordsFor(visit.language), 'file'),
    done: DONE.includes(done) ? visit.t(`inquiries:apply.done.${done}`) : null,
  }, refusal?.status ?? 200);
}

/** The file is the last field of its form, and nothing of it is kept where the kind is wrong. */
const addPaper: Handler = async (visit) => {
  const applicationId = pathText(visit, 'applicationId');
  const { upload } = visit.req;
  try {
    if (!upload || upload.fileName === '') throw new AppError('invalid', 'application.file_needed');
    const { added } = await addApplicationPaper(visit.ctx, applicationId, { kind: field(visit, 'kind', 40), fileName: upload.fileName, source: upload.source });
    return redirect(`/apply/${encodeURIComponent(applicationId)}?done=${added ? 'paper' : 'same_paper'}`);
  } catch (error) {
    return one(visit, refusalOf(error));
  }
};

const paper: Handler = async (visit) => {
  const file = await readApplicationPaper(visit.ctx, pathText(visit, 'applicationId'), Number(pathText(visit, 'position')) || 0);
  return { kind: 'download', bytes: file.bytes, type: file.mediaType, fileName: file.fileName, isInline: false };
};

export const applyPages: readonly Page[] = [
  { path: '/apply/new', access: 'applications.file', get: start, post: submit },
  { path: '/apply/:applicationId', access: 'applications.read', get: (visit) => one(visit) },
  { path: '/apply/:applicationId/papers', access: 'applications.file', get: (visit) => one(visit), post: addPaper },
  { path: '/apply/:applicationId/papers/:position', access: 'applications.read', get: paper },
];
