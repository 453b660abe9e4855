import { firstPlace } from '../../navigation.ts';
import { redirect } from '../../visit.ts';
import type { Page } from '../../visit.ts';

/** Everybody's work begins somewhere else: attorneys at the queue, officers at the inbox, clerks at the runs. */
export const homePage: Page = { path: '/', access: 'signed-in', get: async (visit) => redirect(firstPlace(visit.ctx)) };
