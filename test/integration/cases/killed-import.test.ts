import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateCases } from '../../../src/demo/case-generator.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { behindTheWall, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

const PROGRAM = new URL('../../support/cases/killed-import.mjs', import.meta.url).pathname;

// Everything that an import leaves, less what carries a time, a random id or a fresh nonce.
const END_STATE = `select 'case' as what, case_id || ' ' || version || ' ' || encode(content_digest, 'hex') as row from support_cases
  union all select 'participant', case_id || ' ' || participant_id || ' ' || given || ' ' || family from case_participants
  union all select 'name key', case_id || ' ' || participant_id || ' ' || name_key from case_name_keys
  union all select 'term', case_id || ' ' || term from case_search_terms where term not like 'd:%'
  union all select 'identifier', case_id || ' ' || participant_id || ' ' || position || ' ' || encode(lookup, 'hex') from case_identifiers
  union all select 'version', case_id || ' ' || version || ' ' || line_number from support_case_versions
  union all select 'obligation', case_id || ' ' || obligation_id || ' ' || amount_minor from case_obligations
  union all select 'balance', case_id || ' ' || position || ' ' || amount_minor from case_balances
  union all select 'file', sha256 from kept_files union all select 'import', lines || ' ' || imported from case_imports union all select 'audit', action from audit_events
  order by 1, 2`;

function runImport(db: TestDatabase, extract: string, killAfter: number): { signal: string | null; output: string } {
  const { signal, stdout, stderr, status } = spawnSync(process.execPath, [PROGRAM, db.dataDir, db.appUrl, extract, String(killAfter)], { encoding: 'utf8' });
  if (signal === null && status !== 0) throw new Error(stderr);
  return { signal, output: stdout };
}

it('ends in the same state when the import was killed in the middle and run again', async () => {
  const extracted = extractOf([...generateCases({ seed: 12, count: 1_100 })]);
  const [killed, calm] = [await testDatabase(), await testDatabase()];
  const write = (db: TestDatabase): string => {
    const file = join(db.dataDir, 'cases.ndjson');
    writeFileSync(file, extracted);
    return file;
  };
  // The same keys for both, so that keyed hashes can be compared.
  runImport(calm, write(calm), Infinity);
  const keys = readFileSync(join(calm.dataDir, 'keys.json'));
  writeFileSync(join(killed.dataDir, 'keys.json'), keys, { mode: 0o600 });

  expect(runImport(killed, write(killed), 500).signal).toBe('SIGKILL');
  expect(await behindTheWall(killed, 'select case_id from support_cases')).toEqual([]);
  expect(JSON.parse(runImport(killed, write(killed), Infinity).output)).toMatchObject({ lines: 1_100, imported: 1_100, unchanged: 0 });

  expect(await behindTheWall(killed, END_STATE)).toEqual(await behindTheWall(calm, END_STATE));
  expect(JSON.parse(runImport(killed, write(killed), Infinity).output)).toMatchObject({ imported: 0, unchanged: 1_100 });
});
