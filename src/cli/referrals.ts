import type { Ctx } from '../platform/context.ts';
import type { Config } from '../platform/config.ts';
import { AppError } from '../platform/errors.ts';
import type { Direction, LifecycleWords, ListedReferral, ReferralClock, ReferralStatus } from '../modules/referrals/index.ts';
import { EXIT, textOption, textOrNull } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

const FORMATS = ['text', 'mermaid', 'dot'] as const;

export const referralCommands: readonly Command[] = [
  {
    name: 'referrals create', describe: 'referrals:cli.create', needs: 'app',
    options: [
      { flags: '--case <id>', describe: 'referrals:cli.case', required: true },
      { flags: '--partner <id>', describe: 'referrals:cli.partner', required: true },
      { flags: '--service <code...>', describe: 'referrals:cli.service', required: true },
    ],
    run: create,
  },
  {
    name: 'referrals send', args: '<referral>', describe: 'referrals:cli.send', needs: 'app',
    options: [{ flags: '--approver <name>', describe: 'referrals:cli.approver' }],
    run: send,
  },
  {
    name: 'referrals list', describe: 'referrals:cli.list', needs: 'app', run: list,
    options: [
      { flags: '--due', describe: 'referrals:cli.due' },
      { flags: '--status <state>', describe: 'referrals:cli.status' },
      { flags: '--direction <direction>', describe: 'referrals:cli.direction', choices: ['outgoing', 'incoming'] },
      { flags: '--page <number>', describe: 'referrals:cli.page' },
    ],
  },
  { name: 'referrals show', args: '<referral>', describe: 'referrals:cli.show', needs: 'app', run: show },
  {
    name: 'referrals move', args: '<referral> <move>', describe: 'referrals:cli.move', needs: 'app', run: move,
    options: [
      { flags: '--reason <code>', describe: 'referrals:cli.reason' },
      { flags: '--hop <code>', describe: 'referrals:cli.hop' },
      { flags: '--on <date>', describe: 'referrals:cli.on' },
      { flags: '--promised <date>', describe: 'referrals:cli.promised' },
      { flags: '--item <code...>', describe: 'referrals:cli.items' },
      { flags: '--replacement <referral>', describe: 'referrals:cli.replacement' },
    ],
  },
  { name: 'referrals arrived', args: '<referral> <item>', describe: 'referrals:cli.arrived', needs: 'app', run: arrived },
  {
    name: 'referrals lifecycle', describe: 'referrals:cli.lifecycle', needs: 'nothing', run: lifecycle,
    options: [{ flags: '--format <format>', describe: 'referrals:cli.format', choices: FORMATS, fallback: 'text' }],
  },
];

/** Exit 10 only where something blocks: what is merely worth a look is printed and does not stop a script. */
async function create(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { createReferral } = await import('../modules/referrals/index.ts');
  const services = [input.options.service ?? []].flat().map(String);
  const created = await createReferral(ctx, { caseId: textOption(input, 'case'), partnerId: textOption(input, 'partner'), services });
  for (const finding of created.findings) io.finding(finding);
  io.say(io.words(created.alreadyOpen ? 'referrals:cli.already_open' : 'referrals:cli.created', {
    referral: created.referralId, status: io.words(`referrals:status.${created.status}`),
  }));
  await io.json({ referralId: created.referralId, status: created.status, findings: created.findings });
  return created.findings.some((finding) => finding.severity === 'block') ? EXIT.needsPerson : EXIT.done;
}

async function send(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { sendReferral } = await import('../modules/referrals/index.ts');
  const approver = input.options.approver;
  const sent = await sendReferral(ctx, input.args[0] ?? '', typeof approver === 'string' ? { approver } : {});
  io.say(io.words('referrals:cli.sent', { referral: sent.referralId, packet: sent.packetId }));
  await io.json(sent);
  return EXIT.done;
}

async function list(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listReferrals, REFERRAL_STATES } = await import('../modules/referrals/index.ts');
  const status = textOrNull(input, 'status');
  if (status !== null && !REFERRAL_STATES.some((known) => known === status)) return EXIT.usage;
  const direction = textOrNull(input, 'direction') as Direction | null;
  const found = await listReferrals(ctx, {
    isDue: input.options.due === true, page: Number(textOrNull(input, 'page') ?? '1') || 1, status: (status ?? undefined) as ReferralStatus | undefined, direction: direction ?? undefined,
  });
  io.table(['referral', 'case', 'partner', 'services', 'status', 'due', 'clock'].map((name) => io.words(`referrals:cli.column.${name}`)), found.rows.map((row) => [
    row.referralId, row.caseId, row.partnerId, row.services.join(' '), io.words(`referrals:status.${row.status}`), row.clock?.countsOn ?? '', row.clock === null ? '' : clockName(io, row.clock.clock),
  ]));
  if (found.total > found.rows.length) io.say(io.words('referrals:cli.more', { shown: found.rows.length, total: found.total }));
  for (const row of found.rows) await io.json(lineOf(row));
  return EXIT.done;
}

function lineOf({ referralId, caseId, county, partnerId, services, status, direction, sentAt, clock }: ListedReferral): object {
  return { referralId, caseId, county, partnerId, services, status, direction, sentAt, clock };
}

