import { createHash } from 'node:crypto';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { RequestHandler } from 'express';

/** The largest form we have is a narrative of 10,000 characters in Hangul, percent-encoded: about 90 KB. */
export const FORM_BYTES_MAX = 256 * 1024;
export const FORM_FIELDS_MAX = 200;
export const SIGN_IN_WINDOW_MS = 5 * 60_000;
export const SIGN_IN_PER_ACCOUNT_MAX = 10;
export const SIGN_IN_PER_ADDRESS_MAX = 60;
export const SEND_WINDOW_MS = 5 * 60_000;
export const SENDS_PER_USER_MAX = 30;

/**
 * Slows guessing at sign-in: per account and address, and per address over all accounts. It counts in this process;
 * what holds over all processes is the lock-out in the database (module identity).
 */
export function signInLimits(onLimit: RequestHandler): RequestHandler[] {
  // Whoever signs in well is not guessing: a whole office behind one address may do so.
  const common = { windowMs: SIGN_IN_WINDOW_MS, skipSuccessfulRequests: true, validate: { xForwardedForHeader: false }, legacyHeaders: false, standardHeaders: 'draft-8' as const, handler: onLimit };
  return [
    rateLimit({ ...common, limit: SIGN_IN_PER_ADDRESS_MAX, keyGenerator: (req) => ipKeyGenerator(req.ip ?? '') }),
    rateLimit({
      ...common,
      limit: SIGN_IN_PER_ACCOUNT_MAX,
      keyGenerator: (req) => {
        const name: unknown = (req.body as Record<string, unknown> | undefined)?.['user_name'];
        const account = createHash('sha256').update(typeof name === 'string' ? name.trim().toLowerCase() : '').digest('base64url');
        return `${ipKeyGenerator(req.ip ?? '')} ${account}`;
      },
    }),
  ];
}

/** Slows whoever sends one file after another, before a byte of the next is read: per user, in this process. What holds for a day and a partner is with incoming. */
export function sendLimit(onLimit: RequestHandler): RequestHandler {
  return rateLimit({
    windowMs: SEND_WINDOW_MS, limit: SENDS_PER_USER_MAX, validate: { xForwardedForHeader: false }, legacyHeaders: false, standardHeaders: 'draft-8', handler: onLimit,
    keyGenerator: (req) => req.session.userId ?? ipKeyGenerator(req.ip ?? ''),
  });
}

export const PAYEE_WINDOW_MS = 10 * 60_000;
export const PAYEE_PER_ADDRESS_MAX = 60;

/** Slows whoever tries addresses of payees' links: per address, in this process. What holds is the length of the token. */
export function payeeLimit(onLimit: RequestHandler): RequestHandler {
  return rateLimit({
    windowMs: PAYEE_WINDOW_MS, limit: PAYEE_PER_ADDRESS_MAX, validate: { xForwardedForHeader: false }, legacyHeaders: false, standardHeaders: 'draft-8', handler: onLimit,
    keyGenerator: (req) => ipKeyGenerator(req.ip ?? ''),
  });
}

export const KEEP_WINDOW_MS = 10 * 60_000;
export const KEEPS_MAX = 60;

/** Slows whoever has forms kept again and again: per user, or per address where nobody is signed in. */
export function keepLimit(onLimit: RequestHandler): RequestHandler {
  return rateLimit({
    windowMs: KEEP_WINDOW_MS, limit: KEEPS_MAX, validate: { xForwardedForHeader: false }, legacyHeaders: false, standardHeaders: 'draft-8', handler: onLimit,
    keyGenerator: (req) => req.session.userId ?? ipKeyGenerator(req.ip ?? ''),
  });
}
