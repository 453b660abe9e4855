import { spawnSync } from 'node:child_process';
import { postTransfer } from '../../../src/modules/ledger/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { addDays, calendarDate, instantAt } from '../../../src/platform/dates.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import { LA } from '../../support/reconciliation/scene.ts';

const PROGRAM = new URL('../../support/payments/killed-pickup.mjs', import.meta.url).pathname;
const ZONE = 'America/Los_Angeles';

it('a close that was killed at any step leaves nothing, and is done by the next', async () => {
  const db = await testDatabase();
  const day = calendarDate(new Date(), ZONE);
  const today = instantAt(day, '17:00', ZONE) > new Date() ? day : addDays(day, 1);
  const later = new Date(instantAt(today, '17:00', ZONE).getTime() + 1_000).toISOString();
  await inTransaction(testCtx(db), (tx) => postTransfer(tx, { transferKey: 'disbursement:x', event: 'by.hand', occurredOn: '2026-03-18', legs: [
    { kind: 'suspense', partnerId: LA, currency: 'USD', amountMinor: 7n }, { kind: 'suspense', partnerId: 'kr-kcsa', currency: 'USD', amountMinor: -7n }] }));
  const run = (killAt = '') => spawnSync(process.execPath, [PROGRAM, db.dataDir, db.appUrl, today, killAt, later], { encoding: 'utf8' });
  const left = () => behindTheWall(db, `select 'close' as what, state as row from day_closes union all select 'balance', account_kind || ' ' || partner_id || ' ' || closing_minor from day_close_balances
    union all select 'audit', action from audit_events where action like 'days.%' union all select 'event', name from outbox_events where name like 'days.%' order by 1, 2`);
  for (const step of ['select day_close_fence', 'insert into day_closes', 'insert into day_close_balances', 'insert into audit_events', 'insert into outbox_events', 'set constraints all immediate; commit']) {
    expect([step, run(step).signal, await left()]).toEqual([step, 'SIGKILL', []]);
  }
  expect(run().status).toBe(0);
  const done = [{ what: 'audit', row: 'days.closed' }, { what: 'balance', row: 'suspense kr-kcsa -7' }, { what: 'balance', row: `suspense ${LA} 7` }, { what: 'close', row: 'prepared' }, { what: 'event', row: 'days.closed' }];
  expect(await left()).toEqual(done);
  run();
  expect(await left()).toEqual(done);
}, 300_000);
