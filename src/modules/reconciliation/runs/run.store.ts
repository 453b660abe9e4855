import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { WAITS_FOR_MONEY } from './line.store.ts';
import { RULE_VERSION } from '../matching/reason.rules.ts';
import type { BankTally } from './run-summary.rules.ts';

const runLock = (ctx: Ctx): string => createHash('sha256').update(`reconciliation:${ctx.actor.agency}`).digest().readBigInt64BE(0).toString();

/** Whether no run is going on; none begins before this transaction has ended. */
export async function keepRunsOut(ctx: TxCtx): Promise<boolean> {
  const [row] = await ctx.tx.query<{ free: boolean }[]>('select pg_try_advisory_xact_lock_shared($1::bigint) as free', [runLock(ctx)]);
  return row?.free === true;
}

/**
 * One run at a time for an agency: a lock of the session, so that it outlives the transactions of a run and ends with the
 * process, however that ends. Whoever comes second waits and then finds nothing left to do.
 */
export async function whileAlone<T>(ctx: Ctx, work: () => Promise<T>): Promise<T> {
  const runner: QueryRunner = ctx.db.dataSource.createQueryRunner();
  const key = runLock(ctx);
  try {
    await runner.query('select pg_advisory_lock($1::bigint)', [key]);
    try {
      return await work();
    } finally {
      await runner.query('select pg_advisory_unlock($1::bigint)', [key]);
    }
  } finally {
    await runner.release();
  }
}

/** Starts a run. Runs that never ended were killed; what they finished stays finished. */
export async function insertRun(ctx: TxCtx, runId: string): Promise<void> {
  await ctx.tx.query("update reconciliation_runs set state = 'interrupted' where agency_id = $1 and state = 'running'", [ctx.actor.agency]);
  await ctx.tx.query(
    'insert into reconciliation_runs (agency_id, run_id, state, rule_version, started_at, started_by) values ($1, $2, $3, $4, $5, $6)',
    [ctx.actor.agency, runId, 'running', RULE_VERSION, ctx.clock.now(), ctx.actor.id],
  );
}

/** Also the files of interrupted runs since the last finished one: nobody has been told of their lines yet. */
export async function adoptInterrupted(ctx: TxCtx, runId: string): Promise<void> {
  await ctx.tx.query(
    `insert into reconciliation_run_files (agency_id, run_id, file_id, handled_at)
     select distinct on (f.file_id) f.agency_id, $2, f.file_id, f.handled_at
       from reconciliation_run_files f join reconciliation_runs r on r.agency_id = f.agency_id and r.run_id = f.run_id
      where f.agency_id = $1 and r.state = 'interrupted'
        and r.started_at > coalesce((select max(finished_at) from reconciliation_runs where agency_id = $1 and state = 'finished'), '-infinity')
     on conflict do nothing`,
    [ctx.actor.agency, runId],
  );
}

export async function markFileHandled(ctx: TxCtx, runId: string, fileId: string): Promise<void> {
  await ctx.tx.query(
    'insert into reconciliation_run_files (agency_id, run_id, file_id, handled_at) values ($1, $2, $3, $4) on conflict do nothing',
    [ctx.actor.agency, runId, fileId, ctx.clock.now()],
  );
}

export type FileToReconcile = { readonly fileId: string; readonly kind: 'forwarding' | 'remittance'; readonly partnerId: string; readonly lines: number };

/**
 * Files with lines to decide, in an order that their contents make and not the order of import: what happened first is
 * settled first. A file comes again when money has arrived for lines of it that waited.
 */
