/** Support cases: importing extracts, looking cases up, and what of a case may leave to a partner. */
export { disclose } from './disclosure.rules.ts';
export type { AgencyAddress, Disclosure, DisclosureDecision, DisclosureReason, DisclosedCase, DisclosedEmployer, DisclosedIdentifier, DisclosedOrder, DisclosedParticipant, DisclosedResidence, Recipient } from './disclosure.rules.ts';
export { protectedAgainst, protectedParticipants } from './nondisclosure.rules.ts';
export { normaliseIdentifier } from './identifier.rules.ts';
export { PAYING_ROLES, RECEIVING_ROLES } from './support-case.rules.ts';
export type {
  Account, AccountKind, Assistance, Balance, Bucket, Employer, Frequency, HistoryEntry, Identifier, IdentifierType, Nondisclosure, Obligation, ObligationKind,
  Participant, PartnerCaseNumber, PersonName, Residence, Role, Sex, Source, SupportCase, SupportOrder,
} from './support-case.rules.ts';
