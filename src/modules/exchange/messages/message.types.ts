// Made from schemas/xsd/puente-message.v1.xsd by `npm run schemas`; not edited by hand.
export interface Named {
  readonly lang: string; readonly value: string;
}
export interface Address {
  readonly country: string; readonly verifiedOn?: string; readonly line?: readonly string[]; readonly neighborhood?: string; readonly locality?: string;
  readonly region?: string; readonly postalCode?: string;
}
export interface Office {
  readonly name: readonly Named[]; readonly address?: Address;
}
export interface Correspondent {
  readonly county?: string; readonly partnerId?: string; readonly country?: string; readonly fileNumber?: string; readonly name: readonly Named[];
  readonly address?: Address;
}
export interface Relay {
  readonly partnerId?: string; readonly county?: string; readonly country?: string; readonly hop?: string; readonly receivedAt?: string; readonly relayedAt: string;
  readonly fileNumber?: string; readonly name: readonly Named[]; readonly address?: Address;
}
export interface PersonName {
  readonly given?: string; readonly family?: string; readonly secondFamily?: string; readonly native?: string; readonly alias?: readonly string[];
}
export interface Identifier {
  readonly type: string; readonly country?: string; readonly value: string;
}
export interface Employer {
  readonly name: string; readonly address?: Address;
}
export interface Party {
  readonly participantId: string; readonly role: 'obligor' | 'alleged_parent' | 'obligee' | 'caretaker' | 'dependent'; readonly protected: boolean;
  readonly name: PersonName; readonly sex?: string; readonly birthDate?: string; readonly birthPlace?: string; readonly nationality?: readonly string[];
  readonly address?: Address; readonly phone?: readonly string[]; readonly email?: readonly string[]; readonly identifier?: readonly Identifier[];
  readonly employer?: Employer;
}
export interface Obligation {
  readonly obligationId: string; readonly kind: string; readonly amount: string; readonly currency: string; readonly frequency: string; readonly startsOn: string;
  readonly endsOn?: string; readonly for?: readonly string[];
}
export interface Order {
  readonly orderId: string; readonly jurisdiction?: string; readonly issuedOn: string; readonly parentageEstablished: boolean; readonly tribunal?: string;
  readonly docketNumber?: string; readonly obligation?: readonly Obligation[];
}
export interface Balance {
  readonly bucket: string; readonly amount: string; readonly currency: string; readonly asOf: string;
}
export interface SupportCase {
  readonly caseId?: string; readonly openedOn: string; readonly assistance?: string; readonly party: readonly Party[]; readonly order?: readonly Order[];
  readonly balance?: readonly Balance[];
}
export interface ArrearsMonth {
  readonly month: string; readonly charged: string; readonly adjusted: string; readonly paid: string; readonly paidToCurrent: string; readonly paidToPrincipal: string;
  readonly paidToInterest: string; readonly principal: string; readonly interestCharged: string; readonly interest: string;
}
export interface Arrears {
  readonly currency: string; readonly from: string; readonly until: string; readonly principal: string; readonly interest: string; readonly owed: string;
  readonly rule?: { readonly ruleId: string; readonly jurisdiction: string; readonly ratePercent: string; readonly citation: string; };
  readonly month: readonly ArrearsMonth[];
}
export interface Answer {
  readonly section: string; readonly field: string; readonly of?: string; readonly value?: string;
  readonly row?: readonly { readonly cell: readonly { readonly field: string; readonly value: string; }[]; }[];
}
export interface Narrative {
  readonly id: string; readonly of?: string; readonly sourceLanguage: string; readonly targetLanguage: string; readonly translator: string;
  readonly qualification: string; readonly translatedOn: string; readonly segment: readonly { readonly source: string; readonly target: string; }[];
}
export interface Attachment {
  readonly attachmentId: string; readonly kind: string; readonly of?: string; readonly fileName: string; readonly mediaType: string; readonly pages: number;
  readonly byteCount: number; readonly sha256: string; readonly language?: string; readonly translatedBy?: string; readonly noTranslation?: string;
  readonly officialForm?: string;
}
export interface Referral {
  readonly referralId: string;
  readonly service: readonly ('locate' | 'establish_parentage' | 'establish_order' | 'register_enforce' | 'enforce' | 'modify' | 'collect_forward' | 'serve_documents' | 'obtain_evidence' | 'status' | 'payment_location' | 'close')[];
  readonly legalBasis?: readonly string[]; readonly payTo: Office; readonly supportCase: SupportCase; readonly arrears?: readonly Arrears[];
  readonly answer?: readonly Answer[]; readonly narrative?: readonly Narrative[]; readonly attachment?: readonly Attachment[];
}
export interface Coded {
  readonly code: string; readonly of?: string; readonly citation?: string;
}
export interface ReceivingOffice {
  readonly partnerId?: string; readonly county?: string; readonly country?: string; readonly hop?: string; readonly forwardedOn?: string; readonly fileNumber?: string;
  readonly name: readonly Named[]; readonly address?: Address;
}
export interface Remark {
  readonly sourceLanguage: string; readonly targetLanguage?: string; readonly translator?: string; readonly qualification?: string; readonly translatedOn?: string;
  readonly segment: readonly { readonly source: string; readonly target?: string; }[];
}
export interface Acknowledgment {
  readonly status: 'complete' | 'missing_items' | 'forwarded' | 'case_not_recognised'; readonly receivedOn: string; readonly missing?: readonly Coded[];
  readonly forwardedTo?: ReceivingOffice; readonly notRecognised?: readonly string[]; readonly remark?: readonly Remark[];
}
export interface StatusRequest {
  readonly since?: string; readonly question?: readonly string[]; readonly remark?: readonly Remark[];
}
export interface Milestone {
  readonly kind: string; readonly on: string; readonly of?: string;
}
export interface Money {
  readonly amount: string; readonly currency: string;
}
export interface LastPayment {
  readonly amount: string; readonly currency: string; readonly on: string;
}
export interface NextStep {
  readonly kind: string; readonly expectedBy?: string;
}
export interface Enclosure {
  readonly attachmentId: string; readonly kind: string; readonly of?: string; readonly fileName: string; readonly mediaType: string; readonly byteCount: number;
  readonly sha256: string; readonly pages?: number; readonly language?: string;
}
export interface StatusReport {
  readonly state: string; readonly asOf: string; readonly lastReportOn?: string; readonly milestone?: readonly Milestone[]; readonly lastPayment?: LastPayment;
  readonly nextStep?: readonly NextStep[]; readonly remark?: readonly Remark[]; readonly attachment?: readonly Enclosure[];
}
export interface RequestedDocument {
  readonly itemId?: string; readonly kind: string; readonly of?: string; readonly from?: string; readonly until?: string; readonly form?: string;
  readonly copies?: number;
}
export interface StatedPerson {
  readonly personId?: string; readonly role?: 'obligor' | 'alleged_parent' | 'obligee' | 'caretaker' | 'dependent'; readonly name: PersonName;
  readonly birthDate?: string; readonly identifier?: readonly Identifier[];
}
export interface DocumentRequest {
  readonly requestId: string; readonly neededBy?: string; readonly document: readonly RequestedDocument[]; readonly person?: readonly StatedPerson[];
  readonly remark?: readonly Remark[];
}
export interface SuppliedDocument {
  readonly itemId?: string; readonly kind: string; readonly of?: string; readonly from?: string; readonly until?: string; readonly form?: string;
  readonly attachment: readonly Enclosure[];
}
export interface UnavailableDocument {
  readonly itemId?: string; readonly kind: string; readonly of?: string; readonly reason: string; readonly expectedOn?: string;
}
export interface DocumentResponse {
  readonly requestId?: string; readonly document?: readonly SuppliedDocument[]; readonly notAvailable?: readonly UnavailableDocument[];
  readonly remark?: readonly Remark[];
}
export interface Consent {
  readonly reference: string; readonly kind: string; readonly of?: string; readonly givenOn: string; readonly until?: string; readonly sha256?: string;
}
export interface Inquiry {
  readonly inquiryId?: string; readonly question: readonly string[]; readonly person?: StatedPerson; readonly consent?: readonly Consent[];
  readonly remark?: readonly Remark[];
}
export interface Fact {
  readonly kind: string; readonly code?: string; readonly on?: string; readonly amount?: string; readonly currency?: string; readonly text?: readonly Named[];
}
export interface Reply {
  readonly status: 'answered' | 'partly' | 'not_answered'; readonly inquiryId?: string; readonly fact?: readonly Fact[]; readonly withheld?: readonly Coded[];
  readonly remark?: readonly Remark[]; readonly attachment?: readonly Enclosure[];
}
export interface OrderChange {
  readonly change: string; readonly effectiveOn: string; readonly order: readonly Order[]; readonly remark?: readonly Remark[];
  readonly attachment?: readonly Enclosure[];
}
export interface Account {
  readonly scheme: string; readonly country?: string; readonly currency?: string; readonly holder?: string; readonly bank?: string; readonly value: string;
}
export interface PaymentLocationChange {
  readonly change: string; readonly effectiveOn: string; readonly payTo: Office; readonly account?: readonly Account[]; readonly remark?: readonly Remark[];
  readonly attachment?: readonly Enclosure[];
}
export interface RemittanceLine {
  readonly folio: string; readonly fromFileNumber?: string; readonly toFileNumber?: string; readonly gross: string; readonly grossCurrency: string;
  readonly rate?: string; readonly rateSource?: string; readonly rateOn?: string; readonly fee: string; readonly net: string; readonly collectedOn: string;
  readonly receivedOn?: string; readonly sentOn: string; readonly concept?: string; readonly debtor: PersonName; readonly creditor: PersonName;
  readonly note?: readonly Named[];
}
export interface RemittanceAdvice {
  readonly transferNumber: string; readonly sentOn: string; readonly total: string; readonly currency: string; readonly lineCount: number;
  readonly line: readonly RemittanceLine[]; readonly remark?: readonly Remark[];
}
export interface ForwardingLine {
  readonly folio: string; readonly disbursementId?: string; readonly fromFileNumber?: string; readonly toFileNumber?: string;
  readonly status: 'delivered' | 'returned' | 'pending' | 'cancelled'; readonly on: string; readonly gross: string; readonly grossCurrency: string;
  readonly rate?: string; readonly fee?: string; readonly delivered?: string; readonly deliveredCurrency?: string; readonly reason?: string;
  readonly creditor: PersonName; readonly note?: readonly Named[];
}
export interface ForwardingReport {
  readonly lineCount: number; readonly line: readonly ForwardingLine[]; readonly remark?: readonly Remark[];
}
export interface ConfirmedLine {
  readonly folio: string; readonly sent: string; readonly received: string; readonly currency: string; readonly reason?: string;
}
export interface ReceiptConfirmation {
  readonly transferNumber: string; readonly receivedOn: string; readonly sent: string; readonly received: string; readonly currency: string;
  readonly receivedEqualsSent: boolean; readonly reason?: string; readonly line?: readonly ConfirmedLine[]; readonly remark?: readonly Remark[];
}
export interface CasePair {
  readonly fromFileNumber?: string; readonly toFileNumber?: string; readonly state: 'open' | 'closed'; readonly openedOn?: string; readonly closedOn?: string;
  readonly debtor?: PersonName; readonly creditor?: PersonName;
}
export interface CaseloadReconciliation {
  readonly asOf: string; readonly pairCount: number; readonly part?: number; readonly parts?: number; readonly pair: readonly CasePair[];
  readonly remark?: readonly Remark[];
}
export interface Withdrawal {
  readonly reason: string; readonly effectiveOn?: string; readonly remark?: readonly Remark[];
}
export interface ClosureNotice {
  readonly reason: string; readonly citation?: string; readonly closedOn?: string; readonly closesUnlessBy?: string; readonly remark?: readonly Remark[];
  readonly attachment?: readonly Enclosure[];
}
export interface Reminder {
  readonly of: string; readonly overdue: 'response' | 'attachments'; readonly dueOn: string; readonly count?: number; readonly awaited?: readonly Coded[];
  readonly remark?: readonly Remark[];
}
export interface Refusal {
  readonly of: string; readonly reason: readonly Coded[]; readonly remark?: readonly Remark[];
}
export interface Application {
  readonly applicationId: string; readonly takenOn: string; readonly agreementId?: string; readonly applicant: string;
  readonly service: readonly ('locate' | 'establish_parentage' | 'establish_order' | 'register_enforce' | 'enforce' | 'modify' | 'collect_forward' | 'serve_documents' | 'obtain_evidence' | 'status' | 'payment_location' | 'close')[];
  readonly party: readonly Party[]; readonly consent: readonly Consent[]; readonly order?: readonly Order[]; readonly remark?: readonly Remark[];
  readonly attachment?: readonly Enclosure[];
}
export interface Change {
  readonly kind: string; readonly of?: string; readonly on?: string; readonly code?: string; readonly text?: readonly Named[];
}
export interface InformationUpdate {
  readonly asOf: string; readonly change: readonly Change[]; readonly party?: readonly Party[]; readonly balance?: readonly Balance[];
  readonly remark?: readonly Remark[]; readonly attachment?: readonly Enclosure[];
}
/** What every message says, whatever its kind. */
export interface MessageHeader {
  readonly version: string; readonly packetId?: string; readonly datedOn: string; readonly messageId?: string; readonly serial?: string; readonly conversation?: string;
  readonly inReplyTo?: string; readonly sentAt?: string; readonly function?: string; readonly action?: string; readonly reason?: string; readonly referralId?: string;
  readonly from: Correspondent; readonly to: Correspondent; readonly via?: readonly Relay[];
}
/** What the kinds of message say. */
export interface MessageBodies {
  readonly referral: Referral; readonly acknowledgment: Acknowledgment; readonly statusRequest: StatusRequest; readonly statusReport: StatusReport;
  readonly documentRequest: DocumentRequest; readonly documentResponse: DocumentResponse; readonly inquiry: Inquiry; readonly reply: Reply;
  readonly orderChange: OrderChange; readonly paymentLocationChange: PaymentLocationChange; readonly remittanceAdvice: RemittanceAdvice;
  readonly forwardingReport: ForwardingReport; readonly receiptConfirmation: ReceiptConfirmation; readonly caseloadReconciliation: CaseloadReconciliation;
  readonly withdrawal: Withdrawal; readonly closureNotice: ClosureNotice; readonly reminder: Reminder; readonly refusal: Refusal; readonly application: Application;
  readonly informationUpdate: InformationUpdate;
}
