import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import type { Finding } from '../platform/errors.ts';
import { wordsForCode } from '../platform/i18n.ts';
import { formatMajor } from '../platform/money.ts';
import { EXIT, needsPerson, textOption, textOrNull } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

const SHOWN_MAX = 200;

export const orderCommands: readonly Command[] = [
  {
    name: 'orders create', describe: 'orders:cli.create', needs: 'app', run: create,
    options: [
      { flags: '--partner <id>', describe: 'orders:cli.partner', required: true }, { flags: '--batch <id>', describe: 'orders:cli.batch' }, { flags: '--currency <code>', describe: 'orders:cli.currency' },
      { flags: '--on <date>', describe: 'orders:cli.on' }, { flags: '--again', describe: 'orders:cli.again' },
    ],
  },
  { name: 'orders list', describe: 'orders:cli.list', needs: 'app', run: (io, _input, ctx) => list(io, ctx) },
  { name: 'orders withdraw', args: '<order>', describe: 'orders:cli.withdraw', needs: 'app', run: withdraw },
  { name: 'orders export', args: '<order>', describe: 'orders:cli.export', needs: 'app', run: exportTo, options: [{ flags: '--out <file>', describe: 'orders:cli.out' }] },
  { name: 'bank notices', describe: 'orders:cli.notices', needs: 'app', run: (io, _input, ctx) => notices(io, ctx) },
  { name: 'orders status', args: '<file...>', describe: 'orders:cli.status', needs: 'app', run: status },
];

async function create(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { createOrder } = await import('../modules/payments/index.ts');
  const made = await createOrder(ctx, {
    partnerId: textOption(input, 'partner'), batchId: textOrNull(input, 'batch'), currency: textOrNull(input, 'currency'), executionOn: textOrNull(input, 'on'), again: input.options.again === true,
  });
  sayFindings(io, made.findings);
  const { orderId, payments, held, reported, refusedBefore, currency, sha256 } = made;
  const amount = currency === null ? '0' : formatMajor(made.amountMinor, currency);
  io.say(orderId === null ? io.words('orders:cli.nothing', { held, reported, refusedBefore }) : io.words('orders:cli.created', { orderId, payments, amount, currency, held, reported, refusedBefore }));
  await io.json({ orderId, payments, amount, currency, sha256, held, reported, refusedBefore, findings: made.findings });
  return needsPerson(made.findings) ? EXIT.needsPerson : EXIT.done;
}

function sayFindings(io: Io, findings: readonly Finding[], file?: string): void {
  for (const finding of findings.slice(0, SHOWN_MAX)) io.finding(finding, file);
  if (findings.length > SHOWN_MAX) io.say(io.words('payments:cli.more_findings', { count: findings.length - SHOWN_MAX }));
}

async function list(io: Io, ctx: Ctx): Promise<ExitCode> {
  const { listOrders } = await import('../modules/payments/index.ts');
  const { orders } = await listOrders(ctx, { limit: SHOWN_MAX });
  const rows: string[][] = [];
  for (const order of orders) {
    const amount = formatMajor(order.sumMinor, order.currency);
    await io.json({
      orderId: order.orderId, partner: order.partnerId, state: order.state, payments: order.lines, amount, currency: order.currency, executionOn: order.executionOn, sha256: order.sha256,
      createdBy: order.createdBy, decidedBy: order.decidedBy,
    });
    rows.push([order.orderId, order.partnerId, io.words(`orders:state.${order.state}`), String(order.lines), amount, order.currency, order.executionOn]);
  }
  if (!io.wantsJson) io.table(['order', 'partner', 'state', 'payments', 'amount', 'currency', 'on'].map((column) => io.words(`orders:column.${column}`)), rows);
  return EXIT.done;
}

