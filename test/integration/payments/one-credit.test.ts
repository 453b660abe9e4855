import fc from 'fast-check';
import { importBank, listBankCredits } from '../../../src/modules/payments/index.ts';
import type { PaymentImport } from '../../../src/modules/payments/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import { ach, camt, camtEntry, payment } from '../../unit/payments/bank-files.ts';

let ctx: Ctx;
beforeEach(async () => { ctx = testCtx(await testDatabase()); });

const take = (name: string, text: string): Promise<PaymentImport> => importBank(ctx, { fileName: name, source: Buffer.from(text) });
const told = ({ imported, duplicate, findings }: PaymentImport): unknown[] => [imported, duplicate, ...findings.filter(({ code }) => code === 'bank.maybe_twin').map(({ line, params }) => [line, params?.['file']])];
async function credits(): Promise<number> {
  let count = 0;
  for await (const { amountMinor } of listBankCredits(ctx)) count += amountMinor > 0n ? 1 : 0;
  return count;
}

const balance = (code: string, amount: number, day: string): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="USD">${amount}.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`;
const STANDING = payment('<EndToEndId>STANDING-000777</EndToEndId>', '', 'MONTHLY SUPPORT');
interface Written { day: string; account?: string; message?: '053' | '054'; servicer?: string; details?: string; copies?: number; ref?: string }

/** Statement or notification n, with a number of its own and balances that go on; one credit of 100.00 by standing order. */
function told100(n: number, { day, account = '990001', message = '053', servicer, details = STANDING, copies = 1, ref = 'E' }: Written): string {
  const entry = (at: number): string => camtEntry({ ref: `${ref}${n}${at}`, date: day, details, ...(servicer === undefined ? {} : { servicer }) });
  const balances = message === '053' ? balance('OPBD', n * 100, day) + balance('CLBD', n * 100 + 100 * copies, day) : '';
  return camt(Array.from({ length: copies }, (_, at) => entry(at)).join('\n'), { message, balances })
    .replace('<Id>S1</Id>', `<Id>${message}-${account}-${n}</Id><ElctrncSeqNb>${n}</ElctrncSeqNb>${message === '054' ? `<FrToDt><FrDtTm>${day}T00:00:00</FrDtTm><ToDtTm>${day}T23:00:00</ToDtTm></FrToDt>` : ''}`)
    .replace('<Id>990001</Id>', `<Id>${account}</Id>`);
}
const mt940 = (n: number, day: string, text: string, account = '990001'): string =>
  `:20:S\n:25:${account}\n:28C:${n}/1\n:60F:C${day}USD${n}00,\n:61:${day}${day.slice(2)}C100,00NTRFNONREF\n:86:${text}\n:62F:C${day}USD${n + 1}00,\n-\n`;

it('dropped twin: identical credits in consecutive statements are all kept, and nothing is asked', async () => {
  for (const [at, day] of ['2026-05-01', '2026-05-04', '2026-05-08', '2026-05-15'].entries()) {
    expect(told(await take(`tw${at}.xml`, told100(at + 1, { day })))).toEqual([1, 0]);
  }
  expect(await credits()).toBe(4);
});

it('dropped twin in MT940: the number of a case in free text is no transfer number', async () => {
  expect(told(await take('a.sta', mt940(1, '260601', 'SUPPORT CASE 2000004102443 JOSE')))).toEqual([1, 0]);
  expect(told(await take('b.sta', mt940(2, '260602', 'SUPPORT CASE 2000004102443 JOSE')))).toEqual([1, 0]);
  expect(await credits()).toBe(2);
});

it('a notification and then the statement tell of one credit, also where the number stands in free text, and each of two has its own', async () => {
  const text = payment('<EndToEndId>NOTPROVIDED</EndToEndId>', '', 'CHILD SUPPORT REMITTANCE TRKR2602004');
  expect(told(await take('n.xml', told100(1, { day: '2026-05-01', message: '054', details: text })))).toEqual([1, 0]);
  expect(told(await take('s.xml', told100(1, { day: '2026-05-02', servicer: 'BK1', details: payment('<EndToEndId>TRKR2602004</EndToEndId>') })))).toEqual([0, 1]);
  expect(told(await take('n2.xml', told100(2, { day: '2026-05-04', message: '054', copies: 2 })))).toEqual([2, 0]);
  expect(told(await take('s2.xml', told100(2, { day: '2026-05-05', copies: 3 })))).toEqual([1, 2]);
  expect(await credits()).toBe(4);
});

it('a statement that is sent again in other bytes brings nothing new, also without any reference', async () => {
  const bare = payment('', '', 'INTEREST PAID');
  expect(told(await take('a.xml', told100(1, { day: '2026-05-01', copies: 2, details: bare })))).toEqual([2, 0]);
  const again = told100(1, { day: '2026-05-01', copies: 2, details: bare, ref: 'X' });
  expect(told(await take('b.xml', again))).toEqual([0, 2]);
  // Under an identification of its own: the number and what it opens with are those of the first.
  expect(told(await take('c.xml', again.replace('<Id>053-990001-1</Id>', '<Id>COPY-7</Id><CpyDplctInd>DUPL</CpyDplctInd>')))).toEqual([0, 2]);
  expect(told(await take('a.sta', mt940(7, '260601', 'SUPPORT CASE 2000004102443')))).toEqual([1, 0]);
  expect(told(await take('b.sta', mt940(7, '260601', 'SUPPORT CASE 2000004102443').replaceAll('\n', '\r\n')))).toEqual([0, 1]);
});

it('another account of ours is another credit, in the same message and in another', async () => {
  expect(told(await take('a.xml', told100(1, { day: '2026-05-01' })))).toEqual([1, 0]);
  expect(told(await take('b.xml', told100(1, { day: '2026-05-01', account: '990002' })))).toEqual([1, 0]);
  expect(told(await take('c.xml', told100(1, { day: '2026-05-01', account: '990003', message: '054' })))).toEqual([1, 0]);
  expect(told(await take('d.xml', told100(2, { day: '2026-05-01', account: 'DE44000000000000990003' })))).toEqual([0, 1]);
  expect(await credits()).toBe(3);
});

it('8 days apart are two; 7 days apart are two of which a person is told; 6 days apart are one; and nothing chains', async () => {
  await take('s.xml', told100(1, { day: '2026-05-01' }));
  expect(told(await take('n9.xml', told100(9, { day: '2026-05-09', message: '054' })))).toEqual([1, 0]);
  expect(told(await take('n8.xml', told100(8, { day: '2026-05-08', message: '054' })))).toEqual([1, 0, [4, 's.xml']]);
  expect(told(await take('n7.xml', told100(7, { day: '2026-05-07', message: '054' })))).toEqual([0, 1]);
  // Four days from the notification, ten from the statement that it is one with; near enough to the other two.
  expect(told(await take('b.sta', mt940(3, '260511', 'STANDING-000777')))).toEqual([0, 1]);
  expect(await credits()).toBe(3);
});

it('where nobody can say, both are kept and told with line and file', async () => {
  // No number, the same words: a statement in two formats.
  await take('a.sta', mt940(1, '260601', 'SUPPORT CASE 2000004102443'));
  const text = told100(5, { day: '2026-06-01', details: payment('', '', 'SUPPORT CASE 2000004102443') });
  expect(told(await take('b.xml', text))).toEqual([1, 0, [4, 'a.sta']]);
  // Two references of the bank for one transfer number.
  await take('c.xml', told100(6, { day: '2026-07-01', servicer: 'BK1' }));
  expect(told(await take('d.xml', told100(7, { day: '2026-07-01', servicer: 'BK2', message: '054' })))).toEqual([1, 0, [4, 'c.xml']]);
  // Two notifications with nothing that sets them apart.
  await take('e.xml', camt(camtEntry({ details: STANDING, date: '2026-08-01' }), { message: '054' }).replace('S1', 'N1'));
  expect(told(await take('f.xml', camt(camtEntry({ details: STANDING, date: '2026-08-01' }), { message: '054' }).replace('S1', 'N2')))).toEqual([1, 0, [4, 'e.xml']]);
});

it('a reference of the bank that a later file gives does not make two of its own entries one', async () => {
  const files = [told100(1, { day: '2026-05-01', servicer: 'BK1' }), told100(2, { day: '2026-05-05', servicer: 'BK2' }), told100(1, { day: '2026-05-01', servicer: 'BK1', message: '054' }), told100(2, { day: '2026-05-05', servicer: 'BK2', message: '054' })];
  for (const order of [[0, 3, 1, 2], [3, 0, 2, 1], [1, 2, 3, 0]]) {
    ctx = testCtx(await testDatabase());
    for (const at of order) await take(`${at}.xml`, files[at] as string);
    expect(await credits()).toBe(2);
  }
});

it('any order of import gives the same credits', async () => {
  const files: [string, string][] = [
    ['s1.xml', told100(1, { day: '2026-05-01' })], ['s2.xml', told100(2, { day: '2026-05-08' })], ['n1.xml', told100(1, { day: '2026-05-01', message: '054' })],
    ['s2-again.xml', told100(2, { day: '2026-05-08', ref: 'X' })], ['ach.txt', ach([{ id: 'STANDING-000777', cents: 10_000 }]).replace('990001230041', '990001      ').replaceAll('260128', '260508')]];
  await fc.assert(fc.asyncProperty(fc.shuffledSubarray(files, { minLength: files.length }), async (order) => {
    ctx = testCtx(await testDatabase());
    for (const [name, text] of order) await take(name, text);
    expect(await credits()).toBe(2);
  }), { numRuns: 8 });
}, 120_000);
