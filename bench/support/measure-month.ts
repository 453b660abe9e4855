import { execFileSync } from 'node:child_process';
import { chmodSync, createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importCaseExtract } from '../../src/modules/cases/index.ts';
import { checkLedger } from '../../src/modules/ledger/index.ts';
import { importBank, importDisbursements, importPayments } from '../../src/modules/payments/index.ts';
import { reconcile } from '../../src/modules/reconciliation/index.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { operatorActor } from '../../src/platform/context.ts';
import type { Ctx } from '../../src/platform/context.ts';
import { openDatabase } from '../../src/platform/database/index.ts';
import { systemClock } from '../../src/platform/dates.ts';
import { openKeyRing } from '../../src/platform/keys.ts';
import { createLogger } from '../../src/platform/log.ts';

export type MonthFigures = {
  readonly lines: number; readonly cases: number; readonly posted: number; readonly casesSeconds: number; readonly importSeconds: number; readonly reconcileSeconds: number;
  /** Of the program and of its database server; 0 where the system does not tell. */
  readonly programCpuSeconds: number; readonly databaseCpuSeconds: number; readonly memoryMb: number;
};

export type MonthSize = { readonly cases: number; readonly lines: number; readonly noise: number };

const round = (value: number): number => Number(value.toFixed(2));
const TICKS = 100;

/** Seconds that an embedded server and its processes have worked (Linux). */
export function databaseCpu(dataDir: string): number {
  try {
    const postmaster = readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
    let ticks = 0;
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/u.test(name))) ticks += ticksOf(id, postmaster);
    return ticks / TICKS;
  } catch {
    return 0;
  }
}

function ticksOf(id: string, postmaster: string): number {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user, system, ended, endedSystem] = fields.slice(11, 15).map(Number) as [number, number, number, number];
    if (id === postmaster) return user + system + ended + endedSystem;
    return fields[1] === postmaster ? user + system : 0;
  } catch {
    return 0; // ended since
  }
}

/** Two files at a time, as workers take them: while one is read, the other is written. */
export async function importAll(ctx: Ctx, files: readonly { name: string; partner: string }[], folder: string): Promise<void> {
  const waiting = [...files];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) await importPayments(ctx, { partnerId: file.partner, fileName: file.name, source: createReadStream(join(folder, file.name)) });
  };
  await Promise.all([work(), work()]);
  await importBank(ctx, { fileName: 'bank.xml', source: createReadStream(join(folder, 'bank.xml')) });
}

/** Makes a month, loads its cases, and measures what comes after: files imported, lines decided and posted. */
export async function measureMonth(size: MonthSize): Promise<MonthFigures> {
  const [dataDir, folder] = [mkdtempSync(join(tmpdir(), 'puente-bench-')), mkdtempSync(join(tmpdir(), 'puente-month-'))];
  chmodSync(dataDir, 0o711);
  execFileSync(process.execPath, [new URL('write-month.ts', import.meta.url).pathname, folder, String(size.cases), String(size.lines), String(size.noise)]);
  const config = loadConfig({ PUENTE_DATA_DIR: dataDir, PUENTE_LOG_LEVEL: 'silent' });
  const db = await openDatabase(config);
  const ctx: Ctx = { actor: operatorActor(config), clock: systemClock, config, db, keys: await openKeyRing(config), log: createLogger('silent') };
  let memoryMb = 0;
  const watch = setInterval(() => { memoryMb = Math.max(memoryMb, process.memoryUsage.rss() / 1_048_576); }, 50);
  const seconds = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    return (performance.now() - start) / 1000;
  };
  try {
    const files = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { name: string; partner: string }[];
    const casesSeconds = await seconds(() => importCaseExtract(ctx, { fileName: 'cases.ndjson', source: createReadStream(join(folder, 'cases.ndjson')) }));
    await importDisbursements(ctx, { fileName: 'disbursements.csv', source: createReadStream(join(folder, 'disbursements.csv')) });
    memoryMb = 0;
    const [cpuBefore, databaseBefore] = [process.cpuUsage(), databaseCpu(dataDir)];
    const importSeconds = await seconds(() => importAll(ctx, files, folder));
    let posted = 0;
    const reconcileSeconds = await seconds(async () => {
      const { outcomes } = await reconcile(ctx);
      posted = (outcomes['posted'] ?? 0) + (outcomes['returned'] ?? 0);
    });
    const cpu = process.cpuUsage(cpuBefore);
    const databaseCpuSeconds = databaseCpu(dataDir) - databaseBefore;
    if (!(await checkLedger(ctx)).isClean) throw new Error('the ledger is not clean after the run');
    return {
      lines: size.lines, cases: size.cases, posted, casesSeconds: round(casesSeconds), importSeconds: round(importSeconds), reconcileSeconds: round(reconcileSeconds),
      programCpuSeconds: round((cpu.user + cpu.system) / 1e6), databaseCpuSeconds: round(databaseCpuSeconds), memoryMb: Math.round(memoryMb),
    };
  } finally {
    clearInterval(watch);
    await db.close();
    for (const directory of [dataDir, folder]) rmSync(directory, { recursive: true, force: true });
  }
}
