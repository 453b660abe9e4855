import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { sealContainer } from '../../../src/platform/asic/container.ts';
import type { Signer } from '../../../src/platform/asic/cms.ts';
import { messageXml } from '../../../src/modules/referrals/packets/message-xml.ts';
import { modelOf } from '../referrals/packets.ts';

export const CALEXICO = 'mx-consulate-calexico';
/** Before the noon of the tests' clock. */
export const SIGNED_AT = new Date('2026-11-20T10:00:00Z');

export interface MessageGiven {
  readonly packetId: string;
  readonly partnerId?: string;
  readonly referralId?: string;
  readonly services?: readonly string[];
  /** The sender's own number, and what the sender takes for ours. */
  readonly theirNumber?: string;
  readonly ourNumber?: string;
}

/** What a partner would send us about the persons of this case: our own message with sender and addressee exchanged, and without our number. */
export function partnerMessage(supportCase: SupportCase, given: MessageGiven): Buffer {
  const { packetId, partnerId = CALEXICO, services = ['enforce'] } = given;
  const xml = messageXml(modelOf(supportCase, CALEXICO, services), { packetId, datedOn: '2026-11-19' }).toString('utf8');
  const [, from = '', agency = ''] = /<from (county="\d+")[^>]*>([\s\S]*?)<\/from>/.exec(xml) ?? [];
  const [, , partner = ''] = /<to ([^>]*)>([\s\S]*?)<\/to>/.exec(xml) ?? [];
  const number = (value: string | undefined): string => (value === undefined ? '' : ` fileNumber="${value}"`);
  const text = xml
    .replace(/<from [\s\S]*<\/to>/, `<from partnerId="${partnerId}" country="MX"${number(given.theirNumber)}>${partner}</from>\n  <to ${from}${number(given.ourNumber)}>${agency}</to>`)
    .replace(/<supportCase caseId="[^"]*"/, '<supportCase')
    .replace(/referralId="[^"]*"/, `referralId="${given.referralId ?? 'ref_01M0000000000000000000000Z'}"`);
  return Buffer.from(text, 'utf8');
}

export function sealed(xml: Buffer, signer: Signer, signedAt: Date = SIGNED_AT): Buffer {
  return sealContainer([{ name: 'referral.pdf', bytes: Buffer.from('%PDF-1.7 the same for people') }, { name: 'message.xml', bytes: xml }], signer, signedAt);
}
