import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Config } from './config.ts';
import { createOnce } from './create-once.ts';
import { AppError } from './errors.ts';
import { newSigningIdentity } from './keys-certificate.ts';
import type { SigningIdentity } from './keys-certificate.ts';
import { newHostKey } from './keys-host.ts';

export type { SigningIdentity } from './keys-certificate.ts';

/**
 * The keys of this installation. New ciphertexts carry the newest version; older versions only decrypt. `aad` binds a
 * ciphertext to its row (`case_identifiers:us-ca:2000004103714:0`), so that it cannot be moved to another.
 */
export interface KeyRing {
  readonly currentVersion: number;
  readonly signing: SigningIdentity | null;
  /** The private key by which partners know our SFTP server; null where the key file has none. */
  readonly hostKey: string | null;
  encrypt(plain: Uint8Array | string, aad: string): Buffer;
  /** @throws AppError `keys.decrypt_failed` when key, `aad` or ciphertext do not fit; `keys.version_unknown`. */
  decrypt(cipher: Uint8Array, aad: string): Buffer;
  /** Keyed hash under which an identifier is found without being readable; `kind` separates the purposes (`ssn`, `curp`). */
  lookup(kind: string, normalizedValue: string): Buffer;
  /** The key of one kept file, which its random salt sets apart from every other. */
  fileKey(version: number, salt: Uint8Array): Buffer;
}

/** The file of `PUENTE_KEYS`: secrets are 32 random bytes in base64. The look-up secret has no versions: changing it means hashing every identifier anew. */
export interface KeyFile {
  readonly format: 'puente-keys-1';
  readonly versions: readonly { readonly version: number; readonly secret: string; readonly since: string }[];
  readonly lookupSecret: string;
  readonly signing: { readonly privateKey: string; readonly certificate: string } | null;
  /** As PEM, or the name of a file, relative to this one. */
  readonly sftpHostKey?: string | null;
}

const FORMAT = 1;
const HEADER_BYTES = 5;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SECRET_BYTES = 32;
export const DEVELOPMENT_FILE = 'keys.json';

/**
 * Opens the keys: the file of `PUENTE_KEYS`, or without it development keys in the data directory, made on first use.
 *
 * @throws AppError `keys.missing`, `keys.invalid` (with a finding for each fault).
 */
export async function openKeyRing(config: Pick<Config, 'keys' | 'dataDir' | 'databaseUrl'>): Promise<KeyRing> {
  if (config.keys !== null) {
    if (!existsSync(config.keys)) throw new AppError('invalid', 'keys.missing', { params: { path: config.keys } });
    return readKeyRing(config.keys);
  }
  if (config.databaseUrl !== null) throw new AppError('invalid', 'keys.missing', { params: { path: 'PUENTE_KEYS' } });
  const path = join(config.dataDir, DEVELOPMENT_FILE);
  if (!existsSync(path)) createOnce(path, `${JSON.stringify(await newKeyFile(), null, 2)}\n`);
  return readKeyRing(path);
}

/** Fresh keys with a self-signed development certificate. */
export async function newKeyFile(now: Date = new Date()): Promise<KeyFile> {
  const identity = await newSigningIdentity(now);
  return {
    format: 'puente-keys-1',
    versions: [{ version: 1, secret: newSecret(), since: now.toISOString() }],
    lookupSecret: newSecret(),
    signing: { privateKey: identity.privateKeyPem, certificate: identity.certificatePem },
    sftpHostKey: await newHostKey(),
  };
}

/** The same keys with one version more, which encrypts from now on. */
export function rotated(file: KeyFile, now: Date): KeyFile {
  const version = Math.max(...file.versions.map((entry) => entry.version)) + 1;
  return { ...file, versions: [...file.versions, { version, secret: newSecret(), since: now.toISOString() }] };
}

const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64');

function readKeyRing(path: string): KeyRing {
  let file: unknown;
  try {
    file = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new AppError('invalid', 'keys.invalid', { params: { path }, cause });
  }
  return keyRingOf(file as KeyFile, dirname(path), path);
}

