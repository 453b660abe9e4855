import { acknowledgeAccountAlarm, listAccountAlarms } from '../../../modules/identity/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { field, redirect } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

/** What concerns accounts, for the part `/parts/account-alarms` on the pages where those who lead begin their day. */
export async function accountAlarms(visit: Visit) {
  if (!isAllowed(visit.ctx, 'accounts.watch')) return [];
  return (await listAccountAlarms(visit.ctx)).map(({ alarmId, userId, name, byName, raisedAt, mayAcknowledge }) => ({
    alarmId, userId, name, byName, mayAcknowledge, when: visit.format.instant(raisedAt),
  }));
}

const homeOf = ({ ctx }: Visit): string => (isAllowed(ctx, 'overview.view') ? '/overview' : '/administration');

/** Somebody who leads says that it was meant. */
export const accountAlarmsPage: Page = {
  path: '/account-alarms',
  access: 'accounts.watch',
  get: async (visit) => redirect(homeOf(visit)),
  post: async (visit) => {
    await acknowledgeAccountAlarm(visit.ctx, field(visit, 'alarm', 40));
    return redirect(`${homeOf(visit)}?done=confirmed`);
  },
};
