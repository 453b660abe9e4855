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
  failures: number;
  lockedUntil: Date | null;
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
  password_hash: string;
  failure_count: number;
  locked_until_at: Date | null;
}

const COLUMNS = 'user_id, user_name, display_name, roles, counties, partner_id, language, is_active, password_hash, failure_count, locked_until_at';

export async function insertUser(ctx: TxCtx, user: User & { passwordHash: string }): Promise<boolean> {
  const rows: unknown[] = await ctx.tx.query(
    `insert into users (agency_id, user_id, user_name, display_name, password_hash, roles, counties, partner_id, language, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (agency_id, user_name) do nothing returning user_id`,
    [ctx.actor.agency, user.userId, user.userName, user.displayName, user.passwordHash, user.roles,
      user.counties === 'all' ? null : user.counties, user.partner, user.language, ctx.clock.now()],
  );
  return rows.length === 1;
}

export async function findUserById(ctx: TxCtx, userId: string): Promise<User | null> {
  return findOne(ctx, 'user_id = $2', userId, '');
}

export async function findUserByName(ctx: TxCtx, userName: string): Promise<UserWithPassword | null> {
  return findOne(ctx, 'user_name = $2', userName, '');
}

/** The same, holding the row, so that guesses made at the same time are counted one after the other. */
export async function lockUserByName(ctx: TxCtx, userName: string): Promise<UserWithPassword | null> {
  return findOne(ctx, 'user_name = $2', userName, 'for update');
}

async function findOne(ctx: TxCtx, condition: string, value: string, lock: '' | 'for update'): Promise<UserWithPassword | null> {
  const rows: UserRow[] = await ctx.tx.query(`select ${COLUMNS} from users where agency_id = $1 and ${condition} ${lock}`, [ctx.actor.agency, value]);
  return rows[0] ? fromRow(rows[0]) : null;
}

export async function setFailures(ctx: TxCtx, userId: string, failures: number, lockedUntil: Date | null): Promise<void> {
  await ctx.tx.query(
    'update users set failure_count = $3, locked_until_at = $4 where agency_id = $1 and user_id = $2',
    [ctx.actor.agency, userId, failures, lockedUntil],
  );
}

export async function selectUsers(ctx: TxCtx, limit: number): Promise<User[]> {
  const rows: UserRow[] = await ctx.tx.query(`select ${COLUMNS} from users where agency_id = $1 order by user_name limit $2`, [ctx.actor.agency, limit]);
  return rows.map((row) => {
    const { passwordHash: _hash, failures: _failures, lockedUntil: _until, ...user } = fromRow(row);
    return user;
  });
}

function fromRow(row: UserRow): UserWithPassword {
  return {
    userId: row.user_id,
    userName: row.user_name,
    displayName: row.display_name,
    roles: row.roles,
    counties: row.counties ?? 'all',
    partner: row.partner_id,
    language: row.language,
    isActive: row.is_active,
    passwordHash: row.password_hash,
    failures: row.failure_count,
    lockedUntil: row.locked_until_at,
  };
}
