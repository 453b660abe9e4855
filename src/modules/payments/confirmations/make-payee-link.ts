import { randomBytes } from 'node:crypto';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { getPartner } from '../../partners/index.ts';
import { LINK_DAYS, TOKEN_BYTES } from './confirmation.rules.ts';
import { findReported } from './confirmation.store.ts';
import { insertLink, withdrawLinks } from './payee-link.store.ts';

const DAY_MS = 86_400_000;
export const PAYEE_LINK_KIND = 'payee_link';

/** `path` is told this once and kept nowhere; it works until `expiresAt`, and for one answer. */
export interface PayeeLinkMade { linkId: string; path: string; expiresAt: Date }

/**
 * Makes the link by which a payee says, on a telephone, what came of a disbursement. An earlier link of the same disbursement ends. A protected
 * payee gets none: a message to them is a way to find them.
 *
 * @throws AppError not_found `confirmation.disbursement_unknown`; forbidden `confirmation.payee_protected`.
 */
export async function makePayeeLink(ctx: Ctx, disbursementId: string): Promise<PayeeLinkMade> {
  authorise(ctx, 'confirmations.record');
  return inTransaction(ctx, async (tx) => {
    const sent = (await findReported(tx, [disbursementId])).get(disbursementId);
    if (!sent) throw new AppError('not_found', 'confirmation.disbursement_unknown');
    if (sent.isProtected) throw new AppError('forbidden', 'confirmation.payee_protected');
    const withdrawn = await withdrawLinks(tx, disbursementId);
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const linkId = newId('lnk');
    const expiresAt = new Date(ctx.clock.now().getTime() + LINK_DAYS * DAY_MS);
    const language = getPartner(sent.partnerId).languages.value.packet;
    await insertLink(tx, { linkId, tokenLookup: ctx.keys.lookup(PAYEE_LINK_KIND, token), disbursementId, county: sent.county, language, expiresAt });
    await recordAudit(tx, {
      action: 'confirmation.link_made', subject: { type: 'disbursement', id: disbursementId }, partner: sent.partnerId, ...(sent.county === null ? {} : { county: sent.county }),
      details: { link: linkId, withdrawn },
    });
    return { linkId, path: `/payee/${token}`, expiresAt };
  });
}
