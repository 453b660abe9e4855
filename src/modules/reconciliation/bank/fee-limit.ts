import { parseMajor } from '../../../platform/money.ts';
import { findPartner } from '../../partners/index.ts';
import type { FeeLimit } from './transfer.rules.ts';

/** How much less than the sum of its lines a transfer's credit may be, by the partner's profile. */
export const feeLimitOf: FeeLimit = (partnerId) => {
  const profile = findPartner(partnerId);
  if (profile === null) return null;
  const { amount, currency } = profile.fees.value.transferFeeMax;
  const amountMinor = parseMajor(amount, currency);
  return amountMinor === null ? null : { amountMinor, currency };
};
