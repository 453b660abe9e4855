import { AppError } from '../../../platform/errors.ts';
import { PAYING_ROLES, viewCase } from '../../../modules/cases/index.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { findPartner, listPartners, partnerName, SERVICE_CODES } from '../../../modules/partners/index.ts';
import { createReferral } from '../../../modules/referrals/index.ts';
import { newFormId } from '../../form-id.ts';
import { peopleOf } from '../case/case-view.ts';
import { field, fields, pathText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';

interface Entered {
  partnerId: string;
  services: readonly string[];
  formId: string;
}

/** A new referral of a case: to whom, and what is asked for. */
export const referPage: Page = {
  path: '/cases/:caseId/refer',
  access: 'referrals.create',
  get: (visit) => show(visit, { partnerId: '', services: [], formId: newFormId() }, []),
  post: async (visit) => {
    const caseId = pathText(visit, 'caseId');
    const entered = { partnerId: field(visit, 'partner', 64), services: fields(visit, 'services'), formId: field(visit, 'form_id', 64) };
    const missing = [...(entered.partnerId === '' ? ['partner'] : []), ...(entered.services.length === 0 ? ['services'] : [])];
    if (missing.length === 0 && await servesAnother(visit, caseId, entered.partnerId)) missing.push('county');
    if (missing.length > 0) return show(visit, entered, missing, 422);
    const services = SERVICE_CODES.filter((code) => entered.services.includes(code));
    if (services.length !== new Set(entered.services).size) throw new AppError('invalid', 'web.unreadable_text');
    const referralId = await submitOnce(visit.ctx, entered.formId, async (tx) =>
      (await createReferral(tx, { caseId, partnerId: entered.partnerId, services })).referralId);
    return redirect(`/referrals/${encodeURIComponent(referralId)}?done=created`);
  },
};

/** A packet to a partner that does not serve the county could be made, and never sent. */
async function servesAnother(visit: Visit, caseId: string, partnerId: string): Promise<boolean> {
  const partner = findPartner(partnerId);
  if (!partner) return false;
  const { supportCase } = await viewCase(visit.ctx, caseId);
  return !partner.counties.value.includes(supportCase.county);
}

async function show(visit: Visit, entered: Entered, missing: readonly string[], status = 200): Promise<Reply> {
  const { supportCase, screen } = await viewCase(visit.ctx, pathText(visit, 'caseId'));
  // A protected person's country is not said here either, not even by the order of a list.
  const countries = peopleOf({ supportCase, screen }).filter(({ role }) => PAYING_ROLES.includes(role)).map(({ place }) => place?.country);
  const partners = listPartners()
    .map((partner) => ({
      partnerId: partner.partnerId,
      name: partnerName(partner, visit.language),
      servesCounty: partner.counties.value.includes(supportCase.county),
      isWherePayerLives: countries.includes(partner.country),
      isInformal: partner.exchangeBasis.value.basis === 'informal',
    }))
    .sort((a, b) => likeliness(b) - likeliness(a));
  return view('attorney/refer', { caseId: supportCase.caseId, county: supportCase.county, partners, services: SERVICE_CODES, entered, missing }, status);
}

function likeliness(partner: { servesCounty: boolean; isWherePayerLives: boolean }): number {
  return Number(partner.servesCounty) + 2 * Number(partner.isWherePayerLives);
}
