import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { EndReason } from '../modules/partners/index.ts';
import type { Ctx } from '../platform/context.ts';
import { isCalendarDate } from '../platform/dates.ts';
import { AppError } from '../platform/errors.ts';
import { hasWords } from '../platform/i18n.ts';
import { EXIT, optionalText } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

const RECORD_BYTES_MAX = 2_000_000;
/** As the rules know them, and no other; said here so that the help needs no module. */
const END_REASONS: Readonly<Record<EndReason, true>> = { ended_by_partner: true, ended_by_us: true, replaced: true, ended_by_law: true, recorded_in_error: true };

export const partnerAgreementCommands: readonly Command[] = [
  { name: 'agreements list', describe: 'agreements:cli.list', needs: 'app', options: [{ flags: '--partner <id>', describe: 'agreements:cli.partner' }, { flags: '--on <date>', describe: 'agreements:cli.on' }], run: list },
  { name: 'agreements show', args: '<agreement>', describe: 'agreements:cli.show', needs: 'app', run: show },
  { name: 'agreements record', args: '<file>', describe: 'agreements:cli.record', needs: 'app', options: [{ flags: '--paper <file>', describe: 'agreements:cli.paper' }], run: record },
  {
    name: 'agreements end', args: '<agreement>', describe: 'agreements:cli.end', needs: 'app', run: end,
    options: [{ flags: '--reason <reason>', describe: 'agreements:cli.reason', required: true, choices: Object.keys(END_REASONS) }, { flags: '--from <date>', describe: 'agreements:cli.from' }],
  },
];

/** The agreement, also as the list prints it: with its version behind a colon. */
const agreementArg = (input: Input): string => (input.args[0] ?? '').replace(/:\d+$/, '');

const columns = (io: Io, names: readonly string[]): string[] => names.map((name) => io.words(`agreements:cli.column.${name}`));

async function list(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { getPartner, isOpen, listAgreements, unconfirmedTerms } = await import('../modules/partners/index.ts');
  const [on, partnerId] = [optionalText(input, 'on'), optionalText(input, 'partner')];
  if (on !== undefined && !isCalendarDate(on)) throw new AppError('invalid', 'agreement.day_wrong');
  if (partnerId !== undefined) getPartner(partnerId);
  const found = await listAgreements(ctx, { partnerId: partnerId ?? null, ...(on === undefined ? {} : { on }) });
  io.table(columns(io, ['id', 'title', 'basis', 'partners', 'counties', 'until', 'standing', 'unconfirmed']), found.map((one) => [
    `${one.record.agreementId}:${one.record.version}`, one.record.titles.value[io.language], io.words(`agreements:basis.${one.record.basis}`), one.record.partners.value.join(', '), one.record.counties.value.join(', '),
    one.lastDay ?? '–', io.words(`agreements:standing.${one.standing}`), String(unconfirmedTerms(one.record).length),
  ]));
  if (found.length === 0) io.say(io.words('agreements:none'));
  for (const one of found) await io.json({ ...one, unconfirmed: unconfirmedTerms(one.record) });
  return partnerId === undefined || found.some(isOpen) ? EXIT.done : EXIT.needsPerson;
}

async function show(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { getAgreement, unconfirmedTerms } = await import('../modules/partners/index.ts');
  const found = await getAgreement(ctx, agreementArg(input));
  const { record, standing, lastDay } = found;
  io.say(`${record.titles.value[io.language]} (${io.words(`agreements:standing.${standing}`)})`);
  const terms: [string, string, boolean][] = [
    ['kind', io.words(`agreements:kind.${record.kind}`), true], ['basis', io.words(`agreements:basis.${record.basis}`), true],
    ['partners', record.partners.value.join(', ') || io.words('agreements:no_partner'), record.partners.confirmed],
    ['parties', record.parties.value.map(({ names }) => names[io.language]).join('; '), record.parties.confirmed],
    ['counties', record.counties.value.join(', '), record.counties.confirmed], ['regions', record.regions.value.join(', '), record.regions.confirmed],
    ['services', record.services.value.map((service) => io.words(`partners:service.${service}`)).join(', '), record.services.confirmed],
    ['validFrom', record.validFrom.value, record.validFrom.confirmed], ['validUntil', lastDay ?? io.words('agreements:no_end'), record.validUntil.confirmed],
  ];
  io.table([...columns(io, ['term', 'value', 'unconfirmed'])], terms.map(([term, value, isConfirmed]) => [io.words(`agreements:field.${term}`), value, isConfirmed ? '' : io.words('agreements:to_be_confirmed')]));
  for (const { field, note } of unconfirmedTerms(record)) if (note !== null) io.say(`${io.words(`agreements:field.${field}`)}: ${noteWords(io, note)}`);
  io.table(columns(io, ['version', 'from', 'until', 'origin']), found.history.map((line) => [String(line.record.version), line.record.validFrom.value, line.record.validUntil.value ?? '–', io.words(`agreements:origin.${line.origin}`)]));
  for (const one of found.ends) io.say(io.words('agreements:ended_line', { version: one.version, from: one.endedFrom, reason: io.words(`agreements:end_reason.${one.reason}`) }));
  await io.json(found);
  return EXIT.done;
}

function noteWords(io: Io, note: string): string {
  const key = ['agreements', 'partners'].map((namespace) => `${namespace}:note.${note}`).find((one) => hasWords(io.language, one));
  return key === undefined ? note : io.words(key);
}

async function record(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { recordAgreement } = await import('../modules/partners/index.ts');
  const file = input.args[0] ?? '';
  const paper = optionalText(input, 'paper');
  try {
    const done = await recordAgreement(ctx, { record: await readJson(file), paper: paper === undefined ? null : { fileName: basename(paper), bytes: await readPaper(paper) } });
    io.say(io.words(`agreements:cli.${done.isRepeat ? 'repeated' : 'recorded'}`, { agreement: done.agreementId, version: done.version }));
    await io.json(done);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'agreement.invalid') throw error;
    for (const finding of error.findings) io.finding(finding, file);
    await io.json({ error: error.code, findings: error.findings });
    return EXIT.refused;
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    if ((await stat(file)).size > RECORD_BYTES_MAX) throw new Error('larger than any agreement');
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new AppError('invalid', 'agreement.unreadable', { params: { file }, cause: error });
  }
}

async function readPaper(file: string): Promise<Uint8Array> {
  const { PAPER_BYTES_MAX } = await import('../modules/partners/index.ts');
  const about = await stat(file).catch(() => null);
  if (!about?.isFile()) throw new AppError('invalid', 'agreement.paper_unreadable');
  if (about.size > PAPER_BYTES_MAX) throw new AppError('invalid', 'agreement.paper_too_large', { params: { bytesMax: PAPER_BYTES_MAX } });
  return readFile(file);
}

async function end(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { endAgreement } = await import('../modules/partners/index.ts');
  const done = await endAgreement(ctx, { agreementId: agreementArg(input), from: optionalText(input, 'from') ?? null, reason: optionalText(input, 'reason') ?? '' });
  io.say(io.words('agreements:cli.ended', { agreement: done.agreementId, from: done.endedFrom }));
  await io.json(done);
  return EXIT.done;
}
