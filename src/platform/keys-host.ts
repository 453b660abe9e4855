import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnce } from './create-once.ts';

const FILE = 'sftp-host-key';

const TRIES_MAX = 50;

/**
 * A new private key (Ed25519, in OpenSSH's form) by which an SFTP server is known. Of the keys that ssh2 1.17 makes, some six in a thousand are
 * malformed: it must be one that can be read again.
 */
export async function newHostKey(): Promise<string> {
  const { default: ssh2 } = await import('ssh2');
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    const { private: key } = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(key) instanceof Error)) return key;
  }
  throw new Error('fault: ssh2 makes no host key that it can read');
}

/** The host key of an installation that makes its keys itself: made with the first use, the same ever after. */
export async function developmentHostKey(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE);
  const found = await readFile(path, 'utf8').catch(() => null);
  if (found !== null) return found;
  createOnce(path, await newHostKey());
  return readFile(path, 'utf8');
}
