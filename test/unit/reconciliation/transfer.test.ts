import fc from 'fast-check';
import { judgeTransfers } from '../../../src/modules/reconciliation/bank/transfer.rules.ts';
import type { Credit, TransferSum } from '../../../src/modules/reconciliation/bank/transfer.rules.ts';

const sum = (transfer: string, minor: bigint | null, partnerId = 'p'): TransferSum => ({ partnerId, transfer, lineCount: 2, sumMinor: minor, currency: 'USD', printed: [transfer], isTakenBack: false });
const credit = (creditId: string, minor: bigint, ...tokens: string[]): Credit => ({ creditId, amountMinor: minor, currency: 'USD', tokens });
const limit = () => ({ amountMinor: 2_500n, currency: 'USD', charges: 'OUR' } as const);

describe('transfers and credits', () => {
  it.each<[string, bigint, string, bigint]>([['in full', 10_000n, 'agrees', 0n], ['less a fee', 7_500n, 'agrees', 2_500n], ['less than a fee explains', 7_499n, 'differs', 0n], ['more than the lines say', 10_001n, 'differs', 0n]])('money that arrived %s', (_, minor, state, fee) => {
    const judged = judgeTransfers([sum('T1', 10_000n)], [credit('c', minor, 'BK1', 'T1')], limit);
    expect(judged.transfers[0]).toMatchObject({ state, feeMinor: fee });
    expect(judged.credits[0]?.outcome).toBe(state === 'agrees' ? 'matched' : 'unmatched');
  });
  it.each([10n ** 15n + 1n, 9_299_999_999_999_990_700n, 10n ** 30n, -(10n ** 30n)])('lines that come to %s are no sum and add up with no credit, before and after one has come', (minor) => {
    expect(judgeTransfers([sum('T1', minor)], [], limit).transfers[0]).toMatchObject({ state: 'differs', sumMinor: null, creditId: null });
    expect(judgeTransfers([sum('T1', minor)], [credit('c', 10_000n, 'T1')], limit).transfers[0]).toMatchObject({ state: 'differs', sumMinor: null, creditId: 'c', feeMinor: 0n });
  });
  it.each([['OUR', ['transfer.within_fee', 'transfer.fee_despite_our']], ['SHA', ['transfer.within_fee']], ['BEN', ['transfer.within_fee']]] as const)('a fee under %s is booked alike, and told as the policy has it', (charges, reasons) => {
    const judged = judgeTransfers([sum('T1', 10_000n)], [credit('c', 7_500n, 'T1')], () => ({ ...limit(), charges }));
    expect(judged.transfers[0]).toMatchObject({ state: 'agrees', feeMinor: 2_500n });
    expect(judged.credits).toEqual([{ creditId: 'c', transfer: 'T1', partnerId: 'p', outcome: 'matched', reasons }]);
    expect(judgeTransfers([sum('T1', 10_000n)], [credit('c', 10_000n, 'T1')], () => ({ ...limit(), charges })).credits[0]?.reasons).toEqual(['transfer.agrees']);
  });
  it('no credit yet', () => { expect(judgeTransfers([sum('T1', 1n)], [], limit).transfers[0]?.state).toBe('no_credit'); });
  it('no credit any more, because the bank took it back', () => { expect(judgeTransfers([{ ...sum('T1', 1n), isTakenBack: true }], [], limit).transfers[0]?.state).toBe('taken_back'); });
  it('a new credit after that', () => { expect(judgeTransfers([{ ...sum('T1', 1n), isTakenBack: true }], [credit('c', 1n, 'T1')], limit).transfers[0]?.state).toBe('agrees'); });
  it('a credit that names nothing known', () => { expect(judgeTransfers([sum('T1', 1n)], [credit('c', 1n, 'X')], limit).credits[0]).toMatchObject({ outcome: 'unmatched', reasons: ['transfer.unknown'] }); });
  it('two credits for one transfer are for a person', () => {
    const judged = judgeTransfers([sum('T1', 10n)], [credit('a', 10n, 'T1'), credit('b', 10n, 'T1')], limit);
    expect(judged.transfers[0]?.state).toBe('unclear');
    expect(judged.credits.map((c) => c.outcome)).toEqual(['unmatched', 'unmatched']);
  });
  it('two partners with one number: the sum tells whose the credit is', () => {
    const judged = judgeTransfers([sum('T1', 10_000n, 'p'), sum('T1', 90_000n, 'q')], [credit('a', 90_000n, 'T1')], limit);
    expect(judged.transfers.map((t) => t.state)).toEqual(['no_credit', 'agrees']);
    expect(judged.credits[0]?.partnerId).toBe('q');
  });
  it('an unreadable amount leaves the sum open', () => { expect(judgeTransfers([sum('T1', null)], [credit('a', 10n, 'T1')], limit).transfers[0]?.state).toBe('unclear'); });
  it('the order in which they come does not matter', () => {
    const sums = ['T1', 'T2', 'T3'].map((t, i) => sum(t, BigInt(1_000 * (i + 1))));
    const credits = [credit('a', 1_000n, 'T1'), credit('b', 2_000n, 'T2', 'T1'), credit('c', 9n, 'T3'), credit('d', 5n, 'Z')];
    const plain = judgeTransfers(sums, credits, limit);
    fc.assert(fc.property(fc.shuffledSubarray(sums, { minLength: 3 }), fc.shuffledSubarray(credits, { minLength: 4 }), (s, c) => {
      const judged = judgeTransfers(s, c, limit);
      expect(judged.transfers.toSorted((x, y) => x.transfer.localeCompare(y.transfer))).toEqual(plain.transfers);
      expect(judged.credits.toSorted((x, y) => x.creditId.localeCompare(y.creditId))).toEqual(plain.credits);
    }));
  });
});
