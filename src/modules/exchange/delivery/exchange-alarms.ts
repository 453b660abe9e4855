import { selectAlarms } from '../../../platform/alarms.ts';
import type { AlarmRow } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';

const OURS = /^(exchange|inquiry|application|jobs)\./;

/** Open alarms about the exchange with partners, the newest first. @throws AppError `access.forbidden`. */
export async function listExchangeAlarms(ctx: Ctx): Promise<AlarmRow[]> {
  authorise(ctx, 'exchange.view');
  return (await inTransaction(ctx, (tx) => selectAlarms(tx, true))).filter(({ code }) => OURS.test(code));
}
