import { webcrypto } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import * as pkijs from 'pkijs';

const DATA = '1.2.840.113549.1.7.1';
const ENVELOPED_DATA = '1.2.840.113549.1.7.3';

const engine = new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto as never });

/**
 * Encrypts bytes for the holder of a certificate (CMS EnvelopedData, RFC 5652; AES-256 in CBC mode; the key wrapped by RSA-OAEP
 * or agreed on by ECDH), as `openssl cms -decrypt -inform DER` opens it. Each call gives other bytes.
 */
export async function encryptFor(bytes: Uint8Array, certificate: X509Certificate): Promise<Buffer> {
  const envelope = new pkijs.EnvelopedData();
  envelope.addRecipientByCertificate(pkijs.Certificate.fromBER(Uint8Array.from(certificate.raw)), { oaepHashAlgorithm: 'SHA-256' }, undefined, engine);
  await envelope.encrypt({ name: 'AES-CBC', length: 256 }, Uint8Array.from(bytes).buffer, engine);
  envelope.encryptedContentInfo.contentType = DATA;
  const info = new pkijs.ContentInfo({ contentType: ENVELOPED_DATA, content: envelope.toSchema() });
  return Buffer.from(info.toSchema().toBER());
}
