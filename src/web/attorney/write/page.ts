import { getConversation, isMessageKind, kindRule, listDocumentRequests, sendMessage } from '../../../modules/exchange/index.ts';
import type { ConversationView, MessageKind } from '../../../modules/exchange/index.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { getPartner } from '../../../modules/partners/index.ts';
import { officeDay } from '../../../modules/referrals/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { exchangeWord } from '../../conversation-line.ts';
import { newFormId } from '../../form-id.ts';
import { codeWords } from '../../message-body.ts';
import { answerable, answerableBy, enteredMessage, formFaults, formOf, formOfMove, kindsToWrite, remarkOf } from '../../message-form.ts';
import type { EnteredMessage, FormFault, Saying } from '../../message-form.ts';
import { isStampFresh, sayAsPartner } from '../../officer/conversation/say.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const TOLD = ['message.invalid', 'message.language_missing', 'message.tells_protected', 'agreement.none_allows', 'exchange.too_much_today'];

interface Writing {
  readonly conversation: ConversationView;
  readonly kind: MessageKind;
  /** The move that the message makes, where it was opened for one. */
  readonly saying: Saying | null;
  /** Papers of the last open request of the other side. */
  readonly papers: { readonly requestId: string | null; readonly messageId: string | null; readonly kinds: readonly string[] };
}

async function writingOf(visit: Visit, kind: string, move: string): Promise<Writing> {
  const conversation = await getConversation(visit.ctx, pathText(visit, 'conversationId'));
  if (!isMessageKind(kind) || !kindsToWrite(visit, conversation).includes(kind)) throw new AppError('not_found', 'message.kind_unknown', { params: { kind: kind.slice(0, 40) } });
  const theirs = visit.ctx.actor.partner === null ? 'partner' : 'us';
  const open = kind === 'documentResponse' ? (await listDocumentRequests(visit.ctx, conversation.conversationId)).filter((one) => one.by === theirs && !one.isClosed).at(-1) : undefined;
  const saying = formOfMove(move, visit, conversation);
  return { conversation, kind, saying: saying?.kind === kind ? saying : null, papers: { requestId: open?.requestId ?? null, messageId: open?.messageId ?? null, kinds: [...new Set([...open?.missing ?? [], ...open?.promised ?? []].map((one) => one.kind))] } };
}

const answersOf = (visit: Visit, { conversation, kind, saying }: Writing): string[] => (saying ? answerableBy(saying, visit, conversation) : answerable(visit, kind, conversation));

const nameOfLanguage = (visit: Visit, language: string): string => new Intl.DisplayNames(visit.language, { type: 'language' }).of(language) ?? language;

/** The agency writes English and gives the partner's language; a partner writes its own and may give English. */
function languagesOf(visit: Visit, { conversation }: Writing): { readonly source: string; readonly target: string } {
  const theirs = getPartner(conversation.partnerId).languages.value.packet;
  return visit.ctx.actor.partner === null ? { source: 'en', target: theirs } : { source: theirs, target: 'en' };
}

function show(visit: Visit, writing: Writing, entered: EnteredMessage, faults: readonly FormFault[], status = 200): Reply {
  const { conversation, kind, papers, saying } = writing;
  const form = formOf(kind, saying);
  const isOfficer = visit.ctx.actor.partner !== null;
  const languages = languagesOf(visit, writing);
  const known = new Map(conversation.messages.map((one) => [one.messageId, one]));
  const answers = answersOf(visit, writing).map((messageId) => ({ messageId, title: exchangeWord(visit, 'kind', known.get(messageId)?.kind ?? ''), when: visit.format.instant(known.get(messageId)?.storedAt) }));
  return view('attorney/write', {
    conversation, kind, isOfficer, entered, faults, answers, needsAnswer: kindRule(kind).reply === 'required', title: exchangeWord(visit, 'kind', kind), move: saying?.move ?? null,
    fields: (form?.fields ?? []).map((one) => {
      const options = one.name === 'unavailable' ? papers.kinds : one.options ?? [];
      // Of the lists of codes several have an `other`; here it is a document.
      const wordsOf = (code: string): string => (code === 'other' && ['papers', 'unavailable'].includes(one.name) ? visit.t('attachments:kind.other') : codeWords(code, visit.language) ?? code);
      return { ...one, label: visit.t(`conversations:form.${one.name}`), options: options.map((code) => ({ code, words: wordsOf(code) })) };
    }),
    isWithoutPapers: kind === 'documentResponse' && papers.kinds.length === 0, needsWords: form?.needsWords ?? false, languages: { ...languages, sourceName: nameOfLanguage(visit, languages.source), targetName: nameOfLanguage(visit, languages.target) },
    formId: newFormId(), stamp: String(visit.ctx.clock.now().getTime()),
  }, status);
}

