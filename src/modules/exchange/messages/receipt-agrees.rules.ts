// Whether a partner's receipt confirms what we sent: the sums that it states are held against our advice, not only against each other.
import { amountOf } from './decimals.rules.ts';

/** What a receipt says: the totals, and each line where there are lines. */
interface Confirmed {
  readonly transferNumber: string;
  readonly currency: string;
  readonly sent: string;
  readonly received: string;
  readonly receivedEqualsSent: boolean;
  readonly line?: readonly { readonly folio: string; readonly currency: string; readonly sent: string; readonly received: string }[];
}

interface Advised {
  readonly transferNumber: string;
  readonly currency: string;
  readonly total: string;
  readonly line: readonly { readonly folio: string; readonly net: string }[];
}

export function receiptAgrees(receipt: Confirmed, advice: Advised): boolean {
  const isWhole = receipt.receivedEqualsSent && receipt.transferNumber === advice.transferNumber && receipt.currency === advice.currency
    && amountOf(receipt.sent) === amountOf(advice.total) && amountOf(receipt.received) === amountOf(advice.total);
  if (!isWhole) return false;
  const sent = new Map(advice.line.map(({ folio, net }) => [folio, amountOf(net)]));
  return (receipt.line ?? []).every((line) => line.currency === advice.currency && sent.get(line.folio) === amountOf(line.sent) && amountOf(line.received) === amountOf(line.sent));
}
