import { disclose, discloseToAuthority } from '../../cases/index.ts';
import type { DisclosedCase, DisclosedIdentifier, DisclosedOrder, DisclosedParticipant, DisclosureDecision, SupportCase } from '../../cases/index.ts';
import type { PartnerProfile } from '../../partners/index.ts';
import type { Finding } from '../../../platform/errors.ts';
import { findOffice } from './offices.ts';
import type { PacketCase, PacketModel, PacketOrder, PacketParty, PartnerDocument } from './packet-model.rules.ts';
import { maskedIdentifier } from './identifier-mask.rules.ts';
import type { PostalAddress } from '../documents/format.rules.ts';

export interface AssembledModel {
  readonly model: PacketModel | null;
  /** The case as the authority may see it for whom a part is sealed; null where the partner's profile allows no such part. */
  readonly sealed: { readonly supportCase: PacketCase; readonly decisions: readonly DisclosureDecision[] } | null;
  readonly view: DisclosedCase;
  readonly decisions: readonly DisclosureDecision[];
  readonly findings: readonly Finding[];
}

/**
 * Makes the packet's content from a case: first the disclosure filter, then what remains. Nothing else in this module
 * reads a support case, so that nothing can pass the filter by.
 */
export function assembleModel(
  input: { supportCase: SupportCase; partner: PartnerProfile; services: readonly string[]; referralId: string; openedOn: string; agency: string; on: string },
): AssembledModel {
  const { supportCase, partner, services, referralId } = input;
  const { view, decisions, findings } = disclose(supportCase, { partnerId: partner.partnerId, country: partner.country }, input.on);
  const offices = findOffice(input.agency, supportCase.county, partner.languages.value.packet);
  if (!offices) {
    return { model: null, sealed: null, view, decisions, findings: [...findings, { code: 'packet.office_unknown', severity: 'block', path: '/county' }] };
  }
  const model: PacketModel = {
    modelVersion: '2', referralId, openedOn: input.openedOn, services, interview: { sections: {}, children: {} }, arrears: [], narratives: [], attachments: [],
    agency: {
      county: supportCase.county, names: offices.office.names, address: offices.office.address,
      paymentNames: offices.payments.names, paymentAddress: offices.payments.address,
    },
    partner: {
      partnerId: partner.partnerId, country: partner.country, language: partner.languages.value.packet, names: partner.names.value,
      unit: partner.unit?.value ?? null, address: partnerAddress(partner), legalBasis: partner.legalBasis.value,
      fileNumber: view.partnerCaseNumbers?.[0]?.value ?? null, documents: documentsFor(partner, services),
      formSet: partner.packet.value.forms,
      sets: { originals: String(partner.packet.value.originals), copies: String(partner.packet.value.copies), isConfirmed: partner.packet.confirmed }, locator: partner.locator.value.code, sealedPart: partner.sealedPart.value,
    },
    supportCase: caseOf(view),
  };
  const sealed = partner.sealedPart.value ? sealedFor(supportCase, partner, input.on) : null;
  return { model, sealed, view, decisions, findings };
}

function sealedFor(supportCase: SupportCase, partner: PartnerProfile, on: string): AssembledModel['sealed'] {
  const { view, decisions } = discloseToAuthority(supportCase, { partnerId: partner.partnerId, country: partner.country }, on);
  return { supportCase: caseOf(view, 'whole'), decisions };
}

function partnerAddress(partner: PartnerProfile): PostalAddress | null {
  const addresses = partner.addresses.value;
  return addresses.find((address) => address.purpose === 'mail') ?? addresses.find((address) => address.purpose === 'office') ?? null;
}

// What this packet itself brings is not asked for beside it.
const IN_PACKET = new Set(['cover_letter']);

function documentsFor(partner: PartnerProfile, services: readonly string[]): PartnerDocument[] {
  const applies = (wanted: 'all' | readonly string[]): boolean => wanted === 'all' || wanted.some((service) => services.includes(service));
  return partner.documents
    .filter(({ value: rule }) => rule.form !== 'datum' && applies(rule.services) && !IN_PACKET.has(rule.code))
    .map(({ value: rule, confirmed }) => ({
      code: rule.code, form: rule.form, title: rule.title ?? null, needsTranslation: rule.translation, needsApostille: rule.apostille, isConfirmed: confirmed,
    }));
}

/**
 * Persons, orders and obligations are numbered within the packet: the numbers of the county's system can tell a court or a
 * household, and nobody abroad has a use for them.
 */
function caseOf(view: DisclosedCase, identifiers: 'masked' | 'whole' = 'masked'): PacketCase {
  const numbers = new Map(view.participants.map(({ participantId }, index) => [participantId, `P${index + 1}`]));
  return {
    caseId: view.caseId, openedOn: view.openedOn, assistance: view.assistance ?? null,
    parties: view.participants.map((participant, index) => partyOf(participant, `P${index + 1}`, identifiers)),
    orders: view.orders.map((order, index) => orderOf(order, `O${index + 1}`, numbers)),
    balances: view.balances.map(({ bucket, amount, currency, asOf }) => ({ bucket, amount, currency, asOf })),
  };
}

function partyOf(participant: DisclosedParticipant, participantId: string, identifiers: 'masked' | 'whole'): PacketParty {
  const { name, residence, employer } = participant;
  const isOwnAddress = residence !== undefined && !('substitute' in residence);
  return {
    participantId, role: participant.role, isProtected: participant.isProtected,
    given: name.given, family: name.family, secondFamily: name.secondFamily ?? null, native: name.native ?? null, aliases: name.aliases ?? [],
    sex: participant.sex ?? null, birthDate: participant.birthDate ?? null, birthPlace: participant.birthPlace ?? null,
    nationalities: participant.nationalities ?? [],
    address: isOwnAddress ? addressOf(residence) : null,
    addressVerifiedOn: isOwnAddress ? residence.verifiedOn ?? null : null,
    phones: participant.phones ?? [], emails: participant.emails ?? [],
    identifiers: (participant.identifiers ?? []).map((one) => identifierOf(one, identifiers)),
    employer: employer?.name ?? null, employerAddress: employer?.residence ? addressOf(employer.residence) : null,
  };
}

function identifierOf({ type, country, value }: DisclosedIdentifier, shown: 'masked' | 'whole'): PacketParty['identifiers'][number] {
  return { type, country: country ?? null, value: shown === 'whole' ? value : maskedIdentifier(type, value) };
}

// Provenance decided what is here; where a datum came from is itself nothing for abroad.
function addressOf(from: PostalAddress): PostalAddress {
  const { country, lines, neighborhood, locality, region, postalCode } = from;
  return { country, lines, neighborhood, locality, region, postalCode };
}

function orderOf(order: DisclosedOrder, orderId: string, numbers: ReadonlyMap<string, string>): PacketOrder {
  return {
    orderId, tribunal: order.tribunal ?? null, docketNumber: order.docketNumber ?? null, jurisdiction: order.jurisdiction ?? null,
    issuedOn: order.issuedOn, isParentageEstablished: order.parentageEstablished,
    obligations: order.obligations.map((one, index) => ({
      obligationId: `${orderId}.${index + 1}`, kind: one.kind, amount: one.amount, currency: one.currency, frequency: one.frequency,
      startsOn: one.startsOn, endsOn: one.endsOn ?? null, dependents: one.dependents.flatMap((id) => numbers.get(id) ?? []),
    })),
  };
}
