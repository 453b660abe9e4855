import { canonicalJson } from '../messages/canonical-json.rules.ts';

/** The stages that a message passes, each proven by at most one receipt for every hop. */
export const STAGES = ['submitted', 'relayed', 'delivered', 'retrieved', 'refused', 'expired'] as const;
export type Stage = (typeof STAGES)[number];

export const RECEIPT_VERSION = '1.0';

/**
 * What a receipt states. It says that a message with these digests reached a stage, and nothing of what is in it: no name, no case.
 * File numbers are each office's own and are what a reader files by.
 */
export interface ReceiptStatement {
  readonly version: typeof RECEIPT_VERSION;
  readonly receiptId: string;
  readonly stage: Stage;
  readonly agency: string;
  readonly partner: string;
  /** As the agency sees it: `in` came from the partner, `out` went to it. */
  readonly direction: 'in' | 'out';
  readonly conversation: string | null;
  /** The sender's own id. */
  readonly messageId: string;
  readonly serial: string | null;
  readonly kind: string;
  /** Digest of the message as canonical JSON, or of the file where the file is all there is. */
  readonly contentSha256: string;
  /** Digest of the bytes as they came or went, where bytes were kept. */
  readonly bytesSha256: string | null;
  readonly byteCount: number;
  readonly happenedAt: string;
  /** The office of a chain that the stage tells of. */
  readonly hop: string | null;
  readonly channel: string;
  readonly reasons: readonly string[];
  readonly fileNumbers: { readonly agency: string | null; readonly partner: string | null };
  /** Digest of the receipt before this one of the same message (the whole file), null for the first. */
  readonly previous: string | null;
}

/** Keys in order, no blanks, so that one statement has one text; ends with a line feed, as a file that people open does. */
export function statementText(statement: ReceiptStatement): string {
  return `${canonicalJson(statement)}\n`;
}

const TEXT_MAX = 16_384;
const SHA256 = /^[0-9a-f]{64}$/;
const isText = (value: unknown, max = 200): value is string => typeof value === 'string' && value.length <= max;
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isDigest = (value: unknown): boolean => typeof value === 'string' && SHA256.test(value);
const isInstant = (value: unknown): boolean => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(value) && !Number.isNaN(Date.parse(value));

const FIELDS: Readonly<Record<keyof ReceiptStatement, (value: unknown) => boolean>> = {
  version: (value) => value === RECEIPT_VERSION,
  receiptId: (value) => isText(value, 64),
  stage: (value) => (STAGES as readonly unknown[]).includes(value),
  agency: (value) => isText(value, 64),
  partner: (value) => isText(value, 64),
  direction: (value) => value === 'in' || value === 'out',
  conversation: isTextOrNull,
  messageId: (value) => isText(value, 64),
  serial: (value) => value === null || (typeof value === 'string' && /^[0-9]{12}$/.test(value)),
  kind: (value) => isText(value, 40),
  contentSha256: isDigest,
  bytesSha256: (value) => value === null || isDigest(value),
  byteCount: (value) => Number.isSafeInteger(value) && Number(value) > 0,
  happenedAt: isInstant,
  hop: isTextOrNull,
  channel: (value) => isText(value, 20),
  reasons: (value) => Array.isArray(value) && value.length <= 50 && value.every((one) => isText(one)),
  fileNumbers: (value) => typeof value === 'object' && value !== null && Object.keys(value).sort().join() === 'agency,partner'
    && Object.values(value).every(isTextOrNull),
  previous: (value) => value === null || isDigest(value),
};

/** Reads a statement; only the one text that this program writes of it is taken. The field at fault, or the statement. */
export function readStatement(bytes: Uint8Array): { readonly statement: ReceiptStatement; readonly fault: null } | { readonly statement: null; readonly fault: string } {
  const faulty = (fault: string): { statement: null; fault: string } => ({ statement: null, fault });
  if (bytes.length > TEXT_MAX) return faulty('/');
  const text = Buffer.from(bytes).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return faulty('/');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return faulty('/');
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) if (!Object.hasOwn(FIELDS, key)) return faulty('/');
  for (const [key, holds] of Object.entries(FIELDS)) if (!Object.hasOwn(record, key) || !holds(record[key])) return faulty(`/${key}`);
  const statement = record as unknown as ReceiptStatement;
  return statementText(statement) === text ? { statement, fault: null } : faulty('/');
}
