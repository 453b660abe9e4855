import { addressTokens, mayCoincide, numbersOf, plain, postalBase, wordsOf } from './address.rules.ts';
import type { AddressTokens } from './address.rules.ts';
import type { Employer, Residence, SupportCase, SupportOrder } from './support-case.rules.ts';

/** How a text is used: in the names that a case goes by, a town or a trade is no sign of a place; nor is the county in its own court. */
export type TextUse = 'main_name' | 'own_court' | 'other';

/** What is known of where protected persons are, to be recognised where it is said of anyone or anything else in the case. */
export interface Whereabouts {
  /** Whether an address could be one of theirs. */
  mayBe(residence: Residence): boolean;
  /** Whether an employer's name shares a word with one of theirs. */
  sharesEmployer(employer: Employer): boolean;
  /** Whether a telephone has the area of one of theirs, or an e-mail address its holder or house. */
  sharesContact(contact: string): boolean;
  /** The last gate: whether a text says any of it. */
  tells(text: string, use: TextUse): boolean;
}

export const NO_WHEREABOUTS: Whereabouts = Object.freeze({ mayBe: () => false, sharesEmployer: () => false, sharesContact: () => false, tells: () => false });

/** Collects the whereabouts of the participants named; `hiddenForums` are the orders whose court is withheld with them. */
export function whereaboutsOf(supportCase: Pick<SupportCase, 'participants'>, sealed: ReadonlySet<string>, hiddenForums: readonly SupportOrder[]): Whereabouts {
  if (sealed.size === 0) return NO_WHEREABOUTS;
  const people = supportCase.participants.filter((person) => sealed.has(person.participantId));
  const places = people.flatMap((person) => [person.residence, person.employer?.residence]).filter((residence) => residence !== undefined);
  const employers = people.flatMap((person) => (person.employer ? [person.employer.name] : []));
  const phones = people.flatMap((person) => person.phones ?? []).map(digitsOf).filter((digits) => digits !== '');
  const emails = people.flatMap((person) => person.emails ?? []).map((email) => email.normalize('NFKC').trim().toLowerCase());
  const names = new Set(supportCase.participants.flatMap(({ name }) => [name.given, name.family, name.secondFamily ?? '', name.native ?? '']).map(plain));
  const aliases = people.flatMap((person) => person.name.aliases ?? []).map(plain).filter((alias) => !names.has(alias));
  const numbers = people.flatMap((person) => [...(person.identifiers ?? []), ...(person.accounts ?? [])]).map(({ value }) => plain(value));
  const forums = hiddenForums.flatMap((order) => [order.docketNumber, order.tribunal]).map(plain);
  const addresses = places.map(addressTokens);
  const said = [...numbers, ...forums, ...emails.map(plain)].filter(isTelling);
  const saidByChanceInNames = [...employers.map(plain), ...aliases, ...addresses.map((address) => address.plain)].filter(isTelling);
  return {
    mayBe: (residence) => places.some((place) => mayCoincide(place, residence)),
    sharesEmployer: ({ name }) => employers.some((employer) => sharesName(employer, name)),
    sharesContact: (contact) => (contact.includes('@') ? emails.some((email) => sharesMail(email, contact)) : phones.some((phone) => sharesPhone(phone, digitsOf(contact)))),
    tells: (text, use) => {
      if (use === 'own_court') return false;
      const written = plain(text);
      const digits = digitsOf(text);
      if (said.some((secret) => written.includes(secret)) || phones.some((phone) => saysPhone(phone, digits)) || addresses.some((address) => saysAddress(address, text))) return true;
      if (use === 'main_name') return false;
      return saidByChanceInNames.some((secret) => written.includes(secret)) || employers.some((employer) => sharesName(employer, text, LONG_WORD)) || addresses.some((address) => saysLocality(address, text));
    },
  };
}

