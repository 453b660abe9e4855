export type {
  AccountRule, CaseNumberForm, ColumnName, ColumnProfile, DocumentRule, ExchangeBasis, Fact, FactConfirmation, FileDialect, FileKind, Localized, PartnerAddress, PartnerHop,
  PartnerProfile, PaymentParty, PaymentStatus, ServiceCode,
} from './partner-profile.rules.ts';
export { COLUMN_NAMES, SERVICE_CODES } from './partner-profile.rules.ts';
export { columnsByHeading, headingKey, rateOperation, statusesByWord, unconfirmedFacts } from './partner.rules.ts';
export type { UnconfirmedFact } from './partner.rules.ts';
export * from './agreements/index.ts';
export * from './kits/index.ts';
export { checkedProfile } from './load-partners.ts';
export { fileDialect, findPartner, getPartner, listPartners, loadPartners, partnerName, partnersForCounty } from './partner-registry.ts';
