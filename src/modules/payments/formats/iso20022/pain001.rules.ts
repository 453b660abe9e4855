import { isCalendarDate } from '../../../../platform/dates.ts';
import type { CalendarDate } from '../../../../platform/dates.ts';
import type { Finding } from '../../../../platform/errors.ts';
import { formatMajor, isCurrency, parseMajor } from '../../../../platform/money.ts';
import { allAt, at, child, textAt } from './camt-node.rules.ts';
import type { XmlNode } from './camt-node.rules.ts';
import type { XmlElements } from './garnishment.rules.ts';

/** CustomerCreditTransferInitiation of ISO 20022, pain.001.001.09: one order of one debtor in one currency, one creditor for all. */

export const PAIN_001 = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';

export interface CreditTransfer {
  readonly messageId: string;
  /** An instant without fractions of seconds: `2026-11-20T12:00:00Z`. */
  readonly createdAt: string;
  readonly initiator: string;
  readonly paymentId: string;
  readonly executionOn: CalendarDate;
  /** Who bears the charges: `DEBT` (OUR), `SHAR` (SHA), `CRED` (BEN). */
  readonly bearer: 'DEBT' | 'SHAR' | 'CRED';
  readonly currency: string;
  readonly debtor: TransferParty;
  readonly creditor: TransferParty;
  readonly payments: readonly TransferPayment[];
}

export interface TransferParty {
  readonly name: string;
  readonly country: string;
  readonly account: { readonly kind: 'iban' | 'other'; readonly value: string };
  readonly agent: { readonly kind: 'bic' | 'routing_number'; readonly value: string };
}

export interface TransferPayment {
  readonly endToEndId: string;
  readonly amountMinor: bigint;
}

/** The characters that every bank takes. */
const PLAIN = /^[A-Za-z0-9/?:().,'+ -]+$/;
const PAYMENTS_MAX = 100_000;
const AMOUNT_MAX = 10n ** 15n;

const isCarriedId = (text: string): boolean => text.length >= 1 && text.length <= 35 && PLAIN.test(text) && text.trim() === text && !text.startsWith('/') && !text.includes('//');

/** Why the message cannot carry a payment, or null. */
export function unfitFor(payment: TransferPayment): 'number' | 'amount' | null {
  if (!isCarriedId(payment.endToEndId)) return 'number';
  return payment.amountMinor > 0n && payment.amountMinor < AMOUNT_MAX ? null : 'amount';
}

/** In what an order breaks the rules of its message: nothing is sent then. */
export function creditTransferFindings(order: CreditTransfer): Finding[] {
  const findings: Finding[] = [];
  const check = (isGood: boolean, code: string, path: string) => { if (!isGood) findings.push({ code, severity: 'block', path }); };
  const id = (text: string, path: string) => check(isCarriedId(text), 'orders.id_invalid', path);
  id(order.messageId, 'GrpHdr/MsgId');
  id(order.paymentId, 'PmtInf/PmtInfId');
  check(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(order.createdAt) && isCalendarDate(order.createdAt.slice(0, 10)), 'orders.date_invalid', 'GrpHdr/CreDtTm');
  check(isCalendarDate(order.executionOn), 'orders.date_invalid', 'PmtInf/ReqdExctnDt/Dt');
  check(order.initiator.length <= 140 && PLAIN.test(order.initiator), 'orders.name_invalid', 'GrpHdr/InitgPty/Nm');
  for (const [path, party] of [['Dbtr', order.debtor], ['Cdtr', order.creditor]] as const) {
    check(party.name.length <= 140 && PLAIN.test(party.name), 'orders.name_invalid', `${path}/Nm`);
    check(/^[A-Z]{2}$/.test(party.country), 'orders.country_invalid', `${path}/PstlAdr/Ctry`);
    check(party.account.kind === 'iban' ? isIban(party.account.value) : /^[A-Za-z0-9]{1,34}$/.test(party.account.value), 'orders.account_invalid', `${path}Acct/Id`);
    check(party.agent.kind === 'bic' ? /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(party.agent.value) : isRoutingNumber(party.agent.value), 'orders.agent_invalid', `${path}Agt/FinInstnId`);
  }
  check(order.payments.length > 0 && order.payments.length <= PAYMENTS_MAX, 'orders.count_invalid', 'GrpHdr/NbOfTxs');
  const seen = new Set<string>();
  for (const [index, payment] of order.payments.entries()) {
    const path = `CdtTrfTxInf[${index + 1}]`;
    id(payment.endToEndId, `${path}/PmtId/EndToEndId`);
    check(!seen.has(payment.endToEndId), 'orders.id_repeated', `${path}/PmtId/EndToEndId`);
    seen.add(payment.endToEndId);
    check(payment.amountMinor > 0n && payment.amountMinor < AMOUNT_MAX && isCurrency(order.currency), 'orders.amount_invalid', `${path}/Amt/InstdAmt`);
  }
  return findings;
}

/** ISO 13616: rearranged and read as a number, an IBAN leaves 1 by 97. */
function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(text)) return false;
  const number = [...text.slice(4) + text.slice(0, 4)].map((character) => parseInt(character, 36)).join('');
  return BigInt(number) % 97n === 1n;
}

