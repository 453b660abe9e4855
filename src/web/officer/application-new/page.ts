import { APPLICANT_ROLES, checkApplication, faultsOfApplication, fileApplication, readApplication, readApplicationDraft, saveApplicationDraft } from '../../../modules/exchange/index.ts';
import type { ApplicationDraft } from '../../../modules/exchange/index.ts';
import { getPartner, SERVICE_CODES } from '../../../modules/partners/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { isId, newId } from '../../../platform/ids.ts';
import { faultsOf, refusalOf } from '../../inquiry-form.ts';
import { namedFaults } from '../../inquiry-labels.ts';
import type { Refusal } from '../../inquiry-form.ts';
import { field, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { asFiled, childrenOf, enteredOf, isBlank, requestOf } from './entered.ts';
import type { Entered } from './entered.ts';

/** The draft that the form belongs to: one that is kept, or the number that a new one will have. */
interface Kept {
  readonly draftId: string;
  readonly revision: number;
  readonly draft: Pick<ApplicationDraft, 'begunBy' | 'begunAt' | 'savedBy' | 'savedAt' | 'expiresAt'> | null;
}

interface Shown {
  readonly refusal?: Refusal | null;
  /** What has happened to the draft, as a key of words. */
  readonly told?: 'changed' | 'gone' | null;
}

const anew = ({ ctx }: Visit): Kept => ({ draftId: newId('apd', ctx.clock.now().getTime()), revision: 0, draft: null });
const keptAs = (draft: ApplicationDraft): Kept => ({ draftId: draft.draftId, revision: draft.revision, draft });
const addressOf = (draftId: string, more = ''): string => `/apply/new?draft=${encodeURIComponent(draftId)}${more}`;

function show(visit: Visit, kept: Kept, entered: Entered, { refusal = null, told = null }: Shown = {}, status = refusal?.status ?? (told === null ? 200 : 409)): Reply {
  const { country, counties } = getPartner(visit.ctx.actor.partner ?? '');
  const isNativeFirst = country === 'KR';
  const faults = faultsOf(refusal, wordsFor(visit.language), refusal?.code === 'application.consent_needed' ? 'agrees' : 'applicant_given');
  return view('officer/application-new', {
    answers: null, kept, entered, told, services: SERVICE_CODES, roles: APPLICANT_ROLES, counties: counties.value, children: childrenOf(entered), forms: ['signed', 'verbal_recorded'], isNativeFirst, days: visit.ctx.config.draftDays,
    faults, named: namedFaults(faults, visit.t, isNativeFirst), done: queryText(visit, 'done', 10) === 'saved' ? visit.t('drafts:saved') : null,
  }, status);
}

/** Everything once more as it will be filed, from the draft that will be. */
function showAnswers(visit: Visit, kept: Kept, entered: Entered, told: Shown['told'] = null): Reply {
  const { details, services, partnerFileNumber, missing } = checkApplication(visit.ctx, requestOf(entered));
  return view('officer/application-new', {
    answers: { details, services, partnerFileNumber, missing, county: entered.values['county'] ?? '' }, kept, told, isSupply: (entered.values['supplies'] ?? '') !== '', faults: [], done: null,
  }, told === null ? 200 : 409);
}

/** All that is wrong at once; only what can be filed goes further. */
function faultsIn({ ctx }: Visit, entered: Entered): Refusal | null {
  const { values } = entered;
  const consent = { givenBy: values['consent_givenBy'] ?? '', on: values['consent_on'] ?? '', form: (values['consent_form'] ?? '') as never };
  const findings = [...faultsOfApplication(ctx, { ...requestOf(entered), consent })];
  if (values['county'] === '') findings.unshift({ code: 'inquiry.needed', severity: 'block', path: '/county' });
  if (values['agrees'] !== '1') findings.push({ code: 'application.consent_needed', severity: 'block', path: '/agrees' });
  return findings.length === 0 ? null : { code: 'application.invalid', params: {}, findings, status: 422 };
}

const onlyOne = (list: readonly string[]): string => (list.length === 1 ? list[0] ?? '' : '');

/** Whoever comes back to a draft that was filed meanwhile is led to what it became. */
async function orFiled(work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.code === 'application.draft_filed') return redirect(`/apply/${encodeURIComponent(String(error.params['application']))}?done=same`);
    throw error;
  }
}

