import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importCaseExtract } from '../src/modules/cases/index.ts';
import { seededRandom } from '../src/demo/random.ts';
import { importBank, importDisbursements, importPayments } from '../src/modules/payments/index.ts';
import { reconcile, RULE_VERSION, streamOutcomes } from '../src/modules/reconciliation/index.ts';
import { loadConfig } from '../src/platform/config.ts';
import { operatorActor } from '../src/platform/context.ts';
import type { Ctx } from '../src/platform/context.ts';
import { openDatabase } from '../src/platform/database/index.ts';
import { systemClock } from '../src/platform/dates.ts';
import { openKeyRing } from '../src/platform/keys.ts';
import { createLogger } from '../src/platform/log.ts';
import { makeNoisyWorld } from './support/noise/noisy-world.ts';
import type { Truth } from './support/noise/lines.ts';
import { estimate, sweep } from './support/calibrate.ts';
import { wilson } from './support/wilson.ts';

/**
 * How often the matcher is right on lines of every kind of noise that its authors could think of, from file to posting: precision, recall
 * and wrong posts by kind of noise, with 95 % bounds.
 *
 *   node bench/matching.ts [lines] [--seed=1] [--cases=6000] [--json] [--missed] [--sweep] [--estimate]
 *
 * `--missed` names the lines that should have posted and wait, `--sweep` shows what other thresholds of weight would do, and `--estimate` prints
 * m and u of every field as this labelled caseload has them, for `weights.json`.
 *
 * Ends with exit code 1 when anything was posted wrongly.
 */
const args = process.argv.join(' ');
const lines = Number(process.argv.find((arg) => /^\d+$/u.test(arg)) ?? 20_000);
const seed = Number(/--seed=(\d+)/u.exec(args)?.[1] ?? 1);
const caseCount = Number(/--cases=(\d+)/u.exec(args)?.[1] ?? Math.ceil(lines * 0.9));

type Tally = { lines: number; moved: number; due: number; got: number; wrong: number };
type Miss = { readonly at: string; readonly text: string; readonly outcome: string; readonly caseId: string | null; readonly reasons: readonly string[]; readonly truth: Truth };
const fresh = (): Tally => ({ lines: 0, moved: 0, due: 0, got: 0, wrong: 0 });

const dataDir = mkdtempSync(join(tmpdir(), 'puente-matching-'));
const config = loadConfig({ PUENTE_DATA_DIR: dataDir, PUENTE_LOG_LEVEL: 'silent' });
const db = await openDatabase(config);
const ctx: Ctx = { actor: operatorActor(config), clock: systemClock, config, db, keys: await openKeyRing(config), log: createLogger('silent') };
let failed = false;
try {
  const world = makeNoisyWorld(seededRandom(seed), { cases: caseCount, lines });
  await importCaseExtract(ctx, { fileName: 'cases.ndjson', source: Buffer.from(world.extract) });
  await importDisbursements(ctx, { fileName: 'disbursements.csv', source: Buffer.from(world.register) });
  for (const { name, partner, text } of world.files) await importPayments(ctx, { partnerId: partner, fileName: name, source: Buffer.from(text) });
  await importBank(ctx, { fileName: 'bank.xml', source: Buffer.from(world.bank) });
  const { runId } = await reconcile(ctx);
  const rows = new Map(world.files.map((f) => [f.name, f.text.split('\n')]));
  const total = fresh();
  const byNoise = new Map<string, Tally>();
  const wrong: Miss[] = [];
  const missed: Miss[] = [];
  for await (const o of streamOutcomes(ctx, runId)) {
    const at = `${o.file}:${o.line}`;
    const truth = world.truth.get(at);
    if (truth === undefined) throw new Error(`no truth for ${at}`);
    const moves = o.outcome === 'posted' || o.outcome === 'returned';
    const isRight = o.outcome === truth.moves && (o.caseId === truth.caseId || truth.moves === 'duplicate') && (truth.disbursementId === undefined || o.disbursementId === truth.disbursementId || truth.moves === 'duplicate');
    const miss: Miss = { at, text: rows.get(o.file)?.[o.line - 1] ?? '', outcome: o.outcome, caseId: o.caseId, reasons: o.reasons, truth };
    if (moves && !isRight) wrong.push(miss);
    if (truth.due && !isRight) missed.push(miss);
    const kinds = truth.noise.length === 0 ? ['(clean)'] : [...new Set(truth.noise)];
    for (const t of [total, ...kinds.map((n) => byNoise.get(n) ?? byNoise.set(n, fresh()).get(n) as Tally)]) {
      t.lines += 1;
      t.moved += moves ? 1 : 0;
      t.due += truth.due ? 1 : 0;
      t.got += truth.due && isRight ? 1 : 0;
      t.wrong += moves && !isRight ? 1 : 0;
    }
  }
  failed = wrong.length > 0;
  report(total, byNoise, wrong, missed);
  if (args.includes('--sweep')) await sweep(ctx, world.truth);
  if (args.includes('--estimate')) await estimate(ctx, world.truth, caseCount);
} finally {
  await db.close();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

function report(total: Tally, byNoise: ReadonlyMap<string, Tally>, wrong: readonly Miss[], missed: readonly Miss[]): void {
  const show = (m: Miss): string => `${m.at} ${m.outcome} ${m.caseId ?? ''} should be ${m.truth.moves} ${m.truth.caseId} [${m.truth.noise.join(';')}] ${m.text} | ${m.reasons.join(' ')}`;
  for (const m of wrong.slice(0, 60)) console.error(`WRONG ${show(m)}`);
  if (args.includes('--missed')) for (const m of missed.slice(0, 2_000)) console.error(`MISSED ${show(m)}`);
  const bounds = wilson(total.wrong, total.moved);
  const figures = {
    ruleVersion: RULE_VERSION, seed, cases: caseCount, lines: total.lines, moved: total.moved, wrongPosts: total.wrong, wrongShareAtMost: round(bounds.high, 6), precision: round(1 - total.wrong / Math.max(total.moved, 1), 6),
    due: total.due, recall: round(total.got / Math.max(total.due, 1)),
  };
  if (args.includes('--json')) {
    console.log(JSON.stringify({ ...figures, byNoise: Object.fromEntries(byNoise) }));
    return;
  }
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(18)} ${value}`);
  console.log(`\n${'noise'.padEnd(30)}${['lines', 'moved', 'wrong', 'at most', 'due', 'recall', '95 % from', 'to'].map((h) => h.padStart(10)).join('')}`);
  for (const [name, t] of [...byNoise].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const recall = wilson(t.got, t.due);
    console.log(name.padEnd(30) + [t.lines, t.moved, t.wrong, round(wilson(t.wrong, t.moved).high), t.due, t.due === 0 ? '-' : round(t.got / t.due), t.due === 0 ? '-' : round(recall.low), t.due === 0 ? '-' : round(recall.high)].map((v) => String(v).padStart(10)).join(''));
  }
}

function round(value: number, digits = 4): number {
  return Number(value.toFixed(digits));
}
