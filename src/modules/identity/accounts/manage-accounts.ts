import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import type { Role } from '../../../platform/authorise.ts';
import { LANGUAGES } from '../../../platform/config.ts';
import type { Language } from '../../../platform/config.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { hashPassword } from '../password.ts';
import { pastTheWall } from '../past-the-wall.ts';
import { accountFindings, beyondOwnCounties } from '../user.rules.ts';
import type { AccountFacts } from '../user.rules.ts';
import { endSessions, findAccount, lockOtherAdministrators, selectAccounts, selectSessions, setPassword, updateAccount } from './account.store.ts';
import type { Account, AccountFilter, AccountSort, OpenSession } from './account.store.ts';
import { insertIntroduction } from './introduction.store.ts';
import { tellOfLeader } from './second-person.ts';
import { newStartPassword, startEnds } from './start-password.ts';

const PAGE_SIZE_MAX = 200;
const SESSIONS_MAX = 50;
/** Two administrators who take each other away hold each one's account: one of them begins anew and hears that it is the last. */
const TOGETHER = { retries: 3 };

export interface AccountQuery extends Partial<AccountFilter> {
  readonly sort?: { readonly by: AccountSort; readonly isDescending: boolean };
  readonly page?: number;
  readonly pageSize?: number;
}

/** The accounts with when they were last used, a page of them. Who works here is no secret within the agency. */
export async function listAccounts(ctx: Ctx, query: AccountQuery = {}): Promise<{ rows: readonly Account[]; total: number; hasNext: boolean }> {
  authorise(ctx, 'users.view');
  const pageSize = Math.min(Math.max(query.pageSize ?? 25, 1), PAGE_SIZE_MAX);
  const offset = (Math.max(query.page ?? 1, 1) - 1) * pageSize;
  const filter = { text: query.text ?? null, role: query.role ?? null, partner: query.partner ?? null, isActive: query.isActive ?? null, userName: query.userName ?? null };
  return inTransaction(ctx, async (tx) => {
    const { rows, total } = await pastTheWall(tx, () => selectAccounts(tx, filter, query.sort ?? { by: 'name', isDescending: false }, offset, pageSize));
    return { rows, total, hasNext: offset + rows.length < total };
  });
}

export interface AccountInFull extends Account {
  readonly openSessions: readonly OpenSession[];
  /** Whether the actor may change it: an administrator, and of some counties only an account within these. */
  readonly isWithinReach: boolean;
  readonly isOwn: boolean;
}

/** @throws AppError `identity.user_unknown`. */
export async function getAccount(ctx: Ctx, userId: string): Promise<AccountInFull> {
  authorise(ctx, 'users.view');
  return inTransaction(ctx, (tx) => pastTheWall(tx, async () => {
    const { passwordHash: _hash, ...account } = await known(tx, userId);
    return { ...account, openSessions: await selectSessions(tx, userId, SESSIONS_MAX), isWithinReach: beyondOwnCounties(ctx.actor.counties, account).length === 0, isOwn: userId === ctx.actor.id };
  }));
}

/**
 * Changes who somebody is here. It counts from the person's next request on.
 * @throws AppError `identity.account_invalid` with all findings; `identity.own_rights`, `identity.account_beyond_own` (forbidden); `identity.last_administrator`, `identity.account_changed` (conflict): it is
 *   another by now than the one that was seen (`seenRevision`; none is compared where nobody saw one, as on the command line).
 */
export async function changeAccount(ctx: Ctx, userId: string, given: AccountFacts, seenRevision: number | null = null): Promise<void> {
  authorise(ctx, 'users.manage');
  const findings = [...accountFindings(given, LANGUAGES), ...beyondOwnCounties(ctx.actor.counties, given)];
  if (findings.length > 0) throw new AppError('invalid', 'identity.account_invalid', { findings });
  await inTransaction(ctx, async (tx) => {
    const changed = await pastTheWall(tx, async () => {
      const account = await withinReach(tx, userId);
      if (seenRevision !== null && seenRevision !== account.revision) throw new AppError('conflict', 'identity.account_changed');
      const next = {
        ...account, displayName: given.displayName.trim().normalize('NFC'), roles: [...new Set(given.roles)] as Role[], counties: given.counties, partner: given.partner, language: given.language as Language,
      };
      const fields = changedFields(account, next);
      const isAboutRights = fields.some((field) => ['roles', 'counties', 'partner'].includes(field));
      if (isAboutRights && userId === ctx.actor.id) throw new AppError('forbidden', 'identity.own_rights');
      if (isAboutRights) await keepAnAdministrator(tx, account, next);
      if (fields.length > 0) await updateAccount(tx, next);
      return { fields, roles: next.roles, before: account.roles };
    });
    if (changed.fields.length === 0) return;
    await tellOfLeader(tx, userId, { before: changed.before, after: changed.roles });
    await recordAudit(tx, { action: 'identity.user_changed', subject: { type: 'user', id: userId }, details: { fields: changed.fields, roles: changed.roles.join(' ') } });
  }, TOGETHER);
}

