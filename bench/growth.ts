import { measureMonth } from './support/measure-month.ts';

/**
 * Whether time grows as the lines do: months of 10,000, 100,000 and 1,000,000 lines, with a case for every four lines, from files to postings.
 * Each month has a database of its own. The ratios compare the time for a line with that of the smallest month; a quiet machine is needed for
 * the ratio of the clock, the ratio of the processors' time tells the same on a busy one.
 *
 *   node bench/growth.ts [lines…] [--noise=0.4] [--json]
 */
const given = process.argv.filter((arg) => /^\d+$/u.test(arg)).map(Number);
const sizes = given.length > 0 ? given : [10_000, 100_000, 1_000_000];
const noise = Number(/--noise=([\d.]+)/u.exec(process.argv.join(' '))?.[1] ?? 0.4);

const microsecondsALine = (seconds: number, lines: number): number => Math.round((seconds / lines) * 1e6);
let first: { wall: number; cpu: number } | null = null;
const rows: Record<string, number>[] = [];
for (const lines of sizes) {
  const month = await measureMonth({ cases: Math.ceil(lines / 4), lines, noise });
  const each = { wall: (month.importSeconds + month.reconcileSeconds) / lines, cpu: (month.programCpuSeconds + month.databaseCpuSeconds) / lines };
  first ??= each;
  const row = {
    ...month, linesPerSecond: Math.round(1 / each.wall), microsecondsALine: microsecondsALine(each.wall * lines, lines), cpuMicrosecondsALine: microsecondsALine(each.cpu * lines, lines),
    ratio: Number((each.wall / first.wall).toFixed(2)), cpuRatio: Number((each.cpu / first.cpu).toFixed(2)),
  };
  rows.push(row);
  if (!process.argv.includes('--json')) console.log(Object.entries(row).map(([name, value]) => `${name} ${value}`).join('  '));
}
if (process.argv.includes('--json')) console.log(JSON.stringify(rows));
