import type { TxCtx } from '../../../platform/context.ts';

/** What somebody of an office has typed so far, as the form has it; nothing of it is checked. */
export interface DraftContent {
  readonly values: Readonly<Record<string, string>>;
  readonly services: readonly string[];
}

/** An application that an office has begun. */
export interface ApplicationDraft {
  readonly draftId: string;
  readonly partnerId: string;
  readonly content: DraftContent;
  readonly begunAt: Date;
  /** What the person is called who began it, and who saved it last. */
  readonly begunBy: string;
  readonly savedAt: Date;
  readonly savedBy: string;
  readonly revision: number;
  readonly expiresAt: Date;
}

interface Sealed {
  readonly content: DraftContent;
  readonly begunBy: string;
  readonly savedBy: string;
}

type Kept = Omit<ApplicationDraft, 'content' | 'begunBy' | 'savedBy'> & { readonly sealed: Buffer };

const COLUMNS = `draft_id as "draftId", partner_id as "partnerId", content_encrypted as sealed, begun_at as "begunAt", saved_at as "savedAt", revision, expires_at as "expiresAt"`;

const aadOf = (ctx: TxCtx, partnerId: string, draftId: string): string => `application_drafts:${ctx.actor.agency}:${partnerId}:${draftId}`;
const sealed = (ctx: TxCtx, { partnerId, draftId, content, begunBy, savedBy }: Pick<ApplicationDraft, 'partnerId' | 'draftId' | 'content' | 'begunBy' | 'savedBy'>): Buffer =>
  ctx.keys.encrypt(JSON.stringify({ content, begunBy, savedBy } satisfies Sealed), aadOf(ctx, partnerId, draftId));

function opened(ctx: TxCtx, { sealed: bytes, ...row }: Kept): ApplicationDraft {
  return { ...row, ...(JSON.parse(ctx.keys.decrypt(bytes, aadOf(ctx, row.partnerId, row.draftId)).toString('utf8')) as Sealed) };
}

/** False where there is one of this id already. */
export async function insertDraft(ctx: TxCtx, draft: Omit<ApplicationDraft, 'begunAt' | 'savedAt' | 'revision'>): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>(
    `insert into application_drafts (agency_id, draft_id, partner_id, content_encrypted, begun_at, begun_by, saved_at, saved_by, revision, expires_at)
     values ($1, $2, $3, $4, $5, $6, $5, $6, 1, $7) on conflict (agency_id, draft_id) do nothing returning draft_id`,
    [ctx.actor.agency, draft.draftId, draft.partnerId, sealed(ctx, draft), ctx.clock.now(), ctx.actor.id, draft.expiresAt]);
  return rows.length === 1;
}

/** False where somebody saved it since that revision. */
export async function updateDraft(ctx: TxCtx, draft: Pick<ApplicationDraft, 'partnerId' | 'draftId' | 'content' | 'begunBy' | 'savedBy' | 'revision' | 'expiresAt'>): Promise<boolean> {
  const rows = await ctx.tx.query<[unknown[], number]>(
    `update application_drafts set content_encrypted = $5, saved_at = $6, saved_by = $7, revision = revision + 1, expires_at = $8
      where agency_id = $1 and partner_id = $2 and draft_id = $3 and revision = $4 and application_id is null returning draft_id`,
    [ctx.actor.agency, draft.partnerId, draft.draftId, draft.revision, sealed(ctx, draft), ctx.clock.now(), ctx.actor.id, draft.expiresAt]);
  return rows[0].length === 1;
}

export async function findDraft(ctx: TxCtx, partnerId: string, draftId: string): Promise<ApplicationDraft | null> {
  const rows = await ctx.tx.query<Kept[]>(
    `select ${COLUMNS} from application_drafts where agency_id = $1 and partner_id = $2 and draft_id = $3 and application_id is null and expires_at > $4`, [ctx.actor.agency, partnerId, draftId, ctx.clock.now()]);
  return rows[0] ? opened(ctx, rows[0]) : null;
}

/** An office's own, the last saved first. */
export async function selectDrafts(ctx: TxCtx, partnerId: string, limit: number): Promise<ApplicationDraft[]> {
  const rows = await ctx.tx.query<Kept[]>(
    `select ${COLUMNS} from application_drafts where agency_id = $1 and partner_id = $2 and application_id is null and expires_at > $3 order by saved_at desc, draft_id limit $4`, [ctx.actor.agency, partnerId, ctx.clock.now(), limit]);
  return rows.map((row) => opened(ctx, row));
}

export async function countDrafts(ctx: TxCtx, partnerId: string): Promise<number> {
  const [row] = await ctx.tx.query<{ count: number }[]>('select count(*)::int as count from application_drafts where agency_id = $1 and partner_id = $2 and application_id is null and expires_at > $3', [ctx.actor.agency, partnerId, ctx.clock.now()]);
  return row?.count ?? 0;
}

/** What a draft was filed as; null where it was not. */
export async function findFiledAs(ctx: TxCtx, partnerId: string, draftId: string): Promise<string | null> {
  const rows = await ctx.tx.query<{ id: string | null }[]>('select application_id as id from application_drafts where agency_id = $1 and partner_id = $2 and draft_id = $3', [ctx.actor.agency, partnerId, draftId]);
  return rows[0]?.id ?? null;
}

/** It was filed: nothing is left of it but where it went. False where there is none, or somebody saved it since that revision. */
export async function setFiled(ctx: TxCtx, { partnerId, draftId, revision }: Pick<ApplicationDraft, 'partnerId' | 'draftId' | 'revision'>, applicationId: string): Promise<boolean> {
  const rows = await ctx.tx.query<[unknown[], number]>(
    `update application_drafts set content_encrypted = null, application_id = $5
      where agency_id = $1 and partner_id = $2 and draft_id = $3 and revision = $4 and application_id is null returning draft_id`, [ctx.actor.agency, partnerId, draftId, revision, applicationId]);
  return rows[0].length === 1;
}

/** False where somebody saved it since that revision. */
export async function deleteDraft(ctx: TxCtx, { partnerId, draftId, revision }: Pick<ApplicationDraft, 'partnerId' | 'draftId' | 'revision'>): Promise<boolean> {
  const rows = await ctx.tx.query<[unknown[], number]>(
    'delete from application_drafts where agency_id = $1 and partner_id = $2 and draft_id = $3 and revision = $4 and application_id is null returning draft_id', [ctx.actor.agency, partnerId, draftId, revision]);
  return rows[0].length === 1;
}

export async function deleteEndedDrafts(ctx: TxCtx): Promise<void> {
  await ctx.tx.query('delete from application_drafts where agency_id = $1 and expires_at <= $2', [ctx.actor.agency, ctx.clock.now()]);
}
