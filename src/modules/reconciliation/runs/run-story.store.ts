import type { TxCtx } from '../../../platform/context.ts';
import type { ReceivedKind } from '../../payments/index.ts';

export interface StoryFile {
  readonly fileId: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly kind: ReceivedKind;
  readonly partnerId: string | null;
  readonly lines: number;
  readonly importedAt: Date;
  /** When the run had dealt with it; null for bank files, which it looks at as a whole. */
  readonly handledAt: Date | null;
}

const NOT_BEFORE = `coalesce((select r.started_at from reconciliation_runs r where r.agency_id = $1 and r.run_id = $2), 'infinity')`;
const NOT_AFTER = `coalesce((select coalesce(r.finished_at, 'infinity') from reconciliation_runs r where r.agency_id = $1 and r.run_id = $2), '-infinity')`;

/** What came: lists that the run explained, registers that it booked, bank files whose credits or debits it looked at. */
export async function selectStoryFiles(ctx: TxCtx, runId: string, limit: number): Promise<StoryFile[]> {
  return ctx.tx.query<StoryFile[]>(
    `with handled as (
       select file_id, handled_at from reconciliation_run_files where agency_id = $1 and run_id = $2
       union select g.file_id, g.registered_at from registered_files g where g.agency_id = $1 and g.registered_at between ${NOT_BEFORE} and ${NOT_AFTER}
       union select distinct c.file_id, null::timestamptz from bank_credits c
         where c.agency_id = $1 and (c.credit_id in (select o.credit_id from bank_credit_outcomes o where o.agency_id = $1 and o.run_id = $2)
           or c.credit_id in (select o.debit_id from bank_debit_outcomes o where o.agency_id = $1 and o.run_id = $2)))
     select f.file_id as "fileId", f.file_name as "fileName", f.sha256, f.kind, f.partner_id as "partnerId", f.lines, f.imported_at as "importedAt", h.handled_at as "handledAt"
       from handled h join received_files f on f.agency_id = $1 and f.file_id = h.file_id order by f.imported_seq limit $3`,
    [ctx.actor.agency, runId, limit],
  );
}

export interface StoryReason { readonly kind: string; readonly outcome: string; readonly reason: string; readonly lines: number }

/** What was found: for each outcome the first reasons of its lines, the most frequent first. */
export async function selectStoryReasons(ctx: TxCtx, runId: string, limit: number): Promise<StoryReason[]> {
  return ctx.tx.query<StoryReason[]>(
    `select o.kind, o.outcome, coalesce(o.reasons[1], '') as reason, count(*)::int as lines
       from reconciliation_run_files f join line_outcomes o on o.agency_id = f.agency_id and o.file_id = f.file_id
      where f.agency_id = $1 and f.run_id = $2 group by 1, 2, 3 order by 1, 2, 4 desc, 3 limit $3`,
    [ctx.actor.agency, runId, limit],
  );
}

export interface StoryMovement { readonly event: string; readonly account: string; readonly partnerId: string | null; readonly currency: string; readonly transfers: number; readonly minor: bigint }

/** What moved, by event and account; debit positive. The run's batches carry its id, registers their file's. */
export async function selectStoryMovements(ctx: TxCtx, runId: string): Promise<StoryMovement[]> {
  const rows = await ctx.tx.query<{ event: string; account: string; partner_id: string | null; currency: string; transfers: number; minor: string }[]>(
    `with batch as materialized (
       select b.batch_id, b.recorded_at from ledger_batches b
        where b.agency_id = $1 and (strpos(b.batch_key, $2) > 0
           or b.batch_key in (select 'disbursements:' || g.file_id from registered_files g where g.agency_id = $1 and g.registered_at between ${NOT_BEFORE} and ${NOT_AFTER})))
     select t.event, a.account_kind as account, a.partner_id, e.currency, count(distinct t.transfer_id)::int as transfers, sum(e.amount_minor)::text as minor
       from ledger_entries e
       join ledger_transfers t on t.agency_id = e.agency_id and t.transfer_id = e.transfer_id
       join ledger_accounts a on a.agency_id = e.agency_id and a.account_id = e.account_id
      where e.agency_id = $1 and e.recorded_at between (select min(recorded_at) from batch) and (select max(recorded_at) from batch) and t.batch_id in (select batch_id from batch)
      group by 1, 2, 3, 4 order by 1, 2, 3 nulls first, 4`,
    [ctx.actor.agency, runId],
  );
  return rows.map((r) => ({ event: r.event, account: r.account, partnerId: r.partner_id, currency: r.currency, transfers: r.transfers, minor: BigInt(r.minor) }));
}

export interface StoryWait { readonly partnerId: string; readonly kind: string; readonly outcome: string; readonly lines: number }

/** Lines of the run's files that wait, as they stand now. */
export async function selectStoryWaits(ctx: TxCtx, runId: string): Promise<{ lines: StoryWait[]; proposals: { status: string; postings: number }[] }> {
  const lines = await ctx.tx.query<StoryWait[]>(
    `select o.partner_id as "partnerId", o.kind, o.outcome, count(*)::int as lines
       from reconciliation_run_files f join line_outcomes o on o.agency_id = f.agency_id and o.file_id = f.file_id
      where f.agency_id = $1 and f.run_id = $2 and o.outcome in ('suspense', 'rejected', 'pending') group by 1, 2, 3 order by 1, 2, 3`,
    [ctx.actor.agency, runId],
  );
  const proposals = await ctx.tx.query<{ status: string; postings: number }[]>(
    `select p.status, count(*)::int as postings from reconciliation_run_files f join posting_proposals p on p.agency_id = f.agency_id and p.file_id = f.file_id
      where f.agency_id = $1 and f.run_id = $2 and p.status in ('proposed', 'exported') group by 1 order by 1`,
    [ctx.actor.agency, runId],
  );
  return { lines, proposals };
}

/** When the steps of a run had been done, as far as what they left tells. */
export async function selectStoryMoments(ctx: TxCtx, runId: string): Promise<{ registers: Date | null; bank: Date | null; recoveries: Date | null }> {
  const [row] = await ctx.tx.query<{ registers: Date | null; bank: Date | null; recoveries: Date | null }[]>(
    `select (select max(g.registered_at) from registered_files g where g.agency_id = $1 and g.registered_at between ${NOT_BEFORE} and ${NOT_AFTER}) as registers,
            greatest((select max(o.decided_at) from bank_credit_outcomes o where o.agency_id = $1 and o.run_id = $2), (select max(o.decided_at) from bank_debit_outcomes o where o.agency_id = $1 and o.run_id = $2)) as bank,
            (select max(r.recorded_at) from recovered_disbursements r where r.agency_id = $1 and r.run_id = $2) as recoveries`,
    [ctx.actor.agency, runId],
  );
  return row ?? { registers: null, bank: null, recoveries: null };
}
