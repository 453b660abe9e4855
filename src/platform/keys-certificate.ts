import { randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { BitString, Integer, OctetString, PrintableString, Utf8String } from 'asn1js';
import { AttributeTypeAndValue, BasicConstraints, Certificate, CryptoEngine, Extension } from 'pkijs';
import { AppError } from './errors.ts';

/** With what packets are signed. Key PKCS #8 PEM, certificate X.509 PEM. */
export interface SigningIdentity {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
}

const YEARS = 10;
const CERTIFICATES_MAX = 1_000;
const NAME = { country: '2.5.4.6', organization: '2.5.4.10', commonName: '2.5.4.3' } as const;

/**
 * A key pair (EC P-256) and a self-signed certificate for signing packets during development: it says whose it is not. In
 * production the certificate comes from an authority that the partners trust, in the file of `PUENTE_KEYS`.
 */
export async function newSigningIdentity(now: Date): Promise<SigningIdentity> {
  const engine = new CryptoEngine({ name: 'node', crypto: webcrypto });
  const pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const certificate = new Certificate();
  certificate.version = 2;
  const serial = randomBytes(16);
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0); // positive, and never with leading zeros
  certificate.serialNumber = new Integer({ valueHex: Uint8Array.from(serial).buffer });
  for (const name of [certificate.issuer, certificate.subject]) {
    name.typesAndValues.push(
      new AttributeTypeAndValue({ type: NAME.country, value: new PrintableString({ value: 'US' }) }),
      new AttributeTypeAndValue({ type: NAME.organization, value: new Utf8String({ value: 'Puente development' }) }),
      new AttributeTypeAndValue({ type: NAME.commonName, value: new Utf8String({ value: 'Puente development packet signing' }) }),
    );
  }
  const begin = Math.floor(now.getTime() / 1000) * 1000;
  certificate.notBefore.value = new Date(begin - 86_400_000);
  certificate.notAfter.value = new Date(begin + YEARS * 365 * 86_400_000);
  await certificate.subjectPublicKeyInfo.importKey(pair.publicKey, engine);
  const keyId = await webcrypto.subtle.digest('SHA-1', certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView as Uint8Array<ArrayBuffer>);
  certificate.extensions = [
    extension('2.5.29.19', true, new BasicConstraints({ cA: false }).toSchema().toBER(false)),
    // digitalSignature and nonRepudiation, the first two bits.
    extension('2.5.29.15', true, new BitString({ valueHex: Uint8Array.of(0xc0).buffer, unusedBits: 6 }).toBER(false)),
    extension('2.5.29.14', false, new OctetString({ valueHex: keyId }).toBER(false)),
  ];
  await certificate.sign(pair.privateKey, 'SHA-256', engine);
  return {
    privateKeyPem: pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', pair.privateKey)),
    certificatePem: pem('CERTIFICATE', certificate.toSchema(true).toBER(false)),
  };
}

function extension(extnID: string, critical: boolean, extnValue: ArrayBuffer): Extension {
  return new Extension({ extnID, critical, extnValue });
}

function pem(label: string, der: ArrayBuffer): string {
  const lines = Buffer.from(der).toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The certificates of a text in PEM, at least one. @throws AppError invalid, with this code, where it is no such text. */
export function certificatesIn(pem: string, refusal: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length === 0 || blocks.length > CERTIFICATES_MAX) throw new Error('no certificate');
    return blocks.map((block) => new X509Certificate(block));
  } catch (cause) {
    throw new AppError('invalid', refusal, { cause });
  }
}
