import { formatMajor } from '../platform/money.ts';
import { wordsForCode } from '../platform/i18n.ts';
import type { Ctx } from '../platform/context.ts';
import type { DecisionMade, SuspenseDetails } from '../modules/reconciliation/index.ts';
import { EXIT, textOption } from './command.ts';
import { tellItem } from './suspense-show.ts';
import type { Command, ExitCode, Input, Io, Option } from './command.ts';

const STATE_CALENDAR = 'us-ca';

const REASON: Option = { flags: '--reason <code>', describe: 'suspense:cli.opt_reason', required: true };
const NOTE: Option = { flags: '--note <text>', describe: 'suspense:cli.opt_note' };
const REQUEST: Option = { flags: '--request <id>', describe: 'suspense:cli.opt_request' };
const DECISION = [REASON, NOTE, REQUEST];
const CASE: Option = { flags: '--case <case>', describe: 'suspense:cli.opt_case' };
const DISBURSEMENT: Option = { flags: '--disbursement <id>', describe: 'suspense:cli.opt_disbursement' };
const PAGE: Option = { flags: '--page <number>', describe: 'suspense:cli.opt_page' };

const command = (name: string, args: string, options: readonly Option[], run: (io: Io, input: Input, ctx: Ctx) => Promise<ExitCode>): Command =>
  ({ name: `suspense ${name}`, describe: `suspense:cli.${name.replaceAll('-', '_')}`, needs: 'app', options, run, ...(args === '' ? {} : { args }) });

/** What waits for people: to look at, to take and to decide about. Agreeing is for the page: there people have accounts. */
export const suspenseCommands: readonly Command[] = [
  command('list', '', [
    { flags: '--kind <kind>', describe: 'suspense:cli.opt_kind', choices: ['line', 'credit', 'debit'] }, { flags: '--partner <id>', describe: 'suspense:cli.opt_partner' },
    { flags: '--bucket <days>', describe: 'suspense:cli.opt_bucket', choices: ['0-2', '3-7', '8-30', '31-90', 'over-90'] },
    { flags: '--show <part>', describe: 'suspense:cli.opt_show', choices: ['open', 'mine', 'held', 'proposed', 'all'] }, PAGE,
  ], list),
  command('show', '<item>', [], show),
  command('reasons', '', [], reasons),
  command('proposals', '', [PAGE], proposals),
  command('holds', '', [PAGE], holds),
  command('take', '<item>', [], take),
  command('release', '<item>', [], async (io, input, ctx) => {
    await (await suspense()).giveItemBack(ctx, itemOf(input));
    return done(io, itemOf(input));
  }),
  command('match', '<item>', [CASE, DISBURSEMENT, { flags: '--learn', describe: 'suspense:cli.opt_learn' }, ...DECISION], async (io, input, ctx) =>
    told(io, 'match', await (await suspense()).matchLine(ctx, { ...asked(input), ...pair(input), learn: input.options['learn'] === true }))),
  command('split', '<item>', [{ flags: '--part <case...>', describe: 'suspense:cli.opt_part', required: true }, ...DECISION], async (io, input, ctx) =>
    told(io, 'split', await (await suspense()).splitLine(ctx, { ...asked(input), parts: parts(input) }))),
  command('hold', '<item>', [{ flags: '--until <date>', describe: 'suspense:cli.opt_until' }, { flags: '--reason <code>', describe: 'suspense:cli.opt_reason' }, NOTE], hold),
  command('duplicate', '<item>', [{ flags: '--of <item>', describe: 'suspense:cli.opt_of', required: true }, ...DECISION], async (io, input, ctx) =>
    told(io, 'duplicate', await (await suspense()).markDuplicate(ctx, { ...asked(input), of: textOption(input, 'of') }))),
  command('return', '<item>', [{ flags: '--debit <item>', describe: 'suspense:cli.opt_debit' }, { flags: '--reason <code>', describe: 'suspense:cli.opt_reason' }, NOTE, REQUEST], giveBack),
  command('cancel-return', '<item>', DECISION, async (io, input, ctx) => told(io, 'cancel_return', await (await suspense()).cancelReturnToSender(ctx, asked(input)))),
  command('refuse', '<item>', [CASE, DISBURSEMENT, ...DECISION], async (io, input, ctx) => told(io, 'refuse', await (await suspense()).refuseCandidate(ctx, { ...asked(input), ...pair(input) }))),
  command('assign', '<item>', [{ flags: '--partner <id>', describe: 'suspense:cli.opt_partner', required: true }, { flags: '--transfer <number>', describe: 'suspense:cli.opt_transfer', required: true }, ...DECISION],
    async (io, input, ctx) => told(io, 'assign', await (await suspense()).assignCredit(ctx, { ...asked(input), partnerId: textOption(input, 'partner'), transfer: textOption(input, 'transfer') }))),
  command('close', '<item>', DECISION, async (io, input, ctx) => told(io, 'close', await (await suspense()).closeEntry(ctx, asked(input)))),
  command('unmatch', '<item>', DECISION, async (io, input, ctx) => told(io, 'unmatch', await (await suspense()).unmatchLine(ctx, asked(input)))),
  command('release-hold', '<hold>', DECISION, async (io, input, ctx) => told(io, 'release_hold', await (await suspense()).releaseHold(ctx, asked(input)))),
  command('note', '<item>', [{ flags: '--note <text>', describe: 'suspense:cli.opt_note', required: true }], async (io, input, ctx) => {
    await (await suspense()).addSuspenseNote(ctx, itemOf(input), textOption(input, 'note'));
    return done(io, itemOf(input));
  }),
  command('reject', '<decision>', [REASON, NOTE], async (io, input, ctx) =>
    rejected(io, input, await (await suspense()).rejectDecision(ctx, itemOf(input), { reason: textOption(input, 'reason'), note: optional(input, 'note') }))),
];

