import type { X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

const EXTENSION = { keyUsage: '2.5.29.15', subjectAltName: '2.5.29.17', basicConstraints: '2.5.29.19', extendedKeyUsage: '2.5.29.37' } as const;
// A critical extension that is not looked at here could forbid what the certificate was used for.
const UNDERSTOOD: ReadonlySet<string> = new Set(Object.values(EXTENSION));
// E-mail protection, document signing (RFC 9336, and Microsoft's before it), any purpose: signing for persons, not for connections.
const SIGNING_PURPOSES: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.3.4', '1.3.6.1.5.5.7.3.36', '1.3.6.1.4.1.311.10.3.12', '2.5.29.37.0']);
// ECDSA and RSA with SHA-256, SHA-384, SHA-512; Ed25519. Certificates signed over SHA-1 or MD5 can be forged, and RSA-PSS may be over SHA-1.
const SOUND_SIGNATURES: ReadonlySet<string> = new Set([
  '1.2.840.10045.4.3.2', '1.2.840.10045.4.3.3', '1.2.840.10045.4.3.4', '1.2.840.113549.1.1.11', '1.2.840.113549.1.1.12', '1.2.840.113549.1.1.13',
  '1.3.101.112',
]);
/** Bits of the key usage (RFC 5280, 4.2.1.3), from the first one of the string on. */
const USAGE = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5 } as const;

/** What a certificate says of what it is for; null where that cannot be read or is said twice. */
interface Purpose {
  readonly allows: (usage: keyof typeof USAGE) => boolean;
  readonly isAuthority: boolean;
  readonly extended: readonly string[] | null;
  readonly hasUnknownCritical: boolean;
  readonly isSoundlySigned: boolean;
}

function purposeOf(certificate: X509Certificate): Purpose | null {
  try {
    const parsed = pkijs.Certificate.fromBER(Uint8Array.from(certificate.raw).buffer);
    const extensions = parsed.extensions ?? [];
    if (new Set(extensions.map((one) => one.extnID)).size !== extensions.length) return null;
    const valueOf = (id: string): unknown => extensions.find((one) => one.extnID === id)?.parsedValue;
    const [usage, extended, basic] = [valueOf(EXTENSION.keyUsage), valueOf(EXTENSION.extendedKeyUsage), valueOf(EXTENSION.basicConstraints)];
    const isReadable = (value: unknown, type: new (...given: never[]) => unknown, id: string): boolean =>
      value instanceof type || (value === undefined && !extensions.some((one) => one.extnID === id));
    if (!isReadable(usage, asn1js.BitString, EXTENSION.keyUsage) || !isReadable(extended, pkijs.ExtKeyUsage, EXTENSION.extendedKeyUsage)
      || !isReadable(basic, pkijs.BasicConstraints, EXTENSION.basicConstraints)) return null;
    const bits = usage instanceof asn1js.BitString ? usage.valueBlock.valueHexView[0] ?? 0 : 0;
    return {
      allows: (wanted) => (bits & (0x80 >> USAGE[wanted])) !== 0,
      isAuthority: basic instanceof pkijs.BasicConstraints && basic.cA,
      extended: extended instanceof pkijs.ExtKeyUsage ? extended.keyPurposes : null,
      hasUnknownCritical: extensions.some((one) => one.critical && !UNDERSTOOD.has(one.extnID)),
      isSoundlySigned: SOUND_SIGNATURES.has(parsed.signatureAlgorithm.algorithmId),
    };
  } catch {
    return null;
  }
}

/** Whether a certificate may sign papers: for signatures by its key usage, and not kept for connections by its purposes. */
export function isForSigning(certificate: X509Certificate): boolean {
  const purpose = purposeOf(certificate);
  return purpose !== null && !purpose.hasUnknownCritical && (purpose.allows('digitalSignature') || purpose.allows('nonRepudiation'))
    && (purpose.extended === null || purpose.extended.some((one) => SIGNING_PURPOSES.has(one)));
}

function isAuthority(certificate: X509Certificate, at: number): boolean {
  const purpose = purposeOf(certificate);
  return purpose !== null && purpose.isAuthority && purpose.allows('keyCertSign') && !purpose.hasUnknownCritical
    && at >= Date.parse(certificate.validFrom) && at <= Date.parse(certificate.validTo);
}

/** The signer itself is on the list, or was issued by an authority that is. Chains of several authorities are not followed. */
export function isTrusted(certificate: X509Certificate, trust: readonly X509Certificate[], at: number): boolean {
  if (trust.some((anchor) => anchor.fingerprint256 === certificate.fingerprint256)) return true;
  return purposeOf(certificate)?.isSoundlySigned === true
    && trust.some((anchor) => isAuthority(anchor, at) && certificate.checkIssued(anchor) && certificate.verify(anchor.publicKey));
}
