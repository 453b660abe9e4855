import { recordAudit } from '../../audit/index.ts';
import { gateFreeText, officeDay } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { consentOf, decline, finish, getInquiryRow } from './answer-inquiry.ts';
import type { AnsweredCase } from './answer-inquiry.ts';
import { findWork, putWork } from './answer.store.ts';
import { consentLack, DECLINE_REASONS, OPEN_INQUIRY_STATES } from './inquiry.rules.ts';
import type { InquiryState } from './inquiry.rules.ts';
import { findConsent, lockAsking, openInquiriesOfConsent, withdrawConsentRow } from './inquiry.store.ts';
import type { InquiryRow } from './inquiry.store.ts';
import { asWriter } from './scope-of-partner.ts';

const TEXT_MAX = 2_000;

/** Where the case of an answer is: looked up by whoever calls, since only cases know. */
export interface HandAnswer {
  /** The case of which something is told; null where nothing of any case is. */
  readonly about: { readonly caseId: string; readonly county: string } | null;
  /** By language: English, and that of the person. */
  readonly texts: Readonly<Record<string, string>>;
}

export interface DraftedAnswer {
  readonly inquiryId: string;
  /** Somebody in the case is protected: another person reads it before it leaves. */
  readonly needsSecondPerson: boolean;
}

/**
 * An answer in words, for a question that could not be answered by itself: in English and in the language of the person, through the gate of the case. It leaves
 * when somebody who may has read it.
 *
 * @throws AppError `inquiry.text_refused` (a finding for each text), `inquiry.over`, `inquiry.case_of_question`, `inquiry.consent_*`, `inquiry.not_found`, `access.forbidden`.
 */
export async function draftAnswer(ctx: Ctx, inquiryId: string, { about, texts }: HandAnswer): Promise<DraftedAnswer> {
  authorise(ctx, 'inquiries.answer');
  return inTransaction(ctx, async (tx) => {
    const inquiry = await openInquiry(tx, inquiryId);
    const work = await findWork(tx, inquiryId);
    // Where a case was found that could not be told, an answer is about that one and passes its gate.
    if (work?.caseId && work.reasons.includes('somebody_protected') && about?.caseId !== work.caseId) throw new AppError('invalid', 'inquiry.case_of_question');
    const wanted = await languagesOf(tx, inquiry);
    const given = Object.fromEntries(wanted.map((language) => [language, (texts[language] ?? '').normalize('NFC').replace(/\r\n?/g, '\n').trim()]));
    const gated = await gate(tx, about?.caseId ?? null, given);
    if (gated.findings.length > 0) throw new AppError('invalid', 'inquiry.text_refused', { findings: gated.findings });
    await putWork(tx, inquiryId, { draft: given, ...(about ? { caseId: about.caseId, county: about.county } : { caseId: null, county: inquiry.county }) });
    await recordAudit(tx, { action: 'inquiry.drafted', subject: { type: 'inquiry', id: inquiryId }, partner: inquiry.partnerId, county: about?.county ?? inquiry.county, details: { caseId: about?.caseId ?? '' } });
    return { inquiryId, needsSecondPerson: gated.isAnyoneSealed };
  });
}

async function languagesOf(ctx: TxCtx, inquiry: InquiryRow): Promise<string[]> {
  const { language } = await consentOf(ctx, inquiry);
  return [...new Set(['en', language])];
}

/** @throws AppError `inquiry.over`, `inquiry.consent_*`: what is no longer agreed to is not answered. */
async function openInquiry(ctx: TxCtx, inquiryId: string): Promise<InquiryRow> {
  const inquiry = await getInquiryRow(ctx, inquiryId, 'lock');
  if (!OPEN_INQUIRY_STATES.includes(inquiry.state)) throw new AppError('conflict', 'inquiry.over', { params: { state: inquiry.state } });
  const lack = consentLack(await consentOf(ctx, inquiry), inquiry.questions, officeDay(ctx));
  if (lack !== null) throw new AppError('conflict', lack, { params: { questions: inquiry.questions.join(', ') } });
  return inquiry;
}

