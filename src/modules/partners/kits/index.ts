export { followKits, refreshKits } from './effective-kits.ts';
export { changePartnerDraft, dropPartnerDraft, getPartnerEdit, getProfileVersion, listPartnerDrafts, publishPartner, returnToVersion, reviewDraft, startPartner } from './edit-partner.ts';
export type { DraftReview, PartnerEdit, ProfileVersion, Publication } from './edit-partner.ts';
export { changedTerms, getTerm, saveTerms, termHistory, TERMS_AT_ONCE_MAX } from './edit-terms.ts';
export type { TermVersion } from './edit-terms.ts';
export type { KitDraft } from './kit.store.ts';
export { consequencesOf, differences } from './profile-changes.ts';
export type { Consequences, Difference } from './profile-changes.ts';
export { TERM_COLUMNS, TERM_STATUSES, termFindings } from './check-term.ts';
