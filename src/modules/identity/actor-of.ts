import { inTransaction, operatorActor, withActor } from '../../platform/context.ts';
import type { Actor, Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { findSignedInUser, findUserById } from './user.store.ts';
import type { User } from './user.store.ts';

/**
 * The actor for a signed-in person, read anew for every request, so that a closed account or a role taken away counts at once.
 * @throws AppError `identity.account_closed` (unauthenticated) when the account is gone or closed.
 */
export async function actorOf(ctx: Ctx, userId: string): Promise<Actor> {
  const user = await inTransaction(withActor(ctx, operatorActor(ctx.config)), (tx) => findUserById(tx, userId));
  return actorFor(ctx, user);
}

export interface PersonAtWork {
  readonly actor: Actor;
  /** Came in by a password for the first sign-in: nothing else before it is changed. */
  readonly mustChangePassword: boolean;
  /** Of the account, raised by every change of it. */
  readonly revision: number;
}

/**
 * The person of a session, read anew for every request. A session of an earlier epoch has been ended, whatever is left of it.
 * @throws AppError `identity.account_closed`, `identity.session_ended` (unauthenticated).
 */
export async function personOfSession(ctx: Ctx, session: { readonly userId: string; readonly epoch: number | undefined }): Promise<PersonAtWork> {
  const found = await inTransaction(withActor(ctx, operatorActor(ctx.config)), (tx) => findSignedInUser(tx, session.userId));
  const actor = actorFor(ctx, found?.user ?? null);
  if (found?.sessionEpoch !== session.epoch) throw new AppError('unauthenticated', 'identity.session_ended');
  return { actor, mustChangePassword: found?.mustChangePassword ?? false, revision: found?.revision ?? 0 };
}

function actorFor(ctx: Ctx, user: User | null): Actor {
  if (!user?.isActive) throw new AppError('unauthenticated', 'identity.account_closed');
  return Object.freeze({
    kind: 'user', id: user.userId, name: user.displayName, roles: user.roles, agency: ctx.config.agency,
    counties: user.counties, partner: user.partner, language: user.language,
  });
}
