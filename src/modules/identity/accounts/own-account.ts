import { recordAudit } from '../../audit/index.ts';
import { LANGUAGES } from '../../../platform/config.ts';
import type { Language } from '../../../platform/config.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { hashPassword, isPasswordRight } from '../password.ts';
import { pastTheWall } from '../past-the-wall.ts';
import { failuresLeft, lockedUntil, passwordFindings } from '../user.rules.ts';
import { setFailures } from '../user.store.ts';
import { endSessions, findAccount, selectSessions, setPassword, updateAccount } from './account.store.ts';
import type { Account, OpenSession } from './account.store.ts';

const SESSIONS_MAX = 50;

/** What a person sees of the own account. Everybody with an account may; there is no permission to hold. */
export async function getOwnAccount(ctx: Ctx): Promise<Account & { readonly openSessions: readonly OpenSession[] }> {
  return inTransaction(ctx, (tx) => pastTheWall(tx, async () => {
    const { passwordHash: _hash, ...account } = await own(tx);
    return { ...account, openSessions: await selectSessions(tx, ctx.actor.id, SESSIONS_MAX) };
  }));
}

/**
 * Changes the own password; all sessions end, and the caller begins a new one. A wrong present password counts like a wrong sign-in,
 * so that an open screen is no place to guess.
 * @returns the epoch of the caller's new session.
 * @throws AppError `identity.account_invalid` with findings at `/current` and `/password`.
 */
export async function changeOwnPassword(ctx: Ctx, given: { readonly current: string; readonly next: string }): Promise<number> {
  const before = await inTransaction(ctx, (tx) => pastTheWall(tx, () => own(tx)));
  const isRight = await isPasswordRight(before.passwordHash, given.current);
  const findings = passwordFindings(given.next, before.userName);
  if (given.next === given.current) findings.push({ code: 'identity.password_same', severity: 'block', path: '/password' });
  const passwordHash = isRight && findings.length === 0 ? await hashPassword(given.next) : null;
  const { isTaken, epoch } = await inTransaction(ctx, async (tx) => settle(tx, { before: before.passwordHash, isRight, passwordHash }));
  if (!isTaken) findings.unshift({ code: 'identity.password_wrong', severity: 'block', path: '/current' });
  if (findings.length > 0) throw new AppError('invalid', 'identity.account_invalid', { findings });
  return epoch;
}

/** @returns whether the present password was right and may be tried; a failure stays counted. */
async function settle(tx: TxCtx, { before, isRight, passwordHash }: { before: string; isRight: boolean; passwordHash: string | null }): Promise<{ isTaken: boolean; epoch: number }> {
  const subject = { type: 'user', id: tx.actor.id } as const;
  const now = tx.clock.now();
  const done = await pastTheWall(tx, async () => {
    const account = await own(tx, 'for update of u, p');
    // Changed by somebody else meanwhile: then what was right is no more.
    if ((account.lockedUntil !== null && account.lockedUntil > now) || account.passwordHash !== before) return { isTaken: false, sessions: null, epoch: 0, failures: null };
    if (!isRight) {
      const failures = failuresLeft(account.failures, account.lastFailedAt, now) + 1;
      await setFailures(tx, tx.actor.id, { count: failures, lastFailedAt: now, lockedUntil: lockedUntil(failures, now) });
      return { isTaken: false, sessions: null, epoch: 0, failures };
    }
    if (passwordHash === null) return { isTaken: true, sessions: null, epoch: 0, failures: null };
    await setPassword(tx, tx.actor.id, passwordHash, null);
    const { ended, epoch } = await endSessions(tx, tx.actor.id);
    return { isTaken: true, sessions: ended, epoch, failures: null };
  });
  if (done.failures !== null) await recordAudit(tx, { action: 'identity.sign_in_refused', subject, details: { reason: 'password', failures: done.failures } });
  if (done.sessions !== null) await recordAudit(tx, { action: 'identity.password_changed', subject, details: { sessions: done.sessions } });
  return done;
}

/** The language of the own pages. @throws AppError `identity.account_invalid`. */
export async function changeOwnLanguage(ctx: Ctx, language: string): Promise<void> {
  if (!(LANGUAGES as readonly string[]).includes(language)) {
    throw new AppError('invalid', 'identity.account_invalid', { findings: [{ code: 'identity.language_unknown', severity: 'block', path: '/language' }] });
  }
  await inTransaction(ctx, async (tx) => {
    const isNew = await pastTheWall(tx, async () => {
      const account = await own(tx, 'for update of u, p');
      if (account.language === language) return false;
      await updateAccount(tx, { ...account, language: language as Language });
      return true;
    });
    if (isNew) await recordAudit(tx, { action: 'identity.language_changed', subject: { type: 'user', id: tx.actor.id }, details: { language } });
  });
}

/** Ends all own sessions; the caller begins a new one where somebody is left at the screen. @returns how many there were, and the epoch of the new one. */
export async function endOwnSessions(ctx: Ctx): Promise<{ ended: number; epoch: number }> {
  return inTransaction(ctx, async (tx) => {
    const done = await pastTheWall(tx, async () => endSessions(tx, (await own(tx)).userId));
    await recordAudit(tx, { action: 'identity.sessions_ended', subject: { type: 'user', id: tx.actor.id }, details: { sessions: done.ended } });
    return done;
  });
}

async function own(tx: TxCtx, lock: '' | 'for update of u, p' = ''): Promise<Account & { passwordHash: string }> {
  const account = tx.actor.kind === 'user' ? await findAccount(tx, tx.actor.id, lock) : null;
  if (!account?.isActive) throw new AppError('not_found', 'identity.user_unknown');
  return account;
}
