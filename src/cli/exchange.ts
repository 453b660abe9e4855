import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { wordsForCode } from '../platform/i18n.ts';
import type { Channel, ConversationView, Settlement } from '../modules/exchange/index.ts';
import { EXIT, textOption, textOrNull } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const exchangeCommands: readonly Command[] = [
  {
    name: 'exchange receive', args: '<file...>', describe: 'exchange:cli.receive', needs: 'app', run: receive,
    options: [
      { flags: '--partner <partner>', describe: 'exchange:cli.partner', required: true },
      { flags: '--channel <channel>', describe: 'exchange:cli.channel', choices: ['courier', 'portal', 'api', 'sftp'], fallback: 'courier' },
      { flags: '--received-on <date>', describe: 'exchange:cli.received_on' },
    ],
  },
  {
    name: 'exchange list', describe: 'exchange:cli.list', needs: 'app', run: list,
    options: [
      { flags: '--partner <partner>', describe: 'exchange:cli.partner' }, { flags: '--page <number>', describe: 'exchange:cli.page', fallback: '1' }, { flags: '--refused', describe: 'exchange:cli.refused' },
    ],
  },
  { name: 'exchange show', args: '[conversation]', describe: 'exchange:cli.show', needs: 'app', run: show, options: [{ flags: '--referral <referral>', describe: 'exchange:cli.referral' }] },
  {
    name: 'exchange send', describe: 'exchange:cli.send', needs: 'app', run: send,
    options: [
      { flags: '--referral <referral>', describe: 'exchange:cli.referral' }, { flags: '--conversation <conversation>', describe: 'exchange:cli.conversation' },
      { flags: '--partner <partner>', describe: 'exchange:cli.partner' }, { flags: '--kind <kind>', describe: 'exchange:cli.kind', required: true },
      { flags: '--body <file>', describe: 'exchange:cli.body', required: true }, { flags: '--answers <message>', describe: 'exchange:cli.answers' }, { flags: '--draft', describe: 'exchange:cli.draft' },
    ],
  },
  { name: 'exchange release', args: '<message>', describe: 'exchange:cli.release', needs: 'app', run: release, options: [{ flags: '--body <file>', describe: 'exchange:cli.body' }] },
  { name: 'exchange discard', args: '<message>', describe: 'exchange:cli.discard', needs: 'app', run: discard },
  {
    name: 'exchange parked', describe: 'exchange:cli.parked', needs: 'app', run: parked,
    options: [{ flags: '--partner <partner>', describe: 'exchange:cli.partner' }, { flags: '--page <number>', describe: 'exchange:cli.page', fallback: '1' }],
  },
  {
    name: 'exchange settle', args: '<message>', describe: 'exchange:cli.settle', needs: 'app', run: settle,
    options: [
      { flags: '--outcome <outcome>', describe: 'exchange:cli.outcome', choices: ['done', 'again', 'not_recognised', 'refuse', 'tie'], required: true },
      { flags: '--reason <code>', describe: 'exchange:cli.reason' }, { flags: '--referral <referral>', describe: 'exchange:cli.referral' },
    ],
  },
];

const given = (input: Input, name: string): Record<string, string> => {
  const value = textOrNull(input, name);
  return value === null ? {} : { [name]: value };
};

async function receive(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { receiveMessage } = await import('../modules/exchange/index.ts');
  let exit: ExitCode = EXIT.done;
  for (const file of input.args) {
    if (!(await stat(file).catch(() => null))?.isFile()) throw new AppError('not_found', 'file.unreadable', { params: { file: basename(file) } });
    const received = await receiveMessage(ctx, {
      partnerId: textOption(input, 'partner'), channel: textOption(input, 'channel') as Channel, source: createReadStream(file), fileName: basename(file), receivedOn: textOrNull(input, 'receivedOn'),
    });
    for (const finding of received.findings) io.finding(finding, file);
    const { receipt: _, ...shown } = received;
    io.say(io.words(received.alreadyReceived ? 'exchange:cli.already' : 'exchange:cli.received', {
      message: received.messageId, kind: io.words(`exchange:kind.${received.kind}`), state: io.words(`exchange:state.${received.state}`), receipt: received.receiptId,
    }));
    await io.json({ file, ...shown });
    if (received.state === 'refused') exit = EXIT.refused;
  }
  return exit;
}

