import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { findIncoming } from './incoming.store.ts';
import type { IncomingRow } from './incoming.store.ts';

/** @throws AppError `incoming.not_found`, also where row-level security hides it. */
export async function getIncomingRow(ctx: TxCtx, incomingId: string, lock: 'lock' | 'read' = 'read'): Promise<IncomingRow> {
  const row = isId('inc', incomingId) ? await findIncoming(ctx, incomingId, lock) : null;
  if (!row) throw new AppError('not_found', 'incoming.not_found');
  return row;
}
