import { timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '../../platform/keys.ts';

/** A name that only we can make and that tells nothing: half of it names the person, half proves that we made it. */
const HALF_BYTES = 16;

/** For whom a form is kept: a person; whoever knows the address of a page that is a secret; or nobody but this visit of a stranger. */
export type Who = { readonly user: string } | { readonly page: string } | { readonly session: string };

/** Marks of strangers' visits serve only while the visit lasts, which a session's token has to show besides. */
export type Kind = 'lasting' | 'visit';

/**
 * The mark of whoever fills in a form. It stands in the page beside the form, and comes back with it when the session is over: so we know
 * for whom to keep what was typed, without anybody being signed in.
 */
export function markOf(keys: KeyRing, who: Who): string {
  const name = ownerOf(keys, who);
  return Buffer.concat([name, proofOf(keys, name, 'session' in who ? 'visit' : 'lasting')]).toString('base64url');
}

export function ownerOf(keys: KeyRing, who: Who): Buffer {
  const [[kind, id]] = Object.entries(who) as [[string, string]];
  return keys.lookup('kept_form_owner', `${kind}:${id}`).subarray(0, HALF_BYTES);
}

/** The name in a mark of this kind, if we made it; null otherwise. */
export function ownerIn(keys: KeyRing, mark: unknown, kind: Kind): Buffer | null {
  if (typeof mark !== 'string' || mark.length > 64) return null;
  const bytes = Buffer.from(mark, 'base64url');
  if (bytes.length !== 2 * HALF_BYTES) return null;
  const name = bytes.subarray(0, HALF_BYTES);
  return timingSafeEqual(bytes.subarray(HALF_BYTES), proofOf(keys, name, kind)) ? name : null;
}

const proofOf = (keys: KeyRing, name: Uint8Array, kind: Kind): Buffer =>
  keys.lookup(`kept_form_mark_${kind}`, Buffer.from(name).toString('base64url')).subarray(0, HALF_BYTES);
