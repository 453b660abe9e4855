/** Support cases: importing extracts, looking cases up, and what of a case may leave to a partner. */
export { disclose } from './disclosure.rules.ts';
export { discloseToAuthority } from './disclose-to-authority.rules.ts';
export type { Disclosure, DisclosedCase, DisclosedOrder } from './disclosure.rules.ts';
export type { AgencyAddress, DisclosureDecision, DisclosureReason, Recipient } from './disclosure-ledger.rules.ts';
export type { DisclosedEmployer, DisclosedIdentifier, DisclosedParticipant, DisclosedResidence } from './participant-disclosure.rules.ts';
export { textGate } from './text-gate.rules.ts';
export type { TextGate } from './text-gate.rules.ts';
export { protectedAgainst, protectedParticipants } from './nondisclosure.rules.ts';
export { normaliseIdentifier } from './identifier.rules.ts';
export { PAYING_ROLES, RECEIVING_ROLES } from './support-case.rules.ts';
export type {
  Account, AccountKind, Assistance, Balance, Bucket, Employer, Frequency, HistoryEntry, Identifier, IdentifierType, Nondisclosure, Obligation, ObligationKind,
  Participant, PartnerCaseNumber, PersonName, Residence, Role, Sex, Source, SupportCase, SupportOrder,
} from './support-case.rules.ts';
export { importCaseExtract } from './import-case-extract.ts';
export type { ImportProgress, ImportRequest, ImportSummary } from './import-case-extract.ts';
export { casesOfList } from './cases-of-list.ts';
export { findCase, getCase, viewCase } from './get-case.ts';
export { countyName } from './county-court.rules.ts';
export { officeDay } from './office-day.ts';
export type { CaseView } from './get-case.ts';
export type { Screen, ScreenPerson } from './screen.rules.ts';
export { confirmProtectionEnd } from './confirm-protection-end.ts';
export type { ProtectionEnd } from './confirm-protection-end.ts';
export { learnPartnerNumber } from './learn-partner-number.ts';
export { readPartnerNumbers } from './support-case.store.ts';
export type { PartnerNumber } from './learn-partner-number.ts';
export { findCasesByIdentifier, listCases } from './list-cases.ts';
export { isIdentifierForm, MATCHES_MAX, mayBeIdentifier, searchCases } from './search-cases.ts';
export type { CaseSearch, Match, SearchedCases } from './search-cases.ts';
export { wordsOf as searchWordsOf } from './search-terms.rules.ts';
export type { CaseSortKey, MatchReason } from './case-search.store.ts';
export type { CaseList, CaseListRequest } from './list-cases.ts';
export type { CaseListItem, CaseVersion } from './support-case.store.ts';
export { maskedData, maskNumber, REVEAL_REASONS } from './masked-data.rules.ts';
export type { MaskedDatum, MaskedKind, RevealReason } from './masked-data.rules.ts';
export { listRevealAlarms, noteMessageReveal, raiseTooManyReveals, revealDatum, REVEALS_PER_HOUR } from './reveal-datum.ts';
export type { RevealedDatum, RevealRequest } from './reveal-datum.ts';
export { maskIdentifier, maskSupportCase } from './masking.rules.ts';
export { clabeCheckDigit, curpCheckDigit, curpLetters, rfcCheckDigit } from './mexican-identifier.rules.ts';
export { residentCheckDigits } from './identifier.rules.ts';
export { workOutFigures, workOutSearchTerms } from './work-out-figures.ts';
export type { PersonOfCase } from './person.store.ts';
export type { PersonsOfCase } from './persons-of-case.ts';
export { findPersons } from './find-persons.ts';
export type { FoundPerson, FoundPersons } from './find-persons.ts';
export { personsOfCase } from './persons-of-case.ts';
