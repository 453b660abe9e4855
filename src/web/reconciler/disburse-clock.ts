import { officeDay } from '../../modules/cases/index.ts';
import { officeDays } from '../../modules/referrals/index.ts';
import type { Ctx } from '../../platform/context.ts';

/** Receipt at the disbursement unit starts it; forwarding and disbursing have the same two business days. */
const CLOCK = 'collection.disburse';

export interface DisburseBy { readonly on: string; readonly standing: 'late' | 'today' | 'running' }

/** Until when money that was received has to go on, and whether that day is past; null where none was received. */
export function disburseBy(ctx: Ctx, receivedOn: string | null): DisburseBy | null {
  if (receivedOn === null) return null;
  const on = officeDays.dueDate(CLOCK, receivedOn).due;
  const today = officeDay(ctx.clock);
  return { on, standing: on < today ? 'late' : on === today ? 'today' : 'running' };
}
