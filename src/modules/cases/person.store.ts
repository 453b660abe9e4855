import type { TxCtx } from '../../platform/context.ts';
import type { Role } from './support-case.rules.ts';

/** A person of a case by name alone; of whereabouts and numbers nothing. */
export interface PersonOfCase {
  readonly caseId: string;
  readonly county: string;
  readonly participantId: string;
  readonly role: Role;
  readonly given: string;
  readonly family: string;
  readonly secondFamily: string | null;
  readonly native: string | null;
}

export async function selectPersons(ctx: TxCtx, caseId: string): Promise<PersonOfCase[]> {
  return ctx.tx.query<PersonOfCase[]>(
    `select case_id as "caseId", county, participant_id as "participantId", role, given, family, second_family as "secondFamily", native from case_participants
      where agency_id = $1 and case_id = $2 order by participant_id`, [ctx.actor.agency, caseId]);
}

/** Where the same person stands by the same number, in this case and in others. */
export async function selectSamePerson(ctx: TxCtx, caseId: string, participantId: string, limit: number): Promise<{ caseId: string; participantId: string; county: string }[]> {
  return ctx.tx.query<{ caseId: string; participantId: string; county: string }[]>(
    `select case_id as "caseId", participant_id as "participantId", county from case_participants where agency_id = $1 and case_id = $2 and participant_id = $3 union
     (select o.case_id, o.participant_id, o.county from case_identifiers i join case_identifiers o on o.agency_id = i.agency_id and o.lookup = i.lookup and o.type = i.type
       where i.agency_id = $1 and i.case_id = $2 and i.participant_id = $3 limit $4)`, [ctx.actor.agency, caseId, participantId, limit]);
}
