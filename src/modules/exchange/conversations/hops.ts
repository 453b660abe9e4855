import { findPartner, listPartners } from '../../partners/index.ts';

/** Whose messages a partner hands over besides its own: of the offices to which it passes ours on, by its profile; and of those that pass theirs on to it. */
export function relaysFor(partnerId: string): string[] {
  const profile = findPartner(partnerId);
  const onwards = profile ? [profile.referralClock.value.relaysTo] : [];
  const backwards = listPartners().filter(({ referralClock }) => referralClock.value.relaysTo === partnerId).map((one) => one.partnerId);
  return [...onwards, ...backwards].filter((one) => one !== null);
}
