import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { importCaseExtract, workOutFigures } from '../../../src/modules/cases/index.ts';
import type { HistoryEntry, SupportCase } from '../../../src/modules/cases/index.ts';
import {
  buildPacket, createReferral, LEASE_MINUTES, listHeld, listQueue, listSegment, listSegments, moveReferral, renewWorkFigures, returnItem, sendReferral, takeNext,
} from '../../../src/modules/referrals/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { putQueueItem, removeQueueItem } from '../../../src/modules/referrals/queue/queue.store.ts';
import { anObligor, extractOf } from '../../support/cases/builders.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestActor, TestDatabase } from '../../support/database.ts';
import { aMexicanCase, aSigner } from '../../support/referrals/packets.ts';

const CALEXICO = 'mx-consulate-calexico';
const NOON = '2026-11-20T20:00:00Z';
const AN_HOUR_LATER = '2026-11-20T21:00:00Z';

let db: TestDatabase;
let signing: Ctx['keys']['signing'];
beforeEach(async () => {
  db = await testDatabase();
  signing ??= (await aSigner()).identity;
});

const at = (instant: string, given: TestActor = {}): Ctx => {
  const ctx = testCtx(db, { roles: ['attorney'], id: 'usr_ana', ...given });
  return { ...ctx, clock: fixedClock(instant), keys: { ...ctx.keys, signing } };
};
const operator = (instant = NOON): Ctx => at(instant, { roles: ['operator'], id: 'usr_test' });
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));

async function bring(...cases: SupportCase[]): Promise<void> {
  await importCaseExtract(operator(), { fileName: 'cases.ndjson', source: Readable.from(extractOf(cases)) });
}

/** Referrals opened on following days, so that the first is due first. */
async function openedInOrder(count: number, changes: Partial<SupportCase> = {}): Promise<string[]> {
  const cases = Array.from({ length: count }, (_, index) => aMexicanCase({ caseId: `Q-${String(index + 1).padStart(2, '0')}`, ...changes }));
  await bring(...cases);
  const ids: string[] = [];
  for (const [index, { caseId }] of cases.entries()) {
    ids.push((await createReferral(operator(`2026-10-${String(index + 1).padStart(2, '0')}T20:00:00Z`), { caseId, partnerId: CALEXICO, services: ['status'] })).referralId);
  }
  return ids;
}

