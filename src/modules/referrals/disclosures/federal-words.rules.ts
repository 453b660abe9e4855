import type { Finding } from '../../../platform/errors.ts';
import { textFaults } from '../interview/free-text.rules.ts';
import type { PacketModel, PacketParty } from '../packets/packet-model.rules.ts';

const says = (texts: readonly (string | null | undefined)[]): boolean => texts.some((text) => typeof text === 'string' && textFaults(text).includes('text_federal_source'));

/**
 * Whether a free text of the case names a tax intercept, a federal offset or a federal locate source: payments are told abroad by
 * amount and day alone. An employer may itself be such an office, so that one is only to be looked at.
 */
export function federalWordFindings({ supportCase, partner }: Pick<PacketModel, 'supportCase' | 'partner'>): Finding[] {
  const found: Finding[] = [];
  const look = (path: string, texts: readonly (string | null | undefined)[], severity: Finding['severity'] = 'block'): void => {
    if (says(texts)) found.push({ code: 'packet.federal_source_named', severity, path });
  };
  supportCase.parties.forEach((party, index) => {
    const at = `/participants/${index}`;
    look(`${at}/name`, [...party.aliases, party.native]);
    look(`${at}/birthPlace`, [party.birthPlace]);
    look(`${at}/residence`, placeOf(party.address));
    look(`${at}/employer`, [party.employer, ...placeOf(party.employerAddress)], 'warn');
  });
  supportCase.orders.forEach(({ tribunal, docketNumber }, index) => {
    look(`/orders/${index}/tribunal`, [tribunal]);
    look(`/orders/${index}/docketNumber`, [docketNumber]);
  });
  look('/partnerCaseNumbers', [partner.fileNumber]);
  return found;
}

function placeOf(address: PacketParty['address']): (string | undefined)[] {
  return address === null ? [] : [...address.lines, address.neighborhood, address.locality, address.region];
}
