import { AppError } from '../../../platform/errors.ts';

/** Kinds of keys that our SFTP server can verify: no DSA, RSA of at least 3072 bits, no security tokens (the SSH library verifies none). */
export const KEY_ALGORITHMS = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa'] as const;
const RSA_BITS_MIN = 3_072;
const BLOB_BYTES_MAX = 2_048;
const LINE_CHARACTERS_MAX = 4_096;

export interface SshKey {
  readonly algorithm: string;
  readonly blob: Buffer;
}

/**
 * A line of OpenSSH's public keys (`ssh-ed25519 AAAA… comment`). Options before the key have no meaning here and are refused.
 * @throws AppError `client.key_unreadable`, `client.key_private`, `client.key_algorithm`, `client.key_weak`.
 */
export function readPublicKey(text: string): SshKey {
  if (text.includes('PRIVATE KEY')) throw new AppError('invalid', 'client.key_private');
  const line = text.trim();
  const [algorithm = '', encoded = ''] = line.split(/\s+/);
  if (line.length > LINE_CHARACTERS_MAX || line.includes('\n') || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) throw new AppError('invalid', 'client.key_unreadable');
  const blob = Buffer.from(encoded, 'base64');
  const fields = fieldsOf(blob);
  if (blob.length > BLOB_BYTES_MAX || fields[0]?.toString('latin1') !== algorithm) throw new AppError('invalid', 'client.key_unreadable');
  if (!(KEY_ALGORITHMS as readonly string[]).includes(algorithm)) throw new AppError('invalid', 'client.key_algorithm', { params: { expected: KEY_ALGORITHMS.join(', ') } });
  if (algorithm === 'ssh-rsa' && bitsOf(fields[2]) < RSA_BITS_MIN) throw new AppError('invalid', 'client.key_weak', { params: { min: RSA_BITS_MIN } });
  if (algorithm === 'ssh-ed25519' && fields[1]?.length !== 32) throw new AppError('invalid', 'client.key_unreadable');
  return { algorithm, blob };
}

/** The fields of a key on the wire: each with its length before it (RFC 4251, 5). */
function fieldsOf(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < blob.length) {
    const length = at + 4 <= blob.length ? blob.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (at + 4 + length > blob.length) throw new AppError('invalid', 'client.key_unreadable');
    fields.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (fields.length < 2) throw new AppError('invalid', 'client.key_unreadable');
  return fields;
}

function bitsOf(modulus: Buffer | undefined): number {
  const significant = modulus?.subarray(modulus[0] === 0 ? 1 : 0) ?? Buffer.alloc(0);
  const [first = 0] = significant;
  return first === 0 ? 0 : (significant.length - 1) * 8 + (32 - Math.clz32(first));
}
