import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { behindTheWall, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { ach } from '../../unit/payments/bank-files.ts';
import { REMITTANCE, remittanceLine } from '../../unit/payments/partner-files.ts';

const PROGRAM = new URL('../../support/payments/killed-import.mjs', import.meta.url).pathname;

// Everything that imports leave, less what carries a time or a random id.
const END_STATE = `select 'file' as what, sha256 || ' ' || kind || ' ' || lines || ' ' || rejected as row from received_files
  union all select 'kept', sha256 from kept_files
  union all select 'line', line_number || ' ' || reference || ' ' || encode(content_key, 'hex') || ' ' || coalesce(settled_minor, 0) || ' ' || findings::text from payment_lines
  union all select 'disbursement', disbursement_id || ' ' || amount_minor from disbursements
  union all select 'credit', entry_ref || ' ' || position || ' ' || amount_minor from bank_credits
  union all select 'key', encode(key, 'hex') || ' ' || occurrence from bank_credit_keys
  union all select 'sighting', position || ' ' || entry_ref from bank_credit_sightings
  union all select 'audit', action from audit_events
  order by 1, 2`;

const FILES: Record<string, string> = {
  payments: `${REMITTANCE}\n${Array.from({ length: 300 }, (_, n) => remittanceLine({ folio: `RLA26-${n % 290}`, ...(n === 7 ? { importe_usd: '???' } : {}) })).join('\n')}\n`,
  bank: ach(Array.from({ length: 40 }, (_, n) => ({ id: `TRLA26010${n}`, cents: 1000 + n }))),
  register: `disbursement_id,batch_id,case_id,partner,payee_name,amount,currency,issued_on,method\n${Array.from({ length: 50 }, (_, n) => `D${n},B1,2000004103714,mx-consulate-los-angeles,María López,5.00,USD,2026-01-03,consulate`).join('\n')}\n`,
};

function run(db: TestDatabase, kind: string, killAt = ''): { signal: string | null; output: string } {
  const file = join(db.dataDir, `${kind}.in`);
  writeFileSync(file, FILES[kind] as string);
  const { signal, stdout, stderr, status } = spawnSync(process.execPath, [PROGRAM, db.dataDir, db.appUrl, kind, file, killAt], { encoding: 'utf8' });
  if (signal === null && status !== 0) throw new Error(stderr);
  return { signal, output: stdout };
}

it.each([
  ['payments', ['insert into kept_files', 'insert into received_files', 'insert into payment_lines', 'insert into audit_events', 'set constraints all immediate; commit']],
  ['bank', ['insert into received_files', 'analyze staged_entries', 'insert into audit_events']],
  ['register', ['insert into received_files', 'insert into disbursements', 'insert into audit_events']],
])('ends in the same state when an import of %s was killed at any step and run again', async (kind, steps) => {
  const [killed, calm] = [await testDatabase(), await testDatabase()];
  const first = run(calm, kind).output;
  for (const step of steps) {
    expect([step, run(killed, kind, step).signal]).toEqual([step, 'SIGKILL']);
    expect(await behindTheWall(killed, 'select file_id from received_files union all select file_id from payment_lines union all select file_id from bank_credits')).toEqual([]);
  }
  expect(JSON.parse(run(killed, kind).output)).toEqual(JSON.parse(first));
  expect(await behindTheWall(killed, END_STATE)).toEqual(await behindTheWall(calm, END_STATE));
  expect(JSON.parse(run(killed, kind).output)).toMatchObject({ imported: 0 });
});
