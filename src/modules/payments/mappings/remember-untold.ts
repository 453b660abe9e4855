import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { ReceivedBytes } from '../read-file.ts';
import { recordUntold } from './mapping.store.ts';

const UNTOLD = ['payments.columns_untold', 'payments.kind_untold'];

/** Writes down that a list waits for somebody to say what its columns are; the refusal goes on to whoever sent it. */
export async function rememberUntold<T>(ctx: Ctx, bytes: ReceivedBytes, partnerId: string, read: () => T): Promise<T> {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError && UNTOLD.includes(error.code)) await remember(ctx, bytes, partnerId, error);
    throw error;
  }
}

async function remember(ctx: Ctx, { fileId, fileName }: ReceivedBytes, partnerId: string, { code, findings, params }: AppError): Promise<void> {
  const kind = typeof params.kind === 'string' ? params.kind : '';
  await inTransaction(ctx, async (tx) => {
    await recordUntold(tx, { fileId, partnerId, fileName, kind, findings: [...findings] });
    await recordAudit(tx, { action: 'payments.list_untold', subject: { type: 'kept_file', id: fileId }, partner: partnerId, details: { code, columns: findings.length } });
  });
}
