import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { behindTheWall, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { listOf, lyingIn, pickupFolder, remittance } from '../../support/payments/pickup.ts';

const PROGRAM = new URL('../../support/payments/killed-pickup.mjs', import.meta.url).pathname;

// Everything that a pick-up leaves, less what carries a time or a random id, and less that a list was looked at in vain: a second look is one.
const END_STATE = `select 'picked' as what, file_name || ' ' || state || ' ' || coalesce(refusal, '') || ' ' || coalesce(line_count, -1) as row from picked_up_files
  union all select 'file', sha256 || ' ' || kind || ' ' || lines from received_files
  union all select 'kept', sha256 from kept_files
  union all select 'line', line_number || ' ' || reference from payment_lines
  union all select 'audit', action from audit_events where action <> 'payments.list_untold'
  union all select 'event', name from outbox_events
  order by 1, 2`;

function run(db: TestDatabase, killAt = ''): { signal: string | null; output: string } {
  const { signal, stdout, stderr, status } = spawnSync(process.execPath, [PROGRAM, db.dataDir, db.appUrl, 'pickup', killAt], { encoding: 'utf8' });
  if (signal === null && status !== 0) throw new Error(stderr);
  return { signal, output: stdout };
}

function prepare(db: TestDatabase): string {
  const place = pickupFolder(db, 'consulate-la', { quietSeconds: 0 });
  writeFileSync(join(place, 'a.csv'), listOf(remittance('R1'), remittance('R2')));
  writeFileSync(join(place, 'b.csv'), 'no list\n');
  return place;
}

const STEPS = [
  'fs:rename:1', 'insert into picked_up_files', 'insert into kept_files', 'insert into received_files', 'insert into audit_events', 'COMMIT#3', 'update picked_up_files', 'insert into outbox_events',
  'fs:rename:2', 'fs:rename:3', 'update picked_up_files#2', 'fs:writeFile:1', 'fs:rename:4',
];

const ALONE = ['fs:rename:1', 'insert into picked_up_files', 'insert into received_files', 'update picked_up_files', 'fs:rename:2', 'fs:writeFile:1', 'fs:rename:4'];

it('killed at any step and run again, a pick-up loses nothing and doubles nothing', async () => {
  const calm = await testDatabase();
  const calmPlace = prepare(calm);
  run(calm);
  const wanted = await behindTheWall(calm, END_STATE);
  expect(wanted.length).toBeGreaterThan(8);
  for (const step of ALONE) {
    const killed = await testDatabase();
    const place = prepare(killed);
    expect([step, run(killed, step).signal]).toEqual([step, 'SIGKILL']);
    run(killed);
    expect([step, await behindTheWall(killed, END_STATE)]).toEqual([step, wanted]);
    for (const folder of ['', 'processing', 'done', 'refused']) expect([step, folder, lyingIn(place, folder)]).toEqual([step, folder, lyingIn(calmPlace, folder)]);
  }
}, 300_000);

it('killed at every step, one after the other, it ends as if nothing had been', async () => {
  const [calm, killed] = [await testDatabase(), await testDatabase()];
  const calmPlace = prepare(calm);
  run(calm);
  const place = prepare(killed);
  for (const step of STEPS) run(killed, step);
  run(killed);
  expect(await behindTheWall(killed, END_STATE)).toEqual(await behindTheWall(calm, END_STATE));
  for (const folder of ['', 'processing', 'done', 'refused']) expect(lyingIn(place, folder)).toEqual(lyingIn(calmPlace, folder));
}, 300_000);
