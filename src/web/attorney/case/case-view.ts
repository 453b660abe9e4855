import type { CaseView, MaskedDatum, Participant, Role, ScreenPerson } from '../../../modules/cases/index.ts';
import { hasWords } from '../../../platform/i18n.ts';
import type { Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

/** What the screen shows of a person. Whoever is protected has no place, number or contact here: those stay in the county's system. */
export interface PersonView {
  participantId: string;
  role: Role;
  name: Participant['name'];
  isProtected: boolean;
  birthDate: string | null;
  nationalities: readonly string[];
  place: { country: string; locality: string | null; region: string | null } | null;
  /** Numbers as they stand masked. */
  numbers: readonly MaskedDatum[];
}

/** What a masked number is called: an identifier, a kind of account, a telephone. */
export function numberLabel(visit: Visit, { kind, type }: Pick<MaskedDatum, 'kind' | 'type'>): string {
  const key = `reveal:type.${type}`;
  return kind !== 'identifier' && hasWords('en', key) ? visit.t(key) : wordsFor(visit.language).of('identifier', type);
}

/** People of a case for the screen, in the order in which they are read: who owes, who receives, for whom. */
export function peopleOf({ supportCase, screen, masked }: Pick<CaseView, 'supportCase' | 'screen'> & Partial<Pick<CaseView, 'masked'>>): PersonView[] {
  const order = ['obligor', 'alleged_parent', 'obligee', 'caretaker', 'dependent'];
  return [...supportCase.participants]
    .sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role))
    .flatMap((person) => {
      const shown = screen.people.get(person.participantId);
      if (!shown) return [];
      const numbers = masked?.get(person.participantId) ?? [];
      return shown.isProtected ? hiddenPerson(person, shown) : openPerson(person, shown, numbers);
    });
}

function hiddenPerson(person: Participant, { name }: ScreenPerson): PersonView {
  return { participantId: person.participantId, role: person.role, name, isProtected: true, birthDate: null, nationalities: [], place: null, numbers: [] };
}

function openPerson(person: Participant, { name, place }: ScreenPerson, numbers: PersonView['numbers']): PersonView {
  return {
    participantId: person.participantId, role: person.role, name, isProtected: false,
    birthDate: person.birthDate ?? null, nationalities: person.nationalities ?? [], place, numbers,
  };
}
