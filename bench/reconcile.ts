import { execFileSync } from 'node:child_process';
import { chmodSync, createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { importCaseExtract } from '../src/modules/cases/index.ts';
import { checkLedger } from '../src/modules/ledger/index.ts';
import { importDisbursements } from '../src/modules/payments/index.ts';
import { reconcile, streamOutcomes } from '../src/modules/reconciliation/index.ts';
import { loadConfig } from '../src/platform/config.ts';
import { operatorActor } from '../src/platform/context.ts';
import type { Ctx } from '../src/platform/context.ts';
import { useEmbeddedServer } from '../src/platform/database/embedded/index.ts';
import { openDatabase } from '../src/platform/database/index.ts';
import { systemClock } from '../src/platform/dates.ts';
import { openKeyRing } from '../src/platform/keys.ts';
import { createLogger } from '../src/platform/log.ts';
import { databaseCpu, importAll } from './support/measure-month.ts';
import type { Expected } from './support/payment-world.ts';

/**
 * How fast partners' lines go from file to posted, and how often they go right: import of the files, two at a time, reconciliation, posting; beside
 * the limit of this machine in the same run, COPY of the same lines into a logged table with the same columns and indexes.
 *
 *   node bench/reconcile.ts [lines] [--seed=1] [--noise=0.4] [--json]
 *
 * Noise 0.4 is a little more than real files have; 1 tells how the rules fare at their worst.
 */
const lines = Number(process.argv.find((arg) => /^\d+$/.test(arg)) ?? 100_000);
const seed = Number(/--seed=(\d+)/u.exec(process.argv.join(' '))?.[1] ?? 1);
const noise = Number(/--noise=([\d.]+)/u.exec(process.argv.join(' '))?.[1] ?? 0.4);
const CASES_PER_LINE = 0.25;

const dataDir = mkdtempSync(join(tmpdir(), 'puente-bench-'));
chmodSync(dataDir, 0o711);
const config = loadConfig({ PUENTE_DATA_DIR: dataDir, PUENTE_LOG_LEVEL: 'silent' });
const db = await openDatabase(config);
const ctx: Ctx = { actor: operatorActor(config), clock: systemClock, config, db, keys: await openKeyRing(config), log: createLogger('silent') };
let memoryMb = 0;
const look = (): void => { memoryMb = Math.max(memoryMb, process.memoryUsage().rss / 1_048_576); };
const watch = setInterval(look, 50);

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/**
 * The lines that are in the database now, written once more by COPY from a file: into a table like theirs, logged like theirs and with the same
 * indexes, nothing else. The middle one of three.
 */
async function copySeconds(): Promise<number> {
  const server = await useEmbeddedServer(config.dataDir);
  const admin = new Client({ connectionString: Object.assign(new URL(server.adminUrl), { pathname: new URL(server.ownerUrl).pathname }).href });
  await admin.connect();
  try {
    const { rows: [columns] } = await admin.query<{ names: string }>(
      "select string_agg(attname, ', ' order by attnum) as names from pg_attribute where attrelid = 'payment_lines'::regclass and attnum > 0 and not attisdropped and attgenerated = ''");
    const file = join(worldDir, 'lines.copy');
    await pipeline(admin.query(copyTo(`copy payment_lines (${columns?.names ?? ''}) to stdout`)), createWriteStream(file));
    await admin.query('create table copied_lines (like payment_lines including indexes)');
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      await admin.query('truncate copied_lines');
      await admin.query('checkpoint');
      times.push(await seconds(() => pipeline(createReadStream(file), admin.query(copyFrom(`copy copied_lines (${columns?.names ?? ''}) from stdin`)))));
    }
    await admin.query('drop table copied_lines');
    return times.toSorted((x, y) => x - y)[1] as number;
  } finally {
    await admin.end();
    await server.release();
  }
}

type Score = { lines: number; due: number; got: number; wrong: number };

