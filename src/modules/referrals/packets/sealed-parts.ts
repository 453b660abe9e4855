import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encryptFor } from '../../../platform/asic/envelope.ts';
import type { ZipEntry } from '../../../platform/asic/zip.ts';
import type { Finding } from '../../../platform/errors.ts';

/** The one authority that may open the sealed parts of packets to a partner: `<dataDir>/authorities/<partnerId>.pem`. */
export type Authority = { readonly certificate: X509Certificate; readonly finding: null } | { readonly certificate: null; readonly finding: Finding };

/** Reads the authority's certificate, which must be valid on the day; the finding blocks where there is none to encrypt for. */
export function authorityFor(dataDir: string, partnerId: string, now: Date): Authority {
  const path = `/partner/authorities/${partnerId}.pem`;
  const blocked = (code: string): Authority => ({ certificate: null, finding: { code, severity: 'block', path } });
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(readFileSync(join(dataDir, 'authorities', `${partnerId}.pem`)));
  } catch {
    return blocked('packet.authority_missing');
  }
  const isValid = Date.parse(certificate.validFrom) <= now.getTime() && now.getTime() <= Date.parse(certificate.validTo);
  return isValid ? { certificate, finding: null } : blocked('packet.authority_not_valid');
}

/** Encrypts each part for the authority and for nobody else: whoever holds the container, we too, cannot open it. */
export async function encryptParts(parts: readonly ZipEntry[], certificate: X509Certificate): Promise<ZipEntry[]> {
  return Promise.all(parts.map(async ({ name, bytes }) => ({ name: `${name}.p7m`, bytes: await encryptFor(bytes, certificate) })));
}
