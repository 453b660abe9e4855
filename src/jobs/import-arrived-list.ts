import { openArrivedList, parkAgain } from '../modules/exchange/index.ts';
import { importPayments } from '../modules/payments/index.ts';
import { inTransaction } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { emit } from '../platform/outbox.ts';
import type { Job } from './job.ts';

/** Books a list of payments that a partner sent as a message or a file; the same list again changes nothing. What cannot be read waits for a person, with the reason. */
export const importArrivedListJob: Job = {
  name: 'import-arrived-list',
  wakesOn: ['payments.arrived'],
  async run(ctx, { body }) {
    const messageId = String(body['messageId']);
    try {
      const { kind, sha256 } = await importPayments(ctx, await openArrivedList(ctx, messageId));
      await inTransaction(ctx, (tx) => emit(tx, 'exchange.list_imported', { messageId, kind, sha256 }));
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'partner_unavailable' || error.code === 'database.busy') throw error;
      await parkAgain(ctx, messageId, [error.code]);
    }
  },
};
