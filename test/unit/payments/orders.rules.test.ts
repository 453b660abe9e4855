import fc from 'fast-check';
import type { StatusReport } from '../../../src/modules/payments/formats/iso20022/pain002.rules.ts';
import { LINE_STATUSES, judgeMove, messageIdOf, saidOfLines } from '../../../src/modules/payments/orders/order.rules.ts';
import { maskCorrected, meaningOf } from '../../../src/modules/payments/returns/notice.rules.ts';
import { newId } from '../../../src/platform/ids.ts';

describe('what a bank says of an order', () => {
  it('never leaves an end, and never comes back to where it was', () => {
    const status = fc.constantFrom(...LINE_STATUSES);
    fc.assert(fc.property(fc.array(status, { maxLength: 30 }), (said) => {
      let current: string | null = null;
      const seen: string[] = [];
      for (const next of said) {
        const move = judgeMove(current, next);
        if (current === 'RJCT' && next !== 'RJCT') expect(move).toBe('backward');
        if (current === next) expect(move).toBe('repeated');
        if (move === 'moves') {
          seen.push(next);
          current = next;
        }
      }
      // Checking may go back and forth until the payment is under way; from there on nothing repeats.
      const final = seen.filter((one) => ['ACSP', 'ACSC', 'ACCC', 'RJCT'].includes(one));
      expect(new Set(final).size).toBe(final.length);
    }));
    expect([judgeMove(null, 'ACCP'), judgeMove('ACCP', 'ACSC'), judgeMove('ACSC', 'ACSP'), judgeMove('RJCT', 'ACSC'), judgeMove('ACSC', 'RJCT'), judgeMove(null, 'PART'), judgeMove('PDNG', 'ACCP')])
      .toEqual(['moves', 'moves', 'backward', 'backward', 'backward', 'unknown', 'moves']);
  });

  const report = (more: Partial<StatusReport>): StatusReport => ({ messageId: 'B', createdAt: '', originalMessageId: 'M', line: 1, group: { status: '', reasons: [] }, payments: [], ...more });
  const one = (endToEndId: string, status: string) => ({ endToEndId, status, reasons: [], line: 5, amount: null });
  it('is its own word for a payment first, then that of its group, then that of the message', () => {
    const said = (given: StatusReport) => saidOfLines(given, ['A', 'B']).map(({ endToEndId, status }) => `${endToEndId} ${status}`);
    expect(said(report({ group: { status: 'ACTC', reasons: [] } }))).toEqual(['A ACTC', 'B ACTC']);
    expect(said(report({ group: { status: 'PART', reasons: [] }, payments: [{ paymentId: 'P', status: '', reasons: [], transactions: [one('B', 'RJCT')] }] }))).toEqual(['B RJCT']);
    expect(said(report({ group: { status: 'ACTC', reasons: [] }, payments: [{ paymentId: 'P', status: 'ACSP', reasons: [], transactions: [one('B', 'RJCT')] }] }))).toEqual(['B RJCT', 'A ACSP']);
    expect(said(report({ payments: [{ paymentId: 'P', status: 'ACSC', reasons: [], transactions: [one('A', '')] }] }))).toEqual(['A ACSC', 'B ACSC']);
  });

  it('names the order by a number that fits the message', () => {
    const id = newId('ord');
    expect(messageIdOf(id)).toMatch(/^PUENTE-[0-9A-Z]{26}$/);
    expect(`${messageIdOf(id)}-1`).toHaveLength(35);
  });
});

describe('a notice of the bank', () => {
  const notice = { line: 4, kind: 'return' as const, references: ['1'], reason: 'R03', amountMinor: 500n, currency: 'USD', bookedOn: '2026-10-20', corrected: null };
  const named = (id: string) => ({ place: 0, creditId: null, disbursement: { id, partnerId: 'p', amountMinor: 500n, currency: 'USD' } });
  it('that names two disbursements is for a person; one that takes back a collection is no return of ours', () => {
    expect(meaningOf(notice, [named('A'), named('B')])).toMatchObject({ disbursementId: null, finding: { code: 'notices.ambiguous', params: { count: 2 } } });
    expect(meaningOf(notice, [{ place: 0, creditId: 'crd_1', disbursement: null }])).toEqual({ disbursementId: null, partnerId: null, creditId: 'crd_1', finding: null });
    expect(meaningOf({ ...notice, bookedOn: null }, [named('A')]).finding?.code).toBe('notices.undated');
  });
  it('shows no more than the end of what is protected', () => {
    expect(['012180009876543214', '12345678', '1234567', ''].map(maskCorrected)).toEqual(['…3214', '…5678', '…', '…']);
  });
});
