import { readFileSync } from 'node:fs';
import type { Balance, HistoryEntry } from '../../../src/modules/cases/index.ts';
import { arrearsStatements, interestRules, statementDay } from '../../../src/modules/referrals/arrears/index.ts';
import type { ArrearsInput, ArrearsResult, InterestRule } from '../../../src/modules/referrals/arrears/index.ts';
import { schemaValidator } from '../../../src/platform/validation.ts';
import { adjustment, anOrder, charge, interest, payment } from './builders.ts';

const rules = interestRules();
const run = (input: Partial<ArrearsInput>, by: readonly InterestRule[] = rules): ArrearsResult => arrearsStatements({ history: [charge('2025-01-01', '100.00')], orders: [anOrder()], asOf: '2025-03-31', ...input }, by);
const codes = (result: ArrearsResult): string[] => result.findings.map(({ code, severity }) => `${severity} ${code}`);
const balance = (amount: string, changes: Partial<Balance> = {}): Balance => ({ bucket: 'arrears_unassigned', amount, currency: 'USD', asOf: '2025-03-31', ...changes });

describe('what a statement of arrears says besides', () => {
  it('is silent where nothing is in doubt', () => {
    expect(codes(run({}))).toEqual([]);
  });

  it('says that it ends long before today, where it does', () => {
    expect(run({ on: '2025-07-01' }).findings).toEqual([{ code: 'arrears.statement_old', severity: 'warn', path: '/history', params: { asOf: '2025-03-31' } }]);
    expect(codes(run({ on: '2025-06-30' }))).toEqual([]);
    expect(codes(run({ on: '2026-06-30', history: [] }))).toEqual(['info arrears.history_missing']);
  });

  it('states nothing without a history', () => {
    for (const history of [undefined, []]) expect(run({ history })).toEqual({ statements: [], findings: [{ code: 'arrears.history_missing', severity: 'info', path: '/history' }] });
  });

  it('gives each currency its own statement, and asks for the history of one that has none', () => {
    const result = run({ history: [charge('2025-01-01', '100.00'), charge('2025-01-01', '2000.00', 'MXN')], balances: [balance('50000', { currency: 'KRW' }), balance('0', { currency: 'EUR' })] });
    expect(result.statements.map(({ currency, interest: rule }) => [currency, rule?.ruleId ?? null])).toEqual([['MXN', null], ['USD', 'us_ca_iv_d']]);
    expect(codes(result)).toEqual(['warn arrears.order_missing', 'warn arrears.history_missing_currency']);
    expect(result.findings.map(({ params }) => params?.['currency'])).toEqual(['MXN', 'KRW']);
  });

  it.each([
    ['where no rule is configured for the jurisdiction', [anOrder({ jurisdiction: 'MX-BC' })], 'warn arrears.rule_missing'],
    ['where the jurisdiction is withheld', [anOrder({ jurisdiction: null })], 'warn arrears.jurisdiction_unknown'],
    ['where one of several jurisdictions is withheld', [anOrder(), anOrder({ jurisdiction: null })], 'warn arrears.jurisdiction_unknown'],
    ['where orders of several jurisdictions are in one currency', [anOrder(), anOrder({ jurisdiction: 'US-NV' })], 'warn arrears.jurisdictions_several'],
    ['where no order is in the currency', [anOrder({ currency: 'MXN' })], 'warn arrears.order_missing'],
  ])('computes no interest %s', (_where, orders, code) => {
    const result = run({ orders, history: [charge('2025-01-01', '100.00'), payment('2025-03-05', '30.00')] });
    expect(codes(result)).toEqual([code]);
    expect(result.statements[0]).toMatchObject({ interest: null, totals: { principal: '70.00', interest: '0.00', owed: '70.00' } });
  });

  it('names the rule that it used', () => {
    expect(run({}).statements[0]?.interest).toMatchObject({ ruleId: 'us_ca_iv_d', jurisdiction: 'US-CA', ratePercent: '10', isConfirmed: true });
    expect(run({ enforcedBy: 'others' }).statements[0]?.interest?.ruleId).toBe('us_ca');
  });

  it('never counts the interest that the county computed', () => {
    const own = run({ history: [charge('2025-01-01', '100.00')] });
    const result = run({ history: [charge('2025-01-01', '100.00'), interest('2025-02-01', '0.85'), { ...charge('2025-03-01', '0.77'), bucket: 'interest' }] });
    expect(result.statements).toEqual(own.statements);
    expect(result.findings).toEqual([{ code: 'arrears.county_interest_left_out', severity: 'info', path: '/history', params: { currency: 'USD', count: 2, amount: '1.62' } }]);
    const without = run({ orders: [anOrder({ jurisdiction: 'US-NV' })], history: [charge('2025-01-01', '100.00'), interest('2025-02-01', '0.85')] });
    expect(codes(without)).toEqual(['warn arrears.rule_missing', 'warn arrears.county_interest_left_out']);
    expect(without.statements[0]?.totals.owed).toBe('100.00');
  });

  it('takes off interest that was remitted, but no more than there is', () => {
    const remitted = (amount: string): HistoryEntry => ({ ...adjustment('2025-03-01', amount), bucket: 'interest' });
    // February: 100 × 10 % × 28 / 365 = 0.77; March: to 59 d 1.62
    expect(run({ history: [charge('2025-01-01', '100.00'), remitted('-0.50')] }).statements[0]?.totals).toMatchObject({ interestCharged: '1.12', interest: '1.12', principal: '100.00' });
    const result = run({ history: [charge('2025-01-01', '100.00'), remitted('-5.00')] });
    expect(result.statements[0]?.totals.interest).toBe('0.85');
    expect(result.findings).toEqual([{ code: 'arrears.interest_remitted', severity: 'warn', path: '/history', params: { currency: 'USD', amount: '0.77', unused: '4.23' } }]);
  });

  it('leaves the future out and says so', () => {
    const result = run({ history: [charge('2025-01-01', '100.00'), charge('2025-04-01', '100.00'), payment('2025-04-02', '100.00')] });
    expect(result.findings).toEqual([{ code: 'arrears.future_lines', severity: 'info', path: '/history', params: { currency: 'USD', count: 2, asOf: '2025-03-31' } }]);
    expect(result.statements[0]?.totals).toMatchObject({ charged: '100.00', paid: '0.00' });
    expect(codes(run({ asOf: '2024-12-31' }))).toEqual(['info arrears.future_lines', 'warn arrears.nothing_to_state']);
  });

  it('counts what fell due before the order, and says so', () => {
    const result = run({ history: [charge('2019-12-01', '100.00'), charge('2020-01-01', '100.00')] });
    expect(result.findings).toEqual([{ code: 'arrears.before_order', severity: 'warn', path: '/history', params: { currency: 'USD', count: 1, orderFrom: '2020-01-01' } }]);
    expect(result.statements[0]?.totals.charged).toBe('200.00');
  });

  it('tells what was paid in advance', () => {
    expect(run({ history: [charge('2025-01-01', '100.00'), payment('2025-01-05', '130.00')] }).findings)
      .toEqual([{ code: 'arrears.paid_in_advance', severity: 'info', path: '/history', params: { currency: 'USD', amount: '30.00' } }]);
  });

  it('compares with the balances of the county, on their own day', () => {
    const history = [charge('2025-01-01', '100.00'), payment('2025-03-20', '60.00')];
    // 28 February: principal 100.00, interest 0.77
    const before = [balance('100.00', { asOf: '2025-02-28' }), balance('0.77', { asOf: '2025-02-28', bucket: 'interest' })];
    expect(codes(run({ history, balances: before }))).toEqual([]);
    // principal 40.00; interest from 1 February: 100 × 47 d + 40 × 12 d = 5,180 × 10 % / 365 = 1.42
    expect(run({ history, balances: [balance('100.00')] }).findings)
      .toEqual([{ code: 'arrears.balance_differs', severity: 'warn', path: '/balances', params: { currency: 'USD', asOf: '2025-03-31', computed: '41.42', stated: '100.00' } }]);
  });

  it('compares the principal alone where it computed no interest', () => {
    const orders = [anOrder({ jurisdiction: 'US-NV' })];
    expect(codes(run({ orders, balances: [balance('100.00'), balance('55.00', { bucket: 'interest' })] }))).toEqual(['warn arrears.rule_missing']);
  });

  it('makes no statement in a currency of which it cannot read a line', () => {
    const history = [charge('2025-01-01', '100.00'), charge('2025-02-30', '100.00'), payment('2025-02-01', '-1.00'), charge('2025-01-01', '1.234'), charge('2025-01-01', '5', 'XTS'), charge('2025-01-01', '5.00', 'MXN')];
    const result = run({ history, orders: [anOrder({ jurisdiction: 'US-NV' }), anOrder({ jurisdiction: 'US-NV', currency: 'MXN' })] });
    expect(result.statements.map(({ currency }) => currency)).toEqual(['MXN']);
    expect(result.findings.filter(({ code }) => code === 'arrears.line_unreadable').map(({ path }) => path)).toEqual(['/history/1', '/history/2', '/history/3', '/history/4']);
  });

  it('takes a history of more than fifty years for a mistyped date', () => {
    const result = run({ history: [charge('1925-01-01', '100.00'), charge('2025-01-01', '100.00')] });
    expect(result).toEqual({ statements: [], findings: [{ code: 'arrears.too_long', severity: 'warn', path: '/history', params: { currency: 'USD', from: '1925-01-01', monthsMax: 600 } }] });
  });

  it('computes nothing before the first rate, and says so', () => {
    const result = run({ history: [charge('1982-01-01', '365.00')], orders: [anOrder({ issuedOn: '1982-01-01' })], asOf: '1983-07-10', enforcedBy: 'others' });
    // 1 to 10 July 1983: 365 × 10 % × 10 / 365 = 1.00
    expect(result.statements[0]?.totals.interest).toBe('1.00');
    expect(codes(result)).toEqual(['warn arrears.rate_missing_before']);
  });

  it('warns of a rule that nobody confirmed, and follows rates that change', () => {
    const rule: InterestRule = {
      ruleId: 'xx', jurisdiction: 'US-XX', enforcedBy: 'anybody', citation: 'X', currentAccruesFrom: 'due_date', dayCount: 'actual_365', confirmed: false, sources: [],
      rates: [{ validFrom: '2000-01-01', percent: '7.3' }, { validFrom: '2024-02-01', percent: '3.65' }],
      application: [{ validFrom: '2000-01-01', order: ['principal', 'current', 'interest'] }],
    };
    const result = run({ history: [charge('2024-01-01', '1000.00'), charge('2024-03-01', '50.00'), payment('2024-03-01', '1020.00')], orders: [anOrder({ jurisdiction: 'US-XX' })], asOf: '2024-03-31' }, [rule]);
    expect(codes(result)).toEqual(['warn arrears.rule_unconfirmed']);
    // 1,000 × 7.3 % × 31 / 365 = 6.20; 1,000 × 3.65 % × 29 / 365 = 2.90 (29 February counts); March: (50 − 20) × 3.65 % × 31 / 365 = 0.093
    expect(result.statements[0]?.months.map((month) => [month.interestCharged, month.paidToPrincipal, month.paidToCurrent])).toEqual([['6.20', '0.00', '0.00'], ['2.90', '0.00', '0.00'], ['0.09', '1000.00', '20.00']]);
    expect(result.statements[0]?.interest?.ratePercent).toBe('3.65');
  });
});

