import { timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '../../platform/keys.ts';

/** A name that only we can make and that tells nothing: half of it names the person, half proves that we made it. */
const HALF_BYTES = 16;

/** For whom a form is kept: a person; whoever knows the address of a page that is a secret; or nobody but this visit of a stranger. */
export type Who = { readonly user: string } | { readonly page: string } | { readonly session: string };

/** Marks of strangers' visits serve only while the visit lasts, which a session's token has to show besides. */
export type Kind = 'lasting' | 'visit';

/** A mark serves as long as the longest session and, after it, the hour in which a form is kept: whoever finds one in an old page can do nothing with it. */
export const MARK_MS = 11 * 60 * 60_000;
const END_BYTES = 4;
const MINUTE_MS = 60_000;

/**
 * The mark of whoever fills in a form. It stands in the page beside the form, and comes back with it when the session is over: so we know
 * for whom to keep what was typed, without anybody being signed in. It says until when it serves.
 */
export function markOf(keys: KeyRing, who: Who, now: Date): string {
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32BE(Math.ceil((now.getTime() + MARK_MS) / MINUTE_MS));
  const name = Buffer.concat([ownerOf(keys, who), end]);
  return Buffer.concat([name, proofOf(keys, name, 'session' in who ? 'visit' : 'lasting')]).toString('base64url');
}

export function ownerOf(keys: KeyRing, who: Who): Buffer {
  const [[kind, id]] = Object.entries(who) as [[string, string]];
  return keys.lookup('kept_form_owner', `${kind}:${id}`).subarray(0, HALF_BYTES);
}

/** The name in a mark of this kind, if we made it and it still serves; null otherwise. */
export function ownerIn(keys: KeyRing, mark: unknown, kind: Kind, now: Date): Buffer | null {
  if (typeof mark !== 'string' || !/^[\w-]{48}$/.test(mark)) return null;
  const bytes = Buffer.from(mark, 'base64url');
  const name = bytes.subarray(0, HALF_BYTES + END_BYTES);
  if (!timingSafeEqual(bytes.subarray(HALF_BYTES + END_BYTES), proofOf(keys, name, kind))) return null;
  return now.getTime() < name.readUInt32BE(HALF_BYTES) * MINUTE_MS ? name.subarray(0, HALF_BYTES) : null;
}

const proofOf = (keys: KeyRing, name: Uint8Array, kind: Kind): Buffer =>
  keys.lookup(`kept_form_mark_${kind}`, Buffer.from(name).toString('base64url')).subarray(0, HALF_BYTES);
