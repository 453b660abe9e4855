import { recordAudit } from '../audit/index.ts';
import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { isCaseId } from './masking.rules.ts';
import { isInForce, protectedParticipants } from './nondisclosure.rules.ts';
import { officeDay } from './office-day.ts';
import { endRetained, markProtected, readRetained } from './retained-protection.store.ts';
import { withRetained } from './retained-protection.rules.ts';
import { readBody } from './support-case.store.ts';

export interface ProtectionEnd { caseId: string; participantId: string; /** Why the protection is over, for the record; kept encrypted. */ reason: string }

const REASON_LENGTH_MAX = 500;

/**
 * Confirms that a protection which the county's record no longer says is really over: what was retained for that person no
 * longer binds. A protection that the record still says ends in the county's system, not here.
 *
 * @returns how many retained protections ended. @throws AppError `access.forbidden`, `cases.reason_needed`, `cases.not_found`,
 * `cases.protection_still_recorded`, `cases.protection_not_retained`.
 */
export async function confirmProtectionEnd(ctx: Ctx, { caseId, participantId, reason }: ProtectionEnd): Promise<number> {
  authorise(ctx, 'cases.unprotect');
  const why = reason.normalize('NFC').trim();
  if (why === '' || why.length > REASON_LENGTH_MAX || /\p{Cc}/u.test(why)) throw new AppError('invalid', 'cases.reason_needed', { params: { lengthMax: REASON_LENGTH_MAX } });
  if (!isCaseId(caseId)) throw new AppError('not_found', 'cases.not_found');
  return inTransaction(ctx, async (tx) => {
    const supportCase = await readBody(tx, caseId);
    if (!supportCase) throw new AppError('not_found', 'cases.not_found');
    const on = officeDay(ctx.clock);
    const said = supportCase.participants.find((participant) => participant.participantId === participantId)?.nondisclosure;
    if (said && isInForce(said, on)) throw new AppError('conflict', 'cases.protection_still_recorded');
    const ended = await endRetained(tx, caseId, participantId, why);
    if (ended === 0) throw new AppError('conflict', 'cases.protection_not_retained');
    const left = (await readRetained(tx, [caseId])).get(caseId) ?? [];
    await markProtected(tx, caseId, [...protectedParticipants(withRetained(supportCase, left), on)]);
    await recordAudit(tx, { action: 'case.protection_ended', subject: { type: 'case', id: caseId }, county: supportCase.county, details: { participantId, ended } });
    return ended;
  });
}
