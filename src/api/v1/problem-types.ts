import { isPoolExhausted } from '../../platform/database/index.ts';
import { AppError } from '../../platform/errors.ts';
import type { ErrorKind } from '../../platform/errors.ts';

/** The kinds of problem (RFC 9457) with their statuses; each is documented under `/errors/<type>` in the words of `api:problems`. */
export const PROBLEM_TYPES = {
  'invalid-request': 400,
  'unauthenticated': 401,
  'forbidden': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  'conflict': 409,
  'content-too-large': 413,
  'unsupported-media-type': 415,
  'range-not-satisfiable': 416,
  'unprocessable': 422,
  'refused': 422,
  'key-reused': 422,
  'too-many-requests': 429,
  'internal-fault': 500,
  'unavailable': 503,
} as const;
export type ProblemType = keyof typeof PROBLEM_TYPES;

const BY_KIND: Readonly<Record<ErrorKind, ProblemType>> = {
  invalid: 'unprocessable', unauthenticated: 'unauthenticated', forbidden: 'forbidden', not_found: 'not-found', conflict: 'conflict', partner_unavailable: 'unavailable',
};

/** Refusals that are told apart further than by their kind. */
const BY_CODE: Readonly<Record<string, ProblemType>> = {
  'api.request_invalid': 'invalid-request', 'api.body_unreadable': 'invalid-request', 'api.body_missing': 'invalid-request', 'api.body_too_deep': 'invalid-request', 'api.digest_differs': 'invalid-request',
  'api.grant_unknown': 'invalid-request', 'api.cursor_unknown': 'invalid-request', 'api.address_unreadable': 'invalid-request',
  'api.method': 'method-not-allowed', 'api.not_acceptable': 'not-acceptable', 'api.too_large': 'content-too-large', 'file.too_large': 'content-too-large',
  'api.media_type': 'unsupported-media-type', 'api.encoding': 'unsupported-media-type', 'api.range': 'range-not-satisfiable', 'api.too_many': 'too-many-requests',
  'api.key_reused': 'key-reused', 'message.refused': 'refused', 'exchange.too_much_today': 'too-many-requests', 'exchange.not_your_partner': 'not-found',
  'inquiry.too_many': 'too-many-requests', 'exchange.too_many_at_once': 'too-many-requests', 'database.busy': 'unavailable', 'inquiry.too_many_open': 'too-many-requests',
};

/** What the driver says when the server is gone, refuses or is starting. */
const LOST_DATABASE = /^(ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|57P0|08|3D000|53300)/;

/** What kind of problem something thrown is: refusals by their code and kind, unreadable requests by what Express says, all else a fault of ours. */
export function problemTypeOf(error: unknown): ProblemType {
  if (error instanceof AppError) return BY_CODE[error.code] ?? BY_KIND[error.kind];
  const { status, code } = error as { status?: unknown; code?: unknown };
  if (isPoolExhausted(error) || (typeof code === 'string' && LOST_DATABASE.test(code))) return 'unavailable';
  if (status === 413) return 'content-too-large';
  if (status === 415) return 'unsupported-media-type';
  return typeof status === 'number' && status >= 400 && status < 500 ? 'invalid-request' : 'internal-fault';
}

/** The code that is told where the thing thrown has none of its own. */
export const FALLBACK_CODES: Readonly<Partial<Record<ProblemType, string>>> = {
  'content-too-large': 'api.too_large', 'unsupported-media-type': 'api.media_type', 'invalid-request': 'api.body_unreadable', 'unavailable': 'database.unavailable', 'internal-fault': 'api.fault',
};
