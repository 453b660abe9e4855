import { createCipheriv, randomBytes, webcrypto } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

const ID = {
  data: '1.2.840.113549.1.7.1',
  authEnvelopedData: '1.2.840.113549.1.9.16.1.23',
  aes256Gcm: '2.16.840.1.101.3.4.1.46',
} as const;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Remembers the key that the library draws and wraps for the recipient, because the library encrypts content in no authenticated way. */
class KeyKeeper extends pkijs.CryptoEngine {
  contentKey: Uint8Array | null = null;

  override async exportKey(...[form, key]: Parameters<pkijs.CryptoEngine['exportKey']>): Promise<never> {
    const exported = await super.exportKey(form as 'raw', key);
    if (form === 'raw') this.contentKey = new Uint8Array(exported);
    return exported as never;
  }
}

/**
 * Encrypts bytes for the holder of a certificate (CMS AuthEnvelopedData, RFC 5083 and 5084; AES-256 in GCM mode; the key wrapped by RSA-OAEP
 * or agreed on by ECDH), as `openssl cms -decrypt -inform DER` opens it from OpenSSL 3.0 on. Each call gives other bytes, under a key of its own.
 */
export async function encryptFor(bytes: Uint8Array, certificate: X509Certificate): Promise<Buffer> {
  const { key, recipients } = await keyFor(certificate);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const content = Buffer.concat([cipher.update(bytes), cipher.final()]);
  const parameters = new asn1js.Sequence({ value: [octets(nonce), new asn1js.Integer({ value: TAG_BYTES })] });
  const contentInfo = new asn1js.Sequence({
    value: [
      new asn1js.ObjectIdentifier({ value: ID.data }),
      new asn1js.Sequence({ value: [new asn1js.ObjectIdentifier({ value: ID.aes256Gcm }), parameters] }),
      new asn1js.Primitive({ idBlock: { tagClass: 3, tagNumber: 0 }, valueHex: arrayBuffer(content) }),
    ],
  });
  const envelope = new asn1js.Sequence({ value: [new asn1js.Integer({ value: 0 }), recipients, contentInfo, octets(cipher.getAuthTag())] });
  const info = new pkijs.ContentInfo({ contentType: ID.authEnvelopedData, content: envelope });
  return Buffer.from(info.toSchema().toBER());
}

/** A new key for content, and that key as only the holder of the certificate can have it. */
async function keyFor(certificate: X509Certificate): Promise<{ readonly key: Uint8Array; readonly recipients: asn1js.Set }> {
  const engine = new KeyKeeper({ name: 'node', crypto: webcrypto as never });
  const envelope = new pkijs.EnvelopedData();
  envelope.addRecipientByCertificate(pkijs.Certificate.fromBER(Uint8Array.from(certificate.raw)), { oaepHashAlgorithm: 'SHA-256' }, undefined, engine);
  await envelope.encrypt({ name: 'AES-CBC', length: 256 }, new ArrayBuffer(0), engine);
  if (!engine.contentKey) throw new Error('fault: no key was drawn for the content');
  return { key: engine.contentKey, recipients: new asn1js.Set({ value: envelope.recipientInfos.map((one) => one.toSchema()) }) };
}

const arrayBuffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;
const octets = (bytes: Uint8Array): asn1js.OctetString => new asn1js.OctetString({ valueHex: arrayBuffer(bytes) });
