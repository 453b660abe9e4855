import { getPartner } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { actingFor } from '../conversations/actors.ts';
import { sendMessage } from '../conversations/compose-message.ts';
import { findMessage, readContent } from '../conversations/message.store.ts';
import type { MessageRow } from '../conversations/message.store.ts';
import { CONSENT_FORMS } from '../inquiries/inquiry.rules.ts';
import type { Application, MessageHeader, Party } from '../messages/message.types.ts';
import { APPLICANT_ROLES, printedApplied } from './application.rules.ts';
import type { ApplicationRequest, AppliedPerson } from './application.rules.ts';
import { fileApplication } from './file-application.ts';
import { readApplication } from './read-application.ts';

/**
 * An application that came as a message is kept as one from the page is. What cannot be taken is answered with its reasons.
 * @throws AppError `message.not_found`.
 */
export async function fileByMessage(ctx: Ctx, messageId: string): Promise<'filed' | 'refused'> {
  authorise(ctx, 'applications.file');
  const { row, content } = await messageOf(ctx, messageId);
  try {
    await fileApplication(actingFor(ctx, row.storedBy), requestOf(row, content));
    return 'filed';
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'database.busy') throw error;
    const codes = [...new Set([error.code, ...error.findings.map(({ code }) => code)])].slice(0, 20);
    await tell(ctx, row, 'refusal', { of: row.senderMessageId, reason: codes.map((code) => ({ code: code.replaceAll('.', '_') })) }, `application.refused:${row.messageId}`);
    return 'refused';
  }
}

async function tell(ctx: Ctx, { conversationId, messageId }: Pick<MessageRow, 'conversationId' | 'messageId'>, kind: string, body: Readonly<Record<string, unknown>>, cause: string): Promise<void> {
  if (conversationId !== null) await sendMessage(ctx, { conversationId, kind, inReplyTo: messageId, body, cause });
}

async function messageOf(ctx: Ctx, messageId: string): Promise<{ row: MessageRow; content: MessageHeader & { readonly application: Application } }> {
  return inTransaction(ctx, async (tx) => {
    const row = await findMessage(tx, messageId);
    const text = row === null ? null : await readContent(tx, messageId);
    if (row?.kind !== 'application' || text === null) throw new AppError('not_found', 'message.not_found');
    return { row, content: JSON.parse(text) as MessageHeader & { readonly application: Application } };
  });
}

function requestOf(row: MessageRow, { application, from, to }: MessageHeader & { readonly application: Application }): ApplicationRequest {
  const { party, applicant, service, consent, takenOn } = application;
  const asking = party.find(({ participantId }) => participantId === applicant);
  const role = APPLICANT_ROLES.find((one) => one === asking?.role || (one === 'obligor' && asking?.role === 'alleged_parent'));
  const isPaying = role === 'obligor';
  const other = party.find((one) => one !== asking && (isPaying ? ['obligee', 'caretaker'] : ['obligor', 'alleged_parent']).includes(one.role));
  const theirs = consent.find(({ of, kind }) => (of === undefined || of === applicant) && CONSENT_FORMS.some((form) => form === kind));
  const served = getPartner(row.partnerId).counties.value;
  const applied = personOf(asking);
  return {
    partnerId: row.partnerId, county: to.county ?? row.county ?? served[0] ?? '', partnerFileNumber: from.fileNumber ?? application.applicationId, services: service, applicantRole: role ?? ('' as never),
    applicant: applied, otherParent: personOf(other), children: party.filter((one) => one.role === 'dependent').map(personOf), hasOrder: (application.order ?? []).length > 0, note: null,
    consent: theirs ? { givenBy: printedApplied(applied), on: theirs.givenOn > takenOn ? takenOn : theirs.givenOn, form: theirs.kind === 'signed' ? 'signed' : 'verbal_recorded' } : null,
    channel: row.channel === 'internal' ? 'courier' : row.channel, messageId: row.messageId, conversationId: row.conversationId,
  };
}

function personOf(party: Party | undefined): AppliedPerson {
  const { address, name } = party ?? {};
  const place = address === undefined ? null : [...(address.line ?? []), address.neighborhood, address.postalCode, address.locality, address.region, address.country].filter((part) => part !== undefined && part !== '').join(', ');
  return {
    given: name?.given ?? '', family: name?.family ?? '', secondFamily: name?.secondFamily ?? null, native: name?.native ?? null, birthDate: party?.birthDate ?? null, phone: party?.phone?.[0] ?? null,
    address: place === '' ? null : place,
  };
}

/** Tells the sender of a message what was decided; an application of the page has none. Each is said once. */
export async function tellApplication(ctx: Ctx, applicationId: string): Promise<'sent' | 'none'> {
  authorise(ctx, 'applications.decide');
  const { messageId, conversationId, state, askedFor, reason, receivedOn } = await readApplication(ctx, applicationId);
  if (messageId === null || conversationId === null || state === 'received') return 'none';
  const row = await inTransaction(ctx, (tx) => findMessage(tx, messageId));
  if (!row) return 'none';
  const cause = `application.${state}:${applicationId}`;
  if (state === 'refused') await tell(ctx, row, 'refusal', { of: row.senderMessageId, reason: [{ code: reason ?? 'other' }] }, cause);
  else if (state === 'more_asked') await tell(ctx, row, 'acknowledgment', { status: 'missing_items', receivedOn, missing: askedFor.map((code) => ({ code })) }, `${cause}:${askedFor.join('+')}`);
  else await tell(ctx, row, 'acknowledgment', { status: 'complete', receivedOn }, `application.accepted:${applicationId}`);
  return 'sent';
}
