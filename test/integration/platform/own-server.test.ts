import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractOf } from '../../support/cases/builders.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';

const folder = mkdtempSync(join(tmpdir(), 'puente-own-'));
chmodSync(folder, 0o711);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command in a process of its own, told of nothing but its data directory. */
function puente(...words: string[]): Promise<{ code: number | string | null | undefined; json: Record<string, unknown> }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', PUENTE_DATA_DIR: join(folder, 'data') };
    execFile(process.execPath, ['bin/puente', ...words, '--json'], { env }, (error, stdout) => {
      resolve({ code: error === null ? 0 : error.code, json: JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown> });
    });
  });
}

it('a command that is told of no database starts its own, with keys, and the next one finds there what the first has written', async () => {
  const extract = join(folder, 'cases.ndjson');
  writeFileSync(extract, extractOf([aMexicanCase({ caseId: 'IM-1' })]));
  expect(await puente('cases', 'import', extract)).toMatchObject({ json: { lines: 1, imported: 1, unchanged: 0 } });
  expect(existsSync(join(folder, 'data', 'keys.json'))).toBe(true);
  const created = await puente('referrals', 'create', '--case', 'IM-1', '--partner', 'mx-consulate-calexico', '--service', 'enforce');
  expect(created).toMatchObject({ code: 0, json: { status: 'draft' } });
  const built = await puente('packets', 'build', String(created.json['referralId']), '--out', folder);
  expect(built).toMatchObject({ code: 0 });
  expect(await puente('packets', 'verify', String(built.json['file']))).toMatchObject({ code: 0, json: { signer: { trust: 'own' } } });
}, 120_000);
