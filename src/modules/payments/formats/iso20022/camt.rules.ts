import type { CalendarDate } from '../../../../platform/dates.ts';
import type { Finding } from '../../../../platform/errors.ts';
import { addEntries, addNotice, addStatement, ENTRY_MINOR_MAX, transferCandidates } from '../bank-entry.rules.ts';
import type { BankEntry, BankFile } from '../bank-entry.rules.ts';
import { allAt, child, codeAt, dayOf, readAmount, textAt } from './camt-node.rules.ts';
import type { Amount, Payment, XmlNode } from './camt-node.rules.ts';
import { detailsOf, paymentOf } from './camt-payment.rules.ts';
import { OpenStatement, pageOf } from './camt-statement.rules.ts';

/**
 * What the elements of a camt.053 or camt.054 message mean for us (ISO 20022 message definition reports "Bank-to-Customer Cash
 * Management", versions 2009 to 2019): statements, entries, their single payments, payments that came back.
 */

/** A file of nothing but faults is told by its first ones. */
const FINDINGS_MAX = 5_000;

export class CamtReading {
  readonly file: BankFile;
  #open: OpenStatement | null = null;
  #page: { number: number; isLast: boolean } | null = null;

  constructor(source: 'camt.053' | 'camt.054', format: string) {
    this.file = { source, format, entries: [], statements: [], notices: [], rejected: 0, findings: [] };
  }

  statement(line: number): void {
    this.#closeStatement();
    this.#open = new OpenStatement(line, this.file.source === 'camt.053', this.#page);
    addStatement(this.file, this.#open.statement);
  }

  /** A finished element of a statement, or of the message's header. */
  part(node: XmlNode): void {
    if (node.name === 'MsgPgntn') this.#page = pageOf(node);
    else if (node.name === 'Ntry') this.#entry(node);
    else this.#open?.part(node);
  }

  /** Replaces a payment's elements by what they say. */
  compact(details: XmlNode): void {
    details.payment = paymentOf(details);
    details.children = [];
  }

  drain(): BankEntry[] {
    const { entries } = this.file;
    this.file.entries = [];
    return entries;
  }

  end(): BankFile {
    this.#closeStatement();
    return this.file;
  }

  #find(code: string, line: number, severity: Finding['severity'], params?: Finding['params']): void {
    if (this.file.findings.length < FINDINGS_MAX) this.file.findings.push({ code, severity, line, ...(params ? { params } : {}) });
  }

  #closeStatement(): void {
    const statement = this.file.statements.length;
    for (const { code, severity, line, params } of this.#open?.close() ?? []) this.#find(code, line, severity, { statement, ...params });
    this.#open = null;
  }

  #entry(node: XmlNode): void {
    const open = this.#open as OpenStatement;
    const status = codeAt(node, 'Sts');
    const indicator = textAt(node, 'CdtDbtInd');
    const amount = readAmount(child(node, 'Amt'));
    open.entry(indicator, typeof amount === 'string' ? null : amount);
    // Announced or informative movements are no money yet; the booking follows in a later file.
    if (status !== '' && status !== 'BOOK') return this.#find('bank.entry_not_booked', node.line, 'info', { status: status.slice(0, 10) });
    const [bookedOn, valueOn] = [dateAt(node, 'BookgDt'), dateAt(node, 'ValDt')];
    const fault = typeof amount === 'string' ? amount : amount.minor > ENTRY_MINOR_MAX ? 'bank.amount_out_of_range' : indicator !== 'CRDT' && indicator !== 'DBIT' ? 'bank.direction_unreadable'
      : bookedOn === 'unreadable' || valueOn === 'unreadable' ? 'bank.date_unreadable' : null;
    if (fault !== null || typeof amount === 'string' || bookedOn === 'unreadable' || valueOn === 'unreadable') {
      this.file.rejected++;
      return this.#find(fault as string, node.line, 'block');
    }
    const direction = indicator === 'CRDT' ? 'credit' : 'debit';
    open.booked(amount.currency, direction === 'credit' ? amount.minor : -amount.minor);
    const payments = paymentsOf(node);
    const servicerRef = textAt(node, 'AcctSvcrRef');
    const { statementId, account } = open.statement;
    const whole: BankEntry = {
      line: node.line, entryRef: textAt(node, 'NtryRef') || servicerRef, part: 0, account, group: statementId || String(this.file.statements.length),
      amountMinor: amount.minor, currency: amount.currency, direction,
      isReversal: /^(true|1)$/.test(textAt(node, 'RvslInd')) || (direction === 'debit' && payments.length === 1 && (payments[0] as Payment).returned !== null),
      bookedOn, valueOn, servicerRef, candidates: [], text: textAt(node, 'AddtlNtryInf'), statement: this.file.statements.length - 1,
    };
    const said = detailsOf(node);
    for (const code of new Set([...said.faults, ...payments.flatMap(({ faults }) => faults)])) this.#find('bank.details_unreadable', node.line, 'info', { reason: code });
    for (const { garnishment } of payments) if (garnishment !== undefined) this.#find('bank.garnishment', node.line, 'warn', { elements: garnishment });
    if (said.details && payments.length < 2) whole.details = said.details;
    addEntries(this.file, this.#split(whole, payments, payments.length === 0 ? batchReferences(node) : []));
    this.#notices(whole, payments);
  }

