import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { agreementFor } from './agreement.rules.ts';
import type { AgreementAnswer, ExchangeRequest } from './agreement.rules.ts';
import { knownAgreements, onDay } from './known-agreements.ts';

/** Whether an agreement in force on that day allows to exchange this with that partner, which, and if none, why not. Refuses nothing. */
export async function askAgreement(ctx: Ctx, request: ExchangeRequest): Promise<AgreementAnswer> {
  return inTransaction(ctx, async (tx) => agreementFor(onDay(await knownAgreements(tx), request.on), request));
}

/**
 * Before anything goes out to a partner, and before what came in is acted on: there is no exchange without an agreement in force. What came in is kept all
 * the same; only acting on it waits. Asks nobody for a permission, as the use case that calls it has done so.
 *
 * @throws AppError `agreement.none_allows`, with a finding for each agreement that does not.
 */
export async function requireAgreement(ctx: Ctx, request: ExchangeRequest): Promise<AgreementAnswer> {
  return allowedOnly(await askAgreement(ctx, request));
}

/** @throws AppError `agreement.none_allows`. */
export function allowedOnly(answer: AgreementAnswer): AgreementAnswer {
  if (!answer.isAllowed) throw new AppError('conflict', 'agreement.none_allows', { findings: answer.findings });
  return answer;
}
