import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { selectDisclosureLog } from './disclosure-log.store.ts';
import type { DisclosureLogFilter, DisclosureSort, LoggedDisclosure } from './disclosure-log.store.ts';

const PAGE_SIZE_MAX = 200;

export interface DisclosureLogQuery {
  readonly caseId?: string | undefined;
  readonly partnerId?: string | undefined;
  readonly actorIds?: readonly string[] | undefined;
  readonly kind?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly sort?: { readonly by: DisclosureSort; readonly isDescending: boolean };
  readonly page?: number;
  readonly pageSize?: number;
}

/**
 * What left of all cases that the actor sees: who gave what to whom on which ground. Looking at it is written down, once an hour.
 * @throws AppError `disclosures.date_wrong`, `access.forbidden`.
 */
export async function listDisclosureLog(ctx: Ctx, query: DisclosureLogQuery = {}): Promise<{ readonly rows: readonly LoggedDisclosure[]; readonly hasNext: boolean }> {
  authorise(ctx, 'disclosures.oversee');
  for (const day of [query.from, query.to]) if (day !== undefined && !isCalendarDate(day)) throw new AppError('invalid', 'disclosures.date_wrong');
  const limit = Math.min(Math.max(query.pageSize ?? 25, 1), PAGE_SIZE_MAX);
  const filter: DisclosureLogFilter = {
    caseId: query.caseId ?? null, partnerId: query.partnerId ?? null, actorIds: query.actorIds ?? null, kind: query.kind ?? null, from: query.from ?? null, to: query.to ?? null,
  };
  return inTransaction(ctx, async (tx) => {
    const rows = await selectDisclosureLog(tx, filter, query.sort ?? { by: 'when', isDescending: true }, (Math.max(query.page ?? 1, 1) - 1) * limit, limit + 1);
    if (tx.actor.kind !== 'system') await recordAudit(tx, { action: 'disclosures.viewed', subject: { type: 'list', id: 'disclosures' } }, { isOncePerHour: true });
    return { rows: rows.slice(0, limit), hasNext: rows.length > limit };
  });
}
