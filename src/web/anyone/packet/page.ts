import { lookAtPacket, printSets, readPacketContainer, readPacketPdf, readPacketReadingCopy } from '../../../modules/referrals/index.ts';
import { fileNumbersOf, markPacketRetrieved } from '../../../modules/exchange/index.ts';
import { sheetImage, sheetsOf } from '../../sheets.ts';
import { pathText, queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import type { PacketPages } from '../../../modules/referrals/index.ts';

/** The packet's PDF, shown by the browser or saved with `?save=1`; `?copy=reading` is the copy for reading aloud. The use case writes down who read it. */
export const packetPdfPage: Page = {
  path: '/packets/:packetId/pdf',
  access: 'packets.read',
  get: async (visit) => {
    const { bytes, fileName } = await (queryText(visit, 'copy', 10) === 'reading' ? readPacketReadingCopy : readPacketPdf)(visit.ctx, pathText(visit, 'packetId'));
    await markPacketRetrieved(visit.ctx, pathText(visit, 'packetId'));
    return { kind: 'download', bytes, fileName, type: 'application/pdf', isInline: queryText(visit, 'save', 1) !== '1' };
  },
};

/** The whole signed container, as the partner verifies it. A partner's officer who takes it has fetched the message that it came with. */
export const packetContainerPage: Page = {
  path: '/packets/:packetId/container',
  access: 'packets.read',
  get: async (visit) => {
    const { bytes, fileName } = await readPacketContainer(visit.ctx, pathText(visit, 'packetId'));
    await markPacketRetrieved(visit.ctx, pathText(visit, 'packetId'));
    return { kind: 'download', bytes, fileName, type: 'application/vnd.etsi.asic-e+zip', isInline: false };
  },
};

/** Complete sets on paper, each with its reference sheet. Who printed is written down. */
export const packetSetsPage: Page = {
  path: '/packets/:packetId/sets',
  access: 'packets.print',
  get: async (visit) => {
    const typed = queryText(visit, 'sets', 4);
    const paper = (['letter', 'a4'] as const).find((one) => one === queryText(visit, 'paper', 10));
    const { bytes, fileName } = await printSets(visit.ctx, { of: { packetId: pathText(visit, 'packetId') }, sets: typed === '' ? 1 : /^\d{1,3}$/.test(typed) ? Number(typed) : 0, paper, numbersOf: (referralId) => fileNumbersOf(visit.ctx, referralId) });
    return { kind: 'download', bytes, fileName, type: 'application/pdf', isInline: true };
  },
};

/** Opens it as the PDF is opened: a partner's officer who looks at it has fetched the message that it came with. */
async function lookAt(visit: Visit): Promise<PacketPages> {
  const found = await lookAtPacket(visit.ctx, pathText(visit, 'packetId'));
  if (found.isOpenedNow) await markPacketRetrieved(visit.ctx, found.packet.packetId);
  return found;
}

/** The packet page by page, in any browser. */
export const packetPagesPage: Page = {
  path: '/packets/:packetId/pages',
  access: 'packets.read',
  get: async (visit) => {
    const { packet, pdf } = await lookAt(visit);
    const back = `${visit.ctx.actor.partner === null ? '/referrals' : '/inbox'}/${encodeURIComponent(packet.referralId)}`;
    return view('anyone/packet', { packet, back, sheets: await sheetsOf(visit, pdf, packet.documents, `/packets/${encodeURIComponent(packet.packetId)}/pages`) });
  },
};

export const packetPageImage: Page = {
  path: '/packets/:packetId/pages/:number.png',
  access: 'packets.read',
  get: async (visit) => sheetImage(visit, (await lookAt(visit)).pdf),
};