async function list(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  if (input.options['refused'] === true) return refused(io, input, ctx);
  const { listConversations } = await import('../modules/exchange/index.ts');
  const partner = textOrNull(input, 'partner');
  const { rows, total } = await listConversations(ctx, { ...(partner === null ? {} : { partnerId: partner }), page: Number(textOption(input, 'page')) });
  io.table(['conversation', 'partner', 'subject', 'ours', 'theirs', 'last'].map((key) => io.words(`exchange:column.${key}`)), rows.map((row) => [
    row.conversationId, row.partnerId, io.words(`exchange:subject.${row.subject}`), row.ourFileNumber ?? '–', row.partnerFileNumber ?? '–', row.lastMessageAt.toISOString(),
  ]));
  io.say(io.words('exchange:cli.conversations', { count: total }));
  for (const row of rows) await io.json(row);
  return EXIT.done;
}

async function refused(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listRefused } = await import('../modules/exchange/index.ts');
  const partner = textOrNull(input, 'partner');
  const { rows, total } = await listRefused(ctx, { ...(partner === null ? {} : { partnerId: partner }), page: Number(textOption(input, 'page')) });
  io.table(['message', 'partner', 'kind', 'why', 'since'].map((key) => io.words(`exchange:column.${key}`)), rows.map((row) => [
    row.messageId, row.partnerId, io.words(`exchange:kind.${row.kind}`), row.findings.filter(({ severity }) => severity === 'block').map(({ code, params }) => wordsForCode(io.language, 'findings', code, params)).join('; ') || '–', row.storedAt.toISOString(),
  ]));
  io.say(io.words('exchange:cli.refused_count', { count: total }));
  for (const row of rows) await io.json(row);
  return EXIT.done;
}

async function show(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { conversationOfReferral, getConversation } = await import('../modules/exchange/index.ts');
  const referralId = textOrNull(input, 'referral');
  const view = referralId === null ? await getConversation(ctx, input.args[0] ?? '') : await conversationOfReferral(ctx, referralId);
  if (view === null) throw new AppError('not_found', 'conversation.not_found');
  io.say(io.words('exchange:cli.conversation_line', { conversation: view.wireId, partner: view.partnerId, ours: view.ourFileNumber ?? '–', theirs: view.partnerFileNumber ?? '–' }));
  io.table(['at', 'what', 'told'].map((key) => io.words(`exchange:column.${key}`)), view.timeline.map((entry) => [entry.at.toISOString(), io.words(`exchange:what.${entry.what}`), toldOf(io, entry)]));
  await io.json(view);
  return EXIT.done;
}

function toldOf(io: Io, entry: ConversationView['timeline'][number]): string {
  switch (entry.what) {
    case 'message': return `${io.words(`exchange:direction.${entry.direction}`)} ${io.words(`exchange:kind.${entry.kind}`)} (${io.words(`exchange:state.${entry.state}`)}) ${entry.messageId}`;
    case 'receipt': return `${io.words(`exchange:stage.${entry.stage}`)} ${entry.hop} ${entry.receiptId}`;
    case 'attempt': return `${entry.channel} ${wordsForCode(io.language, 'reasons', entry.code)}`;
    case 'work': return `${io.words(`exchange:work.${entry.state}`)} ${entry.reasons.map((code) => wordsForCode(io.language, 'reasons', code)).join('; ')}${entry.filed === null ? '' : ` ${entry.filed.incomingId} (${io.words(`incoming:state.${entry.filed.state}`)})`}`;
    case 'move': return `${entry.move} → ${entry.toStatus}`;
    case 'hop': return `${entry.office ?? entry.hop} ${entry.fileNumber ?? ''}`.trim();
    case 'clock': return `${entry.clock} ${io.words(`exchange:clock.${entry.act}`)}`;
  }
}