async function gate(ctx: TxCtx, caseId: string | null, texts: Readonly<Record<string, string>>): Promise<{ isAnyoneSealed: boolean; findings: Finding[] }> {
  const findings: Finding[] = [];
  for (const [language, text] of Object.entries(texts)) {
    if (text === '') findings.push({ code: 'inquiry.text_needed', severity: 'block', path: `/texts/${language}` });
    if (text.length > TEXT_MAX) findings.push({ code: 'inquiry.text_unfit', severity: 'block', path: `/texts/${language}`, params: { most: TEXT_MAX } });
  }
  const gated = await gateFreeText(ctx, { caseId, texts: Object.fromEntries(Object.entries(texts).map(([language, text]) => [`/texts/${language}`, text])) });
  return { isAnyoneSealed: gated.isAnyoneSealed, findings: [...findings, ...gated.findings] };
}

/**
 * Somebody has read the answer in both languages, and it leaves. Where somebody in the case is protected, that is another person than wrote it. The gate looks
 * once more: a protection may have been added.
 *
 * @throws AppError `inquiry.nothing_drafted`, `inquiry.second_person`, `inquiry.text_refused`, `inquiry.over`, `inquiry.consent_*`, `access.forbidden`.
 */
export async function confirmAnswer(ctx: Ctx, inquiryId: string): Promise<InquiryState> {
  authorise(ctx, 'inquiries.review');
  return inTransaction(ctx, async (tx): Promise<InquiryState> => {
    const inquiry = await openInquiry(tx, inquiryId);
    const work = await findWork(tx, inquiryId);
    if (!work?.draft) throw new AppError('conflict', 'inquiry.nothing_drafted');
    const gated = await gate(tx, work.caseId, work.draft);
    if (gated.findings.length > 0) throw new AppError('invalid', 'inquiry.text_refused', { findings: gated.findings });
    if (gated.isAnyoneSealed && work.draftedBy === tx.actor.id) throw new AppError('conflict', 'inquiry.second_person');
    const about: AnsweredCase | null = work.caseId === null || work.county === null ? null : { caseId: work.caseId, county: work.county, referralId: work.referralId };
    await finish(tx, inquiry, { kind: 'text', texts: work.draft }, about);
    await putWork(tx, inquiryId, { draft: null });
    return 'answered';
  });
}

/** Ends a question without an answer, for a reason that the asker is told. @throws AppError `inquiry.reason_unknown`, `inquiry.over`, `inquiry.not_found`. */
export async function declineInquiry(ctx: Ctx, inquiryId: string, reason: string): Promise<InquiryState> {
  authorise(ctx, 'inquiries.answer');
  const known = DECLINE_REASONS.find((one) => one === reason);
  if (known === undefined) throw new AppError('invalid', 'inquiry.reason_unknown', { params: { reasons: DECLINE_REASONS.join(', ') } });
  return inTransaction(ctx, async (tx) => {
    const inquiry = await getInquiryRow(tx, inquiryId, 'lock');
    if (!OPEN_INQUIRY_STATES.includes(inquiry.state)) throw new AppError('conflict', 'inquiry.over', { params: { state: inquiry.state } });
    return decline(tx, inquiry, known);
  });
}

/**
 * The person takes the consent back: from now on nothing is told by it, and what still waits ends. What was told stays in the log.
 * @returns how many questions ended. @throws AppError `inquiry.consent_not_found`, `access.forbidden`.
 */
export async function withdrawConsent(ctx: Ctx, consentId: string): Promise<{ readonly consentId: string; readonly ended: number }> {
  authorise(ctx, 'inquiries.ask');
  const seen = await inTransaction(ctx, (tx) => findConsent(tx, consentId));
  if (!seen) throw new AppError('not_found', 'inquiry.consent_not_found');
  return inTransaction(asWriter(ctx), async (tx) => {
    await lockAsking(tx, seen.partnerId);
    const isNew = await withdrawConsentRow(tx, consentId, officeDay(tx));
    if (!isNew) return { consentId, ended: 0 };
    let ended = 0;
    for (const inquiryId of await openInquiriesOfConsent(tx, consentId)) {
      const inquiry = await getInquiryRow(tx, inquiryId, 'lock');
      // It may have been answered while this waited for it: that stays an answer.
      if (!OPEN_INQUIRY_STATES.includes(inquiry.state)) continue;
      await decline(tx, inquiry, 'consent_withdrawn');
      ended++;
    }
    await recordAudit(tx, { action: 'inquiry.consent_withdrawn', subject: { type: 'consent', id: consentId }, partner: seen.partnerId, county: seen.county, details: { ended } });
    return { consentId, ended };
  });
}
