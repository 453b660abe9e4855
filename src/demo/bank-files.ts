import { formatMajor } from '../platform/money.ts';
import type { CreditRow } from './story.ts';

interface BankFile {
  id: string;
  account: string;
  createdAt: string;
  credits: readonly CreditRow[];
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const usd = (minor: bigint) => formatMajor(minor, 'USD');

/** A bank-to-customer statement, camt.053.001.08. The transfer number stands where banks put it: now here, now there. */
export function statement(file: BankFile): Buffer {
  const opening = 5_000_000n;
  const closing = file.credits.reduce((sum, credit) => sum + credit.amountMinor, opening);
  const balance = (code: string, amount: bigint, on: string) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="USD">${usd(amount)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${on}</Dt></Dt></Bal>`;
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>MSG${file.id}</MsgId><CreDtTm>${file.createdAt}</CreDtTm></GrpHdr>
<Stmt><Id>STMT${file.id}</Id><ElctrncSeqNb>9</ElctrncSeqNb><CreDtTm>${file.createdAt}</CreDtTm>${account(file.account)}
${balance('OPBD', opening, '2026-09-01')}
${balance('CLBD', closing, '2026-09-30')}
${entries(file.credits)}
</Stmt></BkToCstmrStmt></Document>
`, 'utf8');
}

/** A credit notification, camt.054.001.08. */
export function notification(file: BankFile): Buffer {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>MSG${file.id}</MsgId><CreDtTm>${file.createdAt}</CreDtTm></GrpHdr>
<Ntfctn><Id>NTF${file.id}</Id><CreDtTm>${file.createdAt}</CreDtTm>${account(file.account)}
${entries(file.credits)}
</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>
`, 'utf8');
}

const account = (id: string) => `<Acct><Id><Othr><Id>${id}</Id></Othr></Id><Ccy>USD</Ccy></Acct>`;

function entries(credits: readonly CreditRow[]): string {
  return credits.map((credit, index) => {
    const isEven = index % 2 === 0;
    return `<Ntry><NtryRef>${String(index + 1).padStart(6, '0')}</NtryRef><Amt Ccy="USD">${usd(credit.amountMinor)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>`
      + `<BookgDt><Dt>${credit.on}</Dt></BookgDt><ValDt><Dt>${credit.on}</Dt></ValDt><AcctSvcrRef>BK${credit.on.replaceAll('-', '')}${index}</AcctSvcrRef>`
      + '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>XBCT</SubFmlyCd></Fmly></Domn></BkTxCd>'
      + `<NtryDtls><TxDtls><Refs><EndToEndId>${isEven ? credit.reference : 'NOTPROVIDED'}</EndToEndId></Refs>`
      + `<RltdPties><Dbtr><Pty><Nm>${escape(credit.debtor)}</Nm></Pty></Dbtr></RltdPties>`
      + `<RmtInf><Ustrd>${isEven ? 'CHILD SUPPORT' : `REF ${credit.reference} CHILD SUPPORT`}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`;
  }).join('\n');
}

/** A NACHA file of CCD+ entries, one DED addenda each (94-character records in blocks of ten). */
export function nachaFile(credits: readonly CreditRow[]): Buffer {
  const rdfi = '99100002';
  const records = [`101 991000025 9910000122609300600A094101${'COUNTY TREASURER'.padEnd(23)}${'CONSULAR SETTLEMENT BAN'.padEnd(23)}${' '.repeat(8)}`,
    `5220${'CONSULADO MEX'.padEnd(16)}${' '.repeat(20)}9990001234CCDCHILDSUPP ${' '.repeat(6)}260930   1991000010000001`];
  let hash = 0n;
  let total = 0n;
  credits.forEach((credit, index) => {
    const trace = `99100001${String(index + 1).padStart(7, '0')}`;
    hash += BigInt(rdfi);
    total += credit.amountMinor;
    records.push(`622${rdfi}5${'990001230041'.padEnd(17)}${credit.amountMinor.toString().padStart(10, '0')}${credit.reference.padEnd(15)}${'LA COUNTY CSSD'.padEnd(22)}  1${trace}`);
    records.push(`705${`DED*CS*${credit.reference}*260930*${credit.amountMinor}*000000000*W*CONSULADO*06037*N\\`.padEnd(80)}0001${trace.slice(-7)}`);
  });
  const tail = `${(hash % 10_000_000_000n).toString().padStart(10, '0')}${'0'.repeat(12)}${total.toString().padStart(12, '0')}`;
  const count = String(credits.length * 2).padStart(6, '0');
  records.push(`8220${count}${tail}9990001234${' '.repeat(25)}991000010000001`);
  const blocks = Math.ceil((records.length + 1) / 10);
  records.push(`9000001${String(blocks).padStart(6, '0')}${count.padStart(8, '0')}${tail}${' '.repeat(39)}`);
  while (records.length % 10 !== 0) records.push('9'.repeat(94));
  return Buffer.from(`${records.join('\n')}\n`, 'ascii');
}
