import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { hasWords, LANGUAGES, translator } from '../../../platform/i18n.ts';
import { viewCase } from '../../../modules/cases/index.ts';
import { findPartner } from '../../../modules/partners/index.ts';
import {
  addAttachment, ATTACHMENT_BYTES_MAX, ATTACHMENT_KINDS, confirmReviewed, getReferral, listAttachments, readAttachment, removeAttachment, replaceAttachment, restoreAttachment,
  officialForms, setTranslation, TRANSLATION_NOT_NEEDED,
} from '../../../modules/referrals/index.ts';
import type { AttachmentRow } from '../../../modules/referrals/index.ts';
import { peopleOf } from '../case/case-view.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';

const DONE = ['attached', 'same', 'replaced', 'removed', 'restored', 'translated', 'reviewed'];
/** A form has a few hundred bytes besides its file. */
const FORM_BYTES = 64 * 1024;

interface Entered {
  readonly kind: string;
  readonly about: string;
  readonly title: string;
  readonly language: string;
  readonly form: string;
}

interface Refusal {
  readonly code: string;
  readonly params: AppError['params'];
  readonly findings: readonly Finding[];
}

const NOTHING: Entered = { kind: '', about: '', title: '', language: '', form: '' };
const addressOf = (visit: Visit): string => `/referrals/${encodeURIComponent(pathText(visit, 'referralId'))}/attachments`;

async function show(visit: Visit, entered: Entered = NOTHING, refusal: Refusal | null = null, status = 200): Promise<Reply> {
  const { ctx, t } = visit;
  const referral = await getReferral(ctx, pathText(visit, 'referralId'));
  const { attachments, findings } = await listAttachments(ctx, referral.referralId);
  const people = isAllowed(ctx, 'cases.view') ? peopleOf(await viewCase(ctx, referral.caseId)) : [];
  const done = queryText(visit, 'done', 20);
  const numbers = new Map(attachments.map((row) => [row.attachmentId, row.position]));
  const sources = new Map(attachments.flatMap((row) => (row.state === 'current' && row.translation && 'by' in row.translation ? [[row.translation.by, row.position] as const] : [])));
  return view('attorney/attachments', {
    referralId: referral.referralId, people, findings, entered, refusal,
    kinds: ATTACHMENT_KINDS.map((code) => ({ code, words: t(`attachments:kind.${code}`) })),
    reasons: TRANSLATION_NOT_NEEDED.map((code) => ({ code, words: t(`attachments:not_needed.${code}`) })),
    // A form that came with another country has no words in every language of the screens.
    formTitles: new Map(officialForms().map(({ formId, title }) => [formId, hasWords(visit.language, title) ? t(title) : translator('en')(title)])),
    languages: [...new Set<string>([...LANGUAGES, ...partnerLanguages(referral.partnerId)])],
    current: attachments.filter(({ state }) => state === 'current').map((row) => lineOf(visit, row, numbers, sources)),
    former: attachments.filter(({ state }) => state !== 'current').map((row) => lineOf(visit, row, numbers, sources)),
    canManage: isAllowed(ctx, 'attachments.manage'),
    canReview: isAllowed(ctx, 'attachments.review'),
    isAnyoneProtected: people.some(({ isProtected }) => isProtected),
    done: DONE.includes(done) ? `attachments:done.${done}` : null,
  }, status);
}

/** What the partner reads and writes besides the languages of the screens. */
function partnerLanguages(partnerId: string): readonly string[] {
  const languages = findPartner(partnerId)?.languages.value;
  return languages ? [languages.packet, ...languages.correspondence] : [];
}

/** An attachment as the page shows it. */
function lineOf({ t, format, language: here }: Visit, row: AttachmentRow, numbers: ReadonlyMap<string, number>, sources: ReadonlyMap<string, number>) {
  const { attachmentId, position, kind, participantId, title, fileName, language, officialForm, state, pages, byteCount, sha256, addedAt, findings, translation, review } = row;
  const source = sources.get(attachmentId);
  const said = translation === null ? (source === undefined ? t('attachments:page.translation_none') : t('attachments:page.translation_is', { number: source }))
    : 'by' in translation ? t('attachments:page.translation_by', { ...translation.translator, on: format.date(translation.translator.on), number: numbers.get(translation.by) ?? 0 })
      : t('attachments:page.translation_not_needed', { reason: t(`attachments:not_needed.${translation.notNeeded}`) });
  const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(here) + text.slice(1);
  return {
    attachmentId, position, kind: capital(t(`attachments:kind.${kind}`)), participantId, title, fileName, language, officialForm, state: t(`attachments:state.${state}`), canRestore: state === 'removed',
    pages, size: format.number(Math.ceil(byteCount / 1024)), sha256, addedAt, isOpen: translation === null && source === undefined, translation: said,
    reviewed: review ? t('attachments:page.review_done', { at: format.moment(review.at) }) : t('attachments:page.review_none'), findings: state === 'refused' ? findings : [],
  };
}

