import { CONFIRMATION_OUTCOMES, getReported, listConfirmations, makePayeeLink, recordConfirmation } from '../../../modules/payments/index.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { isCurrency } from '../../../platform/money.ts';
import { typedAmount } from '../../../platform/typed-amount.rules.ts';
import { newFormId } from '../../form-id.ts';
import { noteShown } from '../../list.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';

interface Entered { confirmedOn: string; caller: string; spokenTo: string; outcome: string; amount: string; currency: string; note: string; formId: string }

const addressOf = (disbursementId: string): string => `/confirmations/${encodeURIComponent(disbursementId)}`;

/** One delivered payment: what payees said of it, the form for a call, and the link for a telephone. */
export const confirmationPage: Page = {
  path: '/confirmations/:disbursementId',
  access: 'confirmations.view',
  get: (visit) => show(visit, { confirmedOn: '', caller: visit.ctx.actor.name, spokenTo: '', outcome: '', amount: '', currency: '', note: '', formId: newFormId() }, []),
  post: async (visit) => {
    const disbursementId = pathText(visit, 'disbursementId');
    const entered: Entered = {
      confirmedOn: field(visit, 'confirmed_on', 10), caller: field(visit, 'caller', 300), spokenTo: field(visit, 'spoken_to', 300), outcome: field(visit, 'outcome', 20),
      amount: field(visit, 'amount', 60), currency: field(visit, 'currency', 3), note: field(visit, 'note', 3_000), formId: field(visit, 'form_id', 64),
    };
    const outcome = CONFIRMATION_OUTCOMES.find((one) => one === entered.outcome);
    if (outcome === undefined) return show(visit, entered, [{ code: 'confirmation.outcome_missing', severity: 'block', path: '/outcome' }], 422);
    const amountMinor = entered.amount === '' || !isCurrency(entered.currency || 'USD') ? null : typedAmount(entered.amount, entered.currency || 'USD');
    if (entered.amount !== '' && amountMinor === null) return show(visit, entered, [{ code: 'confirmation.amount_unreadable', severity: 'block', path: '/amount' }], 422);
    try {
      await submitOnce(visit.ctx, entered.formId, async (tx) => (await recordConfirmation(tx, {
        disbursementId, outcome, confirmedOn: entered.confirmedOn, caller: entered.caller, spokenTo: entered.spokenTo, note: entered.note, amountMinor, currency: amountMinor === null ? null : entered.currency,
      })).confirmationId);
    } catch (error) {
      if (error instanceof AppError && error.code === 'confirmation.invalid') return show(visit, entered, error.findings, 422);
      throw error;
    }
    return redirect(`${addressOf(disbursementId)}?done=confirmation_recorded`);
  },
};

/** The link is shown once, as the answer to the button: it is kept nowhere. */
export const payeeLinkPage: Page = {
  path: '/confirmations/:disbursementId/link',
  access: 'confirmations.record',
  post: async (visit) => {
    const made = await makePayeeLink(visit.ctx, pathText(visit, 'disbursementId'));
    const base = visit.ctx.config.publicUrl ?? `${visit.req.protocol}://${visit.req.get('host') ?? ''}`;
    return show(visit, { confirmedOn: '', caller: visit.ctx.actor.name, spokenTo: '', outcome: '', amount: '', currency: '', note: '', formId: newFormId() }, [], 200,
      { address: `${base.replace(/\/$/, '')}${made.path}`, expiresAt: made.expiresAt });
  },
};

async function show(visit: Visit, entered: Entered, faults: readonly Finding[], status = 200, link: { address: string; expiresAt: Date } | null = null): Promise<Reply> {
  const disbursementId = pathText(visit, 'disbursementId');
  const sent = await getReported(visit.ctx, disbursementId);
  await noteShown(visit, 'confirmation', [sent], ({ caseId }) => ({ case: caseId }));
  const heard = await listConfirmations(visit.ctx, { disbursementId });
  const currencies = [...new Set([sent.deliveredCurrency ?? sent.currency, sent.currency])];
  return view('reconciler/confirmation', {
    // A protected payee's name is on no list and no form.
    sent: sent.isProtected ? { ...sent, payeeName: '' } : sent, partner: partnerNameOf(sent.partnerId, visit), heard: heard.rows, entered, faults, currencies, link,
    outcomes: CONFIRMATION_OUTCOMES, address: addressOf(disbursementId), done: queryText(visit, 'done') === 'confirmation_recorded' ? 'confirmation_recorded' : null,
  }, status);
}