describe('the day of a statement', () => {
  it('is the newest of the county, so that the same records give the same statement on every later day', () => {
    const records = { history: [charge('2025-01-01', '100.00'), payment('2025-03-05', '10.00')], balances: [balance('90.00', { asOf: '2025-03-31' })] };
    expect(['2025-04-01', '2026-11-22'].map((on) => statementDay(records, on))).toEqual(['2025-03-31', '2025-03-31']);
    expect(statementDay({ ...records, balances: [] }, '2025-04-01')).toBe('2025-03-05');
  });

  it('is never in the future', () => {
    expect(statementDay({ history: [charge('2025-01-01', '100.00'), charge('2027-01-01', '100.00')] }, '2026-11-22')).toBe('2025-01-01');
    expect(statementDay({ history: undefined }, '2026-11-22')).toBe('2026-11-22');
  });
});

describe('the rules of interest', () => {
  it('keep their schema, with a source for each', () => {
    expect(schemaValidator('interest-rules.v1')({ rulesVersion: '1.0', rules: [...rules] })).toBe(true);
    expect(rules.filter(({ sources }) => sources.length === 0)).toEqual([]);
  });

  it.each(['en', 'es-MX', 'ko-KR'])('have their words in %s', (language) => {
    const words = JSON.parse(readFileSync(`locales/${language}/arrears.json`, 'utf8')) as { rule: Record<string, string> };
    expect(Object.keys(words.rule).sort()).toEqual(rules.map(({ ruleId }) => ruleId).sort());
  });
});
