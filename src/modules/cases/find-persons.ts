import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { personsMeant, searchCases } from './search-cases.ts';
import { selectPersons, selectSamePerson } from './person.store.ts';
import type { PersonOfCase } from './person.store.ts';

/** So many are offered to choose from. */
const OFFERED_MAX = 20;
const SAME_MAX = 20;

/** Somebody whom a name or a number may mean: by name and role in one case, and the further cases where the same number stands. */
export interface FoundPerson {
  readonly caseId: string;
  readonly county: string;
  /** Null where a number means a case and nobody of it. */
  readonly person: PersonOfCase | null;
  readonly alsoIn: readonly string[];
}

export interface FoundPersons {
  readonly found: readonly FoundPerson[];
  /** There are more than are offered. */
  readonly isCut: boolean;
  /** Nobody is called as typed; these begin so. */
  readonly isLoose: boolean;
}

/**
 * Whom a supervisor may mean who asks who saw somebody: by every spelling of a name and every number by which cases are searched. One person under one
 * number in several cases is one. That it was looked for is recorded as a search.
 * @param options `isUnseen`: the text stands in no address, and so may be an identifier.
 */
export async function findPersons(ctx: Ctx, text: string, { isUnseen = false }: { readonly isUnseen?: boolean } = {}): Promise<FoundPersons> {
  authorise(ctx, 'audit.who_saw');
  const { items, next, isLoose, isCut } = await searchCases(ctx, { text, isUnseen, sort: { by: 'match', isDescending: false }, pageSize: OFFERED_MAX });
  return inTransaction(ctx, async (tx) => {
    const found: FoundPerson[] = [];
    const known = new Set<string>();
    for (const item of items) {
      const meant = new Set(personsMeant(item, text));
      const persons = meant.size === 0 ? [] : (await selectPersons(tx, item.caseId)).filter(({ participantId }) => meant.has(participantId));
      if (persons.length === 0) found.push({ caseId: item.caseId, county: item.county, person: null, alsoIn: [] });
      for (const person of persons) {
        if (known.has(placeOf(person))) continue;
        const places = await selectSamePerson(tx, item.caseId, person.participantId, SAME_MAX);
        for (const place of places) known.add(placeOf(place));
        found.push({ caseId: item.caseId, county: item.county, person, alsoIn: [...new Set(places.map(({ caseId }) => caseId))].filter((caseId) => caseId !== item.caseId) });
      }
    }
    return { found, isCut: isCut || next !== null, isLoose };
  });
}

const placeOf = ({ caseId, participantId }: { readonly caseId: string; readonly participantId: string }): string => `${caseId} ${participantId}`;
