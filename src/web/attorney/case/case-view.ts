import { protectedParticipants } from '../../../modules/cases/index.ts';
import type { Identifier, Participant, SupportCase } from '../../../modules/cases/index.ts';

/** What the screen shows of a person. Whoever is protected has no place, number or contact here: those stay in the county's system. */
export interface PersonView {
  participantId: string;
  role: string;
  name: Participant['name'];
  isProtected: boolean;
  birthDate: string | null;
  nationalities: readonly string[];
  place: { country: string; locality: string | null; region: string | null } | null;
  identifiers: readonly { type: string; masked: string }[];
}

/** People of a case for the screen, in the order in which they are read: who owes, who receives, for whom. */
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
    identifiers: (person.identifiers ?? []).map((identifier) => ({ type: identifier.type, masked: mask(identifier) })),
  };
}

/** Enough to recognise a number that one has before one's eyes, too little to use it. */
export function mask({ type, value }: Pick<Identifier, 'type' | 'value'>): string {
  const plain = value.replace(/[\s-]/g, '');
  // Korean usage: the birth date stays, the part that identifies goes.
  if (type === 'RRN' || type === 'ARN') return plain.length === 13 ? `${plain.slice(0, 6)}-*******` : '*******';
  return plain.length < 8 ? '••••' : `••••${plain.slice(-4)}`;
}
