import { createHash, sign, verify, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

const ID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const;

// The order of the group of P-256. A signature (r, s) has a twin (r, n - s); only the lower s is written and accepted.
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Whoever signs packets: a certificate (DER) for a P-256 key, and that key. */
export interface Signer {
  readonly certificate: Uint8Array;
  readonly privateKey: KeyObject;
}

/** What a signature says of itself, once it has been found intact. */
export interface SignatureFacts {
  readonly certificate: X509Certificate;
  readonly signedAt: Date;
}

export class SignatureFault extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const arrayBuffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

function attribute(type: string, value: asn1js.BaseBlock): pkijs.Attribute {
  return new pkijs.Attribute({ type, values: [value] });
}

/** The signed attributes of CAdES B-B (ETSI EN 319 122-1), in the order that DER wants of a set. */
function signedAttributes(certificate: Uint8Array, content: Uint8Array, signedAt: Date): pkijs.Attribute[] {
  // ESSCertIDv2 with SHA-256, which is the default and therefore not written.
  const certId = new asn1js.Sequence({ value: [new asn1js.OctetString({ valueHex: arrayBuffer(digest(certificate)) })] });
  const attributes = [
    attribute(ID.contentType, new asn1js.ObjectIdentifier({ value: ID.data })),
    attribute(ID.signingTime, new asn1js.UTCTime({ valueDate: signedAt })),
    attribute(ID.messageDigest, new asn1js.OctetString({ valueHex: arrayBuffer(digest(content)) })),
    attribute(ID.signingCertificateV2, new asn1js.Sequence({ value: [new asn1js.Sequence({ value: [certId] })] })),
  ];
  const encoded = (one: pkijs.Attribute): Buffer => Buffer.from(one.toSchema().toBER());
  return attributes.sort((left, right) => Buffer.compare(encoded(left), encoded(right)));
}

function attributesToSign(attributes: readonly pkijs.Attribute[]): Buffer {
  return Buffer.from(new asn1js.Set({ value: attributes.map((one) => one.toSchema()) }).toBER());
}

function integerOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const bytes = Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
  return Buffer.concat([Buffer.from([0x02, bytes.length]), bytes]);
}

