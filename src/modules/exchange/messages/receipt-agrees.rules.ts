// Whether a partner's receipt confirms what we sent: the sums that it states are held against our advice, not only against each other.
import type { ReceiptConfirmation, RemittanceAdvice } from './message.types.ts';
import { amountOf } from './decimals.rules.ts';

export function receiptAgrees(receipt: ReceiptConfirmation, advice: RemittanceAdvice): boolean {
  const isWhole = receipt.receivedEqualsSent && receipt.transferNumber === advice.transferNumber && receipt.currency === advice.currency
    && amountOf(receipt.sent) === amountOf(advice.total) && amountOf(receipt.received) === amountOf(advice.total);
  if (!isWhole) return false;
  const sent = new Map(advice.line.map(({ folio, net }) => [folio, amountOf(net)]));
  return (receipt.line ?? []).every((line) => line.currency === advice.currency && sent.get(line.folio) === amountOf(line.sent) && amountOf(line.received) === amountOf(line.sent));
}
