import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AppCommand } from '../../../src/cli/command.ts';
import { ledgerCommands } from '../../../src/cli/ledger.ts';
import { exportJournal, listBalances, reserveTransfer, reverseTransfer } from '../../../src/modules/ledger/index.ts';
import type { JournalFormat, Leg } from '../../../src/modules/ledger/index.ts';
import { journalAccount } from '../../../src/modules/ledger/journal.rules.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { PARTNER, delivery, post } from '../../support/ledger.ts';
import { recordingTerminal } from '../../support/recording-terminal.ts';

/**
 * The journal is read by a reader of this test's own, which knows nothing of ours but the two formats, and by hledger and beancount
 * themselves on a machine that has them. Where a program is not installed the test says so and stands on the reader alone.
 */
const run = promisify(execFile);
const isInstalled = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(`${program} is not installed: the journal is only read by the test itself\n`);
    return false;
  }
};

/** Sums the legs of a journal, in ten-thousandths, by account and currency; and collects what it asserts. */
function readJournal(text: string): { sums: Map<string, bigint>; asserted: Map<string, bigint> } {
  const [sums, asserted] = [new Map<string, bigint>(), new Map<string, bigint>()];
  const exact = (amount: string): bigint => {
    const [whole = '', fraction = ''] = amount.replace('-', '').split('.');
    return BigInt(whole + fraction.padEnd(4, '0')) * (amount.startsWith('-') ? -1n : 1n);
  };
  for (const line of text.split('\n')) {
    const leg = /^ {4}(\S+) {2}(-?[\d.]+) ([A-Z]{3})(?: = (-?[\d.]+) [A-Z]{3})?$/.exec(line);
    const claim = /^\d{4}-\d\d-\d\d balance (\S+) {2}(-?[\d.]+) ~ 0 ([A-Z]{3})$/.exec(line);
    if (leg?.[1] && leg[2]) sums.set(`${leg[1]} ${leg[3]}`, (sums.get(`${leg[1]} ${leg[3]}`) ?? 0n) + exact(leg[2]));
    if (leg?.[4]) asserted.set(`${leg[1]} ${leg[3]}`, exact(leg[4]));
    if (claim?.[2]) asserted.set(`${claim[1]} ${claim[3]}`, exact(claim[2]));
  }
  return { sums, asserted };
}

let db: TestDatabase;
let ctx: Ctx;
let folder: string;
beforeAll(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
  folder = await mkdtemp(join(db.dataDir, 'journal-'));
  const proposed = (caseId: string, currency: string, amountMinor: bigint, bucket?: Leg['bucket']): Leg => ({
    kind: 'proposed_collection', caseId, county: '06025', currency, amountMinor, ...(bucket === undefined ? {} : { bucket }) });
  await post(ctx, delivery('d:1', '2000004103714', 36_200n, '2026-02-28'));
  await post(ctx, delivery('d:2', 'a_b.c', 1n, '2026-03-31'));
  await post(ctx, { transferKey: 'odd "key"; with \\ things', event: 'collection.proposed', occurredOn: '2026-03-01', legs: [
    { kind: 'suspense', partnerId: 'kr-kcsa', currency: 'USD', amountMinor: 10_001n }, proposed('C1', 'USD', -5_000n, 'current_support'), proposed('C1', 'USD', -4_001n, 'interest'), proposed('C1', 'USD', -1_000n)] });
  await post(ctx, { transferKey: 'fx:1', event: 'transfer.converted', occurredOn: '2026-03-02', legs: [
    { kind: 'bank', currency: 'KRW', amountMinor: 1_350_000n }, { kind: 'fx_position', partnerId: 'kr-kcsa', currency: 'KRW', amountMinor: -1_350_000n },
    { kind: 'fx_position', partnerId: 'kr-kcsa', currency: 'USD', amountMinor: 100_003n }, { kind: 'fx_rounding', partnerId: 'kr-kcsa', currency: 'USD', amountMinor: -3n }, { kind: 'suspense', partnerId: 'kr-kcsa', currency: 'USD', amountMinor: -100_000n }] });
  await post(ctx, { transferKey: 'kwd:1', event: 'credit.received', occurredOn: '2026-03-02', legs: [{ kind: 'bank', currency: 'KWD', amountMinor: 1_234_567n }, { kind: 'suspense', partnerId: PARTNER, currency: 'KWD', amountMinor: -1_234_567n }] });
  await inTransaction(ctx, (tx) => reverseTransfer(tx, { transferKey: 'd:2:reversal', reversesKey: 'd:2', event: 'disbursement.returned', occurredOn: '2026-04-01' }));
  await inTransaction(ctx, (tx) => reserveTransfer(tx, delivery('reserved:1', 'C1', 777n)));
});

async function written(format: JournalFormat, until: string | null = null): Promise<{ text: string; file: string }> {
  let text = '';
  await exportJournal(ctx, { format, until }, async (part) => { text += part; });
  const file = join(folder, `${format}-${until ?? 'all'}.journal`);
  await writeFile(file, text);
  return { text, file };
}

