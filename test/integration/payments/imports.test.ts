import { gzipSync } from 'node:zlib';
import type { Ctx } from '../../../src/platform/context.ts';
import { importBank, importDisbursements, importPayments, listBankCredits, listReceivedFiles } from '../../../src/modules/payments/index.ts';
import type { BankCredit, PaymentImport } from '../../../src/modules/payments/index.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { ach, camt, camtEntry, payment } from '../../unit/payments/bank-files.ts';
import { FORWARDING, REMITTANCE, forwardingLine, remittanceLine } from '../../unit/payments/partner-files.ts';

const LA = 'mx-consulate-los-angeles';
const CX = 'mx-consulate-calexico';
let db: TestDatabase;
let ctx: Ctx;
beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
});

const take = (fileName: string, source: string | Buffer, partnerId = LA): Promise<PaymentImport> =>
  importPayments(ctx, { partnerId, fileName, source: Buffer.from(source) });
const counts = ({ lines, imported, duplicate, rejected }: PaymentImport): number[] => [lines, imported, duplicate, rejected];
const folios = (numbers: number[]): string => numbers.map((n) => remittanceLine({ folio: `RLA26-${String(n).padStart(6, '0')}` })).join('\n');
const count = async (table: string): Promise<number> => Number((await behindTheWall<{ n: string }>(db, `select count(*) as n from ${table}`))[0]?.n);

