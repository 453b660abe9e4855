import { recordAudit } from '../audit/index.ts';
import { authorise } from '../../platform/authorise.ts';
import type { Role } from '../../platform/authorise.ts';
import { LANGUAGES } from '../../platform/config.ts';
import type { Language } from '../../platform/config.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { newStartPassword, startEnds } from './accounts/start-password.ts';
import type { StartPassword } from './accounts/manage-accounts.ts';
import { insertIntroduction } from './accounts/introduction.store.ts';
import { tellOfLeader } from './accounts/second-person.ts';
import { pastTheWall } from './past-the-wall.ts';
import { hashPassword } from './password.ts';
import { beyondOwnCounties, newUserFindings, normalisedUserName } from './user.rules.ts';
import type { NewUser } from './user.rules.ts';
import { insertUser } from './user.store.ts';

/**
 * Makes a local account with the password that is given. It never changes an existing one: the same name again is refused.
 * @throws AppError `identity.user_invalid` with all findings; `identity.user_exists` (conflict).
 */
export async function createUser(ctx: Ctx, user: NewUser): Promise<{ userId: string }> {
  return make(ctx, user, null);
}

/** Makes an account with a password that is shown once, is good for one sign-in, and must be changed there. @throws as `createUser`. */
export async function createUserWithStart(ctx: Ctx, user: Omit<NewUser, 'password'>): Promise<StartPassword> {
  const password = newStartPassword();
  const endsAt = startEnds(ctx.clock.now());
  return { ...await make(ctx, { ...user, password }, endsAt), password, endsAt };
}

async function make(ctx: Ctx, user: NewUser, startEndsAt: Date | null): Promise<{ userId: string }> {
  authorise(ctx, 'users.manage');
  const findings = [...newUserFindings(user, LANGUAGES), ...beyondOwnCounties(ctx.actor.counties, user)];
  if (findings.length > 0) throw new AppError('invalid', 'identity.user_invalid', { findings });
  const passwordHash = await hashPassword(user.password);
  const userId = newId('usr');
  return inTransaction(ctx, async (tx) => {
    const isNew = await insertUser(tx, {
      userId,
      userName: normalisedUserName(user.userName),
      displayName: user.displayName.trim().normalize('NFC'),
      roles: [...new Set(user.roles)] as Role[],
      counties: user.counties,
      partner: user.partner,
      language: user.language as Language,
      isActive: true,
      passwordHash,
      startEndsAt,
    });
    if (!isNew) throw new AppError('conflict', 'identity.user_exists');
    await pastTheWall(tx, () => insertIntroduction(tx, userId));
    await tellOfLeader(tx, userId, { before: [], after: user.roles });
    await recordAudit(tx, { action: 'identity.user_created', subject: { type: 'user', id: userId }, details: { roles: user.roles.join(' ') } });
    return { userId };
  });
}
