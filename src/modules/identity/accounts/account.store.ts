import type { Role } from '../../../platform/authorise.ts';
import type { Language } from '../../../platform/config.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { byName, foldedSql } from '../../../platform/list-order.ts';
import type { User } from '../user.store.ts';

/** An account with what an administrator asks about it; nothing of its password. */
export interface Account extends User {
  readonly createdAt: Date;
  readonly lastSignedInAt: Date | null;
  /** Failed tries since somebody last came in, and until when it takes no further one. */
  readonly failures: number;
  readonly lastFailedAt: Date | null;
  readonly lockedUntil: Date | null;
  /** Set while the password is one for the first sign-in: until when it is good. */
  readonly startEndsAt: Date | null;
  readonly sessions: number;
  /** Raised by every change, so that nobody overwrites what they have not seen. */
  readonly revision: number;
}

export const ACCOUNT_SORTS = ['name', 'person', 'seen', 'failures', 'made'] as const;
export type AccountSort = (typeof ACCOUNT_SORTS)[number];
const ORDER: Readonly<Record<AccountSort, string>> = {
  name: 'u.user_name', person: byName('u.display_name'), seen: 'p.last_signed_in_at', failures: 'p.failure_count', made: 'u.created_at',
};

export interface AccountFilter {
  readonly text: string | null;
  readonly role: string | null;
  readonly partner: string | null;
  readonly isActive: boolean | null;
  /** The whole user name. */
  readonly userName: string | null;
}

interface AccountRow {
  userId: string; userName: string; displayName: string; roles: Role[]; counties: string[] | null; partner: string | null; language: Language; isActive: boolean;
  createdAt: Date; lastSignedInAt: Date | null; failures: number; lastFailedAt: Date | null; lockedUntil: Date | null; startEndsAt: Date | null; sessions: number; revision: number;
}

const SELECT = `
  select u.user_id as "userId", u.user_name as "userName", u.display_name as "displayName", u.roles, u.counties, u.partner_id as partner, u.language, u.is_active as "isActive", u.revision,
         u.created_at as "createdAt", p.last_signed_in_at as "lastSignedInAt", p.failure_count as failures, p.last_failed_at as "lastFailedAt", p.locked_until_at as "lockedUntil", p.ends_at as "startEndsAt",
         (select count(*)::int from web_sessions s where s.sess ->> 'userId' = u.user_id and s.expire > now()) as sessions
    from users u join user_passwords p using (agency_id, user_id)`;

const fromRow = (row: AccountRow): Account => ({ ...row, counties: row.counties ?? 'all' });

export async function selectAccounts(ctx: TxCtx, filter: AccountFilter, sort: { by: AccountSort; isDescending: boolean }, offset: number, limit: number): Promise<{ rows: Account[]; total: number }> {
  const where = `where u.agency_id = $1 and ($2::text is null or strpos(u.user_name, lower($2)) > 0 or strpos(${foldedSql('u.display_name')}, ${foldedSql('$2::text')}) > 0)
    and ($3::text is null or $3 = any (u.roles)) and ($4::text is null or u.partner_id = $4) and ($5::boolean is null or u.is_active = $5) and ($6::text is null or u.user_name = $6)`;
  const values = [ctx.actor.agency, filter.text, filter.role, filter.partner, filter.isActive, filter.userName];
  const rows = await ctx.tx.query<AccountRow[]>(
    `${SELECT} ${where} order by ${ORDER[sort.by]} ${sort.isDescending ? 'desc nulls last' : 'asc nulls first'}, u.user_id limit $7 offset $8`, [...values, limit, offset]);
  const [counted] = await ctx.tx.query<{ total: number }[]>(`select count(*)::int as total from users u ${where}`, values);
  return { rows: rows.map(fromRow), total: counted?.total ?? 0 };
}

export async function findAccount(ctx: TxCtx, userId: string, lock: '' | 'for update of u, p' = ''): Promise<(Account & { passwordHash: string }) | null> {
  const [row] = await ctx.tx.query<(AccountRow & { passwordHash: string })[]>(
    `${SELECT.replace('u.user_name as', 'p.password_hash as "passwordHash", u.user_name as')} where u.agency_id = $1 and u.user_id = $2 ${lock}`, [ctx.actor.agency, userId]);
  return row ? { ...fromRow(row), passwordHash: row.passwordHash } : null;
}

/** Who could still let others in, beside this account; held until the transaction ends, so that two do not take each other away at once. */
export async function lockOtherAdministrators(ctx: TxCtx, userId: string): Promise<{ seesAll: boolean }[]> {
  const rows = await ctx.tx.query<{ userId: string; seesAll: boolean }[]>(
    `select user_id as "userId", counties is null as "seesAll" from users where agency_id = $1 and is_active and 'administrator' = any (roles) order by user_id for update`, [ctx.actor.agency]);
  return rows.filter((row) => row.userId !== userId);
}

