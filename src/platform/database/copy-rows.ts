import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { TxCtx } from '../context.types.ts';
import { AppError } from '../errors.ts';

const CHUNK_CHARACTERS = 64 * 1024;
const NAME = '[a-z_][a-z0-9_]*';
const TARGET = new RegExp(`^(${NAME}) ?\\(\\s*(${NAME}(?:\\s*,\\s*${NAME})*)\\s*\\)$`);

export type CopyRow = readonly (string | number | bigint | boolean | null)[];

/**
 * Writes many rows with COPY on the transaction's own connection, and returns how many. `target` names the table and its
 * columns: `payment_lines (agency_id, file_id, line_number)`. Values are PostgreSQL's text forms (an array as `{"a","b"}`,
 * bytes as `\x0a`); null is null. It reads the rows no faster than the server takes them.
 *
 * PostgreSQL refuses COPY into a table with row-level security, so such rows go by a temporary table and one INSERT, which
 * the policies check.
 */
export async function copyRows(ctx: TxCtx, target: string, rows: AsyncIterable<CopyRow> | Iterable<CopyRow>): Promise<number> {
  const match = TARGET.exec(target.trim());
  if (!match) throw new Error('fault: COPY target must be table (columns)');
  const [table, columns] = [match[1] as string, match[2] as string];
  const [found] = await ctx.tx.query<{ is_scoped: boolean }[]>('select relrowsecurity as is_scoped from pg_class where oid = $1::regclass', [table]);
  if (!found?.is_scoped) return copyInto(ctx, `${table} (${columns})`, rows);
  const staging = `copy_${randomBytes(6).toString('hex')}`;
  await ctx.tx.query(`create temporary table ${staging} on commit drop as select ${columns} from ${table} with no data`);
  const count = await copyInto(ctx, `${staging} (${columns})`, rows);
  await ctx.tx.query(`insert into ${table} (${columns}) select ${columns} from ${staging}`);
  await ctx.tx.query(`drop table ${staging}`);
  return count;
}

async function copyInto(ctx: TxCtx, target: string, rows: AsyncIterable<CopyRow> | Iterable<CopyRow>): Promise<number> {
  const runner = ctx.tx.queryRunner;
  if (!runner) throw new Error('fault: COPY outside of a transaction');
  const client = (await runner.connect()) as PoolClient;
  let count = 0;
  let chunk = '';
  const add = (row: CopyRow): boolean => {
    count++;
    for (let i = 0; i < row.length; i++) chunk += i === 0 ? cell(row[i] as CopyRow[number]) : `\t${cell(row[i] as CopyRow[number])}`;
    chunk += '\n';
    return chunk.length >= CHUNK_CHARACTERS;
  };
  const taken = (): string => {
    const full = chunk;
    chunk = '';
    return full;
  };
  // Rows that are there need no waiting for each: that costs more than writing it.
  function* text(ready: Iterable<CopyRow>): Generator<string> {
    for (const row of ready) if (add(row)) yield taken();
    if (chunk !== '') yield taken();
  }
  async function* textInTime(awaited: AsyncIterable<CopyRow>): AsyncGenerator<string> {
    for await (const row of awaited) if (add(row)) yield taken();
    if (chunk !== '') yield taken();
  }
  const source = Symbol.asyncIterator in rows ? textInTime(rows) : text(rows);
  await pipeline(Readable.from(source, { objectMode: true, highWaterMark: 2 }), client.query(copyFrom(`copy ${target} from stdin`)));
  return count;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function cell(value: CopyRow[number]): string {
  if (value === null) return '\\N';
  if (typeof value !== 'string') return String(value);
  if (value.includes('\0')) throw new AppError('invalid', 'text.nul_character');
  return /[\\\n\r\t]/.test(value) ? value.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? character) : value;
}
