import { readFile, stat } from 'node:fs/promises';
import type { InterviewView } from '../modules/referrals/index.ts';
import { isAllowed } from '../platform/authorise.ts';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { EXIT } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const interviewCommands: readonly Command[] = [
  {
    name: 'referrals interview', args: '<referral>', describe: 'interview:cli.interview', needs: 'app',
    options: [
      { flags: '--template', describe: 'interview:cli.template' },
      { flags: '--file <file>', describe: 'interview:cli.file' },
      { flags: '--reviewed', describe: 'interview:cli.reviewed_option' },
    ],
    run: interview,
  },
];

const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** Exit 10 where an answer is missing that blocks; what is only wanted is printed. */
async function interview(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { readInterview, saveInterview } = await import('../modules/referrals/index.ts');
  const referral = input.args[0] ?? '';
  const { file, template, reviewed } = input.options;
  if (reviewed === true) return confirmReviewed(io, referral, ctx);
  if (template === true) return writeTemplate(io, await readInterview(ctx, referral));
  if (typeof file === 'string') {
    const saved = await saveInterview(ctx, referral, await readAnswers(file));
    io.say(io.words(saved.alreadyRecorded ? 'interview:cli.same' : 'interview:cli.recorded', { referral, version: saved.version }));
  }
  const { version, language, answers, findings } = await readInterview(ctx, referral);
  if (version === 0) io.say(io.words('interview:cli.none', { referral }));
  else if (typeof file !== 'string') io.say(io.words('interview:cli.shown', { referral, version, language }));
  for (const finding of findings) io.finding(finding);
  if (findings.length === 0) io.say(io.words('interview:cli.complete'));
  await io.json({ referralId: referral, version, language, answers, findings });
  return findings.some((finding) => finding.severity === 'block') ? EXIT.needsPerson : EXIT.done;
}

/** Whoever runs the machine has not read the answers: the word is an attorney's. */
async function confirmReviewed(io: Io, referralId: string, ctx: Ctx): Promise<ExitCode> {
  const { confirmInterviewReviewed } = await import('../modules/referrals/index.ts');
  if (!isAllowed(ctx, 'translations.review')) throw new AppError('forbidden', 'translation.review_by_attorney');
  const { answers } = await confirmInterviewReviewed(ctx, referralId);
  io.say(io.words('interview:cli.reviewed', { answers }));
  await io.json({ referralId, answers });
  return EXIT.done;
}

/** Every question that is asked, with null where an answer goes. */
async function writeTemplate(io: Io, { sections, children, partnerLanguage }: InterviewView): Promise<ExitCode> {
  const empty = (scope: string): object => Object.fromEntries(sections.filter((section) => section.scope === scope).map((section) => [section.id,
    Object.fromEntries(section.fields.map((field) => [field.id, field.kind === 'list' ? [Object.fromEntries((field.fields ?? []).map((column) => [column.id, null]))] : null]))]));
  const form = { language: partnerLanguage, answers: { sections: empty('case'), children: Object.fromEntries(children.map(({ participantId }) => [participantId, empty('child')])) } };
  if (io.wantsJson) await io.json(form);
  else io.say(JSON.stringify(form, null, 2));
  return EXIT.done;
}

async function readAnswers(file: string): Promise<{ language: string; answers: unknown }> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile() || found.size > FILE_BYTES_MAX) throw new AppError('not_found', 'file.unreadable', { params: { file } });
  try {
    const { language, answers } = JSON.parse(await readFile(file, 'utf8')) as { language?: unknown; answers?: unknown };
    if (typeof language === 'string') return { language, answers };
  } catch {
    // Said below, as for a file that is JSON and something else: what stands in it is not repeated.
  }
  throw new AppError('invalid', 'interview.file_unreadable', { params: { file } });
}
