import { importPayments, previewUntold, saveMapping } from '../../../modules/payments/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { openKeptFile } from '../../../platform/files.ts';
import { enteredMapping, kindAmong, mappingForm, mappingOf } from '../../mapping-form.ts';
import type { EnteredMapping } from '../../mapping-form.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';

interface Refusal { readonly code: string; readonly error: AppError; readonly version: number | null }

/** One list that waits: its first rows, and a field for each of its columns. */
export const mappingPage: Page = {
  path: '/mappings/:fileId',
  access: 'payments.map',
  get: (visit) => show(visit),
  post: async (visit) => {
    const { list, preview } = await previewUntold(visit.ctx, pathText(visit, 'fileId'));
    const kind = kindAmong(preview, field(visit, 'kind', 20), list.kind);
    const entered = enteredMapping(visit, preview);
    let version: number | null = null;
    try {
      version = (await saveMapping(visit.ctx, { partnerId: list.partnerId, kind, mapping: mappingOf(entered, preview) })).version;
      const result = await importPayments(visit.ctx, { partnerId: list.partnerId, fileName: list.fileName, source: openKeptFile(visit.ctx, list.fileId) });
      return redirect(`/mappings?version=${version}&lines=${result.lines}`);
    } catch (error) {
      if (!(error instanceof AppError) || !['invalid', 'conflict'].includes(error.kind)) throw error;
      return show(visit, entered, { code: error.code, error, version }, error.kind === 'conflict' ? 409 : 422);
    }
  },
};

async function show(visit: Visit, entered: EnteredMapping | null = null, refusal: Refusal | null = null, status = 200): Promise<Reply> {
  const { list, preview } = await previewUntold(visit.ctx, pathText(visit, 'fileId'));
  const kind = kindAmong(preview, entered?.['kind'] ?? queryText(visit, 'kind', 20), list.kind);
  return view('reconciler/mapping', { ...mappingForm(preview, list.partnerId, kind, entered), list, partnerName: partnerNameOf(list.partnerId, visit, 'short'), refusal }, status);
}
