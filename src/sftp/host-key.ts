import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';
import { AppError } from '../platform/errors.ts';
import { developmentHostKey } from '../platform/keys-host.ts';
import type { Config } from '../platform/config.ts';
import type { KeyRing } from '../platform/keys.ts';

export interface HostKey {
  readonly privateKey: string;
  /** As a line of `known_hosts` has it after the address. */
  readonly publicLine: string;
  /** As `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
}

/**
 * The key by which partners know this server: of the key file, or, where keys are made by ourselves, one in the data directory.
 *
 * @throws AppError `sftp.host_key_missing`, `sftp.host_key_invalid`.
 */
export async function openHostKey(config: Pick<Config, 'keys' | 'dataDir'>, keys: Pick<KeyRing, 'hostKey'>): Promise<HostKey> {
  if (keys.hostKey === null && config.keys !== null) throw new AppError('invalid', 'sftp.host_key_missing', { params: { path: config.keys } });
  const privateKey = keys.hostKey ?? await developmentHostKey(config.dataDir);
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error || !parsed.isPrivateKey()) throw new AppError('invalid', 'sftp.host_key_invalid', { params: { path: config.keys ?? config.dataDir } });
  const blob = parsed.getPublicSSH();
  return {
    privateKey, publicLine: `${parsed.type} ${blob.toString('base64')}`,
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replaceAll('=', '')}`,
  };
}
