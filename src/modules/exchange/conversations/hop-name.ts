import { createHash } from 'node:crypto';

/** Partners and the offices of the lifecycle are named so. */
const NAMED = /^[a-z][a-z0-9_-]{0,59}$/;

/** An office that a message names as we name none is kept under a name that is made of its own: the same each time, another for another. */
export function hopName(named: string): string {
  return NAMED.test(named) ? named : `unlisted-${createHash('sha256').update(named, 'utf8').digest('hex').slice(0, 12)}`;
}
