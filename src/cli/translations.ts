import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAllowed } from '../platform/authorise.ts';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { EXIT, needsPerson, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const translationCommands: readonly Command[] = [
  { name: 'translations list', args: '<referral>', describe: 'translation:cli.list', needs: 'app', run: list },
  {
    name: 'translations export', args: '<referral>', describe: 'translation:cli.export', needs: 'app',
    options: [{ flags: '--out <dir>', describe: 'translation:cli.out', fallback: '.' }],
    run: exportFiles,
  },
  { name: 'translations import', args: '<referral> <file...>', describe: 'translation:cli.import', needs: 'app', run: importFiles },
  {
    name: 'translations approve', args: '<referral> <text>', describe: 'translation:cli.approve', needs: 'app',
    options: [
      { flags: '--translator <name>', describe: 'translation:cli.translator', required: true },
      { flags: '--qualification <text>', describe: 'translation:cli.qualification', required: true },
      { flags: '--on <date>', describe: 'translation:cli.on', required: true },
    ],
    run: approve,
  },
  {
    name: 'translations review', args: '<referral>', describe: 'translation:cli.review', needs: 'app',
    options: [
      { flags: '--text <text>', describe: 'translation:cli.review_text' },
      { flags: '--all', describe: 'translation:cli.review_all' },
    ],
    run: review,
  },
];

const FILE_BYTES_MAX = 16 * 1024 * 1024;

async function list(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { getReferral, listTexts } = await import('../modules/referrals/index.ts');
  const { referralId } = await getReferral(ctx, input.args[0] ?? '');
  const texts = await listTexts(ctx, referralId);
  if (texts.length === 0) io.say(io.words('translation:cli.nothing'));
  else {
    io.table(
      ['text', 'languages', 'state', 'progress'].map((column) => io.words(`translation:cli.column.${column}`)),
      texts.map((text) => [text.textId, `${text.sourceLanguage} → ${text.targetLanguage}`, io.words(`translation:text_state.${text.state}`), `${text.translated}/${text.sentences}`]),
    );
  }
  await io.json(texts);
  return EXIT.done;
}

async function exportFiles(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { exportTexts } = await import('../modules/referrals/index.ts');
  const files = await exportTexts(ctx, input.args[0] ?? '');
  if (files.length === 0) io.say(io.words('translation:cli.nothing'));
  const written: { textId: string; file: string; sentences: number; translated: number }[] = [];
  for (const { textId, fileName, xml, sentences, translated } of files) {
    const file = await writeWhole(textOption(input, 'out'), fileName, xml);
    io.say(io.words('translation:cli.written', { file, sentences, translated }));
    written.push({ textId, file, sentences, translated });
  }
  await io.json(written);
  return EXIT.done;
}

/** Narratives of a family: the file appears whole, and only its owner may read it. */
async function writeWhole(folder: string, name: string, text: string): Promise<string> {
  const target = join(folder, name);
  const half = `${target}.${process.pid}.half`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(half, text, { mode: 0o600 });
    await rename(half, target);
  } catch (cause) {
    throw new AppError('invalid', 'translation.file_not_written', { params: { file: target }, cause });
  }
  return target;
}

async function importFiles(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { importTexts } = await import('../modules/referrals/index.ts');
  const [referralId = '', ...files] = input.args;
  let isForPerson = false;
  for (const file of files) {
    const imported = await importTexts(ctx, referralId, await readBounded(file));
    for (const finding of imported.findings) io.finding(finding, file);
    io.say(io.words('translation:cli.taken', { saved: imported.saved, refused: imported.refused }));
    await io.json({ file, ...imported });
    isForPerson ||= needsPerson(imported.findings);
  }
  return isForPerson ? EXIT.needsPerson : EXIT.done;
}

async function readBounded(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile() || found.size > FILE_BYTES_MAX) throw new AppError('not_found', 'translation.file_not_read', { params: { file } });
  return readFile(file, 'utf8');
}

async function approve(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { approveTranslation, checkTranslation } = await import('../modules/referrals/index.ts');
  const [referralId = '', textId = ''] = input.args;
  const translator = { translatorName: textOption(input, 'translator'), qualification: textOption(input, 'qualification'), on: textOption(input, 'on') };
  const findings = await checkTranslation(ctx, referralId, textId);
  for (const finding of findings) io.finding(finding);
  const approved = await approveTranslation(ctx, referralId, textId, translator);
  io.say(io.words('translation:cli.approved', { sentences: approved.sentences, remembered: approved.remembered }));
  await io.json({ referralId, textId, ...approved, findings });
  return EXIT.done;
}

/** Whoever runs the machine has not read the texts: the word is an attorney's. */
async function review(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { confirmTextReviewed, confirmTextsReviewed } = await import('../modules/referrals/index.ts');
  const [referralId = ''] = input.args;
  const { text, all } = input.options;
  if ((typeof text === 'string') === (all === true)) {
    io.say(io.words('translation:cli.review_choose'));
    return EXIT.usage;
  }
  if (!isAllowed(ctx, 'translations.review')) throw new AppError('forbidden', 'translation.review_by_attorney');
  const done = typeof text === 'string' ? await confirmTextReviewed(ctx, referralId, text) : await confirmTextsReviewed(ctx, referralId);
  io.say(io.words('translation:cli.review_done', { ...done }));
  await io.json({ referralId, ...done });
  return EXIT.done;
}
