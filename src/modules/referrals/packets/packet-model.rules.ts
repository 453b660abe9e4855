import type { PostalAddress } from '../documents/format.rules.ts';

/** What a packet says, before any language: everything in it has passed the disclosure filter, and nothing else enters a packet. */
export interface PacketModel {
  readonly modelVersion: '1';
  readonly referralId: string;
  readonly agency: PacketAgency;
  readonly partner: PacketPartner;
  readonly services: readonly string[];
  readonly supportCase: PacketCase;
}

export interface PacketAgency {
  readonly county: string;
  readonly names: Readonly<Record<string, string>>;
  readonly address: PostalAddress;
  readonly paymentNames: Readonly<Record<string, string>>;
  readonly paymentAddress: PostalAddress;
}

export interface PacketPartner {
  readonly partnerId: string;
  readonly country: string;
  readonly language: string;
  readonly names: Readonly<Record<string, string>>;
  readonly unit: Readonly<Record<string, string>> | null;
  readonly address: PostalAddress | null;
  readonly legalBasis: readonly string[];
  readonly fileNumber: string | null;
  readonly documents: readonly PartnerDocument[];
}

/** A paper that the partner asks for with such a referral and that travels apart from this packet. */
export interface PartnerDocument {
  readonly code: string;
  readonly form: string;
  readonly title: string | null;
  readonly needsTranslation: boolean;
  readonly needsApostille: boolean;
}

export interface PacketCase {
  readonly caseId: string;
  readonly openedOn: string;
  readonly assistance: string | null;
  readonly parties: readonly PacketParty[];
  readonly orders: readonly PacketOrder[];
  readonly balances: readonly PacketBalance[];
}

export interface PacketParty {
  readonly participantId: string;
  readonly role: string;
  /** Data that are kept back by law; the agency's address stands for the person's own. */
  readonly isProtected: boolean;
  readonly given: string | null;
  readonly family: string | null;
  readonly secondFamily: string | null;
  readonly native: string | null;
  readonly aliases: readonly string[];
  readonly sex: string | null;
  readonly birthDate: string | null;
  readonly birthPlace: string | null;
  readonly nationalities: readonly string[];
  readonly address: PostalAddress | null;
  readonly addressVerifiedOn: string | null;
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  readonly identifiers: readonly { readonly type: string; readonly country: string | null; readonly value: string }[];
  readonly employer: string | null;
  readonly employerAddress: PostalAddress | null;
}

export interface PacketOrder {
  readonly orderId: string;
  readonly tribunal: string | null;
  readonly docketNumber: string | null;
  readonly jurisdiction: string | null;
  readonly issuedOn: string;
  readonly isParentageEstablished: boolean;
  readonly obligations: readonly PacketObligation[];
}

export interface PacketObligation {
  readonly obligationId: string;
  readonly kind: string;
  readonly amount: string;
  readonly currency: string;
  readonly frequency: string;
  readonly startsOn: string;
  readonly endsOn: string | null;
  readonly dependents: readonly string[];
}

export interface PacketBalance {
  readonly bucket: string;
  readonly amount: string;
  readonly currency: string;
  readonly asOf: string;
}

/** What is added when the content is sealed: it dates and numbers the packet but does not count as content. */
export interface PacketSeal {
  readonly packetId: string;
  readonly datedOn: string;
}
