import { checkMessagePapers, deliveryOf, discardDraft, listSignedReceipts, markRetrieved, messageNumbers, messageToXml, openArrivedList, openMessagePaper, openOutboxItem, papersIn, readMessageContent, readReceipt, releaseDraft } from '../../../modules/exchange/index.ts';
import type { Message, MessageRow } from '../../../modules/exchange/index.ts';
import { getPartner } from '../../../modules/partners/index.ts';
import { signingCertificate } from '../../../modules/referrals/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { attemptLines, codeLine, exchangeWord, hopWords, receiptLines, sidesOf, toneOf } from '../../conversation-line.ts';
import { bodyIn, languagesOf, remarkLines } from '../../message-body.ts';
import { answerable, kindsToWrite, remarkOf } from '../../message-form.ts';
import type { FormFault } from '../../message-form.ts';
import { checkedView } from '../../officer/check/checked-view.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { messageRevealPage, showingOf } from './reveal.ts';

const DONE = ['received', 'released', 'sent'];
const WORDS_MAX = 4_000;
const TOLD = ['message.invalid', 'message.language_missing', 'message.tells_protected', 'message.review_needed', 'agreement.none_allows', 'attachment.cannot_leave'];
/** Kept as a packet or a file of its own: the referral or the list of what came in has it. */
const FILE_KINDS = ['referral', 'packet', 'list', 'paper', 'unreadable'];

interface Added {
  readonly source: string;
  readonly target: string;
}

const isOfficer = (visit: Visit): boolean => visit.ctx.actor.partner !== null;
const hrefOf = (messageId: string): string => `/messages/${encodeURIComponent(messageId)}`;

/** What the partner's officer reads here has been fetched: that is proven once. */
async function markRead(visit: Visit, { messageId, direction, state }: MessageRow): Promise<boolean> {
  if (!isOfficer(visit) || direction !== 'out' || state !== 'delivered' || visit.req.method !== 'GET') return false;
  return !(await markRetrieved(visit.ctx, messageId, 'portal')).alreadyRetrieved;
}

/** What may be said in answer to it. */
function answersTo(visit: Visit, message: MessageRow): string[] {
  if (message.conversationId === null || !['stored', 'delivered', 'retrieved'].includes(message.state) || (message.direction === 'out') !== isOfficer(visit)) return [];
  return kindsToWrite(visit, { messages: [message] }).filter((kind) => answerable(visit, kind, { messages: [message] }).length > 0);
}

/** The bytes of what came as a file and stands nowhere else. */
const isArrivedFile = (visit: Visit, { direction, kind }: MessageRow): boolean => direction === 'in' && ['list', 'unreadable'].includes(kind) && isAllowed(visit.ctx, 'messages.settle');

/** The papers that a message of ours brings, for whoever may read them. */
function papersOf({ ctx, t, format }: Visit, { direction, kind, state }: MessageRow, content: Readonly<Record<string, unknown>> | null): readonly object[] {
  if (ctx.actor.partner === null && !isAllowed(ctx, 'attachments.view')) return [];
  if (direction !== 'out' || kind !== 'documentResponse' || content === null || state === 'cancelled') return [];
  return papersIn(JSON.stringify(content)).map((paper) => ({ number: paper.attachmentId.slice(1), words: t(`attachments:kind.${paper.kind}`), size: t('documents:size', { pages: paper.pages ?? 0, size: format.number(Math.ceil(paper.byteCount / 1024)) }), sha256: paper.sha256 }));
}