/** Shorter than this, a number or a word stands in texts by chance. */
const TELLING_LENGTH_MIN = 4;
const isTelling = (secret: string): boolean => secret.length >= (/\p{Script=Hangul}/u.test(secret) ? 2 : TELLING_LENGTH_MIN);

/** A street with its house, or a postal code. */
function saysAddress(address: AddressTokens, text: string): boolean {
  const numbers = numbersOf(text);
  if (address.postalCode.length >= TELLING_LENGTH_MIN && (numbers.some((number) => postalBase(number) === address.postalCode.replace(/^0+(?=\d)/, '')) || (/\D/.test(address.postalCode) && plain(text).includes(address.postalCode)))) return true;
  const words = wordsOf(text);
  const streets = words.filter((word) => address.all.words.has(word));
  if (streets.length === 0) return false;
  if (address.all.numbers.size === 0) return streets.some((word) => !address.locality.includes(word)) && streets.length === address.all.words.size;
  return numbers.some((number) => address.houses.has(number));
}

function saysLocality({ locality }: AddressTokens, text: string): boolean {
  if (locality.length === 0) return false;
  const words = wordsOf(text);
  return locality.every((word) => words.includes(word)) || (locality.length === 1 && plain(text).includes(locality[0] as string) && (locality[0] as string).length >= TELLING_LENGTH_MIN);
}

// --- telephones -------------------------------------------------------------------------------------------------------

/** A subscriber's number without area or country. */
const SUBSCRIBER_DIGITS = 7;
const AREA_DIGITS = 3;

function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '');
}

/** Whether the digits of a text hold a telephone, with whatever stands before or after it (country, extension). */
function saysPhone(phone: string, digits: string): boolean {
  const core = nationalOf(phone);
  return core.length >= SUBSCRIBER_DIGITS ? digits.includes(core.slice(-SUBSCRIBER_DIGITS)) || digits.includes(core.slice(0, 10)) : core === digits;
}

function sharesPhone(phone: string, other: string): boolean {
  if (saysPhone(phone, other) || saysPhone(other, phone)) return true;
  return nationalOf(phone).slice(0, AREA_DIGITS) === nationalOf(other).slice(0, AREA_DIGITS);
}

/** Without the country (1, 52, 82) and without the zeros dialled before an area. */
function nationalOf(digits: string): string {
  const dialled = digits.replace(/^0+/, '');
  if (dialled.length > 10 && /^(52|82)/.test(dialled)) return dialled.slice(2).replace(/^[01](?=\d{10})/, '');
  if (dialled.length > 10 && dialled.startsWith('1')) return dialled.slice(1);
  return /^82(?=\d{8,9}$)/.test(dialled) ? dialled.slice(2) : dialled;
}

// --- e-mails and employers --------------------------------------------------------------------------------------------

// Houses that let anyone in say nothing of who lives in them.
const PUBLIC_MAIL = /^(gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|aol|proton|protonmail|naver|daum|hanmail|kakao|nate|prodigy|telmex|example)\./;

function sharesMail(one: string, other: string): boolean {
  const [holder = '', house = ''] = one.split('@');
  const [otherHolder = '', otherHouse = ''] = other.normalize('NFKC').trim().toLowerCase().split('@');
  const owner = (text: string): string => plain(text.split('+')[0] ?? '');
  return (owner(holder) !== '' && owner(holder) === owner(otherHolder)) || (house === otherHouse && !PUBLIC_MAIL.test(house));
}

// What any firm is called besides its name.
const FIRM = new Set(('sociedad anonima capital variable inc incorporated llc ltd limited corp corporation company compania comercial grupo group servicios services industrias industries '
  + 'international internacional restaurant restaurante store tienda and the del').split(' '));

/** In a text that is no firm's name, only a word of this length is taken for a firm's. */
const LONG_WORD = 5;

function sharesName(one: string, other: string, lengthMin = 0): boolean {
  if (plain(one) === plain(other)) return true;
  const words = wordsOf(other);
  return wordsOf(one).some((word) => word.length >= lengthMin && !FIRM.has(word) && words.includes(word));
}
