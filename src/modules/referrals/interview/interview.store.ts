import type { TxCtx } from '../../../platform/context.ts';

/** One version of an interview as its row holds it. */
export interface InterviewRow {
  readonly version: number;
  readonly language: string;
  readonly body: Buffer;
  readonly recordedAt: Date;
  readonly recordedBy: string;
}

/** A version of a referral's interview, or the newest; null where none was recorded. */
export async function findInterview(ctx: TxCtx, referralId: string, version: number | null): Promise<InterviewRow | null> {
  const rows = await ctx.tx.query<InterviewRow[]>(
    `select version, language, body_encrypted as body, recorded_at as "recordedAt", recorded_by as "recordedBy" from referral_interviews
      where agency_id = $1 and referral_id = $2 and ($3::int is null or version = $3) order by version desc limit 1`, [ctx.actor.agency, referralId, version]);
  return rows[0] ?? null;
}

/** Adds a version; the caller holds the referral's row, so that versions follow one another. */
export async function insertInterview(ctx: TxCtx, referral: { readonly referralId: string; readonly county: string }, row: Pick<InterviewRow, 'version' | 'language' | 'body'>): Promise<void> {
  await ctx.tx.query(
    `insert into referral_interviews (agency_id, referral_id, version, county, language, body_encrypted, recorded_at, recorded_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [ctx.actor.agency, referral.referralId, row.version, referral.county, row.language, row.body, ctx.clock.now(), ctx.actor.id]);
}
