import type { CalendarDate } from '../../platform/dates.ts';
import { isCalendarDate } from '../../platform/dates.ts';
import { isSameHome } from './address.rules.ts';
import { PAYING_ROLES, RECEIVING_ROLES } from './support-case.rules.ts';
import type { Nondisclosure, Participant, SupportCase } from './support-case.rules.ts';

type People = Pick<SupportCase, 'participants'>;

/**
 * Whether a nondisclosure still binds on a day. One that starts later, or whose dates cannot be read, binds:
 * only a readable last day that has passed ends it.
 */
export function isInForce(nondisclosure: Nondisclosure, on: CalendarDate): boolean {
  if (nondisclosure.until === undefined) return true;
  return !(isCalendarDate(nondisclosure.until) && isCalendarDate(on) && nondisclosure.until < on);
}

/** What the record says of a person's protection, and what it said before and nobody has confirmed to be over. */
export function nondisclosuresOf({ nondisclosure, retained }: Participant): Nondisclosure[] {
  return [...(nondisclosure ? [nondisclosure] : []), ...(retained?.nondisclosures ?? [])];
}

export const isProtectedThemselves = (person: Participant, on: CalendarDate): boolean => nondisclosuresOf(person).some((one) => isInForce(one, on));

const homesOf = ({ livesWith, retained }: Participant): string[] => [...(livesWith === undefined ? [] : [livesWith]), ...(retained?.livesWith ?? [])];

/**
 * The participants whose whereabouts must stay sealed: who has a nondisclosure in force, and everyone of any role who may be
 * of that household: linked by `livesWith` in either direction, of one address however it is written, the children of whom the
 * extract does not say with whom they live, and, where such a child is the one protected, the adults who receive support for it.
 *
 * Against whom the protection runs does not narrow it: a packet is one set of papers that everyone in the case may come to read.
 */
export function protectedParticipants({ participants }: People, on: CalendarDate): ReadonlySet<string> {
  const sealed = new Set(participants.filter((person) => isProtectedThemselves(person, on)).map((person) => person.participantId));
  if (sealed.size === 0) return sealed;
  for (const child of participants) {
    if (child.role === 'dependent' && child.livesWith === undefined) {
      if (sealed.has(child.participantId)) for (const adult of participants) if (RECEIVING_ROLES.includes(adult.role)) sealed.add(adult.participantId);
      sealed.add(child.participantId);
    }
  }
  for (let before = -1; before !== sealed.size;) {
    before = sealed.size;
    for (const person of participants) addHousehold(person, participants, sealed);
  }
  return sealed;
}

function addHousehold(person: Participant, participants: readonly Participant[], sealed: Set<string>): void {
  const homes = homesOf(person);
  if (homes.some((home) => sealed.has(home))) sealed.add(person.participantId);
  if (sealed.has(person.participantId)) for (const home of homes) sealed.add(home);
  const { residence } = person;
  if (!residence || sealed.has(person.participantId)) return;
  if (participants.some((other) => sealed.has(other.participantId) && other.residence !== undefined && isSameHome(residence, other.residence))) sealed.add(person.participantId);
}

/**
 * The participants on the side of the case on which somebody is protected. What shows where these are, shows where that
 * household's relatives are. A child who is not sealed counts to either side.
 */
export function sameSide({ participants }: People, sealed: ReadonlySet<string>): ReadonlySet<string> {
  if (sealed.size === 0) return new Set();
  const roles = participants.filter((person) => sealed.has(person.participantId) && person.role !== 'dependent').map((person) => person.role);
  const isOn = (side: readonly string[]): boolean => roles.length === 0 || roles.some((role) => side.includes(role));
  const [isPaying, isReceiving] = [isOn(PAYING_ROLES), isOn(RECEIVING_ROLES)];
  const near = participants.filter(({ role }) => role === 'dependent' || (PAYING_ROLES.includes(role) ? isPaying : isReceiving));
  return new Set(near.map((person) => person.participantId));
}

/** Against whom the case's protections run: named, or everyone who is to pay. */
export function protectedAgainst({ participants }: People, on: CalendarDate): ReadonlySet<string> {
  const against = new Set<string>();
  for (const nondisclosure of participants.flatMap(nondisclosuresOf)) {
    if (!isInForce(nondisclosure, on)) continue;
    if (nondisclosure.against !== undefined) against.add(nondisclosure.against);
    else for (const other of participants) if (PAYING_ROLES.includes(other.role)) against.add(other.participantId);
  }
  return against;
}
