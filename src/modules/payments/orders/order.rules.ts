import type { StatusReport, TransactionStatus } from '../formats/iso20022/pain002.rules.ts';

/** What may follow what the bank said before of a payment. Codes are those of ISO 20022 (ExternalPaymentTransactionStatus1Code). */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  RCVD: ['ACTC', 'ACCP', 'ACFC', 'ACWC', 'PDNG', 'ACSP', 'ACSC', 'ACCC', 'RJCT'],
  ACTC: ['ACCP', 'ACFC', 'ACWC', 'PDNG', 'ACSP', 'ACSC', 'ACCC', 'RJCT'],
  PDNG: ['ACTC', 'ACCP', 'ACFC', 'ACWC', 'ACSP', 'ACSC', 'ACCC', 'RJCT'],
  ACCP: ['ACFC', 'ACWC', 'PDNG', 'ACSP', 'ACSC', 'ACCC', 'RJCT'],
  ACFC: ['ACWC', 'PDNG', 'ACSP', 'ACSC', 'ACCC', 'RJCT'],
  ACWC: ['PDNG', 'ACSP', 'ACSC', 'ACCC', 'RJCT'],
  ACSP: ['ACSC', 'ACCC', 'RJCT'],
  ACSC: ['ACCC'],
  ACCC: [],
  RJCT: [],
};

/** Every status that a line can have. `PART` is only said of a whole order. */
export const LINE_STATUSES: readonly string[] = Object.keys(FOLLOWS);
export type OrderState = 'created' | 'released' | 'withdrawn';

/** `repeated`: the same again; `backward`: the bank contradicts what it said; `unknown`: no code that we know. */
export type StatusMove = 'moves' | 'repeated' | 'backward' | 'unknown';

export function judgeMove(current: string | null, next: string): StatusMove {
  if (!LINE_STATUSES.includes(next)) return 'unknown';
  if (current === null) return 'moves';
  if (current === next) return 'repeated';
  return FOLLOWS[current]?.includes(next) ? 'moves' : 'backward';
}

/** Charges of the fee policy as ISO 20022 calls them. */
export const BEARER = { OUR: 'DEBT', SHA: 'SHAR', BEN: 'CRED' } as const;

/** At most 35 characters, from the order's id alone: the same order has the same number for ever. */
export function messageIdOf(orderId: string): string {
  return `PUENTE-${orderId.slice(4)}`;
}

export interface SaidOfLine { readonly endToEndId: string; readonly status: string; readonly reasons: readonly string[]; readonly line: number; readonly amount: TransactionStatus['amount'] }

/**
 * What a report says of each payment: its own status first, else that of its group of payments, else that of the message. `PART` says
 * nothing of a payment that is not named.
 */
export function saidOfLines(report: StatusReport, endToEndIds: readonly string[]): SaidOfLine[] {
  const named = report.payments.flatMap((payment) => payment.transactions.map((one) => ({ ...one, status: one.status || payment.status || report.group.status })));
  const all = [...report.payments.filter((payment) => payment.status !== '' && payment.status !== 'PART'), report.group].find((one) => one.status !== '' && one.status !== 'PART');
  const known = new Set(named.map((one) => one.endToEndId));
  const others = all ? endToEndIds.filter((id) => !known.has(id)) : [];
  return [...named, ...others.map((endToEndId) => ({ endToEndId, status: all?.status ?? '', reasons: all?.reasons ?? [], line: report.line, amount: null }))];
}
