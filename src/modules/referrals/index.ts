/** Referrals to partners: opening, what is missing, sealing packets, sending; and the clocks that run meanwhile. */
export { buildPacket } from './build-packet.ts';
export type { BuiltPacket } from './build-packet.ts';
export { createReferral } from './create-referral.ts';
export type { CreatedReferral, ReferralRequest } from './create-referral.ts';
export { getReferral } from './get-referral.ts';
export type { PacketSummary, ReferralView } from './get-referral.ts';
export { listReferrals } from './list-referrals.ts';
export type { ReferralPage } from './list-referrals.ts';
export { readPacketContainer, readPacketPdf } from './read-packet.ts';
export type { PacketFile } from './read-packet.ts';
export { acknowledgeRecall } from './recall-packet.ts';
export { REFERRAL_STATES } from './referral.rules.ts';
export type { ReferralMove, ReferralStatus } from './referral.rules.ts';
export type { ReferralFilter, ReferralMoveRow, ReferralRow } from './referral.store.ts';
export { sendReferral } from './send-referral.ts';
export type { SentReferral } from './send-referral.ts';
export { verifyPacket } from './verify-packet.ts';

export { calendarOf, clockStanding, dueDate, getClock, isOfficeOpen, listClocks, listClosedDays, loadOfficeCalendars } from './clocks/index.ts';
export type { ClockLength, ClockRule, ClockStanding, ClosedDay, DayKind, DueDate, OfficeCalendar } from './clocks/index.ts';
