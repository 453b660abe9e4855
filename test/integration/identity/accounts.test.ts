import {
  actorOf, changeAccount, changeOwnLanguage, changeOwnPassword, closeAccount, createUser, createUserWithStart, getAccount, listAccounts, reopenAccount, resetPassword, signIn,
} from '../../../src/modules/identity/index.ts';
import { inTransaction, withActor } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

const PASSWORD = 'correct horse battery';
let db: TestDatabase;
let operator: Ctx;
let ada: Ctx;
let adaId: string;
let officerId: string;

const facts = { displayName: 'Someone', roles: ['attorney'], counties: 'all' as const, partner: null, language: 'en' };
const make = async (userName: string, change: Partial<Parameters<typeof createUser>[1]> = {}): Promise<string> =>
  (await createUser(operator, { ...facts, userName, password: PASSWORD, ...change })).userId;
const as = async (userId: string): Promise<Ctx> => withActor(operator, await actorOf(operator, userId));
const refusal = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(() => null, (reason: unknown) => reason);
  return error instanceof AppError ? [error.kind, error.code, ...error.findings.map(({ code }) => code)] : error;
};
const actionsOn = (userId: string) => behindTheWall<{ action: string; actor_id: string }>(db, 'select action, actor_id from audit_events where subject_id = $1 order by recorded_at', [userId]);

beforeAll(async () => {
  db = await testDatabase();
  operator = testCtx(db, { kind: 'system', id: 'operator' });
  adaId = await make('ada', { roles: ['administrator'] });
  ada = await as(adaId);
  officerId = await make('officer', { roles: ['partner_officer'], partner: 'kr-kcsa', language: 'ko-KR' });
});

describe('an account', () => {
  it('is changed by an administrator; it counts at once and says who did it', async () => {
    const userId = await make('changed');
    await changeAccount(ada, userId, { ...facts, displayName: 'María del Rosario Ñúñez', roles: ['translator'], language: 'es-MX' });
    expect(await actorOf(operator, userId)).toMatchObject({ name: 'María del Rosario Ñúñez', roles: ['translator'], language: 'es-MX' });
    expect(await actionsOn(userId)).toContainEqual({ action: 'identity.user_changed', actor_id: adaId });
    await changeAccount(ada, userId, { ...facts, displayName: 'María del Rosario Ñúñez', roles: ['translator'], language: 'es-MX' });
    expect((await actionsOn(userId)).filter(({ action }) => action === 'identity.user_changed')).toHaveLength(1);
  });

  it('keeps the rules of accounts when it is changed', async () => {
    const userId = await make('rules');
    expect(await refusal(changeAccount(ada, userId, { ...facts, roles: ['partner_officer', 'attorney'] }))).toEqual(['invalid', 'identity.account_invalid', 'identity.officer_without_partner', 'identity.officer_with_other_role']);
    expect(await refusal(changeAccount(ada, userId, { ...facts, roles: ['reconciler'], counties: ['06025'] }))).toEqual(['invalid', 'identity.account_invalid', 'identity.reconciler_counties']);
    expect(await refusal(changeAccount(ada, 'usr_none', facts))).toEqual(['not_found', 'identity.user_unknown']);
  });

  it('is not changed by its own owner as to rights, nor by a supervisor', async () => {
    expect(await refusal(changeAccount(ada, adaId, { ...facts, roles: ['administrator', 'supervisor'] }))).toEqual(['forbidden', 'identity.own_rights']);
    expect(await refusal(closeAccount(ada, adaId))).toEqual(['forbidden', 'identity.own_account']);
    expect(await refusal(resetPassword(ada, adaId))).toEqual(['forbidden', 'identity.own_account']);
    await changeAccount(ada, adaId, { ...facts, displayName: 'Ada Lovelace', roles: ['administrator'] });
    const supervisor = await as(await make('sue', { roles: ['supervisor'] }));
    expect(await refusal(closeAccount(supervisor, officerId))).toEqual(['forbidden', 'access.forbidden']);
    expect((await listAccounts(supervisor, { text: 'OFFIC' })).rows.map(({ userName }) => userName)).toEqual(['officer']);
  });

  it('of all counties is out of reach of an administrator of some; one within reach is not, password and all', async () => {
    const carl = await as(await make('carl', { roles: ['administrator'], counties: ['06025'] }));
    const [wide, narrow] = [await make('wide'), await make('narrow', { counties: ['06025'] })];
    for (const work of [closeAccount(carl, wide), resetPassword(carl, wide), changeAccount(carl, wide, { ...facts, counties: ['06025'] })]) {
      expect(await refusal(work)).toEqual(['forbidden', 'identity.account_beyond_own']);
    }
    expect(await refusal(changeAccount(carl, narrow, facts))).toEqual(['invalid', 'identity.account_invalid', 'identity.counties_beyond_own']);
    const { password } = await resetPassword(carl, narrow);
    expect(await signIn(operator, { userName: 'narrow', password })).toMatchObject({ userId: narrow, mustChangePassword: true });
    // The wall is back within the same transaction.
    await inTransaction(carl, async (tx) => {
      await resetPassword(tx, narrow);
      expect(await tx.tx.query('select 1 from user_passwords')).toEqual([]);
    });
  });

  it('that is closed loses its sessions at once, and may be opened again', async () => {
    const userId = await make('closing');
    await behindTheWall(db, "insert into web_sessions values ('sid-1', $1, now() + interval '1 hour'), ('sid-2', $2, now() + interval '1 hour')", [{ userId, startedAtMs: 1_700_000_000_000 }, { userId: 'usr_other' }]);
    expect((await getAccount(ada, userId)).openSessions).toHaveLength(1);
    await closeAccount(ada, userId);
    expect(await behindTheWall(db, 'select sid from web_sessions')).toEqual([{ sid: 'sid-2' }]);
    expect(await refusal(signIn(operator, { userName: 'closing', password: PASSWORD }))).toEqual(['unauthenticated', 'identity.sign_in_refused']);
    expect(await refusal(actorOf(operator, userId))).toEqual(['unauthenticated', 'identity.account_closed']);
    await reopenAccount(ada, userId);
    expect(await signIn(operator, { userName: 'closing', password: PASSWORD })).toMatchObject({ userId, mustChangePassword: false });
    expect((await getAccount(ada, userId)).lastSignedInAt).not.toBeNull();
  });
});

