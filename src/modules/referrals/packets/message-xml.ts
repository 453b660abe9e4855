import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import type { PostalAddress } from '../documents/format.rules.ts';
import { addPapers } from './message-papers.ts';
import { NAMESPACE, element, text } from './message-xml-parts.ts';
import type { PacketModel, PacketOrder, PacketParty, PacketSeal } from './packet-model.rules.ts';

export const MESSAGE_SCHEMA = 'puente-message.v1';
/** The referral as a message: the same facts as the PDF, for machines (schemas/xsd/puente-message.v1.xsd). */
export function messageXml(model: PacketModel, seal: PacketSeal): Buffer {
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele(NAMESPACE, 'message')
    .att('version', '1.0').att('packetId', seal.packetId).att('datedOn', seal.datedOn);
  const { agency, partner, supportCase } = model;
  addOffice(element(root, 'from', { county: agency.county, fileNumber: supportCase.caseId }), agency.names, agency.address);
  addOffice(element(root, 'to', { partnerId: partner.partnerId, country: partner.country, fileNumber: partner.fileNumber }), partner.names, partner.address);
  const referral = element(root, 'referral', { referralId: model.referralId });
  for (const service of model.services) text(referral, 'service', service);
  for (const basis of partner.legalBasis) text(referral, 'legalBasis', basis);
  addOffice(element(referral, 'payTo'), agency.paymentNames, agency.paymentAddress);
  const file = element(referral, 'supportCase', { caseId: supportCase.caseId, openedOn: supportCase.openedOn, assistance: supportCase.assistance });
  for (const party of supportCase.parties) addParty(file, party);
  for (const order of supportCase.orders) addOrder(file, order);
  for (const { bucket, amount, currency, asOf } of supportCase.balances) element(file, 'balance', { bucket, amount, currency, asOf });
  addPapers(referral, model);
  return Buffer.from(`${root.end({ prettyPrint: true })}\n`, 'utf8');
}

function addOffice(parent: XMLBuilder, names: Readonly<Record<string, string>>, address: PostalAddress | null): void {
  for (const [lang, name] of Object.entries(names)) text(parent, 'name', name, { lang });
  if (address) addAddress(parent, address);
}

function addAddress(parent: XMLBuilder, address: PostalAddress, verifiedOn: string | null = null): void {
  const node = element(parent, 'address', { country: address.country, verifiedOn });
  for (const line of address.lines) text(node, 'line', line);
  text(node, 'neighborhood', address.neighborhood);
  text(node, 'locality', address.locality);
  text(node, 'region', address.region);
  text(node, 'postalCode', address.postalCode);
}

function addParty(parent: XMLBuilder, party: PacketParty): void {
  const node = element(parent, 'party', { participantId: party.participantId, role: party.role, protected: String(party.isProtected) });
  const name = element(node, 'name');
  text(name, 'given', party.given);
  text(name, 'family', party.family);
  text(name, 'secondFamily', party.secondFamily);
  text(name, 'native', party.native);
  for (const alias of party.aliases) text(name, 'alias', alias);
  text(node, 'sex', party.sex);
  text(node, 'birthDate', party.birthDate);
  text(node, 'birthPlace', party.birthPlace);
  for (const nationality of party.nationalities) text(node, 'nationality', nationality);
  if (party.address) addAddress(node, party.address, party.addressVerifiedOn);
  for (const phone of party.phones) text(node, 'phone', phone);
  for (const email of party.emails) text(node, 'email', email);
  for (const { type, country, value } of party.identifiers) text(node, 'identifier', value, { type, country });
  if (party.employer === null) return;
  const employer = element(node, 'employer');
  text(employer, 'name', party.employer);
  if (party.employerAddress) addAddress(employer, party.employerAddress);
}

function addOrder(parent: XMLBuilder, order: PacketOrder): void {
  const { orderId, jurisdiction, issuedOn } = order;
  const node = element(parent, 'order', { orderId, jurisdiction, issuedOn, parentageEstablished: String(order.isParentageEstablished) });
  text(node, 'tribunal', order.tribunal);
  text(node, 'docketNumber', order.docketNumber);
  for (const { obligationId, kind, amount, currency, frequency, startsOn, endsOn, dependents } of order.obligations) {
    const child = element(node, 'obligation', { obligationId, kind, amount, currency, frequency, startsOn, endsOn });
    for (const dependent of dependents) text(child, 'for', dependent);
  }
}
