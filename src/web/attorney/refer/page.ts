import { AppError } from '../../../platform/errors.ts';
import { viewCase } from '../../../modules/cases/index.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { listPartners, partnerName, SERVICE_CODES } from '../../../modules/partners/index.ts';
import { createReferral } from '../../../modules/referrals/index.ts';
import { newFormId } from '../../form-id.ts';
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
    if (missing.length > 0) return show(visit, entered, missing, 422);
    const services = SERVICE_CODES.filter((code) => entered.services.includes(code));
    if (services.length !== new Set(entered.services).size) throw new AppError('invalid', 'web.unreadable_text');
    const referralId = await submitOnce(visit.ctx, entered.formId, async (tx) =>
      (await createReferral(tx, { caseId, partnerId: entered.partnerId, services })).referralId);
    return redirect(`/referrals/${encodeURIComponent(referralId)}?done=created`);
  },
};

async function show(visit: Visit, entered: Entered, missing: readonly string[], status = 200): Promise<Reply> {
  const { supportCase } = await viewCase(visit.ctx, pathText(visit, 'caseId'));
  const serves = (counties: readonly string[]) => counties.includes(supportCase.county);
  const partners = listPartners()
    .map((partner) => ({
      partnerId: partner.partnerId,
      name: partnerName(partner, visit.language),
      servesCounty: serves(partner.counties.value),
      isInformal: partner.exchangeBasis.value.basis === 'informal',
    }))
    .sort((a, b) => Number(b.servesCounty) - Number(a.servesCounty));
  return view('attorney/refer', { caseId: supportCase.caseId, partners, services: SERVICE_CODES, entered, missing }, status);
}
