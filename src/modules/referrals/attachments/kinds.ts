import { readFileSync } from 'node:fs';
import { AppError } from '../../../platform/errors.ts';
import type { AttachmentKind } from './attachment.rules.ts';

const data = JSON.parse(readFileSync(new URL('./kinds.json', import.meta.url), 'utf8')) as { kinds: AttachmentKind[]; notNeeded: string[] };
const KINDS: ReadonlyMap<string, AttachmentKind> = new Map(data.kinds.map((kind) => [kind.code, kind]));

/** Codes of the kinds, in the order in which they are offered; words in `attachments:kind.*`. */
export const ATTACHMENT_KINDS: readonly string[] = [...KINDS.keys()];

/** Codes of the reasons why an attachment needs no translation; words in `attachments:not_needed.*`. */
export const TRANSLATION_NOT_NEEDED: readonly string[] = data.notNeeded;

/** @throws AppError `attachment.kind_unknown`. */
export function kindOf(code: string): AttachmentKind {
  const kind = KINDS.get(code);
  if (!kind) throw new AppError('invalid', 'attachment.kind_unknown', { params: { kind: code.slice(0, 40) } });
  return kind;
}

/** What is decided about the translation of a new attachment as long as nobody decides otherwise; null where somebody must. */
export function defaultNotNeeded({ picture }: AttachmentKind): string | null {
  return picture ? 'picture_without_words' : null;
}
