import type { TxCtx } from '../../../platform/context.ts';

/** A translated sentence as it is kept. */
export interface SentenceRow {
  readonly key: string;
  readonly targetEncrypted: Buffer;
  readonly revision: number;
  readonly savedBy: string;
  readonly savedAt: Date;
}

export async function selectSentences(ctx: TxCtx, textId: string): Promise<SentenceRow[]> {
  return ctx.tx.query<SentenceRow[]>(
    `select sentence_key as key, target_encrypted as "targetEncrypted", revision, saved_by as "savedBy", saved_at as "savedAt"
       from translated_sentences where agency_id = $1 and text_id = $2`,
    [ctx.actor.agency, textId],
  );
}

/** Keeps a sentence; the caller holds the text's lock and has compared the revision. */
export async function upsertSentence(ctx: TxCtx, at: { textId: string; county: string }, one: { key: string; target: Buffer; origin: 'typed' | 'imported' }): Promise<void> {
  await ctx.tx.query(
    `insert into translated_sentences (agency_id, text_id, sentence_key, county, target_encrypted, is_current, revision, origin, saved_at, saved_by)
     values ($1, $2, $3, $4, $5, true, 1, $6, $7, $8)
     on conflict (agency_id, text_id, sentence_key) do update set target_encrypted = excluded.target_encrypted, is_current = true,
       revision = translated_sentences.revision + 1, origin = excluded.origin, saved_at = excluded.saved_at, saved_by = excluded.saved_by`,
    [ctx.actor.agency, at.textId, one.key, at.county, one.target, one.origin, ctx.clock.now(), ctx.actor.id],
  );
}

export async function deleteSentence(ctx: TxCtx, textId: string, key: string): Promise<void> {
  await ctx.tx.query('delete from translated_sentences where agency_id = $1 and text_id = $2 and sentence_key = $3', [ctx.actor.agency, textId, key]);
}

/** Sentences that the text has no more rest until it has them again, or until it is approved without them. */
export async function markCurrent(ctx: TxCtx, textId: string, keys: readonly string[]): Promise<void> {
  await ctx.tx.query(
    `update translated_sentences set is_current = (sentence_key = any ($3)) where agency_id = $1 and text_id = $2 and is_current <> (sentence_key = any ($3))`,
    [ctx.actor.agency, textId, keys],
  );
}

export async function deleteResting(ctx: TxCtx, textId: string): Promise<void> {
  await ctx.tx.query('delete from translated_sentences where agency_id = $1 and text_id = $2 and not is_current', [ctx.actor.agency, textId]);
}

/** What was approved, as it was. */
export interface ApprovalRow {
  readonly textId: string;
  readonly position: number;
  readonly sourceDigest: Buffer;
  readonly bodyEncrypted: Buffer;
  readonly translatorName: string;
  readonly qualification: string;
  readonly translatedOn: string;
  readonly approvedAt: Date;
  readonly approvedBy: string;
}

/** The newest approval of each of a referral's texts. */
export async function selectApprovals(ctx: TxCtx, referralId: string): Promise<ApprovalRow[]> {
  return ctx.tx.query<ApprovalRow[]>(
    `select distinct on (a.text_id) a.text_id as "textId", a.position, a.source_digest as "sourceDigest", a.body_encrypted as "bodyEncrypted",
            a.translator_name as "translatorName", a.qualification, a.translated_on::text as "translatedOn", a.approved_at as "approvedAt", a.approved_by as "approvedBy"
       from translation_approvals a join referral_texts t on t.agency_id = a.agency_id and t.text_id = a.text_id
      where a.agency_id = $1 and t.referral_id = $2 order by a.text_id, a.position desc`,
    [ctx.actor.agency, referralId],
  );
}

export async function nextApproval(ctx: TxCtx, textId: string): Promise<number> {
  const rows = await ctx.tx.query<{ next: number }[]>(
    'select coalesce(max(position), 0)::int + 1 as next from translation_approvals where agency_id = $1 and text_id = $2', [ctx.actor.agency, textId]);
  return rows[0]?.next ?? 1;
}

export async function insertApproval(ctx: TxCtx, county: string, row: Omit<ApprovalRow, 'approvedAt' | 'approvedBy'>): Promise<void> {
  await ctx.tx.query(
    `insert into translation_approvals (agency_id, text_id, position, county, source_digest, body_encrypted, translator_name, qualification, translated_on, approved_at, approved_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [ctx.actor.agency, row.textId, row.position, county, row.sourceDigest, row.bodyEncrypted, row.translatorName, row.qualification, row.translatedOn, ctx.clock.now(), ctx.actor.id],
  );
}
