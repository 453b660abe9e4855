import { formatMajor } from '../../../../platform/money.ts';
import type { BankEntry, BankEntryDetails, BankFile, BankStatement, PaymentNotice } from '../bank-entry.rules.ts';
import { entriesByStatement, wrapped, writtenReferences } from '../written-entry.rules.ts';

/**
 * Writes camt.053 and camt.054 in the versions that banks use (ISO 20022 schemas camt.053.001.02, .04, .08 and camt.054 likewise): what
 * `readBankFile` reads of a message, so that reading it again gives the same. Version 02 has no direction for single payments.
 */

export type CamtVersion = '02' | '04' | '08';

export interface CamtHeader {
  version: CamtVersion;
  messageId: string;
  /** `YYYY-MM-DDThh:mm:ss`, with or without an offset. */
  createdAt: string;
}

const USTRD_CHARS = 140;
const REFERENCE_ELEMENTS = ['EndToEndId', 'InstrId', 'TxId', 'ClrSysRef', 'PmtInfId', 'MsgId'] as const;
/** In the order of the schema. */
const REFERENCE_ORDER = ['MsgId', 'PmtInfId', 'InstrId', 'EndToEndId', 'TxId', 'ClrSysRef'] as const;

export function writeCamt(file: BankFile, header: CamtHeader): string {
  const isStatement = file.source === 'camt.053';
  const entries = entriesByStatement(file.entries, file.statements.length);
  const notices = new Map(file.notices.map((notice) => [notice.line, notice]));
  const page = header.version === '02' ? file.statements[0]?.page ?? null : null;
  const groups = file.statements.map((statement, at) => element(isStatement ? 'Stmt' : 'Ntfctn', statementParts(statement, entries[at] ?? [], notices, header, isStatement)));
  const body = [
    element('GrpHdr', [leaf('MsgId', header.messageId), leaf('CreDtTm', header.createdAt), page === null ? '' : pagination('MsgPgntn', page)]), ...groups];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:${file.source}.001.${header.version}">${element(isStatement ? 'BkToCstmrStmt' : 'BkToCstmrDbtCdtNtfctn', body)}</Document>\n`;
}

function statementParts(s: BankStatement, entries: readonly BankEntry[], notices: ReadonlyMap<number, PaymentNotice>, header: CamtHeader, isStatement: boolean): string[] {
  const groups = bookings(entries);
  return [
    leaf('Id', s.statementId), s.page !== null && header.version !== '02' ? pagination(isStatement ? 'StmtPgntn' : 'NtfctnPgntn', s.page) : '',
    s.sequence === null ? '' : leaf('ElctrncSeqNb', String(s.sequence)), leaf('CreDtTm', header.createdAt),
    s.from !== null && s.to !== null ? element('FrToDt', [leaf('FrDtTm', `${s.from}T00:00:00`), leaf('ToDtTm', `${s.to}T23:59:59`)]) : '',
    s.isCopy ? leaf('CpyDplctInd', 'COPY') : '',
    element('Acct', [element('Id', [/^[A-Z]{2}\d{2}[A-Z0-9]{1,30}$/.test(s.account) ? leaf('IBAN', s.account) : element('Othr', [leaf('Id', s.account)])]), s.currency === null ? '' : leaf('Ccy', s.currency)]),
    ...(isStatement ? balances(s) : []), summary(groups), ...groups.map((group) => `\n${bookingElement(group, notices, header.version)}`),
  ];
}

function balances(s: BankStatement): string[] {
  const { currency } = s;
  const day = s.to ?? s.from ?? '1970-01-01';
  if (currency === null) return [];
  const balance = (code: string, minor: bigint, on: string): string => element('Bal', [
    element('Tp', [element('CdOrPrtry', [leaf('Cd', code)])]), amount('Amt', minor < 0n ? -minor : minor, currency), leaf('CdtDbtInd', minor < 0n ? 'DBIT' : 'CRDT'), element('Dt', [leaf('Dt', on)])]);
  // The schema wants one balance; where none is known, nothing is available.
  if (s.opening === null && s.closing === null) return [balance('CLAV', 0n, day)];
  return [s.opening === null ? '' : balance('OPBD', s.opening, s.from ?? day), s.closing === null ? '' : balance('CLBD', s.closing, day)];
}

