import type { TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import type { ColumnMapping } from '../formats/tables/mapping.rules.ts';
import type { PaymentKind } from '../formats/tables/payment-line.rules.ts';

export interface SavedMapping {
  partnerId: string;
  kind: PaymentKind;
  version: number;
  mapping: ColumnMapping;
  savedAt: Date;
  savedBy: string;
}

const SAVED = `partner_id as "partnerId", kind, version, mapping, saved_at as "savedAt", saved_by as "savedBy"`;

/** One at a time for a partner and kind, so that two clerks get two versions. */
export async function lockMappings(ctx: TxCtx, partnerId: string, kind: PaymentKind): Promise<void> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7163))', [`mappings:${ctx.actor.agency}:${partnerId}:${kind}`]);
}

/** The version in force, or the one asked for. */
export async function findMapping(ctx: TxCtx, partnerId: string, kind: PaymentKind, version: number | null = null): Promise<SavedMapping | null> {
  const rows = await ctx.tx.query<SavedMapping[]>(
    `select ${SAVED} from column_mappings where agency_id = $1 and partner_id = $2 and kind = $3 and ($4::int is null or version = $4) order by version desc limit 1`,
    [ctx.actor.agency, partnerId, kind, version],
  );
  return rows[0] ?? null;
}

/** The version in force and whether it says the same as another mapping; 0 where there is none. */
export async function versionInForce(ctx: TxCtx, partnerId: string, kind: PaymentKind, mapping: ColumnMapping): Promise<{ version: number; isSame: boolean }> {
  const rows = await ctx.tx.query<{ version: number; isSame: boolean }[]>(
    `select version, mapping = $4::jsonb as "isSame" from column_mappings where agency_id = $1 and partner_id = $2 and kind = $3 order by version desc limit 1`,
    [ctx.actor.agency, partnerId, kind, JSON.stringify(mapping)],
  );
  return rows[0] ?? { version: 0, isSame: false };
}

/** The mappings in force. */
export async function selectMappings(ctx: TxCtx, partnerId: string | null): Promise<SavedMapping[]> {
  return ctx.tx.query<SavedMapping[]>(
    `select distinct on (partner_id, kind) ${SAVED} from column_mappings where agency_id = $1 and ($2::text is null or partner_id = $2) order by partner_id, kind, version desc`,
    [ctx.actor.agency, partnerId],
  );
}

export async function insertMapping(ctx: TxCtx, { partnerId, kind, version, mapping }: Pick<SavedMapping, 'partnerId' | 'kind' | 'version' | 'mapping'>): Promise<void> {
  await ctx.tx.query('insert into column_mappings (agency_id, partner_id, kind, version, mapping, saved_at, saved_by) values ($1, $2, $3, $4, $5, $6, $7)',
    [ctx.actor.agency, partnerId, kind, version, JSON.stringify(mapping), ctx.clock.now(), ctx.actor.id]);
}

export interface UntoldList {
  fileId: string;
  partnerId: string;
  fileName: string;
  /** Which kind the list is most like; empty where that could not be told. */
  kind: string;
  findings: Finding[];
  refusedAt: Date;
}

export async function recordUntold(ctx: TxCtx, list: Omit<UntoldList, 'refusedAt'>): Promise<void> {
  await ctx.tx.query(
    `insert into untold_lists (agency_id, file_id, partner_id, file_name, kind, findings, refused_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (agency_id, file_id) do update set kind = excluded.kind, findings = excluded.findings, refused_at = excluded.refused_at`,
    [ctx.actor.agency, list.fileId, list.partnerId, list.fileName, list.kind, JSON.stringify(list.findings), ctx.clock.now()],
  );
}

const WAITING = `u.agency_id = $1 and not exists (select from received_files f where f.agency_id = u.agency_id and f.file_id = u.file_id)`;
const UNTOLD = `u.file_id as "fileId", u.partner_id as "partnerId", u.file_name as "fileName", u.kind, u.findings, u.refused_at as "refusedAt"`;

/** Lists that wait for somebody to say what their columns are, the newest first. */
export async function selectUntold(ctx: TxCtx, limit: number): Promise<UntoldList[]> {
  return ctx.tx.query<UntoldList[]>(`select ${UNTOLD} from untold_lists u where ${WAITING} order by u.refused_at desc, u.file_id limit $2`, [ctx.actor.agency, limit]);
}

/** A list that waits. One that was imported since does not. */
export async function findUntold(ctx: TxCtx, fileId: string): Promise<UntoldList | null> {
  const rows = await ctx.tx.query<UntoldList[]>(`select ${UNTOLD} from untold_lists u where ${WAITING} and u.file_id = $2`, [ctx.actor.agency, fileId]);
  return rows[0] ?? null;
}
