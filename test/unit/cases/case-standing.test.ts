import { standingOf, STANDING_MONTHS } from '../../../src/modules/cases/case-standing.rules.ts';
import type { HistoryEntry } from '../../../src/modules/cases/index.ts';
import { aCase, anObligee, anObligor } from '../../support/cases/builders.ts';

const entry = (kind: HistoryEntry['kind'], on: string, amount: string, bucket: HistoryEntry['bucket'] = 'current_support', currency = 'USD'): HistoryEntry => ({ kind, on, amount, currency, bucket });

describe('the figures of a case', () => {
  it('are sums by month, the newest first, counted from the county’s own statement', () => {
    const standing = standingOf(aCase({
      balances: [{ bucket: 'arrears_unassigned', amount: '10.00', currency: 'USD', asOf: '2026-10-31' }],
      history: [
        entry('charge', '2026-10-01', '362.00'), entry('payment', '2026-10-05', '300.00'), entry('payment', '2026-10-05', '50.00', 'arrears_unassigned'),
        entry('charge', '2026-09-01', '362.00'), entry('interest', '2026-09-30', '3.10', 'interest'), entry('adjustment', '2026-09-30', '5.00'),
        entry('charge', '2025-11-01', '362.00'), entry('charge', '2025-10-01', '362.00'), entry('payment', '2026-11-02', '1.00'),
      ],
    }));
    expect(standing).toMatchObject({ throughMonth: '2026-10-01', currency: 'USD', hasDebtorAddress: true });
    expect(standing.charged).toEqual([36_200n, 36_200n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 36_200n]);
    expect(standing.paid.slice(0, 2)).toEqual([35_000n, 0n]);
    expect(standing.paidCurrent.slice(0, 2)).toEqual([30_000n, 0n]);
    expect(standing.charged).toHaveLength(STANDING_MONTHS);
  });

  it('are unknown without a history, or with one in two currencies', () => {
    expect(standingOf(aCase())).toMatchObject({ throughMonth: null, currency: null, charged: [] });
    expect(standingOf(aCase({ history: [entry('charge', '2026-10-01', '1.00'), entry('payment', '2026-10-01', '1.00', 'current_support', 'MXN')] })).throughMonth).toBeNull();
  });

  it('count from the newest entry where no balance is stated', () => {
    expect(standingOf(aCase({ balances: [], history: [entry('charge', '2026-08-01', '1.00'), entry('charge', '2026-07-01', '1.00')] })).throughMonth).toBe('2026-08-01');
  });

  it('say whether any debtor has an address', () => {
    const { residence: _gone, ...homeless } = anObligor();
    expect(standingOf(aCase({ participants: [homeless, anObligee()] })).hasDebtorAddress).toBe(false);
    expect(standingOf(aCase({ participants: [homeless, anObligor({ participantId: 'P4', role: 'alleged_parent' }), anObligee()] })).hasDebtorAddress).toBe(true);
  });
});
