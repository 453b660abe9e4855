import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { findAttachment } from './attachment.store.ts';
import type { AttachmentRow } from './attachment.store.ts';

/** @throws AppError `attachment.not_found`, also where row-level security hides it. */
export async function getAttachmentRow(ctx: TxCtx, attachmentId: string): Promise<AttachmentRow> {
  const row = isId('att', attachmentId) ? await findAttachment(ctx, attachmentId) : null;
  if (!row) throw new AppError('not_found', 'attachment.not_found');
  return row;
}

/** @throws AppError `attachment.not_found`, `attachment.ended` where it was replaced, removed or never taken. */
export async function findCurrent(ctx: TxCtx, attachmentId: string): Promise<AttachmentRow> {
  const row = await getAttachmentRow(ctx, attachmentId);
  if (row.state !== 'current') throw new AppError('conflict', 'attachment.ended');
  return row;
}
