import { discardApplicationDraft, readApplicationDraft } from '../../../modules/exchange/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { wordsFor } from '../../words.ts';
import { draftLine } from '../drafts.ts';
import { field, pathText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';

async function ask(visit: Visit, fault: string | null = null): Promise<Reply> {
  return view('officer/application-discard', { draft: draftLine(await readApplicationDraft(visit.ctx, pathText(visit, 'draftId'))), fault }, fault === null ? 200 : 409);
}

/** Asks once more before a draft of the office is gone; what somebody saved meanwhile is asked about anew. Discarded twice is discarded. */
export const discardDraftPage: Page = {
  path: '/apply/drafts/:draftId/discard', access: 'applications.file',
  get: async (visit) => (visit.ctx.actor.partner === null ? redirect('/applications') : ask(visit)),
  post: async (visit) => {
    try {
      const revision = field(visit, 'form_revision', 9);
      await discardApplicationDraft(visit.ctx, { draftId: pathText(visit, 'draftId'), revision: /^\d{1,9}$/.test(revision) ? Number(revision) : 0 });
    } catch (error) {
      if (error instanceof AppError && error.code === 'application.draft_changed') return ask(visit, wordsFor(visit.language).error(error.code));
      if (!(error instanceof AppError) || !error.code.startsWith('application.draft_')) throw error;
    }
    return redirect('/apply?done=discarded');
  },
};