const suspense = () => import('../modules/reconciliation/index.ts');
const itemOf = (input: Input): string => input.args[0] ?? '';
const optional = (input: Input, name: string): string => (typeof input.options[name] === 'string' ? input.options[name] : '');
const pageOf = (input: Input): number => Number(optional(input, 'page') || '1') || 1;
const say = (io: Io, key: string, params?: Record<string, string | number>): string => io.words(`suspense:cli.${key}`, params);

function asked(input: Input) {
  const requestId = optional(input, 'request');
  return { itemKey: itemOf(input), reason: optional(input, 'reason'), note: optional(input, 'note'), ...(requestId === '' ? {} : { requestId }) };
}
const pair = (input: Input) => ({ caseId: optional(input, 'case'), disbursementId: optional(input, 'disbursement') });

/** `CASE` or `CASE=AMOUNT`. */
function parts(input: Input): { caseId: string; amount: string }[] {
  const given = input.options['part'];
  return (Array.isArray(given) ? given : [String(given ?? '')]).map((text) => {
    const at = text.indexOf('=');
    return at === -1 ? { caseId: text, amount: '' } : { caseId: text.slice(0, at), amount: text.slice(at + 1) };
  });
}

/** A decision that waits for a second person needs one: exit code 10. */
async function told(io: Io, decision: string, made: DecisionMade): Promise<ExitCode> {
  io.say(say(io, made.state === 'proposed' ? 'proposed' : 'done', { decision: io.words(`suspense:action.${decision}`) }));
  await io.json(made);
  return made.state === 'proposed' ? EXIT.needsPerson : EXIT.done;
}

async function rejected(io: Io, input: Input, made: DecisionMade): Promise<ExitCode> {
  io.say(say(io, 'rejected', { decision: itemOf(input) }));
  await io.json(made);
  return EXIT.done;
}

async function done(io: Io, item: string): Promise<ExitCode> {
  io.say(say(io, 'ok', { item }));
  await io.json({ item });
  return EXIT.done;
}

const plain = <T>(value: T): unknown => JSON.parse(JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v instanceof Map ? Object.fromEntries(v as Map<string, unknown>) : v)));
const money = (minor: bigint | null, currency: string | null): string => (minor === null || currency === null ? '' : `${formatMajor(minor, currency)} ${currency}`);
const reasonWords = (io: Io, reasons: readonly string[]): string => reasons.map((reason) => wordsForCode(io.language, 'reasons', reason)).join('; ');

