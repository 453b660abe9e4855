import type { X509Certificate } from 'node:crypto';
import { SignatureFault, signDetached, verifyDetached } from './cms.ts';
import type { Signer } from './cms.ts';
import { CONTAINER_TYPE, MANIFEST_ENTRY, MIMETYPE_ENTRY, SIGNATURE_ENTRY, manifestNames, manifestOf, sha256 } from './manifest.ts';
import { ZipFault, readZip, writeZip } from './zip.ts';
import type { ZipEntry } from './zip.ts';
import { isForSigning, isTrusted } from './trust.ts';
import type { Finding } from '../errors.ts';

/** What a container holds and who signed it, as far as the bytes themselves can tell. */
export interface ContainerReport {
  readonly isIntact: boolean;
  readonly findings: readonly Finding[];
  readonly entries: readonly { readonly name: string; readonly byteCount: number; readonly sha256: string }[];
  readonly payload: readonly ZipEntry[];
  readonly signer: SignerReport | null;
}

export interface SignerReport {
  readonly subject: string;
  readonly fingerprint: string;
  readonly signedAt: string;
  readonly validFrom: string;
  readonly validTo: string;
  /** `trusted` and `untrusted` only where a trust list was given to check against; `own`: this installation's own certificate. */
  readonly trust: 'trusted' | 'untrusted' | 'own' | 'unchecked';
}

/** Against what a signature is checked besides its own bytes. */
export interface VerifyOptions {
  /** Signers and authorities that are believed. Without a list nobody is vouched for, and that is said. */
  readonly trust?: readonly X509Certificate[] | undefined;
  /** This installation's own certificate: told where there is no list. */
  readonly own?: X509Certificate | null | undefined;
  readonly now?: Date | undefined;
}

/** How far the clocks of two machines may be apart. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Packs and signs these files as an ASiC-E container (ETSI EN 319 162-1) with one CAdES signature over its manifest.
 * The layout is fixed to the byte, so that a reader can write it again and compare.
 */
export function sealContainer(payload: readonly ZipEntry[], signer: Signer, signedAt: Date): Buffer {
  const manifest = manifestOf(payload);
  return writeZip([
    { name: MIMETYPE_ENTRY, bytes: Buffer.from(CONTAINER_TYPE, 'ascii') },
    ...payload,
    { name: MANIFEST_ENTRY, bytes: manifest },
    { name: SIGNATURE_ENTRY, bytes: signDetached(manifest, signer, signedAt) },
  ]);
}

/**
 * Checks a container without any database: the ZIP itself, the set of entries, every digest, and the signature.
 * Never throws on bad bytes: what is wrong is a blocking finding.
 */
export function verifyContainer(bytes: Uint8Array, options: VerifyOptions = {}): ContainerReport {
  let all: ZipEntry[];
  try {
    all = readZip(bytes);
  } catch (error) {
    if (error instanceof ZipFault || error instanceof RangeError) {
      return refusedReport([block(error instanceof ZipFault ? error.code : 'container.not_zip')], []);
    }
    throw error;
  }
  const payload = all.slice(1, -2);
  const findings = [...structureFindings(all, payload)];
  if (findings.length > 0) return refusedReport(findings, all);
  const manifest = all.at(-2)?.bytes ?? new Uint8Array();
  findings.push(...manifestFindings(manifest, payload));
  const signer = findings.length === 0 ? checkSignature(all.at(-1)?.bytes ?? new Uint8Array(), manifest, options, findings) : null;
  const isIntact = !findings.some((finding) => finding.severity === 'block');
  return { isIntact, findings, entries: all.map(describe), payload: isIntact ? payload : [], signer };
}

function block(code: string, path?: string): Finding {
  return { code, severity: 'block', ...(path === undefined ? {} : { path }) };
}

function refusedReport(findings: readonly Finding[], all: readonly ZipEntry[]): ContainerReport {
  return { isIntact: false, findings, entries: all.map(describe), payload: [], signer: null };
}

function describe(entry: ZipEntry): ContainerReport['entries'][number] {
  return { name: entry.name, byteCount: entry.bytes.length, sha256: sha256(entry.bytes).toString('hex') };
}

function structureFindings(all: readonly ZipEntry[], payload: readonly ZipEntry[]): Finding[] {
  const [first] = all;
  if (first?.name !== MIMETYPE_ENTRY || !Buffer.from(first.bytes).equals(Buffer.from(CONTAINER_TYPE, 'ascii'))) {
    return [block('container.mimetype', MIMETYPE_ENTRY)];
  }
  if (payload.length === 0) return [block('container.entries')];
  if (all.at(-2)?.name !== MANIFEST_ENTRY) return [block('container.manifest_missing', MANIFEST_ENTRY)];
  if (all.at(-1)?.name !== SIGNATURE_ENTRY) return [block('container.signature_missing', SIGNATURE_ENTRY)];
  return payload.filter((entry) => entry.name.startsWith('META-INF/')).map((entry) => block('container.name', entry.name));
}

function manifestFindings(manifest: Uint8Array, payload: readonly ZipEntry[]): Finding[] {
  if (manifestOf(payload).equals(manifest)) return [];
  const changed = payload.filter((entry) => !manifestNames(manifest, entry));
  return changed.length > 0
    ? changed.map((entry) => block('container.entry_altered', entry.name))
    : [block('container.manifest_altered', MANIFEST_ENTRY)];
}

function checkSignature(
  cms: Uint8Array, manifest: Uint8Array, options: VerifyOptions, findings: Finding[],
): SignerReport | null {
  try {
    const { certificate, signedAt } = verifyDetached(cms, manifest);
    const time = signedAt.getTime();
    if (time < Date.parse(certificate.validFrom) || time > Date.parse(certificate.validTo)) {
      findings.push(block('signature.certificate_not_valid_then', SIGNATURE_ENTRY));
    }
    if (time > (options.now ?? new Date()).getTime() + CLOCK_SKEW_MS) findings.push(block('signature.time_in_future', SIGNATURE_ENTRY));
    if (!isForSigning(certificate)) findings.push(block('signature.certificate_not_for_signing', SIGNATURE_ENTRY));
    const subject = printable(certificate.subject.split('\n').join(', '));
    const trust = standingOf(certificate, options, time);
    findings.push(...standingFindings(trust, subject, options));
    return {
      subject, fingerprint: certificate.fingerprint256,
      signedAt: signedAt.toISOString(), validFrom: new Date(certificate.validFrom).toISOString(),
      validTo: new Date(certificate.validTo).toISOString(), trust,
    };
  } catch (error) {
    if (!(error instanceof SignatureFault)) throw error;
    findings.push(block(error.code, SIGNATURE_ENTRY));
    return null;
  }
}

function standingOf(certificate: X509Certificate, { trust, own }: VerifyOptions, at: number): SignerReport['trust'] {
  if (trust !== undefined) return isTrusted(certificate, trust, at) ? 'trusted' : 'untrusted';
  return own?.fingerprint256 === certificate.fingerprint256 ? 'own' : 'unchecked';
}

function standingFindings(trust: SignerReport['trust'], subject: string, { own }: VerifyOptions): Finding[] {
  if (trust === 'untrusted') return [block('signature.signer_untrusted', SIGNATURE_ENTRY)];
  if (trust !== 'unchecked') return [];
  return [{ code: own ? 'signature.signer_not_ours' : 'signature.signer_unchecked', severity: 'warn', path: SIGNATURE_ENTRY, params: { subject } }];
}

// Whoever made the certificate chose these words: they reach a terminal and must not steer it.
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '\ufffd').slice(0, 500);
}
