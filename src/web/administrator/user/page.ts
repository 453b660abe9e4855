import { changeAccount, closeAccount, endAccountSessions, getAccount, reopenAccount, resetPassword, START_DAYS, submitOnce } from '../../../modules/identity/index.ts';
import type { StartPassword } from '../../../modules/identity/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { newFormId } from '../../form-id.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { choicesOf, enteredBy, enteredOf, factsOf, faultsOf, placeFaults } from '../users/account-form.ts';
import type { Entered, Fault } from '../users/account-form.ts';
import { scopeOf, stateOf } from '../users/account-words.ts';

const DONE = ['made', 'changed', 'closed', 'reopened', 'ended', 'reset'];

interface Shown {
  readonly entered?: Entered;
  readonly faults?: readonly Fault[];
  readonly made?: StartPassword;
  /** What is about to be done, once this is confirmed. */
  readonly asked?: 'close' | 'reset';
}

async function show(visit: Visit, { entered, faults = [], made, asked }: Shown = {}, status = 200): Promise<Reply> {
  const { ctx, format, t } = visit;
  const account = await getAccount(ctx, pathText(visit, 'userId'));
  const done = queryText(visit, 'done', 10);
  const instant = (value: Date | null) => (value === null ? t('users:list.never') : format.instant(value));
  return view('administrator/user', {
    ...choicesOf(visit), account, entered: entered ?? enteredOf(account, visit), faults, asked: asked ?? null, formId: newFormId(), startDays: START_DAYS,
    mayManage: isAllowed(ctx, 'users.manage') && account.isWithinReach, maySeeAudit: isAllowed(ctx, 'audit.read'), state: stateOf(account, ctx.clock.now()), sees: scopeOf(account, visit),
    seen: instant(account.lastSignedInAt), failedAt: account.failures > 0 ? instant(account.lastFailedAt) : null, waitsUntil: account.lockedUntil !== null && account.lockedUntil > ctx.clock.now() ? format.instant(account.lockedUntil) : null,
    startEnds: account.startEndsAt === null ? null : format.instant(account.startEndsAt), madeAt: format.instant(account.createdAt),
    sessions: account.openSessions.map((session) => ({ started: instant(session.startedAt), ends: format.instant(session.endsAt) })),
    made: made === undefined ? null : { ...made, ends: format.instant(made.endsAt) }, done: DONE.includes(done) ? done : null,
  }, status);
}

const here = (visit: Visit): string => `/users/${encodeURIComponent(pathText(visit, 'userId'))}`;

const change: Handler = async (visit) => {
  const entered = enteredBy(visit);
  const unknown = placeFaults(visit, entered);
  if (unknown.length > 0) return show(visit, { entered, faults: unknown }, 422);
  try {
    // A form without a revision is one that we did not make.
    await changeAccount(visit.ctx, pathText(visit, 'userId'), factsOf(entered), Number(field(visit, 'revision', 10) || '-1'));
  } catch (error) {
    // What was typed stays, beside how the account is now.
    return show(visit, { entered, faults: faultsOf(error, visit) }, error instanceof AppError && error.code === 'identity.account_changed' ? 409 : 422);
  }
  return redirect(`${here(visit)}?done=changed`);
};

/** Does something to the account and comes back; what is refused is told on its page. */
const act = (work: (visit: Visit, userId: string) => Promise<unknown>, done: string): Handler => async (visit) => {
  try {
    await work(visit, pathText(visit, 'userId'));
  } catch (error) {
    return show(visit, { faults: faultsOf(error, visit) }, 422);
  }
  return redirect(`${here(visit)}?done=${done}`);
};

/** The password is shown in the answer to the form and never stored: sent again, the form only says that it was done. */
const reset: Handler = async (visit) => {
  let made: StartPassword | undefined;
  try {
    await submitOnce(visit.ctx, field(visit, 'form_id', 64), async (tx) => {
      made = await resetPassword(tx, pathText(visit, 'userId'));
      return made.userId;
    });
  } catch (error) {
    return show(visit, { faults: faultsOf(error, visit) }, 422);
  }
  return made ? show(visit, { made }) : redirect(`${here(visit)}?done=reset`);
};

const back: Handler = async (visit) => redirect(here(visit));

/** One account: who it is, what it sees, and what an administrator does to it. */
export const userPages: readonly Page[] = [
  { path: '/users/:userId', access: 'users.view', get: (visit) => show(visit) },
  { path: '/users/:userId/change', access: 'users.manage', get: back, post: change },
  { path: '/users/:userId/close', access: 'users.manage', get: (visit) => show(visit, { asked: 'close' }), post: act(({ ctx }, userId) => closeAccount(ctx, userId), 'closed') },
  { path: '/users/:userId/reopen', access: 'users.manage', get: back, post: act(({ ctx }, userId) => reopenAccount(ctx, userId), 'reopened') },
  { path: '/users/:userId/reset', access: 'users.manage', get: (visit) => show(visit, { asked: 'reset' }), post: reset },
  { path: '/users/:userId/sessions', access: 'users.manage', get: back, post: act(({ ctx }, userId) => endAccountSessions(ctx, userId), 'ended') },
];
