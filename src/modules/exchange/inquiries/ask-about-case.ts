import { recordAudit } from '../../audit/index.ts';
import { dueDate, officeDay, putQueueItem } from '../../referrals/index.ts';
import { raiseAlarm } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { addDays } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { getKeptFile } from '../../../platform/files.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { consentTexts } from './consent-texts.ts';
import { askersOf, attemptText, checkedInquiry, consentFindings, consentLack, INQUIRY_ITEM, inquiryFindings, personText, tooMuch } from './inquiry.rules.ts';
import type { CheckedInquiry, InquiryRequest } from './inquiry.rules.ts';
import { attemptKeyOf, findConsent, findInquiryOfMessage, findSameAsked, insertConsent, insertInquiry, lastWithdrawal, lockAsking, personKeyOf, selectAskedSoFar } from './inquiry.store.ts';
import type { InquiryRow } from './inquiry.store.ts';
import { asWriter, countiesOpen, partnerOf } from './scope-of-partner.ts';

const STATUS_CLOCK = 'status.answer';
const PRESSED_TWICE_MS = 10 * 60_000;

export interface AskedInquiry {
  readonly inquiryId: string;
  readonly consentId: string;
  readonly receivedOn: CalendarDate;
  /** Until when it is answered: 45 CFR 303.7(b)(4). */
  readonly answerBy: CalendarDate;
  readonly alreadyAsked: boolean;
}

/**
 * A partner's officer asks about a case for the person at the counter. Nothing is looked up here: what was asked is kept with the person's consent, and
 * answered by a job, so that the answer to the asker is the same, and as quick, whether there is such a case or not. Without consent nothing is kept, either.
 *
 * @throws AppError `inquiry.consent_needed`, `inquiry.invalid` (a finding for each field), `inquiry.consent_*`, `inquiry.too_many`, `inquiry.too_many_open` (until what was
 *   asked before is looked at), `inquiry.not_your_office`, `inquiry.county_not_served`, `agreement.none_allows`, `partner.unknown`, `access.forbidden`.
 */
export async function askAboutCase(ctx: Ctx, request: InquiryRequest): Promise<AskedInquiry> {
  authorise(ctx, 'inquiries.ask');
  const partnerId = partnerOf(ctx, request.partnerId);
  if (!request.consent && !request.consentId) throw new AppError('invalid', 'inquiry.consent_needed');
  const today = officeDay(ctx);
  const asked = checkedInquiry(request, today);
  const findings = request.consent ? consentFindings(request.consent, asked, consentTexts(), today) : [];
  if (findings.length > 0) throw new AppError('invalid', 'inquiry.invalid', { findings });
  if (request.consent?.scanFileId) await getKeptFile(ctx, request.consent.scanFileId);
  const writer = asWriter(ctx);
  const open = await countiesOpen(writer, { partnerId, county: request.county ?? null, service: 'status', on: today });
  // Of an office that serves one county it is that one's people who answer.
  const county = request.county ?? (open.length === 1 ? open[0] ?? null : null);
  const outcome = await inTransaction(writer, (tx) => keep(tx, { request, partnerId, county, asked, today }), { retries: 2 });
  if ('refused' in outcome) throw new AppError('conflict', outcome.refused);
  return outcome;
}

/** All that is wrong with a question and its consent, for the form that tells it at once. @throws AppError `access.forbidden`. */
export function faultsOfInquiry(ctx: Ctx, request: InquiryRequest): readonly Finding[] {
  authorise(ctx, 'inquiries.ask');
  return inquiryFindings(request, consentTexts(), officeDay(ctx));
}

interface ToKeep {
  readonly request: InquiryRequest;
  readonly partnerId: string;
  readonly county: string | null;
  readonly asked: CheckedInquiry;
  readonly today: CalendarDate;
}

