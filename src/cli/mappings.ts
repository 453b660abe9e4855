import { createWriteStream } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { EXIT, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io, Option } from './command.ts';

/** A mapping has a few headings; what is larger is none. */
const MAPPING_BYTES_MAX = 256 * 1024;
const KIND: Option = { flags: '--kind <kind>', describe: 'tables:cli.kind', required: true, choices: ['forwarding', 'remittance'] };
const PARTNER: Option = { flags: '--partner <id>', describe: 'tables:cli.partner', required: true };

export const mappingCommands: readonly Command[] = [
  { name: 'mappings save', describe: 'tables:cli.mappings_save', needs: 'app', options: [PARTNER, KIND, { flags: '--file <file>', describe: 'tables:cli.file', required: true }], run: save },
  { name: 'mappings list', describe: 'tables:cli.mappings_list', needs: 'app', options: [{ ...PARTNER, required: false }], run: list },
  { name: 'mappings show', describe: 'tables:cli.mappings_show', needs: 'app', options: [PARTNER, KIND, { flags: '--version <number>', describe: 'tables:cli.version' }], run: show },
  { name: 'payments annotated', args: '<list>', describe: 'tables:cli.annotated', needs: 'app', options: [{ flags: '--out <file>', describe: 'tables:cli.out' }], run: annotated },
];

const kindOf = (input: Input) => (textOption(input, 'kind') === 'forwarding' ? 'forwarding' as const : 'remittance' as const);

async function save(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { saveMapping } = await import('../modules/payments/index.ts');
  const [partnerId, kind, file] = [textOption(input, 'partner'), kindOf(input), textOption(input, 'file')];
  try {
    const { version, isRepeat } = await saveMapping(ctx, { partnerId, kind, mapping: await readJson(file) });
    io.say(io.words(`tables:cli.${isRepeat ? 'repeated' : 'saved'}`, { partner: partnerId, kind: io.words(`payments:kind.${kind}`), version }));
    await io.json({ partner: partnerId, kind, version, repeat: isRepeat });
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'mapping.invalid') throw error;
    for (const finding of error.findings) io.finding(finding, file);
    await io.json({ partner: partnerId, kind, error: error.code, findings: error.findings });
    return EXIT.refused;
  }
}

async function readJson(file: string): Promise<unknown> {
  const about = await stat(file).catch(() => null);
  if (!about?.isFile() || about.size > MAPPING_BYTES_MAX) throw new AppError('invalid', 'file.unreadable', { params: { file } });
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new AppError('invalid', 'mapping.unreadable', { params: { file }, cause: error });
  }
}

async function list(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listMappings } = await import('../modules/payments/index.ts');
  const { mappings, waiting } = await listMappings(ctx, typeof input.options.partner === 'string' ? input.options.partner : null);
  await io.json({
    mappings: mappings.map(({ partnerId, kind, version, savedAt, savedBy }) => ({ partner: partnerId, kind, version, savedAt, savedBy })),
    waiting: waiting.map(({ fileId, partnerId, fileName, kind, findings, refusedAt }) => ({ fileId, partner: partnerId, file: fileName, kind, findings, refusedAt })),
  });
  const heads = (names: readonly string[]) => names.map((name) => io.words(`tables:cli.column_${name}`));
  const kindWords = (kind: string) => (kind === '' ? '' : io.words(`payments:kind.${kind}`));
  if (mappings.length === 0) io.say(io.words('tables:cli.none'));
  else io.table(heads(['partner', 'kind', 'version', 'saved', 'by']), mappings.map((one) => [one.partnerId, kindWords(one.kind), String(one.version), one.savedAt.toISOString(), one.savedBy]));
  if (waiting.length === 0) {
    io.say(io.words('tables:cli.no_waiting'));
    return EXIT.done;
  }
  io.say(io.words('tables:cli.waiting'));
  io.table(heads(['file', 'partner', 'kind', 'id', 'missing']), waiting.map((one) => [one.fileName, one.partnerId, kindWords(one.kind), one.fileId,
    one.findings.flatMap(({ path }) => (path ? [io.words(`tables:field.${path}`)] : [])).join(', ')]));
  return EXIT.needsPerson;
}

async function show(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { getMapping } = await import('../modules/payments/index.ts');
  const given = input.options.version;
  const version = typeof given === 'string' && /^[1-9]\d{0,5}$/.test(given) ? Number(given) : null;
  if (given !== undefined && version === null) throw new AppError('not_found', 'mapping.not_found');
  const saved = await getMapping(ctx, textOption(input, 'partner'), kindOf(input), version);
  if (io.wantsJson) await io.json({ partner: saved.partnerId, kind: saved.kind, version: saved.version, savedAt: saved.savedAt, savedBy: saved.savedBy, mapping: saved.mapping });
  else io.say(JSON.stringify(saved.mapping, null, 2));
  return EXIT.done;
}

async function annotated(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { annotatedList, openAnnotated } = await import('../modules/payments/index.ts');
  const made = await annotatedList(ctx, input.args[0] ?? '');
  const file = resolve(typeof input.options.out === 'string' ? input.options.out : made.fileName);
  // Written aside and then renamed, so that whoever fetches the file never gets half of it.
  const half = `${file}.${process.pid}.part`;
  try {
    await pipeline((await openAnnotated(ctx, made.annotatedFileId)).bytes, createWriteStream(half, { mode: 0o600 }));
    await rename(half, file);
  } catch (error) {
    await rm(half, { force: true });
    const isFileTrouble = ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EROFS', 'ENOSPC'].includes(String((error as { code?: unknown }).code));
    throw isFileTrouble ? new AppError('invalid', 'file.unwritable', { params: { file }, cause: error }) : error;
  }
  io.say(io.words('tables:cli.annotated_done', { file, lines: made.lines, cases: made.cases }));
  await io.json({ file, fileId: made.annotatedFileId, lines: made.lines, cases: made.cases });
  return EXIT.done;
}
