import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { listDocumentRequests } from './document-requests.ts';
import { selectAsks } from './partner-asks.store.ts';

/** What a partner waits for. */
export interface PartnerAsk {
  readonly messageId: string;
  readonly conversationId: string;
  readonly kind: string;
  /** The day by which it is needed, or for which we have promised it; null where neither names one. */
  readonly dueOn: CalendarDate | null;
  /** Nothing but what was promised is still to come. */
  readonly isPromised: boolean;
}

const ASKING = ['documentRequest', 'inquiry', 'statusRequest'];

/** What partners have asked about these referrals and nobody has answered, by referral, the earliest day first. @throws AppError `access.forbidden`. */
export async function listPartnerAsks(ctx: Ctx, referralIds: readonly string[]): Promise<ReadonlyMap<string, readonly PartnerAsk[]>> {
  authorise(ctx, 'messages.view');
  const asks = new Map<string, PartnerAsk[]>();
  if (referralIds.length === 0) return asks;
  const rows = await inTransaction(ctx, (tx) => selectAsks(tx, referralIds, ASKING));
  const talks = new Map<string, Awaited<ReturnType<typeof listDocumentRequests>>>();
  for (const { referralId, ...row } of rows) {
    const ask = row.kind === 'documentRequest' ? await documentsAsked(ctx, row, talks) : { ...row, dueOn: null, isPromised: false };
    if (ask !== null) asks.set(referralId, [...asks.get(referralId) ?? [], ask]);
  }
  for (const list of asks.values()) list.sort((one, other) => (one.dueOn ?? '9999').localeCompare(other.dueOn ?? '9999'));
  return asks;
}

async function documentsAsked(ctx: Ctx, row: Omit<PartnerAsk, 'dueOn' | 'isPromised'>, talks: Map<string, Awaited<ReturnType<typeof listDocumentRequests>>>): Promise<PartnerAsk | null> {
  const talk = talks.get(row.conversationId) ?? await listDocumentRequests(ctx, row.conversationId);
  talks.set(row.conversationId, talk);
  const request = talk.find(({ messageId }) => messageId === row.messageId);
  if (!request || request.isClosed) return null;
  const isPromised = request.missing.length === 0;
  const [promised = null] = request.promised.flatMap(({ on }) => (on === null ? [] : [on])).sort();
  return { ...row, dueOn: isPromised ? promised : request.neededBy, isPromised };
}
