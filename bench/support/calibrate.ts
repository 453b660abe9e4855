import { rankCandidates } from '../../src/modules/reconciliation/index.ts';
import { inTransaction } from '../../src/platform/context.ts';
import type { Ctx } from '../../src/platform/context.ts';
import type { Truth } from './noise/lines.ts';
import { wilson } from './wilson.ts';

type Weighed = { at: string; outcome: string; case_id: string | null; candidate: string | null; bits: number; margin: number | null };

/** What other thresholds of weight would have posted: every scored line with its weight, and whether its case is the right one. */
export async function sweep(ctx: Ctx, truth: ReadonlyMap<string, Truth>): Promise<void> {
  const rows = await inTransaction(ctx, (tx) => tx.tx.query<Weighed[]>(
    `select f.file_name || ':' || o.line_number as at, o.outcome, o.case_id, coalesce(o.case_id, o.candidate_case_id) as candidate, (o.weights->>'bits')::float as bits, (o.weights->>'margin')::float as margin
       from line_outcomes o join received_files f on f.agency_id = o.agency_id and f.file_id = o.file_id where o.agency_id = $1 and o.weights is not null`, [tx.actor.agency]));
  const judged = rows.flatMap((r) => {
    const t = truth.get(r.at);
    return t === undefined ? [] : [{ ...r, isRight: t.moves !== 'none' && t.moves !== 'duplicate' && t.caseId === r.candidate, isDue: t.due }];
  });
  console.log(`\nscored lines: ${judged.length}\n${['bits', 'margin', 'posted', 'wrong', 'at most', 'due', 'recall'].map((h) => h.padStart(9)).join('')}`);
  for (const bits of [0, 2, 4, 6, 8, 10, 12, 15]) {
    for (const margin of [0, 4, 6, 10]) {
      const posted = judged.filter((r) => r.bits >= bits && (r.margin === null || r.margin >= margin));
      const wrong = posted.filter((r) => !r.isRight).length;
      const due = judged.filter((r) => r.isDue).length;
      const got = posted.filter((r) => r.isDue && r.isRight).length;
      console.log([bits, margin, posted.length, wrong, wilson(wrong, posted.length).high.toFixed(4), due, (got / Math.max(due, 1)).toFixed(4)].map((v) => String(v).padStart(9)).join(''));
    }
  }
  for (const r of judged.filter((x) => !x.isRight).slice(0, 20)) console.log(`not its case: ${r.at} ${r.outcome} ${r.candidate ?? ''} ${r.bits} ${r.margin ?? ''}`);
}

const SAMPLE = 2_000;

/** m and u by field and level: how often each level is seen between a line and its own case, and between a line and any other of the caseload. */
export async function estimate(ctx: Ctx, truth: ReadonlyMap<string, Truth>, caseCount: number): Promise<void> {
  const files = await inTransaction(ctx, (tx) => tx.tx.query<{ file_id: string; file_name: string }[]>('select file_id, file_name from received_files where agency_id = $1', [tx.actor.agency]));
  const ids = new Map(files.map((f) => [f.file_name, f.file_id]));
  const own = new Map<string, Map<string, number>>();
  const others = new Map<string, Map<string, number>>();
  const count = (into: Map<string, Map<string, number>>, field: string, level: string): void => {
    const levels = into.get(field) ?? into.set(field, new Map()).get(field) as Map<string, number>;
    levels.set(level, (levels.get(level) ?? 0) + 1);
  };
  const due = [...truth].filter(([, t]) => t.due);
  const step = Math.max(1, Math.floor(due.length / SAMPLE));
  const sample = due.filter((_, i) => i % step === 0);
  for (const [at, t] of sample) {
    const split = at.lastIndexOf(':');
    const ranking = await rankCandidates(ctx, { fileId: ids.get(at.slice(0, split)) as string, lineNumber: Number(at.slice(split + 1)) });
    for (const c of ranking.candidates) for (const f of c.fields) count(c.caseId === t.caseId ? own : others, f.field, f.level);
  }
  const fields: Record<string, Record<string, { m: number; u: number }>> = {};
  for (const field of new Set([...own.keys(), ...others.keys()])) {
    const [mine, theirs] = [own.get(field) ?? new Map<string, number>(), others.get(field) ?? new Map<string, number>()];
    const seen = [...mine.values()].reduce((a, b) => a + b, 0);
    // Half a line for what was not seen, so that nothing is impossible.
    fields[field] = Object.fromEntries([...new Set([...mine.keys(), ...theirs.keys()])].map((level) => [level, {
      m: Number((((mine.get(level) ?? 0) + 0.5) / (seen + 1)).toPrecision(2)), u: Number((((theirs.get(level) ?? 0) + 0.5) / (sample.length * caseCount)).toPrecision(2)),
    }]));
  }
  console.log(JSON.stringify({ lines: sample.length, fields }, null, 1));
}
