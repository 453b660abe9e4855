import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import type { DisclosureKind } from './disclosure.rules.ts';
import { selectDisclosures } from './disclosure.store.ts';
import type { CaseDisclosureSort, DisclosureRow } from './disclosure.store.ts';

export interface DisclosureQuery {
  readonly caseId?: string | undefined;
  readonly referralId?: string | undefined;
  readonly partnerId?: string | undefined;
  /** The first and the last day, of the office. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly kind?: DisclosureKind | undefined;
  readonly order?: ListOrder<CaseDisclosureSort> | undefined;
  readonly page?: number | undefined;
  readonly pageSize?: number | undefined;
}

export interface DisclosurePage {
  readonly rows: readonly DisclosureRow[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 200;

/**
 * What left of a case, to whom, when, by whom and on what ground, the newest first unless told otherwise. Whoever sees the case sees it; no partner does.
 *
 * @throws AppError `disclosures.date_wrong`, `access.forbidden`.
 */
export async function listDisclosures(ctx: Ctx, query: DisclosureQuery = {}): Promise<DisclosurePage> {
  authorise(ctx, 'disclosures.view');
  const pageSize = Math.min(Math.max(Math.trunc(query.pageSize ?? PAGE_SIZE), 1), PAGE_SIZE_MAX);
  const page = Math.max(Math.trunc(query.page ?? 1), 1);
  for (const day of [query.from, query.to]) if (day !== undefined && !isCalendarDate(day)) throw new AppError('invalid', 'disclosures.date_wrong');
  const filter = { caseId: query.caseId ?? null, referralId: query.referralId ?? null, partnerId: query.partnerId ?? null, from: query.from ?? null, to: query.to ?? null, kind: query.kind ?? null };
  const { rows, total } = await inTransaction(ctx, (tx) => selectDisclosures(tx, filter, query.order ?? { by: 'when', isDescending: true }, (page - 1) * pageSize, pageSize));
  return { rows, total, page, pageSize };
}