function emptyMessage(visit: Visit, writing: Writing): EnteredMessage {
  const { conversation, kind } = writing;
  const wanted = queryText(visit, 'answers', 40);
  const possible = answersOf(visit, writing);
  const answers = possible.includes(wanted) ? wanted : kindRule(kind).reply === 'required' || kind === 'documentResponse' ? possible[0] ?? '' : '';
  const today = officeDay(visit.ctx);
  return { values: { receivedOn: today, asOf: today }, checked: {}, answers, source: '', target: '', yourNumber: conversation.partnerFileNumber ?? '' };
}

async function send(visit: Visit): Promise<Reply> {
  const writing = await writingOf(visit, field(visit, 'kind', 40), field(visit, 'move', 40));
  const { conversation, kind, papers, saying } = writing;
  const form = formOf(kind, saying);
  if (!form) throw new AppError('not_found', 'message.kind_unknown', { params: { kind } });
  const entered = enteredMessage(visit, form);
  const faults = formFaults(visit, kind, form, entered, answersOf(visit, writing));
  if (faults.length > 0) return show(visit, writing, entered, faults, 422);
  const languages = languagesOf(visit, writing);
  const formId = field(visit, 'form_id', 64);
  const remark = remarkOf(entered, languages);
  const body = { ...form.body(entered, { messageId: `page.${formId}`.slice(0, 64), answers: entered.answers, language: languages.source, requestId: papers.requestId }), ...(remark.length > 0 ? { remark } : {}) };
  const answers = entered.answers !== '' ? entered.answers : papers.messageId ?? '';
  try {
    if (visit.ctx.actor.partner !== null) return await sayOwn(visit, writing, entered, { formId, body, answers });
    const to = await submitOnce(visit.ctx, formId, async (tx) => {
      const asDraft = field(visit, 'as', 10) === 'draft';
      const sent = await sendMessage(tx, { conversationId: conversation.conversationId, kind, body, asDraft, ...(answers === '' ? {} : { inReplyTo: answers }) });
      return `/conversations/${conversation.conversationId}?done=${sent.state === 'queued' ? 'sent' : asDraft ? 'draft' : 'review'}`;
    });
    return redirect(to);
  } catch (error) {
    if (!(error instanceof AppError) || !TOLD.includes(error.code)) throw error;
    return show(visit, writing, entered, refusalsOf(visit, error), 422);
  }
}

/** What the use case found, at the words where it is about them. */
function refusalsOf(visit: Visit, { code, params, findings }: Pick<AppError, 'code' | 'params' | 'findings'>): FormFault[] {
  const words = wordsFor(visit.language);
  const place = (path: string | undefined): string => (path?.includes('/remark/') ? (path.endsWith('/target') ? 'target' : 'source') : 'form');
  const located = findings.filter(({ severity }) => severity === 'block').map((finding) => ({ field: place(finding.path), text: words.finding(finding) }));
  return [{ field: located[0]?.field ?? 'form', text: words.error(code, params) }, ...located];
}

async function sayOwn(visit: Visit, writing: Writing, entered: EnteredMessage, said: { readonly formId: string; readonly body: Readonly<Record<string, unknown>>; readonly answers: string }): Promise<Reply> {
  const { conversation, kind } = writing;
  const stamp = field(visit, 'stamp', 20);
  const usedUp = (): Reply => show(visit, writing, entered, [{ field: 'form', text: visit.t('conversations:write.used_up') }], 409);
  if (!isStampFresh(visit, stamp)) return usedUp();
  const received = await sayAsPartner(visit, conversation, { ...said, kind, yourNumber: entered.yourNumber, stamp: Number(stamp) });
  if (received.state === 'stored') return redirect(`/messages/${received.messageId}?done=received`);
  if (received.findings.some(({ code }) => code === 'message.id_reused' || code === 'message.serial_reused')) return usedUp();
  return show(visit, writing, entered, refusalsOf(visit, { code: 'message.invalid', params: {}, findings: received.findings }), 422);
}

/** A message is written: the agency's in both languages, a partner's as its office would send it. */
export const writePage: Page = {
  path: '/conversations/:conversationId/write',
  access: 'messages.view',
  get: async (visit) => {
    const writing = await writingOf(visit, queryText(visit, 'kind', 40), queryText(visit, 'move', 40));
    // The agency's papers themselves go with its answer: a page of its own.
    if (writing.kind === 'documentResponse' && visit.ctx.actor.partner === null) return redirect(`/conversations/${encodeURIComponent(writing.conversation.conversationId)}/documents`);
    return show(visit, writing, emptyMessage(visit, writing), []);
  },
  post: send,
};
