import type { TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import type { AttachmentDetails, AttachmentState, TranslationDecision, Translator } from './attachment.rules.ts';

interface StoredRow {
  readonly attachmentId: string;
  readonly referralId: string;
  readonly county: string;
  readonly position: number;
  readonly kind: string;
  readonly participantId: string | null;
  readonly language: string | null;
  readonly officialForm: string | null;
  readonly state: AttachmentState;
  readonly replaces: string | null;
  readonly fileId: string;
  readonly sha256: string;
  readonly byteCount: number;
  readonly findings: readonly Finding[];
  readonly mediaType: string | null;
  readonly pages: number | null;
  readonly copyFileId: string | null;
  readonly copySha256: string | null;
  readonly copyByteCount: number | null;
  readonly addedAt: Date;
  readonly addedBy: string;
}

/** An attachment with what was decided about it last. */
export interface AttachmentRow extends StoredRow, AttachmentDetails {
  readonly translation: TranslationDecision | null;
  readonly review: { readonly reviewedFor: readonly string[]; readonly by: string; readonly at: Date } | null;
}

export type NewAttachment = Omit<StoredRow, 'addedAt' | 'addedBy' | 'position'> & AttachmentDetails;

const COLUMNS = `a.attachment_id as "attachmentId", a.referral_id as "referralId", a.county, a.position, a.kind, a.participant_id as "participantId", a.language,
  a.official_form as "officialForm", a.details_encrypted as details, a.state, a.replaces, a.file_id as "fileId", a.sha256, a.byte_count::int as "byteCount",
  a.findings, a.media_type as "mediaType", a.pages, a.copy_file_id as "copyFileId", a.copy_sha256 as "copySha256", a.copy_byte_count::int as "copyByteCount",
  a.added_at as "addedAt", a.added_by as "addedBy"`;
const FROM = `referral_attachments a
  left join lateral (select * from referral_attachment_translations t where t.agency_id = a.agency_id and t.attachment_id = a.attachment_id
    order by t.position desc limit 1) t on true
  left join lateral (select * from referral_attachment_reviews r where r.agency_id = a.agency_id and r.attachment_id = a.attachment_id
    order by r.position desc limit 1) r on true`;
const DECIDED = `t.translated_by as "translatedBy", t.not_needed as "notNeeded", t.translator_encrypted as translator, t.position as "translationPosition",
  r.protected as "reviewedFor", r.reviewed_by as "reviewedBy", r.reviewed_at as "reviewedAt"`;

type QueriedRow = StoredRow & {
  readonly details: Buffer; readonly translatedBy: string | null; readonly notNeeded: string | null; readonly translator: Buffer | null; readonly translationPosition: number | null;
  readonly reviewedFor: readonly string[] | null; readonly reviewedBy: string | null; readonly reviewedAt: Date | null;
};

const aadOf = (ctx: TxCtx, attachmentId: string): string => `referral_attachments:${ctx.actor.agency}:${attachmentId}`;
const translatorAad = (ctx: TxCtx, attachmentId: string, position: number): string => `referral_attachment_translations:${ctx.actor.agency}:${attachmentId}:${position}`;

function opened(ctx: TxCtx, row: QueriedRow): AttachmentRow {
  const { details, translatedBy, notNeeded, translator, translationPosition, reviewedFor, reviewedBy, reviewedAt, ...stored } = row;
  const words = JSON.parse(ctx.keys.decrypt(details, aadOf(ctx, row.attachmentId)).toString('utf8')) as AttachmentDetails;
  const by = translatedBy !== null && translator !== null && translationPosition !== null
    ? { by: translatedBy, translator: JSON.parse(ctx.keys.decrypt(translator, translatorAad(ctx, row.attachmentId, translationPosition)).toString('utf8')) as Translator }
    : null;
  return {
    ...stored, ...words,
    translation: by ?? (notNeeded === null ? null : { notNeeded }),
    review: reviewedFor && reviewedBy !== null && reviewedAt ? { reviewedFor, by: reviewedBy, at: reviewedAt } : null,
  };
}

/** Every attachment that a referral has or had, in the order in which they came. */
export async function listAttachmentRows(ctx: TxCtx, referralId: string): Promise<AttachmentRow[]> {
  const rows = await ctx.tx.query<QueriedRow[]>(
    `select ${COLUMNS}, ${DECIDED} from ${FROM} where a.agency_id = $1 and a.referral_id = $2 order by a.position`, [ctx.actor.agency, referralId],
  );
  return rows.map((row) => opened(ctx, row));
}

export async function findAttachment(ctx: TxCtx, attachmentId: string): Promise<AttachmentRow | null> {
  const rows = await ctx.tx.query<QueriedRow[]>(
    `select ${COLUMNS}, ${DECIDED} from ${FROM} where a.agency_id = $1 and a.attachment_id = $2`, [ctx.actor.agency, attachmentId],
  );
  return rows[0] ? opened(ctx, rows[0]) : null;
}

/** The referral's row is locked by whoever calls, so that positions do not meet. @returns its position. */
export async function insertAttachment(ctx: TxCtx, added: NewAttachment): Promise<number> {
  const { title, fileName } = added;
  const details = ctx.keys.encrypt(JSON.stringify({ title, fileName }), aadOf(ctx, added.attachmentId));
  const [row] = await ctx.tx.query<{ position: number }[]>(
    `insert into referral_attachments (agency_id, attachment_id, referral_id, county, position, kind, participant_id, language, official_form, details_encrypted, state,
       replaces, file_id, sha256, byte_count, findings, media_type, pages, copy_file_id, copy_sha256, copy_byte_count, added_at, added_by)
     select $1, $2, $3, $4, coalesce(max(position), 0) + 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22
       from referral_attachments where agency_id = $1 and referral_id = $3 returning position`,
    [ctx.actor.agency, added.attachmentId, added.referralId, added.county, added.kind, added.participantId, added.language, added.officialForm, details, added.state,
      added.replaces, added.fileId, added.sha256, added.byteCount, JSON.stringify(added.findings), added.mediaType, added.pages, added.copyFileId, added.copySha256,
      added.copyByteCount, ctx.clock.now(), ctx.actor.id],
  );
  return row?.position ?? 0;
}

export async function updateState(ctx: TxCtx, attachmentId: string, state: 'current' | 'replaced' | 'removed'): Promise<void> {
  const hasEnded = state !== 'current';
  await ctx.tx.query(
    'update referral_attachments set state = $3, ended_at = $4, ended_by = $5 where agency_id = $1 and attachment_id = $2',
    [ctx.actor.agency, attachmentId, state, hasEnded ? ctx.clock.now() : null, hasEnded ? ctx.actor.id : null],
  );
}

export async function insertTranslation(ctx: TxCtx, attachment: Pick<AttachmentRow, 'attachmentId' | 'county'>, decision: TranslationDecision): Promise<void> {
  const { attachmentId, county } = attachment;
  const [last] = await ctx.tx.query<{ position: number }[]>(
    'select coalesce(max(position), 0) as position from referral_attachment_translations where agency_id = $1 and attachment_id = $2', [ctx.actor.agency, attachmentId],
  );
  const position = (last?.position ?? 0) + 1;
  const [by, notNeeded, translator] = 'by' in decision
    ? [decision.by, null, ctx.keys.encrypt(JSON.stringify(decision.translator), translatorAad(ctx, attachmentId, position))] : [null, decision.notNeeded, null];
  await ctx.tx.query(
    `insert into referral_attachment_translations (agency_id, attachment_id, position, county, translated_by, not_needed, translator_encrypted, decided_at, decided_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [ctx.actor.agency, attachmentId, position, county, by, notNeeded, translator, ctx.clock.now(), ctx.actor.id],
  );
}

export async function insertReview(ctx: TxCtx, attachment: Pick<AttachmentRow, 'attachmentId' | 'county'>, reviewedFor: readonly string[]): Promise<void> {
  await ctx.tx.query(
    `insert into referral_attachment_reviews (agency_id, attachment_id, position, county, protected, reviewed_at, reviewed_by)
     select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6 from referral_attachment_reviews where agency_id = $1 and attachment_id = $2`,
    [ctx.actor.agency, attachment.attachmentId, attachment.county, reviewedFor, ctx.clock.now(), ctx.actor.id],
  );
}
