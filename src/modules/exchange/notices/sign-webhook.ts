import { createHmac, timingSafeEqual } from 'node:crypto';

/** Standard Webhooks: secrets are `whsec_` and 24 to 64 bytes in base64. */
export const SECRET_PREFIX = 'whsec_';
const TOLERANCE_S = 5 * 60;

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
}

/** One signature for each secret that holds now: while a secret is replaced the receiver may check with either. */
export function signatureHeader(id: string, timestamp: number, body: string, secrets: readonly string[]): string {
  return secrets.map((secret) => `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`).join(' ');
}

/** As a receiver checks it. */
export function isSignedBy(secret: string, given: { readonly id: string; readonly timestamp: string; readonly signature: string; readonly body: string; readonly now: Date }): boolean {
  const timestamp = Number(given.timestamp);
  if (!Number.isSafeInteger(timestamp) || Math.abs(given.now.getTime() / 1000 - timestamp) > TOLERANCE_S) return false;
  const expected = Buffer.from(signatureHeader(given.id, timestamp, given.body, [secret]));
  return given.signature.split(' ').some((one) => {
    const bytes = Buffer.from(one);
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}
