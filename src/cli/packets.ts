import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../platform/config.ts';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { EXIT, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const packetCommands: readonly Command[] = [
  {
    name: 'packets build', args: '<referral>', describe: 'referrals:cli.build', needs: 'app',
    options: [{ flags: '--out <dir>', describe: 'referrals:cli.out', fallback: '.' }],
    run: build,
  },
  {
    name: 'packets verify', args: '<file>', describe: 'referrals:cli.verify', needs: 'nothing',
    options: [{ flags: '--trust <file>', describe: 'referrals:cli.trust' }],
    run: verify,
  },
  {
    name: 'packets print', args: '<packet>', describe: 'printing:cli.print', needs: 'app',
    options: [
      { flags: '--sets <number>', describe: 'printing:cli.sets', fallback: '1' },
      { flags: '--paper <size>', describe: 'printing:cli.paper', choices: ['letter', 'a4'] },
      { flags: '--out <dir>', describe: 'printing:cli.out', fallback: '.' },
    ],
    run: print,
  },
  {
    name: 'packets read', args: '<packet>', describe: 'printing:cli.read', needs: 'app',
    options: [{ flags: '--out <dir>', describe: 'printing:cli.out', fallback: '.' }],
    run: read,
  },
  {
    name: 'packets reference', args: '<reference...>', describe: 'printing:cli.reference', needs: 'app',
    run: reference,
  },
];

const FILE_BYTES_MAX = 300 * 1024 * 1024;

async function build(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { buildPacket } = await import('../modules/referrals/index.ts');
  const referralId = input.args[0] ?? '';
  try {
    const packet = await buildPacket(ctx, referralId);
    for (const finding of packet.findings) io.finding(finding);
    const file = await writeWhole(textOption(input, 'out'), packet.fileName, packet.bytes);
    io.say(io.words(packet.alreadySealed ? 'referrals:cli.same_packet' : 'referrals:cli.sealed', { packet: packet.packetId, pages: packet.pages, file }));
    const { packetId, pages, sha256, findings } = packet;
    await io.json({ referralId, packetId, file, pages, sha256, findings });
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'packet.incomplete') throw error;
    for (const finding of error.findings) io.finding(finding);
    io.say(io.words('referrals:cli.not_built'));
    await io.json({ referralId, packetId: null, file: null, pages: null, sha256: null, findings: error.findings });
    return EXIT.needsPerson;
  }
}

/** The file appears whole or not at all, and only its owner may read it. */
async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const target = join(folder, name);
  const half = `${target}.${process.pid}.half`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(half, bytes, { mode: 0o600 });
    await rename(half, target);
  } catch (cause) {
    throw new AppError('invalid', 'packet.not_written', { params: { file: target }, cause });
  }
  return target;
}

async function verify(io: Io, input: Input, config: Config): Promise<ExitCode> {
  const { verifyPacket } = await import('../modules/referrals/index.ts');
  const { ownCertificate } = await import('../platform/asic/signer.ts');
  const file = input.args[0] ?? '';
  const trust = input.options.trust;
  const report = verifyPacket(await readBounded(file), typeof trust === 'string' ? (await readBounded(trust)).toString('utf8') : undefined, { own: ownCertificate(config) });
  for (const entry of report.entries) io.say(`${entry.sha256}  ${entry.name}`);
  for (const finding of report.findings) io.finding(finding, file);
  if (report.signer) {
    const { subject, fingerprint, signedAt } = report.signer;
    io.say(io.words('referrals:cli.signer', { subject, fingerprint, signedAt }));
  }
  io.say(io.words(report.isIntact ? `referrals:cli.intact_${report.signer?.trust ?? 'unchecked'}` : 'referrals:cli.refused'));
  await io.json({ file, isIntact: report.isIntact, entries: report.entries, signer: report.signer, findings: report.findings });
  return report.isIntact ? EXIT.done : EXIT.refused;
}

async function readBounded(file: string): Promise<Buffer> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile() || found.size > FILE_BYTES_MAX) throw new AppError('not_found', 'file.unreadable', { params: { file } });
  return readFile(file);
}

/** A referral, a packet or a file of one, as complete sets in one PDF for the printer. */
async function print(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { printSets } = await import('../modules/referrals/index.ts');
  const { fileNumbersOf } = await import('../modules/exchange/index.ts');
  const given = input.args[0] ?? '';
  const of = given.startsWith('ref_') ? { referralId: given } : given.startsWith('pkt_') ? { packetId: given } : { container: await readBounded(given) };
  const paper = input.options.paper;
  const printed = await printSets(ctx, { of, sets: Number(textOption(input, 'sets')), paper: paper === 'letter' || paper === 'a4' ? paper : undefined, numbersOf: (referralId) => fileNumbersOf(ctx, referralId) });
  for (const finding of printed.findings) io.finding(finding);
  const file = await writeWhole(textOption(input, 'out'), printed.fileName, printed.bytes);
  const { packetId, referralId, sets, pagesPerSet, findings } = printed;
  io.say(io.words('printing:cli.written', { packet: packetId, count: sets, pages: pagesPerSet, file }));
  await io.json({ packetId, referralId, file, sets, pagesPerSet, paper: printed.paper, findings });
  return EXIT.done;
}

/** The copy for reading of a packet, or of the newest packet of a referral. */
async function read(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { getReferral, readPacketReadingCopy } = await import('../modules/referrals/index.ts');
  const given = input.args[0] ?? '';
  const packetId = given.startsWith('ref_') ? (await getReferral(ctx, given)).packets[0]?.packetId ?? '' : given;
  const copy = await readPacketReadingCopy(ctx, packetId);
  const file = await writeWhole(textOption(input, 'out'), copy.fileName, copy.bytes);
  io.say(io.words('printing:cli.read_written', { packet: packetId, file }));
  await io.json({ packetId, referralId: copy.referralId, file });
  return EXIT.done;
}

async function reference(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { resolveReference } = await import('../modules/referrals/index.ts');
  const found = await resolveReference(ctx, input.args.join(' '));
  for (const finding of found.findings) io.finding(finding);
  if (found.packetId !== null) io.say(io.words('printing:cli.belongs', { referral: found.referralId ?? '', packet: found.packetId, set: found.set ?? 0 }));
  await io.json(found);
  return found.packetId === null ? EXIT.refused : EXIT.done;
}
