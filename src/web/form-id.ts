import { randomBytes } from 'node:crypto';

/** An id for one showing of a form: the same form sent twice does its work once (identity, `submitOnce`). */
export function newFormId(): string {
  return randomBytes(18).toString('base64url');
}
