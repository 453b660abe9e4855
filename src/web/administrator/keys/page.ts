import { listCertificates } from '../../../modules/exchange/index.ts';
import type { ShownCertificate } from '../../../modules/exchange/index.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const SOON_MS = 90 * 86_400_000;

function lineOf(one: ShownCertificate, visit: Visit) {
  const left = one.until.getTime() - visit.ctx.clock.now().getTime();
  return {
    ...one, partner: one.partnerId === null ? null : partnerNameOf(one.partnerId, visit, 'short'), subject: one.subject.replaceAll('\n', ', '), issuer: one.issuer.replaceAll('\n', ', '),
    from: visit.format.instant(one.from), until: visit.format.instant(one.until), isExpired: left < 0, isSoon: left >= 0 && left < SOON_MS,
  };
}

/** With what we sign and for whom we encrypt, and until when. To look at: keys are changed by command. */
export const keysPage: Page = {
  path: '/administration/keys',
  access: 'kits.view',
  get: async (visit) => {
    const { own, partners, unreadable } = listCertificates(visit.ctx);
    return Promise.resolve(view('administrator/keys', { own: own && lineOf(own, visit), partners: partners.map((one) => lineOf(one, visit)), unreadable: unreadable.map((id) => partnerNameOf(id, visit, 'short')) }));
  },
};
