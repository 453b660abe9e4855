import express from 'express';
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response, Router } from 'express';
import { AppError } from '../platform/errors.ts';
import type { Config } from '../platform/config.ts';
import type { Clock } from '../platform/dates.ts';
import type { Assets } from './assets.ts';
import { limitArrival, refuseWhenBusy } from './busy.ts';
import type { LoadGauge } from './busy.ts';
import { compressPages } from './compress.ts';
import { dateFields } from './date-fields.ts';
import { refuseForgedForms } from './forgery.ts';
import type { Rescue } from './forgery.ts';
import { health } from './health.ts';
import { languages } from './language.ts';
import { FORM_BYTES_MAX, FORM_FIELDS_MAX } from './limits.ts';
import { requestId } from './request-id.ts';
import { securityHeaders } from './security-headers.ts';
import { sessions } from './session.ts';
import type { SessionParts } from './session.ts';
import { uploads } from './uploads.ts';

export interface HttpParts {
  config: Config;
  clock: Clock;
  session: SessionParts;
  assets: Assets;
  isReady: () => Promise<boolean>;
  /** How much there is to do, and what is told to whoever comes when it is too much. */
  load: { readonly gauge: LoadGauge; readonly refuse: (req: Request, res: Response) => void };
  /** What answers without a session and brings its own sign-in and error format, such as the API. */
  withoutSession?: readonly Router[];
  /** What becomes of a form of ours whose session has ended. */
  rescue: Rescue;
  pages: Router;
  onError: ErrorRequestHandler;
}

/** The whole HTTP application, as a table of contents. The tests run this one, never a look-alike. */
export function buildHttpApp(parts: HttpParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', parts.config.trustProxyHops);
  app.set('query parser', 'simple');
  app.set('etag', false);

  app.use(requestId());
  app.use(knowOwnScheme(parts.config));
  app.use(securityHeaders());
  app.use(health(parts.isReady));
  app.use(parts.assets.router);
  app.use(keepOutOfCaches);
  app.use(refuseWhenBusy(parts.load.gauge, parts.session.secret, parts.load.refuse), limitArrival());
  for (const router of parts.withoutSession ?? []) app.use(router);
  app.use(compressPages());
  app.use(languages());
  app.use(...sessions(parts.session, parts.clock));
  app.use(express.urlencoded({ extended: false, limit: FORM_BYTES_MAX, parameterLimit: FORM_FIELDS_MAX }));
  app.use(uploads());
  app.use(refuseUnreadableText);
  app.use(dateFields());
  app.use(refuseForgedForms(parts.rescue));
  app.use(parts.pages);
  app.use(() => {
    throw new AppError('not_found', 'web.no_such_page');
  });
  app.use(parts.onError);
  return app;
}

/** Users who reach us by https do so through a proxy that ends TLS; cookies must be `Secure` all the same. */
function knowOwnScheme(config: Config): RequestHandler {
  const isHttps = config.publicUrl?.startsWith('https:') ?? false;
  return (req, _res, next) => {
    if (isHttps) Object.defineProperty(req, 'protocol', { value: 'https' });
    next();
  };
}

/** PostgreSQL cannot store a NUL, and no honest form or address has one. */
const refuseUnreadableText: RequestHandler = (req, _res, next) => {
  const fields = Object.values((req.body ?? {}) as Record<string, unknown>).flat();
  const hasNul = /%00/.test(req.originalUrl) || fields.some((value) => typeof value === 'string' && value.includes('\0'));
  if (hasNul) throw new AppError('invalid', 'web.unreadable_text');
  next();
};

/** Pages show people's data: no cache keeps them, and "back" after signing out shows nothing. */
const keepOutOfCaches: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};
