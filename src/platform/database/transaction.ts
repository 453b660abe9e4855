import { escapeLiteral } from 'pg';
import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import { AppError } from '../errors.ts';
import type { Actor } from '../actor.ts';
import type { Ctx, TxCtx } from '../context.types.ts';

/** What a person waits for has an end; an import or a reconciliation may take its time. */
const USER_STATEMENT_MS = 20_000;
const USER_LOCK_MS = 8_000;
const SYSTEM_STATEMENT_MS = 30 * 60_000;
const SYSTEM_LOCK_MS = 120_000;
const REVIVALS_MAX = 3;

export interface TransactionOptions {
  /**
   * How often to run `fn` anew after a deadlock or a serialisation failure (the database has undone everything by then).
   * Only for an `fn` that can run twice: one that reads a stream or writes outside of the database cannot.
   */
  readonly retries?: number;
}

/**
 * Runs `fn` in one transaction: what it writes commits together or not at all. Inside a running one it joins it.
 * The transaction sees only the rows of the actor's agency, counties and partner (row-level security).
 *
 * @throws AppError `database.busy` after a deadlock, a lock or a statement that took too long; `database.unavailable` when the server went away;
 *   `database.overloaded` where every connection was at work for too long.
 */
export async function inTransaction<T>(ctx: Ctx, fn: (ctx: TxCtx) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
  if (ctx.tx) return fn(ctx as TxCtx);
  for (let attempt = 0; ; attempt++) {
    try {
      return await once(ctx, fn);
    } catch (error) {
      const isRepeatable = ['40001', '40P01'].includes(sqlState(error) ?? '');
      if (!isRepeatable || attempt >= (options.retries ?? 0)) throw refusalOf(error);
    }
  }
}

async function once<T>(ctx: Ctx, fn: (ctx: TxCtx) => Promise<T>): Promise<T> {
  const runner = await begin(ctx);
  try {
    const result = await fn({ ...ctx, tx: runner.manager });
    // Shows deferred constraints now, and a statement whose failure `fn` swallowed: COMMIT would then roll back without a word.
    await runner.query('set constraints all immediate; commit');
    return result;
  } catch (error) {
    await runner.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

/** Nothing has happened yet when a connection turns out dead: a killed embedded server may be started again. */
async function begin(ctx: Ctx): Promise<QueryRunner> {
  for (let attempt = 0; ; attempt++) {
    const runner = ctx.db.dataSource.createQueryRunner();
    try {
      await runner.query(`start transaction; ${rowScope(ctx.actor)}`);
      return runner;
    } catch (error) {
      await runner.query('rollback').catch(() => undefined);
      await runner.release().catch(() => undefined);
      if (attempt >= REVIVALS_MAX || !ctx.db.revive || !isConnectionLost(error)) throw error;
      await ctx.db.revive();
    }
  }
}

/**
 * Local settings: they end with the transaction, so a pooled connection carries nobody's scope to the next user. In one message with the beginning, as the end is
 * with the commit: a page has many small transactions, and each message costs both sides more than what it says. So the values stand in it as literals.
 */
function rowScope(actor: Actor): string {
  const isUser = actor.kind !== 'system';
  const settings = {
    'puente.agency': actor.agency, 'puente.counties': actor.counties === 'all' ? '*' : arrayLiteral(actor.counties), 'puente.partner': actor.partner ?? '*', 'puente.actor': actor.id,
    'statement_timeout': String(isUser ? USER_STATEMENT_MS : SYSTEM_STATEMENT_MS), 'lock_timeout': String(isUser ? USER_LOCK_MS : SYSTEM_LOCK_MS),
  };
  return `select ${Object.entries(settings).map(([name, value]) => `set_config(${escapeLiteral(name)}, ${escapeLiteral(value)}, true)`).join(', ')}`;
}

const arrayLiteral = (values: readonly string[]): string => `{${values.map((value) => `"${value.replace(/(["\\])/g, '\\$1')}"`).join(',')}}`;

function sqlState(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && !(error instanceof AppError) ? code : null;
}

/** The driver gives some of these errors no code, only words; and TypeORM lets go of a runner whose connection ended between two statements. */
function isConnectionLost(error: unknown): boolean {
  if (error instanceof AppError || !(error instanceof Error)) return false;
  if (error instanceof QueryRunnerAlreadyReleasedError || error instanceof QueryRunnerProviderAlreadyReleasedError) return true;
  return /^(ECONN|57P0|08|EPIPE)/.test(sqlState(error) ?? '') || /^(Connection terminated|Client has encountered a connection error|Client was closed)/.test(error.message);
}

/** The pool's own words (it has no code for it) when no connection became free in time: nothing has been asked of the server yet. */
export const isPoolExhausted = (error: unknown): boolean => error instanceof Error && !(error instanceof AppError) && error.message === 'timeout exceeded when trying to connect';

function refusalOf(error: unknown): unknown {
  const state = sqlState(error);
  if (isPoolExhausted(error)) return new AppError('partner_unavailable', 'database.overloaded', { cause: error });
  if (isConnectionLost(error)) return new AppError('partner_unavailable', 'database.unavailable', { params: { reason: state ?? 'ENDED' }, cause: error });
  if (state === null) return error;
  if (['40001', '40P01', '55P03', '57014'].includes(state)) return new AppError('conflict', 'database.busy', { params: { sqlState: state }, cause: error });
  return error;
}
