import { AppError } from '../../platform/errors.ts';
import type { Call } from './answer.ts';

const PREFIX = 'v1:';

/** A cursor says nothing to its reader, so that what it is made of may change. */
export const cursorOf = (id: string | null): string | null => (id === null ? null : Buffer.from(`${PREFIX}${id}`).toString('base64url'));

/** Where the page begins, and how long it may be. @throws AppError `api.cursor_unknown`. */
export function pageOf({ query }: Call): { after: string | null; limit: number } {
  const limit = typeof query['limit'] === 'number' ? query['limit'] : 50;
  const { after } = query;
  if (typeof after !== 'string') return { after: null, limit };
  const text = Buffer.from(after, 'base64url').toString('utf8');
  if (!/^v1:[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$/.test(text)) throw new AppError('invalid', 'api.cursor_unknown');
  return { after: text.slice(PREFIX.length), limit };
}