async function show(visit: Visit, faults: readonly FormFault[], added: Added): Promise<Reply> {
  const { ctx, t, format } = visit;
  const { message, content, filed } = await readMessageContent(ctx, pathText(visit, 'messageId'));
  const isRead = await markRead(visit, message);
  const body = content?.[message.kind] ?? null;
  const sides = sidesOf(visit, message);
  const isOurs = message.direction === 'out';
  const { attempts } = isOurs && !isOfficer(visit) && isAllowed(ctx, 'exchange.view') ? await deliveryOf(ctx, message.messageId) : { attempts: [] };
  const done = queryText(visit, 'done', 12);
  const state = isRead ? 'retrieved' : message.state;
  const languages = { source: 'en', target: getPartner(message.partnerId).languages.value.packet };
  return view('attorney/message', {
    message, faults, added, languages, papers: papersOf(visit, message, content), isOfficer: isOfficer(visit), isRead, href: hrefOf(message.messageId), kind: exchangeWord(visit, 'kind', message.kind), title: t('conversations:message.title', { kind: exchangeWord(visit, 'kind', message.kind), when: format.instant(message.storedAt) }),
    who: `${t('conversations:line.from', { who: isOurs ? sides.us : sides.partner })} · ${t('conversations:line.to', { who: isOurs ? sides.partner : sides.us })}`, via: message.hop === null ? null : hopWords(message.hop, visit),
    state: exchangeWord(visit, 'state', state), tone: toneOf(state), code: codeLine(message.code, visit), channel: message.channel === 'internal' ? null : exchangeWord(visit, 'channel', message.channel),
    says: bodyIn(body, languagesOf(message.partnerId, visit.language), 'America/Los_Angeles', await messageNumbers(ctx, { message, content })), showing: showingOf(visit, message.messageId), remarks: remarkLines(body), hasContent: content !== null,
    hasFile: isArrivedFile(visit, message) || isOfficer(visit) && isOurs && FILE_KINDS.includes(message.kind) && ['delivered', 'retrieved'].includes(state), receipts: isAllowed(ctx, 'receipts.read') ? receiptLines(visit, await listSignedReceipts(ctx, { messageId: message.messageId })) : [],
    attempts: attemptLines(visit, attempts), isDraft: message.state === 'draft' && isAllowed(ctx, 'messages.send'), isOfRule: message.cause?.startsWith('reminder ') ?? false,
    filed: filed && { ...filed, href: isAllowed(ctx, 'incoming.view') ? `/incoming/${encodeURIComponent(filed.incomingId)}` : null, words: t(`incoming:state.${filed.state}`) },
    canSeeDelivery: isOurs && !isOfficer(visit) && message.state !== 'draft' && message.state !== 'cancelled' && isAllowed(ctx, 'exchange.view'), kinds: answersTo(visit, message).map((kind) => ({ kind, title: exchangeWord(visit, 'kind', kind) })),
    done: DONE.includes(done) ? t(`conversations:done.${done}`) : null,
  }, faults.length > 0 ? 422 : 200);
}

async function release(visit: Visit): Promise<Reply> {
  const messageId = pathText(visit, 'messageId');
  const text = (name: string): string => field(visit, name, WORDS_MAX).replace(/\r\n?/g, '\n');
  const added: Added = { source: text('source'), target: text('target') };
  if ((added.source === '') !== (added.target === '')) return show(visit, [{ field: added.source === '' ? 'source' : 'target', text: visit.t('conversations:write.both_needed') }], added);
  try {
    await releaseDraft(visit.ctx, messageId, await withWords(visit, messageId, added));
    return redirect(`${hrefOf(messageId)}?done=released`);
  } catch (error) {
    if (!(error instanceof AppError) || !TOLD.includes(error.code)) throw error;
    const words = wordsFor(visit.language);
    const place = (path?: string): string => (path?.endsWith('/target') ? 'target' : 'source');
    return show(visit, [{ field: 'source', text: words.error(error.code, error.params) }, ...error.findings.map((finding) => ({ field: place(finding.path), text: words.finding(finding) }))], added);
  }
}

/** The draft as it is, with what somebody adds in both languages. */
async function withWords(visit: Visit, messageId: string, added: Added): Promise<{ readonly body: Readonly<Record<string, unknown>> } | undefined> {
  if (added.source === '') return undefined;
  const { message, content } = await readMessageContent(visit.ctx, messageId);
  const body = (content?.[message.kind] ?? {}) as Readonly<Record<string, unknown>>;
  const before: readonly unknown[] = Array.isArray(body['remark']) ? body['remark'] : [];
  return { body: { ...body, remark: [...before, ...remarkOf(added, { source: 'en', target: getPartner(message.partnerId).languages.value.packet })] } };
}

