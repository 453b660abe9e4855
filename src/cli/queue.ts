import type { Ctx } from '../platform/context.ts';
import { formatMajor } from '../platform/money.ts';
import type { QueueItem, Segment, segmentWords } from '../modules/referrals/index.ts';
import { EXIT, textOption, textOrNull } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

const SEGMENT = { flags: '--segment <id>', describe: 'referrals:cli.segment' };
const PAGE = { flags: '--page <number>', describe: 'referrals:cli.page' };

/** The queue of work, and the segments of the caseload by which it can be narrowed. */
export const queueCommands: readonly Command[] = [
  { name: 'queue list', describe: 'referrals:cli.queue_list', needs: 'app', options: [SEGMENT, PAGE], run: list },
  { name: 'queue take', describe: 'referrals:cli.queue_take', needs: 'app', options: [SEGMENT], run: take },
  {
    name: 'queue return', args: '<subject>', describe: 'referrals:cli.queue_return', needs: 'app', run: giveBack,
    options: [{ flags: '--kind <kind>', describe: 'referrals:cli.queue_kind', fallback: 'referral' }],
  },
  { name: 'segments list', describe: 'referrals:cli.segments_list', needs: 'app', run: segments },
  { name: 'segments show', args: '<segment>', describe: 'referrals:cli.segments_show', needs: 'app', options: [PAGE], run: segment },
];

const pageOf = (input: Input): number => Number(textOrNull(input, 'page') ?? '1') || 1;

async function list(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listClocks, listQueue } = await import('../modules/referrals/index.ts');
  const clocks = new Set(listClocks().map(({ clock }) => clock));
  const found = await listQueue(ctx, { segmentId: textOrNull(input, 'segment'), page: pageOf(input) });
  io.table(['due', 'item', 'case', 'partner', 'reason'].map((name) => io.words(`referrals:cli.column.${name}`)), found.rows.map((item) => [
    item.dueOn, item.subjectId, item.caseId ?? '', item.partnerId ?? '', reasonOf(io, item, clocks),
  ]));
  if (found.total > found.rows.length) io.say(io.words('referrals:cli.more', { shown: found.rows.length, total: found.total }));
  for (const item of found.rows) await io.json(item);
  return EXIT.done;
}

// Where it is no clock, it is a code of the kind's own, which its own pages put into words.
function reasonOf(io: Io, { reason }: QueueItem, clocks: ReadonlySet<string>): string {
  return clocks.has(reason) ? io.words(`clocks:name.${reason.replaceAll('.', '_')}`) : reason;
}

async function take(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { takeNext } = await import('../modules/referrals/index.ts');
  const item = await takeNext(ctx, { segmentId: textOrNull(input, 'segment') });
  io.say(item === null ? io.words('referrals:cli.nothing_to_take')
    : io.words('referrals:cli.taken', { subject: item.subjectId, until: item.claimedUntil?.toISOString() ?? '', due: item.dueOn }));
  await io.json({ item });
  return EXIT.done;
}

async function giveBack(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { returnItem } = await import('../modules/referrals/index.ts');
  const [subjectId = ''] = input.args;
  await returnItem(ctx, textOption(input, 'kind'), subjectId);
  io.say(io.words('referrals:cli.returned', { subject: subjectId }));
  await io.json({ subjectId });
  return EXIT.done;
}

async function segments(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listSegments, segmentWords } = await import('../modules/referrals/index.ts');
  const known = listSegments(ctx);
  io.table(['segment', 'name'].map((name) => io.words(`referrals:cli.column.${name}`)), known.map((each) => [each.segmentId, nameOf(io, each, segmentWords(each))]));
  for (const each of known) await io.json(each);
  return EXIT.done;
}

function nameOf(io: Io, { names }: Segment, { key, params }: ReturnType<typeof segmentWords>): string {
  return names ? names[io.language] : io.words(`referrals:${key}`, params);
}

async function segment(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listSegment, segmentWords } = await import('../modules/referrals/index.ts');
  const found = await listSegment(ctx, input.args[0] ?? '', { page: pageOf(input) });
  const money = (minor: bigint | null, currency: string | null): string | null => (minor === null || currency === null ? null : formatMajor(minor, currency));
  const rows = found.rows.map(({ caseId, county, referralId, chargedMinor, paidMinor, arrearsMinor, currency, since }) => ({
    caseId, county, referralId, charged: money(chargedMinor, currency), paid: money(paidMinor, currency), arrears: money(arrearsMinor, currency), currency, since,
  }));
  io.say(nameOf(io, found.segment, segmentWords(found.segment)));
  const columns = ['case', 'county', 'referral', 'charged', 'paid', 'amount', 'since'] as const;
  io.table(columns.map((name) => io.words(`referrals:cli.column.${name}`)), rows.map((row) => [
    row.caseId, row.county, row.referralId ?? '', row.charged ?? '', row.paid ?? '', row.arrears ?? '', row.since ?? '',
  ]));
  if (found.total > rows.length) io.say(io.words('referrals:cli.more', { shown: rows.length, total: found.total }));
  if (found.unknown > 0) io.say(io.words('referrals:cli.without_figures', { count: found.unknown }));
  for (const row of rows) await io.json(row);
  return EXIT.done;
}
