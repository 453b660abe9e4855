import { receiptAgrees } from '../../../../src/modules/exchange/messages/receipt-agrees.rules.ts';
import type { ReceiptConfirmation, RemittanceAdvice } from '../../../../src/modules/exchange/messages/message.types.ts';

const advice: RemittanceAdvice = {
  transferNumber: 'T-1', sentOn: '2026-11-12', total: '150.00', currency: 'USD', lineCount: 2,
  line: ['100.00', '50.00'].map((net, index) => ({ folio: `F-${index + 1}`, gross: net, grossCurrency: 'USD', fee: '0.00', net, collectedOn: '2026-11-02', sentOn: '2026-11-12', debtor: { given: 'A' }, creditor: { given: 'B' } })),
} as RemittanceAdvice;
const receipt: ReceiptConfirmation = { transferNumber: 'T-1', receivedOn: '2026-11-13', sent: '150.00', received: '150.0', currency: 'USD', receivedEqualsSent: true };
const line = (more: object = {}) => ({ line: [{ folio: 'F-1', sent: '100', received: '100.00', currency: 'USD', ...more }] });

it.each([
  ['as it was sent, however the amount is written', {}, true], ['with a line as it was sent', line(), true],
  ['with less, both as sent and as received', { sent: '140.00', received: '140.00' }, false], ['in another currency', { currency: 'MXN' }, false], ['of another transfer', { transferNumber: 'T-2' }, false],
  ['not in full', { received: '149.99', receivedEqualsSent: false, reason: 'bank_fee' }, false],
  ['with a line that was not sent', line({ folio: 'F-9' }), false], ['with a line of another amount', line({ sent: '99.00', received: '99.00' }), false], ['with a line received in part', line({ received: '1.00' }), false],
] as const)('%s', (_, more, isRight) => {
  expect(receiptAgrees({ ...receipt, ...more }, advice)).toBe(isRight);
});
