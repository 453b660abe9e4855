import { AppError } from '../../../platform/errors.ts';
import { SERVICE_CODES } from '../../../modules/partners/index.ts';
import { changeServices, getReferral, mayChangeServices } from '../../../modules/referrals/index.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { fields, pathText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { referralAddress } from '../referral/standing.ts';

const AT_THE_FORM = ['referral.services_needed', 'referral.same_services_open', 'referral.services_fixed'];

async function show(visit: Visit, chosen: readonly string[] | null = null, fault: string | null = null, status = 200): Promise<Reply> {
  const referral = await getReferral(visit.ctx, pathText(visit, 'referralId'));
  return view('attorney/services', {
    referral, here: referralAddress(visit), services: SERVICE_CODES, chosen: chosen ?? referral.services, fault,
    partnerName: partnerNameOf(referral.partnerId, visit), isOpen: mayChangeServices(referral), hasPacket: referral.packets.length > 0,
  }, status);
}

/** What is asked for, to be changed until something of it has left. Saving the same again changes nothing. */
export const servicesPage: Page = {
  path: '/referrals/:referralId/services',
  access: 'referrals.create',
  get: (visit) => show(visit),
  post: async (visit) => {
    const chosen = fields(visit, 'services');
    try {
      await changeServices(visit.ctx, pathText(visit, 'referralId'), chosen);
      return redirect(`${referralAddress(visit)}?done=services`);
    } catch (error) {
      if (error instanceof AppError && AT_THE_FORM.includes(error.code)) return show(visit, chosen, error.code, error.kind === 'invalid' ? 422 : 409);
      throw error;
    }
  },
};