/** Closes an account; its sessions end at once. Closed already: nothing happens. @throws as `changeAccount`. */
export async function closeAccount(ctx: Ctx, userId: string): Promise<void> {
  authorise(ctx, 'users.manage');
  if (userId === ctx.actor.id) throw new AppError('forbidden', 'identity.own_account');
  await inTransaction(ctx, async (tx) => {
    const ended = await pastTheWall(tx, async () => {
      const account = await withinReach(tx, userId);
      if (!account.isActive) return null;
      await keepAnAdministrator(tx, account, { ...account, isActive: false });
      await updateAccount(tx, { ...account, isActive: false });
      return (await endSessions(tx, userId)).ended;
    });
    if (ended !== null) await recordAudit(tx, { action: 'identity.user_closed', subject: { type: 'user', id: userId }, details: { sessions: ended } });
  }, TOGETHER);
}

/** Opens a closed account again; with its old password, which an administrator may reset besides. */
export async function reopenAccount(ctx: Ctx, userId: string): Promise<void> {
  authorise(ctx, 'users.manage');
  await inTransaction(ctx, async (tx) => {
    const isNew = await pastTheWall(tx, async () => {
      const account = await withinReach(tx, userId);
      if (account.isActive) return false;
      await updateAccount(tx, { ...account, isActive: true });
      return true;
    });
    if (isNew) await recordAudit(tx, { action: 'identity.user_reopened', subject: { type: 'user', id: userId } });
  });
}

/** A password that is shown once, is good for one sign-in within a week, and must be changed there. */
export interface StartPassword {
  readonly userId: string;
  readonly password: string;
  readonly endsAt: Date;
}

/** Gives a person who cannot come in a new start; the old password and all sessions end at once. @throws as `closeAccount`. */
export async function resetPassword(ctx: Ctx, userId: string): Promise<StartPassword> {
  authorise(ctx, 'users.manage');
  if (userId === ctx.actor.id) throw new AppError('forbidden', 'identity.own_account');
  const password = newStartPassword();
  const passwordHash = await hashPassword(password);
  const endsAt = startEnds(ctx.clock.now());
  return inTransaction(ctx, async (tx) => {
    const sessions = await pastTheWall(tx, async () => {
      await withinReach(tx, userId);
      await setPassword(tx, userId, passwordHash, endsAt);
      await insertIntroduction(tx, userId);
      return (await endSessions(tx, userId)).ended;
    });
    await recordAudit(tx, { action: 'identity.password_reset', subject: { type: 'user', id: userId }, details: { ends: endsAt.toISOString(), sessions } });
    return { userId, password, endsAt };
  });
}

/** Ends all sessions of a person, at once. @returns how many there were. */
export async function endAccountSessions(ctx: Ctx, userId: string): Promise<number> {
  authorise(ctx, 'users.manage');
  return inTransaction(ctx, async (tx) => {
    const sessions = await pastTheWall(tx, async () => {
      await withinReach(tx, userId);
      return (await endSessions(tx, userId)).ended;
    });
    await recordAudit(tx, { action: 'identity.sessions_ended', subject: { type: 'user', id: userId }, details: { sessions } });
    return sessions;
  });
}

async function known(tx: TxCtx, userId: string, lock: '' | 'for update of u, p' = ''): Promise<Account & { passwordHash: string }> {
  const account = isId('usr', userId) ? await findAccount(tx, userId, lock) : null;
  if (!account) throw new AppError('not_found', 'identity.user_unknown');
  return account;
}

/** The account, held, if the actor sees at least what it sees. */
async function withinReach(tx: TxCtx, userId: string): Promise<Account> {
  const account = await known(tx, userId, 'for update of u, p');
  if (beyondOwnCounties(tx.actor.counties, account).length > 0) throw new AppError('forbidden', 'identity.account_beyond_own');
  return account;
}

function changedFields(was: Account, is: Account): string[] {
  const textOf = (value: unknown): string => JSON.stringify(Array.isArray(value) ? [...(value as unknown[])].sort() : value);
  return (['displayName', 'roles', 'counties', 'partner', 'language'] as const).filter((field) => textOf(was[field]) !== textOf(is[field]));
}

/** Somebody must always be left who can let others in, of all counties if there was one. */
async function keepAnAdministrator(tx: TxCtx, was: Account, is: Account): Promise<void> {
  const leads = (account: Account): boolean => account.isActive && account.roles.includes('administrator');
  if (!leads(was) || (leads(is) && (was.counties !== 'all' || is.counties === 'all'))) return;
  const others = await lockOtherAdministrators(tx, was.userId);
  if (!others.some((other) => other.seesAll || was.counties !== 'all')) throw new AppError('conflict', 'identity.last_administrator');
}
