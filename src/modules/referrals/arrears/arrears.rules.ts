import type { Balance, HistoryEntry } from '../../cases/index.ts';
import { addMonths, isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding, Param, Severity } from '../../../platform/errors.ts';
import { formatMajor, isCurrency, parseMajor } from '../../../platform/money.ts';
import type { PacketArrears, PacketArrearsMonth } from '../packets/packet-model.rules.ts';
import { accountOf } from './account.rules.ts';
import type { Account, MonthLine, Movement } from './account.rules.ts';
import { ruleOf } from './interest-rule.rules.ts';
import type { InterestRule } from './interest-rule.rules.ts';

export interface ArrearsOrder {
  readonly jurisdiction?: string | null | undefined;
  readonly issuedOn: CalendarDate;
  readonly obligations: readonly { readonly currency: string; readonly startsOn: CalendarDate }[];
}

/** Orders as they may be told to the partner: a jurisdiction that is withheld gives no interest, because its rule would name it. */
export interface ArrearsInput {
  readonly history: readonly HistoryEntry[] | undefined;
  readonly orders: readonly ArrearsOrder[];
  /** What the county's case system says is owed, to compare. */
  readonly balances?: readonly Balance[];
  /** The last day of the statement; it still bears interest. */
  readonly asOf: CalendarDate;
  /** Today: a statement that ends long before says so. */
  readonly on?: CalendarDate;
  /** Default: the agency; `others` where the case is none of Title IV-D. */
  readonly enforcedBy?: 'iv_d_agency' | 'others';
}

export interface ArrearsResult {
  readonly statements: readonly PacketArrears[];
  readonly findings: readonly Finding[];
}

/** Fifty years: more is a date mistyped. */
const MONTHS_MAX = 600;
/** A statement that ends longer ago than this says little of what is owed now. */
const OLD_AFTER_MONTHS = 3;
/** Support for the month in which it falls due; the other kinds are sums of older months. */
const CURRENT_BUCKETS: readonly string[] = ['current_support', 'medical'];

type Report = (severity: Severity, code: string, params?: Record<string, Param>, path?: string) => void;
interface Line extends Movement { readonly isCountyInterest: boolean }

/**
 * The day up to which the county's records speak: of its newest balance or line, but never after `on`. A statement that ends on it
 * stays the same, interest and all, until the county sends more; one that ended today would make another packet every day.
 */
export function statementDay({ history, balances }: Pick<ArrearsInput, 'history' | 'balances'>, on: CalendarDate): CalendarDate {
  const days = [...(history ?? []).map((line) => line.on), ...(balances ?? []).map(({ asOf }) => asOf)];
  return days.filter((day) => isCalendarDate(day) && day <= on).sort().at(-1) ?? on;
}

/**
 * What is owed in each currency, month by month, from the case's history alone, with interest by the rule of the jurisdiction that
 * issued the orders. Says by findings what it left out, what it could not compute, and where the county's own figures differ.
 */
export function arrearsStatements(input: ArrearsInput, rules: readonly InterestRule[]): ArrearsResult {
  const findings: Finding[] = [];
  const report: Report = (severity, code, params, path = '/history') => void findings.push({ code: `arrears.${code}`, severity, path, ...(params ? { params } : {}) });
  const history = input.history ?? [];
  if (history.length === 0) {
    report('info', 'history_missing');
    return { statements: [], findings };
  }
  const unreadable = unreadableCurrencies(history, report);
  const currencies = [...new Set(history.map(({ currency }) => currency))].filter((currency) => isCurrency(currency)).sort();
  const statements = currencies.filter((currency) => !unreadable.has(currency)).flatMap((currency) => statementIn(currency, input, rules, report) ?? []);
  const balanced = new Set((input.balances ?? []).filter(({ amount, currency }) => isCurrency(currency) && parseMajor(amount, currency) !== 0n).map(({ currency }) => currency));
  for (const currency of balanced) if (!currencies.includes(currency)) report('warn', 'history_missing_currency', { currency }, '/balances');
  if (statements.length > 0 && input.on !== undefined && addMonths(input.asOf, OLD_AFTER_MONTHS) < input.on) report('warn', 'statement_old', { asOf: input.asOf });
  return { statements, findings };
}

