import { createHash } from 'node:crypto';
import type { TxCtx } from '../../../platform/context.ts';
import type { AnswerFacts } from './answer.rules.ts';

/** What was answered: figures and codes, or a text in English and in the language of the person. */
export type AnswerContent =
  | { readonly kind: 'facts'; readonly facts: AnswerFacts; readonly language: string }
  | { readonly kind: 'text'; readonly texts: Readonly<Record<string, string>> };

export interface AnswerRow {
  readonly position: number;
  readonly content: AnswerContent;
  readonly sha256: string;
  readonly answeredAt: Date;
  readonly answeredBy: string;
}

const aadOf = (ctx: TxCtx, inquiryId: string, position: number): string => `inquiry_answers:${ctx.actor.agency}:${inquiryId}:${position}`;

/** @returns the digest of what was answered. */
export async function insertAnswer(ctx: TxCtx, inquiry: { inquiryId: string; partnerId: string; county: string | null }, content: AnswerContent): Promise<string> {
  const [counted] = await ctx.tx.query<{ next: number }[]>('select coalesce(max(position), 0)::int + 1 as next from inquiry_answers where agency_id = $1 and inquiry_id = $2', [ctx.actor.agency, inquiry.inquiryId]);
  const position = counted?.next ?? 1;
  const text = JSON.stringify(content);
  const sha256 = createHash('sha256').update(text).digest('hex');
  await ctx.tx.query(
    `insert into inquiry_answers (agency_id, inquiry_id, position, partner_id, county, kind, content_encrypted, sha256, answered_at, answered_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [ctx.actor.agency, inquiry.inquiryId, position, inquiry.partnerId, inquiry.county, content.kind, ctx.keys.encrypt(text, aadOf(ctx, inquiry.inquiryId, position)), sha256, ctx.clock.now(), ctx.actor.id],
  );
  return sha256;
}

export async function selectAnswers(ctx: TxCtx, inquiryId: string): Promise<AnswerRow[]> {
  const rows = await ctx.tx.query<(Omit<AnswerRow, 'content'> & { sealed: Buffer })[]>(
    `select position, content_encrypted as sealed, sha256, answered_at as "answeredAt", answered_by as "answeredBy" from inquiry_answers where agency_id = $1 and inquiry_id = $2 order by position`,
    [ctx.actor.agency, inquiryId]);
  return rows.map(({ sealed, ...row }) => ({ ...row, content: JSON.parse(ctx.keys.decrypt(sealed, aadOf(ctx, inquiryId, row.position)).toString('utf8')) as AnswerContent }));
}

// --- what the agency does about it ------------------------------------------------------------------------------------

export interface WorkRow {
  readonly county: string | null;
  readonly caseId: string | null;
  readonly referralId: string | null;
  readonly reasons: readonly string[];
  readonly draft: Readonly<Record<string, string>> | null;
  readonly draftedBy: string | null;
  readonly draftedAt: Date | null;
}

export type WorkChange = Partial<Pick<WorkRow, 'county' | 'caseId' | 'referralId' | 'reasons' | 'draft'>>;

const draftAad = (ctx: TxCtx, inquiryId: string): string => `inquiry_work:${ctx.actor.agency}:${inquiryId}`;

export async function findWork(ctx: TxCtx, inquiryId: string): Promise<WorkRow | null> {
  const [row] = await ctx.tx.query<(Omit<WorkRow, 'draft'> & { sealed: Buffer | null })[]>(
    `select county, case_id as "caseId", referral_id as "referralId", reasons, draft_encrypted as sealed, drafted_by as "draftedBy", drafted_at as "draftedAt"
       from inquiry_work where agency_id = $1 and inquiry_id = $2`, [ctx.actor.agency, inquiryId]);
  if (!row) return null;
  const { sealed, ...rest } = row;
  return { ...rest, draft: sealed === null ? null : JSON.parse(ctx.keys.decrypt(sealed, draftAad(ctx, inquiryId)).toString('utf8')) as Record<string, string> };
}

/** Writes what is new; what is not named stays. */
export async function putWork(ctx: TxCtx, inquiryId: string, change: WorkChange): Promise<void> {
  const before = await findWork(ctx, inquiryId);
  const now = { county: null, caseId: null, referralId: null, reasons: [], draft: null, ...before, ...change };
  const isDrafted = change.draft !== undefined;
  await ctx.tx.query(
    `insert into inquiry_work (agency_id, inquiry_id, county, case_id, referral_id, reasons, draft_encrypted, drafted_by, drafted_at, changed_at, changed_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (agency_id, inquiry_id) do update set county = excluded.county, case_id = excluded.case_id, referral_id = excluded.referral_id, reasons = excluded.reasons,
       draft_encrypted = excluded.draft_encrypted, drafted_by = excluded.drafted_by, drafted_at = excluded.drafted_at, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
    [ctx.actor.agency, inquiryId, now.county, now.caseId, now.referralId, JSON.stringify(now.reasons),
      now.draft === null ? null : ctx.keys.encrypt(JSON.stringify(now.draft), draftAad(ctx, inquiryId)),
      now.draft === null ? null : isDrafted ? ctx.actor.id : before?.draftedBy ?? null, now.draft === null ? null : isDrafted ? ctx.clock.now() : before?.draftedAt ?? null, ctx.clock.now(), ctx.actor.id],
  );
}
