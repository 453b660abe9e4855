import { addConsentScan, askAboutCase, askWithScan, CONSENT_FORMS, currentConsentText, DOCUMENTS_SHOWN, faultsOfInquiry, QUESTIONS, readInquiry, RELATIONS, withdrawConsent } from '../../../modules/exchange/index.ts';
import type { InquiryRequest } from '../../../modules/exchange/index.ts';
import { getPartner } from '../../../modules/partners/index.ts';
import { DATE_PARTS, partsOfDate } from '../../../http/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { translator } from '../../../platform/i18n.ts';
import { faultsOf, refusalOf } from '../../inquiry-form.ts';
import { namedFaults } from '../../inquiry-labels.ts';
import type { Refusal } from '../../inquiry-form.ts';
import { factLines, languageOf, personOf } from '../../inquiry-line.ts';
import { field, fields, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const TEXTS = ['case_number', 'our_file', 'their_file', 'consent_id'] as const;
const NAMED = ['person_given', 'person_family', 'person_secondFamily', 'person_native', 'person_birthDate', 'asker_name', 'asker_relation', 'asker_documentShown', 'consent_givenBy', 'consent_on', 'consent_language', 'consent_form'] as const;

interface Entered {
  readonly values: Readonly<Record<string, string>>;
  readonly questions: readonly string[];
  readonly covers: readonly string[];
  readonly agrees: boolean;
}

/** Nothing is chosen for the person: neither what is asked nor what the consent is for. */
const EMPTY: Entered = { values: {}, questions: [], covers: [], agrees: false };

function enteredOf(visit: Visit): Entered {
  const values = Object.fromEntries([...TEXTS, ...NAMED].map((name) => [name, field(visit, name, 400)]));
  return { values, questions: fields(visit, 'questions'), covers: fields(visit, 'consent_questions'), agrees: field(visit, 'agrees', 5) !== '' };
}

/** All that is wrong at once; only what can be asked goes further. */
function faultsIn({ ctx }: Visit, entered: Entered): Refusal | null {
  const findings = [...faultsOfInquiry(ctx, requestOf(entered, false))];
  if (!entered.agrees && (entered.values['consent_id'] ?? '') === '') findings.push({ code: 'inquiry.consent_needed', severity: 'block', path: '/agrees' });
  const wider = entered.covers.some((one) => !entered.questions.includes(one));
  if (wider && (entered.values['consent_id'] ?? '') === '') findings.push({ code: 'inquiry.consent_wider', severity: 'block', path: '/consent/questions' });
  return findings.length === 0 ? null : { code: 'inquiry.invalid', params: {}, findings, status: 422 };
}

/** Choices of closed lists are checked by the use case, which names the field. */
function requestOf({ values, questions, covers, agrees }: Entered, isSent = true): InquiryRequest {
  const value = (name: string): string => values[name] ?? '';
  const orNull = (name: string): string | null => (value(name) === '' ? null : value(name));
  return {
    caseNumber: orNull('case_number'), ourFileNumber: orNull('our_file'), partnerFileNumber: orNull('their_file'),
    person: { given: value('person_given'), family: value('person_family'), secondFamily: orNull('person_secondFamily'), native: orNull('person_native'), birthDate: value('person_birthDate') },
    asker: { name: value('asker_name'), relation: value('asker_relation') as never, documentShown: value('asker_documentShown') as never },
    questions: questions as never, consentId: orNull('consent_id'),
    consent: orNull('consent_id') === null && (agrees || !isSent)
      ? { givenBy: value('consent_givenBy'), on: value('consent_on'), language: value('consent_language'), form: value('consent_form') as never, textVersion: currentConsentText().version, questions: covers as never } : null,
  };
}

/** The words of consent as they are read aloud: they name what is ticked, and nothing else. */
function consentWords(covers: readonly string[]): { readonly language: string; readonly words: string }[] {
  return Object.entries(currentConsentText().texts).map(([language, words]) => {
    const t = translator(languageOf(language) ?? 'en');
    const named = QUESTIONS.filter((one) => covers.includes(one)).map((one) => t(`inquiries:question.${one}`));
    return { language, words: words.replace('{{covers}}', named.length === 0 ? t('inquiries:ask.covers_none') : named.join('; ')) };
  });
}

/** What was asked and is not agreed to, in words. */
const inWords = ({ t }: Visit, fault: ReturnType<typeof faultsOf>[number]) => (fault.finding?.code !== 'inquiry.consent_not_for' ? fault
  : { ...fault, text: t('inquiries:findings.inquiry_consent_not_for', { questions: String(fault.finding.params?.['questions'] ?? '').split(', ').map((one) => t(`inquiries:question.${one}`)).join(' · ') }) });

function show(visit: Visit, entered: Entered, refusal: Refusal | null): Reply {
  const text = currentConsentText();
  const isNativeFirst = getPartner(visit.ctx.actor.partner ?? '').country === 'KR';
  const faults = faultsOf(refusal, wordsFor(visit.language), refusal?.code === 'inquiry.consent_needed' ? 'agrees' : /consent/.test(refusal?.code ?? '') ? 'consent_id' : 'case_number').map((fault) => inWords(visit, fault));
  return view('officer/inquiry', {
    entered, questions: QUESTIONS, relations: RELATIONS, documents: DOCUMENTS_SHOWN, forms: CONSENT_FORMS, consent: consentWords(entered.covers),
    isConfirmed: text.confirmed, isNativeFirst, faults, named: namedFaults(faults, visit.t, isNativeFirst), answer: null,
  }, refusal?.status ?? 200);
}

const onlyOfficers = (visit: Visit): boolean => visit.ctx.actor.partner !== null;

const ask: Handler = async (visit) => {
  if (!onlyOfficers(visit)) return redirect('/inquiries');
  const entered = enteredOf(visit);
  if (queryText(visit, 'step', 10) === 'change') return show(visit, entered, null);
  const faults = faultsIn(visit, entered);
  if (faults) return show(visit, entered, faults);
  return field(visit, 'step', 10) === 'check' ? check(visit, entered, null) : askNow(visit, entered);
};

/** A field as the form itself has it: a date in its three parts. */
function partsOf(name: string, value: string): (readonly [string, string])[] {
  const parts = /_(?:birthDate|on)$/.test(name) ? partsOfDate(value) : null;
  return parts === null ? [[name, value]] : DATE_PARTS.map((part) => [`${name}.${part}`, parts[part] ?? ''] as const);
}

/** Everything once more as it will be asked, before it is; the scan of the consent comes with it. */
function check(visit: Visit, entered: Entered, refusal: Refusal | null): Reply {
  const { person, asker, consent, consentId, ...numbers } = requestOf(entered);
  const typed = [...[...TEXTS, ...NAMED].flatMap((name) => partsOf(name, entered.values[name] ?? '')), ...entered.questions.map((one) => ['questions', one] as const), ...entered.covers.map((one) => ['consent_questions', one] as const)];
  return view('officer/inquiry-check', {
    about: person, asker, consent, consentId, aloud: !consent ? null : consentWords(entered.covers).find(({ language }) => language === consent.language) ?? null, numbers: [numbers.caseNumber, numbers.ourFileNumber, numbers.partnerFileNumber].filter((one) => one), questions: entered.questions,
    typed: [...typed, ...(entered.agrees ? [['agrees', '1'] as const] : [])].filter(([, value]) => value !== ''), faults: faultsOf(refusal, wordsFor(visit.language), 'scan').map(({ text }) => ({ field: 'scan', text })),
  }, refusal?.status ?? 200);
}

/** What is wrong with the scan is told beside it, and nothing has been asked. */
async function askNow(visit: Visit, entered: Entered): Promise<Reply> {
  const { upload } = visit.req;
  const hasScan = upload !== undefined && upload.fileName !== '';
  try {
    const { inquiryId, alreadyAsked } = await (hasScan ? askWithScan(visit.ctx, requestOf(entered), { fileName: upload.fileName, source: upload.source }) : askAboutCase(visit.ctx, requestOf(entered)));
    return redirect(`/asked/${inquiryId}?done=${alreadyAsked ? 'same' : 'asked'}`);
  } catch (error) {
    const refusal = refusalOf(error);
    return /^(file\.|inquiry\.scan_)/.test(refusal.code) ? check(visit, entered, refusal) : show(visit, entered, refusal);
  }
}

const DONE = ['asked', 'same', 'withdrawn', 'scanned'];

/** A question with its answer, in the officer's language and in the person's. */
const showOne: Handler = (visit) => one(visit, null);

async function one(visit: Visit, refusal: Refusal | null): Promise<Reply> {
  if (!onlyOfficers(visit)) return redirect(`/inquiries/${encodeURIComponent(pathText(visit, 'inquiryId'))}`);
  const inquiry = await readInquiry(visit.ctx, pathText(visit, 'inquiryId'));
  const spoken = languageOf(inquiry.consent.language);
  const done = queryText(visit, 'done', 12);
  const answers = inquiry.answers.map(({ content, answeredAt }) => ({
    answeredAt,
    parts: content.kind === 'facts'
      ? [...new Set([visit.language, ...(spoken === null ? [] : [spoken])])].map((language) => ({ language, asOf: content.facts.asOf, facts: factLines(content.facts, language, language === visit.language), text: null }))
      : Object.entries(content.texts).map(([language, text]) => ({ language, asOf: null, facts: [], text })),
  }));
  return view('officer/inquiry', {
    answer: { ...inquiry, person: personOf(inquiry), answers, canWithdraw: inquiry.consentLack === null }, done: DONE.includes(done) ? visit.t(`inquiries:one.${done}`) : null,
    canScan: inquiry.consent.fileId === null && inquiry.consentLack === null, faults: faultsOf(refusal, wordsFor(visit.language), 'scan').map(({ text }) => ({ field: 'scan', text })),
  }, refusal?.status ?? 200);
}

/** The file is the last field of its form, and nothing of it is kept where none was chosen. */
const addScan: Handler = async (visit) => {
  const inquiryId = pathText(visit, 'inquiryId');
  const { upload } = visit.req;
  try {
    if (!upload || upload.fileName === '') throw new AppError('invalid', 'inquiry.scan_needed');
    await addConsentScan(visit.ctx, inquiryId, { fileName: upload.fileName, source: upload.source });
    return redirect(`/asked/${encodeURIComponent(inquiryId)}?done=scanned`);
  } catch (error) {
    return one(visit, refusalOf(error));
  }
};

const withdraw: Handler = async (visit) => {
  const inquiryId = pathText(visit, 'inquiryId');
  const { consentId } = await readInquiry(visit.ctx, inquiryId);
  await withdrawConsent(visit.ctx, consentId);
  return redirect(`${onlyOfficers(visit) ? '/asked' : '/inquiries'}/${encodeURIComponent(inquiryId)}?done=withdrawn`);
};

export const askPages: readonly Page[] = [
  { path: '/ask', access: 'inquiries.ask', get: async (visit) => (onlyOfficers(visit) ? show(visit, EMPTY, null) : redirect('/inquiries')), post: ask },
  { path: '/asked/:inquiryId', access: 'inquiries.read', get: showOne },
  { path: '/asked/:inquiryId/consent', access: 'inquiries.ask', get: async (visit) => redirect(`/asked/${encodeURIComponent(pathText(visit, 'inquiryId'))}`), post: addScan },
  { path: '/asked/:inquiryId/withdraw', access: 'inquiries.ask', get: async (visit) => redirect(`/asked/${encodeURIComponent(pathText(visit, 'inquiryId'))}`), post: withdraw },
];
