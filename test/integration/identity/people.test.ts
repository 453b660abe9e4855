import { actorOf, createUser, listUsers, signIn, submitOnce } from '../../../src/modules/identity/index.ts';
import type { NewUser } from '../../../src/modules/identity/index.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { inTransaction, withActor } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

const PASSWORD = 'correct horse battery';
const officer: NewUser = {
  userName: 'Oficial.LA', displayName: 'Óscar Oficial', password: PASSWORD, roles: ['partner_officer'], counties: 'all', partner: 'mx-consulate-los-angeles', language: 'es-MX',
};
let db: TestDatabase;
let ctx: Ctx;
let officerId: string;

beforeAll(async () => {
  db = await testDatabase();
  ctx = testCtx(db, { kind: 'system', id: 'operator' });
  officerId = (await createUser(ctx, officer)).userId;
});

const refusal = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(() => null, (reason: unknown) => reason);
  return error instanceof AppError ? [error.kind, error.code] : error;
};
const at = (instant: string): Ctx => ({ ...ctx, clock: fixedClock(instant) });

describe('an account', () => {
  it('is made once; the same name in other letters is refused', async () => {
    expect(await refusal(createUser(ctx, { ...officer, userName: 'OFICIAL.la' }))).toEqual(['conflict', 'identity.user_exists']);
  });

  it('keeps its password only as an Argon2id hash', async () => {
    const [row] = await behindTheWall<{ row: string }>(db, 'select u::text || p::text as row from users u join user_passwords p using (agency_id, user_id) where user_id = $1', [officerId]);
    expect(row?.row).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    expect(row?.row).not.toContain(PASSWORD);
  });

  it('is made by administrators alone', async () => {
    for (const role of ['attorney', 'supervisor', 'reconciler', 'partner_officer', 'translator'] as const) {
      expect(await refusal(createUser(testCtx(db, { roles: [role] }), { ...officer, userName: `x.${role}` }))).toEqual(['forbidden', 'access.forbidden']);
    }
  });

  it('is invisible to a partner’s officer, also past the code, by the database itself', async () => {
    const asOfficer = withActor(ctx, await actorOf(ctx, officerId));
    const rows = await inTransaction(asOfficer, (tx) => tx.tx.query<unknown[]>('select * from users'));
    expect(rows).toEqual([]);
    expect(await refusal(listUsers(asOfficer))).toEqual(['forbidden', 'access.forbidden']);
  });

  it('keeps its password from who sees only some counties, also past the code', async () => {
    const countyAdministrator = testCtx(db, { roles: ['administrator'], counties: ['06025'], id: 'usr_admin' });
    const { userId } = await createUser(countyAdministrator, { ...officer, userName: 'imperial', roles: ['attorney'], partner: null, counties: ['06025'] });
    expect((await listUsers(countyAdministrator)).map((user) => user.userName)).toContain('imperial');
    expect(await inTransaction(countyAdministrator, (tx) => tx.tx.query<unknown[]>('select * from user_passwords'))).toEqual([]);
    expect(await signIn(ctx, { userName: 'imperial', password: PASSWORD })).toMatchObject({ userId });
    expect(await refusal(createUser(countyAdministrator, { ...officer, userName: 'wide', roles: ['attorney'], partner: null }))).toEqual(['invalid', 'identity.user_invalid']);
  });

  it('is unknown to another agency', async () => {
    const elsewhere = testCtx(db, { kind: 'system', agency: 'us-az' });
    expect(await refusal(actorOf(elsewhere, officerId))).toEqual(['unauthenticated', 'identity.account_closed']);
    expect(await refusal(signIn(elsewhere, { userName: officer.userName, password: PASSWORD }))).toEqual(['unauthenticated', 'identity.sign_in_refused']);
  });

  it('becomes an actor bound to its partner and language', async () => {
    expect(await actorOf(ctx, officerId)).toMatchObject({ kind: 'user', id: officerId, name: 'Óscar Oficial', roles: ['partner_officer'], partner: 'mx-consulate-los-angeles', language: 'es-MX', counties: 'all' });
  });
});