/** What the ledger itself says, on the debit side. */
async function ours(): Promise<Map<string, { minor: bigint; currency: string }>> {
  const found = (await listBalances(ctx)).filter((account) => account.entryCount > 0).map((account) => {
    const minor = account.normalMinor * (['suspense', 'proposed_collection', 'disbursed_by_sdu'].includes(account.kind) ? -1n : 1n);
    return [`${journalAccount({ ...account, holder: account.partnerId ?? account.caseId })} ${account.currency}`, { minor, currency: account.currency }] as const;
  });
  return new Map(found);
}
const ten4 = ({ minor, currency }: { minor: bigint; currency: string }): bigint => minor * 10n ** BigInt({ KRW: 4, KWD: 1 }[currency] ?? 2);
const sorted = (map: Map<string, bigint>): [string, bigint][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

it.each(['hledger', 'beancount'] as const)('a journal for %s sums to our balances and asserts them, account by account', async (format) => {
  const { sums, asserted } = readJournal((await written(format)).text);
  const expected = sorted(new Map([...(await ours())].map(([name, balance]) => [name, ten4(balance)])));
  expect(expected.length).toBeGreaterThan(10);
  expect(sorted(sums)).toEqual(expected);
  expect(sorted(asserted)).toEqual(expected);
});

it.each(['hledger', 'beancount'] as const)('a journal for %s until a day ends with that day', async (format) => {
  const { text } = await written(format, '2026-03-01');
  const { sums, asserted } = readJournal(text);
  expect(sorted(asserted)).toEqual(sorted(sums));
  expect(sums.get('Expenses:Delivered:2000004103714 USD')).toBe(3_620_000n);
  expect(text).not.toContain('2026-03-31');
  expect((await written(format, '2020-01-01')).text.split('\n').filter((line) => /^\d/.test(line))).toEqual([]);
});

it('hledger prints our balances, and refuses a journal with one cent changed', async () => {
  const { text, file } = await written('hledger');
  const changed = join(folder, 'changed.journal');
  await writeFile(changed, text.replace('  362.00 USD', '  362.01 USD').replace('  -362.00 USD', '  -362.01 USD'));
  if (!isInstalled('hledger')) return;
  const { stdout } = await run('hledger', ['-f', file, 'balance', '--flat', '--empty', '--no-total', '-O', 'csv']);
  const printed = new Map<string, bigint>();
  for (const line of stdout.trim().split('\n').slice(1)) {
    const [name = '', ...cells] = line.replaceAll('"', '').split(',');
    for (const amount of cells.join(',').split(', ')) {
      const [number = '0', currency] = amount.split(' ');
      if (currency !== undefined) printed.set(`${name} ${currency}`, readJournal(`    X  ${number} ${currency}`).sums.get(`X ${currency}`) ?? 0n);
    }
  }
  const expected = sorted(new Map([...(await ours())].filter(([, balance]) => balance.minor !== 0n).map(([name, balance]) => [name, ten4(balance)])));
  expect(sorted(new Map([...printed].filter(([, sum]) => sum !== 0n)))).toEqual(expected);
  await expect(run('hledger', ['-f', changed, 'check'])).rejects.toThrow(/balance assertion/i);
  await run('hledger', ['-f', (await written('hledger', '2026-03-01')).file, 'check']);
});

it('beancount confirms our balances, and refuses a journal with one cent changed', async () => {
  const { text, file } = await written('beancount');
  const changed = join(folder, 'changed.beancount');
  await writeFile(changed, text.replace('  362.00 USD', '  362.01 USD').replace('  -362.00 USD', '  -362.01 USD'));
  if (!isInstalled('bean-check')) return;
  await run('bean-check', [file]);
  const { stdout } = await run('bean-query', ['-q', '-f', 'csv', file, 'SELECT account, sum(position) AS total GROUP BY account, currency ORDER BY account, currency']);
  const printed = new Map(stdout.trim().split('\n').slice(1).map((line) => {
    const [name = '', total = ''] = line.split(',').map((cell) => cell.trim());
    const [number = '', currency = ''] = total.split(/\s+/);
    return [`${name} ${currency}`, readJournal(`    X  ${number} ${currency}`).sums.get(`X ${currency}`) ?? -1n] as const;
  }));
  // A sum of nothing is printed as nothing; that it is zero, the assertions have said.
  printed.forEach((_, name) => { if (name.endsWith(' ')) printed.delete(name); });
  expect(sorted(printed)).toEqual(sorted(new Map([...(await ours())].filter(([, balance]) => balance.minor !== 0n).map(([name, balance]) => [name, ten4(balance)]))));
  await expect(run('bean-check', [changed])).rejects.toThrow(/Balance failed/);
  await run('bean-check', [(await written('beancount', '2026-03-01')).file]);
});

it('is written by its command to a file or to standard output, for whoever sees the whole agency', async () => {
  const command = ledgerCommands.find((one) => one.name === 'ledger export') as AppCommand;
  const out = join(folder, 'by-command.journal');
  const io = recordingTerminal('en');
  expect(await command.run(io, { args: [], options: { format: 'hledger', out } }, ctx)).toBe(0);
  expect(await readFile(out, 'utf8')).toBe((await written('hledger')).text);
  expect(io.values).toEqual([{ file: out, transfers: 6, accounts: (await ours()).size }]);
  const said = recordingTerminal('en');
  expect(await command.run(said, { args: [], options: { format: 'beancount', until: '2026-03-01' } }, ctx)).toBe(0);
  expect(`${said.lines.join('\n')}\n`).toBe((await written('beancount', '2026-03-01')).text);
  await expect(command.run(io, { args: [], options: { format: 'hledger', until: '2026-02-30' } }, ctx)).rejects.toMatchObject({ code: 'ledger.date_invalid' });
  await expect(command.run(io, { args: [], options: { format: 'hledger', out: join(folder, 'no', 'folder') } }, ctx)).rejects.toMatchObject({ code: 'file.unwritable' });
  await expect(command.run(io, { args: [], options: { format: 'hledger' } }, testCtx(db, { roles: ['reconciler'], counties: ['06025'] }))).rejects.toMatchObject({ code: 'ledger.whole_agency_only' });
});