it('leaves an administrator of all counties, also when two take each other away at once', async () => {
  const eveId = await make('eve', { roles: ['administrator'] });
  const eve = await as(eveId);
  const ends = await Promise.all([refusal(closeAccount(ada, eveId)), refusal(closeAccount(eve, adaId))]);
  const survivors = (await listAccounts(operator, { role: 'administrator', isActive: true })).rows.filter(({ counties }) => counties === 'all');
  expect(survivors).toHaveLength(1);
  expect(ends).toContainEqual(['conflict', 'identity.last_administrator']);
  const last = survivors[0]?.userId ?? '';
  expect(await refusal(changeAccount(operator, last, { ...facts, roles: ['attorney'] }))).toEqual(['conflict', 'identity.last_administrator']);
  expect(await refusal(changeAccount(operator, last, { ...facts, roles: ['administrator'], counties: ['06025'] }))).toEqual(['conflict', 'identity.last_administrator']);
  for (const id of [adaId, eveId]) if (id !== last) await reopenAccount(operator, id);
});

describe('a password', () => {
  it('for the first sign-in ends after a week, and is gone once the person has chosen one', async () => {
    const made = await createUserWithStart(operator, { ...facts, userName: 'starter' });
    expect(made.password).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
    const late = { ...operator, clock: fixedClock(new Date(made.endsAt.getTime() + 1).toISOString()) };
    expect(await refusal(signIn(late, { userName: 'starter', password: made.password }))).toEqual(['unauthenticated', 'identity.sign_in_refused']);
    expect(await signIn(operator, { userName: 'starter', password: made.password })).toMatchObject({ mustChangePassword: true });
    const starter = await as(made.userId);
    await changeOwnPassword(starter, { current: made.password, next: 'purple gravel windmill' });
    expect(await signIn(operator, { userName: 'starter', password: 'purple gravel windmill' })).toMatchObject({ mustChangePassword: false });
    expect(await refusal(signIn(operator, { userName: 'starter', password: made.password }))).toEqual(['unauthenticated', 'identity.sign_in_refused']);
  });

  it('is changed by a partner’s officer, too, who sees no account', async () => {
    const officer = await as(officerId);
    expect(await refusal(changeOwnPassword(officer, { current: 'not my password', next: 'purple gravel windmill' }))).toEqual(['invalid', 'identity.account_invalid', 'identity.password_wrong']);
    expect(await refusal(changeOwnPassword(officer, { current: PASSWORD, next: 'Password-2026-2026' }))).toEqual(['invalid', 'identity.account_invalid', 'identity.password_common']);
    expect(await refusal(changeOwnPassword(officer, { current: PASSWORD, next: PASSWORD }))).toEqual(['invalid', 'identity.account_invalid', 'identity.password_same']);
    await changeOwnPassword(officer, { current: PASSWORD, next: '보라색 자갈 풍차 우체통 열다섯' });
    await changeOwnLanguage(officer, 'es-MX');
    expect(await signIn(operator, { userName: 'officer', password: '보라색 자갈 풍차 우체통 열다섯' })).toMatchObject({ language: 'es-MX' });
    expect((await actionsOn(officerId)).map(({ action, actor_id }) => [action, actor_id])).toEqual(expect.arrayContaining([['identity.password_changed', officerId], ['identity.language_changed', officerId]]));
    expect(await inTransaction(officer, (tx) => tx.tx.query('select * from users'))).toEqual([]);
  });

  it('cannot be guessed at an open screen: wrong tries count as at the door', async () => {
    const userId = await make('guessed');
    const guessed = await as(userId);
    for (let at = 0; at < 5; at++) await refusal(changeOwnPassword(guessed, { current: `wrong ${at} wrong wrong`, next: 'purple gravel windmill' }));
    expect(await refusal(changeOwnPassword(guessed, { current: PASSWORD, next: 'purple gravel windmill' }))).toEqual(['invalid', 'identity.account_invalid', 'identity.password_wrong']);
  });
});
