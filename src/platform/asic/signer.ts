import { X509Certificate, createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import { DEVELOPMENT_FILE, keyRingOf } from '../keys.ts';
import type { KeyFile, KeyRing, SigningIdentity } from '../keys.ts';
import type { Signer } from './cms.ts';
import { isForSigning } from './trust.ts';

/**
 * The signer of this installation, from its keys. The certificate must be for a P-256 key, and for this one, and such that what
 * it signs at this time will be believed.
 *
 * @throws AppError `keys.signing_missing`, `keys.signing_unsupported`, `keys.signing_mismatch`, `keys.signing_unsuitable`, `keys.signing_expired`.
 */
export function signerOf(keys: Pick<KeyRing, 'signing'>, at: Date): Signer {
  if (!keys.signing) throw new AppError('conflict', 'keys.signing_missing');
  let known = opened.get(keys.signing);
  if (!known) opened.set(keys.signing, known = openSigner(keys.signing));
  if (at.getTime() < known.from || at.getTime() > known.to) throw new AppError('conflict', 'keys.signing_expired');
  return known.signer;
}

interface OpenedSigner {
  readonly signer: Signer;
  readonly from: number;
  readonly to: number;
}

// Every receipt is signed: the keys are read and checked once for as long as they are in use.
const opened = new WeakMap<SigningIdentity, OpenedSigner>();

function openSigner(signing: SigningIdentity): OpenedSigner {
  const certificate = new X509Certificate(signing.certificatePem);
  const privateKey = createPrivateKey(signing.privateKeyPem);
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new AppError('conflict', 'keys.signing_unsupported');
  if (!certificate.checkPrivateKey(privateKey)) throw new AppError('conflict', 'keys.signing_mismatch');
  if (!isForSigning(certificate)) throw new AppError('conflict', 'keys.signing_unsuitable');
  return { signer: { certificate: certificate.raw, privateKey }, from: Date.parse(certificate.validFrom), to: Date.parse(certificate.validTo) };
}

/** This installation's certificate, where its file of keys is at hand and readable; nothing is made, and no database is asked. */
export function ownCertificate(config: Pick<Config, 'keys' | 'dataDir'>): X509Certificate | null {
  const path = config.keys ?? join(config.dataDir, DEVELOPMENT_FILE);
  if (!existsSync(path)) return null;
  try {
    const { signing } = keyRingOf(JSON.parse(readFileSync(path, 'utf8')) as KeyFile, dirname(path), path);
    return signing && new X509Certificate(signing.certificatePem);
  } catch {
    return null;
  }
}
