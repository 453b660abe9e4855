import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Io } from '../cli/command.ts';
import { answerOne } from '../jobs/answer-inquiry.ts';
import {
  actOnMessage, announceSent, askAboutCase, conversationOfReferral, currentConsentText, deliverMessage, deliverReferral, listInquiries, markRetrieved, newMessage,
  readInquiry, readReceipt, receiveMessage, sendMessage, verifyReceipt,
} from '../modules/exchange/index.ts';
import type { ConversationView, InquiryRequest, Loose, MessageBodies, MessageKind, Question } from '../modules/exchange/index.ts';
import { createClient, listClients, rotateClient, SCOPES } from '../modules/identity/index.ts';
import { getReferral, officeDay } from '../modules/referrals/index.ts';
import { withActor } from '../platform/context.ts';
import type { Ctx } from '../platform/context.ts';
import type { CalendarDate } from '../platform/dates.ts';
import type { CaseExtractRecord } from './case-generator.ts';

const PARTNER = 'mx-consulate-los-angeles';
const COUNTY = '06037';
const THEIR_FILE = 'CLA/2026/0117';
const THEIR_REQUEST = 'CLA-DOC-1';
const QUESTIONS: readonly Question[] = ['status', 'last_payment', 'next_step'];
const CLIENT = 'Demo';

/** What the sample consulate calls its messages: a second run knows them by it. Its numbers are far above those that a visitor would use. */
const THEIRS = {
  acknowledgment: { messageId: 'demo-acknowledgment', serial: '900000000001' },
  documentRequest: { messageId: 'demo-document-request', serial: '900000000002' },
  statusReport: { messageId: 'demo-status-report', serial: '900000000003' },
} as const;

/** Sends our request by the partner's channels, and has the partner fetch it: that is what makes it delivered. */
export async function handOver(ctx: Ctx, referralId: string): Promise<void> {
  const { packets } = await getReferral(ctx, referralId);
  const { messageId } = await announceSent(ctx, { referralId, packetId: packets[0]?.packetId ?? '' });
  await fetched(ctx, messageId);
  await deliverReferral(ctx, messageId);
}

/** The consulate's program answers the request, asks for a paper, and reports; its officer asks for a person at the counter. Each is said once, however often this runs. */
export async function tellExchange(ctx: Ctx, io: Io, referralId: string, one: CaseExtractRecord): Promise<void> {
  const view = await talk(ctx, referralId);
  io.say(io.words('demo:exchange.fetched'));
  const receipt = await answer(ctx, view, 'acknowledgment', { status: 'complete', receivedOn: officeDay(ctx) });
  const { isIntact } = verifyReceipt(receipt, { trust: ctx.keys.signing?.certificatePem ?? '', now: ctx.clock.now() });
  io.say(io.words('demo:exchange.acknowledged', { number: THEIR_FILE, intact: io.words(isIntact ? 'demo:receipt_intact' : 'demo:broken') }));
  await answer(ctx, view, 'documentRequest', { requestId: THEIR_REQUEST, document: [{ kind: 'birth_certificate' }] });
  await supply(ctx, referralId);
  io.say(io.words('demo:exchange.asked', { request: THEIR_REQUEST }));
  await answer(ctx, view, 'statusReport', { state: 'in_progress', asOf: officeDay(ctx) });
  const { told, inquiryId } = await askAtCounter(ctx, one);
  io.say(io.words('demo:exchange.counter', { count: told, path: `/asked/${inquiryId}` }));
  const whole = await talk(ctx, referralId);
  const receipts = whole.messages.reduce((sum, message) => sum + message.receipts.length, 0);
  io.say(io.words('demo:exchange.see', { messages: whole.messages.length, receipts, path: `/conversations/${whole.conversationId}` }));
}

async function talk(ctx: Ctx, referralId: string): Promise<ConversationView> {
  const view = await conversationOfReferral(ctx, referralId);
  if (!view) throw new Error('fault: the request of the sample was sent without a word');
  return view;
}

/** As the consulate's program does it over the API. */
const consulate = (ctx: Ctx): Ctx => withActor(ctx, { ...ctx.actor, kind: 'client', id: 'cli_demo', name: CLIENT, roles: ['partner_officer'], counties: 'all', partner: PARTNER });

async function fetched(ctx: Ctx, messageId: string): Promise<void> {
  await deliverMessage(ctx, messageId);
  await markRetrieved(consulate(ctx), messageId, 'api');
}

