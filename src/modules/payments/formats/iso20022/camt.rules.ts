import { isCalendarDate } from '../../../../platform/dates.ts';
import type { CalendarDate } from '../../../../platform/dates.ts';
import type { Finding } from '../../../../platform/errors.ts';
import { decimalToMinor, formatMajor, isCurrency, parseDecimal } from '../../../../platform/money.ts';
import { addEntries, transferCandidates } from '../bank-entry.rules.ts';
import type { BankEntry, BankFile } from '../bank-entry.rules.ts';
import { allAt, at, child, textAt } from './camt-node.rules.ts';
import type { Amount, Payment, XmlNode } from './camt-node.rules.ts';
import { ControlTotals } from './camt-totals.rules.ts';

/**
 * What the elements of a camt.053 or camt.054 message mean for us (ISO 20022 message definition reports "Bank-to-Customer Cash
 * Management", versions 2009 to 2019): entries, their single payments, balances.
 */

/** A file of nothing but faults is told by its first ones. */
const FINDINGS_MAX = 5_000;
/** ISO 20022 amounts have at most 18 digits. */
const AMOUNT_MAX = 10n ** 18n;

export class CamtReading {
  statements = 0;
  readonly #file: BankFile;
  #account = '';
  #group = '';
  #balances: { code: string; amount: Amount | null; line: number }[] = [];
  #moved = new Map<string, bigint>();
  #totals = new ControlTotals();

  constructor(source: 'camt.053' | 'camt.054', format: string) {
    this.#file = { source, format, entries: [], statements: [], notices: [], rejected: 0, findings: [] };
  }

  statement(): void {
    this.#closeStatement();
    this.statements++;
    this.#account = '';
    this.#group = String(this.statements);
  }

  /** A finished child of a statement. */
  part(node: XmlNode): void {
    if (node.name === 'Id') this.#group = node.text.trim();
    else if (node.name === 'Acct') this.#account = (textAt(node, 'Id', 'IBAN') || textAt(node, 'Id', 'Othr', 'Id')).replace(/\s+/g, '').toUpperCase();
    else if (node.name === 'Bal') this.#balances.push({ code: textAt(node, 'Tp', 'CdOrPrtry', 'Cd'), amount: signedAmount(node), line: node.line });
    else if (node.name === 'TxsSummry') this.#totals.said(node);
    else if (node.name === 'Ntry') this.#entry(node);
  }

  /** Replaces a payment's elements by what they say. */
  compact(details: XmlNode): void {
    const refs = details.children.find((child) => child.name === 'Refs');
    const ref = (name: string) => (refs ? textAt(refs, name) : '');
    details.payment = {
      amount: amountOf(child(details, 'Amt') ?? at(details, 'AmtDtls', 'TxAmt', 'Amt')),
      direction: textAt(details, 'CdtDbtInd'),
      references: [ref('EndToEndId'), ref('InstrId'), ref('AcctSvcrRef'), ref('TxId'), ref('ClrSysRef'), ref('UETR'), ref('PmtInfId'), ref('MsgId'),
        ...allAt(details, 'RmtInf', 'Strd', 'CdtrRefInf', 'Ref').map((node) => node.text)],
      servicerRef: ref('AcctSvcrRef'),
      texts: [...allAt(details, 'RmtInf', 'Ustrd').map((node) => node.text), textAt(details, 'AddtlTxInf')].filter((text) => text !== ''),
      isReturn: details.children.some((node) => node.name === 'RtrInf'),
    };
    details.children = [];
  }

  end(): BankFile {
    this.#closeStatement();
    return this.#file;
  }

  #find(code: string, line: number, severity: Finding['severity'], params?: Finding['params']): void {
    if (this.#file.findings.length < FINDINGS_MAX) this.#file.findings.push({ code, severity, line, ...(params ? { params } : {}) });
  }

  #entry(node: XmlNode): void {
    const status = textAt(node, 'Sts', 'Cd') || textAt(node, 'Sts', 'Prtry') || textAt(node, 'Sts');
    const indicator = textAt(node, 'CdtDbtInd');
    const fault = amountFault(child(node, 'Amt')) ?? (indicator === 'CRDT' || indicator === 'DBIT' ? null : 'bank.direction_unreadable');
    // The bank counts every entry of the statement, booked or not.
    this.#totals.entry(indicator, amountOf(child(node, 'Amt')));
    // Announced or informative movements are no money yet; the booking follows in a later file.
    if (status !== '' && status !== 'BOOK') return this.#find('bank.entry_not_booked', node.line, 'info', { status: status.slice(0, 10) });
    if (fault) {
      this.#file.rejected++;
      return this.#find(fault, node.line, 'block');
    }
    const amount = amountOf(child(node, 'Amt')) as Amount;
    const direction = indicator === 'CRDT' ? 'credit' : 'debit';
    this.#moved.set(amount.currency, (this.#moved.get(amount.currency) ?? 0n) + (direction === 'credit' ? amount.minor : -amount.minor));
    const payments = allAt(node, 'NtryDtls', 'TxDtls').map((details) => details.payment as Payment);
    const servicerRef = textAt(node, 'AcctSvcrRef');
    const whole: BankEntry = {
      line: node.line, entryRef: textAt(node, 'NtryRef') || servicerRef, part: 0, account: this.#account, group: this.#group,
      amountMinor: amount.minor, currency: amount.currency, direction,
      isReversal: /^(true|1)$/.test(textAt(node, 'RvslInd')) || (direction === 'debit' && payments.length === 1 && (payments[0] as Payment).isReturn),
      bookedOn: dateAt(node, 'BookgDt'), valueOn: dateAt(node, 'ValDt'), servicerRef, candidates: [], text: textAt(node, 'AddtlNtryInf'),
    };
    addEntries(this.#file, this.#split(whole, payments));
  }