/** The alarm outlives the refusal, so that this returns what is refused instead of throwing. */
async function keep(ctx: TxCtx, { request, partnerId, county, asked, today }: ToKeep): Promise<AskedInquiry | { refused: 'inquiry.too_many' | 'inquiry.too_many_open' }> {
  await lockAsking(ctx, partnerId);
  const personKey = personKeyOf(ctx, personText(asked.details.person));
  const before = await sameAsked(ctx, request, partnerId, personKey, asked);
  if (before) return answerOf(before, true);
  const over = tooMuch(await selectAskedSoFar(ctx, { partnerId, askedBy: askersOf(ctx.actor.id), personKey }));
  if (over !== null) {
    if (over === 'trawling') await raiseAlarm(ctx, { code: 'inquiry.trawling', subject: askersOf(ctx.actor.id)[0], aboutOn: today, partnerId });
    await recordAudit(ctx, { action: 'inquiry.limited', subject: { type: 'partner', id: partnerId }, partner: partnerId, details: { reason: over } });
    return { refused: over === 'too_many_open' ? 'inquiry.too_many_open' : 'inquiry.too_many' };
  }
  const consentId = await consentFor(ctx, { request, partnerId, county, asked, today }, personKey);
  const inquiryId = newId('inq', ctx.clock.now().getTime());
  const answerBy = dueDate(STATUS_CLOCK, today).due;
  const channel = request.channel ?? (ctx.actor.kind === 'client' ? 'api' : 'portal');
  await insertInquiry(ctx, {
    inquiryId, partnerId, county, channel, messageId: request.messageId ?? null, conversationId: request.conversationId ?? null, consentId, questions: asked.questions, personKey,
    attemptKey: attemptKeyOf(ctx, attemptText(asked.details)), details: asked.details, receivedOn: today, answerBy,
  });
  await putQueueItem(ctx, { kind: INQUIRY_ITEM, subjectId: inquiryId, county, caseId: null, partnerId, reason: STATUS_CLOCK, dueOn: answerBy, availableOn: today });
  await recordAudit(ctx, {
    action: 'inquiry.asked', subject: { type: 'inquiry', id: inquiryId }, partner: partnerId, county,
    details: { questions: asked.questions.join(' '), relation: asked.details.asker.relation, consentId, channel },
  });
  await emit(ctx, 'inquiry.asked', { inquiryId });
  return { inquiryId, consentId, receivedOn: today, answerBy, alreadyAsked: false };
}

async function sameAsked(ctx: TxCtx, request: InquiryRequest, partnerId: string, personKey: Buffer, asked: CheckedInquiry): Promise<InquiryRow | null> {
  if (request.messageId) return findInquiryOfMessage(ctx, partnerId, request.messageId);
  const recent = await findSameAsked(ctx, partnerId, personKey, new Date(ctx.clock.now().getTime() - PRESSED_TWICE_MS));
  const text = JSON.stringify([asked.details, asked.questions]);
  return recent.find((row) => JSON.stringify([row.details, row.questions]) === text && row.state !== 'declined'
    && (request.consent ? true : row.consentId === request.consentId)) ?? null;
}

function answerOf({ inquiryId, consentId, receivedOn, answerBy }: InquiryRow, alreadyAsked: boolean): AskedInquiry {
  return { inquiryId, consentId, receivedOn, answerBy, alreadyAsked };
}

/** Records the consent, or finds the one that was named: of this office, this person, and for these questions. */
async function consentFor(ctx: TxCtx, { request, partnerId, county, asked, today }: ToKeep, personKey: Buffer): Promise<string> {
  const { consent } = request;
  if (!consent) {
    const known = await findConsent(ctx, request.consentId ?? '', personKey);
    if (known?.partnerId !== partnerId) throw new AppError('invalid', 'inquiry.consent_not_found');
    const lack = consentLack(known, asked.questions, today);
    if (lack !== null) throw new AppError('invalid', lack, { params: { questions: asked.questions.join(', ') } });
    return known.consentId;
  }
  // A paper that was signed before the person took the consent back is not a new consent.
  const withdrawn = await lastWithdrawal(ctx, partnerId, personKey);
  if (withdrawn !== null && consent.on <= withdrawn) throw new AppError('invalid', 'inquiry.consent_withdrawn');
  const text = consentTexts().find(({ version }) => version === consent.textVersion);
  if (!text) throw new Error('fault: a consent to unknown words was let through');
  const consentId = newId('cns', ctx.clock.now().getTime());
  const longest = addDays(consent.on, text.validDays);
  const expiresOn = consent.until && consent.until < longest ? consent.until : longest;
  await insertConsent(ctx, {
    consentId, partnerId, county, personKey, questions: consent.questions, givenOn: consent.on, expiresOn, form: consent.form, language: consent.language,
    textVersion: text.version, fileId: consent.scanFileId ?? null, givenBy: consent.givenBy.normalize('NFC').trim(),
  });
  await recordAudit(ctx, {
    action: 'inquiry.consent_recorded', subject: { type: 'consent', id: consentId }, partner: partnerId, county,
    details: { form: consent.form, textVersion: text.version, questions: consent.questions.join(' '), on: consent.on },
  });
  return consentId;
}
