import { createReadStream } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { wordsForCode } from '../platform/i18n.ts';
import type { Cover, CoverPerson, IncomingView } from '../modules/referrals/index.ts';
import { EXIT, textOption, textOrNull } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const incomingCommands: readonly Command[] = [
  {
    name: 'incoming receive', args: '<file...>', describe: 'incoming:cli.receive', needs: 'app', run: receive,
    options: [
      { flags: '--partner <partner>', describe: 'incoming:cli.partner', required: true },
      { flags: '--received-on <date>', describe: 'incoming:cli.received_on' },
      { flags: '--file-number <text>', describe: 'incoming:cli.file_number' },
      { flags: '--our-number <text>', describe: 'incoming:cli.our_number' },
      { flags: '--reference <text>', describe: 'incoming:cli.reference' },
      { flags: '--service <code...>', describe: 'incoming:cli.service' },
      { flags: '--obligor <name>', describe: 'incoming:cli.obligor' },
      { flags: '--obligee <name>', describe: 'incoming:cli.obligee' },
      { flags: '--child <name...>', describe: 'incoming:cli.child' },
      { flags: '--note <text>', describe: 'incoming:cli.note' },
    ],
  },
  {
    name: 'incoming list', describe: 'incoming:cli.list', needs: 'app', run: list,
    options: [{ flags: '--decided', describe: 'incoming:cli.decided' }, { flags: '--partner <partner>', describe: 'incoming:cli.partner' }, { flags: '--page <number>', describe: 'incoming:cli.page', fallback: '1' }],
  },
  { name: 'incoming show', args: '<receipt>', describe: 'incoming:cli.show', needs: 'app', run: show },
  { name: 'incoming save', args: '<receipt>', describe: 'incoming:cli.save', needs: 'app', run: save, options: [{ flags: '--out <dir>', describe: 'incoming:cli.out', fallback: '.' }] },
  {
    name: 'incoming accept', args: '<receipt>', describe: 'incoming:cli.accept', needs: 'app', run: accept,
    options: [
      { flags: '--case <case>', describe: 'incoming:cli.case' }, { flags: '--referral <referral>', describe: 'incoming:cli.referral' },
      { flags: '--service <code...>', describe: 'incoming:cli.service' },
    ],
  },
  { name: 'incoming refuse', args: '<receipt>', describe: 'incoming:cli.refuse', needs: 'app', run: refuse, options: [{ flags: '--reason <code>', describe: 'incoming:cli.reason', required: true }] },
];

const several = (input: Input, name: string): string[] => (Array.isArray(input.options[name]) ? input.options[name] : []);

/** `Name=YYYY-MM-DD`, the date being left out where nobody knows it. */
function personOf(text: string): CoverPerson {
  const at = text.lastIndexOf('=');
  return at === -1 ? { name: text } : { name: text.slice(0, at), birthDate: text.slice(at + 1) };
}

function coverOf(input: Input): Cover | null {
  const [obligor, obligee] = [textOrNull(input, 'obligor'), textOrNull(input, 'obligee')];
  const cover: Cover = {
    fileNumber: textOrNull(input, 'fileNumber'), ourNumber: textOrNull(input, 'ourNumber'), reference: textOrNull(input, 'reference'), services: several(input, 'service'),
    obligor: obligor === null ? null : personOf(obligor), obligee: obligee === null ? null : personOf(obligee), children: several(input, 'child').map(personOf), note: textOrNull(input, 'note'),
  };
  return Object.values(cover).every((value) => value === null || (Array.isArray(value) && value.length === 0)) ? null : cover;
}

async function receive(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { getIncoming, receivePacket } = await import('../modules/referrals/index.ts');
  const cover = coverOf(input);
  let exit: ExitCode = EXIT.done;
  for (const file of input.args) {
    const found = await stat(file).catch(() => null);
    if (!found?.isFile()) throw new AppError('not_found', 'file.unreadable', { params: { file } });
    try {
      const received = await receivePacket(ctx, {
        partnerId: textOption(input, 'partner'), fileName: basename(file), source: createReadStream(file), receivedOn: textOrNull(input, 'receivedOn'), ...(cover ? { cover } : {}),
      });
      const { kind, state } = await getIncoming(ctx, received.incomingId);
      for (const finding of received.findings) io.finding(finding, file);
      const params = { receipt: received.incomingId, kind: io.words(`incoming:kind.${kind}`), state: io.words(`incoming:state.${state}`) };
      io.say(io.words(received.alreadyReceived ? 'incoming:cli.already' : 'incoming:cli.received', params));
      await io.json({ file, incomingId: received.incomingId, receivedAt: received.receivedAt, kind, state, alreadyReceived: received.alreadyReceived, findings: received.findings });
      exit = worse(exit, state === 'refused' ? EXIT.refused : state === 'filed' ? EXIT.needsPerson : EXIT.done);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'invalid') throw error;
      for (const finding of error.findings) io.finding(finding, file);
      io.say(`${file} — ${wordsForCode(io.language, 'errors', error.code, error.params)}`);
      await io.json({ file, incomingId: null, error: error.code, params: error.params, findings: error.findings });
      exit = EXIT.refused;
    }
  }
  return exit;
}