  /** One credit for each payment, where the payments say what they are worth and come to the entry's sum. */
  #split(whole: BankEntry, payments: readonly Payment[]): BankEntry[] {
    const described = (payment: readonly Payment[]): Partial<BankEntry> => ({
      candidates: transferCandidates([...payment.flatMap((one) => one.references), whole.servicerRef], [...payment.flatMap((one) => one.texts), whole.text]),
      text: [...payment.flatMap((one) => one.texts), whole.text].filter((text) => text !== '').join(' '),
    });
    if (payments.length < 2) return [{ ...whole, ...described(payments) }];
    let sum = 0n;
    const sign = whole.direction === 'credit' ? 'CRDT' : 'DBIT';
    for (const { amount, direction } of payments) {
      if (!amount || amount.currency !== whole.currency) {
        sum = -1n;
        break;
      }
      sum += direction === '' || direction === sign ? amount.minor : -amount.minor;
    }
    if (sum !== whole.amountMinor) {
      this.#find('bank.batch_not_split', whole.line, 'warn', { payments: payments.length });
      return [{ ...whole, ...described(payments) }];
    }
    return payments.map((payment, index) => ({
      ...whole, ...described([payment]), part: index + 1, amountMinor: (payment.amount as Amount).minor,
      direction: payment.direction === 'CRDT' ? 'credit' : payment.direction === 'DBIT' ? 'debit' : whole.direction,
      isReversal: whole.isReversal || (payment.isReturn && payment.direction !== 'CRDT' && whole.direction === 'debit'),
    }));
  }

  /** Opening balance and booked entries must come to the closing balance; a page that has only one of the two cannot be checked. */
  #closeStatement(): void {
    const opening = this.#balances.find(({ code }) => code === 'OPBD' || code === 'PRCD')?.amount;
    const last = this.#balances.findLast(({ code }) => code === 'CLBD');
    const closing = last?.amount;
    if (opening && closing && opening.currency === closing.currency && this.#file.source === 'camt.053' && this.#moved.size <= 1) {
      const moved = this.#moved.get(opening.currency) ?? 0n;
      if (opening.minor + moved !== closing.minor) {
        this.#find('bank.balance_mismatch', (last as { line: number }).line, 'warn', {
          statement: this.statements, currency: opening.currency,
          expected: formatMajor(opening.minor + moved, opening.currency), given: formatMajor(closing.minor, opening.currency) });
      }
    }
    const currency = this.#balances.find(({ amount }) => amount !== null)?.amount?.currency ?? null;
    for (const { code, severity, line, params } of this.#totals.differences(currency)) this.#find(code, line, severity, { statement: this.statements, ...params });
    this.#balances = [];
    this.#moved = new Map();
    this.#totals = new ControlTotals();
  }
}

/** ISO 20022 gives a date or an instant; the day is the one that the bank wrote, in its own time zone. */
function dateAt(node: XmlNode, name: string): CalendarDate | null {
  const text = (textAt(node, name, 'Dt') || textAt(node, name, 'DtTm')).slice(0, 10);
  return isCalendarDate(text) ? text : null;
}

/** Amounts have up to five decimals and no sign (ActiveCurrencyAndAmount); more than the currency has can only be zeros. */
function amountFault(node: XmlNode | undefined): string | null {
  if (!node || node.currency === null) return 'bank.amount_missing';
  if (!isCurrency(node.currency)) return 'bank.currency_unknown';
  const decimal = parseDecimal(node.text.trim());
  if (!decimal || decimal.digits < 0n) return 'bank.amount_unreadable';
  const minor = decimalToMinor(decimal, node.currency);
  if (minor !== null && minor > AMOUNT_MAX) return 'bank.amount_unreadable';
  return minor === null ? 'bank.amount_too_fine' : null;
}

function amountOf(node: XmlNode | undefined): Amount | null {
  if (amountFault(node) !== null) return null;
  const { currency, text } = node as XmlNode & { currency: string };
  return { minor: decimalToMinor(parseDecimal(text.trim()) as NonNullable<ReturnType<typeof parseDecimal>>, currency) as bigint, currency };
}

function signedAmount(balance: XmlNode): Amount | null {
  const amount = amountOf(child(balance, 'Amt'));
  return amount && textAt(balance, 'CdtDbtInd') === 'DBIT' ? { ...amount, minor: -amount.minor } : amount;
}
