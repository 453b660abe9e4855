import type { Ctx } from '../platform/context.ts';
import type { ReminderRow } from '../modules/exchange/index.ts';
import { hasWords } from '../platform/i18n.ts';
import { EXIT } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

/** What has to be said because a day has passed: drafts, what was told to the supervisor. */
export const reminderCommands: readonly Command[] = [
  { name: 'reminders run', describe: 'reminders:cli.run', needs: 'app', run },
  { name: 'reminders list', describe: 'reminders:cli.list', needs: 'app', run: list },
  { name: 'reminders send', args: '<reminder>', describe: 'reminders:cli.send', needs: 'app', run: send },
  { name: 'reminders drop', args: '<reminder>', describe: 'reminders:cli.drop', needs: 'app', run: drop },
  { name: 'reminders settle', args: '<reminder>', describe: 'reminders:cli.settle', needs: 'app', run: settle },
];

async function run(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { remind } = await import('../modules/exchange/index.ts');
  const done = await remind(ctx);
  io.say(io.words('reminders:cli.ran', { ...done }));
  await io.json(done);
  return done.drafted + done.escalated + done.refused > 0 ? EXIT.needsPerson : EXIT.done;
}

async function list(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listReminders } = await import('../modules/exchange/index.ts');
  const [drafts, escalations] = [await listReminders(ctx), await listReminders(ctx, { isEscalation: true })];
  const rows = [...drafts.rows, ...escalations.rows];
  io.table(['reminders:page.due', 'reminders:page.what', 'reminders:page.partner', 'reminders:page.referral', 'referrals:cli.column.item'].map((key) => io.words(key)),
    rows.map((row) => [row.dueOn, `${ruleName(io, row)} (${io.words(`reminders:state.${row.state}`)})`, row.partnerId, row.referralId ?? '', row.reminderId]));
  const total = drafts.total + escalations.total;
  if (total > rows.length) io.say(io.words('referrals:cli.more', { shown: rows.length, total }));
  for (const row of rows) await io.json(row);
  return EXIT.done;
}

const ruleName = (io: Io, { rule }: ReminderRow): string =>
  (hasWords(io.language, `reminders:rule.${rule}`) ? io.words(`reminders:rule.${rule}`) : io.words('reminders:rule.other', { rule }));

async function send(io: Io, { args: [reminderId = ''] }: Input, ctx: Ctx): Promise<ExitCode> {
  const { sendReminder } = await import('../modules/exchange/index.ts');
  await io.json(await sendReminder(ctx, reminderId));
  io.say(io.words('reminders:page.done_sent'));
  return EXIT.done;
}

async function drop(io: Io, { args: [reminderId = ''] }: Input, ctx: Ctx): Promise<ExitCode> {
  const { dropReminder } = await import('../modules/exchange/index.ts');
  await dropReminder(ctx, reminderId);
  await io.json({ reminderId, state: 'dropped' });
  io.say(io.words('reminders:page.done_dropped'));
  return EXIT.done;
}

async function settle(io: Io, { args: [reminderId = ''] }: Input, ctx: Ctx): Promise<ExitCode> {
  const { settleEscalation } = await import('../modules/exchange/index.ts');
  await settleEscalation(ctx, reminderId);
  await io.json({ reminderId, state: 'ended' });
  io.say(io.words('reminders:page.done_settled'));
  return EXIT.done;
}
