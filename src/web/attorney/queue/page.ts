import { isAllowed } from '../../../platform/authorise.ts';
import { listPartnerAsks, listReminders } from '../../../modules/exchange/index.ts';
import { listRevealAlarms } from '../../../modules/cases/index.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { LEASE_MINUTES, listHeld, listReferrals, REFERRAL_SORTS, listSegment, listSegments, returnItem, segmentWords, takeNext } from '../../../modules/referrals/index.ts';
import type { ReferralFilter, ReferralSort, Segment } from '../../../modules/referrals/index.ts';
import { newFormId } from '../../form-id.ts';
import { allPages, csvAddress, csvOf, everyPage, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import type { Line, Sort } from '../../list.ts';
import { listPartners } from '../../../modules/partners/index.ts';
import { pagingBehind, pagingNumbered } from '../../paging.ts';
import { amountCells } from '../../reconciler/money-list.ts';
import { partnerNameOf, referralLine } from '../../referral-line.ts';
import type { ReferralLine } from '../../referral-line.ts';
import { wordsFor } from '../../words.ts';
import { addressOf, whatOf } from './item-words.ts';
import { heldByAll, namesOf, reassign } from './held.ts';
import { field, queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';

const PAGE_SIZE = 25;
const NAMES_MAX = 40;
const SUBJECT_MAX = 80;
const CSV_STEP = 200;
const DONE = ['returned', 'reassigned'];

const nameOf = (segment: Segment, visit: Visit): string => {
  const { key, params } = segmentWords(segment);
  const shown = segment.kind === 'arrears_over' ? { amount: visit.format.amount(segment.params.amount, segment.params.currency) } : params;
  return segment.names ? segment.names[visit.language] : visit.t(`referrals:${key}`, shown);
};

/** What every view of the queue shows above its list: the button, what is mine, the segments. */
async function frame(visit: Visit, shown: { isAll: boolean; segmentId: string | null }): Promise<Record<string, unknown>> {
  const { ctx } = visit;
  const canTake = isAllowed(ctx, 'queue.take');
  const done = queryText(visit, 'done', 20);
  return {
    overseen: isAllowed(ctx, 'queue.reassign') ? await heldByAll(visit) : null, alarms: isAllowed(ctx, 'identifiers.oversee') ? await alarmsOf(visit) : [],
    // Told to whoever can settle it: a supervisor begins the day here.
    ...shown, escalations: isAllowed(ctx, 'reminders.settle') ? (await listReminders(ctx, { isEscalation: true })).total : 0, canTake, canBatch: isAllowed(ctx, 'referrals.send'), leaseMinutes: LEASE_MINUTES, formId: newFormId(), isNothing: queryText(visit, 'nothing', 1) === '1', done: DONE.includes(done) ? done : null,
    held: canTake ? (await listHeld(ctx)).map((item) => ({ ...item, what: whatOf(item, visit), address: addressOf(item) })) : [],
    segments: isAllowed(ctx, 'segments.view') ? listSegments(ctx).map((segment) => ({ segmentId: segment.segmentId, name: nameOf(segment, visit) })) : [],
  };
}

/** Whoever was shown as many masked numbers as anybody is, and asked for more. */
async function alarmsOf(visit: Visit): Promise<string[]> {
  const alarms = await listRevealAlarms(visit.ctx);
  const names = await namesOf(visit.ctx, alarms.map(({ subject }) => subject));
  return alarms.map(({ subject, params, raisedAt }) => `${visit.t('pickup:alarm.identifiers_many_shown', { ...params, subject: names.get(subject) ?? subject })} (${visit.format.instant(raisedAt)})`);
}

/** The day's work: referrals of which a deadline runs, the earliest first; or the cases of a segment. */
async function show(visit: Visit): Promise<Reply> {
  if (visit.ctx.actor.partner !== null) return redirect('/inbox');
  const segmentId = queryText(visit, 'segment', NAMES_MAX);
  if (segmentId !== '') return showSegment(visit, segmentId);
  const isAll = queryText(visit, 'show') === 'all';
  const partners = listPartners().map(({ partnerId }) => ({ partnerId, name: partnerNameOf(partnerId, visit, 'short') }));
  const partnerId = partners.find((one) => one.partnerId === queryText(visit, 'partner', 80))?.partnerId;
  const sort: Sort<ReferralSort> = sortOf(visit, REFERRAL_SORTS, { by: 'due', isDescending: false });
  const filter: ReferralFilter = { partnerId, sort, ...(isAll ? {} : { isDue: true }) };
  const columns = columnsOf(visit);
  if (wantsCsv(visit)) return csvOf(visit, 'queue', columns.map(({ label }) => label), lines(visit, filter));
  const page = queryPage(visit);
  const { rows, total } = await listReferrals(visit.ctx, { ...filter, page, pageSize: PAGE_SIZE });
  await noteShown(visit, 'queue', rows, ({ caseId }) => ({ case: caseId }));
  return view('attorney/queue', {
    ...await frame(visit, { isAll, segmentId: null }), total, segment: null, cases: [], partners, partnerId: partnerId ?? '',
    heads: headsOf(visit, columns, sort), csv: csvAddress(visit), referrals: await withAsks(visit, rows.map((row) => referralLine(row, visit))),
    paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
  });
}

/** With what the partner waits for, and its day where that comes before the deadline shown. */
async function withAsks(visit: Visit, rows: readonly ReferralLine[]) {
  const asks = isAllowed(visit.ctx, 'messages.view') ? await listPartnerAsks(visit.ctx, rows.map(({ referralId }) => referralId)) : new Map<string, never>();
  return rows.map((row) => {
    const [ask] = asks.get(row.referralId) ?? [];
    return { ...row, asked: ask ? { isPromised: ask.isPromised, earlier: ask.dueOn !== null && ask.dueOn < (row.clock?.countsOn ?? '9999') ? ask.dueOn : null } : null };
  });
}

function columnsOf({ t }: Visit): { label: string; sort?: ReferralSort }[] {
  return [
    { label: t('web:referral.due'), sort: 'due' }, { label: t('web:referral.case'), sort: 'case' }, { label: t('web:referral.partner'), sort: 'partner' },
    { label: t('web:referral.services') }, { label: t('web:referral.status'), sort: 'status' },
  ];
}

async function* lines(visit: Visit, filter: ReferralFilter): AsyncGenerator<Line> {
  const words = wordsFor(visit.language);
  for await (const row of allPages(async (page) => {
    const { rows, total } = await listReferrals(visit.ctx, { ...filter, page, pageSize: CSV_STEP });
    return { rows, hasNext: page * CSV_STEP < total };
  })) yield telling([row.clock?.countsOn ?? '', row.caseId, partnerNameOf(row.partnerId, visit), row.services.map((code) => words.label('service', code)).join(', '), words.label('status', row.status)], { case: row.caseId });
}

const SEGMENT_COLUMNS = ['web:referral.case', 'web:cases.county', 'web:queue.charged', 'web:queue.paid', 'web:queue.arrears', 'clerk:csv.currency', 'web:queue.since'];

/** The cases of a segment in the order of their numbers, which is the only one in which all of them are found without reading all. */
async function* segmentLines(visit: Visit, segmentId: string): AsyncGenerator<Line> {
  const words = wordsFor(visit.language);
  const amount = (minor: bigint | null, currency: string | null): string => amountCells(minor, currency)[0];
  for await (const row of everyPage((place) => listSegment(visit.ctx, segmentId, { ...place, pageSize: CSV_STEP }))) {
    const { caseId, currency } = row;
    yield telling([caseId, words.of('county', row.county), amount(row.chargedMinor, currency), amount(row.paidMinor, currency), amount(row.arrearsMinor, currency), currency ?? '', row.since ?? ''], { case: caseId });
  }
}

async function showSegment(visit: Visit, segmentId: string): Promise<Reply> {
  if (wantsCsv(visit)) return csvOf(visit, 'segment', SEGMENT_COLUMNS.map((key) => visit.t(key)), segmentLines(visit, segmentId));
  const page = queryPage(visit);
  const found = await listSegment(visit.ctx, segmentId, { page, pageSize: PAGE_SIZE, after: queryText(visit, 'after', 120) });
  await noteShown(visit, 'segment', found.rows, ({ caseId }) => ({ case: caseId }));
  const money = (minor: bigint | null, currency: string | null): string | null => (minor === null || currency === null ? null : visit.format.money(minor, currency));
  return view('attorney/queue', {
    ...await frame(visit, { isAll: false, segmentId }), total: found.total, partners: [], partnerId: '', heads: [], csv: csvAddress(visit), segment: nameOf(found.segment, visit), unknown: found.unknown, asOf: found.asOf, referrals: [],
    cases: found.rows.map((row) => ({
      ...row, charged: money(row.chargedMinor, row.currency), paid: money(row.paidMinor, row.currency), arrears: money(row.arrearsMinor, row.currency),
    })),
    paging: pagingBehind(visit, { page, next: found.next }),
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
  await returnItem(visit.ctx, field(visit, 'kind', NAMES_MAX), field(visit, 'subject', SUBJECT_MAX));
  return redirect('/queue?done=returned');
};

const backToQueue: Handler = async () => redirect('/queue');

export const queuePage: Page = { path: '/queue', access: 'referrals.view', get: show };
export const queueTakePage: Page = { path: '/queue/take', access: 'queue.take', get: backToQueue, post: take };
export const queueReturnPage: Page = { path: '/queue/return', access: 'queue.take', get: backToQueue, post: giveBack };
export const queueReassignPage: Page = { path: '/queue/reassign', access: 'queue.reassign', get: backToQueue, post: reassign };
