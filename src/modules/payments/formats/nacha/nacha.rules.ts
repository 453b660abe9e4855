import { calendarDateOf } from '../../../../platform/dates.ts';
import type { CalendarDate } from '../../../../platform/dates.ts';
import { isCurrency, minorDigits, parseDecimal } from '../../../../platform/money.ts';
import { addEntries, transferCandidates } from '../bank-entry.rules.ts';
import type { BankEntry, BankEntryDetails, BankFile, PaymentNotice } from '../bank-entry.rules.ts';
import { parseDed } from './ded.rules.ts';
import { isDebit, isMoney } from './nacha-entry.rules.ts';
import type { AchEntry, AchIat } from './nacha-entry.rules.ts';
import { BATCH_HEADER, FILE_HEADER, IAT_HEADER, cut } from './nacha-layout.rules.ts';
import { NachaRecords } from './nacha-records.rules.ts';
import { read820 } from './payment-order.rules.ts';
import { remittanceOf } from './x12.rules.ts';

/**
 * What an ACH file means for our account: credits and debits with their references, returns (799) and notifications of change (798) of
 * payments of ours. Prenotes and zero-dollar entries are recognised and are no credits.
 */

interface Batch {
  readonly number: string;
  readonly company: string;
  readonly entryClass: string;
  readonly isReversal: boolean;
  readonly bookedOn: CalendarDate | null;
  readonly iat: { readonly rate: string; readonly originating: string; readonly destination: string };
}

export class NachaReader {
  /** What was read so far; entries may be taken out of it on the way. */
  readonly file: BankFile = { source: 'nacha', format: 'nacha', entries: [], statements: [], notices: [], rejected: 0, findings: [] };
  readonly #records: NachaRecords;
  #created: CalendarDate | null = null;
  #destination = '';
  #batch: Batch | null = null;

  constructor() {
    this.#records = new NachaRecords({
      fileHeader: (record) => {
        this.#destination = cut(record, FILE_HEADER.destination);
        this.#created = dateOf(cut(record, FILE_HEADER.created));
      },
      batchHeader: (record) => { this.#batch = batchOf(record, this.#created); },
      entry: (entry, at) => this.#entry(entry, at.line, at.noticeLine),
    });
  }

  /** One physical line, without its line break. @throws AppError `bank.format_unknown` when the first is no file header. */
  line(raw: string): void {
    this.#records.line(raw);
  }

  end(): BankFile {
    this.#records.end();
    this.file.findings.push(...this.#records.findings);
    this.file.rejected = this.#records.rejected;
    return this.file;
  }

  #entry(entry: AchEntry, line: number, noticeLine: number | null): void {
    const batch = this.#batch;
    if (!batch) return;
    if (entry.notice) {
      this.file.notices.push(noticeOf(entry, batch, noticeLine ?? line));
      return;
    }
    if (batch.entryClass === 'ADV') return;
    for (const text of [entry.information, ...(entry.iat?.remittance ?? [])]) this.#checkDed(text, line);
    if (!isMoney(entry)) {
      if (!/^.[16]$/.test(entry.code)) this.#records.find('nacha.no_money', 'info', undefined, line);
      return;
    }
    if (entry.iat) this.#checkIat(entry.iat, batch, line);
    this.#checkOrder(entry, line);
    addEntries(this.file, [this.#bankEntry(entry, batch, line)]);
  }

  #checkDed(text: string, line: number): void {
    for (const { warnings } of parseDed(text)) {
      if (warnings.length > 0) this.#records.find('nacha.ded', 'warn', { elements: warnings.join(' ') }, line);
    }
  }

  /** A payment order inside the addenda must come to what is paid, in itself and with the entry. */
  #checkOrder(entry: AchEntry, line: number): void {
    const order = read820(entry.information);
    if (!order) return;
    const warnings = [...order.warnings, ...(order.amountCents === entry.cents || order.warnings.includes('x12.amount') ? [] : ['x12.amount_differs'])];
    if (warnings.length > 0) this.#records.find('nacha.payment_order', 'warn', { elements: warnings.join(' ') }, line);
  }

  #checkIat(iat: AchIat, batch: Batch, line: number): void {
    for (const [type, place] of [['712', iat.originator], ['716', iat.receiverAddress]] as const) {
      if (/[^\\]$/.test(place.country) || (place.country !== '' && !place.country.includes('*'))) this.#records.find('nacha.iat_place', 'info', { type }, line);
    }
    const { destination } = batch.iat;
    if (iat.foreignAmount !== null && iat.foreignAmount > 0n && isCurrency(destination) && foreignMinor(iat.foreignAmount, destination) === null) {
      this.#records.find('nacha.foreign_amount_too_fine', 'warn', { currency: destination }, line);
    }
  }

  #bankEntry(entry: AchEntry, batch: Batch, line: number): BankEntry {
    const informations = [entry.information, ...(entry.iat?.remittance ?? [])].filter((text) => text !== '').map(remittanceOf);
    const references = [entry.iat ? entry.iat.foreignTrace : entry.id, ...informations.flatMap((one) => one.references)];
    const texts = informations.flatMap((one) => one.texts);
    const name = entry.iat ? entry.iat.originator.name : entry.name;
    const details = entry.iat ? detailsOf(entry.iat, batch) : undefined;
    return {
      line, entryRef: entry.trace, part: 0, account: `${entry.rdfi}/${entry.account}`, group: `${this.#destination}/${batch.number}`,
      amountMinor: entry.cents, currency: 'USD', direction: isDebit(entry.code) ? 'debit' : 'credit', isReversal: batch.isReversal,
      bookedOn: batch.bookedOn, valueOn: null, servicerRef: `${batch.company}/${entry.trace}`,
      candidates: transferCandidates(references, [...references, ...texts]), text: [name, ...texts].filter((text) => text !== '').join(' '),
      ...(details ? { details } : {}),
    };
  }
}

