import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { selectPersons, selectSamePerson } from './person.store.ts';
import type { PersonOfCase } from './person.store.ts';
import { isCaseId } from './masking.rules.ts';

const SAME_MAX = 20;

export interface PersonsOfCase {
  readonly persons: readonly PersonOfCase[];
  /** All places of the person who is asked about, found by the same numbers; of the case alone where nobody is. */
  readonly places: readonly { readonly caseId: string; readonly participantId: string; readonly county: string }[];
}

/**
 * The names of a case, for who asks who has seen them; and in which other cases one of them stands. It opens no case, and so is no view of one.
 * @throws AppError `cases.not_found`.
 */
export async function personsOfCase(ctx: Ctx, caseId: string, participantId: string | null = null): Promise<PersonsOfCase> {
  authorise(ctx, 'audit.who_saw');
  return inTransaction(ctx, async (tx) => {
    const persons = isCaseId(caseId) ? await selectPersons(tx, caseId) : [];
    if (persons.length === 0) throw new AppError('not_found', 'cases.not_found');
    const isKnown = persons.some((person) => person.participantId === participantId);
    return { persons, places: isKnown && participantId !== null ? await selectSamePerson(tx, caseId, participantId, SAME_MAX) : [] };
  });
}
