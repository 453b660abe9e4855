import fc from 'fast-check';
import { asRead, overPostedOf, reasonOfRest } from '../../../src/modules/reconciliation/agreement/agreement.rules.ts';
import { ageBands, bandOf, clockState, compareReceipt, exchangeDifference, stateOf } from '../../../src/modules/reconciliation/agreement/outgoing.rules.ts';
import { instantAt, openDaysBetween } from '../../../src/platform/dates.ts';

describe('why money of a transfer is still in suspense', () => {
  const rest = { state: 'agrees', liveCredits: 1, restMinor: 300n, waitingLines: 1, waitingMinor: 300n };
  it.each([
    ['lines wait', rest, 'lines'],
    ['the transfer adds up and its lines do not', { ...rest, waitingMinor: 299n }, 'unexplained'],
    ['a second credit came', { ...rest, liveCredits: 2 }, 'transfer.second_credit'],
    ['the sum differs', { ...rest, state: 'differs' }, 'transfer.sum_differs'],
    ['nobody can say whose it is', { ...rest, state: 'unclear' }, 'transfer.unclear'],
    ['no line names it', { ...rest, state: null, waitingLines: 0, waitingMinor: 0n }, 'no_lines'],
  ])('%s', (_, given, reason) => expect(reasonOfRest(given)).toBe(reason));
});

describe('sent against received', () => {
  const told = { sentMinor: 10_000n, sentCurrency: 'USD', rate: '17.2345', rateOperation: 'multiply' as const, feeMinor: 0n, deliveredMinor: 172_345n, deliveredCurrency: 'MXN' };
  it.each([
    ['equal', told], ['fee', { ...told, feeMinor: 2_345n, deliveredMinor: 170_000n }], ['rounding', { ...told, deliveredMinor: 172_344n }],
    ['fee_and_rounding', { ...told, feeMinor: 2_344n, deliveredMinor: 170_000n }], ['unexplained', { ...told, deliveredMinor: 172_000n }],
    ['not_told', { ...told, deliveredMinor: null }], ['not_told', { ...told, rate: null }], ['equal', { ...told, rate: null, deliveredCurrency: 'USD', deliveredMinor: 10_000n }],
  ])('says %s', (verdict, given) => expect(compareReceipt(given).verdict).toBe(verdict));

  it('never loses a unit: delivered and kept are what it was worth and what conversion left over', () => {
    fc.assert(fc.property(fc.bigInt(1n, 10n ** 9n), fc.bigInt(0n, 10n ** 6n), fc.bigInt(0n, 10n ** 9n), (sentMinor, feeMinor, deliveredMinor) => {
      const { worthMinor, residueMinor } = compareReceipt({ ...told, sentMinor, feeMinor, deliveredMinor });
      expect(deliveredMinor + feeMinor).toBe((worthMinor as bigint) + (residueMinor as bigint));
    }));
  });
});

it('tells where money is from what was reported of it', () => {
  expect(stateOf({ outcome: null, isPending: false, isRecovered: false })).toBe('in_transit');
  expect(stateOf({ outcome: null, isPending: true, isRecovered: false })).toBe('pending');
  expect(stateOf({ outcome: 'posted', isPending: true, isRecovered: false })).toBe('delivered');
  expect(stateOf({ outcome: 'returned', isPending: true, isRecovered: false })).toBe('returned');
  expect(stateOf({ outcome: 'returned', isPending: false, isRecovered: true })).toBe('recovered');
});

it('puts every age into one band', () => {
  expect(ageBands([2, 5])).toEqual([{ from: 0, upTo: 2 }, { from: 3, upTo: 5 }, { from: 6, upTo: null }]);
  expect([0, 2, 3, 5, 6, 900].map((days) => bandOf(days, [2, 5]))).toEqual([0, 0, 1, 1, 2, 2]);
});

it('knows a clock that runs, is overdue, was kept and was late', () => {
  expect([clockState('2026-03-24', null, '2026-03-24'), clockState('2026-03-24', null, '2026-03-25'), clockState('2026-03-24', '2026-03-24', '2026-04-01'), clockState('2026-03-24', '2026-03-25', '2026-04-01')])
    .toEqual(['running', 'overdue', 'kept', 'late']);
});

describe('times of day and days of offices', () => {
  it('finds the instant of a time of day, also on days when the clocks change', () => {
    expect(instantAt('2026-11-20', '17:00', 'America/Los_Angeles').toISOString()).toBe('2026-11-21T01:00:00.000Z');
    expect(instantAt('2026-07-01', '17:00', 'America/Los_Angeles').toISOString()).toBe('2026-07-02T00:00:00.000Z');
    expect(instantAt('2026-11-20', '09:30', 'Asia/Seoul').toISOString()).toBe('2026-11-20T00:30:00.000Z');
    expect(instantAt('2026-03-08', '17:00', 'America/Los_Angeles').toISOString()).toBe('2026-03-09T00:00:00.000Z');
    expect(instantAt('2026-11-01', '17:00', 'America/Los_Angeles').toISOString()).toBe('2026-11-02T01:00:00.000Z');
  });
  it('counts open days after the day of the event', () => {
    const isWeekday = (date: string): boolean => ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
    expect([['2026-11-20', '2026-11-20'], ['2026-11-20', '2026-11-23'], ['2026-11-20', '2026-11-30']].map(([from, to]) => openDaysBetween(from as string, to as string, isWeekday))).toEqual([0, 1, 6]);
  });
});

describe('the partner’s rate against the frozen one', () => {
  const sent = { sentMinor: 10_000n, sentCurrency: 'USD', worthMinor: 170_000n, deliveredCurrency: 'MXN' };
  const frozen = { rate: '17.2500', base: 'USD', quote: 'MXN', source: 'banxico_fix', quotedOn: '2026-03-09' };
  it('is told in the currency delivered, whichever way the rate is quoted, and is nothing where none was frozen', () => {
    expect(exchangeDifference(sent, frozen)).toBe(-2_500n);
    expect(exchangeDifference(sent, { ...frozen, rate: '0.058', base: 'MXN', quote: 'USD' })).toBe(170_000n - 172_414n);
    expect([exchangeDifference(sent, null), exchangeDifference(sent, { ...frozen, quote: 'KRW' }), exchangeDifference({ ...sent, worthMinor: null }, frozen)]).toEqual([null, null, null]);
  });
});

describe('more posted than credited', () => {
  const rest = (partnerId: string, on: string, restMinor: bigint) => ({ partnerId, on, restMinor, currency: 'USD' }) as const;
  it('is named by partner and day, whatever waits of other transfers of that day', () => {
    expect(overPostedOf([rest('kr', '2026-03-02', -700n), rest('kr', '2026-03-02', 900n), rest('mx', '2026-03-01', -100n), rest('mx', '2026-03-01', -25n), rest('mx', '2026-03-03', 0n)])).toEqual([
      { partnerId: 'mx', currency: 'USD', on: '2026-03-01', overMinor: 125n, transfers: 2 }, { partnerId: 'kr', currency: 'USD', on: '2026-03-02', overMinor: 700n, transfers: 1 },
    ]);
    expect(overPostedOf([rest('mx', '2026-03-01', 0n)])).toEqual([]);
  });
  it('reads as what waits does: money in suspense is positive', () => {
    expect([asRead('suspense', -10_500n), asRead('proposed_collection', -5_000n), asRead('bank', 15_400n)]).toEqual([10_500n, 5_000n, 15_400n]);
  });
});
