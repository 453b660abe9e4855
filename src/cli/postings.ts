import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PostingExport } from '../modules/payments/index.ts';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { wordsForCode } from '../platform/i18n.ts';
import { formatMajor, isCurrency, parseMajor } from '../platform/money.ts';
import { EXIT, needsPerson, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const postingCommands: readonly Command[] = [
  {
    name: 'postings export', describe: 'postings:cli.export', needs: 'app', run: exportTo,
    options: [{ flags: '--out <file>', describe: 'postings:cli.out' }, { flags: '--again <export>', describe: 'postings:cli.again' }],
  },
  {
    name: 'postings allocation', describe: 'allocation:cli.allocation', needs: 'app', run: allocation,
    options: [
      { flags: '--case <case>', describe: 'allocation:cli.case', required: true }, { flags: '--amount <amount>', describe: 'allocation:cli.amount', required: true },
      { flags: '--on <date>', describe: 'allocation:cli.on', required: true }, { flags: '--currency <code>', describe: 'allocation:cli.currency', fallback: 'USD' },
    ],
  },
  { name: 'postings refused', describe: 'postings:cli.refused', needs: 'app', run: refused },
  { name: 'postings acknowledge', args: '<file...>', describe: 'postings:cli.acknowledge', needs: 'app', run: acknowledge },
];

async function exportTo(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { exportPostings, findPostingExport, openPostingExport } = await import('../modules/payments/index.ts');
  const again = typeof input.options.again === 'string' ? input.options.again : null;
  const out = typeof input.options.out === 'string' ? input.options.out : null;
  const made = again === null ? await exportPostings(ctx) : await findPostingExport(ctx, again);
  if (made.exportId === null) return nothing(io, out);
  const file = resolve(out ?? `${made.exportId}.csv`);
  // Written aside and then renamed, so that whoever fetches the file never gets half of it.
  const half = `${file}.${process.pid}.part`;
  try {
    await pipeline(await openPostingExport(ctx, made.exportId), createWriteStream(half, { mode: 0o600 }));
    await rename(half, file);
  } catch (error) {
    await rm(half, { force: true });
    throw isFileTrouble(error) ? new AppError('invalid', 'file.unwritable', { params: { file }, cause: error }) : error;
  }
  io.say(io.words(`postings:cli.${wordOf(made, again)}`, { file, postings: made.postings, exportId: made.exportId }));
  await io.json({ exportId: made.exportId, file, sha256: made.sha256, postings: made.postings, repeat: made.isRepeat });
  return EXIT.done;
}

async function refused(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listRefusedPostings } = await import('../modules/payments/index.ts');
  let told = 0;
  for (let page = 1; ; page += 1) {
    const { rows, total } = await listRefusedPostings(ctx, page);
    io.table(['posting', 'case', 'amount', 'refused_on', 'reason'].map((column) => io.words(`postings:cli.column.${column}`)),
      rows.map((row) => [row.postingId, row.caseId, `${formatMajor(row.amountMinor, row.currency)} ${row.currency}`, row.processedOn, row.reason ?? '']));
    for (const row of rows) await io.json({ ...row, amountMinor: row.amountMinor.toString() });
    told += rows.length;
    if (told >= total || rows.length === 0) return total > 0 ? EXIT.needsPerson : EXIT.done;
  }
}

async function allocation(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { previewAllocation } = await import('../modules/payments/index.ts');
  const currency = textOption(input, 'currency');
  const amountMinor = isCurrency(currency) ? parseMajor(textOption(input, 'amount'), currency) : null;
  if (amountMinor === null) throw new AppError('invalid', 'allocation.amount');
  const preview = await previewAllocation(ctx, { caseId: textOption(input, 'case'), amountMinor, currency, receivedOn: textOption(input, 'on') });
  const told = (key: string, isConfirmed: boolean, citation: string) => io.say(io.words(`allocation:cli.${key}${isConfirmed ? '' : '_unconfirmed'}`, { citation }));
  const rows = (parts: typeof preview.parts) => io.table(['case', 'bucket', 'obligation', 'amount'].map((column) => io.words(`allocation:cli.column.${column}`)), parts.map((part) => [
    part.caseId, io.words(part.bucket === null ? 'allocation:cli.no_bucket' : `allocation:bucket.${part.bucket}`), part.obligationId ?? '', `${formatMajor(part.amountMinor, currency)} ${currency}`]));
  told('rule', preview.isConfirmed, preview.citation);
  rows(preview.parts);
  if (preview.prorated) {
    told('prorated', preview.prorated.isConfirmed, preview.prorated.citation);
    rows(preview.prorated.parts);
  }
  const json = (parts: typeof preview.parts) => parts.map(({ amountMinor: minor, ...part }) => ({ ...part, amount: formatMajor(minor, currency) }));
  await io.json({ ...preview, parts: json(preview.parts), prorated: preview.prorated && { ...preview.prorated, parts: json(preview.prorated.parts) } });
  return EXIT.done;
}

const wordOf = (made: PostingExport, again: string | null): string => (again !== null ? 'rewritten' : made.isRepeat ? 'repeated' : 'exported');
const isFileTrouble = (error: unknown): boolean => ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EROFS', 'ENOSPC'].includes(String((error as { code?: unknown }).code));

/** A file that was asked for by name is written even so, with its heading alone: the fetching script finds what it expects. */
async function nothing(io: Io, out: string | null): Promise<ExitCode> {
  const { POSTING_EXPORT_HEADING } = await import('../modules/payments/index.ts');
  const file = out === null ? null : resolve(out);
  if (file !== null) await writeFile(file, POSTING_EXPORT_HEADING, { mode: 0o600 });
  io.say(io.words('postings:cli.nothing'));
  await io.json({ exportId: null, file, sha256: null, postings: 0, repeat: false });
  return EXIT.done;
}

async function acknowledge(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const file of input.args) codes.push(await acknowledgeFile(io, file, ctx));
  return [EXIT.refused, EXIT.needsPerson].find((code) => codes.includes(code)) ?? EXIT.done;
}

/** A file that is refused does not stop the others. */
async function acknowledgeFile(io: Io, file: string, ctx: Ctx): Promise<ExitCode> {
  const { acknowledgePostings } = await import('../modules/payments/index.ts');
  try {
    const about = await stat(file).catch(() => null);
    if (!about?.isFile()) throw new AppError('invalid', 'file.unreadable', { params: { file } });
    const { findings, ...result } = await acknowledgePostings(ctx, { fileName: basename(file), source: createReadStream(file) });
    for (const finding of findings) io.finding(finding, file);
    const { lines, accepted, refused, duplicate, rejected } = result;
    io.say(io.words('postings:cli.acknowledged', { file: result.file, lines, accepted, refused, duplicate, rejected }));
    await io.json({ ...result, findings });
    return needsPerson(findings) ? EXIT.needsPerson : EXIT.done;
  } catch (error) {
    if (!(error instanceof AppError) || !['invalid', 'conflict'].includes(error.kind)) throw error;
    for (const finding of error.findings) io.finding(finding, file);
    if (error.findings.length === 0) io.say(`${file} — ${wordsForCode(io.language, 'errors', error.code, error.params)}`);
    await io.json({ file: basename(file), kind: 'posting_acknowledgment', lines: 0, accepted: 0, refused: 0, duplicate: 0, rejected: 0, findings: error.findings, error: error.code });
    return EXIT.refused;
  }
}
