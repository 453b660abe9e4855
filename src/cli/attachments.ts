import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { wordsForCode } from '../platform/i18n.ts';
import { EXIT, textOption } from './command.ts';
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
];

async function attach(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { addAttachment, ATTACHMENT_KINDS } = await import('../modules/referrals/index.ts');
  const [referralId = '', file = ''] = input.args;
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) throw new AppError('not_found', 'file.unreadable', { params: { file } });
  const option = (name: string): string | null => (typeof input.options[name] === 'string' ? input.options[name] : null);
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
  for (const row of attachments) {
    const { attachmentId, position, kind, participantId, title, language, officialForm, state, mediaType, pages, byteCount, sha256, translation, review, addedAt } = row;
    await io.json({ attachmentId, number: position, kind, participantId, title, language, officialForm, state, mediaType, pages, byteCount, sha256, translation, reviewedAt: review?.at ?? null, addedAt });
  }
  return findings.some(({ severity }) => severity === 'block') ? EXIT.needsPerson : EXIT.done;
}
