import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { newKeyFile } from '../../../src/platform/keys.ts';
import { aCase, extractOf } from '../../support/cases/builders.ts';
import { testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

const PUENTE = new URL('../../../bin/puente', import.meta.url).pathname;
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  writeFileSync(join(db.dataDir, 'test-keys.json'), JSON.stringify(await newKeyFile()));
});

function file(name: string, bytes: Buffer | string): string {
  writeFileSync(join(db.dataDir, name), bytes);
  return join(db.dataDir, name);
}

function puente(...args: string[]): { status: number | null; printed: { file: string; [key: string]: unknown }[]; said: string } {
  const env = { PATH: process.env['PATH'], DATABASE_URL: db.appUrl, PUENTE_KEYS: join(db.dataDir, 'test-keys.json'), PUENTE_DATA_DIR: db.dataDir };
  const { status, stdout, stderr } = spawnSync(process.execPath, [PUENTE, 'cases', 'import', ...args], { encoding: 'utf8', env });
  return { status, printed: args.includes('--json') ? stdout.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)) : [], said: stdout + stderr };
}

describe('puente cases import', () => {
  it('prints one object for each file, takes what can be taken and exits 3 when a file was refused', () => {
    const whole = gzipSync(extractOf([aCase({ caseId: 'Z-1' })]));
    const { status, printed } = puente('--json', file('cut.ndjson.gz', whole.subarray(0, whole.length - 12)), file('bomb.gz', gzipSync(Buffer.alloc(40_000_000))), join(db.dataDir, 'nowhere'),
      file('good.bin', gzipSync(extractOf([aCase({ caseId: 'G-1' })]))));
    expect(status).toBe(3);
    expect(printed.map(({ file: name, error, imported }) => [name, error, imported])).toEqual([
      ['cut.ndjson.gz', 'cases.gzip_truncated', 0], ['bomb.gz', 'cases.decompression_limit', 0], ['nowhere', 'file.unreadable', 0], ['good.bin', undefined, 1],
    ]);
  });

  it('exits 10 when a line needs a person, and says so in words without repeating the line', () => {
    const spoiled = file('spoiled.ndjson', `${JSON.stringify(aCase({ caseId: 'S-1' }))}\n${JSON.stringify({ ...aCase({ caseId: 'S-2' }), county: 'Canary-County' })}\n`);
    const { status, said } = puente(spoiled);
    expect(status).toBe(10);
    expect(said).toContain('spoiled.ndjson:2 /county');
    expect(said).toContain('2 lines; 1 new, 0 changed, 0 unchanged, 1 rejected');
    expect(said).not.toContain('Canary-County');
  });

  it('exits 0 with every field of the contract when there is nothing to say', () => {
    const clean = file('clean.ndjson', extractOf([aCase({ caseId: 'C-1', participants: aCase().participants.map((person) => ({ ...person, identifiers: [] })) })]));
    const { status, printed } = puente('--json', clean);
    expect(status).toBe(0);
    expect(printed).toEqual([{ file: 'clean.ndjson', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), lines: 1, imported: 1, unchanged: 0, changed: 0, rejected: 0, findings: [] }]);
  });

  it('exits 2 without a file', () => expect(puente().status).toBe(2));
});
