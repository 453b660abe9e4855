import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BankEntry, BankStatement } from '../src/modules/payments/formats/bank-entry.rules.ts';
import { writeCamt } from '../src/modules/payments/formats/iso20022/camt-write.rules.ts';

/**
 * How fast a large camt.053 is read into entries, beside `xmllint --noout --stream`, which does no more than parse it: the same file, the
 * same run, each in a process of its own, by turns. CPU seconds, because other work on the machine is none of theirs.
 *
 *   node bench/camt.ts [megabytes] [--json]
 */
const megabytes = Number(process.argv.find((arg) => /^\d+$/u.test(arg)) ?? 200);
const RUNS = 3;
const ENTRIES_PER_STATEMENT = 2_000;
const HEADER = { version: '08', messageId: 'BENCH', createdAt: '2026-01-31T06:00:00' } as const;

function statement(number: number): string {
  const s: BankStatement = { line: 0, account: '990001', currency: 'USD', statementId: `S${number}`, sequence: number, page: null, from: '2026-01-30', to: '2026-01-30', opening: null, closing: null, isCopy: false };
  const entries = Array.from({ length: ENTRIES_PER_STATEMENT }, (_, at): BankEntry => {
    const n = number * ENTRIES_PER_STATEMENT + at;
    const amountMinor = BigInt(1_000 + (n % 99_991));
    return {
      line: 0, entryRef: String(n), part: 0, account: s.account, group: s.statementId, amountMinor, currency: 'USD', direction: n % 20 === 0 ? 'debit' : 'credit', isReversal: false,
      bookedOn: '2026-01-30', valueOn: '2026-01-30', servicerRef: `BK${n}`, candidates: [`TRLA26${String(n).padStart(7, '0')}`, `I${n}X`], text: `PENSIONES ALIMENTICIAS ENVÍO ${n}`, statement: 0,
      ...(n % 10 === 0 ? { details: { instructed: { amountMinor: amountMinor * 17n, currency: 'MXN' }, rate: { rate: '0.0588', source: 'MXN', target: 'USD', quotedOn: '2026-01-29' }, charges: [{ amountMinor: 250n, currency: 'USD', bearer: 'SHAR' }] } } : {}),
    };
  });
  return writeCamt({ source: 'camt.053', format: '', entries, statements: [s], notices: [], rejected: 0, findings: [] }, HEADER);
}

/** As banks print it: an element to a line. */
function write(path: string): number {
  const file = openSync(path, 'w');
  let bytes = 0;
  const put = (text: string): void => { bytes += writeSync(file, text); };
  const first = statement(1);
  put(first.slice(0, first.indexOf('<Stmt>')));
  for (let number = 1; bytes < megabytes * 1_000_000; number++) {
    const text = statement(number);
    put(text.slice(text.indexOf('<Stmt>'), text.lastIndexOf('</Stmt>') + 7).replaceAll('><', '>\n<'));
  }
  put(first.slice(first.lastIndexOf('</Stmt>') + 7));
  closeSync(file);
  return statSync(path).size;
}

function xmllintSeconds(path: string): number {
  const run = spawnSync('sh', ['-c', 'xmllint --noout --stream "$1"; times', 'sh', path], { encoding: 'utf8' });
  const children = run.stdout.trim().split('\n').at(-1) ?? '';
  if (run.status !== 0 || run.stderr !== '') throw new Error(`xmllint is needed and must accept the file: ${run.stderr.slice(0, 300)}`);
  return [...children.matchAll(/(\d+)m([\d.]+)s/gu)].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

interface Reading { entries: number; findings: number; seconds: number; cpuSeconds: number; memoryMb: number }

const folder = mkdtempSync(join(tmpdir(), 'puente-camt-'));
try {
  const path = join(folder, 'statement.xml');
  const bytes = write(path);
  const ours: Reading[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    theirs.push(xmllintSeconds(path));
    ours.push(JSON.parse(execFileSync(process.execPath, [new URL('support/read-bank-file.ts', import.meta.url).pathname, path], { encoding: 'utf8' })) as Reading);
  }
  const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
  const cpu = median(ours.map(({ cpuSeconds }) => cpuSeconds));
  const lint = median(theirs);
  const result = {
    megabytes: Math.round(bytes / 1e6), entries: ours[0]?.entries, findings: ours[0]?.findings, readCpuSeconds: Number(cpu.toFixed(2)), xmllintCpuSeconds: Number(lint.toFixed(2)),
    timesXmllint: Number((cpu / lint).toFixed(2)), memoryMb: Math.round(Math.max(...ours.map(({ memoryMb }) => memoryMb))), entriesPerCpuSecond: Math.round((ours[0]?.entries ?? 0) / cpu),
  };
  if (process.argv.includes('--json')) console.log(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(22)} ${value}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