/** A statement that is sworn may not leave a line out because it could not be read. */
function unreadableCurrencies(history: readonly HistoryEntry[], report: Report): Set<string> {
  const unreadable = new Set<string>();
  history.forEach(({ kind, on, amount, currency }, i) => {
    const minor = isCurrency(currency) ? parseMajor(amount, currency) : null;
    if (minor !== null && isCalendarDate(on) && (minor >= 0n || kind === 'adjustment')) return;
    unreadable.add(currency);
    report('warn', 'line_unreadable', undefined, `/history/${i}`);
  });
  return unreadable;
}

function lineOf({ kind, on, amount, currency, bucket }: HistoryEntry): Line {
  const minor = parseMajor(amount, currency) ?? 0n;
  const isOfInterest = kind === 'interest' || (bucket === 'interest' && kind !== 'payment');
  const isRemission = isOfInterest && minor < 0n;
  return {
    on, isCurrent: CURRENT_BUCKETS.includes(bucket), isCountyInterest: isOfInterest && !isRemission,
    kind: isRemission ? 'remission' : kind === 'interest' ? 'adjustment' : kind,
    amount: isRemission ? -minor : minor,
  };
}

const monthsBetween = (from: CalendarDate, to: CalendarDate): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7)) + 1;

function statementIn(currency: string, input: ArrearsInput, rules: readonly InterestRule[], report: Report): PacketArrears | null {
  const { asOf } = input;
  const all = (input.history ?? []).filter((entry) => entry.currency === currency).map(lineOf);
  const lines = all.filter(({ on }) => on <= asOf);
  if (lines.length < all.length) report('info', 'future_lines', { currency, count: all.length - lines.length, asOf });
  const orders = input.orders.filter(({ obligations }) => obligations.some((obligation) => obligation.currency === currency));
  const countyInterest = lines.filter(({ isCountyInterest }) => isCountyInterest);
  const counted = lines.filter(({ isCountyInterest }) => !isCountyInterest);
  const from = counted.map(({ on }) => on).sort()[0];
  if (from === undefined) {
    report('warn', 'nothing_to_state', { currency, asOf });
    return null;
  }
  if (monthsBetween(from, asOf) > MONTHS_MAX) {
    report('warn', 'too_long', { currency, from, monthsMax: MONTHS_MAX });
    return null;
  }
  const rule = ruleFor(currency, orders, input, rules, report);
  if (countyInterest.length > 0) {
    report(rule ? 'info' : 'warn', 'county_interest_left_out', { currency, count: countyInterest.length, amount: formatMajor(sumOf(countyInterest, ({ amount }) => amount), currency) });
  }
  checkBeforeOrder(currency, counted, orders, report);
  const movements = rule ? counted : counted.filter(({ kind }) => kind !== 'remission');
  const interestNotBefore = orders.map(({ issuedOn }) => issuedOn).sort()[0] ?? from;
  const compute = (until: CalendarDate): Account => accountOf({ movements, asOf: until, rule, interestNotBefore });
  const account = compute(asOf);
  reportAccount(currency, account, movements, rule, report);
  checkBalances({ currency, from, rule, input, compute }, report);
  return statementOf(currency, from, asOf, rule, account);
}

/** The one rule for everything owed in a currency; where it is not beyond doubt, none. */
function ruleFor(currency: string, orders: readonly ArrearsOrder[], input: ArrearsInput, rules: readonly InterestRule[], report: Report): InterestRule | null {
  const jurisdictions = [...new Set(orders.map(({ jurisdiction }) => jurisdiction ?? ''))];
  const [jurisdiction] = jurisdictions;
  if (jurisdiction === undefined) report('warn', 'order_missing', { currency }, '/orders');
  else if (jurisdictions.includes('')) report('warn', 'jurisdiction_unknown', { currency }, '/orders');
  else if (jurisdictions.length > 1) report('warn', 'jurisdictions_several', { currency, jurisdictions: jurisdictions.sort().join(', ') }, '/orders');
  else {
    const rule = ruleOf(rules, jurisdiction, input.enforcedBy ?? 'iv_d_agency');
    if (!rule) report('warn', 'rule_missing', { currency, jurisdiction }, '/orders');
    else if (!rule.confirmed) report('warn', 'rule_unconfirmed', { currency, jurisdiction, citation: rule.citation }, '/orders');
    return rule;
  }
  return null;
}

