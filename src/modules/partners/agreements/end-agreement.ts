import { authorise, isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { recordAudit } from '../../audit/index.ts';
import { END_REASONS } from './agreement.rules.ts';
import type { EndReason } from './agreement.rules.ts';
import { insertEnd, lockAgreement } from './agreement.store.ts';
import { agencyDay, knownAgreements } from './known-agreements.ts';

export interface AgreementEnding {
  readonly agreementId: string;
  /** The first day on which it is no longer in force; today where it is not given. */
  readonly from?: string | null;
  readonly reason: string;
}

export interface AgreementEnded {
  readonly agreementId: string;
  readonly version: number;
  readonly endedFrom: CalendarDate;
  readonly reason: EndReason;
  /** The very same has been said already; nothing was written. */
  readonly isRepeat: boolean;
}

/**
 * Ends an agreement before its term, from a day on that may lie back or ahead. What was exchanged under it stays as it is. Said again with another day, that day
 * counts; a further version brings the agreement back.
 *
 * @throws AppError `agreement.not_found`, `agreement.end_reason_unknown`, `agreement.end_day_invalid` (no such day, or after its term), `agreement.end_later` (it was ended from an earlier day).
 */
export async function endAgreement(ctx: Ctx, { agreementId, from, reason: given }: AgreementEnding): Promise<AgreementEnded> {
  authorise(ctx, 'agreements.record');
  const reason = END_REASONS.find((one) => one === given);
  if (reason === undefined) throw new AppError('invalid', 'agreement.end_reason_unknown', { params: { reasons: END_REASONS.join(', ') } });
  const endedFrom = from ?? agencyDay(ctx.clock);
  return inTransaction(ctx, async (tx) => {
    await lockAgreement(tx, agreementId);
    const { versions, ends } = await knownAgreements(tx);
    const newest = versions.get(agreementId)?.at(-1)?.record;
    if (!newest) throw new AppError('not_found', 'agreement.not_found', { params: { agreement: agreementId.slice(0, 60) } });
    const { version, validUntil } = newest;
    if (!isCalendarDate(endedFrom) || (validUntil.value !== null && endedFrom > validUntil.value)) throw new AppError('invalid', 'agreement.end_day_invalid', { params: { until: validUntil.value ?? '' } });
    const last = ends.filter((one) => one.agreementId === agreementId).at(-1);
    const ended = { agreementId, version, endedFrom, reason };
    if (last?.version === version && last.endedFrom === endedFrom && last.reason === reason) return { ...ended, isRepeat: true };
    // A later end brings back what was over.
    if (last?.version === version && endedFrom > last.endedFrom && !isAllowed(tx, 'agreements.record_alone')) throw new AppError('conflict', 'agreement.end_later', { params: { from: last.endedFrom } });
    // Whoever was party to any version hears that it is over.
    await insertEnd(tx, ended, [...new Set((versions.get(agreementId) ?? []).flatMap(({ record }) => record.partners.value))]);
    await recordAudit(tx, { action: 'agreement.ended', subject: { type: 'agreement', id: agreementId }, details: { version, from: endedFrom, reason } });
    await emit(tx, 'agreement.ended', { agreementId, version, from: endedFrom });
    return { ...ended, isRepeat: false };
  });
}