export async function selectFilesToReconcile(ctx: TxCtx): Promise<FileToReconcile[]> {
  return ctx.tx.query<FileToReconcile[]>(
    `with waiting as materialized (
       select w.file_id, w.outcome, l.partner_id, upper(regexp_replace(l.transfer_reference, '[^A-Za-z0-9]', '', 'g')) as transfer
         from line_outcomes w
        cross join lateral (select x.partner_id, x.transfer_reference from payment_lines x
                             where x.agency_id = $1 and x.file_id = w.file_id and x.line_number = w.line_number limit 1) l
        where w.agency_id = $1 and w.kind = 'remittance' and w.decision_id is null and (w.outcome = 'pending' or w.reasons && '${WAITS_FOR_MONEY}')),
     paid as (
       select w.file_id from waiting w join transfer_states t on t.agency_id = $1 and t.partner_id = w.partner_id and t.transfer = w.transfer
        where (w.outcome = 'pending' and t.state <> 'no_credit') or (w.outcome = 'suspense' and t.state = 'agrees')),
     wanted as (
       select f.file_id, f.kind, f.partner_id, f.sha256, f.lines from received_files f
        where f.agency_id = $1 and f.kind in ('forwarding', 'remittance')
          and (not exists (select from reconciliation_run_files h where h.agency_id = f.agency_id and h.file_id = f.file_id)
               or f.file_id in (select file_id from paid)))
     select w.file_id as "fileId", w.kind, w.partner_id as "partnerId", w.lines from wanted w
     cross join lateral (select min(l.happened_on) as first_on, max(l.happened_on) as last_on from payment_lines l
                          where l.agency_id = $1 and l.file_id = w.file_id) d
     order by w.kind, d.first_on nulls first, d.last_on nulls first, w.sha256`,
    [ctx.actor.agency],
  );
}

export async function finishRun(ctx: TxCtx, runId: string, summary: unknown): Promise<void> {
  await ctx.tx.query(
    "update reconciliation_runs set state = 'finished', finished_at = $3, summary = $4 where agency_id = $1 and run_id = $2",
    [ctx.actor.agency, runId, ctx.clock.now(), JSON.stringify(summary)],
  );
}

export type Tally = { readonly kind: 'forwarding' | 'remittance'; readonly outcome: string; readonly lines: number };

/** What became of the lines of the files that a run handled. */
export async function tallyRun(ctx: TxCtx, runId: string): Promise<Tally[]> {
  return ctx.tx.query<Tally[]>(
    `select o.kind, o.outcome, count(*)::int as lines
       from reconciliation_run_files f join line_outcomes o on o.agency_id = f.agency_id and o.file_id = f.file_id
      where f.agency_id = $1 and f.run_id = $2 group by 1, 2 order by 1, 2`,
    [ctx.actor.agency, runId],
  );
}

export async function countFiles(ctx: TxCtx, runId: string): Promise<number> {
  const [row] = await ctx.tx.query<{ files: number }[]>('select count(*)::int as files from reconciliation_run_files where agency_id = $1 and run_id = $2', [ctx.actor.agency, runId]);
  return row?.files ?? 0;
}

/** Disbursements whose money came back, credits that the bank took back, and entries that name something of ours but do not agree with it. */
export async function tallyBank(ctx: TxCtx, runId: string): Promise<BankTally> {
  const [row] = await ctx.tx.query<BankTally[]>(
    `select (select count(*)::int from recovered_disbursements where agency_id = $1 and run_id = $2) as recovered,
            (select count(*)::int from taken_back_credits where agency_id = $1 and run_id = $2) as "takenBack",
            (select count(*)::int from bank_debit_outcomes where agency_id = $1 and run_id = $2 and outcome = 'unexplained')
              + (select count(*)::int from bank_credit_outcomes where agency_id = $1 and run_id = $2 and reasons[1] like 'recovery.%' and reasons[1] <> 'recovery.agrees') as "forPerson"`,
    [ctx.actor.agency, runId],
  );
  return row ?? { recovered: 0, takenBack: 0, forPerson: 0 };
}

/** Temporary tables of our own that would else stay until the transaction ends. */
export async function dropTemporaries(ctx: TxCtx): Promise<void> {
  const tables = await ctx.tx.query<{ name: string }[]>(
    `select quote_ident(c.relname) as name from pg_class c where c.relnamespace = pg_my_temp_schema() and c.relkind = 'r' and pg_get_userbyid(c.relowner) = current_user`);
  if (tables.length > 0) await ctx.tx.query(`drop table ${tables.map((t) => `pg_temp.${t.name}`).join(', ')}`);
}