function checkBeforeOrder(currency: string, lines: readonly Line[], orders: readonly ArrearsOrder[], report: Report): void {
  const orderFrom = orders.flatMap(({ obligations }) => obligations.filter((obligation) => obligation.currency === currency).map(({ startsOn }) => startsOn)).sort()[0];
  if (orderFrom === undefined) return;
  const count = lines.filter(({ kind, on }) => kind === 'charge' && on < orderFrom).length;
  if (count > 0) report('warn', 'before_order', { currency, count, orderFrom });
}

function reportAccount(currency: string, account: Account, movements: readonly Movement[], rule: InterestRule | null, report: Report): void {
  const remitted = sumOf(movements.filter(({ kind }) => kind === 'remission'), ({ amount }) => amount);
  if (remitted > 0n) report('warn', 'interest_remitted', { currency, amount: formatMajor(remitted - account.remissionUnused, currency), unused: formatMajor(account.remissionUnused, currency) });
  if (account.hasDaysWithoutRate) report('warn', 'rate_missing_before', { currency, validFrom: rule?.rates[0]?.validFrom ?? null });
  const principal = account.months.at(-1)?.principal ?? 0n;
  if (principal < 0n) report('info', 'paid_in_advance', { currency, amount: formatMajor(-principal, currency) });
}

interface Comparison { currency: string; from: CalendarDate; rule: InterestRule | null; input: ArrearsInput; compute: (until: CalendarDate) => Account }

/** At the day of the county's own balances, so that a later payment is no difference. */
function checkBalances({ currency, from, rule, input, compute }: Comparison, report: Report): void {
  const balances = (input.balances ?? []).filter((balance) => balance.currency === currency && (rule !== null || balance.bucket !== 'interest'));
  const latest = balances.map(({ asOf }) => asOf).sort().at(-1);
  if (latest === undefined) return;
  const on = latest < from ? from : latest > input.asOf ? input.asOf : latest;
  const last = compute(on).months.at(-1);
  const computed = (last?.principal ?? 0n) + (last?.interest ?? 0n);
  const stated = sumOf(balances, ({ amount }) => parseMajor(amount, currency) ?? 0n);
  if (computed !== stated) report('warn', 'balance_differs', { currency, asOf: on, computed: formatMajor(computed, currency), stated: formatMajor(stated, currency) }, '/balances');
}

function sumOf<T>(items: readonly T[], amount: (item: T) => bigint): bigint {
  return items.reduce((sum, item) => sum + amount(item), 0n);
}

function statementOf(currency: string, from: CalendarDate, until: CalendarDate, rule: InterestRule | null, { months }: Account): PacketArrears {
  const figure = (minor: bigint): string => formatMajor(minor, currency);
  const total = (column: (month: MonthLine) => bigint): bigint => sumOf(months, column);
  const last = months.at(-1);
  const [principal, interest] = [last?.principal ?? 0n, last?.interest ?? 0n];
  return {
    currency, from, until,
    interest: rule && {
      ruleId: rule.ruleId, jurisdiction: rule.jurisdiction, ratePercent: rule.rates.findLast(({ validFrom }) => validFrom <= until)?.percent ?? '0',
      citation: rule.citation, isConfirmed: rule.confirmed,
    },
    months: months.map((month) => printed(month, figure)),
    totals: {
      charged: figure(total(({ charged }) => charged)), adjusted: figure(total(({ adjusted }) => adjusted)), paid: figure(total(({ paid }) => paid)),
      paidToCurrent: figure(total(({ paidToCurrent }) => paidToCurrent)), paidToPrincipal: figure(total(({ paidToPrincipal }) => paidToPrincipal)),
      principal: figure(principal), interestCharged: figure(total(({ interestCharged }) => interestCharged)),
      interestPaid: figure(total(({ paidToInterest }) => paidToInterest)), interest: figure(interest), owed: figure(principal + interest),
    },
  };
}

function printed(line: MonthLine, figure: (minor: bigint) => string): PacketArrearsMonth {
  return {
    month: line.month, charged: figure(line.charged), adjusted: figure(line.adjusted), paid: figure(line.paid), paidToCurrent: figure(line.paidToCurrent),
    paidToPrincipal: figure(line.paidToPrincipal), paidToInterest: figure(line.paidToInterest), principal: figure(line.principal),
    interestCharged: figure(line.interestCharged), interest: figure(line.interest),
  };
}