describe('signing in', () => {
  const tryIt = (when: Ctx, password: string) => refusal(signIn(when, { userName: officer.userName, password }));

  it('takes the name however it is typed', async () => {
    expect(await signIn(ctx, { userName: ' OFICIAL.LA ', password: PASSWORD })).toMatchObject({ userId: officerId, language: 'es-MX' });
  });

  it('waits after the fifth failure, counts no try while waiting, and forgets after success', async () => {
    const noon = at('2026-11-20T12:00:00Z');
    for (let i = 0; i < 5; i++) expect(await tryIt(noon, 'wrong')).toEqual(['unauthenticated', 'identity.sign_in_refused']);
    expect(await tryIt(at('2026-11-20T12:00:29Z'), PASSWORD)).toEqual(['unauthenticated', 'identity.sign_in_refused']);
    expect(await tryIt(at('2026-11-20T12:00:31Z'), PASSWORD)).toBeNull();
    const [user] = await behindTheWall<{ failure_count: number; locked_until_at: Date | null }>(db, 'select failure_count, locked_until_at from user_passwords where user_id = $1', [officerId]);
    expect(user).toEqual({ failure_count: 0, locked_until_at: null });
  });

  it('lets failures fade: wrong tries every quarter of an hour never keep the right password out', async () => {
    await behindTheWall(db, 'update user_passwords set failure_count = 40, last_failed_at = $2, locked_until_at = null where user_id = $1', [officerId, '2026-11-20T14:00:00Z']);
    for (let quarter = 1; quarter <= 12; quarter++) {
      const when = new Date(Date.parse('2026-11-20T14:00:00Z') + quarter * 15 * 60_000).toISOString();
      expect(await tryIt(at(when), 'wrong')).toEqual(['unauthenticated', 'identity.sign_in_refused']);
    }
    expect(await tryIt(at('2026-11-20T17:00:01Z'), PASSWORD)).toBeNull();
  });

  it('counts guesses made at the same moment one by one', async () => {
    await Promise.all(Array.from({ length: 5 }, () => tryIt(at('2026-11-20T13:00:00Z'), 'wrong')));
    const [user] = await behindTheWall<{ failure_count: number }>(db, 'select failure_count from user_passwords where user_id = $1', [officerId]);
    expect(user?.failure_count).toBe(5);
    await behindTheWall(db, 'update user_passwords set failure_count = 0, locked_until_at = null where user_id = $1', [officerId]);
  });

  it('refuses a closed account', async () => {
    await behindTheWall(db, 'update users set is_active = false where user_id = $1', [officerId]);
    expect(await tryIt(ctx, PASSWORD)).toEqual(['unauthenticated', 'identity.sign_in_refused']);
    expect(await refusal(actorOf(ctx, officerId))).toEqual(['unauthenticated', 'identity.account_closed']);
    await behindTheWall(db, 'update users set is_active = true where user_id = $1', [officerId]);
  });
});

describe('a form', () => {
  const formId = 'a-form-that-was-shown-once';

  it('does its work once, however often and however fast it is sent', async () => {
    let done = 0;
    const send = () => submitOnce(ctx, formId, async () => `result ${++done}`);
    expect(await Promise.all([send(), send(), send()])).toEqual(['result 1', 'result 1', 'result 1']);
    expect(done).toBe(1);
  });

  it('may be sent again after a refusal, which leaves nothing behind', async () => {
    const id = 'a-form-that-fails-at-first';
    expect(await refusal(submitOnce(ctx, id, async () => { throw new AppError('invalid', 'test.refused'); }))).toEqual(['invalid', 'test.refused']);
    expect(await submitOnce(ctx, id, async () => 'second time')).toBe('second time');
  });

  it('of another person tells nothing', async () => {
    const other = testCtx(db, { id: 'usr_other' });
    expect(await refusal(submitOnce(other, formId, async () => 'theirs'))).toEqual(['conflict', 'identity.form_not_yours']);
  });

  it('needs a readable id', async () => {
    expect(await refusal(submitOnce(ctx, "x'; drop", async () => ''))).toEqual(['invalid', 'identity.form_id_form']);
  });
});
