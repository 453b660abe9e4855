import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { selectUsers } from './user.store.ts';
import type { User } from './user.store.ts';

export const USERS_MAX = 500;

/** The local accounts by name, without anything of their passwords. */
export async function listUsers(ctx: Ctx): Promise<User[]> {
  authorise(ctx, 'users.view');
  return inTransaction(ctx, (tx) => selectUsers(tx, USERS_MAX));
}
