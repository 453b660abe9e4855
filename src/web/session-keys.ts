import { createHash } from 'node:crypto';

/** What stands in the table: whoever reads it, or a backup of it, signs in as nobody. An id has 24 random bytes: it needs no salt. */
export const hashed = (sid: string): string => createHash('sha256').update(sid).digest('base64url');

const WAITING = new WeakSet<object>();

/** For requests that wait for what a person does not ask for: their sessions end as if nobody had asked. */
export const doesNotProlong = (session: object): void => void WAITING.add(session);
export const isWaiting = (session: object): boolean => WAITING.has(session);
