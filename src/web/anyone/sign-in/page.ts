import { AppError } from '../../../platform/errors.ts';
import { signIn } from '../../../modules/identity/index.ts';
import { beginSession } from '../../../http/index.ts';
import { ownAddress } from '../../own-address.ts';
import { field, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page } from '../../visit.ts';

/** Why somebody who had signed in is here again: with a form that is kept, without one, or on a page that was open for too long. */
const HINTS = ['kept', 'ended', 'again'] as const;

const show: Handler = async (visit) => {
  const next = ownAddress(queryText(visit, 'next', 2_000));
  if (visit.isSignedIn) return redirect(next);
  return view('anyone/sign-in', { next, userName: '', faults: [], isRefused: false, hasSignedOut: queryText(visit, 'done') === 'signed-out', hint: HINTS.find((hint) => hint === queryText(visit, 'done', 10)) ?? null });
};

const submit: Handler = async (visit) => {
  const next = ownAddress(field(visit, 'next', 2_000));
  const userName = field(visit, 'user_name', 200);
  const { password } = visit.req.body as { password?: unknown };
  const faults = [
    ...(userName === '' ? ['user_name'] : []),
    ...(typeof password !== 'string' || password === '' ? ['password'] : []),
  ];
  const again = (isRefused: boolean, status: number) => view('anyone/sign-in', { next, userName, faults, isRefused, hasSignedOut: false, hint: null }, status);
  if (faults.length > 0) return again(false, 422);
  try {
    const signedIn = await signIn(visit.ctx, { userName, password: password as string });
    await beginSession(visit.req, signedIn, visit.ctx.clock);
    return redirect(signedIn.mustChangePassword ? '/account' : next);
  } catch (error) {
    if (error instanceof AppError && error.code === 'identity.sign_in_refused') return again(true, 401);
    throw error;
  }
};

export const signInPage: Page = { path: '/sign-in', access: 'public', get: show, post: submit };
