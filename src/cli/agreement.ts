import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { formatMajor } from '../platform/money.ts';
import type { Agreement, HopSum, OutgoingState, ReceiptClock } from '../modules/reconciliation/index.ts';
import { EXIT, optionalText } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

const PARTNER = { flags: '--partner <id>', describe: 'agreement:cli.partner' };

/** Whether partner, bank and cases agree; and where money is that went out. */
export const agreementCommands: readonly Command[] = [
  { name: 'agreement', describe: 'agreement:cli.agreement', needs: 'app', options: [{ flags: '--on <date>', describe: 'agreement:cli.on' }, PARTNER], run: agreement },
  {
    name: 'outgoing', describe: 'agreement:cli.outgoing', needs: 'app', run: outgoing,
    options: [PARTNER, { flags: '--state <state>', describe: 'agreement:cli.state' }, { flags: '--month <month>', describe: 'agreement:cli.month' }, { flags: '--months', describe: 'agreement:cli.months' },
      { flags: '--clocks', describe: 'agreement:cli.clocks' }],
  },
];

const partnerOf = (input: Input): { partnerId?: string } => {
  const partnerId = optionalText(input, 'partner');
  return partnerId === undefined ? {} : { partnerId };
};
const jsonReplacer = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, jsonReplacer)) as unknown;

async function agreement(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { checkAgreement, overPostedOf } = await import('../modules/reconciliation/index.ts');
  const on = optionalText(input, 'on');
  const found = await checkAgreement(ctx, { ...partnerOf(input), ...(on === undefined ? {} : { on }) });
  await io.json(plain(found));
  const heading = (column: string): string => io.words(`agreement:column.${column}`);
  io.table(['account', 'partner', 'currency', 'ledger', 'told'].map(heading), found.accounts.map((a) => [
    io.words(`ledger:account.${a.account}`), a.partnerId ?? '', a.currency, formatMajor(a.ledgerMinor, a.currency), formatMajor(a.toldMinor, a.currency),
  ]));
  io.table(['partner', 'day', 'credited', 'lines', 'fees', 'posted', 'suspense'].map(heading), found.days.map((d) => [
    d.partnerId, d.on, `${formatMajor(d.creditedMinor, d.currency)} ${d.currency}`, d.linesMinor === null ? '–' : formatMajor(d.linesMinor, d.currency), formatMajor(d.feesMinor, d.currency),
    formatMajor(d.postedMinor, d.currency), formatMajor(d.suspenseMinor, d.currency),
  ]));
  sayDifferences(io, found);
  sayBeside(io, found);
  const over = overPostedOf(found.rests);
  for (const one of over) io.say(io.words('agreement:over.line', { partner: one.partnerId, day: one.on, amount: `${formatMajor(one.overMinor, one.currency)} ${one.currency}` }));
  io.say(io.words(!found.agrees ? 'agreement:differs' : over.length > 0 ? 'agreement:agrees_but_over' : 'agreement:agrees', { count: found.differenceCount }));
  return found.agrees && over.length === 0 && found.unheard.lines + found.unheard.credits === 0 ? EXIT.done : EXIT.needsPerson;
}

function sayDifferences(io: Io, { differences, differenceCount, unheard, rests }: Agreement): void {
  for (const rest of rests) {
    io.say(io.words('agreement:rest_line', { partner: rest.partnerId, transfer: rest.transfer, amount: `${formatMajor(rest.restMinor, rest.currency)} ${rest.currency}`, why: io.words(`agreement:rest.${rest.reason.replaceAll('.', '_')}`) }));
  }
  for (const d of differences) {
    const where = d.file === null ? (d.sourceId ?? '') : io.words('agreement:line_of', { file: d.file, line: d.line ?? 0 });
    io.say(`${io.words(`agreement:difference.${d.kind}`)} — ${d.transferKey} · ${io.words(`ledger:account.${d.account}`)} · ${formatMajor(d.ledgerMinor, d.currency)} / ${formatMajor(d.toldMinor, d.currency)} ${d.currency} ${where}`);
  }
  if (differenceCount > differences.length) io.say(io.words('agreement:more_differences', { count: differenceCount - differences.length }));
  if (unheard.lines + unheard.credits > 0) io.say(io.words('agreement:unheard', { lines: unheard.lines, credits: unheard.credits }));
}

