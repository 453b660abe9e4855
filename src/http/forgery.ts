import { timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../platform/errors.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a form that did not come from one of our own pages: by what the browser says of its origin, and by the session's token.
 * Either wall alone would do; an old browser sends no Origin, and a token can leak.
 */
export function refuseForgedForms(rescue: Rescue): RequestHandler {
  return async (req, res, next) => {
    if (READS.has(req.method)) return next();
    if (!isOwnOrigin(req)) throw new AppError('forbidden', 'web.form_not_ours');
    if (hasToken(req)) return next();
    if (isSurelyOwn(req) && await rescue(req, res)) return;
    throw new AppError('forbidden', 'web.form_not_ours');
  };
}

/**
 * Keeps what was typed into a form of ours whose session has ended in the meantime, and answers; false where there is nothing to keep.
 * The form does nothing: whoever typed it sends it again.
 */
export type Rescue = (req: Request, res: Response) => Promise<boolean>;

/** Not only nothing against it: the browser itself says that one of our own pages sent it. */
function isSurelyOwn(req: Request): boolean {
  return req.get('sec-fetch-site') === 'same-origin' || req.get('origin') !== undefined;
}

function isOwnOrigin(req: Request): boolean {
  const site = req.get('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = req.get('origin');
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  // The scheme is not compared: behind a proxy that ends TLS we see http where the browser saw https.
  return new URL(origin).host === req.host;
}

function hasToken(req: Request): boolean {
  const expected = req.session.formToken;
  const given: unknown = (req.body as Record<string, unknown> | undefined)?.['form_token'];
  if (expected === undefined || typeof given !== 'string') return false;
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
