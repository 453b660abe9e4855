import { searchWordsOf } from '../../cases/index.ts';
import { getPartner } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction, withActor, writingFor } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { addDays, daysBetween } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { pageOf } from '../../../platform/list-page.ts';
import type { ListPage, PageAsked } from '../../../platform/list-page.ts';
import { printedNameKeys } from '../../../platform/names/index.ts';
import { dueDate } from '../clocks/due-date.ts';
import { officeDay, officeZone } from '../clocks/office-day.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import { countInbox, selectInbox, upsertOpening } from './inbox.store.ts';
import type { InboxCounts, InboxFilter, InboxRow, InboxShow, InboxSort } from './inbox.store.ts';

const SIZES = { usual: 25, most: 200 };
const SEARCH_LENGTH_MAX = 200;
/** Runs from receipt, which the county may hear of only later. */
const ACKNOWLEDGE = 'hague.acknowledge';
/** What falls due within so many days is soon. */
export const SOON_DAYS = 7;

export interface InboxQuery extends PageAsked {
  readonly search?: string;
  readonly show?: InboxShow;
  readonly sort?: ListOrder<InboxSort>;
}

export interface Inbox extends ListPage<InboxRow> {
  /** Of all that the search finds, whatever is shown. */
  readonly counts: InboxCounts;
}

/**
 * What we have sent to a partner, as its officer works on it: what is new since this person last looked, and what is due. Clocks are the agency's own record; of
 * them the officer is told the days on which the partner's answer is hoped for, which bind nobody. A name finds what was sent to this partner and nothing else.
 *
 * @throws AppError `access.forbidden`, where somebody is no officer of a partner.
 */
export async function readInbox(ctx: Ctx, query: InboxQuery = {}): Promise<Inbox> {
  authorise(ctx, 'referrals.view');
  const { partner } = ctx.actor;
  if (partner === null) throw new AppError('forbidden', 'access.forbidden', { params: { permission: 'referrals.view' } });
  const today = officeDay(ctx);
  const targets = getPartner(partner).targetClocks?.value ?? [];
  const fromReceipt = targets.includes(ACKNOWLEDGE) ? { clock: ACKNOWLEDGE, days: daysBetween(today, dueDate(ACKNOWLEDGE, today).due) } : null;
  const filter: InboxFilter = {
    partnerId: partner, userId: ctx.actor.id, targets, fromReceipt, zone: officeZone(), today, soon: addDays(today, SOON_DAYS), ...soughtBy(query.search ?? ''), show: query.show ?? 'all',
  };
  return inTransaction(asGateway(ctx), async (tx) => {
    const { shown, ...counts } = await countInbox(tx, filter);
    const order = query.sort ?? { by: 'due' as const, isDescending: false };
    const page = await pageOf(query, SIZES, async (place) => ({ rows: shown === 0 ? [] : await selectInbox(tx, filter, order, place), total: shown }), ({ referralId }) => referralId);
    return { ...page, counts };
  });
}

function soughtBy(search: string): Pick<InboxFilter, 'number' | 'name'> {
  const text = search.normalize('NFC').replace(/\s+/gu, ' ').trim().slice(0, SEARCH_LENGTH_MAX);
  if (text === '') return { number: null, name: null };
  // A text with a digit is a number of some kind; names have none.
  if (/\p{N}/u.test(text)) return { number: /^(ref_)?[0-9a-z]+$/i.test(text) && !text.startsWith('ref_') ? text.toUpperCase() : text, name: null };
  return { number: null, name: { keys: printedNameKeys(text), words: searchWordsOf(text).map((word) => `w:${word}`) } };
}

/** Writes down that this officer has looked at a request: what comes later is new. @throws AppError `referral.not_found`, `access.forbidden`. */
export async function markOpened(ctx: Ctx, referralId: string): Promise<void> {
  authorise(ctx, 'referrals.view');
  if (ctx.actor.partner === null) return;
  // Read as the officer, whose row scope says whether it is theirs.
  const { county, partnerId } = await inTransaction(ctx, (tx) => getReferralRow(tx, referralId));
  await inTransaction(asGateway(ctx), (tx) => upsertOpening(tx, { referralId, county, partnerId }));
}

/** A partner's officer reads no clocks and no names, and writes no row: the gateway does it, for what was sent to this partner. */
function asGateway(ctx: Ctx): Ctx {
  return withActor(ctx, writingFor(ctx.actor));
}
