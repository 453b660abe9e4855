import { nameAccounts } from '../../modules/identity/index.ts';
import { isAllowed } from '../../platform/authorise.ts';
import type { Visit } from '../visit.ts';

/** Names of these people, who changed something, by their ids; what has no account stands as it is. */
export async function peopleNames(visit: Visit, ids: readonly (string | null)[]): Promise<(id: string) => string> {
  if (!isAllowed(visit.ctx, 'users.view')) return (id) => id;
  const names = await nameAccounts(visit.ctx, ids.filter((id) => id !== null));
  return (id) => names.get(id) ?? id;
}