async function show(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { getReferral, officeDay } = await import('../modules/referrals/index.ts');
  const referral = await getReferral(ctx, input.args[0] ?? '');
  io.say(`${referral.referralId} · ${referral.caseId} · ${referral.partnerId} · ${io.words(`referrals:status.${referral.status}`)}`);
  for (const finding of referral.findings) io.finding(finding);
  for (const { titles, agreementId, version, isConfirmed } of referral.sentUnder ?? []) {
    io.say(`${io.words('agreements:referral.sent_under')}: ${titles[io.language]} (${agreementId}:${version}${isConfirmed ? '' : `, ${io.words('agreements:to_be_confirmed')}`})`);
  }
  io.table(['clock', 'started', 'due', 'standing', 'citation'].map((name) => io.words(`referrals:cli.column.${name}`)), await clockRows(io, ctx, referral.clocks));
  const open = referral.awaited.filter((item) => item.doneOn === null);
  if (open.length > 0) io.say(io.words('referrals:cli.still_awaited', { items: open.map(({ item }) => io.words(`referrals:awaited.${item}`)).join(', ') }));
  io.table(['when', 'move', 'status', 'reason'].map((name) => io.words(`referrals:cli.column.${name}`)), referral.moves.map((row) => [
    row.happenedOn ?? officeDay({ clock: { now: () => row.movedAt } }), row.move === null ? '' : io.words(`referrals:move.${row.move}`), io.words(`referrals:status.${row.toStatus}`),
    [row.reason === null ? '' : io.words(`referrals:move_reason.${row.reason}`), row.hop === null ? '' : hopName(io, row.hop)].filter((text) => text !== '').join(' · '),
  ]));
  await io.json({
    ...lineOf(referral), packetId: referral.packetId, findings: referral.findings, clocks: referral.clocks, awaited: referral.awaited, moves: referral.moves, allowedMoves: referral.allowedMoves,
    sentUnder: referral.sentUnder,
  });
  return EXIT.done;
}

async function clockRows(io: Io, ctx: Ctx, clocks: readonly ReferralClock[]): Promise<string[][]> {
  const { clockStanding, officeDay } = await import('../modules/referrals/index.ts');
  return clocks.map((clock) => [
    clockName(io, clock.clock), clock.startedOn, clock.countsOn,
    io.words(`clocks:standing.${clockStanding(clock.stoppedOn === null ? clock.countsOn : clock.dueOn, officeDay(ctx), clock.stoppedOn === null ? null : clock.satisfiedOn ?? clock.stoppedOn, clock.pausedOn)}`),
    `${clock.citation}${clock.isBinding ? '' : ` (${io.words('clocks:word.target')})`}`,
  ]);
}

const clockName = (io: Io, clock: string): string => io.words(`clocks:name.${clock.replaceAll('.', '_')}`);
const hopName = (io: Io, hop: string): string => (hop.includes('-') ? hop : io.words(`referrals:hop.${hop}`));

async function move(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { moveReferral } = await import('../modules/referrals/index.ts');
  const items = [input.options.item ?? []].flat().map(String);
  const moved = await moveReferral(ctx, input.args[0] ?? '', input.args[1] ?? '', {
    reason: textOrNull(input, 'reason'), hop: textOrNull(input, 'hop'), on: textOrNull(input, 'on'), promisedOn: textOrNull(input, 'promised'),
    replacement: textOrNull(input, 'replacement'), ...(items.length > 0 ? { items } : {}),
  });
  io.say(io.words('referrals:cli.moved', {
    referral: moved.referralId, from: io.words(`referrals:status.${moved.from}`), status: io.words(`referrals:status.${moved.status}`),
  }));
  await io.json(moved);
  return EXIT.done;
}

async function arrived(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { recordAwaitedItem } = await import('../modules/referrals/index.ts');
  const awaited = await recordAwaitedItem(ctx, input.args[0] ?? '', input.args[1] ?? '');
  const open = awaited.filter(({ doneOn }) => doneOn === null).map(({ item }) => io.words(`referrals:awaited.${item}`));
  io.say(open.length > 0 ? io.words('referrals:cli.still_awaited', { items: open.join(', ') }) : io.words('referrals:cli.nothing_awaited'));
  await io.json({ awaited });
  return EXIT.done;
}

async function lifecycle(io: Io, input: Input, _config: Config): Promise<ExitCode> {
  const { DIRECTIONS, LIFECYCLE, lifecycleDot, lifecycleMermaid, lifecycleRows } = await import('../modules/referrals/index.ts');
  const words = wordsOf(io);
  const format = textOrNull(input, 'format') ?? 'text';
  if (!FORMATS.some((known) => known === format)) throw new AppError('invalid', 'referral.format_unknown', { params: { format: format.slice(0, 20) } });
  if (format !== 'text') io.say(format === 'dot' ? lifecycleDot(words) : lifecycleMermaid(words));
  else {
    for (const direction of DIRECTIONS) {
      io.say(`${words.direction(direction)}\n`);
      const names = ['who', 'needs', 'clocks'].map((name) => io.words(`referrals:cli.column.${name}`));
      for (const [name, from, to, ...rest] of lifecycleRows(direction, words)) {
        io.say([`${name}: ${from} → ${to}`, ...rest.flatMap((text, index) => (text === '' ? [] : [`    ${names[index]}: ${text}`]))].join('\n'));
      }
      io.say('');
    }
  }
  for (const row of LIFECYCLE) await io.json(row);
  return EXIT.done;
}

/** The table's codes in the reader's language. */
function wordsOf(io: Io): LifecycleWords {
  return {
    state: (state) => io.words(`referrals:status.${state}`), move: (name) => io.words(`referrals:move.${name}`), mover: (mover) => io.words(`referrals:mover.${mover}`),
    need: (need) => io.words(`referrals:need.${need}`), direction: (direction) => io.words(`referrals:direction.${direction}`),
    effect: ({ act, clock, when }) => {
      const effect = io.words(`referrals:act.${act}`, { clock: clock === '*' ? io.words('referrals:act.every') : clockName(io, clock) });
      return when ? io.words('referrals:act.conditional', { effect, when: io.words(`referrals:when.${when}`) }) : effect;
    },
  };
}