function batchOf(record: string, created: CalendarDate | null): Batch {
  const reference = cut(record, IAT_HEADER.exchangeReference);
  return {
    number: record.slice(87, 94), company: cut(record, BATCH_HEADER.companyId), entryClass: cut(record, BATCH_HEADER.entryClass),
    isReversal: cut(record, BATCH_HEADER.description) === 'REVERSAL', bookedOn: dateOf(cut(record, BATCH_HEADER.effectiveDate)) ?? created,
    iat: {
      rate: cut(record, IAT_HEADER.referenceIndicator) === '1' ? reference : '',
      originating: cut(record, IAT_HEADER.originatingCurrency), destination: cut(record, IAT_HEADER.destinationCurrency),
    },
  };
}

function noticeOf(entry: AchEntry, batch: Batch, line: number): PaymentNotice {
  const notice = entry.notice as NonNullable<AchEntry['notice']>;
  const amount = notice.originalAmount ?? entry.cents;
  const references = [notice.originalTrace, entry.id, entry.iat?.foreignTrace ?? '', notice.returned?.trace ?? ''];
  return {
    line, kind: notice.kind, references: [...new Set(references.filter((text) => text !== '' && !/^0+$/.test(text)))], reason: notice.code,
    amountMinor: notice.kind === 'change' && amount === 0n ? null : amount, currency: 'USD', bookedOn: batch.bookedOn, corrected: notice.corrected === '' ? null : notice.corrected,
  };
}

/** Minor units of an amount that has two implied decimals whatever its currency has; null where the currency has none so fine. */
export function foreignMinor(amount: bigint, currency: string): bigint | null {
  const places = minorDigits(currency);
  if (places >= 2) return amount * 10n ** BigInt(places - 2);
  const divisor = 10n ** BigInt(2 - places);
  return amount % divisor === 0n ? amount / divisor : null;
}

/** The foreign amount is in the currency of the destination: what the receiver gets. It is never held against the dollars. */
function detailsOf(iat: AchIat, { iat: { rate, originating, destination } }: Batch): BankEntryDetails | undefined {
  const amountMinor = iat.foreignAmount !== null && iat.foreignAmount > 0n && isCurrency(destination) ? foreignMinor(iat.foreignAmount, destination) : null;
  const details: BankEntryDetails = {
    ...(amountMinor !== null ? { counterValue: { amountMinor, currency: destination } } : {}),
    ...(parseDecimal(rate) && rate.length <= 12 ? { rate: { rate, source: originating, target: destination, quotedOn: null } } : {}),
  };
  return Object.keys(details).length > 0 ? details : undefined;
}

function dateOf(text: string): CalendarDate | null {
  const parts = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  return parts ? calendarDateOf(2000 + Number(parts[1]), Number(parts[2]), Number(parts[3])) : null;
}
