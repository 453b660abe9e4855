import { listPartners, partnerName, unconfirmedFacts } from '../../../modules/partners/index.ts';
import type { Fact, PartnerProfile } from '../../../modules/partners/index.ts';
import { choiceOf } from '../../choices.ts';
import { countryNames } from '../../countries.ts';
import { wantsCsv } from '../../list.ts';
import { smallCsv, smallList } from '../../small-list.ts';
import type { SmallList } from '../../small-list.ts';
import { queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

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
    const nameOf = countryNames(visit.language);
    const country = choiceOf(visit, 'country', visit.t('lists:country'), [...new Set(profiles.map((one) => one.country))].map((code) => [code, nameOf(code)] as const));
    const list = listOf(visit, profiles.filter((profile) => country.value === '' || profile.country === country.value).map((profile) => describe(profile, visit)));
    if (wantsCsv(visit)) return smallCsv(visit, list);
    const { rows, orders, paging, csv } = smallList(visit, list);
    return view('anyone/partners', { partners: rows, orders, paging, csv, choices: own === null ? [country] : [], kept: [['sort', queryText(visit, 'sort', 40)]] });
  },
};

type Described = ReturnType<typeof describe>;

function listOf(visit: Visit, rows: readonly Described[]): SmallList<Described> {
  const { t } = visit;
  const words = wordsFor(visit.language);
  const said = (one: Described, label: string): string => (one.lines.find((line) => line.label === label)?.values ?? []).map((key) => words.label(key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1))).join('; ');
  return {
    name: '', file: 'partners', rows, pageSize: PAGE_SIZE, usual: { by: 'name', isDescending: false }, idOf: ({ partnerId }) => partnerId,
    columns: [
      { key: 'name', label: t('lists:name'), by: ({ name }) => name, cells: ({ name }) => name }, { key: 'country', label: t('lists:country'), by: ({ country }) => country, cells: ({ country }) => country },
      { key: 'unconfirmed', label: t('lists:unconfirmed'), by: ({ unconfirmedCount }) => unconfirmedCount, cells: ({ unconfirmedCount }) => String(unconfirmedCount) },
      { key: 'id', label: 'id', cells: ({ partnerId }) => partnerId }, { key: 'address', label: t('web:partners.address'), cells: ({ addresses }) => addresses.join('; ') },
      ...LINES.map((label) => ({ key: label, label: t(`web:partners.${label}`), cells: (one: Described) => said(one, label) })),
    ],
  };
}

const PAGE_SIZE = 50;
const LINES = ['basis', 'packet_language', 'counties', 'services', 'channels'] as const;

function describe(profile: PartnerProfile, visit: Visit) {
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
