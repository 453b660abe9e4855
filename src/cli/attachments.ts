import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { wordsForCode } from '../platform/i18n.ts';
import { isAllowed } from '../platform/authorise.ts';
import type { AttachmentView } from '../modules/referrals/index.ts';
import { EXIT, textOption, textOrNull } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const attachmentCommands: readonly Command[] = [
  {
    name: 'referrals attach', args: '<referral> <file>', describe: 'attachments:cli.attach', needs: 'app',
    options: [
      { flags: '--kind <kind>', describe: 'attachments:cli.kind', required: true },
      { flags: '--about <participant>', describe: 'attachments:cli.about' },
      { flags: '--title <text>', describe: 'attachments:cli.title' },
      { flags: '--language <tag>', describe: 'attachments:cli.language' },
      { flags: '--form <id>', describe: 'attachments:cli.form' },
    ],
    run: attach,
  },
  { name: 'referrals attachments', args: '<referral>', describe: 'attachments:cli.list', needs: 'app', run: list },
  {
    name: 'referrals attachment', args: '<attachment>', describe: 'attachments:cli.one', needs: 'app',
    options: [
      { flags: '--translated-by <attachment>', describe: 'attachments:cli.translated_by' },
      { flags: '--translator <name>', describe: 'attachments:cli.translator' },
      { flags: '--qualification <text>', describe: 'attachments:cli.qualification' },
      { flags: '--on <date>', describe: 'attachments:cli.on' },
      { flags: '--no-translation <reason>', describe: 'attachments:cli.no_translation' },
      { flags: '--reviewed', describe: 'attachments:cli.reviewed' },
      { flags: '--remove', describe: 'attachments:cli.remove' },
      { flags: '--restore', describe: 'attachments:cli.restore' },
    ],
    run: decide,
  },
];

async function attach(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { addAttachment, ATTACHMENT_KINDS } = await import('../modules/referrals/index.ts');
  const [referralId = '', file = ''] = input.args;
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) throw new AppError('not_found', 'file.unreadable', { params: { file } });
  const option = (name: string): string | null => textOrNull(input, name);
  try {
    const added = await addAttachment(ctx, referralId, {
      kind: textOption(input, 'kind'), participantId: option('about'), title: option('title'), language: option('language'), officialForm: option('form'),
      fileName: basename(file), source: createReadStream(file),
    });
    for (const finding of added.findings) io.finding(finding, file);
    io.say(io.words(added.alreadyAttached ? 'attachments:cli.already' : 'attachments:cli.attached', { attachment: added.attachmentId, pages: added.pages, sha256: added.sha256 }));
    await io.json(added);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'forbidden' || error.kind === 'not_found') throw error;
    for (const finding of error.findings) io.finding(finding, file);
    if (error.findings.length === 0) io.say(`${file} — ${wordsForCode(io.language, 'errors', error.code, error.params)}`);
    if (error.code === 'attachment.kind_unknown') io.say(io.words('attachments:cli.kinds', { kinds: ATTACHMENT_KINDS.join(', ') }));
    io.say(io.words('attachments:cli.refused'));
    await io.json({ attachmentId: null, findings: error.findings, error: error.code, params: error.params });
    return EXIT.refused;
  }
}

async function list(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listAttachments } = await import('../modules/referrals/index.ts');
  const { attachments, findings } = await listAttachments(ctx, input.args[0] ?? '');
  const number = new Map(attachments.map((row) => [row.attachmentId, String(row.position)]));
  const rows = attachments.map((row) => {
    const { translation } = row;
    const said = translation === null ? '' : 'by' in translation ? number.get(translation.by) ?? '' : io.words(`attachments:not_needed.${translation.notNeeded}`);
    return [String(row.position), row.attachmentId, io.words(`attachments:kind.${row.kind}`), String(row.pages ?? ''), io.words(`attachments:state.${row.state}`), said];
  });
  io.table(['number', 'id', 'kind', 'pages', 'state', 'translation'].map((column) => io.words(`attachments:cli.column.${column}`)), rows);
  for (const finding of findings) io.finding(finding);
  for (const row of attachments) await io.json(lineOf(row));
  return findings.some(({ severity }) => severity === 'block') ? EXIT.needsPerson : EXIT.done;
}

