import { feeLimitOf } from '../../modules/reconciliation/index.ts';
import type { Visit } from '../visit.ts';

interface Told { readonly partnerId: string | null; readonly sumMinor: bigint | null; readonly sumCurrency: string | null; readonly creditMinor: bigint | null; readonly creditCurrency: string | null }

/** By how much a bank's credit differs from the lines of its transfer, and which fee that is, in words; nothing where they agree or cannot be compared. */
export function differenceInWords({ t, format }: Visit, { partnerId, sumMinor, sumCurrency, creditMinor, creditCurrency }: Told): readonly string[] {
  if (partnerId === null || sumMinor === null || creditMinor === null || creditCurrency === null || sumMinor === creditMinor) return [];
  if (sumCurrency !== creditCurrency) return [t('clerk:amount.other_currencies')];
  const size = sumMinor > creditMinor ? sumMinor - creditMinor : creditMinor - sumMinor;
  const amount = format.money(size, creditCurrency);
  const limit = feeLimitOf(partnerId);
  if (sumMinor < creditMinor) return [t('clerk:amount.credit_more', { amount })];
  if (limit === null || limit.currency !== creditCurrency || size > limit.amountMinor) return [t('clerk:amount.credit_too_little', { amount })];
  const isFee = t('clerk:amount.credit_fee', { amount, limit: format.money(limit.amountMinor, limit.currency) });
  return limit.charges === 'OUR' ? [isFee, t('clerk:amount.fee_despite_our')] : [isFee];
}
