import type { Readable } from 'node:stream';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { keepFile, openKeptFile } from '../../../platform/files.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { commitPostingBatch, openPostingBatch } from '../../ledger/index.ts';
import { allocatePostings } from '../allocation/allocate-postings.ts';
import { singlePart } from '../allocation/allocation.rules.ts';
import { addAllocationLegs } from '../allocation/allocation.store.ts';
import { exportText } from './posting.rules.ts';
import type { Posting } from './posting.rules.ts';
import { findExport, insertExport, lockPostings, unansweredExport, waitingPostings } from './posting.store.ts';
import type { ExportRow } from './posting.store.ts';

/** Postings in one export; what is left waits for the next. */
const POSTINGS_MAX = 100_000;
const EXPORT_BYTES_MAX = 64 * 1024 * 1024;

export interface PostingExport {
  /** Null when nothing waits and nothing is unanswered. */
  readonly exportId: string | null;
  readonly postings: number;
  readonly sha256: string | null;
  /** The export was made before; these are its bytes again. */
  readonly isRepeat: boolean;
}

/**
 * Exports what is proposed to the State's case system, each posting in one export only. When nothing new waits, the newest export comes
 * again with the same bytes for as long as the State has answered none of it, so that an export that got lost is simply asked for again.
 */
export async function exportPostings(ctx: Ctx): Promise<PostingExport> {
  authorise(ctx, 'postings.export');
  return inTransaction(ctx, async (tx) => {
    await lockPostings(tx);
    const postings = await waitingPostings(tx, POSTINGS_MAX);
    if (postings.length === 0) {
      const earlier = await unansweredExport(tx);
      return earlier ? { ...told(earlier), isRepeat: true } : { exportId: null, postings: 0, sha256: null, isRepeat: false };
    }
    const exportId = newId('exp');
    const proposed = await withBuckets(tx, postings);
    const kept = await keepFile(tx, { fileName: `${exportId}.csv`, source: Buffer.from(exportText(proposed), 'utf8'), bytesMax: EXPORT_BYTES_MAX, partner: null });
    const row: ExportRow = { exportId, fileId: kept.fileId, sha256: kept.sha256, postings: postings.length };
    await insertExport(tx, row, postings.map((posting) => posting.postingId));
    await openPostingBatch(tx);
    await addAllocationLegs(tx, exportId);
    await commitPostingBatch(tx, { batchKey: `allocation:${exportId}` });
    await recordAudit(tx, { action: 'postings.exported', subject: { type: 'posting_export', id: exportId }, details: { postings: postings.length, sha256: kept.sha256 } });
    return { ...told(row), isRepeat: false };
  });
}

/** Each posting with the bucket and obligation that all of it is proposed for; one that goes to several says none, and its parts are kept (`allocation/`). */
async function withBuckets(ctx: TxCtx, postings: readonly Posting[]): Promise<Posting[]> {
  const allocated = await allocatePostings(ctx, postings);
  return postings.map((posting) => {
    const single = singlePart(allocated.get(posting.postingId)?.parts ?? []);
    return { ...posting, bucket: posting.bucket ?? single?.bucket ?? null, obligationId: posting.obligationId ?? single?.obligationId ?? null };
  });
}

/** What an earlier export said, word for word. @throws AppError `postings.export_unknown`. */
export async function findPostingExport(ctx: Ctx, exportId: string): Promise<PostingExport> {
  return { ...told(await getExport(ctx, exportId)), isRepeat: true };
}

/** The bytes of an export, the same whenever they are asked for. @throws AppError `postings.export_unknown`. */
export async function openPostingExport(ctx: Ctx, exportId: string): Promise<Readable> {
  return openKeptFile(ctx, (await getExport(ctx, exportId)).fileId);
}

async function getExport(ctx: Ctx, exportId: string): Promise<ExportRow> {
  authorise(ctx, 'postings.export');
  const row = await inTransaction(ctx, (tx) => findExport(tx, exportId));
  if (row === null) throw new AppError('not_found', 'postings.export_unknown', { params: { exportId: exportId.slice(0, 40) } });
  return row;
}

const told = (row: ExportRow) => ({ exportId: row.exportId, postings: row.postings, sha256: row.sha256 });
