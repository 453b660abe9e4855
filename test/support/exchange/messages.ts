import type { Loose, MessageBodies, MessageHeader, MessageKind } from '../../../src/modules/exchange/messages/index.ts';

export const NOW = new Date('2026-11-22T17:00:00Z');

/** What stands on every message from a consulate to a county. */
export function header(more: Partial<Omit<MessageHeader, 'version'>> = {}): Omit<MessageHeader, 'version'> {
  return {
    datedOn: '2026-11-22', messageId: 'cla-2026-000041', serial: '000000000041', conversation: 'ref.2026-11', sentAt: '2026-11-22T08:59:00-08:00',
    from: { partnerId: 'mx-consulate-los-angeles', country: 'MX', fileNumber: 'CLA/2026/0117', name: [{ lang: 'es', value: 'Consulado General de México' }] },
    to: { county: '06037', fileNumber: '200000012345', name: [{ lang: 'en', value: 'Child Support Services Department' }] }, ...more,
  };
}

const payTo = { name: [{ lang: 'es', value: 'Pagaduría' }] };
const line = {
  folio: 'F-1', fromFileNumber: 'CLA/2026/0117', toFileNumber: '200000012345', gross: '1850.00', grossCurrency: 'MXN', rate: '0.0545', fee: '2.50', net: '98.33', collectedOn: '2026-11-02', receivedOn: '2026-11-03',
  sentOn: '2026-11-20', debtor: { given: 'Juan', family: 'Pérez', secondFamily: 'Ñuñez' }, creditor: { given: 'Ana', family: 'López' },
};
const attachment = { attachmentId: 'a1', kind: 'birth_certificate', fileName: 'acta.pdf', mediaType: 'application/pdf', byteCount: 1024, sha256: 'a'.repeat(64), pages: 1 };
const party = (participantId: string, role: 'obligor' | 'obligee' | 'dependent') => ({ participantId, role, protected: false, name: { given: 'Ana', family: 'López' } });

/** One sound message of each kind, as a consulate would send it. */
export const BODIES: { readonly [K in MessageKind]: Loose<MessageBodies[K]> } = {
  referral: { referralId: 'ref_01JDBW4E8Q5V0M9N2K7R3T6XYZ', service: ['enforce'], payTo, supportCase: { openedOn: '2020-01-15', party: [party('p1', 'obligor'), party('p2', 'obligee')] } },
  acknowledgment: { status: 'missing_items', receivedOn: '2026-11-20', missing: [{ code: 'signature_missing', of: 'p1' }] },
  statusRequest: { since: '2026-05-01', question: ['progress'] },
  statusReport: { state: 'in_progress', asOf: '2026-11-21', milestone: [{ kind: 'located', on: '2026-10-01' }], lastPayment: { amount: '98.33', currency: 'USD', on: '2026-11-20' }, nextStep: [{ kind: 'hearing', expectedBy: '2027-01-15' }] },
  documentRequest: { requestId: 'dr-7', neededBy: '2026-12-20', document: [{ kind: 'birth_certificate', of: 'p3' }] },
  documentResponse: { requestId: 'dr-7', document: [{ kind: 'birth_certificate', of: 'p3', attachment: [attachment] }], notAvailable: [{ kind: 'order', reason: 'not_found' }] },
  inquiry: { question: ['status', 'last_payment'], person: { name: { given: 'Ana', family: 'López' }, birthDate: '1988-03-04' }, consent: [{ reference: 'c-1', kind: 'signed', givenOn: '2026-11-22' }] },
  reply: { status: 'answered', fact: [{ kind: 'last_payment', on: '2026-11-20', amount: '98.33', currency: 'USD' }], remark: [{ sourceLanguage: 'es', targetLanguage: 'en', segment: [{ source: 'Sí.\nSegunda línea', target: 'Yes.\nSecond line' }] }] },
  orderChange: { change: 'modified', effectiveOn: '2026-12-01', order: [{ orderId: 'o1', issuedOn: '2026-10-30', parentageEstablished: true, obligation: [{ obligationId: 'ob1', kind: 'current_support', amount: '450.00', currency: 'USD', frequency: 'monthly', startsOn: '2026-12-01' }] }] },
  paymentLocationChange: { change: 'payment_address', effectiveOn: '2026-12-01', payTo, account: [{ scheme: 'clabe', value: '032180000118359719', country: 'MX', currency: 'MXN' }] },
  remittanceAdvice: { transferNumber: 'TRF-9', sentOn: '2026-11-20', total: '98.33', currency: 'USD', lineCount: 1, line: [line] },
  forwardingReport: { lineCount: 1, line: [{ folio: 'E-1', disbursementId: 'D1', status: 'delivered', on: '2026-11-19', gross: '100.00', grossCurrency: 'USD', rate: '18.35', fee: '0', delivered: '1835.00', deliveredCurrency: 'MXN', creditor: { given: 'Ana' } }] },
  receiptConfirmation: { transferNumber: 'TRF-8', receivedOn: '2026-11-21', sent: '100.00', received: '75.0', currency: 'USD', receivedEqualsSent: false, reason: 'bank_fee' },
  caseloadReconciliation: { asOf: '2026-11-01', pairCount: 1, pair: [{ fromFileNumber: 'CLA/2026/0117', toFileNumber: '200000012345', state: 'open' }] },
  withdrawal: { reason: 'asked_by_petitioner' },
  closureNotice: { reason: 'paid_in_full', citation: '45 CFR 303.11(b)(1)', closedOn: '2026-11-20' },
  reminder: { of: 'msg-0', overdue: 'response', dueOn: '2026-11-15', count: 1 },
  refusal: { of: 'msg-0', reason: [{ code: 'no_basis' }] },
  application: { applicationId: 'ap-1', takenOn: '2026-11-20', agreementId: 'mou-1', applicant: 'p1', service: ['establish_order'], party: [party('p1', 'obligee'), party('p2', 'obligor')], consent: [{ reference: 'c-2', kind: 'signed', of: 'p1', givenOn: '2026-11-20' }] },
  informationUpdate: { asOf: '2026-11-21', change: [{ kind: 'address', of: 'p1' }] },
};

/** What its kind asks of the header beyond that. */
export const MORE: { readonly [K in MessageKind]?: Partial<MessageHeader> } = {
  referral: { packetId: 'pkt_01JDBW4E8Q5V0M9N2K7R3T6XYZ' }, acknowledgment: { inReplyTo: 'msg-0' }, statusReport: { inReplyTo: 'msg-0' }, documentResponse: { inReplyTo: 'msg-0' }, reply: { inReplyTo: 'msg-0' },
  receiptConfirmation: { inReplyTo: 'msg-0' }, withdrawal: { inReplyTo: 'msg-0' }, reminder: { inReplyTo: 'msg-0' }, refusal: { inReplyTo: 'msg-0' },
};
