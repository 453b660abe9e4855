import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { hasWords, wordsForCode } from '../platform/i18n.ts';
import { EXIT, optionalText, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

const OUT = { flags: '--out <dir>', describe: 'delivery:cli.out', fallback: '.' } as const;

export const deliveryCommands: readonly Command[] = [
  { name: 'delivery failed', describe: 'delivery:cli.failed', needs: 'app', options: [{ flags: '--partner <id>', describe: 'delivery:cli.partner' }], run: failed },
  { name: 'delivery attempts', args: '<message>', describe: 'delivery:cli.attempts', needs: 'app', run: attempts },
  { name: 'delivery resend', args: '<message...>', describe: 'delivery:cli.resend', needs: 'app', run: resend },
  { name: 'delivery expire', describe: 'delivery:cli.expire', needs: 'app', run: expire },
  { name: 'delivery circuits', describe: 'delivery:cli.circuits', needs: 'app', run: circuits },
  { name: 'delivery sheet', args: '<message>', describe: 'delivery:cli.sheet', needs: 'app', options: [{ flags: '--paper <size>', describe: 'delivery:cli.paper', choices: ['letter', 'a4'], fallback: 'letter' }, OUT], run: sheet },
  { name: 'delivery reference', args: '<reference...>', describe: 'delivery:cli.reference', needs: 'app', run: reference },
  {
    name: 'delivery dispatched', args: '<message>', describe: 'delivery:cli.dispatched', needs: 'app', run: dispatched,
    options: [
      { flags: '--courier <name>', describe: 'delivery:cli.courier', required: true }, { flags: '--number <number>', describe: 'delivery:cli.number', required: true },
      { flags: '--on <day>', describe: 'delivery:cli.on', required: true },
    ],
  },
  {
    name: 'delivery returned', args: '<message>', describe: 'delivery:cli.returned', needs: 'app', run: returned,
    options: [{ flags: '--on <day>', describe: 'delivery:cli.on', required: true }, { flags: '--number <number>', describe: 'delivery:cli.number' }, { flags: '--scan <file>', describe: 'delivery:cli.scan' }],
  },
  { name: 'webhooks list', describe: 'delivery:cli.webhooks', needs: 'app', run: webhooks },
  { name: 'webhooks add', args: '<partner> <url>', describe: 'delivery:cli.webhook_add', needs: 'app', run: addHook },
  { name: 'webhooks rotate', args: '<webhook>', describe: 'delivery:cli.webhook_rotate', needs: 'app', run: rotateHook },
  { name: 'webhooks remove', args: '<webhook>', describe: 'delivery:cli.webhook_remove', needs: 'app', run: removeHook },
];

const SCAN_BYTES_MAX = 50 * 1024 * 1024;
const instant = (at: Date | null): string => at?.toISOString() ?? '';
const reasonOf = (io: Io, code: string | null): string => (code === null ? '' : wordsForCode(io.language, 'reasons', code, {}));
const channelWords = (io: Io, channel: string): string => (hasWords(io.language, `partners:channel.${channel}`) ? io.words(`partners:channel.${channel}`) : channel);
const headings = (io: Io, ...columns: string[]): string[] => columns.map((column) => io.words(`delivery:column.${column}`));

/** 10 where something reached nobody. */
async function failed(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listUndelivered } = await import('../modules/exchange/index.ts');
  const partnerId = optionalText(input, 'partner');
  const { rows } = await listUndelivered(ctx, partnerId === undefined ? {} : { partnerId });
  io.table(headings(io, 'message', 'partner', 'kind', 'state', 'last', 'why', 'attempts'), rows.map((row) => [
    row.messageId, row.partnerId, row.kind, io.words(`delivery:state.${row.state}`), instant(row.lastAt), reasonOf(io, row.lastCode), String(row.attempts),
  ]));
  if (rows.length === 0) io.say(io.words('delivery:cli.none_failed'));
  await io.json(rows);
  return rows.length > 0 ? EXIT.needsPerson : EXIT.done;
}

async function attempts(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { deliveryOf } = await import('../modules/exchange/index.ts');
  const found = await deliveryOf(ctx, input.args[0] ?? '');
  io.table(headings(io, 'number', 'at', 'channel', 'why', 'by'), found.attempts.map((row) => [String(row.position), instant(row.happenedAt), channelWords(io, row.channel), reasonOf(io, row.code), row.attemptedBy]));
  await io.json(found);
  return EXIT.done;
}

async function resend(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { resendMessage } = await import('../modules/exchange/index.ts');
  for (const messageId of input.args) {
    const { state } = await resendMessage(ctx, messageId);
    io.say(io.words(`delivery:cli.resent_${state}`, { message: messageId }));
    await io.json({ messageId, state });
  }
  return EXIT.done;
}

