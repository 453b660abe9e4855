import { isDeepStrictEqual } from 'node:util';
import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { asWriter } from '../inquiries/scope-of-partner.ts';
import { countDrafts, deleteDraft, deleteEndedDrafts, findDraft, findFiledAs, insertDraft, selectDrafts, setFiled, updateDraft } from './application-draft.store.ts';
import type { ApplicationDraft, DraftContent } from './application-draft.store.ts';

const DAY_MS = 24 * 60 * 60_000;
/** As many as an office has open at once; whoever begins another discards one first. */
export const DRAFTS_MAX = 50;
const CHARACTERS_MAX = 100_000;

/** What is saved: a new draft under an id that the form was made with (revision 0), or one that was looked at in that revision. */
export interface DraftToSave {
  readonly draftId: string;
  readonly revision: number;
  readonly content: DraftContent;
}

/** Drafts are the office's alone: nobody of the agency has any. */
function officeOf(ctx: Ctx): string {
  authorise(ctx, 'applications.file');
  if (ctx.actor.partner === null || ctx.actor.kind !== 'user') throw new AppError('not_found', 'application.draft_not_found');
  return ctx.actor.partner;
}

/** @throws AppError `application.draft_not_found`, also of another office's, and of one that was discarded or has ended; `application.draft_filed`. */
async function draftOf(tx: TxCtx, partnerId: string, draftId: string): Promise<ApplicationDraft> {
  const draft = isId('apd', draftId) ? await findDraft(tx, partnerId, draftId) : null;
  const filedAs = draft ? null : await findFiledAs(tx, partnerId, draftId);
  if (filedAs !== null) throw new AppError('conflict', 'application.draft_filed', { params: { application: filedAs } });
  if (!draft) throw new AppError('not_found', 'application.draft_not_found');
  return draft;
}

/**
 * Keeps what has been typed of an application, for anybody of the same office, until it is filed, discarded, or some days have gone by (`PUENTE_DRAFT_DAYS`) since it was saved last.
 *
 * @throws AppError `application.draft_changed` where somebody saved it since, `application.draft_filed`, `application.too_many_drafts`, `application.draft_too_long`, `application.draft_not_found`, `access.forbidden`.
 */
export async function saveApplicationDraft(ctx: Ctx, { draftId, revision, content }: DraftToSave): Promise<void> {
  const partnerId = officeOf(ctx);
  if (JSON.stringify(content).length > CHARACTERS_MAX) throw new AppError('invalid', 'application.draft_too_long');
  if (!isId('apd', draftId)) throw new AppError('not_found', 'application.draft_not_found');
  const expiresAt = new Date(ctx.clock.now().getTime() + ctx.config.draftDays * DAY_MS);
  await inTransaction(asWriter(ctx), async (tx) => {
    const given = { draftId, partnerId, content, savedBy: tx.actor.name, expiresAt };
    if (revision === 0 && await begin(tx, given)) return;
    const before = await draftOf(tx, partnerId, draftId);
    if (await updateDraft(tx, { ...given, begunBy: before.begunBy, revision })) {
      await recordAudit(tx, { action: 'application.draft_saved', subject: { type: 'application_draft', id: draftId }, partner: partnerId, details: {} });
    } else if (!isDeepStrictEqual(before.content, content)) throw new AppError('conflict', 'application.draft_changed');
  });
}

/** False where it was begun before: by the same button pressed twice, or from a page that one went back to. */
async function begin(tx: TxCtx, draft: Omit<Parameters<typeof insertDraft>[1], 'begunBy'>): Promise<boolean> {
  const { draftId, partnerId } = draft;
  if (await countDrafts(tx, partnerId) >= DRAFTS_MAX && !await findDraft(tx, partnerId, draftId)) throw new AppError('conflict', 'application.too_many_drafts', { params: { most: DRAFTS_MAX } });
  const isNew = await insertDraft(tx, { ...draft, begunBy: draft.savedBy });
  if (isNew) await recordAudit(tx, { action: 'application.draft_begun', subject: { type: 'application_draft', id: draftId }, partner: partnerId, details: {} });
  return isNew;
}

/** A draft of the own office. It is written down who read it. @throws AppError `application.draft_not_found`, `access.forbidden`. */
export async function readApplicationDraft(ctx: Ctx, draftId: string): Promise<ApplicationDraft> {
  const partnerId = officeOf(ctx);
  return inTransaction(ctx, async (tx) => {
    const draft = await draftOf(tx, partnerId, draftId);
    await recordAudit(tx, { action: 'application.draft_read', subject: { type: 'application_draft', id: draftId }, partner: partnerId, details: {} });
    return draft;
  });
}

/** All drafts of the own office, the last saved first; the agency has none. @throws AppError `access.forbidden`. */
export async function listApplicationDrafts(ctx: Ctx): Promise<readonly ApplicationDraft[]> {
  authorise(ctx, 'applications.read');
  const { partner, kind } = ctx.actor;
  return partner === null || kind !== 'user' ? [] : inTransaction(ctx, (tx) => selectDrafts(tx, partner, DRAFTS_MAX));
}

/** Takes a draft away for good, as it was looked at. @throws AppError `application.draft_changed` where somebody saved it since, `application.draft_not_found`, `application.draft_filed`, `access.forbidden`. */
export async function discardApplicationDraft(ctx: Ctx, { draftId, revision }: Pick<DraftToSave, 'draftId' | 'revision'>): Promise<void> {
  const partnerId = officeOf(ctx);
  await inTransaction(asWriter(ctx), async (tx) => {
    await draftOf(tx, partnerId, draftId);
    if (!await deleteDraft(tx, { partnerId, draftId, revision })) throw new AppError('conflict', 'application.draft_changed');
    await recordAudit(tx, { action: 'application.draft_discarded', subject: { type: 'application_draft', id: draftId }, partner: partnerId, details: {} });
  });
}

/** What was filed needs no draft any more: it ends with the filing, in its transaction. @throws AppError `application.draft_changed` where somebody saved it since: then nothing is filed. */
export async function endDraft(tx: TxCtx, partnerId: string, draft: Pick<DraftToSave, 'draftId' | 'revision'> | null | undefined, applicationId: string): Promise<void> {
  if (!draft || await setFiled(tx, { ...draft, partnerId }, applicationId)) return;
  if (await findDraft(tx, partnerId, draft.draftId)) throw new AppError('conflict', 'application.draft_changed');
}

/** For the housekeeping. */
export const sweepApplicationDrafts = (tx: TxCtx): Promise<void> => deleteEndedDrafts(tx);