function lineOf(row: AttachmentView['attachment']): object {
  const { attachmentId, position, kind, participantId, title, language, officialForm, state, mediaType, pages, byteCount, sha256, translation, review, addedAt } = row;
  return { attachmentId, number: position, kind, participantId, title, language, officialForm, state, mediaType, pages, byteCount, sha256, translation, reviewedAt: review?.at ?? null, addedAt };
}

const ACTS = ['translatedBy', 'translation', 'reviewed', 'remove', 'restore'] as const;
const ABOUT_TRANSLATION = ['translator', 'qualification', 'on'] as const;

/** Says one thing about an attachment and shows how it stands then; without an option it is only shown. */
async function decide(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { getAttachment } = await import('../modules/referrals/index.ts');
  const isGiven = (name: string): boolean => typeof input.options[name] === 'string' || (name !== 'translation' && input.options[name] === true);
  const acts = ACTS.filter(isGiven);
  if (acts.length > 1 || (acts[0] !== 'translatedBy' && ABOUT_TRANSLATION.some(isGiven))) {
    io.say(io.words('attachments:cli.one_at_a_time'));
    return EXIT.usage;
  }
  const attachmentId = input.args[0] ?? '';
  if (acts[0] !== undefined) {
    await act(io, input, ctx, acts[0]);
    io.say(io.words(`attachments:cli.done.${acts[0]}`));
  }
  const { attachment, findings } = await getAttachment(ctx, attachmentId);
  const { translation } = attachment;
  io.say(io.words('attachments:cli.stands', { number: attachment.position, kind: io.words(`attachments:kind.${attachment.kind}`), state: io.words(`attachments:state.${attachment.state}`) }));
  if (translation !== null && 'notNeeded' in translation) io.say(io.words('attachments:page.translation_not_needed', { reason: io.words(`attachments:not_needed.${translation.notNeeded}`) }));
  for (const finding of findings) io.finding(finding);
  await io.json({ ...lineOf(attachment), findings });
  return findings.some(({ severity }) => severity === 'block') ? EXIT.needsPerson : EXIT.done;
}

async function act(io: Io, input: Input, ctx: Ctx, name: (typeof ACTS)[number]): Promise<void> {
  const { confirmReviewed, removeAttachment, restoreAttachment, setTranslation, TRANSLATION_NOT_NEEDED } = await import('../modules/referrals/index.ts');
  const [attachmentId = ''] = input.args;
  switch (name) {
    case 'translatedBy': {
      const translator = { name: textOrNull(input, 'translator') ?? '', qualification: textOrNull(input, 'qualification') ?? '', on: textOrNull(input, 'on') ?? '' };
      return setTranslation(ctx, attachmentId, { by: textOption(input, 'translatedBy'), translator });
    }
    case 'translation': {
      const reason = textOption(input, 'translation');
      if (!TRANSLATION_NOT_NEEDED.includes(reason)) {
        for (const code of TRANSLATION_NOT_NEEDED) io.say(`${code} — ${io.words(`attachments:not_needed.${code}`)}`);
      }
      return setTranslation(ctx, attachmentId, { notNeeded: reason });
    }
    case 'reviewed':
      // Whoever runs the machine has not read the paper: the word is given by a signed-in attorney.
      if (!isAllowed(ctx, 'attachments.review')) throw new AppError('forbidden', 'attachment.review_by_attorney');
      return confirmReviewed(ctx, attachmentId);
    case 'remove': return removeAttachment(ctx, attachmentId);
    case 'restore': return restoreAttachment(ctx, attachmentId);
  }
}
