import { selectAlarms } from '../../../platform/alarms.ts';
import type { AlarmRow } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';

/** Alarms, those that stand first; ended ones of the last weeks behind them. */
export async function listAlarms(ctx: Ctx, wanted: { onlyOpen?: boolean } = {}): Promise<AlarmRow[]> {
  authorise(ctx, 'payments.view');
  return inTransaction(ctx, (tx) => selectAlarms(tx, wanted.onlyOpen ?? false));
}
