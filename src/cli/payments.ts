import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import type { PaymentImport } from '../modules/payments/index.ts';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { wordsForCode } from '../platform/i18n.ts';
import { formatMajor } from '../platform/money.ts';
import { EXIT, needsPerson, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

/** Beyond this a terminal is no place to read findings; `--json` prints them all. */
const SHOWN_MAX = 200;

export const paymentCommands: readonly Command[] = [
  {
    name: 'disbursements import', args: '<file...>', describe: 'payments:cli.disbursements_import', needs: 'app',
    async run(io, input, ctx) {
      const { importDisbursements } = await import('../modules/payments/index.ts');
      return importFiles(io, input, (fileName, source) => importDisbursements(ctx, { fileName, source }));
    },
  },
  {
    name: 'payments import', args: '<file...>', describe: 'payments:cli.payments_import', needs: 'app',
    options: [{ flags: '--partner <id>', describe: 'payments:cli.partner', required: true }],
    async run(io, input, ctx) {
      const { importPayments } = await import('../modules/payments/index.ts');
      const partnerId = textOption(input, 'partner');
      return importFiles(io, input, (fileName, source) => importPayments(ctx, { partnerId, fileName, source }));
    },
  },
  {
    name: 'bank import', args: '<file...>', describe: 'payments:cli.bank_import', needs: 'app',
    async run(io, input, ctx) {
      const { importBank } = await import('../modules/payments/index.ts');
      return importFiles(io, input, (fileName, source) => importBank(ctx, { fileName, source }));
    },
  },
  { name: 'bank credits', describe: 'payments:cli.bank_credits', needs: 'app', run: (io, _input, ctx) => printCredits(io, ctx) },
];

type ImportOne = (fileName: string, source: Readable) => Promise<PaymentImport>;

async function importFiles(io: Io, input: Input, importOne: ImportOne): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  const bar = input.args.length > 1 ? io.progress(io.words('payments:cli.files')) : null;
  try {
    for (const file of input.args) {
      codes.push(await importFile(io, file, importOne));
      bar?.advance(codes.length, input.args.length);
    }
  } finally {
    bar?.end();
  }
  return [EXIT.refused, EXIT.needsPerson].find((code) => codes.includes(code)) ?? EXIT.done;
}

/** Takes in one file; a file that is refused does not stop the others. */
async function importFile(io: Io, file: string, importOne: ImportOne): Promise<ExitCode> {
  try {
    const about = await stat(file).catch(() => null);
    if (!about?.isFile()) throw new AppError('invalid', 'file.unreadable', { params: { file } });
    const { findings, ...summary } = await importOne(basename(file), createReadStream(file));
    for (const finding of findings.slice(0, SHOWN_MAX)) io.finding(finding, file);
    if (findings.length > SHOWN_MAX) io.say(io.words('payments:cli.more_findings', { count: findings.length - SHOWN_MAX }));
    const { lines, imported, duplicate, rejected } = summary;
    io.say(io.words('payments:cli.done', { file: summary.file, kind: io.words(`payments:kind.${summary.kind}`), lines, imported, duplicate, rejected }));
    await io.json({ ...summary, findings });
    return needsPerson(findings) ? EXIT.needsPerson : EXIT.done;
  } catch (error) {
    if (!(error instanceof AppError) || !['invalid', 'conflict'].includes(error.kind)) throw error;
    await sayRefusal(io, file, error);
    return EXIT.refused;
  }
}

/** Says why a file was refused, and where its bytes are kept, so that it can be found again. */
async function sayRefusal(io: Io, file: string, { code, params, findings }: AppError): Promise<void> {
  const { sha256 = null, fileId = null } = params;
  io.say(`${file} — ${wordsForCode(io.language, 'errors', code, await withPartnerName(io, params))}`);
  for (const finding of findings) io.finding(finding, file);
  if (sha256 !== null && fileId !== null) io.say(io.words('payments:cli.kept', { file, fileId: String(fileId), sha256: String(sha256) }));
  await io.json({ file: basename(file), sha256, fileId, kind: null, lines: 0, imported: 0, duplicate: 0, rejected: 0, findings, error: code, params });
}

/** A partner is named in words, and by the id that `--partner` takes. */
async function withPartnerName(io: Io, params: AppError['params']): Promise<AppError['params']> {
  const { findPartner, partnerName } = await import('../modules/partners/index.ts');
  const profile = typeof params.partner === 'string' ? findPartner(params.partner) : null;
  return profile ? { ...params, partner: `${partnerName(profile, io.language)} (${profile.partnerId})` } : params;
}

async function printCredits(io: Io, ctx: Ctx): Promise<ExitCode> {
  const { listBankCredits } = await import('../modules/payments/index.ts');
  const rows: string[][] = [];
  let more = 0;
  for await (const credit of listBankCredits(ctx)) {
    await io.json({ ...credit, amountMinor: jsonMinor(credit.amountMinor) });
    if (io.wantsJson) continue;
    if (rows.length >= SHOWN_MAX) more++;
    else rows.push([credit.file, credit.entryRef, formatMajor(credit.amountMinor, credit.currency), credit.currency, io.words(`payments:credit.${credit.outcome}`), credit.transfer ?? '']);
  }
  if (io.wantsJson) return EXIT.done;
  io.table(['file', 'entry', 'amount', 'currency', 'outcome', 'transfer'].map((column) => io.words(`payments:credit.${column}`)), rows);
  if (more > 0) io.say(io.words('payments:cli.more_credits', { count: more }));
  return EXIT.done;
}

/** A JSON number where it is exact; ISO 20022 allows more digits than JSON numbers keep. */
function jsonMinor(amountMinor: bigint): number | string {
  const number = Number(amountMinor);
  return Number.isSafeInteger(number) ? number : String(amountMinor);
}