/** @throws AppError `file.unreadable`, `message.body_invalid`. */
async function bodyOf(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new AppError('not_found', 'file.unreadable', { params: { file: basename(path) } });
  });
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new AppError('invalid', 'message.body_invalid', { params: { file: basename(path) } });
  }
}

async function send(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { sendMessage } = await import('../modules/exchange/index.ts');
  const answers = textOrNull(input, 'answers');
  const [referral, conversation, partner] = [given(input, 'referral'), given(input, 'conversation'), given(input, 'partner')];
  const sent = await sendMessage(ctx, {
    ...(referral['referral'] ? { referralId: referral['referral'] } : {}), ...(conversation['conversation'] ? { conversationId: conversation['conversation'] } : {}),
    ...(partner['partner'] ? { partnerId: partner['partner'] } : {}), kind: textOption(input, 'kind'), body: await bodyOf(textOption(input, 'body')), asDraft: input.options['draft'] === true,
    ...(answers === null ? {} : { inReplyTo: answers }),
  });
  return told(io, sent);
}

async function told(io: Io, sent: { readonly messageId: string; readonly state: 'draft' | 'queued' }): Promise<ExitCode> {
  io.say(io.words('exchange:cli.sent', { message: sent.messageId, state: io.words(`exchange:state.${sent.state}`) }));
  await io.json(sent);
  return sent.state === 'draft' ? EXIT.needsPerson : EXIT.done;
}

async function release(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { releaseDraft } = await import('../modules/exchange/index.ts');
  const path = textOrNull(input, 'body');
  return told(io, await releaseDraft(ctx, input.args[0] ?? '', path === null ? undefined : { body: await bodyOf(path) }));
}

async function discard(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { discardDraft } = await import('../modules/exchange/index.ts');
  await discardDraft(ctx, input.args[0] ?? '');
  io.say(io.words('exchange:cli.discarded', { message: input.args[0] ?? '' }));
  return EXIT.done;
}

async function parked(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listParked } = await import('../modules/exchange/index.ts');
  const partner = textOrNull(input, 'partner');
  const { rows, total } = await listParked(ctx, { ...(partner === null ? {} : { partnerId: partner }), page: Number(textOption(input, 'page')) });
  io.table(['message', 'partner', 'kind', 'why', 'since'].map((key) => io.words(`exchange:column.${key}`)), rows.map((row) => [
    row.messageId, row.message.partnerId, io.words(`exchange:kind.${row.message.kind}`), row.reasons.map((code) => wordsForCode(io.language, 'reasons', code)).join('; '), row.changedAt.toISOString(),
  ]));
  io.say(io.words('exchange:cli.parked_count', { count: total }));
  for (const row of rows) await io.json(row);
  return total > 0 ? EXIT.needsPerson : EXIT.done;
}

async function settle(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { settleParked } = await import('../modules/exchange/index.ts');
  const work = await settleParked(ctx, input.args[0] ?? '', settlementOf(input));
  io.say(io.words('exchange:cli.settled', { message: work.messageId, state: io.words(`exchange:work.${work.state}`) }));
  await io.json(work);
  return EXIT.done;
}

/** @throws AppError `message.reason_unknown`, `referral.not_found`: each outcome says what it needs. */
function settlementOf(input: Input): Settlement {
  const outcome = textOption(input, 'outcome');
  if (outcome === 'refuse') return { outcome, reason: textOrNull(input, 'reason') ?? '' };
  if (outcome === 'tie') return { outcome, referralId: textOrNull(input, 'referral') ?? '' };
  return { outcome: outcome === 'again' || outcome === 'not_recognised' ? outcome : 'done' };
}
