import { checkAgreement } from '../../../modules/reconciliation/index.ts';
import { listPartners, partnerName } from '../../../modules/partners/index.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const ROWS_MAX = 200;

/** The partners to choose from, and the one that is chosen, if it is one. */
export function partnerChoice(visit: Visit): { partnerId: string; partners: { partnerId: string; name: string }[] } {
  const partners = listPartners().map((one) => ({ partnerId: one.partnerId, name: partnerName(one, visit.language) }));
  const wanted = queryText(visit, 'partner', 64);
  return { partners, partnerId: partners.some((one) => one.partnerId === wanted) ? wanted : '' };
}

/** Whether partners' lists, bank credits and cases agree, and every difference. */
export const agreementPage: Page = {
  path: '/agreement',
  access: 'reconciliation.view',
  get: async (visit) => {
    const choice = partnerChoice(visit);
    const wanted = queryText(visit, 'on', 10);
    const isFault = wanted !== '' && !isCalendarDate(wanted);
    const found = await checkAgreement(visit.ctx, { freshness: 'kept', ...(choice.partnerId === '' ? {} : { partnerId: choice.partnerId }), ...(wanted === '' || isFault ? {} : { on: wanted }) });
    const named = <T extends { partnerId: string | null }>(row: T) => ({ ...row, partner: row.partnerId === null ? '' : partnerNameOf(row.partnerId, visit, 'short') });
    return view('reconciler/agreement', {
      ...choice, on: wanted, faults: isFault ? [{ field: 'on', text: visit.t('agreement:errors.agreement_date_invalid') }] : [], found,
      accounts: found.accounts.map(named), days: found.days.slice(-ROWS_MAX).reverse().map(named), rests: found.rests.slice(0, ROWS_MAX).map(named), shortTransfers: found.shortTransfers.slice(-ROWS_MAX).reverse().map(named),
      differences: found.differences.slice(0, ROWS_MAX), more: Math.max(0, found.differenceCount - ROWS_MAX),
    }, isFault ? 422 : 200);
  },
};
