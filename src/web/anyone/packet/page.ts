import { readPacketContainer, readPacketPdf } from '../../../modules/referrals/index.ts';
import { pathText, queryText } from '../../visit.ts';
import type { Page } from '../../visit.ts';

/** The packet's PDF, shown by the browser or saved with `?save=1`. The use case writes down who read it. */
export const packetPdfPage: Page = {
  path: '/packets/:packetId/pdf',
  access: 'packets.read',
  get: async (visit) => {
    const { bytes, fileName } = await readPacketPdf(visit.ctx, pathText(visit, 'packetId'));
    return { kind: 'download', bytes, fileName, type: 'application/pdf', isInline: queryText(visit, 'save', 1) !== '1' };
  },
};

/** The whole signed container, as the partner verifies it. */
export const packetContainerPage: Page = {
  path: '/packets/:packetId/container',
  access: 'packets.read',
  get: async (visit) => {
    const { bytes, fileName } = await readPacketContainer(visit.ctx, pathText(visit, 'packetId'));
    return { kind: 'download', bytes, fileName, type: 'application/vnd.etsi.asic-e+zip', isInline: false };
  },
};
