import { accountAlarmsPage } from './administrator/account-alarms/page.ts';
import { userPages } from './administrator/user/page.ts';
import { usersPages } from './administrator/users/page.ts';
import { accountPages } from './anyone/account/page.ts';
import { administrationPage } from './administrator/home/page.ts';
import { administeredPartnersPages } from './administrator/partners/page.ts';
import { partnerPages } from './administrator/partner/page.ts';
import { partnerJsonPage } from './administrator/partner-json/page.ts';
import { partnerPartPage } from './administrator/partner-part/page.ts';
import { partnerReviewPage } from './administrator/partner-review/page.ts';
import { partnerVersionPage } from './administrator/partner-version/page.ts';
import { glossaryPage } from './administrator/glossary/page.ts';
import { glossaryImportPages } from './administrator/glossary-import/page.ts';
import { termPage } from './administrator/term/page.ts';
import { formSamplePages } from './administrator/form-sample/page.ts';
import { formsPage } from './administrator/forms/page.ts';
import { dataPage } from './administrator/data/page.ts';
import { keysPage } from './administrator/keys/page.ts';
import { toConfirmPage } from './administrator/to-confirm/page.ts';
import { clientPages } from './administrator/clients/page.ts';
import { helpPages } from './anyone/help/page.ts';
import { homePage } from './anyone/home/page.ts';
import { packetContainerPage, packetPageImage, packetPagesPage, packetPdfPage, packetSetsPage } from './anyone/packet/page.ts';
import { payeePage, payeeThanksPage } from './anyone/payee/page.ts';
import { partnersPage } from './anyone/partners/page.ts';
import { tourPages } from './anyone/tour/page.ts';
import { stepsPage, tickPage } from './anyone/steps/page.ts';
import { signInPage } from './anyone/sign-in/page.ts';
import { signOutPage } from './anyone/sign-out/page.ts';
import { stayPage } from './anyone/stay/page.ts';
import { workEventsPage, workPage } from './anyone/work/page.ts';
import { agreementPages } from './attorney/agreement/page.ts';
import { agreementsPage } from './attorney/agreements/page.ts';
import { applicationPages } from './attorney/application/page.ts';
import { applicationsPage } from './attorney/applications/page.ts';
import { attachmentPages } from './attorney/attachments/page.ts';
import { casePage } from './attorney/case/page.ts';
import { casesPage } from './attorney/cases/page.ts';
import { conversationBeginPage } from './attorney/conversation-begin/page.ts';
import { conversationPage } from './attorney/conversation/page.ts';
import { conversationsPage } from './attorney/conversations/page.ts';
import { deliveryPages } from './attorney/deliveries/page.ts';
import { reminderPages } from './attorney/reminders/page.ts';
import { incomingPages } from './attorney/incoming/page.ts';
import { documentsPages } from './attorney/documents/page.ts';
import { draftsPage } from './attorney/drafts/page.ts';
import { messagePages } from './attorney/message/page.ts';
import { parkedPages } from './attorney/parked/page.ts';
import { writePage } from './attorney/write/page.ts';
import { disclosuresPage } from './attorney/disclosures/page.ts';
import { inquiriesPage } from './attorney/inquiries/page.ts';
import { inquiryPages } from './attorney/inquiry/page.ts';
import { interviewPage, interviewStepPage } from './attorney/interview/page.ts';
import { draftImagePage, draftPagesPage } from './attorney/preview/page.ts';
import { queuePage, queueReassignPage, queueReturnPage, queueTakePage } from './attorney/queue/page.ts';
import { revealPage } from './attorney/reveal/page.ts';
import { referPage } from './attorney/refer/page.ts';
import { batchPage } from './attorney/batch/page.ts';
import { batchCheckPage } from './attorney/batch-check/page.ts';
import { batchResultPage } from './attorney/batch-result/page.ts';
import { checkPage } from './attorney/check/page.ts';
import { confirmationOfSending } from './attorney/confirmation/page.ts';
import { narrativePage } from './attorney/narrative/page.ts';
import { partiesPage } from './attorney/parties/page.ts';
import { previewPage, recallPage, referralPage } from './attorney/referral/page.ts';
import { sendPage } from './attorney/send/page.ts';
import { servicesPage } from './attorney/services/page.ts';
import { sealPage, signPage } from './attorney/sign/page.ts';
import { applyPages } from './officer/application/page.ts';
import { discardDraftPage } from './officer/application-discard/page.ts';
import { applyNewPage } from './officer/application-new/page.ts';
import { appliedPage } from './officer/applications/page.ts';
import { checkPages } from './officer/check/page.ts';
import { inboxPage } from './officer/inbox/page.ts';
import { askedPage } from './officer/inquiries/page.ts';
import { askPages } from './officer/inquiry/page.ts';
import { listPages } from './officer/lists/page.ts';
import { offerPages } from './officer/offer/page.ts';
import { receivedReferralPage } from './officer/referral/page.ts';
import { receiptPages } from './officer/receipts/page.ts';
import { sendPapersPage } from './officer/send/page.ts';
import { tellPage } from './officer/tell/page.ts';
import { confirmationPage, payeeLinkPage } from './reconciler/confirmation/page.ts';
import { agreementPage } from './reconciler/agreement/page.ts';
import { confirmationsPage } from './reconciler/confirmations/page.ts';
import { caseloadPage } from './reconciler/caseload/page.ts';
import { refusedPostingsPage } from './reconciler/refused/page.ts';
import { statementPage } from './reconciler/statement/page.ts';
import { mappingPage } from './reconciler/mapping/page.ts';
import { mappingsPage } from './reconciler/mappings/page.ts';
import { orderMessagePage, orderPage } from './reconciler/order/page.ts';
import { ordersPage } from './reconciler/orders/page.ts';
import { dayPage, reopenDayPage, signDayPage } from './reconciler/day/page.ts';
import { daysPage } from './reconciler/days/page.ts';
import { outgoingExportPage, outgoingPage } from './reconciler/outgoing/page.ts';
import { pickupPage } from './reconciler/pickup/page.ts';
import { runPage } from './reconciler/run/page.ts';
import { runsPage } from './reconciler/runs/page.ts';
import { holdsPage } from './reconciler/holds/page.ts';
import { suspensePage } from './reconciler/suspense/page.ts';
import { suspenseManyPage } from './reconciler/suspense-many/page.ts';
import { nextItemPage, previousItemPage, suspenseItemPage } from './reconciler/suspense-item/page.ts';
import { auditLogPages } from './supervisor/audit-log/page.ts';
import { disclosureLogPage } from './supervisor/disclosure-log/page.ts';
import { overviewPages } from './supervisor/overview/page.ts';
import { whoSawPage } from './supervisor/who-saw/page.ts';
import { textsThatLeavePage } from './attorney/texts/page.ts';
import { approveTextPage, declareTextPage, returnTextPage, textPage } from './translator/text/page.ts';
import { takeTextPage, textsPage } from './translator/texts/page.ts';
import { languagePage } from './kept-forms/rescue.ts';
import type { Page } from './visit.ts';