/** What was refused is told on the page of attachments itself, beside what was entered. */
async function orShow(visit: Visit, entered: Entered, work: () => Promise<string>): Promise<Reply> {
  try {
    return redirect(`${addressOf(visit)}?done=${await work()}`);
  } catch (error) {
    const isTold = error instanceof AppError && (error.code.startsWith('attachment.') || error.code.startsWith('file.')) && error.kind !== 'not_found' && error.kind !== 'forbidden';
    if (!isTold) throw error;
    return show(visit, entered, { code: error.code, params: error.params, findings: error.findings }, error.kind === 'conflict' ? 409 : 422);
  }
}

/** The file of the form that was sent. What says of itself that it is too large is not even read. */
function fileOf({ req }: Visit): { fileName: string; source: NonNullable<Visit['req']['upload']>['source'] } {
  if (!req.upload || req.upload.fileName === '') throw new AppError('invalid', 'attachment.file_needed');
  if (Number(req.get('content-length') ?? 0) > ATTACHMENT_BYTES_MAX + FORM_BYTES) throw new AppError('invalid', 'file.too_large', { params: { bytesMax: ATTACHMENT_BYTES_MAX } });
  return { fileName: req.upload.fileName, source: req.upload.source };
}

const add: Handler = async (visit) => {
  const entered = { kind: field(visit, 'kind', 60), about: field(visit, 'about', 200), title: field(visit, 'title', 400), language: field(visit, 'language', 10), form: field(visit, 'form', 80) };
  const { kind, about, title, language, form } = entered;
  return orShow(visit, entered, async () => {
    const added = await addAttachment(visit.ctx, pathText(visit, 'referralId'), { kind, participantId: about, title, language, officialForm: form, ...fileOf(visit) });
    return added.alreadyAttached ? 'same' : 'attached';
  });
};

const replace: Handler = (visit) => orShow(visit, NOTHING, async () => {
  const replaced = await replaceAttachment(visit.ctx, pathText(visit, 'attachmentId'), fileOf(visit));
  return replaced.alreadyAttached ? 'same' : 'replaced';
});

const translate: Handler = (visit) => orShow(visit, NOTHING, async () => {
  const by = field(visit, 'by', 40);
  const translator = { name: field(visit, 'translator', 400), qualification: field(visit, 'qualification', 400), on: field(visit, 'on', 10) };
  await setTranslation(visit.ctx, pathText(visit, 'attachmentId'), by === '' ? { notNeeded: field(visit, 'reason', 60) } : { by, translator });
  return 'translated';
});

const act = (done: string, work: (ctx: Visit['ctx'], attachmentId: string) => Promise<void>): Handler => (visit) => orShow(visit, NOTHING, async () => {
  await work(visit.ctx, pathText(visit, 'attachmentId'));
  return done;
});

const download: Handler = async (visit) => {
  const file = await readAttachment(visit.ctx, pathText(visit, 'attachmentId'), queryText(visit, 'which', 10) === 'original' ? 'original' : 'copy');
  if (file.referralId !== pathText(visit, 'referralId')) throw new AppError('not_found', 'attachment.not_found');
  return { kind: 'download', bytes: file.bytes, type: file.mediaType, fileName: file.fileName, isInline: false };
};

const back: Handler = async (visit) => redirect(addressOf(visit));
const ONE = '/referrals/:referralId/attachments/:attachmentId';

export const attachmentPages: readonly Page[] = [
  { path: '/referrals/:referralId/attachments', access: 'attachments.view', get: (visit) => show(visit), post: add },
  { path: `${ONE}/file`, access: 'attachments.view', get: download },
  { path: `${ONE}/replace`, access: 'attachments.manage', get: back, post: replace },
  { path: `${ONE}/translation`, access: 'attachments.manage', get: back, post: translate },
  { path: `${ONE}/review`, access: 'attachments.review', get: back, post: act('reviewed', confirmReviewed) },
  { path: `${ONE}/remove`, access: 'attachments.manage', get: back, post: act('removed', removeAttachment) },
  { path: `${ONE}/restore`, access: 'attachments.manage', get: back, post: act('restored', restoreAttachment) },
];
