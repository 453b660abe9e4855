import { recordAudit } from '../../audit/index.ts';
import { officeDay, putQueueItem, recordTold, removeQueueItem } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { judgeInquiry } from './answer.rules.ts';
import type { CaseFacts, Judged } from './answer.rules.ts';
import { findWork, insertAnswer, putWork } from './answer.store.ts';
import type { AnswerContent } from './answer.store.ts';
import { consentLack, INQUIRY_ITEM } from './inquiry.rules.ts';
import type { DeclineReason, InquiryDetails, InquiryState, PersonReason } from './inquiry.rules.ts';
import { findConsent, findInquiry, updateInquiryState, withdrawnOfCase } from './inquiry.store.ts';
import type { ConsentRow, InquiryRow } from './inquiry.store.ts';
import { countiesOpen } from './scope-of-partner.ts';

/** What whoever gathers the facts of cases needs of a question; null where nothing is to be gathered any more. */
export interface InquiryToAnswer {
  readonly inquiryId: string;
  readonly partnerId: string;
  /** Of which counties may be told at all. */
  readonly counties: readonly string[];
  readonly details: InquiryDetails;
}

/** @throws AppError `inquiry.not_found`, `access.forbidden`. */
export async function inquiryToAnswer(ctx: Ctx, inquiryId: string): Promise<InquiryToAnswer | null> {
  authorise(ctx, 'inquiries.answer');
  const inquiry = await inTransaction(ctx, (tx) => getInquiryRow(tx, inquiryId));
  if (inquiry.state !== 'asked' || await lackOf(ctx, inquiry) !== null) return null;
  return { inquiryId, partnerId: inquiry.partnerId, counties: await counties(ctx, inquiry), details: inquiry.details };
}

