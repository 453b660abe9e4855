/** Referrals to partners: opening, what is missing, sealing packets, sending; and the clocks that run meanwhile. */
export { buildPacket } from './packets/build-packet.ts';
export type { BuiltPacket } from './packets/build-packet.ts';
export { abandonBatch, batchOwner, beginBatch, listSealed, readBatch, runBatch } from './batches/batch-send.ts';
export { BATCH_MAX, beginBatchCheck, checkBatch, runBatchCheck } from './batches/check-batch.ts';
export type { BegunBatch } from './batches/batch-send.ts';
export type { BatchCandidate, CheckedBatch } from './batches/check-batch.ts';
export { SEALED_SORTS } from './batches/batch.store.ts';
export type { BatchItem, SealedReferral, SealedSort } from './batches/batch.store.ts';
export { changeServices, mayChangeServices } from './lifecycle/change-services.ts';
export type { ChangedServices } from './lifecycle/change-services.ts';
export { createReferral } from './lifecycle/create-referral.ts';
export type { CreatedReferral, ReferralRequest } from './lifecycle/create-referral.ts';
export { casesWithOpenReferral, exchangedCases } from './lifecycle/exchanged-cases.ts';
export { getReferral } from './lifecycle/get-referral.ts';
export type { ListedReferral, PacketSummary, ReferralView } from './lifecycle/get-referral.ts';
export { listReferrals } from './lifecycle/list-referrals.ts';
export type { ReferralPage } from './lifecycle/list-referrals.ts';
export { listSharedReferrals } from './lifecycle/list-shared-referrals.ts';
export type { SharedReferral } from './lifecycle/list-shared-referrals.ts';
export { readPacketContainer, readPacketPdf, readPacketReadingCopy, takePacketContainer } from './packets/read-packet.ts';
export type { PacketFile } from './packets/read-packet.ts';
export { lookAtPacket } from './packets/look-at-packet.ts';
export type { PacketPages } from './packets/look-at-packet.ts';
export { draftPacket, draftPages, previewPacket, readDraft } from './packets/draft-packet.ts';
export type { DraftPages, PacketDraft, PacketPreview } from './packets/draft-packet.ts';
export type { PacketDocument, SealedDocument } from './packets/packet-documents.rules.ts';
export { addressLines } from './documents/format.rules.ts';
export type { Answer, PacketModel, PacketParty, PlainAnswer } from './packets/packet-model.rules.ts';
export { acknowledgeRecall, withdrawnFromPacket } from './packets/recall-packet.ts';
export { AWAITED_ITEMS, DIRECTIONS, FINAL_STATES, HOPS, LIFECYCLE, MOVE_REASONS, REFERRAL_MOVES, REFERRAL_STATES, SHARED_STATES } from './lifecycle/lifecycle-table.rules.ts';
export type { Direction, LifecycleRow, ReferralMove, ReferralStatus } from './lifecycle/lifecycle-table.rules.ts';
export { lifecycleDot, lifecycleMermaid, lifecycleRows } from './lifecycle/draw-lifecycle.rules.ts';
export type { LifecycleWords } from './lifecycle/draw-lifecycle.rules.ts';
export { REFERRAL_SORTS } from './lifecycle/referral.store.ts';
export type { ReferralFilter, ReferralRow, ReferralSort } from './lifecycle/referral.store.ts';
export type { AwaitedRow, ReferralMoveRow } from './lifecycle/move.store.ts';
export { moveReferral } from './lifecycle/move-referral.ts';
export type { MovedReferral, MoveGiven } from './lifecycle/move-referral.ts';
export { receiveReferral } from './lifecycle/receive-referral.ts';
export type { ReceivedReferral, ReceivedRequest } from './lifecycle/receive-referral.ts';
export { officeCounties, ourOffice } from './packets/offices.ts';
export { incomingForExchange, incomingOfReferral, learnTheirNumber, packetFileForExchange, referralForExchange, referralsOfCaseWith, theirNumberFor } from './lifecycle/referral-for-exchange.ts';
export type { ExchangedIncoming, ExchangedReferral } from './lifecycle/referral-for-exchange.ts';
export { recordAwaitedItem } from './lifecycle/awaited-item.ts';
export { LEASE_MINUTES, listHeld, listHeldByAll, listQueue, reassignItem, returnItem, takeNext } from './queue/take-item.ts';
export type { QueuePage } from './queue/take-item.ts';
export { putQueueItem, removeQueueItem } from './queue/queue.store.ts';
export type { NewQueueItem, QueueItem } from './queue/queue.store.ts';
export { AGE_DAYS, CLOCK_STATES, PACKET_STATES } from './figures/figure.rules.ts';
export type { WorkFigures } from './figures/figure.rules.ts';
export { DISCLOSURE_SORTS } from './disclosures/disclosure-log.store.ts';
export type { LoggedDisclosure } from './disclosures/disclosure-log.store.ts';
export { listDisclosureLog } from './disclosures/list-disclosure-log.ts';
export { readWorkFigures, renewWorkFigures } from './figures/work-figures.ts';
export { getSegment, listSegment, listSegments } from './queue/segments.ts';
export type { SegmentPage } from './queue/segments.ts';
export { segmentWords } from './queue/segment-words.rules.ts';
export type { Segment } from './queue/segment-words.rules.ts';
export type { SegmentRow } from './queue/segment.store.ts';
export { sendReferral } from './lifecycle/send-referral.ts';
export type { SentReferral } from './lifecycle/send-referral.ts';
export { checkPacket, packetCertificate, signingCertificate } from './packets/check-packet.ts';
export type { PacketCheck } from './packets/check-packet.ts';
export { verifyPacket } from './packets/verify-packet.ts';
export { messageSheetPdf } from './printing/message-sheet.ts';
export type { MessageSheet } from './printing/message-sheet.ts';
export { printSets } from './printing/print-sets.ts';
export type { FileNumbers } from './printing/reference-sheet.ts';
export type { PrintRequest, PrintedSets } from './printing/print-sets.ts';
export { readReference } from './printing/reference.rules.ts';
export type { ReadReference, SheetReference } from './printing/reference.rules.ts';
export { resolveReference } from './printing/resolve-reference.ts';
export type { ResolvedReference } from './printing/resolve-reference.ts';