describe('a partner file', () => {
  it('is stored line by line, with what is wrong, under one audit record', async () => {
    const result = await take('enero.csv', `${REMITTANCE}\n${folios([1, 2, 2])}\n${remittanceLine({ folio: 'RLA26-000009', importe_usd: '???' })}`);
    expect(result).toMatchObject({ file: 'enero.csv', kind: 'remittance', findings: [{ code: 'line.settled_missing', severity: 'warn', line: 5 }] });
    expect(counts(result)).toEqual([4, 2, 1, 1]);
    const rows = await behindTheWall(db, 'select line_number, partner_id, reference, amount_minor, rate::text, settled_minor, happened_on::text, findings, flags from payment_lines order by line_number');
    expect(rows[0]).toEqual({ line_number: 2, partner_id: LA, reference: 'RLA26-000001', amount_minor: '1112235', rate: '0.054395', settled_minor: '60500', happened_on: '2026-01-08', findings: [], flags: [] });
    expect(rows[3]).toMatchObject({ line_number: 5, settled_minor: null, findings: ['line.settled_missing'] });
    expect(await behindTheWall(db, "select partner_id from audit_events where action = 'payments.imported'")).toEqual([{ partner_id: LA }]);
    expect((await listReceivedFiles(ctx, { partnerId: LA })).files).toMatchObject([{ fileName: 'enero.csv', sha256: result.sha256, lines: 4, rejected: 1, encoding: 'utf-8' }]);
  });

  it('changes nothing when it comes again, and is all duplicates when it comes again in other bytes', async () => {
    const text = `${REMITTANCE}\n${folios([1, 2, 3])}\n`;
    expect(counts(await take('a.csv', text))).toEqual([3, 3, 0, 0]);
    const again = await take('renamed.csv', text);
    expect([counts(again), again.findings]).toEqual([[3, 0, 3, 0], [{ code: 'payments.file_repeated', severity: 'info' }]]);
    expect(counts(await take('b.csv.gz', gzipSync(text)))).toEqual([3, 0, 3, 0]);
    expect(counts(await take('c.csv', Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')))).toEqual([3, 0, 3, 0]);
    expect([await count('received_files'), await count('payment_lines')]).toEqual([3, 9]);
  });

  it('takes lines that lost letters on the way for repeats, whichever came first', async () => {
    const lost = `${REMITTANCE}\n${remittanceLine({ deudor: 'Jos? Pe?a N??ez' })}`;
    const whole = `${REMITTANCE}\n${remittanceLine()}`;
    await take('a.csv', lost);
    expect(counts(await take('b.csv', whole))).toEqual([1, 0, 1, 0]);
    expect(await behindTheWall(db, 'select count(distinct content_key)::int as n from payment_lines')).toEqual([{ n: 1 }]);
    expect(counts(await take('c.csv', `${REMITTANCE}\n${remittanceLine({ deudor: 'Jos? Ru?z' })}`))).toEqual([1, 1, 0, 0]);
  });

  it('keeps folios apart by kind, partner and the year of the line', async () => {
    await take('a.csv', `${REMITTANCE}\n${remittanceLine({ folio: 'X1' })}`);
    expect(counts(await take('b.csv', `${FORWARDING}\n${forwardingLine({ folio: 'X1' })}`))).toEqual([1, 1, 0, 0]);
    expect(counts(await take('a.csv', `${REMITTANCE}\n${remittanceLine({ folio: 'X1', transferencia: 'TRCX2601001' })}`, CX))).toEqual([1, 1, 0, 0]);
    expect(counts(await take('c.csv', `${REMITTANCE}\n${remittanceLine({ folio: 'X1', fecha_cobro: '2025-01-08' })}`))).toEqual([1, 1, 0, 0]);
  });

  it('is taken in once by two workers that have it at the same time', async () => {
    const text = `${REMITTANCE}\n${folios([1, 2, 3, 4, 5])}\n`;
    const results = await Promise.all([take('a.csv', text), take('a.csv', text), take('a.csv', text)]);
    expect(results.map((result) => result.imported).sort()).toEqual([0, 0, 5]);
    expect([await count('received_files'), await count('payment_lines')]).toEqual([1, 5]);
  });

  it('is kept but not imported when it is refused', async () => {
    await expect(take('a.csv', 'folio,importe\n1,2\n')).rejects.toMatchObject({ kind: 'invalid', code: 'payments.columns_untold' });
    expect([await count('kept_files'), await count('received_files'), await count('payment_lines')]).toEqual([1, 0, 0]);
  });

  it('is refused for a partner when the same bytes came from another, also by two workers at once', async () => {
    const text = `${REMITTANCE}\n${remittanceLine({ folio: 'X1', transferencia: 'T1' })}`;
    const settled = await Promise.allSettled([take('a.csv', text, CX), take('a.csv', text, LA)]);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [first, second] = settled[0].status === 'fulfilled' ? [CX, LA] : [LA, CX];
    const known = { kind: 'conflict', code: 'payments.known_for_other_partner', params: { partner: first, sha256: expect.stringMatching(/^[0-9a-f]{64}$/), fileId: expect.stringMatching(/^fil_/) } };
    expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({ reason: known });
    await expect(take('b.csv', text, second)).rejects.toMatchObject(known);
    expect(counts(await take('a.csv', text, first))).toEqual([1, 0, 1, 0]);
    expect([await count('received_files'), await count('payment_lines')]).toEqual([1, 1]);
  });

  it('is refused when its numbers are plainly those of another partner, and then imported for the right one', async () => {
    const text = `${REMITTANCE}\n${folios([1, 2, 3])}`;
    await expect(take('a.csv', text, CX)).rejects.toMatchObject({ kind: 'conflict', code: 'payments.looks_like_other_partner', params: { partner: LA } });
    expect([await count('received_files'), await count('payment_lines')]).toEqual([0, 0]);
    expect(counts(await take('a.csv', text))).toEqual([3, 3, 0, 0]);
  });

  it('says that it has a heading and nothing else, whoever sends it', async () => {
    for (const partner of [LA, CX]) {
      for (const heading of [REMITTANCE, FORWARDING]) {
        const result = await take('a.csv', `${heading}\n`, partner);
        expect([counts(result), result.findings]).toEqual([[0, 0, 0, 0], [{ code: 'payments.no_lines', severity: 'warn' }]]);
      }
    }
    expect((await listReceivedFiles(ctx, { partnerId: CX, kind: 'remittance' })).files).toMatchObject([{ findings: [{ code: 'payments.no_lines' }] }]);
  });

  it('is no register when it is a list of payee confirmations', async () => {
    const text = 'confirmation_id;disbursement_id;case_id;confirmed_on;caller;spoken_to;amount;currency;outcome;note\nC1;D2601000001;2000004103714;2026-01-09;x;y;5.00;USD;received;\n';
    const refusal = { kind: 'invalid', code: 'payments.confirmations_elsewhere', findings: [{ line: 1 }] };
    expect(await take('a.csv', text, 'kr-kcsa')).toMatchObject({ kind: 'confirmations', lines: 1, imported: 0, rejected: 1, findings: [{ code: 'confirmation.unknown_disbursement', line: 2 }] });
    await expect(importDisbursements(ctx, { fileName: 'a.csv', source: Buffer.from(text.replaceAll(';', ',')) })).rejects.toMatchObject(refusal);
  });

  it('cannot fill the memory by unpacking', async () => {
    const bomb = gzipSync(Buffer.alloc(110 * 1024 * 1024, `${'x'.repeat(999)}\n`));
    expect(bomb.length).toBeLessThan(1_000_000);
    await expect(take('a.csv.gz', bomb)).rejects.toMatchObject({ kind: 'invalid', code: 'file.unpacked_too_large' });
    await expect(take('b.csv.gz', gzipSync(`${REMITTANCE}\n${folios([1, 2, 3])}`).subarray(0, 60))).rejects.toMatchObject({ code: 'file.gzip_broken' });
    expect(await count('received_files')).toBe(0);
  });

  it('is refused to those who may not, and from partners that nobody knows', async () => {
    await expect(importPayments(testCtx(db, { roles: ['attorney'] }), { partnerId: LA, fileName: 'a', source: Buffer.from('x') })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(take('a.csv', 'x', 'nobody')).rejects.toMatchObject({ kind: 'not_found', code: 'partner.unknown' });
  });
});

describe('a register of disbursements', () => {
  const HEAD = 'disbursement_id,batch_id,case_id,partner,payee_name,amount,currency,issued_on,method';
  const row = (id: string, amount = '515.00', rest = 'USD,2026-01-03,consulate'): string => `${id},B1,2000004103714,${LA},María López,${amount},${rest}`;
  const register = (text: string): Promise<PaymentImport> => importDisbursements(ctx, { fileName: 'register.csv', source: Buffer.from(text) });

  const openCase = (caseId: string) => behindTheWall(db, `insert into support_cases (agency_id, case_id, county, status, opened_on, assistance, version, content_digest, sort_name, extract_file_id, updated_at)
    values ($1, $2, '06037', 'open', '2020-01-01', 'never', 1, '', '', 'fil_x', now())`, [ctx.actor.agency, caseId]);
  beforeEach(() => openCase('2000004103714'));

  it('leaves out and locates lines at fault, and keeps what a number stood for first', async () => {
    const result = await register(`${HEAD}\n${row('D1')}\n${row('D2', '-1.00')}\n${row('D3', '5.00', 'XXX,2026-01-03,consulate')}\n${row('D4', '5.00', 'USD,2026-02-30,pigeon')}\n${row('D1')}\n`);
    expect(counts(result)).toEqual([5, 1, 1, 3]);
    expect(result.findings.map((finding) => [finding.line, finding.code])).toEqual([
      [3, 'line.amount_negative'], [4, 'line.currency_unknown'], [5, 'line.date_impossible'], [5, 'disbursements.method_unknown']]);
    const other = await register(`${HEAD}\n${row('D1', '600.00')}\n${row('D5')}\n`);
    expect([counts(other), other.findings]).toEqual([[2, 1, 0, 1], [{ code: 'disbursements.id_taken', severity: 'block', line: 2, path: 'disbursement_id' }]]);
    expect(await behindTheWall(db, 'select disbursement_id, amount_minor from disbursements order by 1')).toEqual([{ disbursement_id: 'D1', amount_minor: '51500' }, { disbursement_id: 'D5', amount_minor: '51500' }]);
    expect(counts(await register(`${HEAD}\n${row('D1', '600.00')}\n${row('D5')}\n`))).toEqual([2, 0, 2, 0]);
  });

  it('tells of a case that nobody has, once for each new disbursement, and takes the line in', async () => {
    const unknown = row('D2').replace('2000004103714', '2000004109999');
    const result = await register(`${HEAD}\n${row('D1')}\n${unknown}\n${unknown}\n`);
    expect([counts(result), result.findings]).toEqual([[3, 2, 1, 0], [{ code: 'disbursements.case_unknown', severity: 'warn', line: 3, path: 'case_id' }]]);
    expect((await listReceivedFiles(ctx, { kind: 'disbursements' })).files).toMatchObject([{ findings: [{ code: 'disbursements.case_unknown', line: 3 }] }]);
    expect((await register(`${HEAD}\n${unknown}\n`)).findings).toEqual([]);
  });

  it('tells of a case that is held since a disbursement came back, until the hold is released, and takes the line in', async () => {
    await openCase('2000004105555');
    await register(`${HEAD}\n${row('D1')}\n`);
    await behindTheWall(db, "insert into disbursement_holds (agency_id, case_id, disbursement_id, reason, since_on) values ($1, '2000004103714', 'D1', 'disbursement.returned', '2026-01-20')", [ctx.actor.agency]);
    const result = await register(`${HEAD}\n${row('D1')}\n${row('D2')}\n${row('D3', '5.00', 'USD,2026-02-03,card')}\n${row('D4').replace('2000004103714', '2000004105555')}\n`);
    expect([counts(result), result.findings]).toEqual([[4, 3, 1, 0], [{ code: 'disbursement.case_held', severity: 'warn', line: 3, params: { disbursement: 'D1' } }]]);
    await behindTheWall(db, "update disbursement_holds set released_at = now(), release_reason = 'hold.seen'");
    expect((await register(`${HEAD}\n${row('D5')}\n`)).findings).toEqual([]);
  });

  it('tells of a case that is held since the bank took a collection back', async () => {
    await behindTheWall(db, "insert into disbursement_holds (agency_id, case_id, collection_key, reason, since_on) values ($1, '2000004103714', 'remittance:fil_x:2', 'collection.taken_back', '2026-01-20')", [ctx.actor.agency]);
    expect((await register(`${HEAD}\n${row('D1')}\n`)).findings).toEqual([{ code: 'disbursement.case_held_take_back', severity: 'warn', line: 2 }]);
  });

  it('is told to be empty when it is', async () => {
    expect((await register(`${HEAD}\n`)).findings).toEqual([{ code: 'payments.no_lines', severity: 'warn' }]);
  });

  it('is refused where a column is missing', async () => {
    await expect(register(`${HEAD.replace(',method', '')}\n`)).rejects.toMatchObject({ code: 'disbursements.columns_missing', findings: [{ path: 'method', line: 1 }] });
  });
});

describe('bank files', () => {
  const bank = (fileName: string, source: string): Promise<PaymentImport> => importBank(ctx, { fileName, source: Buffer.from(source) });
  const credits = async (): Promise<BankCredit[]> => {
    const all: BankCredit[] = [];
    for await (const credit of listBankCredits(ctx)) all.push(credit);
    return all;
  };
  const e2e = (id: string): string => payment(`<EndToEndId>${id}</EndToEndId>`);

  it('tell of a credit in statement, notification and ACH file, which is one', async () => {
    const entry = (ref: string, servicer?: string) => camtEntry({ ref, amount: '605.00', date: '2026-01-28', details: e2e('TRLA2601001'), ...(servicer === undefined ? {} : { servicer }) });
    expect(counts(await bank('053.xml', camt(entry('1', 'BK1') + camtEntry({ ref: '2', direction: 'DBIT', details: e2e('FEE260001') }))))).toEqual([2, 2, 0, 0]);
    expect(counts(await bank('054.xml', camt(entry('77'), { message: '054' })))).toEqual([1, 0, 1, 0]);
    expect(counts(await bank('054b.xml', camt(entry('78', 'OTHER'), { message: '054' })))).toEqual([1, 0, 1, 0]);
    expect(counts(await bank('ach.txt', ach([{ id: 'TRLA2601001' }]).replace('990001230041', '990001      ')))).toEqual([1, 0, 1, 0]);
    expect(await credits()).toMatchObject([{ file: '053.xml', entryRef: '1', outcome: 'unmatched', transfer: null, amountMinor: 60500n, currency: 'USD' }]);
    expect(await count('bank_credit_sightings')).toBe(5);
  });

  it('keep two payments apart that are alike, and find both again', async () => {
    const twins = (refs: string[]) => camt(refs.map((ref) => camtEntry({ ref, details: payment('', '', 'INTEREST PAID') })).join(''));
    expect(counts(await bank('a.xml', twins(['1', '2'])))).toEqual([2, 2, 0, 0]);
    expect(counts(await bank('b.xml', twins(['1', '2', '3'])))).toEqual([3, 1, 2, 0]);
    const monthly = (date: string, servicer: string) => camt(camtEntry({ ref: '1', date, servicer, details: e2e('ALIMENTOS 2026') }));
    expect(counts(await bank('jan.xml', monthly('2026-01-19', 'BK1')))).toEqual([1, 1, 0, 0]);
    expect(counts(await bank('feb.xml', monthly('2026-02-19', 'BK2')))).toEqual([1, 1, 0, 0]);
    expect(counts(await bank('feb-again.xml', `${monthly('2026-02-19', 'BK2')}\n`))).toEqual([1, 0, 1, 0]);
    expect(await credits()).toHaveLength(5);
  });

  it('number traces anew in each file without being taken for each other', async () => {
    await bank('jan.txt', ach([{ id: 'TRLA2601001' }, { id: 'TRLA2601002', cents: 35500 }]));
    expect(counts(await bank('feb.txt', ach([{ id: 'TRLA2602001' }, { id: 'TRLA2602002', cents: 35500 }]).replaceAll('260128', '260226')))).toEqual([2, 2, 0, 0]);
  });

  it('leave nothing behind when one of them is refused', async () => {
    await expect(bank('x.xml', camt(camtEntry({ ref: '1' })).slice(0, -30))).rejects.toMatchObject({
      code: 'bank.xml_broken', params: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), fileId: expect.stringMatching(/^fil_/) } });
    expect([await count('received_files'), await count('bank_credits'), await count('kept_files')]).toEqual([0, 0, 1]);
  });
});
