import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnce } from './create-once.ts';

const FILE = 'sftp-host-key';

/** A new private key (Ed25519, in OpenSSH's form) by which an SFTP server is known. */
export async function newHostKey(): Promise<string> {
  const { default: ssh2 } = await import('ssh2');
  return ssh2.utils.generateKeyPairSync('ed25519').private;
}

/** The host key of an installation that makes its keys itself: made with the first use, the same ever after. */
export async function developmentHostKey(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE);
  const found = await readFile(path, 'utf8').catch(() => null);
  if (found !== null) return found;
  createOnce(path, await newHostKey());
  return readFile(path, 'utf8');
}
