import { federalWordFindings } from '../../../src/modules/referrals/disclosures/federal-words.rules.ts';
import { messageXml } from '../../../src/modules/referrals/packets/message-xml.ts';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { aMexicanCase, modelOf, PACKET_ID } from '../../support/referrals/packets.ts';

const findings = (supportCase: SupportCase): string[] => federalWordFindings(modelOf(supportCase)).map(({ code, severity, path }) => `${severity} ${code} ${path ?? ''}`);

it('finds a federal source of payments in any free text of the case, and repeats none of it', () => {
  const base = aMexicanCase();
  expect(findings(base)).toEqual([]);
  const told = {
    ...base,
    participants: base.participants.map((one) => (one.role === 'obligor' ? { ...one, birthPlace: 'see IRS file', employer: { name: 'Internal Revenue Service', source: 'party' as const }, name: { ...one.name, aliases: ['tax refund offset'] } } : one)),
    orders: base.orders.map((order) => ({ ...order, docketNumber: 'TAX-INTERCEPT-77', tribunal: 'Federal offset program' })),
    partnerCaseNumbers: [{ partner: 'mx-consulate-calexico', value: 'FIDM 1' }],
  };
  expect(findings(told)).toEqual([
    'block packet.federal_source_named /participants/0/name', 'block packet.federal_source_named /participants/0/birthPlace', 'warn packet.federal_source_named /participants/0/employer',
    'block packet.federal_source_named /orders/0/tribunal', 'block packet.federal_source_named /orders/0/docketNumber', 'block packet.federal_source_named /partnerCaseNumbers',
  ]);
});

it('tells payments by amount and day alone: what the record says besides stays here', () => {
  const entry = { kind: 'payment', on: '2026-03-01', amount: '100.00', currency: 'USD', bucket: 'current_support', note: 'IRS tax refund intercept', source: 'irs', method: 'offset' } as never;
  const balance = { bucket: 'current_support', amount: '1.00', currency: 'USD', asOf: '2026-10-31', label: 'Treasury offset' } as never;
  const model = modelOf(aMexicanCase({ history: [entry], balances: [balance] }));
  const message = messageXml(model, { packetId: PACKET_ID, datedOn: '2026-11-20' }).toString('utf8');
  for (const word of [/\btax/iu, /intercept/iu, /\birs\b/iu, /offset/iu, /treasury/iu]) expect(`${JSON.stringify(model)}${message}`).not.toMatch(word);
});
