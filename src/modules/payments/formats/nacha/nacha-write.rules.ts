import type { CalendarDate } from '../../../../platform/dates.ts';
import { AppError } from '../../../../platform/errors.ts';
import type { AchBank, AchEntry, AchIat, AchNotice } from './nacha-entry.rules.ts';
import { isDebit, isDishonored, isIatClass, isRefusedChange, layoutClass } from './nacha-entry.rules.ts';
import {
  ADDENDA_05, BATCH_CONTROL, BATCH_HEADER, CHANGE, CTX_ENTRY, DISHONORED, ENTRY, FILE_CONTROL, FILE_HEADER, IAT_10, IAT_11, IAT_15, IAT_18, IAT_BANK, IAT_ENTRY,
  IAT_HEADER, IAT_PLACE, IAT_RETURN, RECORD_CHARS, REFUSED_CHANGE, RETURN, compose,
} from './nacha-layout.rules.ts';

/** Writes ACH files (Nacha Operating Rules, appendix three): records of 94 characters in blocks of ten, with their hashes and totals. */

export interface AchFile {
  readonly destination: string;
  readonly origin: string;
  readonly created: CalendarDate;
  /** `HHmm`. */
  readonly time: string;
  readonly modifier: string;
  readonly destinationName: string;
  readonly originName: string;
  readonly reference: string;
  readonly batches: readonly AchBatch[];
}

export interface AchBatch {
  readonly entryClass: string;
  readonly companyName: string;
  readonly discretionary: string;
  readonly companyId: string;
  readonly description: string;
  readonly descriptiveDate: string;
  readonly effectiveDate: CalendarDate;
  /** Day of the year, filled in by the operator. */
  readonly settlement: string;
  readonly originatorStatus: string;
  readonly odfi: string;
  readonly number: number;
  readonly iat: AchIatBatch | null;
  readonly entries: readonly AchEntry[];
}

export interface AchIatBatch {
  readonly indicator: string;
  /** `FF`, `FV` or `VF`: whether the amount is fixed in either currency. */
  readonly exchangeIndicator: string;
  /** `1`: the reference is a rate; `2`: a number; `3`: there is none. */
  readonly referenceIndicator: string;
  readonly exchangeReference: string;
  readonly destinationCountry: string;
  readonly originatingCurrency: string;
  readonly destinationCurrency: string;
}

const BLOCK = 10;
const HASH_MODULUS = 10_000_000_000n;
const INFORMATION_CHARS = 80;
const CTX_ADDENDA_MAX = 9_999;

interface Totals { count: number; hash: bigint; debit: bigint; credit: bigint }

/** @throws AppError `nacha.field_unwritable`, `nacha.addenda_too_many`: what does not fit is never cut. */
export function writeNacha(file: AchFile): string {
  const lines = [compose('1', FILE_HEADER, {
    priority: '01', destination: file.destination.padStart(10), origin: file.origin.padStart(10), created: sixDigits(file.created), time: file.time, modifier: file.modifier, recordSize: '094',
    blocking: '10', format: '1', destinationName: file.destinationName, originName: file.originName, reference: file.reference,
  })];
  const all: Totals = { count: 0, hash: 0n, debit: 0n, credit: 0n };
  for (const batch of file.batches) {
    const totals = writeBatch(batch, lines);
    all.count += totals.count;
    all.hash += totals.hash;
    all.debit += totals.debit;
    all.credit += totals.credit;
  }
  const blocks = Math.ceil((lines.length + 1) / BLOCK);
  lines.push(compose('9', FILE_CONTROL, { batches: file.batches.length, blocks, count: all.count, hash: all.hash % HASH_MODULUS, debit: all.debit, credit: all.credit }));
  while (lines.length % BLOCK !== 0) lines.push('9'.repeat(RECORD_CHARS));
  return `${lines.join('\n')}\n`;
}

function writeBatch(batch: AchBatch, lines: string[]): Totals {
  const totals: Totals = { count: 0, hash: 0n, debit: 0n, credit: 0n };
  const body: string[] = [];
  const layout = layoutClass(batch.entryClass, batch.iat?.indicator ?? '');
  for (const entry of batch.entries) {
    const records = writeEntry(layout, entry);
    body.push(...records);
    totals.count += records.length;
    totals.hash += BigInt(entry.rdfi.slice(0, 8));
    totals[isDebit(entry.code) ? 'debit' : 'credit'] += entry.cents;
  }
  const serviceClass = totals.debit > 0n && totals.credit > 0n ? '200' : totals.debit > 0n ? '225' : '220';
  const common = {
    serviceClass, companyId: batch.companyId, entryClass: batch.entryClass, description: batch.description, effectiveDate: sixDigits(batch.effectiveDate),
    settlement: batch.settlement, originatorStatus: batch.originatorStatus, odfi: batch.odfi, number: batch.number,
  };
  lines.push(batch.iat
    ? compose('5', { ...BATCH_HEADER, ...IAT_HEADER }, { ...common, ...batch.iat })
    : compose('5', BATCH_HEADER, { ...common, companyName: batch.companyName, discretionary: batch.discretionary, descriptiveDate: batch.descriptiveDate }));
  for (const record of body) lines.push(record);
  lines.push(compose('8', BATCH_CONTROL, {
    serviceClass, count: totals.count, hash: totals.hash % HASH_MODULUS, debit: totals.debit, credit: totals.credit, companyId: batch.companyId, odfi: batch.odfi, number: batch.number,
  }));
  return { ...totals, hash: totals.hash % HASH_MODULUS };
}

