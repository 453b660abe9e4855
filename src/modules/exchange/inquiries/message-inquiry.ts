import { getPartner } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { actingFor } from '../conversations/actors.ts';
import { sendMessage } from '../conversations/compose-message.ts';
import { findMessage, readContent } from '../conversations/message.store.ts';
import type { MessageRow } from '../conversations/message.store.ts';
import { findConversation } from '../conversations/conversation.store.ts';
import type { Inquiry } from '../messages/message.types.ts';
import type { MessageHeader } from '../messages/message.types.ts';
import type { AnswerFacts } from './answer.rules.ts';
import type { AnswerContent } from './answer.store.ts';
import { askAboutCase } from './ask-about-case.ts';
import { CONSENT_FORMS, printedPerson, QUESTIONS } from './inquiry.rules.ts';
import type { AskChannel, AskedPerson, ConsentGiven, InquiryRequest, Question } from './inquiry.rules.ts';
import { readInquiry } from './read-inquiry.ts';

/** What passes by itself: the message waits, and is taken up again. */
const BUSY: readonly string[] = ['database.busy', 'inquiry.too_many_open'];

/** The words of consent were the partner's own: `consent-texts.v1.json`. */
const PARTNERS_OWN = 'partner-own';

/**
 * A question that came as a message: kept as one from the page is. What cannot be taken is answered with a reason that does not depend on any case.
 * @throws AppError `message.not_found`.
 */
export async function askByMessage(ctx: Ctx, messageId: string): Promise<'asked' | 'refused'> {
  authorise(ctx, 'inquiries.ask');
  const { row, content, wireCounty } = await messageOf(ctx, messageId);
  const asking = actingFor(ctx, row.storedBy);
  try {
    await askAboutCase(asking, requestOf(row, content, wireCounty));
    return 'asked';
  } catch (error) {
    if (!(error instanceof AppError) || BUSY.includes(error.code)) throw error;
    if (row.conversationId === null) return 'refused';
    await sendMessage(ctx, {
      conversationId: row.conversationId, kind: 'reply', inReplyTo: row.messageId, cause: `inquiry.refused:${row.messageId}`,
      body: { status: 'not_answered', withheld: [...new Set([error.code, ...error.findings.map(({ code }) => code)])].slice(0, 20).map((code) => ({ code: asCode(code) })) },
    });
    return 'refused';
  }
}

/** Codes of messages have no points. */
const asCode = (code: string): string => code.replaceAll('.', '_');

interface Arrived {
  readonly row: MessageRow;
  readonly content: MessageHeader & { readonly inquiry: Inquiry };
  readonly wireCounty: string | null;
}

async function messageOf(ctx: Ctx, messageId: string): Promise<Arrived> {
  return inTransaction(ctx, async (tx) => {
    const row = await findMessage(tx, messageId);
    const text = row === null ? null : await readContent(tx, messageId);
    if (row?.kind !== 'inquiry' || text === null) throw new AppError('not_found', 'message.not_found');
    const conversation = row.conversationId === null ? null : await findConversation(tx, row.conversationId);
    const content = JSON.parse(text) as Arrived['content'];
    const served = getPartner(row.partnerId).counties.value;
    const county = content.to.county ?? conversation?.county ?? null;
    return { row, content, wireCounty: county !== null && served.includes(county) ? county : null };
  });
}

