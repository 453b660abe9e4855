import type { TxCtx } from '../../platform/context.ts';
import type { Finding } from '../../platform/errors.ts';
import type { ReceivedBytes } from './read-file.ts';

export type ReceivedKind = 'disbursements' | 'forwarding' | 'remittance' | 'bank' | 'confirmations';

export interface NewReceivedFile {
  bytes: ReceivedBytes;
  kind: ReceivedKind;
  partnerId: string | null;
  encoding: string;
  dialect: unknown;
  lines: number;
  rejected: number;
  findings: readonly Finding[];
}

/** One import at a time for what can repeat each other: a partner's files of one kind, all bank files, all registers. */
export async function lockImports(ctx: TxCtx, kind: ReceivedKind, partnerId: string | null): Promise<void> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7163))', [`payments:${ctx.actor.agency}:${kind}:${partnerId ?? ''}`]);
}

/** One import at a time of the same bytes, whoever is said to have sent them. Taken after the sender's lock, never before. */
export async function lockBytes(ctx: TxCtx, sha256: string): Promise<void> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7163))', [`payments:${ctx.actor.agency}:bytes:${sha256}`]);
}

/** The other partner for whom the same bytes were imported. A list without lines is the same whoever sends it, and tells nothing. */
export async function findOtherSender(ctx: TxCtx, partnerId: string, sha256: string): Promise<string | null> {
  const rows = await ctx.tx.query<{ partner_id: string }[]>(
    `select partner_id from received_files
      where agency_id = $1 and kind in ('forwarding', 'remittance') and partner_id <> $2 and sha256 = $3 and lines > 0 order by imported_seq limit 1`,
    [ctx.actor.agency, partnerId, sha256],
  );
  return rows[0]?.partner_id ?? null;
}

/** The same bytes of the same sender, if they were imported before as one of these kinds. */
export async function findImported(ctx: TxCtx, kinds: readonly ReceivedKind[], partnerId: string | null, sha256: string): Promise<{ kind: ReceivedKind; lines: number } | null> {
  const rows = await ctx.tx.query<{ kind: ReceivedKind; lines: number }[]>(
    `select kind, lines from received_files
      where agency_id = $1 and kind = any($2) and partner_id is not distinct from $3 and sha256 = $4`,
    [ctx.actor.agency, kinds, partnerId, sha256],
  );
  return rows[0] ?? null;
}

/** Records a file and gives it its place in the order of imports. */
export async function insertReceivedFile(ctx: TxCtx, file: NewReceivedFile): Promise<string> {
  const rows = await ctx.tx.query<{ imported_seq: string }[]>(
    `insert into received_files (agency_id, file_id, kind, partner_id, file_name, sha256, byte_count, encoding, dialect, lines, rejected, findings, imported_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning imported_seq`,
    [ctx.actor.agency, file.bytes.fileId, file.kind, file.partnerId, file.bytes.fileName, file.bytes.sha256, file.bytes.byteCount, file.encoding,
      JSON.stringify(file.dialect), file.lines, file.rejected, JSON.stringify(file.findings), ctx.clock.now()],
  );
  return (rows[0] as { imported_seq: string }).imported_seq;
}

export interface ReceivedFile {
  fileId: string;
  kind: ReceivedKind;
  partnerId: string | null;
  fileName: string;
  sha256: string;
  byteCount: number;
  encoding: string;
  lines: number;
  rejected: number;
  findings: Finding[];
  importedAt: Date;
}

export async function selectReceivedFiles(ctx: TxCtx, wanted: { partnerId?: string; kind?: ReceivedKind; limit: number; offset: number }): Promise<{ files: ReceivedFile[]; total: number }> {
  const rows = await ctx.tx.query<(Record<string, never> & { total: string })[]>(
    `select file_id as "fileId", kind, partner_id as "partnerId", file_name as "fileName", sha256, byte_count as "byteCount", encoding, lines, rejected,
            findings, imported_at as "importedAt", count(*) over () as total
       from received_files
      where agency_id = $1 and ($2::text is null or partner_id = $2) and ($3::text is null or kind = $3)
      order by imported_seq desc limit $4 offset $5`,
    [ctx.actor.agency, wanted.partnerId ?? null, wanted.kind ?? null, wanted.limit, wanted.offset],
  );
  const files = rows.map(({ total: _, byteCount, ...row }) => ({ ...(row as unknown as ReceivedFile), byteCount: Number(byteCount) }));
  return { files, total: Number(rows[0]?.total ?? 0) };
}
