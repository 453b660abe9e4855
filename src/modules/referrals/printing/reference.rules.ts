import type { Finding } from '../../../platform/errors.ts';

/** What a reference sheet says about the papers behind it: which packet, which of its printed sets. Nothing about any person. */
export interface SheetReference {
  readonly packetId: string;
  readonly set: number;
  /** The first digits of the SHA-256 of the packet's container. */
  readonly digestPrefix: string;
}

export type ReadReference = { readonly reference: SheetReference; readonly findings: readonly [] } | { readonly reference: null; readonly findings: readonly Finding[] };

export const SETS_MAX = 99;
export const DIGEST_PREFIX_LENGTH = 8;

// In capitals, digits and these signs a QR code stays small (its alphanumeric mode).
const QR_PREFIX = 'PUENTE:';
// Crockford's alphabet: no I, L, O, U, so that what is typed from paper is not mistaken.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ULID_LENGTH = 26;
const SET_LENGTH = 2;
const CHECK_LENGTH = 2;
const CODE_LENGTH = ULID_LENGTH + SET_LENGTH + DIGEST_PREFIX_LENGTH + CHECK_LENGTH;
const GROUP = 5;
const TYPED_MAX = 200;

// A prime above the size of the alphabet and a multiplier of high order: every single wrong letter and every exchange of two
// letters changes the sum; of other mistakes one in a thousand slips through, and meets the digest then.
const MODULUS = 1021;
const MULTIPLIER = 10;

function checkOf(letters: string): string {
  let sum = 0;
  for (const letter of letters) sum = (sum * MULTIPLIER + ALPHABET.indexOf(letter)) % MODULUS;
  return `${ALPHABET.charAt(Math.floor(sum / 32))}${ALPHABET.charAt(sum % 32)}`;
}

/** What the QR code of a sheet says. */
export function referenceText(reference: SheetReference): string {
  return QR_PREFIX + codeOf(reference);
}

/** The same in groups of five, to be typed where no scanner is. */
export function typedReference(reference: SheetReference): string {
  return (codeOf(reference).match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? []).join(' ');
}

function codeOf({ packetId, set, digestPrefix }: SheetReference): string {
  const letters = `${packetId.slice('pkt_'.length)}${String(set).padStart(SET_LENGTH, '0')}${digestPrefix.toUpperCase()}`;
  return letters + checkOf(letters);
}

/**
 * Reads what a scanner or a person gives back, in whatever case and grouping; the letters O, I and L are read as the digits
 * they look like. Findings: `printing.reference_unreadable` (this is no reference), `printing.reference_mistyped` (one that
 * was misread).
 */
export function readReference(text: string): ReadReference {
  if (text.length > TYPED_MAX) return unread('printing.reference_unreadable');
  const letters = text.toUpperCase().replace(/^\s*PUENTE:/u, '').replace(/[\s-]/gu, '').replaceAll('O', '0').replace(/[IL]/gu, '1');
  if (letters.length !== CODE_LENGTH || [...letters].some((letter) => !ALPHABET.includes(letter))) return unread('printing.reference_unreadable');
  const content = letters.slice(0, -CHECK_LENGTH);
  const ulid = content.slice(0, ULID_LENGTH);
  const set = content.slice(ULID_LENGTH, ULID_LENGTH + SET_LENGTH);
  const digestPrefix = content.slice(ULID_LENGTH + SET_LENGTH).toLowerCase();
  const isSound = checkOf(content) === letters.slice(-CHECK_LENGTH) && /^[0-7]/u.test(ulid) && /^\d\d$/u.test(set) && Number(set) > 0 && /^[0-9a-f]+$/u.test(digestPrefix);
  return isSound ? { reference: { packetId: `pkt_${ulid}`, set: Number(set), digestPrefix }, findings: [] } : unread('printing.reference_mistyped');
}

function unread(code: string): ReadReference {
  return { reference: null, findings: [{ code, severity: 'block' }] };
}

/** What keeps papers with this reference from being those of a packet. */
export function referenceFindings(reference: SheetReference, packet: { readonly packetId: string; readonly sha256: string }): Finding[] {
  if (reference.packetId !== packet.packetId) return [{ code: 'printing.reference_other_packet', severity: 'block', params: { packet: reference.packetId } }];
  if (!packet.sha256.startsWith(reference.digestPrefix)) return [{ code: 'printing.reference_other_content', severity: 'block', params: { packet: reference.packetId } }];
  return [];
}