/** Single payments of one booking stand together: the first has part 1. */
function bookings(entries: readonly BankEntry[]): BankEntry[][] {
  const groups: BankEntry[][] = [];
  for (const entry of entries) {
    if (entry.part > 1) groups.at(-1)?.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

function totalOf(group: readonly BankEntry[]): bigint {
  return group.reduce((sum, { direction, amountMinor }) => sum + (direction === 'credit' ? amountMinor : -amountMinor), 0n);
}

function summary(groups: readonly BankEntry[][]): string {
  const first = groups[0]?.[0];
  if (!first || groups.some(([one]) => one?.currency !== first.currency)) return '';
  const sum = groups.map(totalOf).reduce((total, one) => total + (one < 0n ? -one : one), 0n);
  return element('TxsSummry', [element('TtlNtries', [leaf('NbOfNtries', String(groups.length)), leaf('Sum', formatMajor(sum, first.currency))])]);
}

function bookingElement(group: readonly BankEntry[], notices: ReadonlyMap<number, PaymentNotice>, version: CamtVersion): string {
  const first = group[0] as BankEntry;
  const total = totalOf(group);
  const isDebit = total < 0n || (total === 0n && first.direction === 'debit');
  return element('Ntry', [
    first.entryRef === first.servicerRef ? '' : leaf('NtryRef', first.entryRef), amount('Amt', total < 0n ? -total : total, first.currency), leaf('CdtDbtInd', isDebit ? 'DBIT' : 'CRDT'),
    first.isReversal ? leaf('RvslInd', 'true') : '', version === '08' ? element('Sts', [leaf('Cd', 'BOOK')]) : leaf('Sts', 'BOOK'),
    first.bookedOn === null ? '' : element('BookgDt', [leaf('Dt', first.bookedOn)]), first.valueOn === null ? '' : element('ValDt', [leaf('Dt', first.valueOn)]),
    first.servicerRef === '' ? '' : leaf('AcctSvcrRef', first.servicerRef), '<BkTxCd/>',
    element('NtryDtls', group.map((entry) => paymentElement(entry, first.part === 0 ? notices.get(first.line) : undefined, version))),
  ]);
}

function paymentElement(entry: BankEntry, notice: PaymentNotice | undefined, version: CamtVersion): string {
  const references = writtenReferences(entry);
  const named = new Map<string, string>(REFERENCE_ELEMENTS.flatMap((name, at) => (references[at] === undefined ? [] : [[name, references[at]] as const])));
  const others = references.slice(REFERENCE_ELEMENTS.length).map((reference) => element('Strd', [element('CdtrRefInf', [leaf('Ref', reference)])]));
  const texts = wrapped(entry.text, USTRD_CHARS).map((text) => leaf('Ustrd', text));
  return element('TxDtls', [
    named.size === 0 ? '' : element('Refs', REFERENCE_ORDER.map((name) => { const value = named.get(name); return value === undefined ? '' : leaf(name, value); })),
    version === '02' ? '' : amount('Amt', entry.amountMinor, entry.currency) + leaf('CdtDbtInd', entry.direction === 'credit' ? 'CRDT' : 'DBIT'),
    amountDetails(entry, version), charges(entry.details?.charges ?? [], version),
    texts.length + others.length === 0 ? '' : element('RmtInf', [...texts, ...others]),
    notice === undefined ? '' : element('RtrInf', [element('Rsn', [leaf(notice.reason.length <= 4 ? 'Cd' : 'Prtry', notice.reason)])]),
  ]);
}

/** Version 02 gives the amount of a single payment as that of the transaction, later ones beside it. */
function amountDetails(entry: BankEntry, version: CamtVersion): string {
  const { instructed, counterValue, rate } = entry.details ?? {};
  const exchange = rate ? element('CcyXchg', [
    leaf('SrcCcy', rate.source), rate.target === '' ? '' : leaf('TrgtCcy', rate.target), rate.source === '' ? '' : leaf('UnitCcy', rate.source), leaf('XchgRate', rate.rate),
    rate.quotedOn === null ? '' : leaf('QtnDt', `${rate.quotedOn}T00:00:00`)]) : '';
  const hasOwn = (version === '02' && entry.part > 0) || (rate !== undefined && counterValue === undefined);
  const parts = [
    instructed ? element('InstdAmt', [amount('Amt', instructed.amountMinor, instructed.currency)]) : '',
    hasOwn ? element('TxAmt', [amount('Amt', entry.amountMinor, entry.currency), counterValue ? '' : exchange]) : '',
    counterValue ? element('CntrValAmt', [amount('Amt', counterValue.amountMinor, counterValue.currency), exchange]) : '',
  ];
  return parts.every((part) => part === '') ? '' : element('AmtDtls', parts);
}

function charges(all: NonNullable<BankEntryDetails['charges']>, version: CamtVersion): string {
  const records = all.map(({ amountMinor, currency, bearer }) => [
    amount('Amt', amountMinor < 0n ? -amountMinor : amountMinor, currency), leaf('CdtDbtInd', amountMinor < 0n ? 'CRDT' : 'DBIT'), bearer === '' ? '' : leaf('Br', bearer)]);
  if (records.length === 0) return '';
  return version === '02' ? records.map((record) => element('Chrgs', record)).join('') : element('Chrgs', records.map((record) => element('Rcrd', record)));
}

function pagination(name: string, page: number): string {
  return element(name, [leaf('PgNb', String(page)), leaf('LastPgInd', 'true')]);
}

function element(name: string, parts: readonly string[]): string {
  return `<${name}>${parts.join('')}</${name}>`;
}

function leaf(name: string, text: string): string {
  return text === '' ? '' : `<${name}>${escaped(text)}</${name}>`;
}

function amount(name: string, minor: bigint, currency: string): string {
  return `<${name} Ccy="${currency}">${formatMajor(minor, currency)}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
}