/** The signature as r and s of fixed length (IEEE P1363), in DER with the lower s. */
function lowSignature(fixed: Uint8Array): Buffer {
  const r = integerOf(fixed.subarray(0, 32));
  const s = integerOf(fixed.subarray(32, 64));
  const body = Buffer.concat([derInteger(r), derInteger(s > P256_ORDER / 2n ? P256_ORDER - s : s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

// Every receipt is signed by the same certificate: it is read once.
const known = new WeakMap<Uint8Array, pkijs.Certificate>();

function certificateOf(bytes: Uint8Array): pkijs.Certificate {
  let parsed = known.get(bytes);
  if (!parsed) known.set(bytes, parsed = pkijs.Certificate.fromBER(arrayBuffer(bytes)));
  return parsed;
}

function assemble(certificate: Uint8Array, attributes: readonly pkijs.Attribute[], signature: Uint8Array, inside?: Uint8Array): Buffer {
  const parsed = certificateOf(certificate);
  const algorithm = (algorithmId: string): pkijs.AlgorithmIdentifier => new pkijs.AlgorithmIdentifier({ algorithmId });
  const signedData = new pkijs.SignedData({
    version: 1,
    digestAlgorithms: [algorithm(ID.sha256)],
    encapContentInfo: new pkijs.EncapsulatedContentInfo({ eContentType: ID.data }),
    certificates: [parsed],
    signerInfos: [new pkijs.SignerInfo({
      version: 1,
      sid: new pkijs.IssuerAndSerialNumber({ issuer: parsed.issuer, serialNumber: parsed.serialNumber }),
      digestAlgorithm: algorithm(ID.sha256),
      signedAttrs: new pkijs.SignedAndUnsignedAttributes({ type: 0, attributes: [...attributes] }),
      signatureAlgorithm: algorithm(ID.ecdsaWithSha256),
      signature: new asn1js.OctetString({ valueHex: arrayBuffer(signature) }),
    })],
  });
  // Set after construction: the constructor would cut it into pieces, which DER does not allow.
  if (inside !== undefined) signedData.encapContentInfo.eContent = new asn1js.OctetString({ valueHex: arrayBuffer(inside) });
  const content = new pkijs.ContentInfo({ contentType: ID.signedData, content: signedData.toSchema(true) });
  return Buffer.from(content.toSchema().toBER());
}

/** Signs bytes with a detached CAdES B-B signature (CMS, DER). */
export function signDetached(content: Uint8Array, signer: Signer, signedAt: Date): Buffer {
  return signed(content, signer, signedAt, false);
}

/** The same with the bytes inside, as `openssl cms -verify -inform DER` prints them. */
export function signAttached(content: Uint8Array, signer: Signer, signedAt: Date): Buffer {
  return signed(content, signer, signedAt, true);
}

function signed(content: Uint8Array, signer: Signer, signedAt: Date, isInside: boolean): Buffer {
  const wholeSecond = new Date(Math.floor(signedAt.getTime() / 1000) * 1000);
  const attributes = signedAttributes(signer.certificate, content, wholeSecond);
  const fixed = sign('sha256', attributesToSign(attributes), { key: signer.privateKey, dsaEncoding: 'ieee-p1363' });
  return assemble(signer.certificate, attributes, lowSignature(fixed), isInside ? content : undefined);
}

interface Parsed {
  readonly certificate: Uint8Array;
  readonly signedAt: Date;
  readonly signature: Buffer;
  readonly inside: Buffer | null;
}

function parse(cms: Uint8Array): Parsed {
  const info = pkijs.ContentInfo.fromBER(arrayBuffer(cms));
  const signedData = new pkijs.SignedData({ schema: info.content });
  const certificate = signedData.certificates?.[0];
  const signerInfo = signedData.signerInfos[0];
  const time = signerInfo?.signedAttrs?.attributes.find((one) => one.type === ID.signingTime)?.values[0] as unknown;
  if (!(certificate instanceof pkijs.Certificate) || signerInfo === undefined || !(time instanceof asn1js.UTCTime)) {
    throw new SignatureFault('signature.unreadable');
  }
  return {
    certificate: new Uint8Array(certificate.toSchema().toBER()),
    signedAt: time.toDate(),
    signature: Buffer.from(signerInfo.signature.valueBlock.valueHexView),
    inside: signedData.encapContentInfo.eContent ? Buffer.from(signedData.encapContentInfo.eContent.valueBlock.valueHexView) : null,
  };
}

/** Reads a signature and writes it again over this content; whatever cannot be read or written is refused as unreadable. */
function rebuild(cms: Uint8Array, detached: Uint8Array | null) {
  try {
    const parsed = parse(cms);
    const content = detached ?? parsed.inside;
    if (content === null) throw new SignatureFault('signature.unreadable');
    const attributes = signedAttributes(parsed.certificate, content, parsed.signedAt);
    const rebuilt = assemble(parsed.certificate, attributes, parsed.signature, detached === null ? content : undefined);
    return { parsed, content, certificate: new X509Certificate(parsed.certificate), attributes, rebuilt };
  } catch {
    throw new SignatureFault('signature.unreadable');
  }
}

/**
 * Checks a detached signature that `signDetached` made. The whole structure is built again from the certificate, the
 * time and the signature value, and must be the same bytes: nothing in it is left unlooked at.
 *
 * @throws SignatureFault
 */
export function verifyDetached(cms: Uint8Array, content: Uint8Array): SignatureFacts {
  return verified(cms, content);
}

/** Checks what `signAttached` made in the same way, and gives the bytes inside. @throws SignatureFault */
export function verifyAttached(cms: Uint8Array): SignatureFacts & { readonly content: Buffer } {
  return verified(cms, null);
}

function verified(cms: Uint8Array, detached: Uint8Array | null): SignatureFacts & { readonly content: Buffer } {
  const { parsed, content, certificate, attributes, rebuilt } = rebuild(cms, detached);
  if (!rebuilt.equals(cms)) throw new SignatureFault('signature.altered');
  const key = certificate.publicKey;
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new SignatureFault('signature.key_unsupported');
  if (!verify('sha256', attributesToSign(attributes), { key, dsaEncoding: 'der' }, parsed.signature)
    || !isLow(parsed.signature)) {
    throw new SignatureFault('signature.wrong');
  }
  return { certificate, signedAt: parsed.signedAt, content: Buffer.from(content) };
}

function isLow(signature: Buffer): boolean {
  const { result } = asn1js.fromBER(arrayBuffer(signature));
  const integers = (result as asn1js.Sequence).valueBlock.value as asn1js.Integer[];
  const s = integers[1];
  return s !== undefined && integerOf(s.valueBlock.valueHexView) <= P256_ORDER / 2n;
}
