import { getCase } from '../../cases/index.ts';
import { getPartner } from '../../partners/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { officeDay } from '../clocks/office-day.ts';
import { AppError } from '../../../platform/errors.ts';
import { toldInterview } from '../interview/told-interview.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import type { ReferralRow } from '../lifecycle/referral.store.ts';
import { asGateway } from '../packets/as-gateway.ts';
import { refreshAfterInterview } from '../packets/refresh-referral.ts';
import { getTextRow, sourceDigest } from './text-content.ts';
import { sourceKey } from './text.rules.ts';
import type { TextRow } from './translation.store.ts';

/**
 * Which texts of a referral may be told today, in just these words. The case may have changed since a text was given to its
 * translators: whoever is protected now is protected from the next reading on.
 */
export async function toldTexts(ctx: TxCtx, referral: ReferralRow): Promise<(row: TextRow) => boolean> {
  const supportCase = await getCase(asGateway(ctx), referral.caseId);
  const { told } = await toldInterview(ctx, {
    referralId: referral.referralId, services: referral.services, supportCase, partner: getPartner(referral.partnerId), on: officeDay(ctx),
  });
  const digests = new Map(told.narrativeSources.map((source) => [sourceKey(source), sourceDigest(ctx.keys, source.text, source.language)]));
  return (row) => digests.get(sourceKey({ id: row.sourceId, participantId: row.participantId }))?.equals(row.sourceDigest) ?? false;
}

/**
 * Reads a text for somebody. Who may not read the interview gets only what may be told today: anything else is refused without a
 * reason, and what is open to translators is made anew.
 *
 * @throws AppError `translation.text_not_found`, `translation.text_withdrawn`.
 */
export async function readingText<T>(ctx: Ctx, referralId: string, textId: string, read: (tx: TxCtx, row: TextRow) => Promise<T>): Promise<T> {
  const found = await inTransaction(ctx, async (tx) => {
    const row = await getTextRow(tx, referralId, textId);
    if (isAllowed(tx, 'interviews.read')) return { value: await read(tx, row) };
    const referral = await getReferralRow(tx, referralId);
    if ((await toldTexts(tx, referral))(row)) return { value: await read(tx, row) };
    await refreshAfterInterview(tx, referral);
    return null;
  });
  // Outside, so that what was made anew stays.
  if (!found) throw new AppError('conflict', 'translation.text_withdrawn');
  return found.value;
}
