import type { TxCtx } from '../../../platform/context.ts';

/** What can be changed here although it comes as files. */
export type KitKind = 'partner' | 'term';

export interface KitVersion {
  readonly kind: KitKind;
  readonly key: string;
  readonly version: number;
  /** null: what the files say holds again. */
  readonly content: unknown;
  readonly reason: Buffer | null;
  readonly preparedBy: readonly string[];
  readonly savedAt: Date;
  readonly savedBy: string;
}

export interface KitDraft {
  readonly key: string;
  readonly basedOn: number;
  readonly revision: number;
  readonly content: unknown;
  readonly preparedBy: readonly string[];
  readonly changedAt: Date;
}

const COLUMNS = 'kind, key, version, content, reason, prepared_by as "preparedBy", saved_at as "savedAt", saved_by as "savedBy"';

/** Grows with each version and with nothing else: whoever remembers it knows whether there is something new. */
export async function selectStamp(ctx: TxCtx): Promise<number> {
  const [row] = await ctx.tx.query<{ stamp: number }[]>('select count(*)::int as stamp from kit_versions where agency_id = $1', [ctx.actor.agency]);
  return row?.stamp ?? 0;
}

/** The newest version of each key. */
export async function selectNewest(ctx: TxCtx): Promise<KitVersion[]> {
  return ctx.tx.query<KitVersion[]>(`select distinct on (kind, key) ${COLUMNS} from kit_versions where agency_id = $1 order by kind, key, version desc`, [ctx.actor.agency]);
}

/** The newest first. */
export async function selectVersionsOf(ctx: TxCtx, kind: KitKind, key: string, countMax: number): Promise<KitVersion[]> {
  return ctx.tx.query<KitVersion[]>(`select ${COLUMNS} from kit_versions where agency_id = $1 and kind = $2 and key = $3 order by version desc limit $4`, [ctx.actor.agency, kind, key, countMax]);
}

export async function selectVersion(ctx: TxCtx, kind: KitKind, key: string, version: number): Promise<KitVersion | null> {
  const [row] = await ctx.tx.query<KitVersion[]>(`select ${COLUMNS} from kit_versions where agency_id = $1 and kind = $2 and key = $3 and version = $4`, [ctx.actor.agency, kind, key, version]);
  return row ?? null;
}

export async function newestVersion(ctx: TxCtx, kind: KitKind, key: string): Promise<number> {
  const [row] = await ctx.tx.query<{ version: number }[]>('select coalesce(max(version), 0)::int as version from kit_versions where agency_id = $1 and kind = $2 and key = $3', [ctx.actor.agency, kind, key]);
  return row?.version ?? 0;
}

/** One at a time, so that two people do not make the same version. */
export async function lockKit(ctx: TxCtx, kind: KitKind, key: string): Promise<void> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 6406))', [`kits:${ctx.actor.agency}:${kind}:${key}`]);
}

export async function insertVersion(ctx: TxCtx, version: Omit<KitVersion, 'savedAt' | 'savedBy'>): Promise<void> {
  await ctx.tx.query(
    'insert into kit_versions (agency_id, kind, key, version, content, reason, prepared_by, saved_at, saved_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [ctx.actor.agency, version.kind, version.key, version.version, version.content === null ? null : JSON.stringify(version.content), version.reason, version.preparedBy, ctx.clock.now(), ctx.actor.id],
  );
}

const DRAFT = 'key, based_on as "basedOn", revision, content, prepared_by as "preparedBy", changed_at as "changedAt"';

export async function selectDrafts(ctx: TxCtx): Promise<KitDraft[]> {
  return ctx.tx.query<KitDraft[]>(`select ${DRAFT} from kit_drafts where agency_id = $1 and kind = 'partner' order by key`, [ctx.actor.agency]);
}

export async function selectDraft(ctx: TxCtx, key: string): Promise<KitDraft | null> {
  const [row] = await ctx.tx.query<KitDraft[]>(`select ${DRAFT} from kit_drafts where agency_id = $1 and kind = 'partner' and key = $2`, [ctx.actor.agency, key]);
  return row ?? null;
}

export async function putDraft(ctx: TxCtx, draft: Omit<KitDraft, 'changedAt'>): Promise<void> {
  await ctx.tx.query(
    `insert into kit_drafts (agency_id, kind, key, based_on, revision, content, prepared_by, changed_at) values ($1, 'partner', $2, $3, $4, $5, $6, $7)
     on conflict (agency_id, kind, key) do update set based_on = excluded.based_on, revision = excluded.revision, content = excluded.content, prepared_by = excluded.prepared_by, changed_at = excluded.changed_at`,
    [ctx.actor.agency, draft.key, draft.basedOn, draft.revision, JSON.stringify(draft.content), draft.preparedBy, ctx.clock.now()],
  );
}

export async function deleteDraft(ctx: TxCtx, key: string): Promise<boolean> {
  const [, count] = await ctx.tx.query<[unknown, number]>("delete from kit_drafts where agency_id = $1 and kind = 'partner' and key = $2", [ctx.actor.agency, key]);
  return count > 0;
}
