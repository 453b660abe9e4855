import { renewFiguresJob } from '../../../src/jobs/renew-figures.ts';
import { checkAgreement, outgoingFigures, sweepFigures } from '../../../src/modules/reconciliation/index.ts';
import { officeDays } from '../../../src/modules/referrals/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { caseLine, importCases, importRegister, LA, reconcileAll } from '../../support/reconciliation/scene.ts';

const CASE = '2000004103714';
const RUN = 'update reconciliation_runs set finished_at = finished_at where agency_id = $1';
const at = (time: string): Ctx => ({ ...ctx, clock: fixedClock(new Date(`2026-03-20T${time}Z`)) });
const inTransit = async (who: Ctx, freshness: 'fresh' | 'kept' = 'kept') => {
  const { totals, standing } = await outgoingFigures(who, officeDays, {}, freshness);
  return { minor: totals[0]?.openMinor ?? 0n, ...standing };
};
const slowly = (): Promise<unknown> => behindTheWall(db, 'update kept_figures set took_ms = 1000');
const asked = (): Promise<{ body: Record<string, unknown> }[]> => behindTheWall(db, "select body from outbox_events where name = 'figures.outdated'");
const send = async (number: number): Promise<void> => {
  await importRegister(ctx, [`D0000000${number},B${number},${CASE},${LA},MARIA LOPEZ SOTO,100.00,USD,2026-03-02,consulate`]);
  await reconcileAll(ctx);
};

let db: TestDatabase;
let ctx: Ctx;
beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db, { now: '2026-03-20T18:00:00Z' });
  await importCases(ctx, [caseLine(CASE, { payer: 'Juan Perez Ruiz', receiver: 'Maria Lopez Soto' })]);
  await send(1);
});

it('holds what was computed until money moves, and then computes what is quick at once', async () => {
  expect(await inTransit(at('18:00:00'))).toEqual({ minor: 10_000n, asOf: new Date('2026-03-20T18:00:00Z'), isOutdated: false });
  expect(await inTransit(at('18:20:00'))).toEqual({ minor: 10_000n, asOf: new Date('2026-03-20T18:00:00Z'), isOutdated: false });
  await send(2);
  expect(await inTransit(at('18:21:00'))).toEqual({ minor: 20_000n, asOf: new Date('2026-03-20T18:21:00Z'), isOutdated: false });
});

it('shows what is slow as it was, says so, and has a job compute it, which is asked once a minute', async () => {
  await inTransit(at('18:00:00'));
  await slowly();
  await send(2);
  const outdated = { minor: 10_000n, asOf: new Date('2026-03-20T18:00:00Z'), isOutdated: true };
  expect([await inTransit(at('18:01:00')), await inTransit(at('18:01:30'))]).toEqual([outdated, outdated]);
  const [event, ...more] = await asked();
  expect([event?.body, more]).toEqual([{ figure: 'outgoing', scope: '2026-03-20 ' }, []]);
  await renewFiguresJob.run(at('18:02:00'), { eventId: 'evt_x', event: 'figures.outdated', body: event?.body ?? {} });
  expect(await inTransit(at('18:03:00'))).toEqual({ minor: 20_000n, asOf: new Date('2026-03-20T18:02:00Z'), isOutdated: false });
});

it('computes at once what is older than ten minutes, and always for whoever decides on it', async () => {
  await inTransit(at('18:00:00'));
  await slowly();
  await send(2);
  expect((await inTransit(at('18:05:00'), 'fresh')).minor).toBe(20_000n);
  expect((await inTransit(at('18:05:00'))).isOutdated).toBe(true);
  expect(await inTransit(at('18:11:00'))).toMatchObject({ minor: 20_000n, isOutdated: false });
});

it('holds nothing that was written and undone, and everything that was written beside it', async () => {
  await checkAgreement(at('18:00:00'), { freshness: 'kept' });
  await inTransaction(ctx, async (tx) => {
    await tx.tx.query('savepoint one');
    await tx.tx.query(RUN, [ctx.actor.agency]);
    await tx.tx.query('rollback to savepoint one');
  });
  expect((await checkAgreement(at('18:30:00'), { freshness: 'kept' })).standing.asOf).toEqual(new Date('2026-03-20T18:00:00Z'));
  await inTransaction(ctx, async (tx) => {
    await tx.tx.query('savepoint one');
    await tx.tx.query(RUN, [ctx.actor.agency]);
    await tx.tx.query('rollback to savepoint one');
    await tx.tx.query(RUN, [ctx.actor.agency]);
  });
  expect((await checkAgreement(at('18:31:00'), { freshness: 'kept' })).standing.asOf).toEqual(new Date('2026-03-20T18:31:00Z'));
});

it('computes anew what it cannot read, and forgets what is two days old', async () => {
  await inTransit(at('18:00:00'));
  await behindTheWall(db, "update kept_figures set body = '\\x00'");
  expect((await inTransit(at('18:01:00'))).minor).toBe(10_000n);
  await sweepFigures({ ...ctx, clock: fixedClock(new Date('2026-03-23T00:00:00Z')) });
  expect(await behindTheWall(db, 'select 1 from kept_figures')).toEqual([]);
});
