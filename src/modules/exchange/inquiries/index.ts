/** Questions of partners' officers for a person at the counter: consent, the scoped answer, the answer by hand. */
export { askAboutCase } from './ask-about-case.ts';
export type { AskedInquiry } from './ask-about-case.ts';
export { answerInquiry, inquiryToAnswer } from './answer-inquiry.ts';
export type { Gathered, InquiryToAnswer } from './answer-inquiry.ts';
export { confirmAnswer, declineInquiry, draftAnswer, withdrawConsent } from './answer-by-hand.ts';
export type { DraftedAnswer, HandAnswer } from './answer-by-hand.ts';
export { consentTexts, currentConsentText } from './consent-texts.ts';
export { askByMessage, replyToInquiry } from './message-inquiry.ts';
export { listInquiries, readInquiry } from './read-inquiry.ts';
export type { InquiryPage, InquiryQuery, InquiryView, ListedInquiry, ShownInquiryState } from './read-inquiry.ts';
export { NEXT_STEPS, numbersGiven } from './answer.rules.ts';
export type { AnswerFacts, CaseFacts, NextStep, NumberKind } from './answer.rules.ts';
export type { AnswerContent, AnswerRow } from './answer.store.ts';
export type { ConsentRow } from './inquiry.store.ts';
export { CONSENT_FORMS, DECLINE_REASONS, DOCUMENTS_SHOWN, INQUIRY_ITEM, PERSON_REASONS, QUESTIONS, RELATIONS } from './inquiry.rules.ts';
export type { AskChannel, AskedPerson, ConsentForm, ConsentGiven, DocumentShown, InquiryRequest, InquiryState, Question, Relation } from './inquiry.rules.ts';
export { INQUIRY_SORTS } from './inquiry.store.ts';
export type { InquirySort } from './inquiry.store.ts';
