import { DataSource } from 'typeorm';
import type { EntitySchema } from 'typeorm';
import { AppError } from '../errors.ts';

const POOL_MAX = 10;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The database as the application's role sees it: it owns nothing, and row-level security applies to it. Outside
 * `inTransaction` no row scope is set, and then scoped tables look empty.
 *
 * `bigint` columns (int8) arrive as strings, as the driver gives them: turn them into `bigint` with `BigInt(text)`.
 */
export interface Database {
  readonly dataSource: DataSource;
  /** Connection address of the application's role. Holds a password: never log it. */
  readonly appUrl: string;
  /** Starts the embedded server again where it was, after someone killed it under a running process; absent with `DATABASE_URL`. */
  revive?(): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly entities?: readonly EntitySchema[];
  readonly poolMax?: number;
  /** How long to wait for a connection of the pool. */
  readonly connectTimeoutMs?: number;
}

/** Connects as the application's role to a database that is already migrated. @throws AppError `database.unavailable`, `database.refused`. */
export async function connectDatabase(appUrl: string, options: ConnectOptions = {}): Promise<Database> {
  const dataSource = new DataSource({
    type: 'postgres', url: appUrl, applicationName: 'puente', entities: [...(options.entities ?? [])],
    installExtensions: false, logging: false, poolSize: options.poolMax ?? POOL_MAX, connectTimeoutMS: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    // A connection of the pool that breaks while idle is replaced; the next query says so if the server is gone.
    poolErrorHandler: () => undefined,
  });
  try {
    await dataSource.initialize();
  } catch (error) {
    throw connectionRefusal(error);
  }
  let isClosed = false;
  return {
    dataSource,
    appUrl,
    async close() {
      if (isClosed) return;
      isClosed = true;
      await dataSource.destroy();
    },
  };
}

/** What a failed connection means to whoever called: the address or password is wrong, or nobody answers there. */
export function connectionRefusal(error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return error;
  if (/^(28|3D)/.test(code)) return new AppError('invalid', 'database.refused', { params: { sqlState: code }, cause: error });
  if (/^(ECONN|EHOST|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|57P0|53)/.test(code)) {
    return new AppError('partner_unavailable', 'database.unavailable', { params: { reason: code }, cause: error });
  }
  return error;
}
