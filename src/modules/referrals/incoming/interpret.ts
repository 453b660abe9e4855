import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyContainer } from '../../../platform/asic/container.ts';
import type { SignerReport } from '../../../platform/asic/container.ts';
import { ownCertificate } from '../../../platform/asic/signer.ts';
import type { Config } from '../../../platform/config.ts';
import type { Finding } from '../../../platform/errors.ts';
import { readXml } from '../../../platform/xml/read.ts';
import type { XmlPart } from '../../../platform/xml/read.ts';
import { xsdFindings } from '../../../platform/xml/xsd.ts';
import { FILE_BYTES_MAX as SCAN_BYTES_MAX } from '../attachments/attachment.rules.ts';
import { inspectFile } from '../attachments/inspect-file.ts';
import { XML_ENTRY } from '../packets/compose-packet.ts';
import { MESSAGE_SCHEMA } from '../packets/message-xml.ts';
import { verifyPacket } from '../packets/verify-packet.ts';
import { READING_MILLISECONDS_MAX, senderOf } from './incoming.rules.ts';
import type { IncomingKind, Sender } from './incoming.rules.ts';
import { MESSAGE_NAMESPACE, readMessage } from './read-message.ts';
import type { IncomingMessage } from './read-message.ts';

/** What the bytes themselves say. `unread`: sound as far as can be told, but not for us to read. */
export interface Interpreted {
  readonly outcome: 'read' | 'unread' | 'refused';
  readonly kind: IncomingKind;
  readonly mediaType: string | null;
  readonly findings: readonly Finding[];
  readonly message: IncomingMessage | null;
  /** Whose message it is; null for papers. */
  readonly sender: Sender | null;
  readonly messageSha256: string | null;
  readonly signer: SignerReport | null;
}

interface Asked {
  readonly partnerId: string;
  readonly fileName: string;
  readonly config: Pick<Config, 'keys' | 'dataDir'>;
  readonly now: Date;
}

const NOTHING = { mediaType: null, message: null, sender: null, messageSha256: null, signer: null } as const;
const CONTAINER_TYPE = 'application/vnd.etsi.asic-e+zip';

/** Finds out what came in, from the bytes alone: nothing of ours is looked up, and nothing in them is run. */
export async function interpret(bytes: Buffer, asked: Asked): Promise<Interpreted> {
  const kind = kindOf(bytes);
  if (kind === 'container') return readContainer(bytes, asked);
  if (kind === 'message') return messageOf(bytes, asked.partnerId, { kind, signer: null, findings: [{ code: 'incoming.not_signed', severity: 'warn' }] });
  if (bytes.length > SCAN_BYTES_MAX) return refused('unknown', [{ code: 'incoming.scan_too_large', severity: 'block', params: { megabytes: SCAN_BYTES_MAX / 1024 / 1024 } }]);
  const paper = await inspectFile(bytes, asked.fileName);
  if (!paper.isTaken) return refused('unknown', paper.findings);
  // What the inspection says of a paper that it takes is about copies that leave; this one stays as it came.
  return { ...NOTHING, outcome: 'read', kind: 'scan', mediaType: paper.mediaType, findings: [] };
}

function kindOf(bytes: Buffer): 'container' | 'message' | 'paper' {
  const head = bytes.toString('latin1', 0, 200);
  if (head.startsWith('PK')) return 'container';
  // In two bytes a letter it is XML, too, and is refused as such.
  if (/^(\xfe\xff|\xff\xfe|\0<|<\0)/.test(head)) return 'message';
  const start = head.replace(/^\xef\xbb\xbf/, '').trimStart();
  return start.startsWith('<') && !/^<(!doctype\s+html|html|svg|script)/i.test(start) ? 'message' : 'paper';
}

function refused(kind: IncomingKind, findings: readonly Finding[]): Interpreted {
  return { ...NOTHING, outcome: 'refused', kind, findings };
}

