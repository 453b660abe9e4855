import { judgeRecoveries } from '../../../src/modules/reconciliation/bank/recovery.rules.ts';
import type { NamedDisbursement } from '../../../src/modules/reconciliation/bank/recovery.rules.ts';

const ROW: NamedDisbursement = {
  creditId: 'c1', amountMinor: 25_000n, currency: 'USD', disbursementId: 'D1', disbursedMinor: 25_000n, disbursedCurrency: 'USD', partnerId: 'p', state: 'returned',
};
const BOTH = { ...ROW, amountMinor: 35_000n };

describe('a credit that names disbursements', () => {
  it('recovers the one that it equals', () => { expect(judgeRecoveries([ROW])).toEqual([{ creditId: 'c1', recovers: true, reason: 'recovery.agrees', disbursements: [{ disbursementId: 'D1', partnerId: 'p' }] }]); });
  it('recovers all whose sum it is', () => { expect(judgeRecoveries([BOTH, { ...BOTH, disbursementId: 'D2', disbursedMinor: 10_000n }])[0]).toMatchObject({ recovers: true, disbursements: [{ disbursementId: 'D1' }, { disbursementId: 'D2' }] }); });
  it.each<[string, NamedDisbursement[], string]>([
    ['a cent is missing', [{ ...ROW, amountMinor: 24_999n }], 'recovery.amount_differs'],
    ['the currency is another', [{ ...ROW, currency: 'MXN' }], 'recovery.amount_differs'],
    ['one of several did not come back', [BOTH, { ...BOTH, disbursementId: 'D2', disbursedMinor: 10_000n, state: 'not_returned' }], 'recovery.not_returned'],
    ['one was recovered before', [{ ...ROW, state: 'recovered' }], 'recovery.already'],
    ['they went through two partners', [BOTH, { ...BOTH, disbursementId: 'D2', disbursedMinor: 10_000n, partnerId: 'q' }], 'recovery.unclear'],
  ])('moves nothing when %s', (_, rows, reason) => { expect(judgeRecoveries(rows)).toEqual([expect.objectContaining({ recovers: false, reason })]); });
  it('moves nothing when another credit would recover the same; one that does not agree is no rival', () => {
    expect(judgeRecoveries([ROW, { ...ROW, creditId: 'c2' }]).map((j) => j.reason)).toEqual(['recovery.unclear', 'recovery.unclear']);
    expect(judgeRecoveries([ROW, { ...ROW, creditId: 'c2', amountMinor: 1n }]).map((j) => j.reason)).toEqual(['recovery.agrees', 'recovery.amount_differs']);
  });
});
