import { PAYING_ROLES, RECEIVING_ROLES } from '../../cases/index.ts';
import type { XmlPart } from '../../../platform/xml/read.ts';
import type { Correspondent, IncomingFacts, StatedPerson } from './incoming.rules.ts';

export const MESSAGE_NAMESPACE = 'urn:puente:message:v1';

/** What of a message is looked at here; the whole of it is in the kept file. */
export interface IncomingMessage {
  readonly packetId: string;
  readonly referralId: string;
  readonly datedOn: string;
  readonly from: Correspondent;
  readonly to: Correspondent;
  readonly facts: IncomingFacts;
}

/** A message that its schema has found nothing wrong with. */
export function readMessage(root: XmlPart): IncomingMessage {
  const from = need(root, 'from');
  const to = need(root, 'to');
  const referral = need(root, 'referral');
  const file = need(referral, 'supportCase');
  const parties = all(file, 'party');
  const caseNumbers = [file.attributes['caseId'], from.attributes['fileNumber']].filter((value) => value !== undefined).map(printable);
  const isFromAgency = from.attributes['county'] !== undefined;
  const known = [to.attributes['fileNumber']].filter((value) => value !== undefined).map(printable);
  return {
    packetId: root.attributes['packetId'] ?? '', referralId: referral.attributes['referralId'] ?? '', datedOn: root.attributes['datedOn'] ?? '',
    from: correspondent(from), to: correspondent(to),
    facts: {
      services: [...new Set(all(referral, 'service').map(({ text }) => text))].sort(),
      theirNumbers: isFromAgency ? known : caseNumbers, ourNumbers: isFromAgency ? caseNumbers : known,
      persons: parties.map(personOf),
      hasOrder: all(file, 'order').length > 0,
      hasPayingAddress: parties.some((party) => PAYING_ROLES.some((role) => role === party.attributes['role']) && all(party, 'address').length > 0),
    },
  };
}

function personOf(party: XmlPart): StatedPerson {
  const role = party.attributes['role'] ?? '';
  const name = need(party, 'name');
  const text = (key: string): string => printable(all(name, key)[0]?.text ?? '');
  return {
    group: PAYING_ROLES.some((one) => one === role) ? 'paying' : RECEIVING_ROLES.some((one) => one === role) ? 'receiving' : 'child',
    name: [text('given'), text('family'), text('secondFamily')].filter((part) => part !== '').join(' '), native: text('native') || null,
    birthDate: all(party, 'birthDate')[0]?.text ?? null, isProtected: ['true', '1'].includes(party.attributes['protected'] ?? ''),
    identifiers: all(party, 'identifier').map((one) => ({ type: one.attributes['type'] ?? '', value: one.text })),
  };
}

function correspondent({ attributes }: XmlPart): Correspondent {
  return { county: attributes['county'] ?? null, partnerId: attributes['partnerId'] ?? null };
}

// Signs that turn the direction of a line, or are not seen, make a name look like another on screen.
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '').trim();

const all = (part: XmlPart, name: string): readonly XmlPart[] => part.parts.filter((one) => one.name === name);

function need(part: XmlPart, name: string): XmlPart {
  const [found] = all(part, name);
  if (!found) throw new Error(`fault: a message without ${name} has passed its schema`);
  return found;
}