export async function updateAccount(ctx: TxCtx, account: Pick<User, 'userId' | 'displayName' | 'roles' | 'counties' | 'partner' | 'language' | 'isActive'>): Promise<void> {
  await ctx.tx.query(
    'update users set display_name = $3, roles = $4, counties = $5, partner_id = $6, language = $7, is_active = $8, revision = revision + 1 where agency_id = $1 and user_id = $2',
    [ctx.actor.agency, account.userId, account.displayName, account.roles, account.counties === 'all' ? null : account.counties, account.partner, account.language, account.isActive]);
}

/** A new password; failed tries belong to the old one. `endsAt` is set for one that is only good for a first sign-in. */
export async function setPassword(ctx: TxCtx, userId: string, passwordHash: string, endsAt: Date | null): Promise<void> {
  await ctx.tx.query(
    `update user_passwords set password_hash = $3, is_start = $4::timestamptz is not null, ends_at = $4, failure_count = 0, last_failed_at = null, locked_until_at = null
      where agency_id = $1 and user_id = $2`, [ctx.actor.agency, userId, passwordHash, endsAt]);
}

export interface OpenSession {
  readonly startedAt: Date | null;
  readonly endsAt: Date;
}

/** The sessions of a person that have not ended, the newest first. */
export async function selectSessions(ctx: TxCtx, userId: string, limit: number): Promise<OpenSession[]> {
  return ctx.tx.query<OpenSession[]>(
    `select to_timestamp((sess ->> 'startedAtMs')::float8 / 1000) as "startedAt", expire as "endsAt" from web_sessions where sess ->> 'userId' = $1 and expire > now() order by expire desc, sid limit $2`, [userId, limit]);
}

/**
 * Ends all sessions of a person: their rows go, and the account's epoch is raised, so that one which a request held in its hands meanwhile counts no more.
 * @returns how many there were, and the epoch that a new one has to carry.
 */
export async function endSessions(ctx: TxCtx, userId: string): Promise<{ ended: number; epoch: number }> {
  const [rows] = await ctx.tx.query<[{ epoch: number }[], number]>(
    'update users set session_epoch = session_epoch + 1 where agency_id = $1 and user_id = $2 returning session_epoch as epoch', [ctx.actor.agency, userId]);
  const [, count] = await ctx.tx.query<[unknown, number]>("delete from web_sessions where sess ->> 'userId' = $1", [userId]);
  return { ended: count, epoch: rows[0]?.epoch ?? 0 };
}

/** What these accounts are called, by their ids. */
export async function selectNames(ctx: TxCtx, userIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await ctx.tx.query<{ userId: string; name: string }[]>(
    'select user_id as "userId", display_name as name from users where agency_id = $1 and user_id = any($2)', [ctx.actor.agency, [...new Set(userIds)]]);
  return new Map(rows.map(({ userId, name }) => [userId, name]));
}

export async function selectNamed(ctx: TxCtx, text: string, limit: number): Promise<string[]> {
  const rows = await ctx.tx.query<{ userId: string }[]>(
    `select user_id as "userId" from users where agency_id = $1 and (strpos(user_name, lower($2)) > 0 or strpos(${foldedSql('display_name')}, ${foldedSql('$2::text')}) > 0) order by user_id limit $3`, [ctx.actor.agency, text, limit]);
  return rows.map(({ userId }) => userId);
}

export interface NamedAccount {
  readonly userId: string;
  readonly userName: string;
  readonly displayName: string;
  readonly counties: readonly string[] | 'all';
}

export async function selectWithRoles(ctx: TxCtx, { roles, called, limit }: { readonly roles: readonly string[]; readonly called: string | null; readonly limit: number }): Promise<NamedAccount[]> {
  const rows = await ctx.tx.query<(Omit<NamedAccount, 'counties'> & { counties: string[] | null })[]>(
    `select user_id as "userId", user_name as "userName", display_name as "displayName", counties from users
      where agency_id = $1 and is_active and partner_id is null and roles && $2 and ($3::text is null or user_name = lower($3) or lower(display_name) = lower($3))
      order by ${byName('display_name')}, user_id limit $4`, [ctx.actor.agency, roles, called, limit]);
  return rows.map((row) => ({ ...row, counties: row.counties ?? 'all' }));
}

/** The sessions among these that have not ended and whose accounts are as they were, by their ids. */
export async function selectStanding(ctx: TxCtx, held: readonly { readonly sid: string; readonly userId: string; readonly epoch: number; readonly revision: number }[]): Promise<Set<string>> {
  const rows = await ctx.tx.query<{ sid: string }[]>(
    `select h.sid from unnest($2::text[], $3::text[], $4::int[], $5::int[]) h (sid, user_id, epoch, revision)
       join web_sessions s on s.sid = h.sid and s.expire > now() and s.sess ->> 'userId' = h.user_id
       join users u on u.agency_id = $1 and u.user_id = h.user_id and u.is_active and u.session_epoch = h.epoch and u.revision = h.revision`,
    [ctx.actor.agency, held.map(({ sid }) => sid), held.map(({ userId }) => userId), held.map(({ epoch }) => epoch), held.map(({ revision }) => revision)]);
  return new Set(rows.map(({ sid }) => sid));
}
