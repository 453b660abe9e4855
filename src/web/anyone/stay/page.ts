import type { Page } from '../../visit.ts';

/** Asked for by a page whose reader wants to stay signed in: the session goes on, and there is nothing to show. */
export const stayPage: Page = { path: '/stay', access: 'signed-in', get: async () => ({ kind: 'nothing' }) };