async function expire(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { expireMessages } = await import('../modules/exchange/index.ts');
  const done = await expireMessages(ctx);
  io.say(io.words('delivery:cli.expired', { passedOn: done.passedOn, expired: done.expired }));
  await io.json(done);
  return done.expired > 0 ? EXIT.needsPerson : EXIT.done;
}

async function circuits(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listCircuits } = await import('../modules/exchange/index.ts');
  const rows = await listCircuits(ctx);
  io.table(headings(io, 'partner', 'channel', 'state', 'failures', 'retry'), rows.map((row) => [row.partnerId, channelWords(io, row.channel), io.words(`delivery:circuit.${row.state}`), String(row.failures), instant(row.retryAt)]));
  await io.json(rows);
  return rows.some(({ state }) => state !== 'closed') ? EXIT.needsPerson : EXIT.done;
}

async function sheet(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { printMessageSheet } = await import('../modules/exchange/index.ts');
  const made = await printMessageSheet(ctx, input.args[0] ?? '', input.options['paper'] === 'a4' ? 'a4' : 'letter');
  const file = join(textOption(input, 'out'), made.fileName);
  try {
    await mkdir(textOption(input, 'out'), { recursive: true });
    await writeFile(file, made.bytes, { mode: 0o600 });
  } catch (cause) {
    throw new AppError('invalid', 'packet.not_written', { params: { file }, cause });
  }
  io.say(io.words('delivery:cli.sheet_written', { file }));
  await io.json({ file });
  return EXIT.done;
}

async function reference(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { findByReference } = await import('../modules/exchange/index.ts');
  const found = await findByReference(ctx, input.args.join(' '));
  for (const finding of found.findings) io.finding(finding);
  const isFound = found.packetId !== null || found.messageId !== null;
  if (isFound) io.say(io.words('delivery:cli.belongs', { referral: found.referralId ?? '–', item: found.packetId ?? found.messageId ?? '' }));
  await io.json(found);
  return isFound ? EXIT.done : EXIT.refused;
}

async function dispatched(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { recordDispatch } = await import('../modules/exchange/index.ts');
  const done = await recordDispatch(ctx, input.args[0] ?? '', { courier: textOption(input, 'courier'), trackingNumber: textOption(input, 'number'), dispatchedOn: textOption(input, 'on') });
  io.say(io.words('delivery:cli.recorded', { receipt: done.receiptId }));
  await io.json(done);
  return EXIT.done;
}

async function returned(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { recordReturn } = await import('../modules/exchange/index.ts');
  const [file, trackingNumber] = [optionalText(input, 'scan'), optionalText(input, 'number')];
  const scan = file === undefined ? undefined : await readScan(file);
  const done = await recordReturn(ctx, input.args[0] ?? '', { returnedOn: textOption(input, 'on'), ...(scan === undefined ? {} : { scan }), ...(trackingNumber === undefined ? {} : { trackingNumber }) });
  io.say(io.words('delivery:cli.recorded', { receipt: done.receiptId }));
  await io.json(done);
  return EXIT.done;
}

async function readScan(file: string): Promise<Buffer> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile() || found.size > SCAN_BYTES_MAX) throw new AppError('not_found', 'file.unreadable', { params: { file } });
  return readFile(file);
}

async function webhooks(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listWebhooks } = await import('../modules/exchange/index.ts');
  const rows = await listWebhooks(ctx);
  io.table(headings(io, 'webhook', 'partner', 'host', 'state', 'why'), rows.map((row) => [row.webhookId, row.partnerId, row.host, io.words(`delivery:webhook.${row.state}`), reasonOf(io, row.reason)]));
  await io.json(rows);
  return EXIT.done;
}

async function addHook(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { addWebhook } = await import('../modules/exchange/index.ts');
  const made = await addWebhook(ctx, { partnerId: input.args[0] ?? '', url: input.args[1] ?? '' });
  io.say(io.words('delivery:cli.webhook_added', { webhook: made.webhookId, secret: made.secret }));
  await io.json(made);
  return EXIT.done;
}

async function rotateHook(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { rotateWebhook } = await import('../modules/exchange/index.ts');
  const made = await rotateWebhook(ctx, input.args[0] ?? '');
  io.say(io.words('delivery:cli.webhook_rotated', { webhook: input.args[0] ?? '', secret: made.secret, until: made.formerUntil }));
  await io.json({ webhookId: input.args[0] ?? '', ...made });
  return EXIT.done;
}

async function removeHook(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { removeWebhook } = await import('../modules/exchange/index.ts');
  await removeWebhook(ctx, input.args[0] ?? '');
  io.say(io.words('delivery:cli.webhook_removed', { webhook: input.args[0] ?? '' }));
  await io.json({ webhookId: input.args[0] ?? '' });
  return EXIT.done;
}
