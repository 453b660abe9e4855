import { checkPacket, packetCertificate } from '../../../modules/referrals/index.ts';
import { pathText } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { checkedView } from './checked-view.ts';

/** The check of a sealed packet. */
const checkedPage: Page = {
  path: '/packets/:packetId/check',
  access: 'packets.read',
  get: async (visit: Visit) => {
    const packetId = pathText(visit, 'packetId');
    const check = await checkPacket(visit.ctx, packetId);
    const at = `/packets/${encodeURIComponent(packetId)}`;
    return checkedView(visit, { check, back: `${visit.ctx.actor.partner !== null ? '/inbox/' : '/referrals/'}${check.referralId}`, container: `${at}/container`, certificate: `${at}/certificate` });
  },
};

const certificatePage: Page = {
  path: '/packets/:packetId/certificate',
  access: 'packets.read',
  get: async (visit) => ({ kind: 'download', bytes: Buffer.from(await packetCertificate(visit.ctx, pathText(visit, 'packetId')), 'utf8'), type: 'application/x-pem-file', fileName: 'puente-signer.pem', isInline: false }),
};

export const checkPages: readonly Page[] = [checkedPage, certificatePage];
