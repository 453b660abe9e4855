import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { aCase, extractOf } from '../../support/cases/builders.ts';
import { commandLine } from '../../support/command-line.ts';
import type { CommandLine } from '../../support/command-line.ts';

let line: CommandLine;
beforeAll(async () => {
  line = await commandLine();
});

const file: CommandLine['put'] = (name, bytes) => line.put(name, bytes);

async function puente(...args: string[]): Promise<{ status: number; printed: readonly Record<string, unknown>[]; said: string }> {
  const { code, stdout, stderr } = await line.puente(['cases', 'import', ...args]);
  // Under --json every line of standard output is JSON.
  const printed = args.includes('--json') ? stdout.trim().split('\n').map((text) => JSON.parse(text) as Record<string, unknown>) : [];
  return { status: code, printed, said: stdout + stderr };
}

describe('puente cases import', () => {
  it('prints one object for each file, takes what can be taken and exits 3 when a file was refused', async () => {
    const whole = gzipSync(extractOf([aCase({ caseId: 'Z-1' })]));
    const { status, printed } = await puente('--json', file('cut.ndjson.gz', whole.subarray(0, whole.length - 12)), file('bomb.gz', gzipSync(Buffer.alloc(40_000_000))), join(line.db.dataDir, 'nowhere'),
      file('good.bin', gzipSync(extractOf([aCase({ caseId: 'G-1' })]))));
    expect(status).toBe(3);
    expect(printed.map(({ file: name, error, imported }) => [name, error, imported])).toEqual([
      ['cut.ndjson.gz', 'cases.gzip_truncated', 0], ['bomb.gz', 'cases.decompression_limit', 0], ['nowhere', 'file.unreadable', 0], ['good.bin', undefined, 1],
    ]);
  });

  it('exits 10 when a line needs a person, and says so in words without repeating the line', async () => {
    const spoiled = file('spoiled.ndjson', `${JSON.stringify(aCase({ caseId: 'S-1' }))}\n${JSON.stringify({ ...aCase({ caseId: 'S-2' }), county: 'Canary-County' })}\n`);
    const { status, said } = await puente(spoiled);
    expect(status).toBe(10);
    expect(said).toContain('spoiled.ndjson:2 /county');
    expect(said).toContain('2 lines; 1 new, 0 changed, 0 unchanged, 1 rejected');
    expect(said).not.toContain('Canary-County');
  });

  it('exits 0 with every field of the contract when there is nothing to say', async () => {
    const clean = file('clean.ndjson', extractOf([aCase({ caseId: 'C-1', participants: aCase().participants.map((person) => ({ ...person, identifiers: [] })) })]));
    const { status, printed } = await puente('--json', clean);
    expect(status).toBe(0);
    expect(printed).toEqual([{ file: 'clean.ndjson', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), lines: 1, imported: 1, unchanged: 0, changed: 0, rejected: 0, findings: [] }]);
  });

  it('exits 2 without a file', async () => expect((await puente()).status).toBe(2));
});
