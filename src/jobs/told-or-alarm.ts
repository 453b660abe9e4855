import { inTransaction } from '../platform/context.ts';
import type { Ctx } from '../platform/context.ts';
import { raiseAlarm } from '../platform/alarms.ts';
import { AppError } from '../platform/errors.ts';
import { officeDay } from '../modules/referrals/index.ts';
import { outcomeOf } from './outcome.ts';

/**
 * A partner that is to be told something by itself, and may not be (no agreement in force, a text that tells too much), is not forgotten: an alarm says so.
 * @throws whatever may pass by itself.
 */
export async function toldOrAlarm(ctx: Ctx, subject: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError) || outcomeOf(error) === 'retry') throw error;
    ctx.log.warn({ subject, code: error.code }, 'exchange.not_told');
    await inTransaction(ctx, (tx) => raiseAlarm(tx, { code: 'exchange.not_told', subject, aboutOn: officeDay(tx), params: { reason: error.code } }));
  }
}
