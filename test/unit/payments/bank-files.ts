import { readBankFile } from '../../../src/modules/payments/formats/bank-file.ts';
import type { BankFile } from '../../../src/modules/payments/formats/bank-entry.rules.ts';
import { AppError } from '../../../src/platform/errors.ts';

/** Reads bytes as a stream of small pieces, so that every boundary is crossed somewhere. */
export async function readBank(content: string | Buffer, pieceBytes = 97): Promise<BankFile> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return readBankFile((async function* () {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  })());
}

export async function refusalOf(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof AppError)) throw error ?? new Error('nothing was refused');
  return error;
}

export interface EntryToWrite { ref?: string; amount?: string; currency?: string; direction?: string; servicer?: string; date?: string; status?: string; extra?: string; details?: string }

export function camtEntry(e: EntryToWrite, version = '08'): string {
  const status = e.status ?? 'BOOK';
  return `<Ntry>${e.ref === undefined ? '' : `<NtryRef>${e.ref}</NtryRef>`}<Amt Ccy="${e.currency ?? 'USD'}">${e.amount ?? '100.00'}</Amt><CdtDbtInd>${e.direction ?? 'CRDT'}</CdtDbtInd>${e.extra ?? ''}`
    + `<Sts>${version === '02' ? status : `<Cd>${status}</Cd>`}</Sts><BookgDt><Dt>${e.date ?? '2026-01-19'}</Dt></BookgDt>${e.servicer === undefined ? '' : `<AcctSvcrRef>${e.servicer}</AcctSvcrRef>`}`
    + `<NtryDtls>${e.details ?? ''}</NtryDtls></Ntry>`;
}

export const payment = (refs: string, amount = '', text = ''): string =>
  `<TxDtls><Refs>${refs}</Refs>${amount === '' ? '' : `<Amt Ccy="USD">${amount}</Amt>`}<RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls>`;

export function camt(entries: string, { message = '053', version = '08', balances = '' } = {}): string {
  const [root, group] = message === '053' ? ['BkToCstmrStmt', 'Stmt'] : ['BkToCstmrDbtCdtNtfctn', 'Ntfctn'];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.${message}.001.${version}"><${root}><GrpHdr><MsgId>M</MsgId></GrpHdr>\n<${group}><Id>S1</Id>`
    + `<Acct><Id><Othr><Id>990001</Id></Othr></Id></Acct>${balances}\n${entries}</${group}></${root}></Document>`;
}

const digits = (value: number | bigint, width: number): string => value.toString().padStart(width, '0');

export interface AchEntry { code?: string; cents?: number; id?: string; trace?: number; addenda?: string[] }

/** Writes an ACH file with one batch whose control records are right. */
export function ach(entries: AchEntry[], { description = 'CHILDSUPP', entryClass = 'CCD' } = {}): string {
  const lines = ['101 991000025 9910000122601280700A094101COUNTY TREASURER       CONSULAR SETTLEMENT BAN        ',
    `5220${'CONSULADO MEX LA'.padEnd(36)}9990001234${entryClass}${description.padEnd(10)}      260128   1991000010000001`];
  let count = 0;
  let credit = 0;
  let debit = 0;
  entries.forEach((entry, index) => {
    const code = entry.code ?? '22';
    const addenda = entry.addenda ?? [];
    const trace = `99100001${digits(entry.trace ?? index + 1, 7)}`;
    lines.push(`6${code}991000025${'990001230041'.padEnd(17)}${digits(entry.cents ?? 60500, 10)}${(entry.id ?? `TRLA260100${index}`).padEnd(15)}${'LA COUNTY CSSD'.padEnd(22)}  ${addenda.length > 0 ? 1 : 0}${trace}`);
    addenda.forEach((text, at) => lines.push(text.length === 93 ? `7${text}` : `705${text.padEnd(80)}${digits(at + 1, 4)}${trace.slice(-7)}`));
    count += 1 + addenda.length;
    if (/^[2345][67]$/.test(code)) debit += entry.cents ?? 60500; else credit += entry.cents ?? 60500;
  });
  const hash = digits(BigInt(entries.length) * 99100002n, 10);
  lines.push(`8220${digits(count, 6)}${hash}${digits(debit, 12)}${digits(credit, 12)}9990001234${' '.repeat(25)}991000010000001`);
  lines.push(`9000001000001${digits(count, 8)}${hash}${digits(debit, 12)}${digits(credit, 12)}${' '.repeat(39)}`);
  while (lines.length % 10 !== 0) lines.push('9'.repeat(94));
  return `${lines.join('\n')}\n`;
}
