import { importBank, statementGaps } from '../../../src/modules/payments/index.ts';
import type { PaymentImport } from '../../../src/modules/payments/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { camt, camtEntry, payment } from '../../unit/payments/bank-files.ts';

let db: TestDatabase;
let ctx: Ctx;
beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
});

const balance = (code: string, amount: number, day: string): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="USD">${amount}.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`;

/** Statement n of January opens with 100 × n and has one credit of 100. */
function statement(n: number, { opening = n * 100, mark = '', reference = `TRLA26010${n}` } = {}): string {
  const day = `2026-01-0${n}`;
  const entry = camtEntry({ ref: `E${n}`, servicer: `BK${n}`, date: day, details: payment(`<EndToEndId>${reference}</EndToEndId>`) });
  return camt(entry, { balances: balance('OPBD', opening, day) + balance('CLBD', opening + 100, day) }).replace('<Id>S1</Id>', `<Id>S${n}</Id><ElctrncSeqNb>${n}</ElctrncSeqNb>${mark}`);
}
const take = (name: string, text: string): Promise<PaymentImport> => importBank(ctx, { fileName: name, source: Buffer.from(text) });
const open = async (): Promise<unknown[]> => (await statementGaps(ctx)).map(({ code, fileName, params }) => [code, fileName, params['last'] ?? params['file']]);
const codes = (done: PaymentImport): string[] => done.findings.map(({ code }) => code);

it('a statement that is missing is told until it comes', async () => {
  expect(codes(await take('1.xml', statement(1)))).toEqual([]);
  expect((await take('3.xml', statement(3))).findings).toEqual([{ code: 'bank.statement_gap', severity: 'warn', line: 3, params: { account: '…0001', statement: '3', missing: 1, last: '1', next: '3' } }]);
  expect(await open()).toEqual([['bank.statement_gap', '3.xml', '1']]);
  expect(codes(await take('2.xml', statement(2)))).toEqual([]);
  expect(await open()).toEqual([]);
  const [kept] = await behindTheWall<{ resolved: boolean; by: string }>(db, 'select k.resolved_at is not null as resolved, f.file_name as by from bank_statement_findings k join received_files f on f.file_id = k.resolved_by');
  expect(kept).toEqual({ resolved: true, by: '2.xml' });
});

it('what is open is the same whatever the order of import', async () => {
  const files: [string, string][] = [['1.xml', statement(1)], ['2.xml', statement(2)], ['2b.xml', statement(2, { reference: 'TRLA269999' })], ['3.xml', statement(3, { opening: 301 })], ['6.xml', statement(6)], ['6c.xml', `${statement(6, { mark: '<CpyDplctInd>COPY</CpyDplctInd>' })}\n`]];
  const seen: unknown[][] = [];
  for (const order of [files, [...files].reverse(), [2, 5, 0, 4, 1, 3].map((at) => files[at] as [string, string])]) {
    db = await testDatabase();
    ctx = testCtx(db);
    for (const [name, text] of order) await take(name, text);
    seen.push((await open()).map((one) => JSON.stringify(one)).sort());
  }
  expect(seen[0]).toEqual([
    '["bank.opening_mismatch","3.xml","2"]', '["bank.statement_gap","6.xml","3"]', '["bank.statement_replayed","2.xml","2b.xml"]', '["bank.statement_replayed","2b.xml","2.xml"]'].sort());
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
});

it('a replayed statement is told, its known entry is one, and the other entry goes in', async () => {
  await take('2.xml', statement(2));
  const again = await take('2b.xml', statement(2).replace('</Stmt>', `${camtEntry({ ref: 'E9', servicer: 'BK9', date: '2026-01-02', amount: '5.00' })}</Stmt>`));
  expect([again.imported, again.duplicate]).toEqual([1, 1]);
  expect(codes(again)).toEqual(['bank.balance_mismatch', 'bank.statement_replayed']);
});

it('the same bytes again change nothing', async () => {
  await take('1.xml', statement(1));
  expect(codes(await take('again.xml', statement(1)))).toEqual(['payments.file_repeated']);
  expect(await behindTheWall(db, 'select 1 from bank_statements')).toHaveLength(1);
});

it('keeps how an amount came about, as each file told it', async () => {
  const amounts = '<AmtDtls><InstdAmt><Amt Ccy="MXN">1850.50</Amt></InstdAmt><CntrValAmt><Amt Ccy="USD">100.00</Amt><CcyXchg><SrcCcy>MXN</SrcCcy><TrgtCcy>USD</TrgtCcy><XchgRate>0.05404</XchgRate></CcyXchg></CntrValAmt></AmtDtls>'
    + '<Chrgs><Rcrd><Amt Ccy="USD">2.50</Amt><Br>SHAR</Br></Rcrd></Chrgs>';
  const plain = camtEntry({ ref: '1', servicer: 'BK1', details: payment('<EndToEndId>TRLA2601001</EndToEndId>') });
  await take('053.xml', camt(plain));
  const told = await take('054.xml', camt(plain.replace('<RmtInf>', `${amounts}<RmtInf>`), { message: '054' }));
  expect([told.imported, told.duplicate]).toEqual([0, 1]);
  expect(await behindTheWall(db, 'select instructed_minor, instructed_currency, counter_minor, counter_currency, rate, rate_source, rate_target, rate_quoted_on, charges from bank_entry_details')).toEqual([{
    instructed_minor: '185050', instructed_currency: 'MXN', counter_minor: '10000', counter_currency: 'USD', rate: '0.05404', rate_source: 'MXN', rate_target: 'USD', rate_quoted_on: null,
    charges: [{ amountMinor: '250', currency: 'USD', bearer: 'SHAR' }] }]);
});

it('MT940 and BAI2 are imported, and recognised when a camt tells of the same transfer', async () => {
  const mt940 = ':20:S\n:25:990001\n:28C:1/1\n:60F:C260118USD0,\n:61:2601190119C100,00NTRFTRLA2601001//BK1\n:62F:C260119USD100,\n-\n';
  const bai2 = '01,BANK,COUNTY,260120,0600,1,,,2/\n02,COUNTY,BANK,1,260119,,,2/\n03,990001,,,,,/\n16,195,10000,,X1,TRLA2601001,/\n49,10000,3/\n98,10000,1,5/\n99,10000,1,7/\n';
  expect(await take('a.sta', mt940)).toMatchObject({ lines: 1, imported: 1, findings: [] });
  expect(await take('b.txt', bai2)).toMatchObject({ lines: 1, imported: 0, duplicate: 1, findings: [] });
  expect(await take('c.xml', camt(camtEntry({ ref: '1', servicer: 'BK1', details: payment('<EndToEndId>TRLA2601001</EndToEndId>') })))).toMatchObject({ imported: 0, duplicate: 1 });
});

it('thousands of entries pass in batches and are counted once', async () => {
  const entries = Array.from({ length: 7_000 }, (_, at) => camtEntry({ ref: String(at), servicer: `BK${at % 6_999}`, details: payment(`<EndToEndId>TRLA26${String(at % 6_999).padStart(7, '0')}</EndToEndId>`) }));
  // The last is the first, word for word and under the same reference of the bank.
  const text = camt(entries.join('\n').replaceAll('<NtryRef>6999</NtryRef>', '<NtryRef>0</NtryRef>'));
  expect(await take('big.xml', text)).toMatchObject({ lines: 7_000, imported: 6_999, duplicate: 1, rejected: 0 });
});

it('is told to those who may see payments, and to the whole agency only', async () => {
  await take('1.xml', statement(1));
  await take('3.xml', statement(3));
  await expect(statementGaps(testCtx(db, { roles: ['attorney'] }))).rejects.toMatchObject({ code: 'access.forbidden' });
  expect(await statementGaps(testCtx(db, { roles: ['reconciler'], counties: ['06037'] }))).toEqual([]);
  await expect(inTransaction(ctx, (tx) => tx.tx.query('update bank_statement_findings set line = 1'))).rejects.toThrow(/does not change/);
  await expect(inTransaction(ctx, (tx) => tx.tx.query('delete from bank_statements'))).rejects.toThrow();
});
