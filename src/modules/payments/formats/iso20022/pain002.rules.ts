import { isCurrency, parseMajor } from '../../../../platform/money.ts';
import { allAt, at, textAt } from './camt-node.rules.ts';
import type { XmlNode } from './camt-node.rules.ts';
import type { XmlElements } from './garnishment.rules.ts';

/** CustomerPaymentStatusReport of ISO 20022 (pain.002.001.03, .10 and those framed alike): what the bank says of an order that it was sent. */

export const PAIN_002 = 'urn:iso:std:iso:20022:tech:xsd:pain.002.001.10';

export interface StatusReport {
  readonly messageId: string;
  readonly createdAt: string;
  readonly originalMessageId: string;
  readonly line: number;
  /** Of the message as a whole; empty where the bank says nothing of it. */
  readonly group: BankStatus;
  readonly payments: readonly PaymentStatusReport[];
}

export interface PaymentStatusReport extends BankStatus {
  readonly paymentId: string;
  readonly transactions: readonly TransactionStatus[];
}

export interface BankStatus {
  readonly status: string;
  /** Codes such as `AC04`. */
  readonly reasons: readonly string[];
}

export interface TransactionStatus extends BankStatus {
  readonly line: number;
  readonly endToEndId: string;
  /** As the bank repeats it; null where it does not. */
  readonly amount: { readonly amountMinor: bigint | null; readonly currency: string } | null;
}

const REASONS_MAX = 20;

/** Null where the document is no status report. */
export function readStatusReport(root: XmlNode): StatusReport | null {
  const report = at(root, 'CstmrPmtStsRpt');
  const group = report && at(report, 'OrgnlGrpInfAndSts');
  if (!report || !group) return null;
  return {
    messageId: textAt(report, 'GrpHdr', 'MsgId'), createdAt: textAt(report, 'GrpHdr', 'CreDtTm'), originalMessageId: textAt(group, 'OrgnlMsgId'), line: group.line,
    group: { status: textAt(group, 'GrpSts'), reasons: reasonsOf(group) },
    payments: allAt(report, 'OrgnlPmtInfAndSts').map((payment) => ({
      paymentId: textAt(payment, 'OrgnlPmtInfId'), status: textAt(payment, 'PmtInfSts'), reasons: reasonsOf(payment),
      transactions: allAt(payment, 'TxInfAndSts').map((one) => ({
        line: one.line, endToEndId: textAt(one, 'OrgnlEndToEndId') || textAt(one, 'OrgnlInstrId'), status: textAt(one, 'TxSts'), reasons: reasonsOf(one), amount: amountOf(one),
      })),
    })),
  };
}

/** Codes only: what a bank writes beside them in words may name persons. */
function reasonsOf(node: XmlNode): string[] {
  return allAt(node, 'StsRsnInf').flatMap((one) => [textAt(one, 'Rsn', 'Cd') || textAt(one, 'Rsn', 'Prtry')]).filter((code) => /^[A-Za-z0-9_-]{1,35}$/.test(code)).slice(0, REASONS_MAX);
}

function amountOf(node: XmlNode): TransactionStatus['amount'] {
  const amount = at(node, 'OrgnlTxRef', 'Amt', 'InstdAmt');
  if (!amount) return null;
  const currency = amount.currency ?? '';
  return { amountMinor: isCurrency(currency) ? parseMajor(amount.text.trim(), currency) : null, currency };
}

/** The report's elements in their order, for senders and tests. */
export function statusReportElements(report: Omit<StatusReport, 'line'>): XmlElements {
  const reasons = (codes: readonly string[]): XmlElements => (codes.length === 0 ? {} : { StsRsnInf: codes.map((code) => ({ Rsn: { [/^[A-Z0-9]{1,4}$/.test(code) ? 'Cd' : 'Prtry']: code } })) });
  return {
    CstmrPmtStsRpt: {
      GrpHdr: { MsgId: report.messageId, CreDtTm: report.createdAt },
      OrgnlGrpInfAndSts: {
        OrgnlMsgId: report.originalMessageId, OrgnlMsgNmId: 'pain.001.001.09', ...(report.group.status === '' ? {} : { GrpSts: report.group.status }), ...reasons(report.group.reasons),
      },
      OrgnlPmtInfAndSts: report.payments.map((payment) => ({
        OrgnlPmtInfId: payment.paymentId, ...(payment.status === '' ? {} : { PmtInfSts: payment.status }), ...reasons(payment.reasons),
        TxInfAndSts: payment.transactions.map((one) => ({ OrgnlEndToEndId: one.endToEndId, TxSts: one.status, ...reasons(one.reasons) })),
      })),
    },
  };
}
