import type { Param } from '../../../platform/errors.ts';

/** A named part of the caseload, as data. */
export type Segment = { readonly segmentId: string; readonly names?: Readonly<Record<'en' | 'es-MX' | 'ko-KR', string>> } & (
  | { readonly kind: 'payment'; readonly params: { readonly standing: 'full' | 'partial' | 'none'; readonly months: number } }
  | { readonly kind: 'no_acknowledgment'; readonly params: { readonly days: number } }
  | { readonly kind: 'no_address'; readonly params: Record<string, never> }
  | { readonly kind: 'arrears_over'; readonly params: { readonly amount: string; readonly currency: string; readonly buckets: readonly string[] } }
);

/** Which words say what a segment holds, where it brings no name of its own: a key of `referrals:` with its parameters. */
export function segmentWords(segment: Segment): { key: string; params: Record<string, Param> } {
  switch (segment.kind) {
    case 'payment': return { key: `segment.payment_${segment.params.standing}`, params: { months: segment.params.months } };
    case 'no_acknowledgment': return { key: 'segment.no_acknowledgment', params: { days: segment.params.days } };
    case 'no_address': return { key: 'segment.no_address', params: {} };
    case 'arrears_over': return { key: 'segment.arrears_over', params: { amount: `${segment.params.amount} ${segment.params.currency}` } };
  }
}
