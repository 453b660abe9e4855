import { recordAudit } from '../audit/index.ts';
import { raiseAlarm, selectAlarms } from '../../platform/alarms.ts';
import type { AlarmRow } from '../../platform/alarms.ts';
import { authorise } from '../../platform/authorise.ts';
import { inTransaction, operatorActor, withActor } from '../../platform/context.ts';
import type { Ctx, TxCtx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { getCase } from './get-case.ts';
import { maskedData, REVEAL_REASONS, valueBehind } from './masked-data.rules.ts';
import type { MaskedDatum, MaskedKind, RevealReason } from './masked-data.rules.ts';
import { officeDay } from './office-day.ts';
import { countReveals, insertMessageReveal, insertReveal, lockReveals } from './reveal.store.ts';
import type { MessageReveal } from './reveal.store.ts';
import type { Participant } from './support-case.rules.ts';

/** So many numbers anybody reads in full within an hour; who needs more works on something that a supervisor should know of. */
export const REVEALS_PER_HOUR = 30;
const HOUR_MS = 3_600_000;
const ALARM = 'identifiers.many_shown';

export interface RevealRequest {
  readonly caseId: string;
  readonly participantId: string;
  readonly kind: MaskedKind;
  readonly position: number;
  readonly reason: string;
}
export interface RevealedDatum extends MaskedDatum {
  /** For this answer alone. */
  readonly value: string;
  readonly name: Participant['name'];
  readonly reason: RevealReason;
}

/**
 * One number of a person in full, to somebody who says why. It is written down who saw which kind of number of whom and why, never the number. Of a
 * protected person nothing is shown; after `REVEALS_PER_HOUR` within an hour nothing is shown and an alarm is raised.
 *
 * @throws AppError `access.forbidden`, `cases.not_found`, `reveal.reason_needed`, `reveal.not_shown`, `reveal.too_many`.
 */
export async function revealDatum(ctx: Ctx, request: RevealRequest): Promise<RevealedDatum> {
  authorise(ctx, 'identifiers.reveal');
  const reason = REVEAL_REASONS.find((one) => one === request.reason);
  if (reason === undefined) throw new AppError('invalid', 'reveal.reason_needed');
  // What is refused for its number is written down all the same: the refusal is thrown when that stands.
  const shown = await inTransaction(ctx, async (tx) => {
    const supportCase = await getCase(tx, request.caseId);
    const datum = maskedData(supportCase, officeDay(tx.clock)).get(request.participantId)?.find(({ kind, position }) => kind === request.kind && position === request.position);
    const value = datum === undefined ? null : valueBehind(supportCase, request.participantId, datum);
    const person = supportCase.participants.find(({ participantId }) => participantId === request.participantId);
    if (datum === undefined || value === null || person === undefined) throw new AppError('not_found', 'reveal.not_shown');
    const count = await countWithin(tx);
    if (count >= REVEALS_PER_HOUR) return refused(tx, supportCase.caseId, supportCase.county, count);
    const { participantId, type, position } = { participantId: person.participantId, type: datum.type, position: datum.position };
    await insertReveal(tx, { revealId: newId('rvl'), caseId: supportCase.caseId, county: supportCase.county, participantId, type, reason });
    await recordAudit(tx, { action: 'identifier.revealed', subject: { type: 'case', id: supportCase.caseId }, county: supportCase.county, details: { participantId, type, position, reason } });
    return { ...datum, value, name: person.name, reason };
  });
  if (shown !== null) return shown;
  await raiseTooManyReveals(ctx);
  throw new AppError('conflict', 'reveal.too_many', { params: { limit: REVEALS_PER_HOUR } });
}

/** How many this person was shown within the hour; others of the same person wait. */
async function countWithin(tx: TxCtx): Promise<number> {
  await lockReveals(tx);
  return countReveals(tx, new Date(tx.clock.now().getTime() - HOUR_MS));
}

/**
 * Notes that a number of a message is shown to the person of this context, within the same bound as those of cases; returns how many were already, where that is the
 * bound, and then nothing is noted and nothing may be shown.
 */
export async function noteMessageReveal(tx: TxCtx, reveal: Omit<MessageReveal, 'revealId'>): Promise<number | null> {
  const count = await countWithin(tx);
  if (count >= REVEALS_PER_HOUR) return count;
  await insertMessageReveal(tx, { ...reveal, revealId: newId('rvl') });
  return null;
}

/** Alarms belong to no county: the gateway raises them, for whoever works for one county only. */
export async function raiseTooManyReveals(ctx: Ctx): Promise<void> {
  const gateway = withActor(ctx, { ...operatorActor(ctx.config), agency: ctx.actor.agency });
  await inTransaction(gateway, (tx) => raiseAlarm(tx, { code: ALARM, subject: ctx.actor.id, aboutOn: officeDay(tx.clock), params: { limit: REVEALS_PER_HOUR } }));
}

async function refused(tx: TxCtx, caseId: string, county: string, count: number): Promise<null> {
  await recordAudit(tx, { action: 'identifier.reveal_refused', subject: { type: 'case', id: caseId }, county, details: { count, limit: REVEALS_PER_HOUR } });
  return null;
}

/** Who was shown as many numbers as anybody is, and asked for more. @throws AppError `access.forbidden`. */
export async function listRevealAlarms(ctx: Ctx): Promise<AlarmRow[]> {
  authorise(ctx, 'identifiers.oversee');
  return (await inTransaction(ctx, (tx) => selectAlarms(tx, true))).filter(({ code }) => code === ALARM);
}
