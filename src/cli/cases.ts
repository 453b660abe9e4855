import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { wordsForCode } from '../platform/i18n.ts';
import { EXIT, needsPerson, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

/** Beyond this a terminal is no place to read findings; `--json` prints them all. */
const SHOWN_MAX = 200;

export const caseCommands: readonly Command[] = [
  { name: 'cases import', args: '<file...>', describe: 'cases:cli.import', needs: 'app', run: importFiles },
  { name: 'cases figures', describe: 'referrals:cli.figures', needs: 'app', run: figures },
  {
    name: 'cases unprotect', describe: 'cases:cli.unprotect', needs: 'app', run: unprotect,
    options: [
      { flags: '--case <id>', describe: 'cases:cli.unprotect_case', required: true },
      { flags: '--participant <id>', describe: 'cases:cli.unprotect_participant', required: true },
      { flags: '--reason <text>', describe: 'cases:cli.unprotect_reason', required: true },
    ],
  },
];

/** Confirms that a protection, which the county's record no longer says, is over. */
async function unprotect(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { confirmProtectionEnd } = await import('../modules/cases/index.ts');
  const [caseId, participantId] = [textOption(input, 'case'), textOption(input, 'participant')];
  const ended = await confirmProtectionEnd(ctx, { caseId, participantId, reason: textOption(input, 'reason') });
  io.say(io.words('cases:cli.unprotected', { caseId, participantId, count: ended }));
  await io.json({ caseId, participantId, ended });
  return EXIT.done;
}

/** For cases that came in before figures, or what searches find them by, were made; an import brings its own. */
async function figures(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { workOutFigures, workOutSearchTerms } = await import('../modules/cases/index.ts');
  const bar = io.progress('');
  const count = await workOutFigures(ctx, (done) => bar.advance(done));
  await workOutSearchTerms(ctx, (done) => bar.advance(done));
  bar.end();
  io.say(io.words('referrals:cli.figures_done', { count }));
  await io.json({ cases: count });
  return EXIT.done;
}

async function importFiles(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const file of input.args) codes.push(await importFile(io, file, ctx));
  return [EXIT.refused, EXIT.needsPerson].find((code) => codes.includes(code)) ?? EXIT.done;
}

/** Takes in one file; a file that is refused does not stop the others. */
async function importFile(io: Io, file: string, ctx: Ctx): Promise<ExitCode> {
  const { importCaseExtract } = await import('../modules/cases/index.ts');
  const bar = io.progress(basename(file));
  try {
    await assertReadable(file);
    const { fileId: _fileId, sha256, findingsOmitted, ...summary } = await importCaseExtract(ctx, {
      fileName: basename(file), source: createReadStream(file), onProgress: ({ bytesRead, bytesTotal }) => bar.advance(bytesRead, bytesTotal),
    });
    bar.end();
    const { findings, ...counts } = summary;
    for (const finding of findings.slice(0, SHOWN_MAX)) io.finding(finding, file);
    const hidden = Math.max(0, findings.length - SHOWN_MAX) + findingsOmitted;
    if (hidden > 0) io.say(io.words('cases:cli.more_findings', { count: hidden }));
    io.say(io.words('cases:cli.done', { file: basename(file), ...counts }));
    await io.json({ file: basename(file), sha256, ...counts, findings, ...(findingsOmitted > 0 ? { findingsOmitted } : {}) });
    return needsPerson(findings) ? EXIT.needsPerson : EXIT.done;
  } catch (error) {
    bar.end();
    if (!(error instanceof AppError) || !['invalid', 'conflict'].includes(error.kind)) throw error;
    for (const finding of error.findings) io.finding(finding, file);
    if (error.findings.length === 0) io.say(`${file} — ${wordsForCode(io.language, 'errors', error.code, error.params)}`);
    await io.json({ file: basename(file), lines: 0, imported: 0, unchanged: 0, changed: 0, rejected: 0, findings: error.findings, error: error.code });
    return EXIT.refused;
  }
}

async function assertReadable(file: string): Promise<void> {
  const about = await stat(file).catch(() => null);
  if (!about?.isFile()) throw new AppError('invalid', 'file.unreadable', { params: { file } });
}
