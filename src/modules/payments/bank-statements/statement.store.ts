import type { TxCtx } from '../../../platform/context.ts';
import { copyRows } from '../../../platform/database/index.ts';
import type { BankSource, BankStatement } from '../formats/bank-entry.rules.ts';
import type { KnownStatement, StatementFinding } from './continuity.rules.ts';

export interface StatementToKeep {
  statement: BankStatement;
  entryCount: number;
  /** Hexadecimal. */
  digest: string;
}

export async function insertStatements(ctx: TxCtx, file: { fileId: string; source: BankSource }, statements: readonly StatementToKeep[]): Promise<void> {
  await copyRows(ctx,
    'bank_statements (agency_id, file_id, statement_number, line, source, account, currency, statement_id, sequence, page, from_on, to_on, opening_minor, closing_minor, is_copy, entry_count, content_digest)',
    statements.map(({ statement: s, entryCount, digest }, at) => [
      ctx.actor.agency, file.fileId, at + 1, s.line, file.source, s.account, s.currency, s.statementId, s.sequence, s.page, s.from, s.to, s.opening, s.closing, s.isCopy, entryCount, `\\x${digest}`]));
}

type Row = Omit<KnownStatement, 'sequence' | 'opening' | 'closing'> & { sequence: string | null; opening: string | null; closing: string | null };

export async function selectStatements(ctx: TxCtx, source: BankSource, account: string): Promise<KnownStatement[]> {
  const rows = await ctx.tx.query<Row[]>(
    `select s.file_id as "fileId", f.file_name as "fileName", s.statement_number as number, s.line, s.source, s.account, s.currency, s.statement_id as "statementId", s.sequence, s.page,
            s.from_on::text as "from", s.to_on::text as "to", s.opening_minor as opening, s.closing_minor as closing, s.is_copy as "isCopy", encode(s.content_digest, 'hex') as digest
       from bank_statements s join received_files f on f.agency_id = s.agency_id and f.file_id = s.file_id
      where s.agency_id = $1 and s.source = $2 and s.account = $3`,
    [ctx.actor.agency, source, account],
  );
  const minor = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
  return rows.map((row) => ({ ...row, sequence: row.sequence === null ? null : Number(row.sequence), opening: minor(row.opening), closing: minor(row.closing) }));
}

/** Makes what is kept of an account agree with what holds now: new findings are added, those that no longer hold are resolved by this file. */
export async function keepFindings(ctx: TxCtx, by: { fileId: string; source: BankSource; account: string }, found: readonly StatementFinding[]): Promise<void> {
  const rows = JSON.stringify(found);
  const now = ctx.clock.now();
  await ctx.tx.query(
    `update bank_statement_findings k set resolved_at = $5, resolved_by = $4
      where k.agency_id = $1 and k.source = $2 and k.account = $3 and k.resolved_at is null
        and not exists (select from jsonb_to_recordset($6::jsonb) as f ("fileId" text, number int, code text, peer text)
                         where (f."fileId", f.number, f.code, f.peer) = (k.file_id, k.statement_number, k.code, k.peer))`,
    [ctx.actor.agency, by.source, by.account, by.fileId, now, rows],
  );
  await ctx.tx.query(
    `insert into bank_statement_findings (agency_id, file_id, statement_number, code, peer, source, account, severity, line, params, found_at)
     select $1, f."fileId", f.number, f.code, f.peer, $2, $3, f.severity, f.line, f.params, $4
       from jsonb_to_recordset($5::jsonb) as f ("fileId" text, number int, code text, peer text, severity text, line int, params jsonb)
      where not exists (select from bank_statement_findings k where k.agency_id = $1 and k.resolved_at is null
                           and (k.file_id, k.statement_number, k.code, k.peer) = (f."fileId", f.number, f.code, f.peer))`,
    [ctx.actor.agency, by.source, by.account, now, rows],
  );
}

export interface StatementGap {
  fileId: string;
  fileName: string;
  line: number;
  source: BankSource;
  code: StatementFinding['code'];
  severity: 'warn' | 'info';
  params: Record<string, string | number>;
  from: string | null;
  to: string | null;
  foundAt: Date;
}

/** What is open now, oldest period first. */
export async function selectOpenFindings(ctx: TxCtx, limit: number): Promise<StatementGap[]> {
  return ctx.tx.query<StatementGap[]>(
    `select k.file_id as "fileId", f.file_name as "fileName", k.line, k.source, k.code, k.severity, k.params, s.from_on::text as "from", s.to_on::text as "to", k.found_at as "foundAt"
       from bank_statement_findings k
       join received_files f on f.agency_id = k.agency_id and f.file_id = k.file_id
       join bank_statements s on s.agency_id = k.agency_id and s.file_id = k.file_id and s.statement_number = k.statement_number
      where k.agency_id = $1 and k.resolved_at is null and k.severity = 'warn'
      order by s.to_on nulls first, f.imported_seq, k.statement_number, k.code limit $2`,
    [ctx.actor.agency, limit],
  );
}