async function list(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listSuspense, suspenseTotals } = await suspense();
  const { loadOfficeCalendars, officeDays } = await import('../modules/referrals/index.ts');
  loadOfficeCalendars(ctx.config.dataDir);
  const query = { kind: optional(input, 'kind'), bucket: optional(input, 'bucket'), show: optional(input, 'show'), page: pageOf(input), ...(optional(input, 'partner') === '' ? {} : { partnerId: optional(input, 'partner') }) };
  const { rows, total } = await listSuspense(ctx, query, (date) => officeDays.isOfficeOpen(STATE_CALENDAR, date));
  io.table(['key', 'since', 'days', 'amount', 'partner', 'why'].map((name) => say(io, `col_${name}`)), rows.map((r) => [
    r.itemKey, r.sinceOn, String(r.age), money(r.amountMinor, r.currency), r.partnerId ?? '', reasonWords(io, r.reasons),
  ]));
  if (total > rows.length) io.say(say(io, 'more', { shown: rows.length, total }));
  const totals = await suspenseTotals(ctx);
  for (const t of totals.filter((sum) => sum.differenceMinor !== 0n)) io.say(say(io, 'difference', { amount: formatMajor(t.differenceMinor, t.currency), currency: t.currency, partner: t.partnerId }));
  for (const row of rows) await io.json(plain(row));
  await io.json(plain({ totals, items: total }));
  return totals.some((t) => t.differenceMinor !== 0n) ? EXIT.needsPerson : EXIT.done;
}

async function show(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { getSuspenseItem } = await suspense();
  const item: SuspenseDetails = await getSuspenseItem(ctx, itemOf(input));
  tellItem(io, item);
  await io.json(plain(item));
  return EXIT.done;
}

/** The codes that `--reason` takes, decision by decision. */
async function reasons(io: Io): Promise<ExitCode> {
  const { SUSPENSE_REASONS } = await suspense();
  const rows = Object.entries(SUSPENSE_REASONS).flatMap(([decision, codes]) => codes.map((code) => ({ decision, code, words: io.words(`suspense:why.${code}`) })));
  io.table(['decision', 'code', 'why'].map((name) => say(io, `col_${name}`)), rows.map((r) => [r.decision.replaceAll('_', '-'), r.code, r.words]));
  for (const row of rows) await io.json(row);
  return EXIT.done;
}

async function proposals(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { rows, total } = await (await suspense()).listProposals(ctx, { page: pageOf(input) });
  io.table(['decision', 'key', 'amount', 'partner', 'by'].map((name) => say(io, `col_${name}`)), rows.map((d) => [
    `${d.decisionId} ${io.words(`suspense:action.${d.action}`)}`, d.itemKey, money(d.amountMinor, d.currency), d.partnerId ?? '', d.proposedBy,
  ]));
  if (total > rows.length) io.say(say(io, 'more', { shown: rows.length, total }));
  for (const row of rows) await io.json(plain(row));
  return EXIT.done;
}

async function holds(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { rows, total } = await (await suspense()).listHolds(ctx, { page: pageOf(input) });
  io.table(['key', 'case', 'since', 'why'].map((name) => say(io, `col_${name}`)), rows.map((h) => [`hold-${h.holdId}`, h.caseId, h.sinceOn, reasonWords(io, [h.reason])]));
  if (total > rows.length) io.say(say(io, 'more', { shown: rows.length, total }));
  for (const row of rows) await io.json(plain(row));
  return EXIT.done;
}

async function take(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { itemKey, until } = await (await suspense()).takeItem(ctx, itemOf(input));
  io.say(say(io, 'taken', { item: itemKey, until: until.toISOString() }));
  await io.json({ itemKey, until });
  return EXIT.done;
}

async function hold(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const until = optional(input, 'until');
  await (await suspense()).holdItem(ctx, { itemKey: itemOf(input), until: until === '' ? null : until, reason: optional(input, 'reason'), note: optional(input, 'note') });
  return done(io, itemOf(input));
}

/** Orders money back; with the bank's debit, says that an ordered return is that one. */
async function giveBack(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { confirmReturnSent, getSuspenseItem, returnToSender } = await suspense();
  const debit = optional(input, 'debit');
  if (debit === '') return told(io, 'return', await returnToSender(ctx, asked(input)));
  const { ordered } = await getSuspenseItem(ctx, itemOf(input));
  await confirmReturnSent(ctx, ordered?.decisionId ?? '', debit.replace(/^debit-/, ''));
  return done(io, itemOf(input));
}
