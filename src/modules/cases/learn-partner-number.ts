import { recordAudit } from '../audit/index.ts';
import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { isCaseId } from './masking.rules.ts';
import { addPartnerNumber } from './support-case.store.ts';

export interface PartnerNumber { caseId: string; partnerId: string; value: string }

const VALUE_LENGTH_MAX = 60;

/**
 * Remembers under which number a partner keeps a case, once a person has approved the match that showed it. Later lines with
 * that number find the case, and papers to that partner carry it. Telling the same again changes nothing. An extract never
 * takes a learned number away.
 *
 * @returns whether it was new. @throws AppError `access.forbidden`, `cases.partner_number_invalid`.
 */
export async function learnPartnerNumber(ctx: Ctx, { caseId, partnerId, value }: PartnerNumber): Promise<boolean> {
  authorise(ctx, 'cases.learn_number');
  const number = value.normalize('NFC').trim();
  if (!isCaseId(caseId) || number === '' || number.length > VALUE_LENGTH_MAX || /\p{Cc}/u.test(number)) throw new AppError('invalid', 'cases.partner_number_invalid');
  return inTransaction(ctx, async (tx) => {
    const isNew = await addPartnerNumber(tx, caseId, partnerId, number);
    if (isNew) await recordAudit(tx, { action: 'case.partner_number_learned', subject: { type: 'case', id: caseId }, partner: partnerId });
    return isNew;
  });
}
