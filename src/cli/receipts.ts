import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../platform/config.ts';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { EXIT, optionalText, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const receiptCommands: readonly Command[] = [
  {
    name: 'receipts list', describe: 'evidence:cli.list', needs: 'app',
    options: [{ flags: '--partner <id>', describe: 'evidence:cli.partner' }, { flags: '--message <id>', describe: 'evidence:cli.of_message' }], run: list,
  },
  { name: 'receipts show', args: '<receipt>', describe: 'evidence:cli.show', needs: 'app', options: [{ flags: '--out <dir>', describe: 'evidence:cli.out' }], run: show },
  {
    name: 'receipts verify', args: '<file>', describe: 'evidence:cli.verify', needs: 'nothing',
    options: [
      { flags: '--message <file>', describe: 'evidence:cli.message' }, { flags: '--trust <file>', describe: 'evidence:cli.trust' },
      { flags: '--earlier <files...>', describe: 'evidence:cli.earlier' }, { flags: '--archive <file>', describe: 'evidence:cli.archive_file' },
    ],
    run: verify,
  },
  { name: 'receipts keep', args: '<partner> <file>', describe: 'evidence:cli.keep', needs: 'app', run: keep },
  { name: 'receipts archive', describe: 'evidence:cli.archive', needs: 'app', options: [{ flags: '--out <dir>', describe: 'evidence:cli.out', fallback: '.' }], run: archive },
];

const FILE_BYTES_MAX = 300 * 1024 * 1024;

async function readBounded(file: string): Promise<Buffer> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile() || found.size > FILE_BYTES_MAX) throw new AppError('not_found', 'file.unreadable', { params: { file } });
  return readFile(file);
}

async function write(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const file = join(folder, name);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, bytes, { mode: 0o600 });
  } catch (cause) {
    throw new AppError('invalid', 'packet.not_written', { params: { file }, cause });
  }
  return file;
}

async function list(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listSignedReceipts } = await import('../modules/exchange/index.ts');
  const [partnerId, messageId] = [optionalText(input, 'partner'), optionalText(input, 'message')];
  const rows = await listSignedReceipts(ctx, { ...(partnerId === undefined ? {} : { partnerId }), ...(messageId === undefined ? {} : { messageId }) });
  io.table(['at', 'receipt', 'message', 'partner', 'stage', 'hop'].map((column) => io.words(`evidence:column.${column}`)), rows.map((row) => [
    row.happenedAt.toISOString(), row.receiptId, row.messageId, row.partnerId, io.words(`evidence:stage.${row.stage}`), row.hop,
  ]));
  await io.json(rows);
  return EXIT.done;
}

async function show(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { getSignedReceipt, verifyReceipt } = await import('../modules/exchange/index.ts');
  const { ownCertificate } = await import('../platform/asic/signer.ts');
  const row = await getSignedReceipt(ctx, input.args[0] ?? '');
  const report = verifyReceipt(row.signed, { own: ownCertificate(ctx.config), now: ctx.clock.now() });
  for (const [name, value] of Object.entries(report.statement ?? {})) io.say(`${name}: ${typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')}`);
  for (const finding of report.findings) io.finding(finding);
  const folder = optionalText(input, 'out');
  const file = folder === undefined ? null : await write(folder, `${row.receiptId}.p7m`, row.signed);
  if (file !== null) io.say(io.words('evidence:cli.written', { file }));
  await io.json({ receiptId: row.receiptId, sha256: row.sha256, statement: report.statement, signer: report.signer, findings: report.findings, file });
  return EXIT.done;
}

async function verify(io: Io, input: Input, config: Config): Promise<ExitCode> {
  const { verifyReceipt } = await import('../modules/exchange/index.ts');
  const { ownCertificate } = await import('../platform/asic/signer.ts');
  const { systemClock } = await import('../platform/dates.ts');
  const file = input.args[0] ?? '';
  const [message, trust, archiveFile] = [optionalText(input, 'message'), optionalText(input, 'trust'), optionalText(input, 'archive')];
  const earlier = input.options['earlier'];
  const report = verifyReceipt(await readBounded(file), {
    own: ownCertificate(config), now: systemClock.now(),
    ...(message === undefined ? {} : { message: await readBounded(message) }),
    ...(trust === undefined ? {} : { trust: (await readBounded(trust)).toString('utf8') }),
    ...(archiveFile === undefined ? {} : { archive: await readBounded(archiveFile) }),
    ...(Array.isArray(earlier) ? { earlier: await Promise.all(earlier.map(readBounded)) } : {}),
  });
  if (report.statement) {
    const { stage, messageId, partner, happenedAt } = report.statement;
    io.say(io.words('evidence:cli.states', { stage: io.words(`evidence:stage.${stage}`), message: messageId, partner, at: happenedAt }));
  }
  for (const finding of report.findings) io.finding(finding, file);
  if (report.signer) io.say(io.words('evidence:cli.signer', { subject: report.signer.subject, fingerprint: report.signer.fingerprint, signedAt: report.signer.signedAt }));
  io.say(io.words(report.isIntact ? `evidence:cli.intact_${report.signer?.trust ?? 'unchecked'}` : 'evidence:cli.refused'));
  await io.json({ file, ...report });
  return report.isIntact ? EXIT.done : EXIT.refused;
}

async function keep(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { keepPartnerReceipt } = await import('../modules/exchange/index.ts');
  const kept = await keepPartnerReceipt(ctx, { partnerId: input.args[0] ?? '', bytes: await readBounded(input.args[1] ?? '') });
  for (const finding of kept.findings) io.finding(finding, input.args[1]);
  io.say(io.words(`evidence:cli.kept_${kept.standing}`, { message: kept.messageId ?? '–' }));
  await io.json(kept);
  return kept.standing === 'trusted' ? EXIT.done : EXIT.needsPerson;
}

async function archive(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { archiveReceipts } = await import('../modules/exchange/index.ts');
  const made = await archiveReceipts(ctx);
  const file = await write(textOption(input, 'out'), `receipts-${ctx.clock.now().toISOString().slice(0, 10)}.p7m`, made.signed);
  io.say(io.words('evidence:cli.archived', { count: made.count, file }));
  await io.json({ file, count: made.count });
  return EXIT.done;
}