/** The entry's record and its addenda. */
export function writeEntry(entryClass: string, entry: AchEntry): string[] {
  const sequence = entry.trace.slice(-7);
  const pieces: string[] = [];
  for (let at = 0; at < entry.information.length; at += INFORMATION_CHARS) pieces.push(entry.information.slice(at, at + INFORMATION_CHARS));
  const most = entryClass === 'CTX' ? CTX_ADDENDA_MAX : 1;
  if (pieces.length > most) throw new AppError('invalid', 'nacha.addenda_too_many', { params: { addendaMax: most, addenda: pieces.length } });
  const addenda = [
    ...pieces.map((information, at) => compose('7', ADDENDA_05, { type: '05', information, sequence: at + 1, entry: sequence })),
    ...(entry.iat ? iatAddenda(entry.iat, sequence) : []),
    ...(entry.notice ? [noticeAddendum(entry.notice, isIatClass(entryClass))] : []),
  ];
  const hasAddenda = addenda.length > 0 ? '1' : '0';
  const { code, rdfi, account, cents, id, name, discretionary, trace } = entry;
  if (entry.iat) return [compose('6', IAT_ENTRY, { code, rdfi, addendaCount: addenda.length, cents, account, screening: entry.iat.screening, hasAddenda, trace }), ...addenda];
  const values = { code, rdfi, account, cents, id, name, discretionary, hasAddenda, trace };
  return [entryClass === 'CTX' ? compose('6', CTX_ENTRY, { ...values, addendaCount: addenda.length }) : compose('6', ENTRY, values), ...addenda];
}

function iatAddenda(iat: AchIat, entry: string): string[] {
  const { originator, receiverAddress } = iat;
  const bank = (type: string, { name, qualifier, id, country }: AchBank) => compose('7', IAT_BANK, { type, name, qualifier, id, country, entry });
  return [
    compose('7', IAT_10, { type: '10', kind: iat.kind, foreignAmount: iat.foreignAmount ?? '', foreignTrace: iat.foreignTrace, receiver: iat.receiver, entry }),
    compose('7', IAT_11, { type: '11', name: originator.name, street: originator.street, entry }),
    compose('7', IAT_PLACE, { type: '12', city: originator.city, country: originator.country, bornOn: originator.bornOn, entry }),
    bank('13', iat.originatingBank), bank('14', iat.receivingBank),
    compose('7', IAT_15, { type: '15', receiverId: iat.receiverId, street: receiverAddress.street, entry }),
    compose('7', IAT_PLACE, { type: '16', city: receiverAddress.city, country: receiverAddress.country, bornOn: receiverAddress.bornOn, entry }),
    ...iat.remittance.map((information, at) => compose('7', ADDENDA_05, { type: '17', information, sequence: at + 1, entry })),
    ...iat.correspondents.map(({ name, qualifier, id, country }, at) => compose('7', IAT_18, { type: '18', name, qualifier, id, country, sequence: at + 1, entry })),
  ];
}

function noticeAddendum(notice: AchNotice, isIat: boolean): string {
  const { code, originalTrace, originalRdfi, trace, corrected, information, diedOn, returned, refused } = notice;
  if (notice.kind === 'change') {
    const values = { type: '98', code, originalTrace, originalRdfi, corrected, trace };
    return refused && isRefusedChange(code) ? compose('7', REFUSED_CHANGE, { ...values, changeCode: refused.code, changeTrace: refused.trace }) : compose('7', CHANGE, values);
  }
  const values = { type: '99', code, originalTrace, originalRdfi, information, trace };
  if (returned && isDishonored(code)) {
    const { on, originalSettlement, settlement } = returned;
    return compose('7', DISHONORED, { ...values, returnedOn: on, originalSettlement, returnTrace: returned.trace, returnSettlement: settlement, returnCode: returned.code });
  }
  return isIat ? compose('7', IAT_RETURN, { ...values, diedOn, originalAmount: notice.originalAmount ?? '' }) : compose('7', RETURN, { ...values, diedOn });
}

const sixDigits = (date: CalendarDate): string => date.replaceAll('-', '').slice(2);
