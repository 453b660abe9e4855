import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { wordsForCode } from '../platform/i18n.ts';
import { formatMajor } from '../platform/money.ts';
import type { DayBalance } from '../modules/reconciliation/index.ts';
import { EXIT } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

/** Closing days of money. Signing is a person's, on the page: whoever closes here is the operator. */
export const dayCommands: readonly Command[] = [
  { name: 'days list', describe: 'days:cli.list', needs: 'app', run: list },
  { name: 'days show', args: '<date>', describe: 'days:cli.show', needs: 'app', run: show },
  {
    name: 'days close', args: '<date>', describe: 'days:cli.close', needs: 'app', run: close,
    options: [{ flags: '--reason <check=text...>', describe: 'days:cli.reason' }],
  },
];

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))) as unknown;

async function list(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listDays } = await import('../modules/reconciliation/index.ts');
  const { officeDays } = await import('../modules/referrals/index.ts');
  const found = await listDays(ctx, officeDays);
  io.table(['day', 'state', 'exceptions', 'prepared', 'signed'].map((c) => io.words(`days:column.${c}`)), found.days.map((d) => [
    d.day, io.words(`days:state.${d.state}`), d.hasExceptions ? io.words('days:yes') : '', d.preparedBy, d.signedBy ?? '']));
  for (const day of found.days) await io.json(plain({ ...day, reasons: Object.keys(day.reasons) }));
  if (found.toClose !== null) io.say(io.words('days:cli.to_close', { day: found.toClose }));
  return EXIT.done;
}

async function show(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { getDay } = await import('../modules/reconciliation/index.ts');
  const { officeDays } = await import('../modules/referrals/index.ts');
  const view = await getDay(ctx, officeDays, input.args[0] ?? '');
  await io.json(plain(view));
  io.say(view.close === null ? io.words('days:cli.open', { day: view.day }) : io.words('days:cli.stands', { day: view.day, state: io.words(`days:state.${view.close.state}`), version: view.close.version }));
  sayBalances(io, view.balances);
  const checks = view.close?.state === 'signed' ? view.close.checks : (view.figures?.checks ?? view.close?.checks ?? []);
  for (const check of checks.filter((each) => !each.isFine)) {
    io.say(io.words('days:cli.failed', { check: io.words(`days:check.${check.check}`), count: check.count }));
    for (const finding of check.findings) io.finding(finding);
  }
  return checks.every((check) => check.isFine) ? EXIT.done : EXIT.needsPerson;
}

function sayBalances(io: Io, balances: readonly DayBalance[]): void {
  io.table(['account', 'partner', 'currency', 'opening', 'debit', 'credit', 'closing', 'late'].map((c) => io.words(`days:column.${c}`)), balances.map((b) => [
    io.words(`ledger:account.${b.account}`), b.partnerId ?? '', b.currency, ...[b.openingMinor, b.debitMinor, b.creditMinor, b.closingMinor].map((minor) => formatMajor(minor, b.currency)), b.lateCount === 0 ? '' : String(b.lateCount)]));
}

/** Names the checks that need a reason in words, each with the code that `--reason` takes. */
function inWords(io: Io, error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'days.exceptions') return error;
  const checks = String(error.params['checks'] ?? '').split(' ').map((check) => `${io.words(`days:check.${check}`)} [${check}]`).join('; ');
  return new AppError(error.kind, error.code, { params: { ...error.params, checks }, findings: error.findings });
}

/** Reasons are given as `check=text`, once for each check that fails. */
async function close(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { closeDay, DAY_CHECKS } = await import('../modules/reconciliation/index.ts');
  const { officeDays } = await import('../modules/referrals/index.ts');
  const given = input.options['reason'];
  const texts = Array.isArray(given) ? given : typeof given === 'string' ? [given] : [];
  const reasons = Object.fromEntries(texts.map((text) => [text.slice(0, Math.max(0, text.indexOf('='))), text.slice(text.indexOf('=') + 1)]));
  const unknown = Object.keys(reasons).filter((check) => !(DAY_CHECKS as readonly string[]).includes(check));
  if (unknown.length > 0) {
    io.say(io.words('days:cli.checks', { checks: DAY_CHECKS.join(', ') }));
    return EXIT.usage;
  }
  const closed = await closeDay(ctx, officeDays, { day: input.args[0] ?? '', reasons }).catch((error: unknown) => { throw inWords(io, error); });
  await io.json(closed);
  io.say(io.words(closed.state === 'signed' ? 'days:cli.signed_already' : closed.isUnchanged ? 'days:cli.unchanged' : 'days:cli.closed', { day: closed.day }));
  if (closed.hasExceptions) io.say(wordsForCode(io.language, 'findings', 'days.with_exceptions'));
  return closed.hasExceptions ? EXIT.needsPerson : EXIT.done;
}