/** What banks said of payments of ours; corrected data stay masked. */
async function notices(io: Io, ctx: Ctx): Promise<ExitCode> {
  const { listPaymentNotices } = await import('../modules/payments/index.ts');
  const found = await listPaymentNotices(ctx, { limit: SHOWN_MAX });
  for (const notice of found.notices) await io.json(notice);
  if (io.wantsJson) return EXIT.done;
  io.table(['file', 'kind', 'reason', 'disbursement', 'amount', 'currency', 'corrected'].map((column) => io.words(`orders:notice.${column}`)), found.notices.map((one) => [
    `${one.fileName}:${one.line}`, io.words(`orders:notice.${one.kind}`), one.reason, one.disbursementId ?? io.words('orders:notice.unknown'), one.amountMinor === null ? '' : formatMajor(BigInt(one.amountMinor), one.currency),
    one.currency, one.correctedMasked ?? '',
  ]));
  return EXIT.done;
}

async function withdraw(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { withdrawOrder } = await import('../modules/payments/index.ts');
  const orderId = input.args[0] ?? '';
  await withdrawOrder(ctx, orderId);
  io.say(io.words('orders:cli.withdrawn', { orderId }));
  await io.json({ orderId, state: 'withdrawn' });
  return EXIT.done;
}

async function exportTo(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { exportOrder } = await import('../modules/payments/index.ts');
  const { order, bytes } = await exportOrder(ctx, input.args[0] ?? '');
  const file = resolve(textOrNull(input, 'out') ?? `${order.orderId}.xml`);
  // Written aside and then renamed, so that whoever fetches the file never gets half of it.
  const half = `${file}.${process.pid}.part`;
  try {
    await pipeline(bytes, createWriteStream(half, { mode: 0o600 }));
    await rename(half, file);
  } catch (error) {
    await rm(half, { force: true });
    const isFileTrouble = ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EROFS', 'ENOSPC'].includes(String((error as { code?: unknown }).code));
    throw isFileTrouble ? new AppError('invalid', 'file.unwritable', { params: { file }, cause: error }) : error;
  }
  if (!order.accountsConfirmed) io.finding({ code: 'orders.accounts_unconfirmed', severity: 'warn', path: 'paymentOrders' });
  io.say(io.words('orders:cli.exported', { file, payments: order.lines, orderId: order.orderId }));
  await io.json({ orderId: order.orderId, file, sha256: order.sha256, payments: order.lines, accountsConfirmed: order.accountsConfirmed });
  return order.accountsConfirmed ? EXIT.done : EXIT.needsPerson;
}

async function status(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const file of input.args) codes.push(await statusFile(io, file, ctx));
  return [EXIT.refused, EXIT.needsPerson].find((code) => codes.includes(code)) ?? EXIT.done;
}

/** A file that is refused does not stop the others. */
async function statusFile(io: Io, file: string, ctx: Ctx): Promise<ExitCode> {
  const { importOrderStatus } = await import('../modules/payments/index.ts');
  try {
    const about = await stat(file).catch(() => null);
    if (!about?.isFile()) throw new AppError('invalid', 'file.unreadable', { params: { file } });
    const { findings, ...result } = await importOrderStatus(ctx, { fileName: basename(file), source: createReadStream(file) });
    sayFindings(io, findings, file);
    io.say(io.words('orders:cli.heard', { file: result.file, statuses: result.statuses, recorded: result.recorded, duplicate: result.duplicate }));
    await io.json({ ...result, findings });
    return needsPerson(findings) ? EXIT.needsPerson : EXIT.done;
  } catch (error) {
    if (!(error instanceof AppError) || !['invalid', 'conflict'].includes(error.kind)) throw error;
    sayFindings(io, error.findings, file);
    io.say(`${file} — ${wordsForCode(io.language, 'errors', error.code, error.params)}`);
    await io.json({ file: basename(file), kind: 'order_status', orderId: null, statuses: 0, recorded: 0, duplicate: 0, findings: error.findings, error: error.code });
    return EXIT.refused;
  }
}