/** The ninth digit of a routing number of the American Bankers Association checks the others (weights 3, 7, 1). */
export function isRoutingNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text)) return false;
  return [...text].reduce((sum, digit, index) => sum + Number(digit) * ([3, 7, 1][index % 3] as number), 0) % 10 === 0;
}

/** The message's elements in their order; `writeXml` makes the same bytes of the same order. */
export function creditTransferElements(order: CreditTransfer): XmlElements {
  const count = String(order.payments.length);
  const sum = formatMajor(order.payments.reduce((total, one) => total + one.amountMinor, 0n), order.currency);
  const creditor = partyElements(order.creditor);
  const creditorAccount = accountElements(order.creditor);
  const creditorAgent = agentElements(order.creditor);
  return {
    CstmrCdtTrfInitn: {
      GrpHdr: { MsgId: order.messageId, CreDtTm: order.createdAt, NbOfTxs: count, CtrlSum: sum, InitgPty: { Nm: order.initiator } },
      PmtInf: {
        PmtInfId: order.paymentId, PmtMtd: 'TRF', BtchBookg: 'true', NbOfTxs: count, CtrlSum: sum, ReqdExctnDt: { Dt: order.executionOn },
        Dbtr: partyElements(order.debtor), DbtrAcct: { ...accountElements(order.debtor), Ccy: order.currency }, DbtrAgt: agentElements(order.debtor), ChrgBr: order.bearer,
        CdtTrfTxInf: order.payments.map((payment) => ({
          PmtId: { InstrId: payment.endToEndId, EndToEndId: payment.endToEndId },
          Amt: { InstdAmt: { '@Ccy': order.currency, '#': formatMajor(payment.amountMinor, order.currency) } },
          CdtrAgt: creditorAgent, Cdtr: creditor, CdtrAcct: creditorAccount, RmtInf: { Ustrd: payment.endToEndId },
        })),
      },
    },
  };
}

const partyElements = (party: TransferParty): XmlElements => ({ Nm: party.name, PstlAdr: { Ctry: party.country } });
const accountElements = ({ account }: TransferParty): { Id: XmlElements } => ({ Id: account.kind === 'iban' ? { IBAN: account.value } : { Othr: { Id: account.value } } });
const agentElements = ({ agent }: TransferParty): XmlElements => ({ FinInstnId: agent.kind === 'bic' ? { BICFI: agent.value } : { ClrSysMmbId: { ClrSysId: { Cd: 'USABA' }, MmbId: agent.value } } });

/** Reads an order as `creditTransferElements` makes it; null where counts or sums do not agree or something is missing. */
export function readCreditTransfer(root: XmlNode): CreditTransfer | null {
  const header = at(root, 'CstmrCdtTrfInitn', 'GrpHdr');
  const payment = at(root, 'CstmrCdtTrfInitn', 'PmtInf');
  if (!header || !payment) return null;
  const lines = allAt(payment, 'CdtTrfTxInf');
  const [first] = lines;
  const amounts = lines.map((line) => at(line, 'Amt', 'InstdAmt'));
  const currency = amounts[0]?.currency ?? '';
  if (!first || !isCurrency(currency) || amounts.some((amount) => amount?.currency !== currency)) return null;
  const payments = lines.map((line, index) => ({ endToEndId: textAt(line, 'PmtId', 'EndToEndId'), amountMinor: parseMajor(amounts[index]?.text ?? '', currency) ?? -1n }));
  const order: CreditTransfer = {
    messageId: textAt(header, 'MsgId'), createdAt: textAt(header, 'CreDtTm'), initiator: textAt(header, 'InitgPty', 'Nm'), paymentId: textAt(payment, 'PmtInfId'),
    executionOn: textAt(payment, 'ReqdExctnDt', 'Dt'), bearer: textAt(payment, 'ChrgBr') as CreditTransfer['bearer'], currency,
    debtor: partyOf(payment, 'Dbtr'), creditor: partyOf(first, 'Cdtr'), payments,
  };
  const sum = payments.reduce((total, one) => total + one.amountMinor, 0n);
  const agrees = (node: XmlNode) => textAt(node, 'NbOfTxs') === String(payments.length) && parseMajor(textAt(node, 'CtrlSum'), currency) === sum;
  return agrees(header) && agrees(payment) ? order : null;
}

function partyOf(node: XmlNode, role: 'Dbtr' | 'Cdtr'): TransferParty {
  const iban = textAt(node, `${role}Acct`, 'Id', 'IBAN');
  const agent = at(node, `${role}Agt`, 'FinInstnId');
  const bic = agent ? child(agent, 'BICFI')?.text.trim() ?? '' : '';
  return {
    name: textAt(node, role, 'Nm'), country: textAt(node, role, 'PstlAdr', 'Ctry'),
    account: iban === '' ? { kind: 'other', value: textAt(node, `${role}Acct`, 'Id', 'Othr', 'Id') } : { kind: 'iban', value: iban },
    agent: bic === '' ? { kind: 'routing_number', value: agent ? textAt(agent, 'ClrSysMmbId', 'MmbId') : '' } : { kind: 'bic', value: bic },
  };
}
