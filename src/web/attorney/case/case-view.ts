import { protectedParticipants } from '../../../modules/cases/index.ts';
import type { Participant, Role, SupportCase } from '../../../modules/cases/index.ts';

/** What the screen shows of a person. Whoever is protected has no place, number or contact here: those stay in the county's system. */
export interface PersonView {
  participantId: string;
  role: Role;
  name: Participant['name'];
  isProtected: boolean;
  birthDate: string | null;
  nationalities: readonly string[];
  place: { country: string; locality: string | null; region: string | null } | null;
  identifiers: readonly { type: string; masked: string }[];
}

/** People of a case (whose identifiers are masked already) for the screen, in the order in which they are read: who owes, who receives, for whom. */
export function peopleOf(supportCase: SupportCase, on: string): PersonView[] {
  const order = ['obligor', 'alleged_parent', 'obligee', 'caretaker', 'dependent'];
  const hidden = protectedParticipants(supportCase, on);
  return [...supportCase.participants]
    .sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role))
    .map((person) => (hidden.has(person.participantId) ? hiddenPerson(person) : openPerson(person)));
}

function hiddenPerson(person: Participant): PersonView {
  const { given, family, secondFamily, native } = person.name;
  const name = { given, family, ...(secondFamily ? { secondFamily } : {}), ...(native ? { native } : {}) };
  return { participantId: person.participantId, role: person.role, name, isProtected: true, birthDate: null, nationalities: [], place: null, identifiers: [] };
}

function openPerson(person: Participant): PersonView {
  const { residence } = person;
  return {
    participantId: person.participantId,
    role: person.role,
    name: person.name,
    isProtected: false,
    birthDate: person.birthDate ?? null,
    nationalities: person.nationalities ?? [],
    place: residence ? { country: residence.country, locality: residence.locality ?? null, region: residence.region ?? null } : null,
    identifiers: (person.identifiers ?? []).map(({ type, value }) => ({ type, masked: value })),
  };
}