/** Says a message of the consulate's, if it has not been said, and lets the county act on it. Returns the receipt. */
async function answer<K extends keyof typeof THEIRS & MessageKind>(ctx: Ctx, { wireId, ourFileNumber, messages }: ConversationView, kind: K, body: Loose<MessageBodies[K]>): Promise<Uint8Array> {
  const said = messages.find(({ direction, senderMessageId }) => direction === 'in' && senderMessageId === THEIRS[kind].messageId);
  if (said) {
    await actOnMessage(ctx, said.messageId);
    return (await readReceipt(ctx, said.receipts[0]?.receiptId ?? '')).signed;
  }
  const now = ctx.clock.now();
  const message = newMessage(kind, {
    ...THEIRS[kind], conversation: wireId, inReplyTo: messages.find((one) => one.direction === 'out' && one.kind === 'referral')?.messageId, sentAt: now.toISOString(), datedOn: officeDay(ctx),
    from: { partnerId: PARTNER, country: 'MX', fileNumber: THEIR_FILE, name: [{ lang: 'es-MX', value: 'Consulado General de México en Los Ángeles' }] },
    to: { county: COUNTY, fileNumber: ourFileNumber, name: [{ lang: 'en', value: 'County of Los Angeles' }] },
  }, body, now);
  const received = await receiveMessage(consulate(ctx), { partnerId: PARTNER, channel: 'api', source: Buffer.from(JSON.stringify(message), 'utf8') });
  await actOnMessage(ctx, received.messageId);
  return received.receipt;
}

/** The county says that the paper is on its way, under the id of the question, and the consulate fetches that, too. */
async function supply(ctx: Ctx, referralId: string): Promise<void> {
  const { messages } = await talk(ctx, referralId);
  const asked = messages.find(({ direction, kind }) => direction === 'in' && kind === 'documentRequest');
  const answered = messages.find(({ direction, kind }) => direction === 'out' && kind === 'documentResponse');
  const messageId = answered?.messageId ?? (await sendMessage(ctx, {
    referralId, kind: 'documentResponse', inReplyTo: asked?.messageId ?? '', body: { requestId: THEIR_REQUEST, notAvailable: [{ kind: 'birth_certificate', reason: 'requested_from_registry' }] },
  })).messageId;
  await fetched(ctx, messageId);
}

/** The officer asks for the person at the counter, who has consented; what may be told by itself is answered at once. */
async function askAtCounter(ctx: Ctx, one: CaseExtractRecord): Promise<{ readonly inquiryId: string; readonly told: number }> {
  const officer = consulate(ctx);
  const earlier = (await listInquiries(officer, { show: 'all' })).rows.at(-1);
  const inquiryId = earlier?.inquiryId ?? (await askAboutCase(officer, requestOf(one, officeDay(ctx)))).inquiryId;
  if ((await readInquiry(ctx, inquiryId)).shown === 'received') await answerOne(ctx, inquiryId);
  return { inquiryId, told: (await readInquiry(ctx, inquiryId)).answers.length };
}

function requestOf({ caseId, participants }: CaseExtractRecord, today: CalendarDate): InquiryRequest {
  const person = participants.find(({ role }) => role === 'obligee');
  if (!person) throw new Error('fault: nobody in the sample asks');
  const { given, family, secondFamily } = person.name;
  const name = [given, family, secondFamily].filter((part) => part !== undefined).join(' ');
  return {
    caseNumber: caseId, county: COUNTY, person: { given, family, ...(secondFamily === undefined ? {} : { secondFamily }), birthDate: person.birthDate ?? '' }, asker: { name, relation: 'obligee', documentShown: 'consular_id' }, questions: QUESTIONS,
    consent: { givenBy: name, on: today, language: 'es-MX', form: 'signed', textVersion: currentConsentText().version, questions: QUESTIONS },
  };
}

/** How to try the API and SFTP by hand: a credential of this data directory's own, in a file that only its owner reads, as the password is. */
export async function tellWaysIn(ctx: Ctx, io: Io, folder: string): Promise<void> {
  const path = join(folder, 'api-credential');
  if (!existsSync(path)) {
    const known = (await listClients(ctx)).find(({ name, partnerId, revokedAt }) => name === CLIENT && partnerId === PARTNER && revokedAt === null);
    const { secret } = known ? await rotateClient(ctx, known.clientId) : await createClient(ctx, { partnerId: PARTNER, name: CLIENT, scopes: SCOPES, networks: [] });
    writeFileSync(path, secret, { mode: 0o600, flag: 'wx' });
    io.say(io.words('demo:exchange.credential', { secret, path }));
  }
  const { host, port, publicUrl, sftpPort, sftpHost } = ctx.config;
  io.say(io.words('demo:exchange.api', { command: `curl -H "Authorization: Bearer $(cat ${path})" ${publicUrl ?? `http://${host}:${port}`}/api/v1/messages`, docs: '/api/v1/docs' }));
  if (sftpPort !== 0) io.say(io.words('demo:exchange.sftp', { add: `puente clients keys add KEY.pub --partner ${PARTNER} --name demo`, command: `sftp -P ${sftpPort} ${PARTNER}@${sftpHost}` }));
}
