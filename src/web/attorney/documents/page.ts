import { getConversation, listDocumentRequests, papersFor, sendMessage } from '../../../modules/exchange/index.ts';
import type { ConversationView } from '../../../modules/exchange/index.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { getPartner } from '../../../modules/partners/index.ts';
import { addAttachment, ATTACHMENT_KINDS, SENT_BYTES_MAX, TRANSLATION_NOT_NEEDED } from '../../../modules/referrals/index.ts';
import type { PaperToSend } from '../../../modules/referrals/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { newFormId } from '../../form-id.ts';
import { codeWords } from '../../message-body.ts';
import { remarkOf, UNAVAILABLE } from '../../message-form.ts';
import { field, fields, pathText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

interface Answering {
  readonly conversation: ConversationView;
  readonly referralId: string;
  readonly papers: readonly PaperToSend[];
  /** The last open request of the office, if it has asked. */
  readonly asked: { readonly requestId: string; readonly messageId: string; readonly neededBy: string | null; readonly kinds: readonly string[] } | null;
}

interface Entered {
  readonly papers: readonly string[];
  readonly unavailable: readonly string[];
  readonly values: Readonly<Record<string, string>>;
}

interface Fault {
  readonly field: string;
  readonly text: string;
}

const TEXTS = { reason: 40, expectedOn: 40, source: 4_000, target: 4_000, paper_kind: 60, paper_language: 10, paper_translation: 60, form_id: 64 } as const;
const NOTHING: Entered = { papers: [], unavailable: [], values: {} };
const TOLD = /^(attachment|file|message\.(invalid|language_missing|tells_protected|papers_without_request|nothing_asked)|agreement\.none_allows)/;

async function answeringOf(visit: Visit): Promise<Answering> {
  const conversation = await getConversation(visit.ctx, pathText(visit, 'conversationId'));
  if (conversation.referralId === null) throw new AppError('not_found', 'message.papers_without_request');
  const open = (await listDocumentRequests(visit.ctx, conversation.conversationId)).filter(({ by, isClosed }) => by === 'partner' && !isClosed).at(-1);
  return {
    conversation, referralId: conversation.referralId, papers: await papersFor(visit.ctx, conversation.referralId),
    asked: open ? { requestId: open.requestId, messageId: open.messageId, neededBy: open.neededBy, kinds: [...new Set([...open.missing, ...open.promised].map(({ kind }) => kind))] } : null,
  };
}

function enteredOf(visit: Visit): Entered {
  return {
    papers: fields(visit, 'papers'), unavailable: fields(visit, 'unavailable'),
    values: Object.fromEntries(Object.entries(TEXTS).map(([name, most]) => [name, field(visit, name, most).replace(/\r\n?/g, '\n')])),
  };
}

function show(visit: Visit, { conversation, referralId, papers, asked }: Answering, entered: Entered, faults: readonly Fault[] = [], done: string | null = null): Reply {
  const words = wordsFor(visit.language);
  const kindWords = (code: string): string => visit.t(`attachments:kind.${code}`);
  return view('attorney/documents', {
    conversation, entered, faults, done, asked: asked && { ...asked, words: asked.kinds.map((code) => ({ code, words: kindWords(code) })) }, attachmentsAt: `/referrals/${encodeURIComponent(referralId)}/attachments`,
    papers: papers.map((one) => ({
      ...one, words: kindWords(one.kind), size: visit.format.number(Math.ceil(one.byteCount / 1024)), isAsked: asked?.kinds.includes(one.kind) ?? false, stops: one.findings.map((finding) => words.finding(finding)),
      translation: papers.find(({ attachmentId }) => attachmentId === one.translatedBy)?.position ?? null,
    })),
    kinds: ATTACHMENT_KINDS.map((code) => ({ code, words: kindWords(code) })), reasons: TRANSLATION_NOT_NEEDED.map((code) => ({ code, words: visit.t(`attachments:not_needed.${code}`) })),
    unavailableReasons: UNAVAILABLE.map((code) => ({ code, words: codeWords(code, visit.language) ?? code })), languages: ['en', getPartner(conversation.partnerId).languages.value.packet], bytesMax: Math.floor(SENT_BYTES_MAX / 1024 / 1024),
    canAdd: isAllowed(visit.ctx, 'attachments.manage'), formId: entered.values['form_id'] || newFormId(),
  }, faults.length > 0 ? 422 : 200);
}

const start: Handler = async (visit) => {
  const answering = await answeringOf(visit);
  // What was asked for and can leave is chosen; the attorney takes out what is not to go.
  const papers = answering.papers.filter(({ kind, findings }) => findings.length === 0 && (answering.asked?.kinds.includes(kind) ?? false)).map(({ attachmentId }) => attachmentId);
  return show(visit, answering, { ...NOTHING, papers });
};

/** What is wrong with what was typed, whatever has happened meanwhile: the same form sent again is answered as the first time. */
function faultsIn({ t }: Visit, { papers, unavailable, values }: Entered): Fault[] {
  const faults: Fault[] = [];
  const say = (name: string, key: string): void => void faults.push({ field: name, text: t(`documents:${key}`) });
  const [source, target] = [values['source'] ?? '', values['target'] ?? ''];
  if (papers.length === 0 && unavailable.length === 0) say('papers', 'choose_something');
  if (unavailable.length > 0 && !UNAVAILABLE.includes(values['reason'] ?? '')) say('reason', 'reason_needed');
  if ((values['expectedOn'] ?? '') !== '' && !isCalendarDate(values['expectedOn'] ?? '')) say('expectedOn', 'day_unfit');
  if ((source === '') !== (target === '')) faults.push({ field: source === '' ? 'source' : 'target', text: t('conversations:write.both_needed') });
  return faults;
}

function bodyOf({ asked, conversation }: Answering, { unavailable, values }: Entered): Readonly<Record<string, unknown>> {
  const expected = values['expectedOn'] ?? '';
  const remark = remarkOf({ source: values['source'] ?? '', target: values['target'] ?? '' }, { source: 'en', target: getPartner(conversation.partnerId).languages.value.packet });
  const notAvailable = unavailable.filter((kind) => asked?.kinds.includes(kind)).map((kind) => ({ kind, reason: values['reason'], ...(expected === '' ? {} : { expectedOn: expected }) }));
  return { ...(asked ? { requestId: asked.requestId } : {}), ...(notAvailable.length > 0 ? { notAvailable } : {}), ...(remark.length > 0 ? { remark } : {}) };
}

const isChosen = ({ req: { upload } }: Visit): boolean => upload !== undefined && upload.fileName !== '';

/** A file that was chosen and not added yet is added first: nothing leaves that nobody has seen in the list. */
const send = (as: 'sent' | 'draft'): Handler => async (visit) => {
  if (isChosen(visit)) return add(visit);
  const [answering, entered] = [await answeringOf(visit), enteredOf(visit)];
  const faults = faultsIn(visit, entered);
  if (faults.length > 0) return show(visit, answering, entered, faults);
  const { conversationId } = answering.conversation;
  try {
    return redirect(await submitOnce(visit.ctx, entered.values['form_id'] ?? '', async (tx) => {
      if (entered.unavailable.length > 0 && answering.asked === null) throw new AppError('conflict', 'message.nothing_asked');
      const sent = await sendMessage(tx, {
        conversationId, kind: 'documentResponse', body: bodyOf(answering, entered), papers: entered.papers, asDraft: as === 'draft', ...(answering.asked ? { inReplyTo: answering.asked.messageId } : {}),
      });
      return `/conversations/${conversationId}?done=${sent.state === 'queued' ? 'sent' : as === 'draft' ? 'draft' : 'review'}`;
    }));
  } catch (error) {
    return notSent(visit, answering, entered, error, error instanceof AppError && error.code === 'message.nothing_asked' ? 'form' : 'papers');
  }
};

function notSent(visit: Visit, answering: Answering, entered: Entered, error: unknown, first: string): Reply {
  if (!(error instanceof AppError) || !TOLD.test(error.code)) throw error;
  const words = wordsFor(visit.language);
  const place = (path: string | undefined): string => (path?.includes('/remark/') ? (path.endsWith('/target') ? 'target' : 'source') : first);
  const located = error.findings.filter(({ severity }) => severity === 'block').map((finding) => ({ field: place(finding.path), text: words.finding(finding) }));
  return show(visit, answering, entered, [{ field: located[0]?.field ?? first, text: words.error(error.code, error.params) }, ...located]);
}

/** A paper is attached to the request, and chosen; the message is not sent. */
const add: Handler = async (visit) => {
  const [before, entered] = [await answeringOf(visit), enteredOf(visit)];
  const { upload } = visit.req;
  const { paper_kind: kind = '', paper_language: language = '', paper_translation: notNeeded = '' } = entered.values;
  try {
    if (!upload || upload.fileName === '') throw new AppError('invalid', 'attachment.file_needed');
    if (!ATTACHMENT_KINDS.some((one) => one === kind)) return show(visit, before, entered, [{ field: 'paper_kind', text: visit.t('documents:kind_needed') }]);
    const { attachmentId } = await addAttachment(visit.ctx, before.referralId, { kind, language, notNeeded, fileName: upload.fileName, source: upload.source });
    const chosen = { ...entered, papers: [...new Set([...entered.papers, attachmentId])], values: { ...entered.values, paper_kind: '', paper_language: '', paper_translation: '' } };
    return show(visit, await answeringOf(visit), chosen, [], visit.t('documents:added'));
  } catch (error) {
    return notSent(visit, await answeringOf(visit), entered, error, 'file');
  }
};

const HERE = '/conversations/:conversationId/documents';
const back: Handler = async (visit) => redirect(`/conversations/${encodeURIComponent(pathText(visit, 'conversationId'))}/documents`);

/** The agency answers a request for papers with the papers themselves. */
export const documentsPages: readonly Page[] = [
  { path: HERE, access: 'messages.send', get: start, post: send('sent') },
  { path: `${HERE}/draft`, access: 'messages.send', get: back, post: send('draft') },
  { path: `${HERE}/paper`, access: 'attachments.manage', get: back, post: add },
];