const discard: Handler = async (visit) => {
  await discardDraft(visit.ctx, pathText(visit, 'messageId'));
  return redirect('/drafts?done=discarded');
};

/** The message itself in one of its forms; what a partner fetches is proven, as over any other way. */
function saved(form: 'xml' | 'json' | 'file'): Handler {
  return async (visit) => {
    const messageId = pathText(visit, 'messageId');
    const { message, content } = await readMessageContent(visit.ctx, messageId);
    if (isOfficer(visit) && message.direction === 'out') {
      const item = await openOutboxItem(visit.ctx, messageId, form);
      if (item.isProving) await markRead(visit, message);
      return { kind: 'download', bytes: item.bytes ?? await item.open(), type: item.mediaType, fileName: item.fileName, isInline: false };
    }
    if (form === 'file' && isArrivedFile(visit, message)) {
      const { source, fileName } = await openArrivedList(visit.ctx, messageId);
      return { kind: 'download', bytes: source, type: 'application/octet-stream', fileName, isInline: false };
    }
    if (content === null || form === 'file') throw new AppError('not_found', 'message.no_such_form');
    const bytes = form === 'xml' ? messageToXml(content as unknown as Message) : Buffer.from(JSON.stringify(content, null, 2), 'utf8');
    return { kind: 'download', bytes, type: form === 'xml' ? 'application/xml' : 'application/json', fileName: `${messageId}.${form}`, isInline: false };
  };
}

/** A receipt as it was signed, to be verified by anybody. */
const receipt: Handler = async (visit) => {
  const { signed, fileName, mediaType } = await readReceipt(visit.ctx, pathText(visit, 'receiptId'));
  return { kind: 'download', bytes: signed, type: mediaType, fileName, isInline: false };
};

const paper: Handler = async (visit) => {
  const file = await openMessagePaper(visit.ctx, pathText(visit, 'messageId'), Number(pathText(visit, 'position')) || 0);
  return { kind: 'download', bytes: file.bytes, type: file.mediaType, fileName: file.fileName, isInline: false };
};

/** The check of the papers' signed file, in the words in which packets are checked. */
const checked: Handler = async (visit) => {
  const messageId = pathText(visit, 'messageId');
  return checkedView(visit, { check: await checkMessagePapers(visit.ctx, messageId), back: hrefOf(messageId), named: { title: visit.t('documents:check_title'), back: visit.t('documents:check_back') }, container: isOfficer(visit) ? `${hrefOf(messageId)}/file` : null, certificate: `${hrefOf(messageId)}/certificate` });
};

const certificate: Handler = async (visit) => {
  await readMessageContent(visit.ctx, pathText(visit, 'messageId'));
  return { kind: 'download', bytes: Buffer.from(signingCertificate(visit.ctx), 'utf8'), type: 'application/x-pem-file', fileName: 'puente-signer.pem', isInline: false };
};

const NOTHING: Added = { source: '', target: '' };
const back: Handler = async (visit) => redirect(hrefOf(pathText(visit, 'messageId')));

/** One message: what it says, what proves it, how it travelled. */
export const messagePages: readonly Page[] = [
  { path: '/messages/:messageId', access: 'messages.view', get: (visit) => show(visit, [], NOTHING) },
  messageRevealPage,
  { path: '/messages/:messageId/release', access: 'messages.send', get: back, post: release },
  { path: '/messages/:messageId/discard', access: 'messages.send', get: back, post: discard },
  { path: '/messages/:messageId/xml', access: 'messages.view', get: saved('xml') },
  { path: '/messages/:messageId/json', access: 'messages.view', get: saved('json') },
  { path: '/messages/:messageId/file', access: 'messages.view', get: saved('file') },
  { path: '/messages/:messageId/papers/:position', access: 'messages.view', get: paper },
  { path: '/messages/:messageId/check', access: 'messages.view', get: checked },
  { path: '/messages/:messageId/certificate', access: 'messages.view', get: certificate },
  { path: '/receipts/:receiptId', access: 'receipts.read', get: receipt },
];