async function counties(ctx: Ctx, { partnerId, county }: InquiryRow): Promise<string[]> {
  try {
    return await countiesOpen(ctx, { partnerId, county, service: 'status', on: officeDay(ctx) });
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}

async function lackOf(ctx: Ctx, { consentId, questions }: InquiryRow): Promise<string | null> {
  const consent = await inTransaction(ctx, (tx) => findConsent(tx, consentId));
  return consent === null ? 'inquiry.consent_needed' : consentLack(consent, questions, officeDay(ctx));
}

/** What was gathered: the cases to which one of the numbers led, or that it could not be done. */
export type Gathered = { readonly candidates: readonly CaseFacts[] } | { readonly failed: true };

/**
 * Answers from what was gathered, if it may be told by itself; else a person answers, and why is for the agency alone. Every answer is a row of the log of
 * disclosures. Running it again changes nothing.
 *
 * @returns where the question stands. @throws AppError `inquiry.not_found`, `access.forbidden`.
 */
export async function answerInquiry(ctx: Ctx, inquiryId: string, gathered: Gathered): Promise<InquiryState> {
  authorise(ctx, 'inquiries.answer');
  return inTransaction(ctx, async (tx) => {
    const inquiry = await getInquiryRow(tx, inquiryId, 'lock');
    if (inquiry.state !== 'asked') return inquiry.state;
    if (await lackOf(tx, inquiry) !== null) return decline(tx, inquiry, 'consent_withdrawn');
    const open = await counties(tx, inquiry);
    if (open.length === 0) return leaveToPerson(tx, inquiry, ['agreement_missing'], null);
    if ('failed' in gathered) return leaveToPerson(tx, inquiry, ['facts_failed'], null);
    const judged: Judged = judgeInquiry(inquiry.details, inquiry.questions, gathered.candidates, { counties: open, today: officeDay(tx) });
    if (judged.kind === 'person') return leaveToPerson(tx, inquiry, judged.reasons, judged.found);
    const { found, facts } = judged;
    const consent = await consentOf(tx, inquiry);
    if (await wasWithdrawn(tx, inquiry, consent, found.caseId)) return leaveToPerson(tx, inquiry, ['withdrawn_before'], found);
    await putWork(tx, inquiryId, { county: found.county, caseId: found.caseId, referralId: found.referrals[0]?.referralId ?? null, reasons: [] });
    await finish(tx, inquiry, { kind: 'facts', facts, language: consent.language }, { caseId: found.caseId, county: found.county, referralId: found.referrals[0]?.referralId ?? null });
    return 'answered';
  }, { retries: 2 });
}

/** Whether this person, however the name was written then, took a consent for this case back at this office after this one was given. */
async function wasWithdrawn(ctx: TxCtx, { partnerId, details }: InquiryRow, { givenOn }: ConsentRow, caseId: string): Promise<boolean> {
  return (await withdrawnOfCase(ctx, partnerId, caseId, givenOn)).some((before) => before.details.person.birthDate === details.person.birthDate);
}

export async function consentOf(ctx: TxCtx, { consentId }: Pick<InquiryRow, 'consentId'>): Promise<ConsentRow> {
  const consent = await findConsent(ctx, consentId);
  if (!consent) throw new Error('fault: a question without its consent');
  return consent;
}

/** @throws AppError `inquiry.not_found`. */
export async function getInquiryRow(ctx: TxCtx, inquiryId: string, lock: 'lock' | null = null): Promise<InquiryRow> {
  const inquiry = await findInquiry(ctx, inquiryId, lock);
  if (!inquiry) throw new AppError('not_found', 'inquiry.not_found');
  return inquiry;
}

async function leaveToPerson(ctx: TxCtx, inquiry: InquiryRow, reasons: readonly PersonReason[], found: CaseFacts | null): Promise<InquiryState> {
  const { inquiryId, partnerId, receivedOn, answerBy } = inquiry;
  await putWork(ctx, inquiryId, { reasons, county: found?.county ?? inquiry.county, caseId: found?.caseId ?? null });
  await updateInquiryState(ctx, inquiryId, 'with_person');
  await putQueueItem(ctx, {
    kind: INQUIRY_ITEM, subjectId: inquiryId, county: found?.county ?? inquiry.county, caseId: found?.caseId ?? null, partnerId, reason: 'status.answer', dueOn: answerBy, availableOn: receivedOn,
  });
  await recordAudit(ctx, { action: 'inquiry.left_to_person', subject: { type: 'inquiry', id: inquiryId }, partner: partnerId, county: found?.county ?? inquiry.county, details: { reasons: reasons.join(' ') } });
  await emit(ctx, 'inquiry.waits', { inquiryId });
  return 'with_person';
}

/** Of what was answered about which case; null where nothing of any case was told. */
export interface AnsweredCase {
  readonly caseId: string;
  readonly county: string;
  readonly referralId: string | null;
}

/** The answer, the log of disclosures, the end of the clock and of the queue's item, in one transaction. */
export async function finish(ctx: TxCtx, inquiry: InquiryRow, content: AnswerContent, about: AnsweredCase | null): Promise<void> {
  const { inquiryId, partnerId, channel, questions } = inquiry;
  const sha256 = await insertAnswer(ctx, inquiry, content);
  await updateInquiryState(ctx, inquiryId, 'answered');
  if (about !== null) {
    await recordTold(ctx, { ...about, partnerId, channel, told: { by: 'inquiry', id: inquiryId, about: content.kind === 'text' ? ['text'] : questions, sha256 } });
  }
  await removeQueueItem(ctx, INQUIRY_ITEM, inquiryId);
  await recordAudit(ctx, {
    action: 'inquiry.answered', subject: { type: 'inquiry', id: inquiryId }, partner: partnerId, county: about?.county ?? inquiry.county,
    details: { kind: content.kind, caseId: about?.caseId ?? '', sha256 },
  });
  await emit(ctx, 'inquiry.answered', { inquiryId });
}

/** Ends a question without an answer; the asker is told the reason as a code. */
export async function decline(ctx: TxCtx, inquiry: InquiryRow, reason: DeclineReason): Promise<InquiryState> {
  await updateInquiryState(ctx, inquiry.inquiryId, 'declined', reason);
  if (await findWork(ctx, inquiry.inquiryId)) await putWork(ctx, inquiry.inquiryId, { draft: null });
  await removeQueueItem(ctx, INQUIRY_ITEM, inquiry.inquiryId);
  await recordAudit(ctx, { action: 'inquiry.declined', subject: { type: 'inquiry', id: inquiry.inquiryId }, partner: inquiry.partnerId, county: inquiry.county, details: { reason } });
  await emit(ctx, 'inquiry.declined', { inquiryId: inquiry.inquiryId, reason });
  return 'declined';
}
