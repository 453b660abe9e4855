import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { isCalendarDate } from '../../../platform/dates.ts';

/** What an upload may hold. A sealed packet must be handed over and opened in one piece. */
export const FILE_BYTES_MAX = 25 * 1024 * 1024;
export const REFERRAL_BYTES_MAX = 120 * 1024 * 1024;
export const REFERRAL_COUNT_MAX = 60;
export const PAGES_MAX = 300;
export const PIXELS_MAX = 64_000_000;

const TITLE_CHARACTERS_MAX = 200;
const LANGUAGE = /^[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?$/;
const FORM_ID = /^[a-z][a-z0-9_]{1,60}$/;

/** A kind of attachment, as `kinds.json` has it. */
export interface AttachmentKind {
  readonly code: string;
  readonly about: boolean;
  readonly review: boolean;
  readonly picture: boolean;
}

export type AttachmentState = 'current' | 'replaced' | 'removed' | 'refused';

/** The words about an attachment that a person typed; both can name somebody, so they are kept encrypted. */
export interface AttachmentDetails {
  readonly title: string | null;
  readonly fileName: string;
}

export interface Translator {
  readonly name: string;
  readonly qualification: string;
  readonly on: string;
}

export type TranslationDecision = { readonly by: string; readonly translator: Translator } | { readonly notNeeded: string };

/** An attachment as far as the rules need it. */
export interface JudgedAttachment {
  readonly attachmentId: string;
  readonly position: number;
  readonly kind: string;
  readonly participantId: string | null;
  readonly title: string | null;
  readonly officialForm: string | null;
  readonly mediaType: string;
  readonly findings: readonly Finding[];
  readonly translation: TranslationDecision | null;
  /** The participants who were protected when an attorney confirmed it, or null where nobody did. */
  readonly reviewedFor: readonly string[] | null;
}

/** A title as it is kept. @throws AppError `attachment.title_invalid`. */
export function titleOf(given: string | null | undefined): string | null {
  const title = plainText(given ?? '');
  if (title.length > TITLE_CHARACTERS_MAX || /\p{Cc}|\p{Cf}/u.test(title)) throw new AppError('invalid', 'attachment.title_invalid');
  return title === '' ? null : title;
}

/** @throws AppError `attachment.language_invalid`. */
export function languageOf(given: string | null | undefined): string | null {
  const language = (given ?? '').trim();
  if (language !== '' && !LANGUAGE.test(language)) throw new AppError('invalid', 'attachment.language_invalid');
  return language === '' ? null : language;
}

/** @throws AppError `attachment.form_invalid`. */
export function officialFormOf(given: string | null | undefined): string | null {
  const form = (given ?? '').trim();
  if (form !== '' && !FORM_ID.test(form)) throw new AppError('invalid', 'attachment.form_invalid');
  return form === '' ? null : form;
}

/** @throws AppError `attachment.translator_invalid`: name, qualification and a day that is not in the future are all needed. */
export function translatorOf(given: Translator, today: string): Translator {
  const name = plainText(given.name);
  const qualification = plainText(given.qualification);
  const isFit = (text: string): boolean => text !== '' && text.length <= TITLE_CHARACTERS_MAX && !/\p{Cc}|\p{Cf}/u.test(text);
  if (!isFit(name) || !isFit(qualification) || !isCalendarDate(given.on) || given.on > today) throw new AppError('invalid', 'attachment.translator_invalid');
  return { name, qualification, on: given.on };
}

const plainText = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

const EXTENSIONS: Readonly<Record<string, string>> = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' };

/** The name in a packet: a number and the kind, and nothing that a person wrote. */
export function packetFileName(number: number, kind: string, mediaType: string): string {
  return `attachments/${String(number).padStart(2, '0')}-${kind.replaceAll('_', '-')}.${EXTENSIONS[mediaType] ?? 'bin'}`;
}

/** Pages with words, whatever kind of paper somebody says it is. */
const isPdf = ({ mediaType }: Pick<JudgedAttachment, 'mediaType'>): boolean => !mediaType.startsWith('image/');

/** The reason why a photograph needs no translation; of anything else it would not be true. */
export const WITHOUT_WORDS = 'picture_without_words';

/** Whether a file may be called a picture without words: one of a kind that is a picture, and no pages. */
export function mayBeWithoutWords(attachment: Pick<JudgedAttachment, 'mediaType'>, kind: AttachmentKind): boolean {
  return kind.picture && !isPdf(attachment);
}

/** Whether somebody must have looked at it: a machine cannot tell what a picture or a scan says of a protected person. */
export function needsReview(attachment: Pick<JudgedAttachment, 'participantId' | 'title' | 'mediaType'>, kind: AttachmentKind, isProtected: ReadonlySet<string>): boolean {
  if (isProtected.size === 0) return false;
  return kind.review || isPdf(attachment) || attachment.title !== null || (attachment.participantId !== null && isProtected.has(attachment.participantId));
}

/** What stops an attachment, or is worth a look, before it leaves. */
export function attachmentFindings(all: readonly JudgedAttachment[], kindOf: (code: string) => AttachmentKind, isProtected: ReadonlySet<string>): Finding[] {
  const current = new Set(all.map((attachment) => attachment.attachmentId));
  const translations = new Set(all.flatMap(({ translation }) => (translation && 'by' in translation ? [translation.by] : [])));
  return all.flatMap((attachment) => {
    const found: Finding[] = [];
    const add = (code: string, severity: Finding['severity']): void => {
      found.push({ code, severity, path: `/attachments/${attachment.attachmentId}`, params: { number: attachment.position, kind: attachment.kind } });
    };
    const { translation } = attachment;
    const kind = kindOf(attachment.kind);
    if (kind.picture && isPdf(attachment)) add('attachment.pdf_for_picture', 'block');
    if (translation !== null && 'notNeeded' in translation && translation.notNeeded === WITHOUT_WORDS && !mayBeWithoutWords(attachment, kind)) add('attachment.not_without_words', 'block');
    if (translation === null && !translations.has(attachment.attachmentId)) add('attachment.translation_missing', 'block');
    if (translation !== null && 'by' in translation && !current.has(translation.by)) add('attachment.translation_gone', 'block');
    if (needsReview(attachment, kind, isProtected)) {
      if (attachment.reviewedFor === null) add('attachment.review_missing', 'block');
      else if ([...isProtected].some((id) => !attachment.reviewedFor?.includes(id))) add('attachment.review_outdated', 'block');
    }
    for (const { code, severity } of attachment.findings) add(code, severity);
    return found;
  });
}

/** In the order in which they were added, each translation right behind what it translates. */
export function packetOrder<T extends Pick<JudgedAttachment, 'attachmentId' | 'position' | 'translation'>>(all: readonly T[]): T[] {
  const sorted = [...all].sort((a, b) => a.position - b.position);
  const byId = new Map(sorted.map((attachment) => [attachment.attachmentId, attachment]));
  const translations = new Set(sorted.flatMap(({ translation }) => (translation && 'by' in translation ? [translation.by] : [])));
  const ordered = new Set<T>();
  const put = (attachment: T): void => {
    if (ordered.has(attachment)) return;
    ordered.add(attachment);
    const { translation } = attachment;
    const other = translation && 'by' in translation ? byId.get(translation.by) : undefined;
    if (other) put(other);
  };
  for (const attachment of sorted) if (!translations.has(attachment.attachmentId)) put(attachment);
  for (const attachment of sorted) put(attachment);
  return [...ordered];
}
