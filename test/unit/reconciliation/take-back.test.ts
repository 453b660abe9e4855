import { judgeTakeBacks } from '../../../src/modules/reconciliation/bank/take-back.rules.ts';
import type { NamedCredit } from '../../../src/modules/reconciliation/bank/take-back.rules.ts';

const ROW: NamedCredit = {
  debitId: 'd1', amountMinor: 11_000n, currency: 'USD', debitedOn: '2026-03-20', creditId: 'c1', creditMinor: 11_000n, creditCurrency: 'USD', creditedOn: '2026-03-09',
  partnerId: 'p', transfer: 'TR1', isTakenBack: false,
};

describe('a debit that names a transfer', () => {
  it('takes the credit of the same amount back', () => { expect(judgeTakeBacks([ROW])).toEqual([expect.objectContaining({ debitId: 'd1', outcome: 'taken_back', creditId: 'c1', takenBackOn: '2026-03-20' })]); });
  it('takes the one that is still there', () => { expect(judgeTakeBacks([{ ...ROW, creditId: 'c0', isTakenBack: true }, ROW])[0]?.creditId).toBe('c1'); });
  it('takes the one that was there by then', () => { expect(judgeTakeBacks([{ ...ROW, creditId: 'c2', creditedOn: '2026-03-21' }, ROW])[0]?.creditId).toBe('c1'); });
  it.each<[string, NamedCredit[], string]>([
    ['of another amount', [{ ...ROW, amountMinor: 5_000n }], 'take_back.amount_differs'],
    ['in another currency', [{ ...ROW, currency: 'MXN' }], 'take_back.amount_differs'],
    ['before the credit', [{ ...ROW, debitedOn: '2026-03-08' }], 'take_back.before_credit'],
    ['without a date', [{ ...ROW, debitedOn: null }], 'take_back.undated'],
    ['of what is gone already', [{ ...ROW, isTakenBack: true }], 'take_back.already'],
    ['that fits two credits', [ROW, { ...ROW, creditId: 'c2' }], 'take_back.unclear'],
  ])('is for a person when it is one %s', (_, rows, reason) => { expect(judgeTakeBacks(rows)).toEqual([expect.objectContaining({ outcome: 'unexplained', creditId: null, reasons: [reason] })]); });
  it('is for a person when two of them want one credit', () => { expect(judgeTakeBacks([ROW, { ...ROW, debitId: 'd2' }]).map((j) => j.reasons)).toEqual([['take_back.unclear'], ['take_back.unclear']]); });
});
