import type { CalendarDate } from '../../platform/dates.ts';
import { isCalendarDate } from '../../platform/dates.ts';
import { PAYING_ROLES, RECEIVING_ROLES } from './support-case.rules.ts';
import type { Nondisclosure, Participant, SupportCase } from './support-case.rules.ts';

/**
 * Whether a nondisclosure still binds on a day. One that starts later, or whose dates cannot be read, binds:
 * only a readable last day that has passed ends it.
 */
export function isInForce(nondisclosure: Nondisclosure, on: CalendarDate): boolean {
  if (nondisclosure.until === undefined) return true;
  return !(isCalendarDate(nondisclosure.until) && isCalendarDate(on) && nondisclosure.until < on);
}

/**
 * The participants whose whereabouts must stay sealed: who has a nondisclosure in force, the children that live with them
 * (also those of whom the extract does not say with whom they live), and, where a child is the one protected, the adults
 * with whom that child lives, whose address is the child's.
 *
 * Against whom the protection runs does not narrow it: a packet is one set of papers that everyone in the case may come to read.
 */
export function protectedParticipants(supportCase: Pick<SupportCase, 'participants'>, on: CalendarDate): ReadonlySet<string> {
  const { participants } = supportCase;
  const sealed = new Set(participants.filter((participant) => participant.nondisclosure && isInForce(participant.nondisclosure, on)).map((participant) => participant.participantId));
  if (sealed.size === 0) return sealed;
  for (let before = -1; before !== sealed.size;) {
    before = sealed.size;
    for (const participant of participants) addHousehold(participant, participants, sealed);
  }
  return sealed;
}

function addHousehold(participant: Participant, participants: readonly Participant[], sealed: Set<string>): void {
  if (participant.role !== 'dependent') return;
  const adults = adultsOf(participant, participants);
  if (participant.livesWith === undefined ? sealed.size > 0 : sealed.has(participant.livesWith)) sealed.add(participant.participantId);
  const isOwn = participant.nondisclosure !== undefined && sealed.has(participant.participantId);
  if (isOwn) for (const adult of adults) sealed.add(adult);
}

/** With whom a child lives, as far as the extract tells; otherwise anyone who receives support for it. */
function adultsOf(child: Participant, participants: readonly Participant[]): string[] {
  if (child.livesWith !== undefined) return [child.livesWith];
  return participants.filter((participant) => RECEIVING_ROLES.includes(participant.role)).map((participant) => participant.participantId);
}

/** Against whom the case's protections run: named, or everyone who is to pay. */
export function protectedAgainst(supportCase: Pick<SupportCase, 'participants'>, on: CalendarDate): ReadonlySet<string> {
  const against = new Set<string>();
  for (const { nondisclosure } of supportCase.participants) {
    if (!nondisclosure || !isInForce(nondisclosure, on)) continue;
    if (nondisclosure.against !== undefined) against.add(nondisclosure.against);
    else for (const other of supportCase.participants) if (PAYING_ROLES.includes(other.role)) against.add(other.participantId);
  }
  return against;
}
