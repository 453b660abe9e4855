import type { ErrorRequestHandler, Request } from 'express';
import { isPoolExhausted } from '../platform/database/index.ts';
import { AppError } from '../platform/errors.ts';
import type { ErrorKind } from '../platform/errors.ts';
import type { Assets } from '../http/index.ts';
import { sendPage, strangerVisit, visitOf } from './handle.ts';
import type { Ground } from './handle.ts';
import { keepSent } from './kept-forms/give-back.ts';

/** The one place where the web turns kinds of refusal into statuses. */
const STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 422, unauthenticated: 401, forbidden: 403, not_found: 404, conflict: 409, partner_unavailable: 503,
};

/** When a browser or a proxy may ask again of its own accord. */
const RETRY_SECONDS = 10;

/** What the driver says when the server is gone, refuses or is starting. */
const LOST_DATABASE = /^(ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|57P0|08|3D000|53300)/;

/** The page that says what went wrong, and what to do, without telling a stranger what is inside. */
export function errorPage(ground: Ground, assets: Assets): ErrorRequestHandler {
  return async (error: unknown, req, res, _next) => {
    const status = statusOf(error);
    const refusal = error instanceof AppError ? error : null;
    const fields = { requestId: req.requestId, status, method: req.method, ...(refusal ? { code: refusal.code } : { err: error }) };
    if (status >= 500) ground.log.error(fields, 'request failed');
    else ground.log.info(fields, 'request refused');
    if (res.headersSent) return void res.destroy();
    if (status === STATUS.partner_unavailable) res.set('Retry-After', String(RETRY_SECONDS));
    const data = { status, requestId: req.requestId, code: refusal?.code ?? null, params: refusal?.params ?? {}, findings: refusal?.findings ?? [], back: await keptAgain(ground, req) };
    // Without the database nobody knows who is signed in; the page is then the one that a stranger sees.
    const visit = await visitOf(ground, req, res).catch(() => strangerVisit(ground, req, res));
    sendPage('anyone/error', data, status, visit, assets);
  };
}

/** What was typed into a form that was refused, or that met a fault, is on its page again. Too much, or without a database: it is not. */
async function keptAgain(ground: Ground, req: Request): Promise<string | null> {
  if (req.method !== 'POST' || (req.session as Request['session'] | undefined)?.userId === undefined) return null;
  const kept = await keepSent(ground, req, ['lasting']).catch(() => null);
  return kept?.address ?? null;
}

function statusOf(error: unknown): number {
  if (error instanceof AppError) return STATUS[error.kind];
  // Express and its body parser say so when the request itself cannot be read.
  const { status, code } = error as { status?: unknown; code?: unknown };
  // Whoever sent it has gone, or was cut off: the body parser's ECONNABORTED is no word about the database.
  if (typeof status === 'number' && status >= 400 && status < 500) return status;
  if (isPoolExhausted(error) || (typeof code === 'string' && LOST_DATABASE.test(code))) return STATUS.partner_unavailable;
  return 500;
}
