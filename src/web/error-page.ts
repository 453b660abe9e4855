import type { ErrorRequestHandler } from 'express';
import { AppError } from '../platform/errors.ts';
import type { ErrorKind } from '../platform/errors.ts';
import type { Assets } from '../http/index.ts';
import { sendPage, visitOf } from './handle.ts';
import type { Ground } from './handle.ts';

/** The one place where the web turns kinds of refusal into statuses. */
const STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 422, unauthenticated: 401, forbidden: 403, not_found: 404, conflict: 409, partner_unavailable: 503,
};

/** The page that says what went wrong, and what to do, without telling a stranger what is inside. */
export function errorPage(ground: Ground, assets: Assets): ErrorRequestHandler {
  return async (error: unknown, req, res, _next) => {
    const status = statusOf(error);
    const refusal = error instanceof AppError ? error : null;
    const fields = { requestId: req.requestId, status, method: req.method, ...(refusal ? { code: refusal.code } : { err: error }) };
    if (status >= 500) ground.log.error(fields, 'request failed');
    else ground.log.info(fields, 'request refused');
    if (res.headersSent) return void res.destroy();
    try {
      const visit = await visitOf(ground, req, res);
      const data = { status, requestId: req.requestId, code: refusal?.code ?? null, params: refusal?.params ?? {}, findings: refusal?.findings ?? [] };
      sendPage('anyone/error', data, status, visit, assets);
    } catch {
      // The database is gone, or the fault is in the page itself: a plain answer still tells the number to report.
      res.status(status >= 500 ? status : 500).type('text/plain').send(`Error ${status} · Error · 오류\n${req.requestId}\n`);
    }
  };
}

function statusOf(error: unknown): number {
  if (error instanceof AppError) return STATUS[error.kind];
  const { status } = error as { status?: unknown };
  // Express and its body parser say so when the request itself cannot be read.
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
