import { isAllowed } from '../../../platform/authorise.ts';
import { listReminders } from '../../../modules/exchange/index.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { LEASE_MINUTES, listClocks, listHeld, listReferrals, listSegment, listSegments, returnItem, segmentWords, takeNext } from '../../../modules/referrals/index.ts';
import type { QueueItem, Segment } from '../../../modules/referrals/index.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { newFormId } from '../../form-id.ts';
import { pagingNumbered } from '../../paging.ts';
import { referralLine } from '../../referral-line.ts';
import { field, queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';

const PAGE_SIZE = 25;
const NAMES_MAX = 40;
const DONE = ['returned'];

const nameOf = (segment: Segment, visit: Visit): string => {
  const { key, params } = segmentWords(segment);
  const shown = segment.kind === 'arrears_over' ? { amount: visit.format.amount(segment.params.amount, segment.params.currency) } : params;
  return segment.names ? segment.names[visit.language] : visit.t(`referrals:${key}`, shown);
};

/** What is to be done with an item: the name of its clock; else what its kind is about. */
const whatOf = (item: QueueItem, visit: Visit): string => {
  if (listClocks().some(({ clock }) => clock === item.reason)) return visit.t(`clocks:name.${item.reason.replaceAll('.', '_')}`);
  return hasWords(visit.language, `web:queue.kind.${item.kind}`) ? visit.t(`web:queue.kind.${item.kind}`) : visit.t('web:queue.other_work');
};

/** Where an item is worked on, by its kind. */
const PLACES: Readonly<Record<string, string>> = {
  referral: '/referrals/', incoming_packet: '/incoming/', inquiry: '/inquiries/', application: '/applications/', reminder: '/reminders/',
  exchange_parked: '/parked/', exchange_draft: '/messages/', exchange_courier: '/deliveries/', exchange_undelivered: '/deliveries/', exchange_withdrawn: '/deliveries/',
};
const addressOf = (item: QueueItem): string | null => {
  const place = Object.hasOwn(PLACES, item.kind) ? PLACES[item.kind] : undefined;
  return place === undefined ? null : place + encodeURIComponent(item.subjectId);
};

/** What every view of the queue shows above its list: the button, what is mine, the segments. */
async function frame(visit: Visit, shown: { isAll: boolean; segmentId: string | null }): Promise<Record<string, unknown>> {
  const { ctx } = visit;
  const canTake = isAllowed(ctx, 'queue.take');
  const done = queryText(visit, 'done', 20);
  return {
    // Told to whoever can settle it: a supervisor begins the day here.
    ...shown, escalations: isAllowed(ctx, 'reminders.settle') ? (await listReminders(ctx, { isEscalation: true })).total : 0, canTake, leaseMinutes: LEASE_MINUTES, formId: newFormId(), isNothing: queryText(visit, 'nothing', 1) === '1', done: DONE.includes(done) ? done : null,
    held: canTake ? (await listHeld(ctx)).map((item) => ({ ...item, what: whatOf(item, visit), address: addressOf(item) })) : [],
    segments: isAllowed(ctx, 'segments.view') ? listSegments(ctx).map((segment) => ({ segmentId: segment.segmentId, name: nameOf(segment, visit) })) : [],
  };
}

/** The day's work: referrals of which a deadline runs, the earliest first; or the cases of a segment. */
async function show(visit: Visit): Promise<Reply> {
  if (visit.ctx.actor.partner !== null) return redirect('/inbox');
  const segmentId = queryText(visit, 'segment', NAMES_MAX);
  if (segmentId !== '') return showSegment(visit, segmentId);
  const isAll = queryText(visit, 'show') === 'all';
  const page = queryPage(visit);
  const { rows, total } = await listReferrals(visit.ctx, { page, pageSize: PAGE_SIZE, ...(isAll ? {} : { isDue: true }) });
  return view('attorney/queue', {
    ...await frame(visit, { isAll, segmentId: null }), total, segment: null, cases: [],
    referrals: rows.map((row) => referralLine(row, visit)),
    paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
  });
}

async function showSegment(visit: Visit, segmentId: string): Promise<Reply> {
  const page = queryPage(visit);
  const found = await listSegment(visit.ctx, segmentId, { page, pageSize: PAGE_SIZE });
  const money = (minor: bigint | null, currency: string | null): string | null => (minor === null || currency === null ? null : visit.format.money(minor, currency));
  return view('attorney/queue', {
    ...await frame(visit, { isAll: false, segmentId }), total: found.total, segment: nameOf(found.segment, visit), unknown: found.unknown, referrals: [],
    cases: found.rows.map((row) => ({
      ...row, charged: money(row.chargedMinor, row.currency), paid: money(row.paidMinor, row.currency), arrears: money(row.arrearsMinor, row.currency),
    })),
    paging: pagingNumbered(visit, page, page * PAGE_SIZE < found.total),
  });
}

/** Pressed twice it is one item: the form is taken once. */
const take: Handler = async (visit) => {
  const segmentId = field(visit, 'segment', NAMES_MAX);
  const back = segmentId === '' ? '/queue?' : `/queue?segment=${encodeURIComponent(segmentId)}&`;
  return redirect(await submitOnce(visit.ctx, field(visit, 'form_id', 64), async (tx) => {
    const item = await takeNext(tx, segmentId === '' ? {} : { segmentId });
    if (item === null) return `${back}nothing=1`;
    return addressOf(item) ?? '/queue';
  }));
};

const giveBack: Handler = async (visit) => {
  await returnItem(visit.ctx, field(visit, 'kind', NAMES_MAX), field(visit, 'subject', 80));
  return redirect('/queue?done=returned');
};

const backToQueue: Handler = async () => redirect('/queue');

export const queuePage: Page = { path: '/queue', access: 'referrals.view', get: show };
export const queueTakePage: Page = { path: '/queue/take', access: 'queue.take', get: backToQueue, post: take };
export const queueReturnPage: Page = { path: '/queue/return', access: 'queue.take', get: backToQueue, post: giveBack };
