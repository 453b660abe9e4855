import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encryptFor } from '../../../platform/asic/envelope.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { keepFile, readKeptFile } from '../../../platform/files.ts';
import { isId } from '../../../platform/ids.ts';

const ENCRYPTED_BYTES_MAX = 110 * 1024 * 1024;
const FILE_BYTES_MAX = 100 * 1024 * 1024;
const RSA_BITS_MIN = 2048;
const PARTNER_ID = /^[a-z]{2}-[a-z0-9-]{2,40}$/;

/** Where the certificate lies for which files to a partner are encrypted. */
export function encryptionCertificatePath(dataDir: string, partnerId: string): string {
  if (!PARTNER_ID.test(partnerId)) throw new Error('fault: this is no id of a partner');
  return join(dataDir, 'partner-certificates', `${partnerId}.encrypt.pem`);
}

/**
 * The certificate of a partner for encryption: RSA of 2048 bits or more, or P-256.
 *
 * @throws AppError `delivery.certificate_missing`, `delivery.certificate_not_valid`, `delivery.certificate_unsuitable`.
 */
export function encryptionCertificate(ctx: Pick<Ctx, 'config' | 'clock'>, partnerId: string): X509Certificate {
  const path = encryptionCertificatePath(ctx.config.dataDir, partnerId);
  const file = `partner-certificates/${partnerId}.encrypt.pem`;
  if (!existsSync(path)) throw new AppError('conflict', 'delivery.certificate_missing', { params: { file } });
  let certificate: X509Certificate;
  let key: KeyObject;
  try {
    certificate = new X509Certificate(readFileSync(path));
    key = certificate.publicKey;
  } catch (cause) {
    throw new AppError('conflict', 'delivery.certificate_unsuitable', { params: { file }, cause });
  }
  const now = ctx.clock.now().getTime();
  if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo)) throw new AppError('conflict', 'delivery.certificate_not_valid', { params: { file } });
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const isSuitable = (key.asymmetricKeyType === 'rsa' && (modulusLength ?? 0) >= RSA_BITS_MIN) || (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1');
  if (!isSuitable) throw new AppError('conflict', 'delivery.certificate_unsuitable', { params: { file } });
  return certificate;
}

/**
 * Keeps a file once more, as only the partner can open it. Each call gives other bytes: it is done once for each message.
 *
 * @throws AppError of `encryptionCertificate`; `delivery.too_large_to_encrypt`.
 */
export async function encryptFile(ctx: Ctx, partnerId: string, fileId: string): Promise<string> {
  if (!isId('fil', fileId)) throw new Error('fault: this is no id of a file');
  const certificate = encryptionCertificate(ctx, partnerId);
  const bytes = await readKeptFile(ctx, fileId);
  if (bytes.length > FILE_BYTES_MAX) throw new AppError('conflict', 'delivery.too_large_to_encrypt', { params: { bytesMax: FILE_BYTES_MAX } });
  const encrypted = await encryptFor(bytes, certificate);
  const kept = await keepFile(ctx, { fileName: `${fileId}.p7m`, source: encrypted, bytesMax: ENCRYPTED_BYTES_MAX, partner: partnerId });
  return kept.fileId;
}
