import type { Language } from '../../platform/config.ts';
import type { Role } from '../../platform/authorise.ts';
import type { TxCtx } from '../../platform/context.ts';

export interface User {
  userId: string;
  userName: string;
  displayName: string;
  roles: readonly Role[];
  counties: readonly string[] | 'all';
  partner: string | null;
  language: Language;
  isActive: boolean;
}

export interface UserWithPassword extends User {
  passwordHash: string;
  /** As counted at the last failure. */
  failures: number;
  lastFailedAt: Date | null;
  lockedUntil: Date | null;
  /** Until when it is good, where it is one for the first sign-in. */
  startEndsAt: Date | null;
  sessionEpoch: number;
}

interface UserRow {
  user_id: string;
  user_name: string;
  display_name: string;
  roles: Role[];
  counties: string[] | null;
  partner_id: string | null;
  language: Language;
  is_active: boolean;
}

interface PasswordRow extends UserRow {
  password_hash: string;
  failure_count: number;
  last_failed_at: Date | null;
  locked_until_at: Date | null;
  ends_at: Date | null;
  session_epoch: number;
}

const COLUMNS = 'user_id, user_name, display_name, roles, counties, partner_id, language, is_active';

/** Adds the account with its password; false when the name is taken. */
export async function insertUser(ctx: TxCtx, user: User & { passwordHash: string; startEndsAt: Date | null }): Promise<boolean> {
  const rows: unknown[] = await ctx.tx.query(
    `insert into users (agency_id, user_id, user_name, display_name, roles, counties, partner_id, language, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (agency_id, user_name) do nothing returning user_id`,
    [ctx.actor.agency, user.userId, user.userName, user.displayName, user.roles,
      user.counties === 'all' ? null : user.counties, user.partner, user.language, ctx.clock.now()],
  );
  if (rows.length !== 1) return false;
  await ctx.tx.query('insert into user_passwords (agency_id, user_id, password_hash, is_start, ends_at) values ($1, $2, $3, $4::timestamptz is not null, $4)', [ctx.actor.agency, user.userId, user.passwordHash, user.startEndsAt]);
  return true;
}

export async function findUserById(ctx: TxCtx, userId: string): Promise<User | null> {
  const rows: UserRow[] = await ctx.tx.query(`select ${COLUMNS} from users where agency_id = $1 and user_id = $2`, [ctx.actor.agency, userId]);
  return rows[0] ? fromRow(rows[0]) : null;
}

/** The account of a session, with what decides whether the session counts and how far it reaches. */
export async function findSignedInUser(ctx: TxCtx, userId: string): Promise<{ user: User; sessionEpoch: number; revision: number; mustChangePassword: boolean } | null> {
  const rows: (UserRow & { session_epoch: number; revision: number; is_start: boolean })[] = await ctx.tx.query(
    `select ${COLUMNS}, u.session_epoch, u.revision, p.is_start from users u join user_passwords p using (agency_id, user_id) where agency_id = $1 and user_id = $2`, [ctx.actor.agency, userId]);
  const [row] = rows;
  return row ? { user: fromRow(row), sessionEpoch: row.session_epoch, revision: row.revision, mustChangePassword: row.is_start } : null;
}

export async function findUserByName(ctx: TxCtx, userName: string): Promise<UserWithPassword | null> {
  return findWithPassword(ctx, userName, '');
}

/** The same, holding the row, so that guesses made at the same time are counted one after the other. */
export async function lockUserByName(ctx: TxCtx, userName: string): Promise<UserWithPassword | null> {
  return findWithPassword(ctx, userName, 'for update of p');
}

async function findWithPassword(ctx: TxCtx, userName: string, lock: '' | 'for update of p'): Promise<UserWithPassword | null> {
  const rows: PasswordRow[] = await ctx.tx.query(
    `select ${COLUMNS}, p.password_hash, p.failure_count, p.last_failed_at, p.locked_until_at, p.ends_at, u.session_epoch
       from users u join user_passwords p using (agency_id, user_id) where agency_id = $1 and user_name = $2 ${lock}`,
    [ctx.actor.agency, userName],
  );
  const [row] = rows;
  if (!row) return null;
  return { ...fromRow(row), passwordHash: row.password_hash, failures: row.failure_count, lastFailedAt: row.last_failed_at, lockedUntil: row.locked_until_at, startEndsAt: row.ends_at, sessionEpoch: row.session_epoch };
}

export interface Failures {
  readonly count: number;
  readonly lastFailedAt: Date | null;
  readonly lockedUntil: Date | null;
}

export async function setFailures(ctx: TxCtx, userId: string, failures: Failures): Promise<void> {
  await ctx.tx.query(
    'update user_passwords set failure_count = $3, last_failed_at = $4, locked_until_at = $5 where agency_id = $1 and user_id = $2',
    [ctx.actor.agency, userId, failures.count, failures.lastFailedAt, failures.lockedUntil],
  );
}

/** Somebody came in: failures are forgotten. */
export async function setSignedIn(ctx: TxCtx, userId: string): Promise<void> {
  await ctx.tx.query(
    'update user_passwords set failure_count = 0, last_failed_at = null, locked_until_at = null, last_signed_in_at = $3 where agency_id = $1 and user_id = $2',
    [ctx.actor.agency, userId, ctx.clock.now()],
  );
}

export async function selectUsers(ctx: TxCtx, limit: number): Promise<User[]> {
  const rows: UserRow[] = await ctx.tx.query(`select ${COLUMNS} from users where agency_id = $1 order by user_name limit $2`, [ctx.actor.agency, limit]);
  return rows.map(fromRow);
}

function fromRow(row: UserRow): User {
  return {
    userId: row.user_id,
    userName: row.user_name,
    displayName: row.display_name,
    roles: row.roles,
    counties: row.counties ?? 'all',
    partner: row.partner_id,
    language: row.language,
    isActive: row.is_active,
  };
}
