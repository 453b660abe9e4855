import { listPartners } from '../../modules/partners/index.ts';
import { sortOf } from '../list.ts';
import type { Sort } from '../list.ts';
import { partnerNameOf } from '../referral-line.ts';
import { queryText } from '../visit.ts';
import type { Visit } from '../visit.ts';

const PARTNER_MAX = 80;

/** What every list of the exchange can be asked: of which partner, in which order. */
export interface PartnerList<Key extends string> {
  readonly partners: readonly { readonly partnerId: string; readonly name: string }[];
  readonly partnerId: string | undefined;
  readonly sort: Sort<Key>;
}

/** Reads partner and order from the address; what is not there, or is nobody, narrows nothing. */
export function partnerList<Key extends string>(visit: Visit, keys: readonly Key[], usual: Sort<Key>): PartnerList<Key> {
  const partners = listPartners().map(({ partnerId }) => ({ partnerId, name: partnerNameOf(partnerId, visit, 'short') }));
  const asked = queryText(visit, 'partner', PARTNER_MAX);
  return { partners, partnerId: partners.find((one) => one.partnerId === asked)?.partnerId, sort: sortOf(visit, keys, usual) };
}
