import { parseMajor } from '../../../platform/money.ts';
import { findPartner } from '../../partners/index.ts';
import type { FeeLimit } from './transfer.rules.ts';

/** How much less than the sum of its lines a transfer's credit may be, and who bears what banks keep, by the partner's profile. */
export const feeLimitOf: FeeLimit = (partnerId) => {
  const profile = findPartner(partnerId);
  if (profile === null) return null;
  const { charges, transferFeeMax: { amount, currency } } = profile.fees.value;
  const amountMinor = parseMajor(amount, currency);
  return amountMinor === null ? null : { amountMinor, currency, charges };
};
