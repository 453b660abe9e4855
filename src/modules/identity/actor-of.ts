import { inTransaction, operatorActor, withActor } from '../../platform/context.ts';
import type { Actor, Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { findUserById } from './user.store.ts';

/**
 * The actor for a signed-in person, read anew for every request, so that a closed account or a role taken away counts at once.
 * @throws AppError `identity.account_closed` (unauthenticated) when the account is gone or closed.
 */
export async function actorOf(ctx: Ctx, userId: string): Promise<Actor> {
  const user = await inTransaction(withActor(ctx, operatorActor(ctx.config)), (tx) => findUserById(tx, userId));
  if (!user?.isActive) throw new AppError('unauthenticated', 'identity.account_closed');
  return Object.freeze({
    kind: 'user', id: user.userId, name: user.displayName, roles: user.roles, agency: ctx.config.agency,
    counties: user.counties, partner: user.partner, language: user.language,
  });
}
