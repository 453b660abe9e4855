import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import session from 'express-session';
import type { Store } from 'express-session';
import type { Request, RequestHandler, Response } from 'express';
import type { Clock } from '../platform/dates.ts';

declare module 'express-session' {
  interface SessionData {
    userId: string;
    /** Synchroniser token of the forms of this session. */
    formToken: string;
    startedAtMs: number;
    /** The account's epoch when this began: raised there, the session counts no more (module identity). */
    epoch: number;
  }
}

/** Half an hour without a request ends a session; so does a working day and a bit, however busy it was. */
export const IDLE_MS = 30 * 60_000;
export const ABSOLUTE_MS = 10 * 60 * 60_000;
export const COOKIE_NAME = 'puente_session';

export interface SessionParts {
  store: Store;
  secret: string;
}

/** Whether a session's cookie is one that we gave out. Whether the session still stands, only the database knows. */
export function isOwnCookie(cookies: string, secret: string): boolean {
  const found = cookies.split(';').map((one) => one.trim()).find((one) => one.startsWith(`${COOKIE_NAME}=`))?.slice(COOKIE_NAME.length + 1) ?? '';
  const [, sid, signature] = /^s(?::|%3A)([\w-]{1,64})\.([\w+/%-]{1,200})$/i.exec(found) ?? [];
  if (sid === undefined || signature === undefined) return false;
  const expected = Buffer.from(createHmac('sha256', secret).update(sid).digest('base64').slice(0, -1));
  const given = Buffer.from(signature.replace(/%2B/gi, '+').replace(/%2F/gi, '/'));
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** The session: kept in the database, known to the browser by an HttpOnly cookie that other sites cannot make it send. */
export function sessions(parts: SessionParts, clock: Clock): RequestHandler[] {
  const handler = session({
    store: parts.store,
    secret: parts.secret,
    name: COOKIE_NAME,
    resave: false,
    rolling: true,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', path: '/', maxAge: IDLE_MS },
  });
  return [handler, endOldSession(clock)];
}

function endOldSession(clock: Clock): RequestHandler {
  return (req, _res, next) => {
    const { startedAtMs } = req.session;
    if (startedAtMs === undefined || clock.now().getTime() - startedAtMs < ABSOLUTE_MS) return next();
    req.session.regenerate((error) => next(error));
  };
}

/** Starts a new session for a person who has just signed in. The old identifier is worthless from here on (session fixation). */
export async function beginSession(req: Request, person: { readonly userId: string; readonly epoch: number }, clock: Clock): Promise<void> {
  await new Promise<void>((resolve, reject) => req.session.regenerate((error) => (error ? reject(error) : resolve())));
  req.session.userId = person.userId;
  req.session.epoch = person.epoch;
  req.session.startedAtMs = clock.now().getTime();
  await new Promise<void>((resolve, reject) => req.session.save((error) => (error ? reject(error) : resolve())));
}

export async function endSession(req: Request, res: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => req.session.destroy((error) => (error ? reject(error) : resolve())));
  res.clearCookie(COOKIE_NAME, { path: '/' });
}

/** The token for a form of this session; made on first use, so that a visitor who only looks gets no session. */
export function formToken(req: Request): string {
  req.session.formToken ??= randomBytes(24).toString('base64url');
  return req.session.formToken;
}
