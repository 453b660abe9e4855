import { createHash } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import { SignatureFault, verifyAttached } from '../../../platform/asic/cms.ts';
import { isForSigning, isTrusted } from '../../../platform/asic/trust.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { certificatesIn } from '../../../platform/keys-certificate.ts';
import { readMessage } from '../messages/index.ts';
import { readArchive } from './archive.rules.ts';
import { readStatement } from './receipt.rules.ts';
import type { ReceiptStatement } from './receipt.rules.ts';

export interface ReceiptSigner {
  readonly subject: string;
  readonly fingerprint: string;
  readonly signedAt: string;
  readonly validTo: string;
  readonly trust: 'trusted' | 'untrusted' | 'own' | 'unchecked';
}

export interface ReceiptReport {
  readonly isIntact: boolean;
  readonly statement: ReceiptStatement | null;
  readonly signer: ReceiptSigner | null;
  readonly findings: readonly Finding[];
  readonly sha256: string;
}

/** Against what a receipt is held besides its own bytes. */
export interface ReceiptEvidence {
  /** Certificates (PEM) of signers or their authorities; without them the signature is checked, and nobody is vouched for. */
  readonly trust?: string | undefined;
  readonly own?: X509Certificate | null | undefined;
  /** The message or file that the receipt is for. */
  readonly message?: Uint8Array | undefined;
  /** Earlier receipts of the same message: the one that this one names must be among them. */
  readonly earlier?: readonly Uint8Array[] | undefined;
  /** A list of receipts that was signed before the certificate ran out (`receipts archive`). */
  readonly archive?: Uint8Array | undefined;
  readonly now: Date;
}

export const RECEIPT_BYTES_MAX = 65_536;
const CHAIN_MAX = 100;
const CLOCK_SKEW_MS = 5 * 60_000;
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const finding = (code: string, severity: Finding['severity'] = 'block', more: Partial<Finding> = {}): Finding => ({ code, severity, ...more });

/**
 * Checks a receipt without any database: that nothing of it was changed, who signed it and whether that was believable at the time, that it is
 * of this message, and that the receipts before it are there. Bad bytes are findings.
 *
 * @throws AppError `receipt.trust_unreadable`.
 */
export function verifyReceipt(bytes: Uint8Array, evidence: ReceiptEvidence): ReceiptReport {
  const trust = evidence.trust === undefined ? undefined : certificatesIn(evidence.trust, 'receipt.trust_unreadable');
  return checked(bytes, evidence, trust, 0);
}

const ARMOURS = ['CMS', 'PKCS7'];

/** The bytes within their armour (RFC 7468), as programs that sign sometimes send them; whatever is in none stays as it is. Without patterns: these bytes are a stranger's. */
export function derOf(bytes: Uint8Array): Uint8Array {
  const label = ARMOURS.find((one) => Buffer.from(bytes.subarray(0, 40)).toString('latin1').startsWith(`-----BEGIN ${one}-----`));
  if (label === undefined) return bytes;
  const text = Buffer.from(bytes).toString('latin1');
  const begin = `-----BEGIN ${label}-----`.length;
  const end = text.indexOf(`-----END ${label}-----`, begin);
  if (end === -1 || text.slice(end + `-----END ${label}-----`.length).trim() !== '') return bytes;
  const encoded = text.slice(begin, end).replace(/\s/g, '');
  return encoded !== '' && isBase64(encoded) ? Buffer.from(encoded, 'base64') : bytes;
}

const isBase64 = (text: string): boolean => /^[A-Za-z0-9+/]*={0,2}$/.test(text);

function checked(bytes: Uint8Array, evidence: ReceiptEvidence, trust: readonly X509Certificate[] | undefined, depth: number): ReceiptReport {
  const sha256 = digest(bytes);
  const opened = open(bytes, evidence, trust);
  const read = opened.content === null ? null : readStatement(opened.content);
  const findings = [...opened.findings];
  if (read?.fault !== undefined && read.fault !== null) findings.push(finding('receipt.statement_unreadable', 'block', { path: read.fault }));
  const statement = read?.statement ?? null;
  if (statement && opened.signer) {
    findings.push(...timeFindings(statement, opened.signer, sha256, evidence, trust), ...messageFindings(statement, evidence));
    if (depth < CHAIN_MAX) findings.push(...chainFindings(statement, evidence, trust, depth));
  }
  return { isIntact: statement !== null && !findings.some(({ severity }) => severity === 'block'), statement, signer: opened.signer, findings, sha256 };
}

interface Opened {
  readonly content: Buffer | null;
  readonly signer: ReceiptSigner | null;
  readonly findings: readonly Finding[];
}

