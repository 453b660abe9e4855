import { recordAudit } from '../audit/index.ts';
import { inTransaction, operatorActor, withActor } from '../../platform/context.ts';
import type { Ctx, TxCtx } from '../../platform/context.ts';
import type { Language } from '../../platform/config.ts';
import { AppError } from '../../platform/errors.ts';
import { isPasswordRight } from './password.ts';
import { failuresLeft, lockedUntil, normalisedUserName, USER_NAME_MAX } from './user.rules.ts';
import { findUserByName, lockUserByName, setFailures, setSignedIn } from './user.store.ts';

export interface Credentials {
  userName: string;
  password: string;
}

export interface SignedIn {
  userId: string;
  language: Language;
  /** Came in by a password for the first sign-in: nothing else before it is changed. */
  mustChangePassword: boolean;
  /** What a session that begins now has to carry. */
  epoch: number;
}

/**
 * Signs a person in. An unknown name, a wrong password, a closed account and a waiting one get the same answer after the
 * same work, so that nobody learns who has an account. Every try is in the audit record (the name that was typed is not: it may be a password).
 *
 * @throws AppError `identity.sign_in_refused` (unauthenticated), and nothing more precise.
 */
export async function signIn(ctx: Ctx, given: Credentials): Promise<SignedIn> {
  const system = withActor(ctx, operatorActor(ctx.config));
  const userName = normalisedUserName(given.userName);
  const isPossible = userName.length <= USER_NAME_MAX && !/\p{Cc}/u.test(userName);
  const found = isPossible ? await inTransaction(system, (tx) => findUserByName(tx, userName)) : null;
  const isRight = await isPasswordRight(found?.passwordHash ?? null, given.password);
  // The failure must stay counted although the use case refuses: the transaction ends well, then the refusal is thrown.
  const signedIn = await inTransaction(system, (tx) => settle(tx, isPossible ? userName : '', isRight));
  if (!signedIn) throw new AppError('unauthenticated', 'identity.sign_in_refused');
  return signedIn;
}

async function settle(tx: TxCtx, userName: string, isRight: boolean): Promise<SignedIn | null> {
  const user = await lockUserByName(tx, userName);
  if (!user) {
    await recordAudit(tx, { action: 'identity.sign_in_refused', subject: { type: 'user', id: 'unknown' }, details: { reason: 'unknown' } });
    return null;
  }
  const now = tx.clock.now();
  const isWaiting = user.lockedUntil !== null && user.lockedUntil > now;
  const subject = { type: 'user', id: user.userId } as const;
  if (isWaiting || !user.isActive) {
    await recordAudit(tx, { action: 'identity.sign_in_refused', subject, details: { reason: isWaiting ? 'waiting' : 'closed' } });
    return null;
  }
  const hasEnded = user.startEndsAt !== null && user.startEndsAt <= now;
  if (!isRight || hasEnded) {
    const failures = failuresLeft(user.failures, user.lastFailedAt, now) + 1;
    await setFailures(tx, user.userId, { count: failures, lastFailedAt: now, lockedUntil: lockedUntil(failures, now) });
    await recordAudit(tx, { action: 'identity.sign_in_refused', subject, details: { reason: isRight ? 'start_ended' : 'password', failures } });
    return null;
  }
  await setSignedIn(tx, user.userId);
  await recordAudit(tx, { action: 'identity.signed_in', subject });
  return { userId: user.userId, language: user.language, mustChangePassword: user.startEndsAt !== null, epoch: user.sessionEpoch };
}
