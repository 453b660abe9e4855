import { X509Certificate } from 'node:crypto';
import { verifyContainer } from '../../../platform/asic/container.ts';
import type { ContainerReport } from '../../../platform/asic/container.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
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
  const report = verifyContainer(bytes, { ...against, trust: trust === undefined ? undefined : certificatesOf(trust) });
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
  return [...(isPdf ? [] : [{ code: 'packet.entry_type', severity: 'block' as const, path: PDF_ENTRY }]), ...xsdFindings(xml.bytes, MESSAGE_SCHEMA)];
}

const CERTIFICATES_MAX = 1_000;

function certificatesOf(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length === 0 || blocks.length > CERTIFICATES_MAX) throw new Error('no certificate');
    return blocks.map((block) => new X509Certificate(block));
  } catch (cause) {
    throw new AppError('invalid', 'packet.trust_unreadable', { cause });
  }
}
