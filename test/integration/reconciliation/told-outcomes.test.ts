import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppCommand } from '../../../src/cli/command.ts';
import { reconcileCommands } from '../../../src/cli/reconcile.ts';
import { listRunLines, reconcile } from '../../../src/modules/reconciliation/index.ts';
import type { LineOutcome } from '../../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { newKeyFile } from '../../../src/platform/keys.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { recordingTerminal } from '../../support/recording-terminal.ts';
import { caseLine, FORWARDING, importCases, importCredits, importLines, importRegister, LA, reconcileAll, REMITTANCE } from '../../support/reconciliation/scene.ts';

const C1 = '2000004100001';
const PAYEE = 'Nayeli Robles Tapia';

let db: TestDatabase;
let ctx: Ctx;

beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
  await importCases(ctx, [caseLine(C1, { payer: 'Raúl Ibarra Zúñiga', receiver: PAYEE })]);
  await importRegister(ctx, [`D2603000001,B1,${C1},${LA},${PAYEE},100.00,USD,2026-03-01,consulate`]);
});

const remitted = (folio: string, caseId: string, usd: string): string => `${folio},${caseId},Raúl Ibarra Zúñiga,${PAYEE},2000.00,MXN,0.055,0.00,${usd},2026-03-05,2026-03-06,TR1,`;
const delivered = (folio: string, amount = '100.00', rate = '18.0000'): string => `${folio},D2603000001,${C1},${PAYEE},${amount},USD,${rate},0.00,${(Number(amount) * 18).toFixed(2)},MXN,2026-03-10,ENTREGADO,`;
const command = (options: Record<string, string | boolean> = {}) => async () => {
  const io = recordingTerminal();
  const code = await (reconcileCommands[0] as AppCommand).run(io, { args: [], options }, ctx);
  return { code, values: io.values as LineOutcome[], said: io.lines.join('\n') };
};

it('tells of every collection the amount remitted, wherever it can be read', async () => {
  await importLines(ctx, 'r.csv', REMITTANCE, [remitted('R-1', C1, '110.00'), remitted('R-1', C1, '110.00'), remitted('R-2', '9', '110.00').replace(PAYEE, 'Otra Otra Otra'), remitted('R-3', C1, '190.00'), remitted('R-4', C1, 'abc')]);
  await importLines(ctx, 'f.csv', FORWARDING, [delivered('F-1'), delivered('F-2'), delivered('F-1')]);
  const outcomes = await reconcileAll(ctx);
  expect([...outcomes].map(([at, o]) => [at, o.outcome, o.amountMinor, o.currency])).toEqual([
    ['r.csv:2', 'pending', 11_000, 'USD'], ['r.csv:3', 'duplicate', 11_000, 'USD'], ['r.csv:4', 'suspense', 11_000, 'USD'], ['r.csv:5', 'rejected', 19_000, 'USD'], ['r.csv:6', 'rejected', null, null],
    ['f.csv:2', 'posted', 10_000, 'USD'], ['f.csv:3', 'suspense', null, null], ['f.csv:4', 'duplicate', null, null],
  ]);
});

it('a page shows what was matched, and beside it what was printed', async () => {
  await importLines(ctx, 'r.csv', REMITTANCE, [remitted('R-1', C1, '110.00'), remitted('R-2', '9', '110.00').replace(PAYEE, 'Otra Otra Otra')]);
  const { runId } = await reconcile(ctx);
  expect((await listRunLines(ctx, runId)).lines.map((l) => [l.amountMinor, l.printedMinor, l.printedCurrency])).toEqual([[11_000, 11_000, 'USD'], [null, 11_000, 'USD']]);
});

it('prints the lines of a finished run again, and names the run before its lines', async () => {
  await importLines(ctx, 'f.csv', FORWARDING, [delivered('F-1'), delivered('F-2')]);
  const first = await command()();
  expect(first.code).toBe(10);
  const runId = /run_[0-9A-Za-z]+/u.exec(first.said)?.[0] ?? '';
  expect(first.said.indexOf(`puente reconcile --run ${runId} --json`)).toBeGreaterThanOrEqual(0);
  expect((await command()())).toMatchObject({ code: 0, values: [] });
  expect(await command({ run: runId })()).toEqual(first);
  expect((await command({ runs: true })()).values).toEqual(expect.arrayContaining([expect.objectContaining({ runId, state: 'finished', files: 1, outcomes: { posted: 1, suspense: 1 } })]));
});

it('refuses a run that there is none of, and one that has not finished', async () => {
  await expect(command({ run: 'run_none' })()).rejects.toMatchObject({ kind: 'not_found', code: 'reconciliation.run_unknown' });
  const { runId } = await reconcile(ctx);
  await behindTheWall(db, "update reconciliation_runs set state = 'interrupted' where run_id = $1", [runId]);
  await expect(command({ run: runId })()).rejects.toMatchObject({ kind: 'conflict', code: 'reconciliation.run_unfinished' });
});

it('a reader that went away after the first line gets them all with --run', async () => {
  await importLines(ctx, 'f.csv', FORWARDING, Array.from({ length: 3_000 }, (_, i) => delivered(`F-${i}`, String(1 + i))));
  await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
  writeFileSync(join(db.dataDir, 'test-keys.json'), JSON.stringify(await newKeyFile()));
  const puente = new URL('../../../bin/puente', import.meta.url).pathname;
  const env = { PATH: process.env['PATH'], DATABASE_URL: db.appUrl, PUENTE_KEYS: join(db.dataDir, 'test-keys.json'), PUENTE_DATA_DIR: db.dataDir };
  const shell = (line: string) => spawnSync('sh', ['-c', line], { encoding: 'utf8', env });
  const cut = shell(`"${process.execPath}" "${puente}" reconcile --json | head -n 1`);
  expect(cut.stdout.trim().split('\n')).toHaveLength(1);
  const runId = /run_[0-9A-Za-z]+/u.exec(cut.stderr)?.[0] ?? '';
  const again = shell(`"${process.execPath}" "${puente}" reconcile --run ${runId} --json`);
  expect(again.status).toBe(10);
  expect(again.stdout.trim().split('\n').map((line) => (JSON.parse(line) as LineOutcome).line)).toEqual(Array.from({ length: 3_000 }, (_, i) => i + 2));
}, 60_000);
