import type { AlarmRow } from '../platform/alarms.ts';
import type { Ctx } from '../platform/context.ts';
import { hasWords, wordsForCode } from '../platform/i18n.ts';
import type { PickedFolder } from '../modules/payments/index.ts';
import { EXIT } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const pickupCommands: readonly Command[] = [
  { name: 'pickup run', describe: 'pickup:cli.run', needs: 'app', options: [{ flags: '--folder <id>', describe: 'pickup:cli.folder' }], run },
  { name: 'pickup list', describe: 'pickup:cli.list', needs: 'app', run: list },
  { name: 'pickup check', describe: 'pickup:cli.check', needs: 'app', run: check },
];

/** 10 where a file was refused, lines need a person, a folder cannot be read or settings are wrong. */
async function run(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { pickUpFiles } = await import('../modules/payments/index.ts');
  const wanted = input.options['folder'];
  const result = await pickUpFiles(ctx, typeof wanted === 'string' ? { pickupId: wanted } : {});
  for (const finding of result.findings) io.finding(finding);
  for (const folder of result.folders) {
    sayFolder(io, folder);
    await io.json(folder);
  }
  if (result.folders.length === 0) io.say(io.words('pickup:cli.no_folders'));
  if (result.findings.length > 0) await io.json({ findings: result.findings });
  const needsPerson = result.findings.length > 0 || result.folders.some((folder) => folder.fault !== null || folder.files.some((file) => file.state === 'refused' || file.state === 'later' || file.needsPerson));
  return needsPerson ? EXIT.needsPerson : EXIT.done;
}

function sayFolder(io: Io, folder: PickedFolder): void {
  if (folder.isBusy) io.say(io.words('pickup:cli.busy', { folder: folder.pickupId }));
  if (folder.fault !== null) io.say(`${folder.pickupId} — ${wordsForCode(io.language, 'errors', folder.fault, { folder: '', pickup: folder.pickupId })}`);
  for (const file of folder.files) {
    const state = io.words(`pickup:state.${file.state}`);
    const why = file.refusal === null ? '' : ` — ${wordsForCode(io.language, 'errors', file.refusal, {})}`;
    io.say(io.words('pickup:cli.file', { folder: folder.pickupId, file: file.fileName, state }) + why);
  }
  for (const odd of folder.skipped) io.say(io.words('pickup:cli.skipped', { folder: folder.pickupId, file: odd.fileName, why: wordsForCode(io.language, 'errors', odd.code) }));
  if (!folder.isBusy && folder.fault === null && folder.files.length === 0) io.say(io.words('pickup:cli.nothing', { folder: folder.pickupId }));
}

async function list(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listPickup } = await import('../modules/payments/index.ts');
  const found = await listPickup(ctx);
  for (const finding of found.findings) io.finding(finding);
  io.table(['folder', 'takes', 'place'].map((column) => io.words(`pickup:column.${column}`)), found.folders.map((f) => [f.pickupId, io.words(`pickup:takes.${f.takes}`), f.folder]));
  io.table(['taken', 'folder', 'file', 'state', 'lines'].map((column) => io.words(`pickup:column.${column}`)), found.files.map((f) => [
    f.takenAt.toISOString(), f.pickupId, f.fileName, io.words(`pickup:state.${f.state}`), f.lineCount === null ? '' : String(f.lineCount),
  ]));
  await io.json({ folders: found.folders, files: found.files, findings: found.findings });
  return found.findings.length > 0 ? EXIT.needsPerson : EXIT.done;
}

/** Raises what is to be raised now, and says what stands; 10 while any alarm stands. */
async function check(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { checkExpected, listAlarms } = await import('../modules/payments/index.ts');
  const { officeDays } = await import('../modules/referrals/index.ts');
  await checkExpected(ctx, officeDays);
  const alarms = await listAlarms(ctx, { onlyOpen: true });
  for (const alarm of alarms) {
    io.say(alarmWords(io, alarm));
    await io.json(alarm);
  }
  if (alarms.length === 0) io.say(io.words('pickup:cli.no_alarms'));
  return alarms.length > 0 ? EXIT.needsPerson : EXIT.done;
}

function alarmWords(io: Io, { code, subject, aboutOn, params }: AlarmRow): string {
  const key = `pickup:alarm.${code.replaceAll('.', '_')}`;
  return hasWords(io.language, key) ? io.words(key, { ...params, subject, on: aboutOn }) : `${code} ${subject} ${aboutOn}`;
}
