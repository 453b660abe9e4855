import { endSession } from '../../../http/index.ts';
import { redirect } from '../../visit.ts';
import type { Page } from '../../visit.ts';

/** A form, not a link: no other page can sign a person out by an image. */
export const signOutPage: Page = {
  path: '/sign-out',
  access: 'public',
  get: async () => redirect('/sign-in'),
  post: async (visit) => {
    await endSession(visit.req, visit.res);
    return redirect('/sign-in?done=signed-out');
  },
};
