import { inTransaction, operatorActor, withActor } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { officeDay } from '../../cases/index.ts';
import { isPayeeToken } from './confirmation.rules.ts';
import type { ConfirmationOutcome, ReportedDisbursement } from './confirmation.rules.ts';
import { findReported } from './confirmation.store.ts';
import { PAYEE_LINK_KIND } from './make-payee-link.ts';
import { endLink, lockLink } from './payee-link.store.ts';
import type { PayeeLink } from './payee-link.store.ts';
import { writeConfirmation } from './record-confirmation.ts';

/** All that whoever holds the link is shown: an amount and a day, nobody's name, number or place. */
export interface PayeeQuestion { language: string; amountMinor: bigint; currency: string; sentOn: CalendarDate }

export interface PayeeLinkAnswer { outcome: Exclude<ConfirmationOutcome, 'unreachable'>; amountMinor: bigint | null; note: string }

/**
 * What a payee's link asks. Looking uses nothing up, because messengers open links before people do.
 *
 * @throws AppError not_found `confirmation.link_over`, alike for a link that is unknown, answered, withdrawn, expired, or whose payee is protected since.
 */
export async function openPayeeLink(ctx: Ctx, token: string): Promise<PayeeQuestion> {
  return inTransaction(asLink(ctx), async (tx) => {
    const { link, sent } = await openLink(tx, token);
    return { language: link.language, ...toConfirm(sent), sentOn: sent.deliveredOn ?? sent.issuedOn };
  });
}

/**
 * Takes the one answer of a link.
 *
 * @throws AppError as `openPayeeLink`; invalid `confirmation.invalid` with a finding for each field; the link stays open then.
 */
export async function answerPayeeLink(ctx: Ctx, token: string, answer: PayeeLinkAnswer): Promise<void> {
  await inTransaction(asLink(ctx), async (tx) => {
    const { link, sent } = await openLink(tx, token);
    const due = toConfirm(sent);
    const amountMinor = answer.outcome === 'received' ? due.amountMinor : answer.outcome === 'partly' ? answer.amountMinor : null;
    await writeConfirmation(tx, {
      disbursementId: sent.disbursementId, confirmedOn: officeDay(ctx.clock), outcome: answer.outcome, amountMinor, currency: amountMinor === null ? null : due.currency,
      caller: '', spokenTo: '', note: answer.note,
    }, sent, 'link');
    await endLink(tx, link.linkId);
  });
}

/** The payee counts the money that was handed out; before the partner has reported that, the money that was sent. */
function toConfirm(sent: ReportedDisbursement): { amountMinor: bigint; currency: string } {
  return sent.deliveredMinor !== null && sent.deliveredCurrency !== null
    ? { amountMinor: sent.deliveredMinor, currency: sent.deliveredCurrency } : { amountMinor: sent.amountMinor, currency: sent.currency };
}

/** Whoever holds a link is nobody we know: the link itself is the right to answer, and to nothing else. */
function asLink(ctx: Ctx): Ctx {
  return withActor(ctx, { ...operatorActor(ctx.config), id: 'payee_link', name: 'payee_link' });
}

async function openLink(ctx: TxCtx, token: string): Promise<{ link: PayeeLink; sent: ReportedDisbursement }> {
  const link = isPayeeToken(token) ? await lockLink(ctx, ctx.keys.lookup(PAYEE_LINK_KIND, token)) : null;
  const sent = link && link.endedAt === null && link.expiresAt > ctx.clock.now() ? (await findReported(ctx, [link.disbursementId])).get(link.disbursementId) : undefined;
  if (!link || !sent || sent.isProtected) throw new AppError('not_found', 'confirmation.link_over');
  return { link, sent };
}
