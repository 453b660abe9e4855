import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { selectReceivedFiles } from './received-file.store.ts';
import type { ReceivedFile, ReceivedKind } from './received-file.store.ts';

const PAGE_SIZE = 50;

export interface ReceivedFilePage {
  files: ReceivedFile[];
  total: number;
  page: number;
  pageSize: number;
}

/** The files that were taken in, newest first, with what was seen in each as a whole. */
export async function listReceivedFiles(ctx: Ctx, wanted: { partnerId?: string; kind?: ReceivedKind; page?: number } = {}): Promise<ReceivedFilePage> {
  authorise(ctx, 'payments.view');
  const page = Math.max(1, Math.trunc(wanted.page ?? 1));
  const { files, total } = await inTransaction(ctx, (tx) => selectReceivedFiles(tx, {
    ...(wanted.partnerId === undefined ? {} : { partnerId: wanted.partnerId }), ...(wanted.kind === undefined ? {} : { kind: wanted.kind }),
    limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE,
  }));
  return { files, total, page, pageSize: PAGE_SIZE };
}