const worse = (a: ExitCode, b: ExitCode): ExitCode => (a === EXIT.refused || b === EXIT.done ? a : b);

async function list(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listIncoming } = await import('../modules/referrals/index.ts');
  const { rows } = await listIncoming(ctx, { show: input.options['decided'] === true ? 'decided' : 'open', partnerId: textOrNull(input, 'partner') ?? undefined, page: Number(textOption(input, 'page')) || 1 });
  io.table(['receipt', 'received', 'by', 'partner', 'kind', 'state', 'proposal'].map((column) => io.words(`incoming:cli.column.${column}`)), rows.map((row) => [
    row.incomingId, row.receivedOn, row.decideBy ?? '', row.partnerId, io.words(`incoming:kind.${row.kind}`), io.words(`incoming:state.${row.state}`), row.proposal === null ? '' : io.words(`incoming:proposal.${row.proposal}`),
  ]));
  for (const { incomingId, partnerId, receivedOn, receivedAt, kind, state, proposal, decideBy, sha256, referralId, reason } of rows) {
    await io.json({ incomingId, partnerId, receivedOn, receivedAt, kind, state, proposal, decideBy, sha256, referralId, reason });
  }
  return EXIT.done;
}

async function show(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { getIncoming } = await import('../modules/referrals/index.ts');
  const item = await getIncoming(ctx, input.args[0] ?? '');
  io.say(`${item.incomingId} · ${item.receivedOn} · ${item.partnerId} · ${io.words(`incoming:kind.${item.kind}`)} · ${io.words(`incoming:state.${item.state}`)}`);
  for (const finding of [...item.findings, ...item.caseFindings]) io.finding(finding);
  if (item.isOpen) tellProposal(io, item);
  const { incomingId, partnerId, receivedOn, kind, state, sha256, findings, caseFindings, proposal, missing, referralId, reason, duplicateOf } = item;
  await io.json({ incomingId, partnerId, receivedOn, kind, state, sha256, services: item.facts?.services ?? [], findings, caseFindings, proposal, missing, referralId, reason, duplicateOf });
  return item.isOpen ? EXIT.needsPerson : EXIT.done;
}

function tellProposal(io: Io, { proposal, candidates, missing }: IncomingView): void {
  io.say(io.words(`incoming:proposal.${proposal?.kind ?? 'none'}`));
  if (proposal?.kind === 'referral') io.say(`  ${proposal.referralId} (${proposal.caseId})`);
  if (candidates.length > 0) {
    io.table(['case', 'score', 'why'].map((column) => io.words(`incoming:cli.column.${column}`)),
      candidates.map(({ caseId, score, reasons }) => [caseId, String(score), reasons.map(({ code, params }) => io.words(`incoming:why.${code}`, params)).join(', ')]));
  }
  if (proposal?.kind !== 'new') return;
  io.say(io.words('incoming:page.worksheet_missing'));
  for (const code of missing) io.say(`  ${io.words(`incoming:missing.${code}`)}`);
}

/** The file as it came, readable by its owner alone; an existing file is not overwritten. */
async function save(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { readIncomingFile } = await import('../modules/referrals/index.ts');
  const { fileName, bytes } = await readIncomingFile(ctx, input.args[0] ?? '');
  const folder = textOption(input, 'out');
  const file = join(folder, fileName);
  await mkdir(folder, { recursive: true });
  const target = await open(file, 'wx', 0o600).catch(() => null);
  if (!target) throw new AppError('conflict', 'packet.not_written', { params: { file } });
  try {
    for await (const chunk of bytes) await target.writeFile(chunk as Buffer);
  } finally {
    await target.close();
  }
  io.say(io.words('incoming:cli.saved', { file }));
  await io.json({ incomingId: input.args[0], file });
  return EXIT.done;
}

async function accept(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { acceptIncoming } = await import('../modules/referrals/index.ts');
  const [caseId, referralId] = [textOrNull(input, 'case'), textOrNull(input, 'referral')];
  if ((caseId === null) === (referralId === null)) {
    io.say(io.words('incoming:cli.target_needed'));
    return EXIT.usage;
  }
  const accepted = await acceptIncoming(ctx, input.args[0] ?? '', referralId === null ? { caseId: caseId ?? '', services: several(input, 'service') } : { referralId });
  io.say(io.words('incoming:cli.accepted', { receipt: accepted.incomingId, state: io.words(`incoming:state.${accepted.state}`), referral: accepted.referralId }));
  await io.json(accepted);
  return EXIT.done;
}

async function refuse(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { refuseIncoming } = await import('../modules/referrals/index.ts');
  const refused = await refuseIncoming(ctx, input.args[0] ?? '', { reason: textOption(input, 'reason') });
  io.say(io.words('incoming:cli.refused', { receipt: refused.incomingId, state: io.words(`incoming:state.${refused.state}`) }));
  await io.json(refused);
  return EXIT.done;
}
