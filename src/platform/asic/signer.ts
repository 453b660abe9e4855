import { X509Certificate, createPrivateKey } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { KeyRing } from '../keys.ts';
import type { Signer } from './cms.ts';

/**
 * The signer of this installation, from its keys. The certificate must be for a P-256 key, and for this one.
 *
 * @throws AppError `keys.signing_missing`, `keys.signing_unsupported`, `keys.signing_mismatch`.
 */
export function signerOf(keys: Pick<KeyRing, 'signing'>): Signer {
  if (!keys.signing) throw new AppError('conflict', 'keys.signing_missing');
  const certificate = new X509Certificate(keys.signing.certificatePem);
  const privateKey = createPrivateKey(keys.signing.privateKeyPem);
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new AppError('conflict', 'keys.signing_unsupported');
  if (!certificate.checkPrivateKey(privateKey)) throw new AppError('conflict', 'keys.signing_mismatch');
  return { certificate: certificate.raw, privateKey };
}
