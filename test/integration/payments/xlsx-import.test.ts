import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { importPayments } from '../../../src/modules/payments/index.ts';
import { writeXlsx } from '../../../src/modules/payments/formats/tables/xlsx/write-xlsx.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { REMITTANCE, remittanceLine } from '../../unit/payments/partner-files.ts';

const LA = 'mx-consulate-los-angeles';
const MB = 1024 * 1024;
let db: TestDatabase;
let ctx: Ctx;
beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
});
const take = (source: Buffer | Readable, fileName = 'list') => importPayments(ctx, { partnerId: LA, fileName, source });
const kept = async () => Number((await behindTheWall<{ n: string }>(db, 'select count(*) as n from kept_files'))[0]?.n);
const rows = [REMITTANCE, remittanceLine(), remittanceLine({ folio: 'RLA26-000002' })];

it('a workbook is told by its content, whatever its name, and repeats the same list as text', async () => {
  const workbook = await writeXlsx([{ name: 'Enero', rows: rows.map((row) => row.split(',')) }]);
  expect(await take(workbook, 'enero.csv')).toMatchObject({ kind: 'remittance', lines: 2, imported: 2, findings: [] });
  expect(await take(Buffer.from(rows.join('\n')), 'enero.xlsx')).toMatchObject({ lines: 2, imported: 0, duplicate: 2 });
  expect(await take(gzipSync(workbook))).toMatchObject({ duplicate: 2 });
  expect(await behindTheWall(db, "select encoding, dialect->>'sheet' as sheet from received_files order by imported_seq limit 1")).toEqual([{ encoding: 'xlsx', sheet: 'Enero' }]);
});

it('payee confirmations in a workbook are no report of payments', async () => {
  const heading = 'confirmation_id,disbursement_id,case_id,confirmed_on,caller,spoken_to,amount,currency,outcome,note'.split(',');
  expect(await take(await writeXlsx([{ name: 'A', rows: [heading] }]))).toMatchObject({ kind: 'confirmations', lines: 0 });
});

it('1 GB line: packed or not, it is refused early, with its line, and never held', async () => {
  const before = process.memoryUsage.rss();
  const member = gzipSync(Buffer.alloc(16 * MB, 'x'));
  const packed = Buffer.concat([gzipSync(`${REMITTANCE}\n${remittanceLine()}\n`), ...Array<Buffer>(64).fill(member)]);
  await expect(take(packed)).rejects.toMatchObject({ code: 'payments.line_too_long', findings: [{ code: 'payments.line_too_long', line: 3 }] });
  const plain = Readable.from((function* () { for (let at = 0; at < 1_024; at++) yield Buffer.alloc(MB, 'x'); })());
  await expect(take(plain)).rejects.toMatchObject({ code: 'file.too_large' });
  expect(process.memoryUsage.rss() - before).toBeLessThan(400 * MB);
  expect(await kept()).toBe(1);
});

it('old, locked and damaged workbooks are refused by what they are, and their bytes are kept', async () => {
  await expect(take(Buffer.from('d0cf11e0a1b11ae1'.padEnd(2_000, '0'), 'hex'))).rejects.toMatchObject({ code: 'xlsx.old_or_locked', params: { fileId: expect.stringMatching(/^fil_/) } });
  const workbook = await writeXlsx([{ name: 'A', rows: rows.map((row) => row.split(',')) }]);
  await expect(take(workbook.subarray(0, workbook.length - 40))).rejects.toMatchObject({ code: 'xlsx.damaged' });
  expect(await kept()).toBe(2);
});

it('wrong encoding: a list that was misread on its way is the same list, and the finding says so', async () => {
  const text = [REMITTANCE, remittanceLine()].join('\n');
  const misread = Buffer.from(new TextDecoder('windows-1252').decode(Buffer.from(text)));
  expect(await take(misread)).toMatchObject({ imported: 1, findings: [{ code: 'payments.text_misread', severity: 'info', params: { encoding: 'utf-8' } }] });
  expect(await take(iconv.encode(text, 'win1252'))).toMatchObject({ duplicate: 1 });
  expect(await behindTheWall(db, 'select distinct obligor_name from payment_lines')).toEqual([{ obligor_name: 'José Peña Núñez' }]);
});
