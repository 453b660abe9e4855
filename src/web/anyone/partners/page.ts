import { listPartners, partnerName, unconfirmedFacts } from '../../../modules/partners/index.ts';
import type { Fact, PartnerProfile } from '../../../modules/partners/index.ts';
import { countryNames } from '../../countries.ts';
import { view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

/** One datum of a profile for the screen, with whether anybody has confirmed it. */
interface Line {
  label: string;
  values: readonly string[];
  isConfirmed: boolean;
}

/** The partners as their profiles describe them. What nobody has confirmed says so. */
export const partnersPage: Page = {
  path: '/partners',
  access: 'partners.view',
  get: async (visit) => {
    const { partner: own } = visit.ctx.actor;
    const profiles = listPartners().filter((profile) => own === null || profile.partnerId === own);
    return view('anyone/partners', { partners: profiles.map((profile) => describe(profile, visit)) });
  },
};

function describe(profile: PartnerProfile, visit: Visit): Record<string, unknown> {
  const country = countryNames(visit.language);
  const line = <T>(label: string, fact: Fact<T>, values: (value: T) => readonly string[]): Line =>
    ({ label, values: values(fact.value), isConfirmed: fact.confirmed });
  return {
    partnerId: profile.partnerId,
    name: partnerName(profile, visit.language),
    country: country(profile.country),
    isNameConfirmed: profile.names.confirmed,
    unconfirmedCount: unconfirmedFacts(profile).length,
    lines: [
      line('basis', profile.exchangeBasis, ({ basis }) => [`basis.${basis}`]),
      line('packet_language', profile.languages, ({ packet }) => [`language.${packet}`]),
      line('counties', profile.counties, (counties) => counties.map((county) => `county.${county}`)),
      line('services', profile.services, (services) => services.map((service) => `service.${service}`)),
      line('channels', profile.channels, (channels) => channels.map(({ kind }) => `channel.${kind}`)),
    ],
    addresses: profile.addresses.value.map((address) => [...address.lines, address.neighborhood, address.locality, address.region, address.postalCode, country(address.country)].filter(Boolean).join(', ')),
    isAddressConfirmed: profile.addresses.confirmed,
    packet: profile.packet.value,
    isPacketConfirmed: profile.packet.confirmed,
  };
}
