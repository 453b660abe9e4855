import type { PostalAddress } from '../documents/format.rules.ts';

/** What a packet says, before any language: everything in it has passed the disclosure filter, and nothing else enters a packet. */
export interface PacketModel {
  readonly modelVersion: '2';
  readonly referralId: string;
  readonly openedOn: string;
  readonly agency: PacketAgency;
  readonly partner: PacketPartner;
  readonly services: readonly string[];
  readonly supportCase: PacketCase;
  readonly interview: PacketInterview;
  readonly arrears: readonly PacketArrears[];
  readonly narratives: readonly PacketNarrative[];
  readonly attachments: readonly PacketAttachment[];
}

/** A short text in prose with its translation; whose it is and by whom it was translated stands with the narrative of the same place. */
export interface BilingualAnswer {
  readonly sourceLanguage: string;
  readonly source: string;
  readonly target: string;
}

/** A code, a date, an amount (decimal string), a name or place as it is, a text in both languages, yes or no. */
export type PlainAnswer = string | boolean | BilingualAnswer;
/** One answer, or rows of such answers. */
export type Answer = PlainAnswer | readonly Readonly<Record<string, PlainAnswer>>[];

/** What the interview gave, less what stays here: by section and field; of children by their number in the packet. */
export interface PacketInterview {
  readonly sections: Readonly<Record<string, Readonly<Record<string, Answer>>>>;
  readonly children: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Answer>>>>>>;
}

/**
 * What is owed, month by month, in one currency: amounts are decimal strings in major units. The balances of the last month and
 * the totals are sums of the lines, to the cent.
 */
export interface PacketArrears {
  readonly currency: string;
  readonly from: string;
  readonly until: string;
  /** The rule by which interest was computed, or null where the issuing jurisdiction has none configured. */
  readonly interest: { readonly ruleId: string; readonly jurisdiction: string; readonly ratePercent: string; readonly citation: string; readonly isConfirmed: boolean } | null;
  readonly months: readonly PacketArrearsMonth[];
  readonly totals: { readonly charged: string; readonly adjusted: string; readonly paid: string; readonly paidToCurrent: string; readonly paidToPrincipal: string; readonly principal: string; readonly interestCharged: string; readonly interestPaid: string; readonly interest: string; readonly owed: string };
}

export interface PacketArrearsMonth {
  /** `2024-03` */
  readonly month: string;
  readonly charged: string;
  readonly adjusted: string;
  readonly paid: string;
  readonly paidToCurrent: string;
  readonly paidToPrincipal: string;
  readonly paidToInterest: string;
  readonly principal: string;
  readonly interestCharged: string;
  readonly interest: string;
}

/** A text that a person wrote and a person translated, sentence beside sentence. */
export interface PacketNarrative {
  /** `statement`, or the answer it belongs to: `interview.conception.likeness`, with the child's number where it is of one. */
  readonly id: string;
  readonly participantId: string | null;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  readonly segments: readonly { readonly source: string; readonly target: string }[];
  readonly translator: { readonly name: string; readonly qualification: string; readonly on: string };
}

/** A paper that travels in the packet as it was uploaded. */
export interface PacketAttachment {
  readonly attachmentId: string;
  /** `certified_order`, `birth_certificate`, `photograph` …; words in `attachments:kind.*`. */
  readonly kind: string;
  readonly participantId: string | null;
  readonly title: string | null;
  readonly fileName: string;
  readonly mediaType: string;
  readonly pages: number;
  readonly byteCount: number;
  readonly sha256: string;
  readonly language: string | null;
  /** The attachment that is its translation, or the code of the reason why it needs none. */
  readonly translation: { readonly by: string } | { readonly notNeeded: string } | null;
  /** The official form that it fills, where it is one. */
  readonly officialForm: string | null;
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
  /** How many complete sets the partner asks for on paper. */
  readonly sets: { readonly originals: string; readonly copies: string; readonly isConfirmed: boolean };
  /** The family of forms that this partner reads (documents/form-sets). */
  readonly formSet: string;
  /** Where the partner sends its answers: codes of IRG, to be confirmed. */
  readonly locator: string | null;
  /** Whether data that no one else may see go to a named authority, encrypted. */
  readonly sealedPart: boolean;
}

/** A paper that the partner asks for with such a referral and that travels apart from this packet. */
export interface PartnerDocument {
  readonly code: string;
  readonly form: string;
  readonly title: string | null;
  readonly needsTranslation: boolean;
  readonly needsApostille: boolean;
  /** Whether the partner, or a primary source, confirmed that it asks for this. */
  readonly isConfirmed: boolean;
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
