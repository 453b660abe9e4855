import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JOBS, runJob, startJobs } from '../../../src/jobs/index.ts';
import type { Job } from '../../../src/jobs/index.ts';
import { SCHEDULE, tickOnce } from '../../../src/jobs/schedule.ts';
import { sweepTicks } from '../../../src/platform/outbox.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { systemClock } from '../../../src/platform/dates.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { listOf, lyingIn, pickupFolder, remittance } from '../../support/payments/pickup.ts';

let db: TestDatabase;
let ctx: Ctx;
beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db, { kind: 'system', id: 'operator' });
});

const events = () => behindTheWall<{ name: string; n: number }>(db, 'select name, count(*)::int as n from outbox_events group by 1 order by 1').then((rows) => rows.map((row) => [row.name, row.n]));

/** What comes without any setting of the office. */
const ALWAYS = SCHEDULE.filter(({ isWanted }) => isWanted === undefined).map(({ event }) => event);

it('says each moment once, however many processes look at the clock', async () => {
  await Promise.all(Array.from({ length: 5 }, () => tickOnce(ctx, SCHEDULE, new Map())));
  expect(await events()).toEqual([...ALWAYS].sort().map((event) => [event, 1]));
  pickupFolder(db, 'consulate-la');
  await Promise.all(Array.from({ length: 5 }, () => tickOnce(ctx, SCHEDULE, new Map())));
  await tickOnce({ ...ctx, clock: { now: () => new Date('2026-11-20T12:01:30Z') } }, SCHEDULE, new Map());
  expect((await events()).filter(([name]) => ['days.reminder_due', 'housekeeping.due', 'pickup.check_due', 'pickup.due'].includes(String(name))))
    .toEqual([['days.reminder_due', 1], ['housekeeping.due', 1], ['pickup.check_due', 1], ['pickup.due', 2]]);
});

it('asks the database nothing for a moment that this process has said', async () => {
  const said = new Map<string, number>();
  expect(await tickOnce(ctx, SCHEDULE, said)).toEqual(ALWAYS);
  const closed = { ...ctx, db: { ...ctx.db, dataSource: { createQueryRunner: () => { throw new Error('asked'); } } as never } };
  expect(await tickOnce(closed, SCHEDULE, said)).toEqual([]);
});

it('forgets moments long past', async () => {
  await tickOnce(ctx, SCHEDULE, new Map());
  await inTransaction({ ...ctx, clock: { now: () => new Date('2027-01-20T12:00:00Z') } }, sweepTicks);
  expect(await behindTheWall(db, 'select 1 from job_ticks')).toEqual([]);
});

it('runs every job of the schedule twice with nothing to do, as it runs once', async () => {
  const data = { eventId: 'evt_x', event: 'x.y', body: {} };
  const scheduled = JOBS.filter(({ wakesOn }) => wakesOn.some((event) => SCHEDULE.some((tick) => tick.event === event)));
  expect(scheduled.length).toBeGreaterThan(7);
  for (const job of scheduled) expect([job.name, await runJob(ctx, job, data), await runJob(ctx, job, data)]).toEqual([job.name, 'done', 'done']);
  expect(await behindTheWall(db, 'select 1 from reconciliation_runs')).toEqual([]);
});

it('a file that is put into its folder is picked up and reconciled by whichever process serves', async () => {
  const place = pickupFolder(db, 'consulate-la', { quietSeconds: 0 });
  writeFileSync(join(place, 'cobros.csv'), listOf(remittance('R1')));
  const now = { ...ctx, clock: systemClock };
  let arrive: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => { arrive = resolve; });
  const watch: Job = { name: 'watch', wakesOn: ['reconciliation.finished'], run: () => Promise.resolve(arrive()) };
  const [one, two] = [await startJobs(now, [...JOBS, watch]), await startJobs(now, [...JOBS, watch])];
  try {
    await finished;
    expect(lyingIn(place, 'done')).toEqual(['cobros.csv']);
    expect(await behindTheWall(db, "select state, started_by from reconciliation_runs")).toEqual([{ state: 'finished', started_by: 'job:reconcile' }]);
    expect(await behindTheWall(db, 'select outcome, reasons from line_outcomes')).toHaveLength(1);
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
}, 90_000);
