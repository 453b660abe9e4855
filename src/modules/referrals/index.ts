/** Referrals to partners: opening, what is missing, sealing packets, sending; and the clocks that run meanwhile. */
export { buildPacket } from './packets/build-packet.ts';
export type { BuiltPacket } from './packets/build-packet.ts';
export { createReferral } from './lifecycle/create-referral.ts';
export type { CreatedReferral, ReferralRequest } from './lifecycle/create-referral.ts';
export { getReferral } from './lifecycle/get-referral.ts';
export type { PacketSummary, ReferralView } from './lifecycle/get-referral.ts';
export { listReferrals } from './lifecycle/list-referrals.ts';
export type { ReferralPage } from './lifecycle/list-referrals.ts';
export { readPacketContainer, readPacketPdf } from './packets/read-packet.ts';
export type { PacketFile } from './packets/read-packet.ts';
export { acknowledgeRecall } from './packets/recall-packet.ts';
export { REFERRAL_STATES } from './lifecycle/referral.rules.ts';
export type { ReferralMove, ReferralStatus } from './lifecycle/referral.rules.ts';
export type { ReferralFilter, ReferralMoveRow, ReferralRow } from './lifecycle/referral.store.ts';
export { sendReferral } from './lifecycle/send-referral.ts';
export type { SentReferral } from './lifecycle/send-referral.ts';
export { verifyPacket } from './packets/verify-packet.ts';
export { printSets } from './printing/print-sets.ts';
export type { PrintRequest, PrintedSets } from './printing/print-sets.ts';
export { readReference } from './printing/reference.rules.ts';
export type { ReadReference, SheetReference } from './printing/reference.rules.ts';
export { resolveReference } from './printing/resolve-reference.ts';
export type { ResolvedReference } from './printing/resolve-reference.ts';

export { calendarOf, clockStanding, dueDate, getClock, isOfficeOpen, listClocks, listClosedDays, loadOfficeCalendars } from './clocks/index.ts';
export type { ClockLength, ClockRule, ClockStanding, ClosedDay, DayKind, DueDate, OfficeCalendar } from './clocks/index.ts';

export { discloseInterview, interviewDefinition, interviewFindings, interviewOf, loadInterviews, NO_ANSWERS, readInterview, saveInterview, saveInterviewPart, sectionsFor, validateAnswers } from './interview/index.ts';
export type { InterviewAnswers, InterviewChild, InterviewDefinition, InterviewField, InterviewPart, InterviewSection, InterviewView, NarrativeSource, SavedInterview, SectionAnswers, StoredAnswer } from './interview/index.ts';