export { calendarOf, clockStanding, dueDate, getClock, isOfficeOpen, listClocks, listClosedDays, loadOfficeCalendars, officeDay, officeDays } from './clocks/index.ts';
export type { ReferralClock } from './clocks/referral-clock.rules.ts';
export { owedFigures } from './arrears/owed-figures.ts';
export type { OwedFigure } from './arrears/owed-figures.ts';
export { listOpenClocks } from './clocks/list-open-clocks.ts';
export type { OpenClock } from './clocks/open-clock.rules.ts';
export type { ClockLength, ClockRule, ClockStanding, ClosedDay, DayKind, DueDate, OfficeCalendar } from './clocks/index.ts';

export { discloseInterview, interviewDefinition, interviewFindings, interviewOf, loadInterviews, missingAnswers, NO_ANSWERS, readInterview, saveInterview, saveInterviewPart, sectionsFor, validateAnswers } from './interview/index.ts';
export type { InterviewAnswers, InterviewChild, InterviewDefinition, InterviewField, InterviewPart, InterviewSection, InterviewView, NarrativeSource, SavedInterview, SectionAnswers, StoredAnswer } from './interview/index.ts';

export { addAttachment, replaceAttachment } from './attachments/add-attachment.ts';
export type { AddedAttachment, AttachmentRequest } from './attachments/add-attachment.ts';
export { inspectFile } from './attachments/inspect-file.ts';
export type { Inspected } from './attachments/inspect-file.ts';
export { FILE_BYTES_MAX as ATTACHMENT_BYTES_MAX } from './attachments/attachment.rules.ts';
export type { TranslationDecision } from './attachments/attachment.rules.ts';
export type { AttachmentRow } from './attachments/attachment.store.ts';
export { confirmReviewed, removeAttachment, restoreAttachment, setTranslation } from './attachments/decide-attachment.ts';
export { ATTACHMENT_KINDS, TRANSLATION_NOT_NEEDED } from './attachments/kinds.ts';
export { enclosePapers, findingsOfEnclosed, papersToSend, SENT_BYTES_MAX, SENT_COUNT_MAX } from './attachments/papers-to-send.ts';
export type { EnclosedPaper, PaperToSend } from './attachments/papers-to-send.ts';
export { getAttachment, listAttachments, readAttachment } from './attachments/read-attachments.ts';
export type { AttachmentFile, AttachmentList, AttachmentView } from './attachments/read-attachments.ts';

