import type { HistoryEntry } from '../../../src/modules/cases/index.ts';
import type { ArrearsOrder } from '../../../src/modules/referrals/arrears/index.ts';

type Bucket = HistoryEntry['bucket'];

const entry = (kind: HistoryEntry['kind']) => (on: string, amount: string, currency = 'USD', bucket: Bucket = 'current_support'): HistoryEntry => ({ kind, on, amount, currency, bucket });

export const charge = entry('charge');
export const payment = entry('payment');
export const adjustment = entry('adjustment');
export const interest = (on: string, amount: string, currency = 'USD'): HistoryEntry => entry('interest')(on, amount, currency, 'interest');

export function anOrder({ jurisdiction = 'US-CA', issuedOn = '2020-01-01', startsOn = issuedOn, currency = 'USD' }: { jurisdiction?: string | null; issuedOn?: string; startsOn?: string; currency?: string } = {}): ArrearsOrder {
  return { jurisdiction, issuedOn, obligations: [{ currency, startsOn }] };
}
