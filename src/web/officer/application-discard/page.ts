import { discardApplicationDraft, readApplicationDraft } from '../../../modules/exchange/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { draftLine } from '../drafts.ts';
import { pathText, redirect, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

/** Asks once more before a draft of the office is gone. Discarded twice is discarded. */
export const discardDraftPage: Page = {
  path: '/apply/drafts/:draftId/discard', access: 'applications.file',
  get: async (visit) => {
    if (visit.ctx.actor.partner === null) return redirect('/applications');
    return view('officer/application-discard', { draft: draftLine(await readApplicationDraft(visit.ctx, pathText(visit, 'draftId'))) });
  },
  post: async (visit) => {
    try {
      await discardApplicationDraft(visit.ctx, pathText(visit, 'draftId'));
    } catch (error) {
      if (!(error instanceof AppError) || !error.code.startsWith('application.draft_')) throw error;
    }
    return redirect('/apply?done=discarded');
  },
};