export {
  approveTranslation, checkTranslation, declareTranslation, exportTexts, getText, giveTextBack, importTexts, listTexts, listWaitingTexts, narrativesForPacket, registerTexts,
  nameOfTaker, saveSegment, saveSentences, sourceCode, suggest, takeNextText, TEXT_HANDS, TEXT_LEASE_HOURS, TEXT_SORTS, TEXTS_PER_PAGE,
} from './translation/index.ts';
export type {
  EditOutcome, LanguagePair, NarrativesForPacket, SentenceEdit, Suggestion, TextHands, TextItem, TextLine, TextSort, TextState, TextSummary, TextView, Translator, WaitingQuery,
} from './translation/index.ts';

export {
  acceptIncoming, COVER_CHILDREN_MAX, getIncoming, INCOMING_BYTES_MAX, INCOMING_STATES, listIncoming, listSent, missingForCase, proposeAgain, proposeCase, readIncomingFile, receivePacket, REFUSAL_REASONS, refuseIncoming,
} from './incoming/index.ts';
export type {
  AcceptedIncoming, Candidate, Cover, CoverPerson, IncomingFacts, IncomingFile, IncomingQuery, IncomingState, IncomingTarget, IncomingView, ListedIncoming, PacketReceipt, Proposal,
  Proposed, ReceivedPacket, SentItem, ShownCandidate, ShownState, StatedPerson,
} from './incoming/index.ts';

export { INBOX_SHOWS, INBOX_SORTS, markOpened, readInbox, SOON_DAYS } from './inbox/index.ts';
export type { Inbox, InboxQuery, InboxRow, InboxShow, InboxSort } from './inbox/index.ts';

export { confirmInterviewReviewed, confirmTextReviewed, confirmTextsReviewed, markOf, textsToReview } from './text-reviews/index.ts';
export type { LeavingAnswers, LeavingText, LeavingTexts, Reading, RecordedReading, ReviewState } from './text-reviews/index.ts';

export { gateFreeText } from './disclosures/gate-free-text.ts';
export type { GatedTexts } from './disclosures/gate-free-text.ts';
export { recordTold } from './disclosures/record-disclosure.ts';
export type { ToldDisclosure } from './disclosures/record-disclosure.ts';
export { CASE_DISCLOSURE_SORTS } from './disclosures/disclosure.store.ts';
export { listDisclosures } from './disclosures/list-disclosures.ts';
export type { DisclosurePage, DisclosureQuery } from './disclosures/list-disclosures.ts';
export { DISCLOSURE_KINDS } from './disclosures/disclosure.rules.ts';
export type { DisclosedContent, DisclosureKind, Grounds, ToldContent } from './disclosures/disclosure.rules.ts';
export type { DisclosureRow } from './disclosures/disclosure.store.ts';
export { samplePages, sampleServices } from './samples/sample-packet.ts';
export type { SamplePages, SampleWanted } from './samples/sample-packet.ts';
export { listForms, listFormSets, officialForms, unconfirmedReferralData } from './country-data.ts';
export type { KnownForm } from './country-data.ts';
export { listOfficeCalendars } from './clocks/index.ts';
export { checkCountryData, checkProfile } from './check-country-data.ts';
export type { CheckedPartner, CountryDataCheck } from './check-country-data.ts';
export { INCOMING_SORTS, SHOWN_STATES } from './incoming/index.ts';
export type { IncomingSort, SentQuery } from './incoming/index.ts';
