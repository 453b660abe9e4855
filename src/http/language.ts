import type { Request, RequestHandler, Response } from 'express';
import { languageFor, LANGUAGES } from '../platform/i18n.ts';
import type { Language } from '../platform/i18n.ts';

declare module 'express-serve-static-core' {
  interface Request {
    language: Language;
    /** Whether the visitor chose the language here, rather than the browser or the account. */
    hasChosenLanguage: boolean;
  }
}

const COOKIE = 'puente_language';
const A_YEAR_MS = 365 * 24 * 60 * 60_000;

/**
 * Which language to answer in: the one chosen on a page (kept in a cookie), else what the browser asks for.
 * Choosing is a link to the same page with `?language=`, which then leads back to that page and its query.
 */
export function languages(): RequestHandler {
  return (req, res, next) => {
    const chosen = chosenLanguage(req);
    req.language = chosen ?? languageFor(req.get('accept-language') ?? '');
    req.hasChosenLanguage = chosen !== null;
    const wanted = LANGUAGES.find((language) => language === req.query['language']);
    if (wanted === undefined || (req.method !== 'GET' && req.method !== 'HEAD')) return next();
    rememberLanguage(res, req, wanted);
    res.redirect(303, pathWithout(req, 'language'));
  };
}

/** Keeps the language that somebody chose on a page. */
export function rememberLanguage(res: Response, req: Request, language: Language): void {
  res.cookie(COOKIE, language, { httpOnly: true, sameSite: 'lax', secure: req.secure, path: '/', maxAge: A_YEAR_MS });
}

/** The language that a visitor chose before, by the cookie alone. */
export function chosenLanguage(req: Request): Language | null {
  const pairs = (req.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  const value = pairs.find(([name]) => name === COOKIE)?.[1];
  return LANGUAGES.find((language) => language === value) ?? null;
}

function pathWithout(req: Request, name: string): string {
  const url = new URL(req.originalUrl, 'http://here');
  url.searchParams.delete(name);
  // A path that begins with two slashes would be read as another host.
  return url.pathname.replace(/^\/+/, '/') + url.search;
}
