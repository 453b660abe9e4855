import { listUsers } from '../../modules/identity/index.ts';
import { isAllowed } from '../../platform/authorise.ts';
import type { Visit } from '../visit.ts';

/** Names of the people who changed something, by their ids; what has no account stands as it is. */
export async function peopleNames(visit: Visit): Promise<(id: string) => string> {
  if (!isAllowed(visit.ctx, 'users.view')) return (id) => id;
  const names = new Map((await listUsers(visit.ctx)).map(({ userId, displayName }) => [userId, displayName]));
  return (id) => names.get(id) ?? id;
}
