import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { recordAudit } from '../../audit/index.ts';
import { officeDay } from '../../cases/index.ts';
import { answerFaults, answerNotes } from './confirmation.rules.ts';
import type { ConfirmationChannel, PayeeAnswer, ReportedDisbursement } from './confirmation.rules.ts';
import { findReported, insertConfirmations } from './confirmation.store.ts';

export interface RecordedConfirmation { confirmationId: string; findings: Finding[] }

/**
 * Writes down a call: who called, whom they spoke to, what came. Nothing moves in the ledger; what does not agree with the partner's
 * report is a finding for a person. The payee of a protected case is never called: nobody is sent to look for them.
 *
 * @throws AppError not_found `confirmation.disbursement_unknown`; forbidden `confirmation.payee_protected`; invalid `confirmation.invalid` with a finding for each field.
 */
export async function recordConfirmation(ctx: Ctx, answer: PayeeAnswer): Promise<RecordedConfirmation> {
  authorise(ctx, 'confirmations.record');
  return inTransaction(ctx, async (tx) => {
    const sent = (await findReported(tx, [answer.disbursementId])).get(answer.disbursementId);
    if (!sent) throw new AppError('not_found', 'confirmation.disbursement_unknown');
    if (sent.isProtected) throw new AppError('forbidden', 'confirmation.payee_protected');
    return writeConfirmation(tx, answer, sent, 'call');
  });
}

/** Checks and stores one answer in the caller's transaction, with its record and, where a person must look, an event. */
export async function writeConfirmation(ctx: TxCtx, answer: PayeeAnswer, sent: ReportedDisbursement, channel: Exclude<ConfirmationChannel, 'file'>): Promise<RecordedConfirmation> {
  const faults = answerFaults(answer, sent, officeDay(ctx.clock));
  if (faults.length > 0) throw new AppError('invalid', 'confirmation.invalid', { findings: faults });
  const confirmationId = newId('cnf');
  await insertConfirmations(ctx, [{ ...answer, confirmationId, channel, sent, external: null }]);
  const findings = answerNotes(answer, sent);
  await recordAudit(ctx, {
    action: 'confirmation.recorded', subject: { type: 'disbursement', id: sent.disbursementId }, partner: sent.partnerId, ...(sent.county === null ? {} : { county: sent.county }),
    details: { confirmation: confirmationId, channel, outcome: answer.outcome, findings: findings.map(({ code }) => code).join(' ') },
  });
  if (answer.outcome === 'not_received' || findings.length > 0) await emit(ctx, 'confirmation.needs_person', { confirmationId, disbursementId: sent.disbursementId });
  return { confirmationId, findings };
}
