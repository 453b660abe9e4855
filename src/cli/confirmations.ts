import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { formatMajor, parseMajor } from '../platform/money.ts';
import { EXIT, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

const shared = [{ flags: '--partner <id>', describe: 'confirmations:cli.partner' }, { flags: '--page <number>', describe: 'confirmations:cli.page' }];

export const confirmationCommands: readonly Command[] = [
  { name: 'confirmations calls', describe: 'confirmations:cli.calls', needs: 'app', options: shared, run: calls },
  { name: 'confirmations list', describe: 'confirmations:cli.list', needs: 'app', options: [...shared, { flags: '--disbursement <id>', describe: 'confirmations:cli.disbursement' }], run: list },
  {
    name: 'confirmations record', args: '<disbursement>', describe: 'confirmations:cli.record', needs: 'app', run: record,
    options: [
      { flags: '--on <date>', describe: 'confirmations:cli.on', required: true }, { flags: '--outcome <outcome>', describe: 'confirmations:cli.outcome', required: true },
      { flags: '--amount <amount>', describe: 'confirmations:cli.amount' }, { flags: '--currency <code>', describe: 'confirmations:cli.currency' },
      { flags: '--caller <name>', describe: 'confirmations:cli.caller' }, { flags: '--spoken-to <name>', describe: 'confirmations:cli.spoken_to' }, { flags: '--note <text>', describe: 'confirmations:cli.note' },
    ],
  },
  { name: 'confirmations link', args: '<disbursement>', describe: 'confirmations:cli.link', needs: 'app', run: link },
];

const given = (input: Input, name: string): string | undefined => {
  const value = input.options[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};
const heading = (io: Io, columns: readonly string[]): string[] => columns.map((column) => io.words(`confirmations:cli.column.${column}`));
const money = (minor: bigint | null, currency: string | null): string => (minor === null || currency === null ? '' : `${formatMajor(minor, currency)} ${currency}`);

async function calls(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { callList } = await import('../modules/payments/index.ts');
  const found = await callList(ctx, { partnerId: given(input, 'partner'), page: Number(given(input, 'page') ?? '1') || 1 });
  io.table(heading(io, ['disbursement', 'case', 'partner', 'amount', 'delivered', 'days']),
    found.rows.map((row) => [row.disbursementId, row.caseId, row.partnerId, money(row.deliveredMinor ?? row.amountMinor, row.deliveredCurrency ?? row.currency), row.deliveredOn ?? '', String(row.daysWaiting)]));
  if (found.protectedCount > 0) io.say(io.words('confirmations:cli.protected', { count: found.protectedCount }));
  for (const row of found.rows) await io.json({ ...row, amountMinor: row.amountMinor.toString(), deliveredMinor: row.deliveredMinor?.toString() ?? null });
  return found.total + found.protectedCount > 0 ? EXIT.needsPerson : EXIT.done;
}

async function list(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listConfirmations } = await import('../modules/payments/index.ts');
  const found = await listConfirmations(ctx, { partnerId: given(input, 'partner'), disbursementId: given(input, 'disbursement'), page: Number(given(input, 'page') ?? '1') || 1 });
  io.table(heading(io, ['disbursement', 'case', 'partner', 'on', 'outcome', 'amount', 'channel']), found.rows.map((row) => [
    row.disbursementId, row.caseId, row.partnerId, row.confirmedOn, io.words(`confirmations:outcome.${row.outcome}`), money(row.amountMinor, row.currency), io.words(`confirmations:channel.${row.channel}`)]));
  for (const row of found.rows) await io.json({ ...row, amountMinor: row.amountMinor?.toString() ?? null });
  return EXIT.done;
}

async function record(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { CONFIRMATION_OUTCOMES, recordConfirmation } = await import('../modules/payments/index.ts');
  const outcome = CONFIRMATION_OUTCOMES.find((one) => one === textOption(input, 'outcome'));
  const refuse = (code: string, path: string): never => { throw new AppError('invalid', 'confirmation.invalid', { findings: [{ code, severity: 'block', path }] }); };
  if (outcome === undefined) return refuse('confirmation.outcome_missing', '/outcome');
  const [amount, currency] = [given(input, 'amount'), given(input, 'currency') ?? 'USD'];
  const amountMinor = amount === undefined ? null : parseMajor(amount, currency);
  if (amount !== undefined && amountMinor === null) return refuse('confirmation.amount_unreadable', '/amount');
  const { confirmationId, findings } = await recordConfirmation(ctx, {
    disbursementId: input.args[0] as string, confirmedOn: textOption(input, 'on'), outcome, amountMinor, currency: amountMinor === null ? null : currency,
    caller: given(input, 'caller') ?? '', spokenTo: given(input, 'spokenTo') ?? '', note: given(input, 'note') ?? '',
  });
  io.say(io.words('confirmations:cli.recorded', { confirmationId }));
  for (const finding of findings) io.finding(finding);
  await io.json({ confirmationId, findings });
  return findings.length > 0 ? EXIT.needsPerson : EXIT.done;
}

async function link(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { makePayeeLink } = await import('../modules/payments/index.ts');
  const made = await makePayeeLink(ctx, input.args[0] as string);
  const path = `${ctx.config.publicUrl?.replace(/\/$/, '') ?? ''}${made.path}`;
  io.say(io.words('confirmations:cli.link_made', { path, expiresAt: made.expiresAt.toISOString() }));
  await io.json({ linkId: made.linkId, path, expiresAt: made.expiresAt });
  return EXIT.done;
}