  /** One credit for each payment, where the payments say what they are worth and come to the entry's sum. */
  #split(whole: BankEntry, payments: readonly Payment[], batch: readonly string[]): BankEntry[] {
    if (payments.length < 2) return [described(whole, payments, batch)];
    let sum = 0n;
    const sign = whole.direction === 'credit' ? 'CRDT' : 'DBIT';
    for (const { amount, direction } of payments) {
      if (!amount || amount.currency !== whole.currency || amount.minor > ENTRY_MINOR_MAX) {
        sum = -1n;
        break;
      }
      sum += direction === '' || direction === sign ? amount.minor : -amount.minor;
    }
    if (sum !== whole.amountMinor) {
      this.#find('bank.batch_not_split', whole.line, 'warn', { payments: payments.length });
      return [described(whole, payments, batch)];
    }
    return payments.map((payment, index) => described({
      ...whole, part: index + 1, amountMinor: (payment.amount as Amount).minor,
      direction: payment.direction === 'CRDT' ? 'credit' : payment.direction === 'DBIT' ? 'debit' : whole.direction,
      isReversal: whole.isReversal || (payment.returned !== null && payment.direction !== 'CRDT' && whole.direction === 'debit'),
    }, [payment]));
  }

  /** Money that comes back is a payment of ours; money that is taken back is a reversal of the entry itself. */
  #notices(whole: BankEntry, payments: readonly Payment[]): void {
    for (const { returned, references, amount, direction } of payments) {
      if (returned === null || direction === 'DBIT' || (direction === '' && whole.direction === 'debit')) continue;
      const money = amount ?? (payments.length === 1 ? { minor: whole.amountMinor, currency: whole.currency } : null);
      addNotice(this.file, {
        line: whole.line, kind: 'return', references: transferCandidates(references, []), reason: returned.slice(0, 35),
        amountMinor: money?.minor ?? null, currency: money?.currency ?? whole.currency, bookedOn: whole.bookedOn, corrected: null,
      });
    }
  }
}

function paymentsOf(entry: XmlNode): readonly Payment[] {
  const found: Payment[] = [];
  for (const details of entry.children) {
    if (details.name === 'NtryDtls') for (const one of details.children) if (one.payment) found.push(one.payment);
  }
  return found;
}

/** A lump may be told by its batch alone; its payments then follow in a notification. */
function batchReferences(entry: XmlNode): string[] {
  return allAt(entry, 'NtryDtls', 'Btch').flatMap((batch) => [textAt(batch, 'PmtInfId'), textAt(batch, 'MsgId')]);
}

/** The entry with its transfer numbers, its text, and what its one payment says of its amount. */
function described(entry: BankEntry, payments: readonly Payment[], batch: readonly string[] = []): BankEntry {
  const references = payments.length === 1 ? [...(payments[0] as Payment).references] : payments.flatMap((one) => one.references);
  references.push(entry.servicerRef, ...batch);
  const texts = payments.length === 1 ? [...(payments[0] as Payment).texts] : payments.flatMap((one) => one.texts);
  if (entry.text !== '') texts.push(entry.text);
  const details = payments.length === 1 ? { ...entry.details, ...(payments[0] as Payment).details } : entry.details;
  const all: BankEntry = { ...entry, candidates: transferCandidates(references, texts), text: texts.join(' ') };
  if (details && Object.keys(details).length > 0) all.details = details;
  return all;
}

/** Null where nothing is said; a day that cannot be one is no day left out. */
function dateAt(node: XmlNode, name: string): CalendarDate | null | 'unreadable' {
  const text = textAt(node, name, 'Dt') || textAt(node, name, 'DtTm');
  return text === '' ? null : dayOf(text) ?? 'unreadable';
}
