import type { Request, RequestHandler, Response } from 'express';
import { keepLimit, rememberLanguage } from '../../http/index.ts';
import type { Rescue } from '../../http/index.ts';
import type { Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { redirect } from '../visit.ts';
import type { Page } from '../visit.ts';
import { keepSent, languageIn, pageOf } from './give-back.ts';
import { ownerOf } from './mark.ts';

type Where = Omit<Ctx, 'actor' | 'tx'>;

/**
 * A form of ours whose session has ended, or began anew in another tab: nothing is done with it but to keep what was typed, for the person
 * whose mark it carries; then it shows again on its page, after signing in where that is needed. It never sends itself.
 */
export function rescueForms(where: Where): Rescue {
  const limit = keepLimit((_req, _res, next) => next(Object.assign(new Error('too many tries'), { status: 429 })));
  return async (req, res) => {
    await passes(limit, req, res);
    const language = languageIn(req);
    if (language) rememberLanguage(res, req, language);
    const userId = req.session.userId;
    const kept = await keepSent(where, req, ['lasting']);
    if (kept === null) return userId === undefined && leadToSignIn(req, res);
    const isForPage = kept.owner.equals(ownerOf(where.keys, { page: pageOf(req).split('?')[0] ?? '' }));
    res.redirect(303, userId === undefined && !isForPage ? signInBefore(kept.address, 'kept') : kept.address);
    return true;
  };
}

/** Nothing was typed, or nothing of a person's: signing in is all there is to do. */
function leadToSignIn(req: Request, res: Response): boolean {
  if (req.path.startsWith('/payee')) return false;
  const isSigningOut = req.path === '/sign-out';
  const page = pageOf(req);
  const next = req.path === '/sign-in' ? new URL(page, 'http://here').searchParams.get('next') ?? '/' : page;
  res.redirect(303, isSigningOut ? '/sign-in?done=signed-out' : signInBefore(next, req.path === '/sign-in' ? 'again' : 'ended'));
  return true;
}

const signInBefore = (next: string, done: string): string => `/sign-in?done=${done}&next=${encodeURIComponent(next)}`;

/** Asks a limit of requests outside of a router. @throws what it refuses with. */
function passes(limit: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => void limit(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error as Error))));
}

/** The choice of a language on a page with a form: what is typed in it goes along, and is shown again in the other language. */
export const languagePage: Page = {
  path: '/language',
  access: 'public',
  get: async () => redirect('/'),
  post: async (visit) => {
    const language = languageIn(visit.req);
    if (language === null) throw new AppError('invalid', 'web.unreadable_form');
    rememberLanguage(visit.res, visit.req, language);
    const kept = await keepSent(visit.ctx, visit.req, ['lasting', 'visit']);
    return redirect(kept?.address ?? pageOf(visit.req));
  },
};