/** What takes longer than any paper does is refused, so that the next one's turn comes; what was begun ends by bounds of its own. */
export async function inTime(work: Promise<Interpreted>, milliseconds = READING_MILLISECONDS_MAX): Promise<Interpreted> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Interpreted>((resolve) => {
    timer = setTimeout(() => resolve(refused('unknown', [{ code: 'incoming.takes_too_long', severity: 'block' }])), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function readContainer(bytes: Buffer, { partnerId, config, now }: Asked): Interpreted {
  const own = ownCertificate(config);
  const listed = certificateList(config.dataDir, partnerId);
  if (listed === 'unreadable') return refused('container', [{ code: 'incoming.certificates_unreadable', severity: 'block' }]);
  // Our own packets come back, too: the list of the partner's signers does not name us.
  const trust = listed === null ? undefined : [listed, ...(own ? [own.toString()] : [])].join('\n');
  const report = verifyPacket(bytes, trust, { own, now });
  const findings = report.findings.map((finding) => (finding.code === 'signature.signer_not_ours' || finding.code === 'signature.signer_unchecked' ? { ...finding, code: 'incoming.signer_unchecked' } : finding));
  const container = { kind: 'container', signer: report.signer } as const;
  if (report.isIntact) {
    const xml = report.payload.find(({ name }) => name === XML_ENTRY)?.bytes ?? new Uint8Array();
    return { ...messageOf(xml, partnerId, { ...container, findings: [...findings, ...expiredSince(report.signer, now)] }), mediaType: CONTAINER_TYPE };
  }
  // Nothing wrong with the container itself: it may be a message of a version to come.
  const isMessageOnly = findings.every(({ code, severity }) => severity !== 'block' || code.startsWith('xml.'));
  const xml = isMessageOnly ? verifyContainer(bytes, { own, now }).payload.find(({ name }) => name === XML_ENTRY)?.bytes : undefined;
  return xml ? { ...messageOf(xml, partnerId, { ...container, findings: findings.filter(({ severity }) => severity !== 'block') }), mediaType: CONTAINER_TYPE } : { ...refused('container', findings), signer: report.signer };
}

function expiredSince(signer: SignerReport | null, now: Date): Finding[] {
  if (signer === null || Date.parse(signer.validTo) >= now.getTime()) return [];
  return [{ code: 'incoming.certificate_expired', severity: 'warn', params: { on: signer.validTo.slice(0, 10) } }];
}

/** `<dataDir>/partner-certificates/<partnerId>.pem`: the partner's signers or their authority; null where there is no such file. */
function certificateList(dataDir: string, partnerId: string): string | 'unreadable' | null {
  let text: string;
  try {
    text = readFileSync(join(dataDir, 'partner-certificates', `${partnerId}.pem`), 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : 'unreadable';
  }
  try {
    return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g)?.map((block) => new X509Certificate(block).toString()).join('\n') ?? 'unreadable';
  } catch {
    return 'unreadable';
  }
}

type Around = Pick<Interpreted, 'kind' | 'signer' | 'findings'>;

function messageOf(xml: Uint8Array, partnerId: string, around: Around): Interpreted {
  const base = { ...NOTHING, ...around, mediaType: 'application/xml', messageSha256: createHash('sha256').update(xml).digest('hex') };
  const faults = xsdFindings(xml, MESSAGE_SCHEMA);
  if (faults.length > 0) {
    const other = faults.every(({ code }) => code === 'xml.schema') ? otherVersion(xml) : null;
    return other ? { ...base, outcome: other.severity === 'block' ? 'refused' : 'unread', findings: [...around.findings, other] }
      : { ...base, outcome: 'refused', findings: [...around.findings, ...faults] };
  }
  const root = readXml(xml);
  if (!root) return { ...base, outcome: 'refused', findings: [...around.findings, { code: 'xml.schema', severity: 'block' }] };
  const other = notAPacket(root);
  if (other) return { ...base, outcome: other.severity === 'block' ? 'refused' : 'unread', findings: [...around.findings, other] };
  const message = readMessage(root);
  const sender = senderOf(message, partnerId);
  return typeof sender === 'string' ? { ...base, outcome: 'read', message, sender } : { ...base, outcome: 'refused', findings: [...around.findings, sender] };
}

/** Since version 1.1 a message may say other things than a referral, which come in by the exchange; and a referral comes in a packet. */
function notAPacket(root: XmlPart): Finding | null {
  if (!root.parts.some(({ name }) => name === 'referral')) return { code: 'incoming.other_kind', severity: 'warn' };
  return root.attributes['packetId'] === undefined ? { code: 'incoming.packet_id_missing', severity: 'block', path: '/packetId' } : null;
}

/** A message of another version is kept for whoever can read it; XML of another kind is none. */
function otherVersion(xml: Uint8Array): Finding | null {
  const root = readXml(xml);
  if (!root) return null;
  const [, version] = /^urn:puente:message:v(\d{1,3})$/.exec(root.namespace) ?? [];
  if (version === undefined) return { code: 'incoming.not_a_message', severity: 'block' };
  const stated = root.attributes['version'] ?? '';
  if (root.namespace === MESSAGE_NAMESPACE && /^1\.\d{1,3}$/.test(stated)) return null;
  return { code: 'incoming.version_unknown', severity: 'warn', params: { version: root.namespace === MESSAGE_NAMESPACE ? stated.replace(/[^\w.]/g, '').slice(0, 12) : version } };
}