function open(bytes: Uint8Array, { own, now }: Pick<ReceiptEvidence, 'own' | 'now'>, trust: readonly X509Certificate[] | undefined, bytesMax = RECEIPT_BYTES_MAX): Opened {
  const nothing = (code: string): Opened => ({ content: null, signer: null, findings: [finding(code)] });
  if (bytes.length > bytesMax) return nothing('receipt.too_large');
  let facts: ReturnType<typeof verifyAttached>;
  try {
    facts = verifyAttached(bytes);
  } catch (error) {
    if (!(error instanceof SignatureFault)) throw error;
    return nothing(error.code);
  }
  const { certificate, signedAt, content } = facts;
  const time = signedAt.getTime();
  const standing = trust ? (isTrusted(certificate, trust, time) ? 'trusted' : 'untrusted') : own?.fingerprint256 === certificate.fingerprint256 ? 'own' : 'unchecked';
  const subject = certificate.subject.split('\n').join(', ').replace(/\p{C}/gu, '\ufffd').slice(0, 500);
  const findings = [
    ...(time < Date.parse(certificate.validFrom) || time > Date.parse(certificate.validTo) ? [finding('signature.certificate_not_valid_then')] : []),
    ...(time > now.getTime() + CLOCK_SKEW_MS ? [finding('signature.time_in_future')] : []),
    ...(isForSigning(certificate) ? [] : [finding('signature.certificate_not_for_signing')]),
    ...(standing === 'untrusted' ? [finding('signature.signer_untrusted')] : []),
    ...(standing === 'unchecked' ? [finding(own ? 'signature.signer_not_ours' : 'signature.signer_unchecked', 'warn', { params: { subject } })] : []),
  ];
  const signer: ReceiptSigner = { subject, fingerprint: certificate.fingerprint256, signedAt: signedAt.toISOString(), validTo: new Date(certificate.validTo).toISOString(), trust: standing };
  return { content, signer, findings };
}

/** A signature tells its own time. Where the certificate has run out since, only a list that was signed before can vouch for that time. */
function timeFindings(statement: ReceiptStatement, signer: ReceiptSigner, sha256: string, evidence: ReceiptEvidence, trust: readonly X509Certificate[] | undefined): Finding[] {
  const late = Date.parse(statement.happenedAt) > Date.parse(signer.signedAt) + CLOCK_SKEW_MS ? [finding('receipt.happened_after_signing', 'block', { path: '/happenedAt' })] : [];
  if (evidence.now.getTime() <= Date.parse(signer.validTo)) return late;
  const on = signer.validTo.slice(0, 10);
  if (evidence.archive === undefined) return [...late, finding('receipt.certificate_expired_since', 'warn', { params: { on } })];
  const archive = open(evidence.archive, evidence, trust, Number.MAX_SAFE_INTEGER);
  const list = archive.content === null ? null : readArchive(archive.content);
  const isSound = list !== null && archive.signer !== null && !archive.findings.some(({ severity }) => severity === 'block');
  if (!isSound) return [...late, finding('receipt.archive_unsound')];
  const isInTime = Date.parse(archive.signer.signedAt) <= Date.parse(signer.validTo);
  if (!isInTime || !list.has(sha256)) return [...late, finding('receipt.not_archived', 'warn', { params: { on } })];
  return [...late, finding('receipt.archived', 'info', { params: { at: archive.signer.signedAt } })];
}

function messageFindings(statement: ReceiptStatement, { message, now }: ReceiptEvidence): Finding[] {
  if (message === undefined) return [];
  const bytes = digest(message);
  if (bytes === statement.bytesSha256 || bytes === statement.contentSha256) return [];
  return contentDigestOf(message, now) === statement.contentSha256 ? [] : [finding('receipt.other_message', 'block', { path: '/contentSha256' })];
}

/** A message in another form than it came in is the same message. */
function contentDigestOf(message: Uint8Array, now: Date): string | null {
  try {
    return readMessage(message, { now }).digest;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

const SAME = ['agency', 'partner', 'direction', 'messageId', 'contentSha256'] as const;

function chainFindings(statement: ReceiptStatement, evidence: ReceiptEvidence, trust: readonly X509Certificate[] | undefined, depth: number): Finding[] {
  const { earlier } = evidence;
  if (statement.previous === null) return [];
  if (earlier === undefined) return [finding('receipt.previous_not_given', 'info', { path: '/previous' })];
  const bytes = earlier.find((one) => digest(one) === statement.previous);
  if (!bytes) return [finding('receipt.previous_missing', 'block', { path: '/previous' })];
  const before = checked(bytes, { ...evidence, message: undefined }, trust, depth + 1);
  if (!before.isIntact || !before.statement) return [finding('receipt.previous_unsound', 'block', { path: '/previous' })];
  const isSame = SAME.every((key) => before.statement?.[key] === statement[key]);
  return isSame ? before.findings.filter(({ code }) => code === 'receipt.previous_missing') : [finding('receipt.previous_other_message', 'block', { path: '/previous' })];
}
