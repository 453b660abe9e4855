import { measureMonth } from './support/measure-month.ts';

/**
 * A month of Los Angeles County: 118,000 payments beside 244,068 cases, from the partners' files to the postings. The cases are there before.
 *
 *   node bench/county-month.ts [--noise=0.4] [--json]
 */
const CASES = 244_068;
const PAYMENTS = 118_000;
const noise = Number(/--noise=([\d.]+)/u.exec(process.argv.join(' '))?.[1] ?? 0.4);

const month = await measureMonth({ cases: CASES, lines: PAYMENTS, noise });
const seconds = Number((month.importSeconds + month.reconcileSeconds).toFixed(2));
const figures = { ...month, seconds, linesPerSecond: Math.round(PAYMENTS / seconds) };
if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
else for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(20)} ${value}`);
