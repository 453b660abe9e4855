import { contentDigest, messageToJson, messageToXml, readMessage } from '../../../../src/modules/exchange/messages/index.ts';
import { messageXml } from '../../../../src/modules/referrals/packets/message-xml.ts';
import { xsdFindings } from '../../../../src/platform/xml/xsd.ts';
import { aKoreanCase, aMexicanCase, modelOf, PACKET_ID } from '../../../support/referrals/packets.ts';
import { CALEXICO, partnerMessage } from '../../../support/referrals-incoming/messages.ts';

const NOW = new Date('2026-11-22T17:00:00Z');

test.each([[aMexicanCase(), CALEXICO], [aKoreanCase(), 'kr-kcsa']])('the message of a sealed packet, version 1.0, reads as it did and is the same in the other form', (supportCase, partnerId) => {
  const xml = messageXml(modelOf(supportCase, partnerId), { packetId: PACKET_ID, datedOn: '2026-11-20' } as Parameters<typeof messageXml>[1]);
  const message = messageToJson(xml);
  expect(message).toMatchObject({ version: '1.0', packetId: PACKET_ID });
  const back = messageToXml(message);
  expect(xsdFindings(back, 'puente-message.v1')).toEqual([]);
  expect(contentDigest(messageToJson(back))).toBe(contentDigest(message));
  expect(readMessage(xml, { now: NOW }).findings).toEqual([]);
});

test('a partner’s referral of version 1.0 is read as the partner’s', () => {
  const xml = partnerMessage(aMexicanCase(), { packetId: PACKET_ID, theirNumber: 'A-1', ourNumber: 'IM-0040123' });
  expect(readMessage(xml, { now: NOW, partnerId: CALEXICO })).toMatchObject({ form: 'xml', message: { from: { partnerId: CALEXICO, fileNumber: 'A-1' } }, findings: [] });
});