/** What does not keep the sides from agreeing, and yet is for somebody: fees taken although the sender pays them, credits that are nobody's. */
function sayBeside(io: Io, { shortTransfers, foreign }: Agreement): void {
  const despite = Map.groupBy(shortTransfers.filter((t) => t.reason === 'transfer.fee_despite_our'), (t) => `${t.partnerId} ${t.currency}`);
  for (const own of despite.values()) {
    const [{ partnerId, currency }] = own as [Agreement['shortTransfers'][number]];
    io.say(io.words('agreement:despite_our', { partner: partnerId, count: own.length, amount: `${formatMajor(own.reduce((sum, t) => sum + t.feeMinor, 0n), currency)} ${currency}` }));
  }
  for (const one of foreign) io.say(`${io.words('agreement:foreign')}: ${one.credits} · ${formatMajor(one.minor, one.currency)} ${one.currency}`);
}

function hops(io: Io, found: readonly HopSum[]): void {
  io.table(['month', 'partner', 'way', 'hop', 'bearer', 'count', 'amount'].map((c) => io.words(`agreement:column.${c}`)), found.map((h) => [
    h.month, h.partnerId ?? '', h.direction === null ? '' : io.words(`agreement:way.${h.direction}`), io.words(`agreement:hop.${h.hop}`), h.bearer ?? '', String(h.count), `${formatMajor(h.minor, h.currency)} ${h.currency}`]));
}

async function outgoing(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { disbursementClocks, feesByHop, OUTGOING_STATES, outgoingTotals, sentVersusReceived, streamOutgoing } = await import('../modules/reconciliation/index.ts');
  const { officeDays } = await import('../modules/referrals/index.ts');
  if (input.options['clocks'] === true) return clocks(io, await disbursementClocks(ctx, officeDays));
  if (input.options['months'] === true) {
    const months = await sentVersusReceived(ctx, partnerOf(input));
    for (const month of months) await io.json(plain(month));
    io.table(['partner', 'month', 'count', 'sent', 'fees', 'delivered'].map((c) => io.words(`agreement:column.${c}`)), months.map((m) => [
      m.partnerId, m.month, String(m.count), `${formatMajor(m.sentMinor, m.currency)} ${m.currency}`, `${formatMajor(m.feeMinor, m.deliveredCurrency)} ${m.deliveredCurrency}`, `${formatMajor(m.deliveredMinor, m.deliveredCurrency)} ${m.deliveredCurrency}`]));
    const taken = await feesByHop(ctx, partnerOf(input));
    for (const sum of taken) await io.json(plain(sum));
    hops(io, taken);
    return EXIT.done;
  }
  const state = optionalText(input, 'state');
  if (state !== undefined && state !== 'open' && state !== 'all' && !OUTGOING_STATES.includes(state as OutgoingState)) throw new AppError('invalid', 'agreement.state_unknown', { params: { states: ['open', 'all', ...OUTGOING_STATES].join(', ') } });
  const month = optionalText(input, 'month');
  const rows: string[][] = [];
  for await (const line of streamOutgoing(ctx, officeDays, { ...partnerOf(input), ...(state === undefined ? {} : { state: state as OutgoingState }), ...(month === undefined ? {} : { month }) })) {
    await io.json(plain(line));
    if (!io.wantsJson) rows.push([line.disbursementId, line.partnerId, `${formatMajor(line.amountMinor, line.currency)} ${line.currency}`, line.issuedOn, io.words(`agreement:outgoing_state.${line.state}`), String(line.stateDays), String(line.partnerDays), line.state === 'delivered' ? io.words(`agreement:verdict.${line.verdict}`) : '']);
  }
  io.table(['disbursement', 'partner', 'sent', 'issued', 'state', 'state_days', 'partner_days', 'verdict'].map((c) => io.words(`agreement:column.${c}`)), rows);
  const totals = await outgoingTotals(ctx, officeDays, partnerOf(input));
  for (const total of totals) io.say(io.words('agreement:in_transit', { partner: total.partnerId, amount: `${formatMajor(total.openMinor, total.currency)} ${total.currency}`, ledger: `${formatMajor(total.ledgerMinor, total.currency)} ${total.currency}` }));
  return totals.every((total) => total.openMinor === total.ledgerMinor) ? EXIT.done : EXIT.needsPerson;
}

async function clocks(io: Io, found: { readonly clocks: readonly ReceiptClock[]; readonly unidentified: number }): Promise<ExitCode> {
  for (const clock of found.clocks) await io.json(plain(clock));
  io.table(['case', 'amount', 'received', 'known', 'due', 'clock'].map((c) => io.words(`agreement:column.${c}`)), found.clocks.map((c) => [
    c.caseId, `${formatMajor(c.amountMinor, c.currency)} ${c.currency}`, c.receivedOn, c.from, c.due, io.words(`agreement:clock.${c.state}`)]));
  if (found.unidentified > 0) io.say(io.words('agreement:unidentified', { count: found.unidentified }));
  return found.clocks.some((clock) => clock.state === 'overdue') ? EXIT.needsPerson : EXIT.done;
}