function requestOf(row: MessageRow, { inquiry, from, to, referralId }: Arrived['content'], county: string | null): InquiryRequest {
  const { person } = inquiry;
  const asked: AskedPerson = {
    given: person?.name.given ?? '', family: person?.name.family ?? '', secondFamily: person?.name.secondFamily ?? null, native: person?.name.native ?? null, birthDate: person?.birthDate ?? '',
    identifiers: (person?.identifier ?? []).map(({ type, value }) => ({ type, value })),
  };
  const role = person?.role;
  const relation = role === 'obligor' || role === 'alleged_parent' ? 'obligor' : role === 'obligee' || role === 'caretaker' ? role : 'representative';
  const questions = inquiry.question.filter((one): one is Question => QUESTIONS.some((known) => known === one));
  return {
    partnerId: row.partnerId, county, caseNumber: to.fileNumber ?? null, ourFileNumber: referralId ?? null, partnerFileNumber: from.fileNumber ?? null, person: asked,
    asker: { name: printedPerson(asked), relation, documentShown: 'other' }, questions: questions.length === inquiry.question.length ? questions : [],
    consent: consentOf(row, inquiry, asked, questions), channel: channelOf(row), messageId: row.messageId, conversationId: row.conversationId,
  };
}

const channelOf = ({ channel }: MessageRow): AskChannel => (channel === 'internal' ? 'courier' : channel);

/** Of the person asked about, and still holding: the sender vouches for it, and says under which number it is kept there. */
function consentOf(row: MessageRow, { consent, person }: Inquiry, asked: AskedPerson, questions: readonly Question[]): ConsentGiven | null {
  const theirs = (consent ?? []).find(({ of, kind }) => (of === undefined || of === person?.personId) && CONSENT_FORMS.some((form) => form === kind));
  if (!theirs) return null;
  const language = getPartner(row.partnerId).languages.value.packet;
  return { givenBy: printedPerson(asked), on: theirs.givenOn, until: theirs.until ?? null, language, form: theirs.kind === 'signed' ? 'signed' : 'verbal_recorded', textVersion: PARTNERS_OWN, questions };
}

/** Tells the sender of a message where the question stands: an answer, a person who looks, an end. Each is said once. Questions of the page have no message. */
export async function replyToInquiry(ctx: Ctx, inquiryId: string): Promise<'sent' | 'none'> {
  authorise(ctx, 'inquiries.answer');
  const inquiry = await readInquiry(ctx, inquiryId);
  if (inquiry.conversationId === null || inquiry.messageId === null || inquiry.shown === 'received') return 'none';
  const answer = inquiry.answers.at(-1);
  const body = answer ? answered(answer.content) : { status: 'not_answered', withheld: [{ code: inquiry.shown === 'declined' ? inquiry.reason ?? 'other' : 'person_will_answer' }] };
  await sendMessage(ctx, { conversationId: inquiry.conversationId, kind: 'reply', inReplyTo: inquiry.messageId, body, cause: `inquiry.${inquiry.shown}:${inquiryId}` });
  return 'sent';
}

function answered(content: AnswerContent): Readonly<Record<string, unknown>> {
  if (content.kind === 'facts') return { status: 'answered', fact: factsOf(content.facts) };
  const [language] = Object.keys(content.texts).filter((one) => one !== 'en');
  const source = content.texts['en'] ?? '';
  const remark = language === undefined ? { sourceLanguage: 'en', segment: [{ source }] } : { sourceLanguage: 'en', targetLanguage: language, segment: [{ source, target: content.texts[language] ?? '' }] };
  return { status: 'answered', remark: [remark] };
}

interface ToldFact {
  readonly kind: string;
  readonly code?: string;
  readonly on?: string;
  readonly amount?: string;
  readonly currency?: string;
}

function factsOf({ status, lastPayment, nextStep, balance }: AnswerFacts): ToldFact[] {
  return [
    ...(status ? [{ kind: 'status', code: status.case, ...(status.closedOn === null ? {} : { on: status.closedOn }) }, ...(status.request === null ? [] : [{ kind: 'request', code: status.request }])] : []),
    ...(lastPayment === undefined ? [] : [lastPayment === null ? { kind: 'last_payment', code: 'none' } : { kind: 'last_payment', ...lastPayment }]),
    ...(nextStep ? [{ kind: 'next_step', code: nextStep }] : []),
    ...(balance ? balance.map(({ amount, currency, asOf }) => ({ kind: 'balance', amount, currency, on: asOf })) : []),
  ];
}
