import type { CaseView, Participant, Role, ScreenPerson } from '../../../modules/cases/index.ts';

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
export function peopleOf({ supportCase, screen }: Pick<CaseView, 'supportCase' | 'screen'>): PersonView[] {
  const order = ['obligor', 'alleged_parent', 'obligee', 'caretaker', 'dependent'];
  return [...supportCase.participants]
    .sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role))
    .flatMap((person) => {
      const shown = screen.people.get(person.participantId);
      if (!shown) return [];
      return shown.isProtected ? hiddenPerson(person, shown) : openPerson(person, shown);
    });
}

function hiddenPerson(person: Participant, { name }: ScreenPerson): PersonView {
  return { participantId: person.participantId, role: person.role, name, isProtected: true, birthDate: null, nationalities: [], place: null, identifiers: [] };
}

function openPerson(person: Participant, { name, place }: ScreenPerson): PersonView {
  return {
    participantId: person.participantId,
    role: person.role,
    name,
    isProtected: false,
    birthDate: person.birthDate ?? null,
    nationalities: person.nationalities ?? [],
    place,
    identifiers: (person.identifiers ?? []).map(({ type, value }) => ({ type, masked: value })),
  };
}
