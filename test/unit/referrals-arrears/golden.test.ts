import { arrearsStatements, interestRules } from '../../../src/modules/referrals/arrears/index.ts';
import type { ArrearsInput } from '../../../src/modules/referrals/arrears/index.ts';
import type { PacketArrears, PacketArrearsMonth } from '../../../src/modules/referrals/packets/packet-model.rules.ts';
import { charge, anOrder, payment, adjustment } from './builders.ts';

const rules = interestRules();
const californian = anOrder({ issuedOn: '2000-01-01', startsOn: '2000-01-01' });

function only(input: Partial<ArrearsInput>): PacketArrears {
  const { statements } = arrearsStatements({ history: [], orders: [californian], asOf: '2026-11-22', enforcedBy: 'others', ...input }, rules);
  expect(statements).toHaveLength(1);
  return statements[0] as PacketArrears;
}

const column = (statement: PacketArrears, name: keyof PacketArrearsMonth): string[] => statement.months.map((month) => month[name]);

// Every figure below was worked out on paper; the arithmetic stands beside it.
describe('a statement of arrears, worked out by hand', () => {
  it('gives ten percent for a common year and for a leap year alike', () => {
    const statement = only({ history: [charge('2023-01-01', '1200.00')], asOf: '2024-12-31' });
    const months = Object.fromEntries(statement.months.map(({ month, interestCharged }) => [month, interestCharged]));
    // January: 1,200 × 10 % × 31 / 365 = 10.1918 → 10.19
    expect(months['2023-01']).toBe('10.19');
    // to the end of February: 1,200 × 10 % × 59 / 365 = 19.3973 → 19.40; shown: 19.40 − 10.19
    expect(months['2023-02']).toBe('9.21');
    // one year: 120.00; to the end of February 2024, whose 29th bears nothing: 120.00 + 19.3973 = 139.3973; the month: 139.40 − 130.19
    expect(months['2024-02']).toBe('9.21');
    expect(statement.totals).toMatchObject({ principal: '1200.00', interest: '240.00', owed: '1440.00' });
  });

  it('lets a payment in the middle of a month stop the interest of what it pays, from its own day', () => {
    const statement = only({ history: [charge('2025-03-01', '1000.00'), payment('2025-03-11', '400.00'), charge('2025-04-01', '1000.00'), payment('2025-04-16', '1500.00')], asOf: '2025-04-30' });
    // March: 1,000 × 10 % × 10 / 365 = 2.7397 (1st to 10th) + 600 × 10 % × 21 / 365 = 3.4521 (11th to 31st) = 6.1918 → 6.19
    // April: 600 × 15 d = 2.4658, and 1,000 × 15 d = 4.1096 (1st to 15th); then 100 × 15 d = 0.4110; 6.1918 + 6.9863 = 13.1781 → 13.18 − 6.19
    expect(column(statement, 'interestCharged')).toEqual(['6.19', '6.99']);
    // 1,500 = 1,000 for April + 500 of the 600 left of March; interest comes last
    expect(column(statement, 'paidToCurrent')).toEqual(['400.00', '1000.00']);
    expect(column(statement, 'paidToPrincipal')).toEqual(['0.00', '500.00']);
    expect(column(statement, 'paidToInterest')).toEqual(['0.00', '0.00']);
    expect(column(statement, 'principal')).toEqual(['600.00', '100.00']);
    expect(statement.totals).toEqual({ charged: '2000.00', adjusted: '0.00', paid: '1900.00', paidToCurrent: '1400.00', paidToPrincipal: '500.00', principal: '100.00', interestCharged: '13.18', interestPaid: '0.00', interest: '13.18', owed: '113.18' });
  });

  it('pays interest before principal until the end of 2008, and principal first from 2009', () => {
    const statement = only({ history: [charge('2008-11-01', '1000.00'), payment('2008-12-01', '50.00'), payment('2009-02-01', '50.00')], asOf: '2009-02-28' });
    // 1 December: 1,000 × 10 % × 30 / 365 = 8.2192 → 8.22 to interest, 41.78 to principal, 958.22 left
    expect(column(statement, 'paidToInterest')).toEqual(['0.00', '8.22', '0.00', '0.00']);
    // 1 February 2009: all 50 to principal, although interest is owed: 908.22 left
    expect(column(statement, 'paidToPrincipal')).toEqual(['0.00', '41.78', '0.00', '50.00']);
    expect(column(statement, 'principal')).toEqual(['1000.00', '958.22', '958.22', '908.22']);
    // 8.2192; + 958.22 × 10 % × 31 / 365 = 8.1383 → 16.3575; again → 24.4958; + 908.22 × 10 % × 28 / 365 = 6.9672 → 31.4630
    expect(column(statement, 'interestCharged')).toEqual(['8.22', '8.14', '8.14', '6.96']);
    // 31.46 − 8.22
    expect(statement.totals).toMatchObject({ interestCharged: '31.46', interestPaid: '8.22', interest: '23.24', owed: '931.46' });
  });

  it('pays the oldest instalment first, the current month before it, and interest once no principal is left', () => {
    const statement = only({ history: [charge('2025-01-01', '300.00'), charge('2025-02-01', '300.00'), payment('2025-03-01', '610.00')], asOf: '2025-03-31' });
    // to 28 February: 300 × 59 d + 300 × 28 d = 300 × 10 % × 87 / 365 = 7.1507 → 7.15; 610 = 600 principal + 7.15 interest + 2.85 in advance
    expect(column(statement, 'paidToInterest')).toEqual(['0.00', '0.00', '7.15']);
    expect(column(statement, 'paidToPrincipal')).toEqual(['0.00', '0.00', '602.85']);
    expect(statement.totals).toMatchObject({ principal: '-2.85', interest: '0.00', owed: '-2.85' });
  });

  it('lets current support of a case worked by the agency bear nothing until the first day of the next month', () => {
    const statement = only({ history: [charge('2025-01-01', '300.00')], asOf: '2025-03-31', enforcedBy: 'iv_d_agency' });
    // February: 300 × 10 % × 28 / 365 = 2.3014 → 2.30; to the end of March: 59 d = 4.8493 → 4.85 − 2.30
    expect(column(statement, 'interestCharged')).toEqual(['0.00', '2.30', '2.55']);
    expect(statement.interest?.citation).toContain('17433.5');
    // 300 paid within the month of its due date: none
    const paid = only({ history: [charge('2025-01-01', '300.00'), payment('2025-01-31', '300.00')], asOf: '2025-03-31', enforcedBy: 'iv_d_agency' });
    expect(paid.totals).toMatchObject({ interestCharged: '0.00', owed: '0.00' });
  });

  it('keeps what was paid in advance until something falls due, and then bears no interest on it', () => {
    const statement = only({ history: [payment('2025-01-20', '250.00'), charge('2025-02-01', '200.00'), charge('2025-03-01', '200.00')], asOf: '2025-03-31' });
    expect(column(statement, 'principal')).toEqual(['-250.00', '-50.00', '150.00']);
    // March: 150 × 10 % × 31 / 365 = 1.2740 → 1.27
    expect(column(statement, 'interestCharged')).toEqual(['0.00', '0.00', '1.27']);
  });

  it('counts a payment for the support of its own month, even before its day', () => {
    const statement = only({ history: [charge('2025-01-15', '100.00'), payment('2025-01-10', '100.00')], asOf: '2025-01-31' });
    expect(statement.totals).toMatchObject({ principal: '0.00', interestCharged: '0.00' });
    expect(column(statement, 'paidToCurrent')).toEqual(['100.00']);
  });

  it('lets a reduction take from the oldest debt, and an increase bear interest from its own day', () => {
    const statement = only({ history: [charge('2025-01-01', '100.00'), adjustment('2025-02-01', '-40.00'), adjustment('2025-03-01', '40.00')], asOf: '2025-03-31' });
    // 100 × 31 d = 0.8493 → 0.85; + 60 × 28 d = 0.4603 → 1.3096 → 0.46; + 100 × 31 d = 0.8493 → 2.1589 → 2.16 − 1.31
    expect(column(statement, 'interestCharged')).toEqual(['0.85', '0.46', '0.85']);
    expect(column(statement, 'adjusted')).toEqual(['0.00', '-40.00', '40.00']);
    expect(statement.totals).toMatchObject({ adjusted: '0.00', principal: '100.00' });
  });

  it('does not ask in which order the lines of a day stand in the extract', () => {
    const older = charge('2025-02-01', '50.00', 'USD', 'arrears_assigned');
    const history = [payment('2025-01-10', '50.00'), older, charge('2025-02-01', '50.00'), payment('2025-02-01', '20.00')];
    const statement = only({ history, asOf: '2025-02-28' });
    // the 50 in advance go to current support, which comes first; the 20 then to the older sum: 30 left
    expect(column(statement, 'paidToPrincipal')).toEqual(['50.00', '20.00']);
    expect(statement.totals.principal).toBe('30.00');
    expect(only({ history: [...history].reverse(), asOf: '2025-02-28' })).toEqual(statement);
  });

  it('shows the months in which nothing happened', () => {
    const statement = only({ history: [charge('2024-11-05', '100.00'), charge('2025-02-01', '100.00')], asOf: '2025-03-10' });
    expect(column(statement, 'month')).toEqual(['2024-11', '2024-12', '2025-01', '2025-02', '2025-03']);
    expect(statement).toMatchObject({ from: '2024-11-05', until: '2025-03-10' });
    // the last month ends with its 10th day, which counts: 200 × 10 % × 10 / 365 = 0.5479
    // 100 × 26 + 31 + 31 d = 2.4110; + 200 × 28 d = 1.5342 → 3.9452; + 0.5479 → 4.4932 → 4.49 − 3.95
    expect(statement.months.at(-1)?.interestCharged).toBe('0.54');
  });

  it('knows currencies without decimals', () => {
    const statement = only({ history: [charge('2025-01-01', '1000000', 'KRW')], orders: [anOrder({ currency: 'KRW', issuedOn: '2000-01-01' })], asOf: '2025-01-31' });
    // 1,000,000 × 10 % × 31 / 365 = 8,493.15 → 8,493
    expect(statement.totals).toMatchObject({ charged: '1000000', interest: '8493', owed: '1008493' });
  });

  it('lets nothing bear interest before there was an order', () => {
    const statement = only({ history: [charge('2025-01-01', '365.00')], orders: [anOrder({ issuedOn: '2025-03-01', startsOn: '2025-01-01' })], asOf: '2025-03-31' });
    // from 1 March: 365 × 10 % × 31 / 365 = 3.10
    expect(column(statement, 'interestCharged')).toEqual(['0.00', '0.00', '3.10']);
  });

  it('holds thirty years', () => {
    const history = Array.from({ length: 360 }, (_, i) => charge(`${1996 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}-01`, '100.00'));
    const statement = only({ history, orders: [anOrder({ issuedOn: '1996-01-01' })], asOf: '2025-12-31' });
    expect(statement.months).toHaveLength(360);
    // Each year's instalments bear 10 % of 1,200 for every later year, 120 × (29 + … + 0) = 120 × 435 = 52,200; and within its own
    // year an instalment of 100 bears for the days left: 365 + 334 + 306 + 275 + 245 + 214 + 184 + 153 + 122 + 92 + 61 + 31 = 2,382 d,
    // 100 × 10 % × 2,382 / 365 = 65.2603, thirty times = 1,957.8082
    expect(statement.totals).toMatchObject({ charged: '36000.00', interest: '54157.81', owed: '90157.81' });
  });
});
