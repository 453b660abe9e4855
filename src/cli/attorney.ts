import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';

/** The number of the attorney of a user name, for what only an attorney can say. @throws AppError `translation.reviewer_unknown`. */
export async function attorneyNamed(ctx: Ctx, userName: string): Promise<string> {
  const { listUsers } = await import('../modules/identity/index.ts');
  const found = (await listUsers(ctx)).find((user) => user.userName === userName && user.isActive && user.roles.includes('attorney'));
  if (!found) throw new AppError('invalid', 'translation.reviewer_unknown');
  return found.userId;
}