async function score(truth: ReadonlyMap<string, Expected>, runId: string): Promise<{ total: Score; byNoise: Map<string, Score>; wrong: string[] }> {
  const total: Score = { lines: 0, due: 0, got: 0, wrong: 0 };
  const byNoise = new Map<string, Score>();
  const wrong: string[] = [];
  for await (const outcome of streamOutcomes(ctx, runId)) {
    const at = `${outcome.file}:${outcome.line}`;
    const expected = truth.get(at) as Expected;
    if (expected.outcome === 'any') continue;
    const moves = outcome.outcome === 'posted' || outcome.outcome === 'returned';
    const isRight = outcome.outcome === expected.outcome && (expected.caseId === '' || outcome.caseId === expected.caseId);
    const due = expected.caseId !== '' ? 1 : 0;
    const isWrong = moves && !isRight && outcome.caseId !== expected.orCase ? 1 : 0;
    if (isWrong) wrong.push(`${at} ${outcome.outcome} on ${outcome.caseId ?? ''}, should be ${expected.outcome} ${expected.caseId} [${expected.noise}] ${outcome.reasons.join(' ')}`);
    for (const s of [total, ...expected.noise.split(';').map((n) => byNoise.get(n) ?? byNoise.set(n, { lines: 0, due: 0, got: 0, wrong: 0 }).get(n) as Score)]) {
      s.lines += 1;
      s.due += due;
      s.got += due && isRight ? 1 : 0;
      s.wrong += isWrong;
    }
  }
  return { total, byNoise, wrong };
}

const worldDir = mkdtempSync(join(tmpdir(), 'puente-world-'));
const file = (name: string) => ({ fileName: name, source: createReadStream(join(worldDir, name)) });

try {
  const caseCount = Math.ceil(lines * CASES_PER_LINE);
  execFileSync(process.execPath, [new URL('support/write-world.ts', import.meta.url).pathname, worldDir, String(caseCount), String(lines), String(seed), String(noise)]);
  const manifest = JSON.parse(readFileSync(join(worldDir, 'manifest.json'), 'utf8')) as { name: string; partner: string }[];
  const importCases = await seconds(() => importCaseExtract(ctx, file('cases.ndjson')));
  const prepare = await seconds(() => importDisbursements(ctx, file('disbursements.csv')));
  const importFiles = await seconds(async () => {
    await importAll(ctx, manifest, worldDir);
  });
  const importMemoryMb = memoryMb;
  let runId = '';
  const [cpuBefore, databaseBefore] = [process.cpuUsage(), databaseCpu(dataDir)];
  const run = await seconds(async () => { runId = (await reconcile(ctx)).runId; });
  const cpu = process.cpuUsage(cpuBefore);
  const databaseSeconds = databaseCpu(dataDir) - databaseBefore;
  const again = await seconds(() => reconcile(ctx));
  const peak = memoryMb;
  const copy = await copySeconds();
  const truth = new Map(JSON.parse(readFileSync(join(worldDir, 'truth.json'), 'utf8')) as [string, Expected][]);
  const result = await score(truth, runId);
  const check = await checkLedger(ctx);
  if (!check.isClean) throw new Error('the ledger is not clean after the run');
  const count = result.total.lines;
  const figures = {
    lines: truth.size, noise, cases: caseCount, importCasesSeconds: round(importCases), registerSeconds: round(prepare), importSeconds: round(importFiles), reconcileSeconds: round(run), programCpuSeconds: round((cpu.user + cpu.system) / 1e6), databaseCpuSeconds: round(databaseSeconds), againSeconds: round(again),
    linesPerSecond: Math.round(truth.size / (importFiles + run)), copyLinesPerSecond: Math.round(truth.size / copy), timesCopy: round((importFiles + run) / copy), importMemoryMb: Math.round(importMemoryMb), memoryMb: Math.round(peak),
    scored: count, wrongPosts: result.total.wrong, recall: round(result.total.got / result.total.due, 4),
  };
  for (const line of result.wrong.slice(0, 20)) console.error(line);
  if (process.argv.includes('--json')) console.log(JSON.stringify({ ...figures, byNoise: Object.fromEntries(result.byNoise) }));
  else {
    for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(22)} ${value}`);
    for (const [noise, s] of [...result.byNoise].sort()) console.log(`${noise.padEnd(22)} ${String(s.lines).padStart(7)} lines, recall ${s.due === 0 ? '-' : (s.got / s.due).toFixed(4)}, wrong ${s.wrong}`);
  }
} finally {
  clearInterval(watch);
  await db.close();
  for (const directory of [dataDir, worldDir]) rmSync(directory, { recursive: true, force: true });
}

function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
