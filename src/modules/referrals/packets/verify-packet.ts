import { createHash } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import { verifyContainer } from '../../../platform/asic/container.ts';
import type { ContainerReport } from '../../../platform/asic/container.ts';
import type { Finding } from '../../../platform/errors.ts';
import { certificatesIn } from '../../../platform/keys-certificate.ts';
import { readXml } from '../../../platform/xml/read.ts';
import { xsdFindings } from '../../../platform/xml/xsd.ts';
import { PDF_ENTRY, XML_ENTRY } from './compose-packet.ts';
import { MESSAGE_SCHEMA } from './message-xml.ts';

/**
 * Checks a packet without any database: the ZIP itself, the set of its entries, every digest, the signature, and that
 * the message is one. `trust`: certificates (PEM) of signers or their authorities; without it the signature is checked,
 * and who signed is told but not vouched for, unless it is this installation (`own`).
 *
 * @throws AppError `packet.trust_unreadable` when the trust list holds no certificate.
 */
export function verifyPacket(bytes: Uint8Array, trust?: string, against: { own?: X509Certificate | null; now?: Date } = {}): ContainerReport {
  const report = verifyContainer(bytes, { ...against, trust: trust === undefined ? undefined : certificatesIn(trust, 'packet.trust_unreadable') });
  if (!report.isIntact) return report;
  const findings = [...report.findings, ...contentFindings(report)];
  const isIntact = !findings.some((finding) => finding.severity === 'block');
  return { ...report, findings, isIntact, payload: isIntact ? report.payload : [] };
}

function contentFindings(report: ContainerReport): Finding[] {
  const entry = (name: string) => report.payload.find((one) => one.name === name);
  const [pdf, xml] = [entry(PDF_ENTRY), entry(XML_ENTRY)];
  const missing = [[PDF_ENTRY, pdf], [XML_ENTRY, xml]].filter(([, one]) => one === undefined);
  if (missing.length > 0 || !pdf || !xml) return missing.map(([name]) => ({ code: 'packet.entry_missing', severity: 'block', path: String(name) }));
  const isPdf = Buffer.from(pdf.bytes.subarray(0, 5)).toString('latin1') === '%PDF-';
  const schema = xsdFindings(xml.bytes, MESSAGE_SCHEMA);
  return [...(isPdf ? [] : [{ code: 'packet.entry_type', severity: 'block' as const, path: PDF_ENTRY }]), ...schema, ...(schema.length === 0 ? paperFindings(report, xml.bytes) : [])];
}

const OWN_ENTRIES = new Set([PDF_ENTRY, XML_ENTRY]);
const SEALED_PART = /^sealed\/part-\d{1,3}\.pdf\.p7m$/;

/** Whether the papers that the message names are the ones that travel: each there with its digest, and none beside them. */
function paperFindings(report: ContainerReport, xml: Uint8Array): Finding[] {
  const named = new Map((readXml(xml)?.parts.find((part) => part.name === 'referral')?.parts ?? [])
    .filter((part) => part.name === 'attachment').map(({ attributes }) => [attributes['fileName'] ?? '', attributes['sha256']]));
  const there = new Map(report.payload.filter((one) => !OWN_ENTRIES.has(one.name)).map((one) => [one.name, createHash('sha256').update(one.bytes).digest('hex')]));
  const finding = (code: string, path: string): Finding => ({ code, severity: 'block', path });
  return [
    ...[...named].filter(([name]) => !there.has(name)).map(([name]) => finding('packet.paper_missing', name)),
    ...[...named].filter(([name, digest]) => there.has(name) && there.get(name) !== digest).map(([name]) => finding('packet.paper_other', name)),
    ...[...there.keys()].filter((name) => !named.has(name) && !SEALED_PART.test(name)).map((name) => finding('packet.paper_unnamed', name)),
  ];
}
