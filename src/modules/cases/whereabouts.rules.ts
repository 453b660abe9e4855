import type { Residence, SupportCase } from './support-case.rules.ts';

/** What is known of where protected persons are, to be recognised where it is said of anyone else in the case. */
export interface Whereabouts {
  hasAddress(residence: Residence): boolean;
  /** A telephone or an e-mail address. */
  hasContact(contact: string): boolean;
  /** An identifier or an account number. */
  hasNumber(number: string): boolean;
}

/** Collects the whereabouts of the participants named. Of these, said of somebody else, each would say it of them too. */
export function whereaboutsOf(supportCase: Pick<SupportCase, 'participants'>, sealed: ReadonlySet<string>): Whereabouts {
  const people = supportCase.participants.filter((participant) => sealed.has(participant.participantId));
  const addresses = people.flatMap((person) => [person.residence, person.employer?.residence]).filter((residence) => residence !== undefined);
  const contacts = new Set(people.flatMap((person) => [...(person.phones ?? []), ...(person.emails ?? [])]).map(contactKey).filter((key) => key !== ''));
  const numbers = new Set(people.flatMap((person) => [...(person.identifiers ?? []), ...(person.accounts ?? [])]).map(({ value }) => plain(value)).filter((key) => key !== ''));
  return {
    hasAddress: (residence) => addresses.some((address) => isSameAddress(address, residence)),
    hasContact: (contact) => contacts.has(contactKey(contact)),
    hasNumber: (number) => numbers.has(plain(number)),
  };
}

/** Shorter lines than this ("Centro") are in too many addresses to mean one. */
const LINE_LENGTH_MIN = 5;

// One household is written with or without the flat, the accent or the comma.
function isSameAddress(a: Residence, b: Residence): boolean {
  if (a.country !== b.country) return false;
  const [one, other] = [plain(a.lines.join(' ')), plain(b.lines.join(' '))];
  if (one === other) return true;
  return Math.min(one.length, other.length) >= LINE_LENGTH_MIN && (one.includes(other) || other.includes(one));
}

/** The last digits of a telephone are the same with and without its country. */
const PHONE_DIGITS = 8;

function contactKey(contact: string): string {
  if (contact.includes('@')) return contact.normalize('NFKC').trim().toLowerCase();
  const digits = contact.normalize('NFKC').replace(/\D/g, '');
  return digits.length >= PHONE_DIGITS ? digits.slice(-PHONE_DIGITS) : plain(contact);
}

function plain(value: string): string {
  return String(value).normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