/** @throws AppError `keys.invalid`; nothing of the file's content is in the error. */
export function keyRingOf(file: KeyFile, folder = '.', path = ''): KeyRing {
  const secrets = checkedSecrets(file, path);
  const currentVersion = Math.max(...secrets.keys());
  // Key objects, made once: from raw bytes each operation would make its own, which costs more than the operation.
  const lookupKeys = new Map<string, KeyObject>();
  const encryptionKeys = new Map([...secrets].map(([version, secret]) => [version, createSecretKey(derive(secret, '', 'puente encrypt'))]));
  return Object.freeze({
    currentVersion,
    signing: signingOf(file, folder),
    hostKey: hostKeyOf(file, folder),
    encrypt: (plain: Uint8Array | string, aad: string) => encrypt(encryptionKeys, currentVersion, plain, aad),
    decrypt: (cipher: Uint8Array, aad: string) => decrypt(encryptionKeys, cipher, aad),
    lookup(kind: string, normalizedValue: string) {
      let key = lookupKeys.get(kind);
      if (!key) lookupKeys.set(kind, key = createSecretKey(derive(Buffer.from(file.lookupSecret, 'base64'), '', `puente lookup ${kind}`)));
      return createHmac('sha256', key).update(normalizedValue, 'utf8').digest();
    },
    fileKey(version: number, salt: Uint8Array) {
      const secret = secrets.get(version);
      if (!secret) throw new AppError('invalid', 'keys.version_unknown', { params: { version } });
      return derive(secret, salt, 'puente file');
    },
  });
}

function derive(secret: Uint8Array, salt: Uint8Array | string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, purpose, SECRET_BYTES));
}

function checkedSecrets(file: KeyFile, path: string): Map<number, Buffer> {
  const isSecret = (text: unknown): boolean => typeof text === 'string' && Buffer.from(text, 'base64').length === SECRET_BYTES;
  const faults: string[] = [];
  if (file?.format !== 'puente-keys-1') faults.push('/format');
  if (!isSecret(file?.lookupSecret)) faults.push('/lookupSecret');
  const versions = Array.isArray(file?.versions) ? file.versions : [];
  if (versions.length === 0) faults.push('/versions');
  const secrets = new Map<number, Buffer>();
  versions.forEach((entry, index) => {
    const isVersion = Number.isInteger(entry?.version) && entry.version >= 1 && entry.version < 2 ** 31 && !secrets.has(entry.version);
    if (!isVersion || !isSecret(entry.secret)) faults.push(`/versions/${index}`);
    else secrets.set(entry.version, Buffer.from(entry.secret, 'base64'));
  });
  if (faults.length > 0) {
    throw new AppError('invalid', 'keys.invalid', { params: { path }, findings: faults.map((at) => ({ code: 'keys.entry', severity: 'block', path: at })) });
  }
  return secrets;
}

/** Either may stand in the file itself as PEM, or be the name of a file (relative to it). */
function pemOf(given: string, folder: string, path: string): string {
  try {
    if (given.includes('-----BEGIN')) return given;
    return readFileSync(isAbsolute(given) ? given : join(folder, given), 'utf8');
  } catch (cause) {
    throw new AppError('invalid', 'keys.invalid', { findings: [{ code: 'keys.entry', severity: 'block', path }], cause });
  }
}

function signingOf({ signing }: KeyFile, folder: string): SigningIdentity | null {
  if (!signing) return null;
  return Object.freeze({ privateKeyPem: pemOf(signing.privateKey, folder, '/signing'), certificatePem: pemOf(signing.certificate, folder, '/signing') });
}

const hostKeyOf = ({ sftpHostKey }: KeyFile, folder: string): string | null => (typeof sftpHostKey === 'string' ? pemOf(sftpHostKey, folder, '/sftpHostKey') : null);

/** Format byte and key version (both authenticated), nonce, ciphertext, tag. */
function encrypt(keys: ReadonlyMap<number, KeyObject>, version: number, plain: Uint8Array | string, aad: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(FORMAT, 0);
  header.writeUInt32BE(version, 1);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keys.get(version) as KeyObject, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.concat([header, Buffer.from(aad, 'utf8')]));
  return Buffer.concat([header, nonce, cipher.update(typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(keys: ReadonlyMap<number, KeyObject>, given: Uint8Array, aad: string): Buffer {
  const whole = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (whole.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES || whole[0] !== FORMAT) throw new AppError('invalid', 'keys.decrypt_failed');
  const version = whole.readUInt32BE(1);
  const key = keys.get(version);
  if (!key) throw new AppError('invalid', 'keys.version_unknown', { params: { version } });
  const body = whole.subarray(HEADER_BYTES + NONCE_BYTES, whole.length - TAG_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, whole.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.concat([whole.subarray(0, HEADER_BYTES), Buffer.from(aad, 'utf8')]));
    decipher.setAuthTag(whole.subarray(whole.length - TAG_BYTES));
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch (cause) {
    throw new AppError('invalid', 'keys.decrypt_failed', { cause });
  }
}
