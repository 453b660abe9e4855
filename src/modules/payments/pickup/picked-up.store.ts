import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import type { Param } from '../../../platform/errors.ts';
import { byName } from '../../../platform/list-order.ts';
import { orderBy } from '../../../platform/order-by.ts';
import type { Order } from '../../../platform/order-by.ts';
import type { Arrival } from './pickup.rules.ts';

/**
 * One worker at a folder: a lock of the session, which ends with the process, however that ends. Whoever finds it taken goes on to the
 * next folder: null.
 */
export async function whileClaimed<T>(ctx: Ctx, pickupId: string, work: () => Promise<T>): Promise<T | null> {
  const runner: QueryRunner = ctx.db.dataSource.createQueryRunner();
  const key = createHash('sha256').update(`pickup:${ctx.actor.agency}:${pickupId}`).digest().readBigInt64BE(0).toString();
  try {
    const [row] = (await runner.query('select pg_try_advisory_lock($1::bigint) as is_mine', [key])) as { is_mine: boolean }[];
    if (!row?.is_mine) return null;
    try {
      return await work();
    } finally {
      await runner.query('select pg_advisory_unlock($1::bigint)', [key]);
    }
  } finally {
    await runner.release();
  }
}

export const PICKED_STATES = ['taken', 'imported', 'repeated', 'refused'] as const;
export type PickedState = (typeof PICKED_STATES)[number];

export interface PickedRow {
  readonly pickedUpId: string;
  readonly pickupId: string;
  readonly partnerId: string | null;
  readonly fileName: string;
  readonly byteCount: number;
  readonly state: PickedState;
  readonly takenAt: Date;
  readonly settledAt: Date | null;
  readonly sha256: string | null;
  readonly fileKind: string | null;
  readonly lineCount: number | null;
  readonly needsPerson: boolean | null;
  readonly refusal: string | null;
  readonly params: Readonly<Record<string, Param>>;
}

const COLUMNS = `picked_up_id as "pickedUpId", pickup_id as "pickupId", partner_id as "partnerId", file_name as "fileName", byte_count::float8 as "byteCount", state, taken_at as "takenAt",
  settled_at as "settledAt", sha256, file_kind as "fileKind", line_count as "lineCount", needs_person as "needsPerson", refusal, params`;

/** Notes that a file was taken, unless that is known; either way what is known of it. */
export async function notePicked(ctx: TxCtx, file: { pickedUpId: string; pickupId: string; partnerId: string | null; fileName: string; byteCount: number }): Promise<PickedRow> {
  await ctx.tx.query(
    `insert into picked_up_files (agency_id, picked_up_id, pickup_id, partner_id, file_name, byte_count, state, taken_at) values ($1, $2, $3, $4, $5, $6, 'taken', $7)
     on conflict do nothing`,
    [ctx.actor.agency, file.pickedUpId, file.pickupId, file.partnerId, file.fileName, file.byteCount, ctx.clock.now()],
  );
  const [row] = await ctx.tx.query<PickedRow[]>(`select ${COLUMNS} from picked_up_files where agency_id = $1 and picked_up_id = $2`, [ctx.actor.agency, file.pickedUpId]);
  return row as PickedRow;
}

export interface Settlement {
  readonly state: 'imported' | 'repeated' | 'refused';
  readonly fileId: string | null;
  readonly sha256: string | null;
  readonly fileKind: string | null;
  readonly lineCount: number | null;
  readonly needsPerson: boolean;
  readonly refusal: string | null;
  readonly params: Readonly<Record<string, Param>>;
}

export async function settlePicked(ctx: TxCtx, pickedUpId: string, s: Settlement): Promise<void> {
  await ctx.tx.query(
    `update picked_up_files set state = $3, settled_at = $4, file_id = $5, sha256 = $6, file_kind = $7, line_count = $8, needs_person = $9, refusal = $10, params = $11
      where agency_id = $1 and picked_up_id = $2 and state = 'taken'`,
    [ctx.actor.agency, pickedUpId, s.state, ctx.clock.now(), s.fileId, s.sha256, s.fileKind, s.lineCount, s.needsPerson, s.refusal, JSON.stringify(s.params)],
  );
}

/** The import of these bytes, and whether it was this pick-up's own doing before its worker was killed: it came after the taking, and no other pick-up claims it. */
export async function importOf(ctx: TxCtx, file: { pickedUpId: string; takenAt: Date; partnerId: string | null; sha256: string }): Promise<{ fileId: string; isOwn: boolean } | null> {
  const [row] = await ctx.tx.query<{ file_id: string; is_own: boolean }[]>(
    `select f.file_id, f.imported_at >= $4::timestamptz and not exists (select from picked_up_files p
              where p.agency_id = $1 and p.sha256 = $3 and p.state = 'imported' and p.partner_id is not distinct from $2 and p.picked_up_id <> $5) as is_own
       from received_files f where f.agency_id = $1 and f.partner_id is not distinct from $2 and f.sha256 = $3 order by f.imported_seq limit 1`,
    [ctx.actor.agency, file.partnerId, file.sha256, file.takenAt, file.pickedUpId],
  );
  return row ? { fileId: row.file_id, isOwn: row.is_own } : null;
}

export const PICKED_SORTS = ['taken', 'file', 'folder', 'state', 'lines'] as const;
export type PickedOrder = Order<(typeof PICKED_SORTS)[number]>;
const PICKED_BY = { taken: ['taken_at'], file: [byName('file_name')], folder: ['pickup_id', 'taken_at'], state: ['state', 'taken_at'], lines: ['line_count'] } as const;

export async function selectPicked(ctx: TxCtx, wanted: { state: PickedState | null; pickupId: string | null; order: PickedOrder; limit: number; offset: number }): Promise<{ files: PickedRow[]; total: number }> {
  const rows = await ctx.tx.query<(PickedRow & { total: number })[]>(
    `select ${COLUMNS}, count(*) over ()::int as total from picked_up_files where agency_id = $1 and ($2::text is null or state = $2) and ($3::text is null or pickup_id = $3)
      order by ${orderBy(PICKED_BY, wanted.order, ['picked_up_id desc'])} limit $4 offset $5`,
    [ctx.actor.agency, wanted.state, wanted.pickupId, wanted.limit, wanted.offset],
  );
  return { total: rows[0]?.total ?? 0, files: rows.map(({ total: _, ...row }) => row) };
}

const KINDS = { payments: ['forwarding', 'remittance'], bank: ['bank'], disbursements: ['disbursements'] } as const;

/** Files that count as having come for a folder, whoever took them in: picked up there, or imported by hand. */
export async function selectArrivals(ctx: TxCtx, folder: { pickupId: string; takes: keyof typeof KINDS; partnerId: string | null }, since: Date): Promise<Arrival[]> {
  return ctx.tx.query<Arrival[]>(
    `select f.file_id as "fileId", f.imported_at as at from received_files f
      where f.agency_id = $1 and f.kind = any ($2::text[]) and f.partner_id is not distinct from $3 and f.imported_at >= $4
        and not exists (select from picked_up_files p where p.agency_id = $1 and p.file_id = f.file_id and p.pickup_id <> $5)
      order by f.imported_at`,
    [ctx.actor.agency, KINDS[folder.takes], folder.takes === 'payments' ? folder.partnerId : null, since, folder.pickupId],
  );
}