const start: Handler = (visit) => orFiled(async () => {
  const { partner } = visit.ctx.actor;
  if (partner === null) return redirect('/applications');
  const [draftId, supplies] = [queryText(visit, 'draft', 40), queryText(visit, 'supplies', 40)];
  if (draftId !== '') {
    const draft = await readApplicationDraft(visit.ctx, draftId);
    if (queryText(visit, 'step', 10) !== 'check') return show(visit, keptAs(draft), draft.content);
    const refusal = faultsIn(visit, draft.content);
    return refusal ? show(visit, keptAs(draft), draft.content, { refusal }) : showAnswers(visit, keptAs(draft), draft.content);
  }
  const values: Record<string, string> = { county: onlyOne(getPartner(partner).counties.value), supplies };
  return show(visit, anew(visit), supplies === '' ? { values, services: [] } : asFiled(await readApplication(visit.ctx, supplies)));
});

const submit: Handler = (visit) => orFiled(async () => {
  if (visit.ctx.actor.partner === null) return redirect('/applications');
  const step = field(visit, 'step', 10);
  if (step === 'file') return fileDraft(visit);
  const entered = enteredOf(visit);
  if (step === 'save' || step === 'check') return save(visit, entered, step);
  const refusal = faultsIn(visit, entered);
  return refusal ? show(visit, keptIn(visit), entered, { refusal }) : file(visit, keptIn(visit), entered);
});

/** As the form says it; a form that says nothing is a new one. */
function keptIn(visit: Visit): Kept {
  const [draftId, revision] = [field(visit, 'form_draft', 40), field(visit, 'form_revision', 9)];
  return isId('apd', draftId) && /^\d{1,9}$/.test(revision) ? { draftId, revision: Number(revision), draft: null } : anew(visit);
}

/** Kept before anything else is looked at: what is wrong with it is told afterwards, and nothing is lost. */
async function save(visit: Visit, entered: Entered, step: 'save' | 'check'): Promise<Reply> {
  const kept = keptIn(visit);
  const faults = step === 'check' ? faultsIn(visit, entered) : null;
  if (isBlank(entered)) return show(visit, kept, entered, { refusal: faults ?? { code: 'application.draft_blank', params: {}, findings: [], status: 422 } });
  try {
    await saveApplicationDraft(visit.ctx, { draftId: kept.draftId, revision: kept.revision, content: entered });
  } catch (error) {
    return notSaved(visit, kept, entered, error);
  }
  if (faults) return show(visit, keptAs(await readApplicationDraft(visit.ctx, kept.draftId)), entered, { refusal: faults });
  return redirect(addressOf(kept.draftId, step === 'check' ? '&step=check' : '&done=saved'));
}

/** What was typed stays on the page, whatever has become of the draft. */
async function notSaved(visit: Visit, { draftId }: Kept, entered: Entered, error: unknown): Promise<Reply> {
  const code = error instanceof AppError ? error.code : '';
  if (code === 'application.draft_changed') return show(visit, keptAs(await readApplicationDraft(visit.ctx, draftId)), entered, { told: 'changed' });
  if (code === 'application.draft_not_found') return show(visit, anew(visit), entered, { told: 'gone' });
  if (code === 'application.draft_filed') throw error;
  return show(visit, keptIn(visit), entered, { refusal: refusalOf(error) });
}

/** Files the draft as it was read; where somebody changed it since, it is to be read again. */
async function fileDraft(visit: Visit): Promise<Reply> {
  const draft = await readApplicationDraft(visit.ctx, field(visit, 'form_draft', 40));
  const [kept, entered] = [keptAs(draft), draft.content];
  const refusal = faultsIn(visit, entered);
  if (refusal) return show(visit, kept, entered, { refusal });
  return field(visit, 'form_revision', 9) === String(draft.revision) ? file(visit, kept, entered) : showAnswers(visit, kept, entered, 'changed');
}

async function file(visit: Visit, kept: Kept, entered: Entered): Promise<Reply> {
  try {
    const { applicationId, alreadyFiled } = await fileApplication(visit.ctx, { ...requestOf(entered), draft: { draftId: kept.draftId, revision: kept.revision } });
    return redirect(`/apply/${applicationId}?done=${alreadyFiled ? 'same' : 'filed'}`);
  } catch (error) {
    return error instanceof AppError && error.code === 'application.draft_changed' ? notSaved(visit, kept, entered, error) : show(visit, kept, entered, { refusal: refusalOf(error) });
  }
}

export const applyNewPage: Page = { path: '/apply/new', access: 'applications.file', get: start, post: submit };