/** Every page of the application. */
export const PAGES: readonly Page[] = [
  signInPage,
  signOutPage,
  homePage,
  ...helpPages,
  ...receiptPages,
  ...tourPages,
  languagePage,
  stayPage,
  workPage,
  workEventsPage,
  partnersPage,
  agreementsPage,
  ...agreementPages,
  packetPdfPage,
  packetPagesPage,
  packetPageImage,
  packetContainerPage,
  packetSetsPage,
  stepsPage,
  tickPage,
  queuePage,
  queueTakePage,
  queueReturnPage,
  queueReassignPage,
  casesPage,
  casePage,
  revealPage,
  disclosuresPage,
  referPage,
  referralPage,
  previewPage,
  draftPagesPage,
  draftImagePage,
  interviewPage,
  interviewStepPage,
  narrativePage,
  partiesPage,
  servicesPage,
  checkPage,
  signPage,
  sealPage,
  recallPage,
  sendPage,
  confirmationOfSending,
  batchPage,
  batchCheckPage,
  batchResultPage,
  ...attachmentPages,
  ...incomingPages,
  ...reminderPages,
  ...deliveryPages,
  conversationsPage,
  conversationBeginPage,
  conversationPage,
  ...documentsPages,
  writePage,
  ...messagePages,
  draftsPage,
  ...parkedPages,
  textsThatLeavePage,
  textsPage,
  takeTextPage,
  textPage,
  declareTextPage,
  returnTextPage,
  approveTextPage,
  inboxPage,
  receivedReferralPage,
  tellPage,
  ...checkPages,
  sendPapersPage,
  askedPage,
  ...askPages,
  inquiriesPage,
  ...inquiryPages,
  appliedPage,
  applyNewPage,
  discardDraftPage,
  ...applyPages,
  applicationsPage,
  ...applicationPages,
  statementPage,
  refusedPostingsPage,
  caseloadPage,
  confirmationsPage,
  confirmationPage,
  payeeLinkPage,
  payeePage,
  payeeThanksPage,
  ...offerPages,
  ...listPages,
  mappingsPage,
  mappingPage,
  agreementPage,
  outgoingPage,
  outgoingExportPage,
  daysPage,
  dayPage,
  signDayPage,
  reopenDayPage,
  pickupPage,
  runsPage,
  runPage,
  ordersPage,
  orderPage,
  orderMessagePage,
  suspensePage,
  suspenseManyPage,
  suspenseItemPage,
  nextItemPage,
  previousItemPage,
  holdsPage,
  ...clientPages,
  administrationPage,
  ...administeredPartnersPages,
  ...partnerPages,
  partnerPartPage,
  partnerJsonPage,
  partnerReviewPage,
  partnerVersionPage,
  glossaryPage,
  termPage,
  ...glossaryImportPages,
  formsPage,
  ...formSamplePages,
  dataPage,
  keysPage,
  toConfirmPage,
  ...overviewPages,
  whoSawPage,
  disclosureLogPage,
  ...auditLogPages,
  accountAlarmsPage,
  ...usersPages,
  ...userPages,
  ...accountPages,
];