describe('the queue', () => {
  it('hands out the earliest first, and to many workers at once never the same to two', async () => {
    const ids = await openedInOrder(12);
    expect((await takeNext(at(NOON)))?.subjectId).toBe(ids[0]);
    const workers = Array.from({ length: 24 }, (_, index) => at(NOON, { id: `usr_${index}` }));
    const taken = (await Promise.all(workers.map((ctx) => takeNext(ctx)))).map((item) => item?.subjectId ?? null);
    const got = taken.filter((id) => id !== null);
    expect(new Set(got).size).toBe(got.length);
    // Whoever came when all the rest were being taken got nothing: each item was handed out once.
    expect([...got].sort()).toEqual(ids.slice(1).sort());
    expect(await behindTheWall(db, "select count(*)::int as n from audit_events where action = 'queue.taken'")).toEqual([{ n: 12 }]);
  });

  it('takes an item back when its lease is over, and when it is returned', async () => {
    const [first, second] = await openedInOrder(2);
    const item = await takeNext(at(NOON));
    expect(item).toMatchObject({ subjectId: first, claimedBy: 'usr_ana', reason: 'referral.send', dueOn: '2026-10-21' });
    expect((await takeNext(at(NOON, { id: 'usr_bea' })))?.subjectId).toBe(second);
    expect(await takeNext(at(NOON, { id: 'usr_bea' }))).toBeNull();
    const later = new Date(new Date(NOON).getTime() + LEASE_MINUTES * 60_000).toISOString();
    expect(await listHeld(at(later))).toEqual([]);
    expect((await takeNext(at(later, { id: 'usr_bea' })))?.subjectId).toBe(first);
    expect(await codeOf(returnItem(at(later), 'referral', first as string))).toBe('queue.not_yours');
    await returnItem(at(later, { id: 'usr_sue', roles: ['supervisor'] }), 'referral', first as string);
    expect((await takeNext(at(later)))?.subjectId).toBe(first);
    expect(await codeOf(returnItem(at(later), 'referral', 'ref_none'))).toBe('queue.not_found');
  });

  it('lets go of what was done: a move frees the item, the end takes it away', async () => {
    const [first] = await openedInOrder(1);
    await takeNext(at(NOON));
    await buildPacket(at(NOON), first as string);
    expect(await listHeld(at(NOON))).toHaveLength(1);
    await sendReferral(at(NOON), first as string);
    await moveReferral(at(NOON), first as string, 'report_incomplete', { reason: 'other' });
    // Now there are two clocks of ours; the earlier one was held and is still to be done.
    expect(await listHeld(at(NOON))).toHaveLength(1);
    await moveReferral(at(NOON), first as string, 'withdraw', { reason: 'other' });
    expect(await listQueue(at(NOON))).toMatchObject({ total: 0, rows: [] });
  });

  it('keeps counties, partners and roles apart', async () => {
    await openedInOrder(2);
    expect(await takeNext(at(NOON, { counties: ['06037'] }))).toBeNull();
    expect((await listQueue(at(NOON, { counties: ['06037'] }))).total).toBe(0);
    expect((await takeNext(at(NOON, { counties: ['06025'] })))?.county).toBe('06025');
    for (const ctx of [at(NOON, { roles: ['partner_officer'], partner: CALEXICO }), at(NOON, { roles: ['reconciler'] })]) {
      expect(await codeOf(takeNext(ctx))).toBe('access.forbidden');
      expect(await codeOf(listQueue(ctx))).toBe('access.forbidden');
      expect(await codeOf(listSegment(ctx, 'no_address'))).toBe('access.forbidden');
    }
  });

  it('hands out what is to be sent before what was sent and waits for the partner’s word', async () => {
    const [first = '', second] = await openedInOrder(2);
    await buildPacket(operator(), first);
    await sendReferral(operator(), first);
    await inTransaction(operator(), (tx) => putQueueItem(tx, { kind: 'referral', subjectId: first, county: '06025', caseId: 'Q-01', partnerId: CALEXICO, reason: 'referral.send', dueOn: '2026-10-21', availableOn: '2026-10-01' }));
    expect(await takeNext(at(NOON))).toMatchObject({ subjectId: second, isWithPartner: false });
    expect(await takeNext(at(NOON))).toMatchObject({ subjectId: first, isWithPartner: true });
  });

  it('holds other kinds of items by their own dates, and none before its day', async () => {
    await openedInOrder(1);
    const item = { kind: 'incoming_packet', subjectId: 'inc_1', county: '06025', caseId: null, partnerId: CALEXICO, reason: 'registry.intake', dueOn: '2026-10-20', availableOn: '2026-10-06' };
    await inTransaction(operator(), (tx) => putQueueItem(tx, item));
    await inTransaction(operator(), (tx) => putQueueItem(tx, { ...item, subjectId: 'inc_2', dueOn: '2026-01-01', availableOn: '2026-12-01' }));
    expect((await takeNext(at(NOON)))?.subjectId).toBe('inc_1');
    expect((await takeNext(at(NOON)))?.kind).toBe('referral');
    expect(await takeNext(at(NOON))).toBeNull();
    // What belongs to no county is seen by those who see all.
    await inTransaction(operator(), (tx) => putQueueItem(tx, { ...item, subjectId: 'inc_3', county: null, dueOn: '2026-11-01' }));
    expect(await takeNext(at(NOON, { counties: ['06025'] }))).toBeNull();
    expect((await takeNext(at(NOON, { id: 'usr_bea' })))?.subjectId).toBe('inc_3');
    await inTransaction(operator(), (tx) => removeQueueItem(tx, 'incoming_packet', 'inc_3'));
    // The same again leaves the claim; another date frees it.
    await inTransaction(operator(), (tx) => putQueueItem(tx, item));
    expect(await listHeld(at(NOON))).toHaveLength(2);
    await inTransaction(operator(), (tx) => putQueueItem(tx, { ...item, dueOn: '2026-12-24' }));
    expect(await listHeld(at(NOON))).toHaveLength(1);
    await inTransaction(operator(), (tx) => removeQueueItem(tx, 'incoming_packet', 'inc_2'));
    expect((await listQueue(at('2026-12-02T20:00:00Z'))).total).toBe(2);
  });
});

const month = (index: number): string => `2026-${String(10 - index).padStart(2, '0')}`;
/** Six months in which 100.00 fell due each; paid as given, the newest first. */
function history(paid: readonly number[]): HistoryEntry[] {
  return paid.flatMap((amount, index) => {
    const charge: HistoryEntry = { kind: 'charge', on: `${month(index)}-01`, amount: '100.00', currency: 'USD', bucket: 'current_support' };
    return amount === 0 ? [charge] : [charge, { ...charge, kind: 'payment', on: `${month(index)}-15`, amount: `${amount}.00` }];
  });
}
const arrears = (amount: string): SupportCase['balances'] => [{ bucket: 'arrears_unassigned', amount, currency: 'USD', asOf: '2026-10-31' }];

