import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CaseStatement, StatementLine } from '../modules/ledger/index.ts';
import type { Ctx } from '../platform/context.ts';
import { isCalendarDate } from '../platform/dates.ts';
import { AppError } from '../platform/errors.ts';
import { hasWords } from '../platform/i18n.ts';
import { formatMajor } from '../platform/money.ts';
import { EXIT, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const ledgerCommands: readonly Command[] = [
  { name: 'ledger check', describe: 'ledger:cli.check', needs: 'app', options: [{ flags: '--anchor <anchor>', describe: 'ledger:cli.anchor' }], run: check },
  {
    name: 'ledger export',
    describe: 'ledger:cli.export',
    needs: 'app',
    options: [
      { flags: '--format <program>', describe: 'ledger:cli.format', required: true, choices: ['hledger', 'beancount'] },
      { flags: '--until <date>', describe: 'ledger:cli.until' }, { flags: '--out <file>', describe: 'ledger:cli.out' },
    ],
    run: exportTo,
  },
  {
    name: 'ledger statement',
    describe: 'ledger:cli.statement',
    needs: 'app',
    options: [{ flags: '--case <id>', describe: 'ledger:cli.case', required: true }, { flags: '--as-of <date>', describe: 'ledger:cli.as_of' }],
    run: statement,
  },
];

/** 0 when clean, else 1 (contract 8): a ledger that does not add up is a fault, never something to go on with. */
async function check(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { checkLedger } = await import('../modules/ledger/index.ts');
  const { anchor: given } = input.options;
  const result = await checkLedger(ctx, typeof given === 'string' ? { anchor: given } : {});
  const { accounts, batches, transfers, entries, anchor } = result;
  for (const finding of result.findings) io.finding(finding);
  io.say(result.isClean ? io.words('ledger:cli.clean', { accounts, transfers, entries }) : io.words('ledger:cli.unclean', { count: result.findings.length }));
  if (result.isClean && anchor !== null) io.say(io.words('ledger:cli.anchor_now', { anchor }));
  await io.json({ clean: result.isClean, accounts, batches, transfers, entries, anchor, findings: result.findings });
  return result.isClean ? EXIT.done : EXIT.fault;
}

async function exportTo(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { exportJournal, JOURNAL_FORMATS } = await import('../modules/ledger/index.ts');
  const format = JOURNAL_FORMATS.find((one) => one === textOption(input, 'format'));
  const until = typeof input.options.until === 'string' ? input.options.until : null;
  const out = typeof input.options.out === 'string' ? resolve(input.options.out) : null;
  if (until !== null && !isCalendarDate(until)) throw new AppError('invalid', 'ledger.date_invalid');
  if (format === undefined) throw new Error('fault: the option allows no other format');
  if (out === null) {
    const made = await exportJournal(ctx, { format, until }, async (text) => { if (text !== '') io.say(text.replace(/\n$/, '')); });
    await io.json({ file: null, ...made });
    return EXIT.done;
  }
  const made = await written(out, (write) => exportJournal(ctx, { format, until }, write));
  io.say(io.words('ledger:cli.exported', { ...made, file: out }));
  await io.json({ file: out, ...made });
  return EXIT.done;
}

/** Written aside and then renamed, so that nobody reads half of it. */
async function written<T>(file: string, fill: (write: (text: string) => Promise<void>) => Promise<T>): Promise<T> {
  const half = `${file}.${process.pid}.part`;
  const handle = await open(half, 'wx', 0o600).catch((error: unknown) => { throw new AppError('invalid', 'file.unwritable', { params: { file }, cause: error }); });
  try {
    const result = await fill(async (text) => { await handle.appendFile(text); });
    await handle.close();
    await rename(half, file);
    return result;
  } catch (error) {
    await handle.close();
    await rm(half, { force: true });
    throw error;
  }
}

async function statement(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { caseStatement } = await import('../modules/ledger/index.ts');
  const caseId = textOption(input, 'case');
  const asOf = typeof input.options.asOf === 'string' ? input.options.asOf : null;
  if (asOf !== null && !isCalendarDate(asOf)) throw new AppError('invalid', 'ledger.date_invalid');
  const found = await caseStatement(ctx, caseId, asOf);
  // The ledger knows no cases: a statement without lines is right for a case without money, and a refusal for no case at all.
  if (found.lines.length === 0) await assertCaseExists(ctx, caseId);
  show(io, found);
  await io.json({
    caseId, asOf,
    balances: found.balances.map((balance) => ({ account: balance.account, bucket: balance.bucket, currency: balance.currency, balance: formatMajor(balance.balanceMinor, balance.currency) })),
    lines: found.lines.map((line) => ({
      occurredOn: line.occurredOn, recordedAt: line.recordedAt.toISOString(), event: line.event, account: line.account, bucket: line.bucket, currency: line.currency,
      amount: formatMajor(line.amountMinor, line.currency), balance: formatMajor(line.balanceMinor, line.currency),
      transferKey: line.transferKey, reversesKey: line.reversesKey,
    })),
  });
  return EXIT.done;
}

async function assertCaseExists(ctx: Ctx, caseId: string): Promise<void> {
  const { getCase } = await import('../modules/cases/index.ts');
  await getCase(ctx, caseId);
}

function show(io: Io, found: CaseStatement): void {
  io.say(found.asOf === null ? io.words('ledger:cli.statement_of', { caseId: found.caseId }) : io.words('ledger:cli.statement_until', { caseId: found.caseId, asOf: found.asOf }));
  if (found.lines.length === 0) {
    io.say(io.words('ledger:cli.empty'));
    return;
  }
  const heading = (column: string) => io.words(`ledger:cli.column.${column}`);
  io.table(['date', 'event', 'account', 'currency', 'amount', 'balance', 'reference'].map(heading), found.lines.map((line) => [
    line.occurredOn, eventWords(io, line), accountWords(io, line), line.currency,
    formatMajor(line.amountMinor, line.currency), formatMajor(line.balanceMinor, line.currency), line.transferKey,
  ]));
  io.say('');
  io.table([io.words('ledger:cli.balances'), heading('currency'), heading('balance')], found.balances.map((balance) => [
    accountWords(io, balance), balance.currency, formatMajor(balance.balanceMinor, balance.currency),
  ]));
}

function accountWords(io: Io, { account, bucket }: Pick<StatementLine, 'account' | 'bucket'>): string {
  const name = io.words(`ledger:account.${account}`);
  return bucket === null ? name : io.words('ledger:account_by_bucket', { account: name, bucket: io.words(`ledger:bucket.${bucket}`) });
}

function eventWords(io: Io, line: StatementLine): string {
  const key = `ledger:event.${line.event.replaceAll('.', '_')}`;
  return hasWords(io.language, key) ? io.words(key) : line.event;
}
