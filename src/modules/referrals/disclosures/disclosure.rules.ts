import type { DisclosureDecision } from '../../cases/index.ts';
import type { AllowingAgreement, PartnerProfile } from '../../partners/index.ts';
import type { Answer, PacketCase, PacketModel, PacketParty } from '../packets/packet-model.rules.ts';

export const DISCLOSURE_KINDS = ['sealed', 'superseded', 'delivered', 'read', 'printed', 'recalled', 'told'] as const;
/**
 * sealed: put together, nothing left yet · delivered: the partner has it · read: somebody took the file · printed: on paper ·
 * superseded: another took its place · recalled: the partner was asked to destroy it · told: an answer without a packet.
 */
export type DisclosureKind = (typeof DISCLOSURE_KINDS)[number];

/** What a packet tells, by categories and numbers; never the data themselves. */
export interface DisclosedContent {
  readonly persons: readonly DisclosedPerson[];
  readonly orders: number;
  readonly obligations: number;
  readonly balances: number;
  readonly arrearsMonths: number;
  readonly partnerFileNumber: boolean;
  readonly answers: readonly { readonly section: string; readonly of: string | null; readonly fields: readonly string[] }[];
  readonly texts: readonly { readonly id: string; readonly of: string | null }[];
  readonly documents: readonly { readonly id: string; readonly pages: number }[];
  readonly attachments: readonly { readonly id: string; readonly kind: string; readonly of: string | null; readonly officialForm: string | null; readonly pages: number; readonly sha256: string }[];
  /** How many decisions kept something back, by their reason. */
  readonly keptBack: Readonly<Record<string, number>>;
  readonly sealedParts: readonly SealedPart[];
}

export interface DisclosedPerson {
  readonly number: string;
  readonly role: string;
  readonly isProtected: boolean;
  readonly categories: readonly string[];
}

/** What was told without a packet: by what (`inquiry`), its number, what of the case as codes, and the digest of what was said. */
export interface ToldContent {
  readonly by: string;
  readonly id: string;
  readonly about: readonly string[];
  readonly sha256: string;
  /** The digests of the attachments that left with it. */
  readonly papers?: readonly string[];
}

/** What is encrypted for one authority alone. */
export interface SealedPart {
  readonly name: string;
  readonly sha256: string;
  readonly authority: SealedFor;
  readonly persons: readonly DisclosedPerson[];
}

export interface SealedFor {
  readonly subject: string;
  readonly sha256: string;
  readonly validUntil: string;
}

/** On what ground it goes to the partner: the profile's, the county's own, and who approved it. */
export interface Grounds {
  readonly legalBasis: readonly string[];
  readonly isLegalBasisConfirmed: boolean;
  readonly exchange: string;
  readonly isExchangeConfirmed: boolean;
  readonly authorities: readonly { readonly code: string; readonly citation: string; readonly isConfirmed: boolean }[];
  readonly approver: string | null;
  /** The agreements in force that allowed it; absent where it was sealed only, and before that was written down. */
  readonly agreements?: readonly AllowingAgreement[];
}

export interface CountyAuthority {
  readonly code: string;
  readonly agency: string;
  readonly countries?: readonly string[];
  readonly citation: string;
  readonly confirmed: boolean;
}

/** What only sending knows: who approved it, and what allowed it. */
export interface OfSending {
  readonly approver?: string | null;
  readonly agreements?: readonly AllowingAgreement[];
}

export function groundsOf({ legalBasis, exchangeBasis, country }: PartnerProfile, agency: string, known: readonly CountyAuthority[], { approver = null, agreements }: OfSending = {}): Grounds {
  return {
    legalBasis: legalBasis.value, isLegalBasisConfirmed: legalBasis.confirmed, exchange: exchangeBasis.value.basis, isExchangeConfirmed: exchangeBasis.confirmed,
    authorities: known.filter((one) => one.agency === agency && (one.countries === undefined || one.countries.includes(country)))
      .map(({ code, citation, confirmed }) => ({ code, citation, isConfirmed: confirmed })),
    approver, ...(agreements ? { agreements } : {}),
  };
}

/** Read off the packet itself, not off what was decided about it: the log says what it holds. */
export function contentOf(
  model: PacketModel, decisions: readonly DisclosureDecision[], documents: DisclosedContent['documents'], sealedParts: readonly SealedPart[],
): DisclosedContent {
  const { supportCase, partner, interview, narratives, attachments, arrears } = model;
  const answersOf = (sections: Readonly<Record<string, Readonly<Record<string, Answer>>>>, of: string | null): DisclosedContent['answers'] =>
    Object.entries(sections).map(([section, fields]) => ({ section, of, fields: Object.keys(fields) }));
  return {
    persons: personsOf(supportCase), orders: supportCase.orders.length, obligations: supportCase.orders.reduce((sum, order) => sum + order.obligations.length, 0),
    balances: supportCase.balances.length, arrearsMonths: arrears.reduce((sum, statement) => sum + statement.months.length, 0), partnerFileNumber: partner.fileNumber !== null,
    answers: [...answersOf(interview.sections, null), ...Object.entries(interview.children).flatMap(([child, sections]) => answersOf(sections, child))],
    texts: narratives.map(({ id, participantId }) => ({ id, of: participantId })),
    documents: documents.map(({ id, pages }) => ({ id, pages })),
    attachments: attachments.map(({ attachmentId, kind, participantId, officialForm, pages, sha256 }) => ({ id: attachmentId, kind, of: participantId, officialForm, pages, sha256 })),
    keptBack: countsOf(decisions), sealedParts,
  };
}

function countsOf(decisions: readonly DisclosureDecision[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { decision, reason } of decisions) if (decision !== 'disclose') counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

export function personsOf({ parties }: PacketCase): DisclosedPerson[] {
  return parties.map((party) => ({ number: party.participantId, role: party.role, isProtected: party.isProtected, categories: categoriesOf(party) }));
}

const CATEGORIES: readonly (readonly [category: string, has: (party: PacketParty) => boolean])[] = [
  ['name', (party) => Boolean(party.given) || Boolean(party.family)],
  ['native_name', (party) => party.native !== null],
  ['other_names', (party) => party.aliases.length > 0],
  ['sex', (party) => party.sex !== null],
  ['birth_date', (party) => party.birthDate !== null],
  ['birth_place', (party) => party.birthPlace !== null],
  ['nationality', (party) => party.nationalities.length > 0],
  ['address', (party) => party.address !== null],
  ['agency_address', (party) => party.address === null && party.isProtected],
  ['phone', (party) => party.phones.length > 0],
  ['email', (party) => party.emails.length > 0],
  ['employer', (party) => party.employer !== null],
  ['employer_address', (party) => party.employerAddress !== null],
];

function categoriesOf(party: PacketParty): string[] {
  const plain = CATEGORIES.filter(([, has]) => has(party)).map(([category]) => category);
  return [...plain, ...new Set(party.identifiers.map(({ type }) => `identifier_${type.toLowerCase()}`))];
}