describe('segments of the caseload', () => {
  const idsOf = async (segmentId: string, ctx = at(NOON)): Promise<string[]> => (await listSegment(ctx, segmentId)).rows.map((row) => row.caseId);
  const { residence: _gone, ...homeless } = anObligor();

  async function aCaseload(): Promise<void> {
    const participants = aMexicanCase().participants.map((one) => (one.role === 'obligor' ? homeless : one));
    await bring(
      aMexicanCase({ caseId: 'S-FULL', history: history([100, 100, 100, 100, 100, 100]), balances: arrears('0.00') }),
      aMexicanCase({ caseId: 'S-PART', history: history([100, 0, 50, 0, 0, 0]), balances: arrears('450.00') }),
      aMexicanCase({ caseId: 'S-NONE', history: history([0, 0, 0, 0, 0, 0]), balances: arrears('10000.01') }),
      aMexicanCase({ caseId: 'S-QUIET', balances: arrears('10000.00') }),
      aMexicanCase({ caseId: 'S-LOST', participants, history: history([0, 0]), balances: arrears('99.00') }),
      aMexicanCase({ caseId: 'S-OVER', status: 'closed', closedOn: '2026-11-01', history: history([0]), balances: arrears('99999.00') }),
      aMexicanCase({ caseId: 'S-LA', county: '06037', history: history([0]), balances: arrears('20000.00') }),
    );
  }

  it('are told by what was paid, what is owed and what is known', async () => {
    await aCaseload();
    expect(await idsOf('paying_in_full')).toEqual(['S-FULL']);
    expect(await idsOf('paying_in_part')).toEqual(['S-PART']);
    expect(await idsOf('paying_nothing')).toEqual(['S-LA', 'S-LOST', 'S-NONE']);
    expect(await idsOf('arrears_high')).toEqual(['S-LA', 'S-NONE']);
    expect(await idsOf('no_address')).toEqual(['S-LOST']);
    expect((await listSegment(at(NOON), 'paying_in_part')).rows[0]).toMatchObject({ chargedMinor: 60_000n, paidMinor: 15_000n, currency: 'USD', county: '06025' });
    expect(await idsOf('paying_nothing', at(NOON, { counties: ['06025'] }))).toEqual(['S-LOST', 'S-NONE']);
    expect(await idsOf('arrears_high', at(NOON, { counties: ['06059'] }))).toEqual([]);
  });

  it('have pages, and know when a case changes', async () => {
    await aCaseload();
    const second = await listSegment(at(NOON), 'paying_nothing', { page: 2, pageSize: 2 });
    expect([second.rows.map((row) => row.caseId), second.total]).toEqual([['S-NONE'], 3]);
    await bring(aMexicanCase({ caseId: 'S-NONE', history: history([100, 100, 100, 100, 100, 100]), balances: arrears('0.00') }));
    expect(await idsOf('paying_in_full')).toEqual(['S-FULL', 'S-NONE']);
  });

  it('are read as they were counted last, for an hour, and page behind a row as by number', async () => {
    await aCaseload();
    const now = (segmentId: string, more = {}) => listSegment(at(NOON), segmentId, more);
    const told = await Promise.all(['paying_in_part', 'paying_nothing', 'arrears_high', 'no_address'].map((segmentId) => now(segmentId)));
    await renewWorkFigures(operator());
    const kept = await Promise.all(['paying_in_part', 'paying_nothing', 'arrears_high', 'no_address'].map((segmentId) => now(segmentId)));
    expect(kept).toEqual(told.map((one) => ({ ...one, asOf: new Date(NOON) })));
    expect((await listSegment(at(NOON, { counties: ['06025'] }), 'paying_nothing')).rows.map((row) => row.caseId)).toEqual(['S-LOST', 'S-NONE']);
    const first = await now('paying_nothing', { pageSize: 1 });
    const walk = [first, await now('paying_nothing', { pageSize: 1, after: first.next ?? '' })];
    expect(walk.map(({ rows, total }) => [rows[0]?.caseId, total])).toEqual((await Promise.all([1, 2].map((page) => now('paying_nothing', { pageSize: 1, page })))).map(({ rows, total }) => [rows[0]?.caseId, total]));
    await bring(aMexicanCase({ caseId: 'S-NONE', history: history([100, 100, 100, 100, 100, 100]), balances: arrears('0.00') }));
    expect((await now('paying_in_full')).total).toBe(1);
    expect(await listSegment(at(AN_HOUR_LATER), 'paying_in_full')).toMatchObject({ total: 2, asOf: null });
  });

  it('hold what was sent long ago and not acknowledged, until it is', async () => {
    await bring(aMexicanCase({ caseId: 'S-SENT' }));
    const early = operator();
    const { referralId } = await createReferral(early, { caseId: 'S-SENT', partnerId: CALEXICO, services: ['status'] });
    await buildPacket(early, referralId);
    await sendReferral(early, referralId);
    expect((await listSegment(at('2027-01-01T19:00:00Z'), 'no_acknowledgment')).rows).toEqual([]);
    expect((await listSegment(at('2027-01-02T00:00:00Z'), 'no_acknowledgment')).rows).toMatchObject([{ caseId: 'S-SENT', referralId, since: '2026-11-20' }]);
    await moveReferral(at('2027-01-02T00:00:00Z'), referralId, 'accept');
    expect((await listSegment(at('2027-01-03T00:00:00Z'), 'no_acknowledgment')).rows).toEqual([]);
  });

  it('narrow the queue', async () => {
    await openedInOrder(2);
    await bring(aMexicanCase({ caseId: 'Q-02', balances: arrears('10000.01') }));
    expect((await listQueue(at(NOON), { segmentId: 'arrears_high' })).rows.map((row) => row.caseId)).toEqual(['Q-02']);
    expect((await takeNext(at(NOON), { segmentId: 'arrears_high' }))?.caseId).toBe('Q-02');
    expect(await takeNext(at(NOON), { segmentId: 'arrears_high' })).toBeNull();
    expect(await codeOf(takeNext(at(NOON), { segmentId: 'nobody' }))).toBe('segment.unknown');
  });

  it('are data: an agency’s files replace, add and switch off, and a wrong one is refused', async () => {
    await aCaseload();
    const folder = join(db.dataDir, 'segments');
    mkdirSync(folder);
    const put = (name: string, data: unknown): void => writeFileSync(join(folder, name), typeof data === 'string' ? data : JSON.stringify(data));
    put('a.json', { segmentsVersion: '1', segments: [
      { segmentId: 'arrears_high', kind: 'arrears_over', params: { amount: '15000', currency: 'USD', buckets: ['arrears_unassigned'] } },
      { segmentId: 'no_address', isOff: true },
      { segmentId: 'last_month_unpaid', names: { en: 'Unpaid last month', 'es-MX': 'Sin pago el último mes', 'ko-KR': '지난달 미지급' }, kind: 'payment', params: { standing: 'none', months: 1 } },
    ] });
    put('other.json', { segmentsVersion: '1', agency: 'us-tx', segments: [{ segmentId: 'paying_in_full', isOff: true }] });
    expect(listSegments(at(NOON)).map(({ segmentId }) => segmentId)).toEqual(['paying_in_full', 'paying_in_part', 'paying_nothing', 'no_acknowledgment', 'arrears_high', 'last_month_unpaid']);
    expect(await idsOf('arrears_high')).toEqual(['S-LA']);
    expect(await idsOf('last_month_unpaid')).toEqual(['S-LA', 'S-LOST', 'S-NONE']);
    for (const wrong of ['{', '[]', { segmentsVersion: '1', segments: [{ segmentId: 'x1', kind: 'payment', params: { standing: 'full', months: 13 } }] }, { segmentsVersion: '1', segments: [{ segmentId: 'x1', kind: 'arrears_over', params: { amount: '1.50', currency: 'KRW', buckets: ['interest'] } }] }]) {
      put('b.json', wrong);
      expect(() => listSegments(at(NOON))).toThrow('segment.file_invalid');
    }
  });

  it('say how many cases have no figures yet, and give them figures', async () => {
    await aCaseload();
    await behindTheWall(db, 'delete from case_standing');
    expect(await listSegment(at(NOON), 'paying_in_full')).toMatchObject({ total: 0, unknown: 6 });
    expect(await workOutFigures(operator())).toBe(7);
    expect(await listSegment(at(NOON), 'paying_in_full')).toMatchObject({ total: 1, unknown: 0 });
    expect(await codeOf(workOutFigures(at(NOON)))).toBe('access.forbidden');
  });
});
