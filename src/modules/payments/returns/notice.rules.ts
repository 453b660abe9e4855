import type { Finding } from '../../../platform/errors.ts';
import type { PaymentNotice } from '../formats/bank-entry.rules.ts';

/** Something of ours that a notice names: a disbursement, or a booking of the bank that names none. */
export interface Named {
  readonly place: number;
  readonly creditId: string | null;
  readonly disbursement: { readonly id: string; readonly partnerId: string; readonly amountMinor: bigint; readonly currency: string } | null;
}

export interface NoticeMeaning {
  readonly disbursementId: string | null;
  readonly partnerId: string | null;
  readonly creditId: string | null;
  readonly finding: Finding | null;
}

/** Return codes of returns that were themselves sent back, or of that being contested: whose money it is, is open. */
const DISPUTED = /^R(61|6[7-9]|7[0-7])$/;

/** What a notice is about. Where it names two disbursements, or its amount is another, a person decides. */
export function meaningOf(notice: PaymentNotice, named: readonly Named[]): NoticeMeaning {
  const finding = (code: string, severity: Finding['severity'], params: Finding['params'] = {}): Finding => ({ code, severity, line: notice.line, params: { reason: notice.reason, ...params } });
  const disbursements = named.flatMap((one) => (one.disbursement ? [one.disbursement] : []));
  const [first] = disbursements;
  const creditId = named.find((one) => one.creditId !== null)?.creditId ?? null;
  if (!first) {
    const code = notice.kind === 'return' ? 'notices.unknown_return' : 'notices.unknown_change';
    return { disbursementId: null, partnerId: null, creditId, finding: creditId === null ? finding(code, 'warn') : null };
  }
  if (disbursements.length > 1) return { disbursementId: null, partnerId: null, creditId, finding: finding('notices.ambiguous', 'warn', { count: disbursements.length }) };
  const known = { disbursementId: first.id, partnerId: first.partnerId, creditId };
  const params = { disbursement: first.id };
  if (notice.kind === 'change') return { ...known, finding: finding('notices.change', 'warn', params) };
  if (DISPUTED.test(notice.reason)) return { ...known, finding: finding('notices.disputed', 'warn', params) };
  if (notice.bookedOn === null) return { ...known, finding: finding('notices.undated', 'warn', params) };
  const isWhole = notice.amountMinor === first.amountMinor && notice.currency === first.currency;
  return { ...known, finding: finding(isWhole ? 'notices.returned' : 'notices.amount_differs', 'warn', params) };
}

const SHOWN = 4;
const MASKABLE_FROM = 8;

/** The last four characters, where enough others stay hidden. */
export function maskCorrected(text: string): string {
  const plain = text.replace(/\s+/g, '');
  return plain.length >= MASKABLE_FROM ? `…${plain.slice(-SHOWN)}` : '…';
}
