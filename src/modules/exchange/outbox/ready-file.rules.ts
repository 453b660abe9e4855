/** A message that was offered, as far as its files go. */
export interface ReadyRow {
  readonly messageId: string;
  readonly serial: string | null;
  readonly kind: string;
  readonly cause: string | null;
  readonly fileId: string | null;
  readonly encryptedFileId: string | null;
  readonly hasContent: boolean;
}

export type ReadyForm = 'xml' | 'file';

/** A packet, or papers: signed, with everything in it. */
const isContainer = ({ cause, kind }: Pick<ReadyRow, 'cause' | 'kind'>): boolean => cause?.startsWith('packet:') === true || kind === 'documentResponse';

/** In which forms a partner finds it: beside a packet lies what it belongs to, beside every other file its message. */
export function formsOf(row: ReadyRow): ReadyForm[] {
  if (row.fileId === null) return row.hasContent ? ['xml'] : [];
  return row.hasContent || row.kind === 'referral' ? ['xml', 'file'] : ['file'];
}

/** What it is called: no word in it that tells of anybody. */
export function readyNameOf(row: ReadyRow, form: ReadyForm): string {
  const ending = form === 'xml' ? 'xml' : `${isContainer(row) ? 'asice' : 'bin'}${row.encryptedFileId === null ? '' : '.p7m'}`;
  return `${row.serial ?? row.messageId}-${row.kind}.${ending}`;
}

/** What a name begins with, and is found by. */
export function readyKeyOf(name: string): string | null {
  return /^(\d{12}|msg_[0-9A-HJKMNP-TV-Z]{26})-[A-Za-z]{1,40}\.[a-z0-9.]{1,12}$/.exec(name)?.[1] ?? null;
}

/** The form whose being read proves that the message was fetched. */
export const provingFormOf = (row: ReadyRow): ReadyForm => (row.fileId === null ? 'xml' : 'file');

export const receiptNameOf = ({ messageId, stage, position }: { readonly messageId: string; readonly stage: string; readonly position: number }): string => `${messageId}.${position}-${stage}.p7s`;

export function receiptKeyOf(name: string): { messageId: string; position: number; stage: string } | null {
  const found = /^(msg_[0-9A-HJKMNP-TV-Z]{26})\.([1-9]\d{0,5})-([a-z]{3,12})\.p7s$/.exec(name);
  return found ? { messageId: found[1] as string, position: Number(found[2]), stage: found[3] as string } : null;
}
