import { createHash } from 'node:crypto';
import type { ZipEntry } from './zip.ts';

export const CONTAINER_TYPE = 'application/vnd.etsi.asic-e+zip';
export const MIMETYPE_ENTRY = 'mimetype';
export const MANIFEST_ENTRY = 'META-INF/ASiCManifest.xml';
export const SIGNATURE_ENTRY = 'META-INF/signature.p7s';

const TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf', xml: 'application/xml', json: 'application/json', txt: 'text/plain',
  jpg: 'image/jpeg', png: 'image/png', p7m: 'application/pkcs7-mime',
};

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** One line of the manifest: the name of an entry, what it is and the digest of its bytes. */
function reference(entry: ZipEntry): string {
  const type = TYPES[entry.name.slice(entry.name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  return `  <asic:DataObjectReference URI="${entry.name}" MimeType="${type}">\n`
    + '    <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>\n'
    + `    <ds:DigestValue>${sha256(entry.bytes).toString('base64')}</ds:DigestValue>\n`
    + '  </asic:DataObjectReference>\n';
}

/**
 * The manifest of these entries (ETSI EN 319 162-1, A.4). It is a function of the entries alone, so that a reader
 * writes it anew and compares, instead of trusting what a manifest says. Entry names are limited to letters,
 * digits and `._-/` (zip.ts), so nothing here needs escaping.
 */
export function manifestOf(entries: readonly ZipEntry[]): Buffer {
  return Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    + '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n'
    + `  <asic:SigReference URI="${SIGNATURE_ENTRY}" MimeType="application/pkcs7-signature"/>\n`
    + entries.map(reference).join('')
    + '</asic:ASiCManifest>\n',
    'utf8',
  );
}

/** Whether the manifest, as it stands in the container, names this entry with this content. */
export function manifestNames(manifest: Uint8Array, entry: ZipEntry): boolean {
  return Buffer.from(manifest).includes(reference(entry));
}
