import { gzipSync } from 'node:zlib';
import { getCase, importCaseExtract, listCases, viewCase } from '../../../src/modules/cases/index.ts';
import { readIdentifiers } from '../../../src/modules/cases/support-case.store.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { generateCases } from '../../../src/demo/case-generator.ts';
import { aCase, aChild, anObligee, anObligor, anOrder, extractOf } from '../../support/cases/builders.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

let db: TestDatabase;
let ctx: Ctx;
let agency: string;
let agencies = 0;
beforeAll(async () => {
  db = await testDatabase();
});
// Each test has an agency of its own, which sees nothing of the others'.
beforeEach(() => {
  agency = `us-t${String(++agencies).padStart(2, '0')}`;
  ctx = testCtx(db, { kind: 'system', id: 'operator', agency });
});

const importOf = (source: Buffer, as: Ctx = ctx) => importCaseExtract(as, { fileName: 'cases.ndjson', source });
const TABLES = ['support_cases', 'support_case_versions', 'case_participants', 'case_name_keys', 'case_identifiers', 'case_obligations', 'case_balances', 'partner_case_numbers'];
const counts = async () => Object.fromEntries(await Promise.all(TABLES.map(async (table) => [table, Number((await behindTheWall<{ n: string }>(db, `select count(*) as n from ${table} where agency_id = $1`, [agency]))[0]?.n)])));

describe('importing an extract', () => {
  it('stores each case so that it reads back as it came', async () => {
    const cases = [...generateCases({ seed: 5, count: 40 })];
    const summary = await importOf(extractOf(cases));
    expect(summary).toMatchObject({ lines: 40, imported: 40, unchanged: 0, changed: 0, rejected: 0 });
    for (const supportCase of cases) expect(await getCase(ctx, supportCase.caseId)).toEqual(supportCase);
    for (const supportCase of cases.slice(0, 5)) {
      const stored = await inTransaction(ctx, (tx) => readIdentifiers(tx, supportCase.caseId));
      expect(stored.map(({ value }) => value).toSorted()).toEqual(supportCase.participants.flatMap(({ identifiers }) => (identifiers ?? []).map(({ value }) => value)).toSorted());
    }
  });

  it('changes nothing the second time, gzipped or with other line ends or another order of keys', async () => {
    const cases = [...generateCases({ seed: 6, count: 30 })];
    await importOf(extractOf(cases));
    const before = await counts();
    const turned = cases.map((supportCase) => Object.fromEntries(Object.entries(supportCase).toReversed()));
    for (const again of [extractOf(cases), gzipSync(extractOf(cases)), Buffer.from(`\ufeff${extractOf(cases).toString().replaceAll('\n', '\r\n\r\n')}`), extractOf(turned)]) {
      expect(await importOf(again)).toMatchObject({ lines: 30, imported: 0, unchanged: 30, changed: 0, rejected: 0 });
    }
    expect(await counts()).toEqual(before);
  });

  it('makes a new version of a changed case and remembers where it changed, never what', async () => {
    await importOf(extractOf([aCase(), aCase({ caseId: 'OTHER-1' })]));
    const changed = aCase({ status: 'closed', closedOn: '2026-10-01', participants: [anObligor(), anObligee({ phones: ['+52 686 555 0177'] }), aChild()], orders: [] });
    expect(await importOf(extractOf([changed, aCase({ caseId: 'OTHER-1' })]))).toMatchObject({ imported: 0, changed: 1, unchanged: 1 });
    expect(await getCase(ctx, '2600000000001')).toEqual(changed);
    const { versions } = await viewCase(ctx, '2600000000001');
    expect(versions.map(({ version, changes, line }) => ({ version, changes, line }))).toEqual([
      { version: 2, changes: ['/closedOn', '/orders/0', '/participants/1/phones/0', '/status'], line: 1 }, { version: 1, changes: [], line: 1 },
    ]);
    expect((await counts()).case_obligations).toBe(1);
    expect((await listCases(ctx, { status: 'closed' })).items.map(({ caseId, version }) => [caseId, version])).toEqual([['2600000000001', 2]]);
  });

  it('does not bring an older state back when an old extract is sent again', async () => {
    const old = extractOf([aCase()]);
    await importOf(old);
    await importOf(extractOf([aCase({ assistance: 'current' })]));
    const again = await importOf(old);
    expect(again).toMatchObject({ unchanged: 1, changed: 0 });
    expect(again.findings.map(({ code }) => code)).toContain('cases.outdated_by_later_extract');
    expect((await getCase(ctx, '2600000000001')).assistance).toBe('current');
  });

  it('leaves a bad line out, says where, and takes the others', async () => {
    const lines = [
      JSON.stringify(aCase({ caseId: 'A' })), '{"caseId":', JSON.stringify(aCase({ caseId: 'A' })), JSON.stringify(aCase({ caseId: 'B', orders: [anOrder({ obligations: [] })] })),
      '', JSON.stringify(aCase({ caseId: 'C', balances: [{ bucket: 'medical', amount: '-1.00', currency: 'USD', asOf: '2026-01-01' }] })), JSON.stringify(aCase({ caseId: 'D' })),
    ];
    const source = Buffer.concat([Buffer.from(`${lines.join('\n')}\n{"caseId":"`), Buffer.from([0xe9, 0x28]), Buffer.from('"}\n')]);
    const summary = await importOf(source);
    expect(summary).toMatchObject({ lines: 7, imported: 2, rejected: 5 });
    expect(summary.findings.filter(({ severity }) => severity === 'block').map(({ line, code, path }) => [line, code, path])).toEqual([
      [2, 'cases.line_not_json', undefined], [3, 'cases.case_id_repeated', '/caseId'], [4, 'cases.order_without_obligations', '/orders/0/obligations'],
      [6, 'cases.amount_negative', '/balances/0/amount'], [8, 'cases.line_not_utf8', undefined],
    ]);
    const stored = await behindTheWall(db, "select line_number, code from case_import_findings where severity = 'block' and agency_id = $1 order by line_number", [agency]);
    expect(stored).toHaveLength(5);
    expect((await listCases(ctx)).items.map(({ caseId }) => caseId)).toEqual(['A', 'D']);
  });

  it('stores nothing of a file that breaks off, and all of it when it comes whole', async () => {
    const cases = [...generateCases({ seed: 8, count: 700 })];
    const whole = gzipSync(extractOf(cases));
    await expect(importOf(whole.subarray(0, whole.length - 50))).rejects.toMatchObject({ kind: 'invalid', code: 'cases.gzip_truncated' });
    expect((await counts()).support_cases).toBe(0);
    expect(await importOf(whole)).toMatchObject({ imported: 700 });
  });

  it('refuses a file of which no line is a record, saying where it looked', async () => {
    for (const text of ['case_id,county\n1,06037\n', '[]\n"x"\n', 'M\u00e9xico']) {
      await expect(importOf(Buffer.from(text, 'latin1'))).rejects.toMatchObject({ kind: 'invalid', code: 'cases.extract_not_recognised', findings: expect.arrayContaining([expect.objectContaining({ line: 1, severity: 'block' })]) });
    }
    expect(await importOf(Buffer.from('\n\n'))).toMatchObject({ lines: 0 });
  });

  it('lets two imports run at once', async () => {
    const extract = extractOf([...generateCases({ seed: 9, count: 300 })]);
    const other = extractOf([...generateCases({ seed: 9, count: 320 })]);
    const summaries = await Promise.all([importOf(extract), importOf(other), importOf(extract)]);
    expect(summaries.reduce((sum, { imported }) => sum + imported, 0)).toBe(320);
    expect(summaries.reduce((sum, { changed }) => sum + changed, 0)).toBe(0);
    expect((await counts()).support_cases).toBe(320);
  });

  it('writes one entry into the record of who did what', async () => {
    const { fileId } = await importOf(extractOf([aCase()]));
    expect(await behindTheWall(db, "select action, subject_id, details->>'imported' as imported from audit_events where agency_id = $1", [agency])).toEqual([{ action: 'cases.imported', subject_id: fileId, imported: '1' }]);
  });

  it('keeps identifiers, addresses, telephones and accounts out of sight of whoever reads the tables', async () => {
    await importOf(extractOf([aCase()]));
    for (const table of [...TABLES, 'case_imports', 'case_import_findings', 'audit_events', 'kept_files']) {
      const text = JSON.stringify(await behindTheWall(db, `select t::text from ${table} t where agency_id = $1`, [agency]));
      for (const secret of ['919-07-3588', '919073588', 'LERR830218', 'Heber Ave', 'Guerrero', '21120', '555 0124', '032180000118359719']) expect(text).not.toContain(secret);
    }
  });

  it('binds what is encrypted to its row', async () => {
    await importOf(extractOf([aCase(), aCase({ caseId: 'OTHER-1' })]));
    await behindTheWall(db, 'alter table support_case_versions disable trigger append_only_rows');
    await behindTheWall(db, "update support_case_versions set body_encrypted = (select body_encrypted from support_case_versions where case_id = 'OTHER-1' and agency_id = $1) where case_id = '2600000000001' and agency_id = $1", [agency]);
    await expect(getCase(ctx, '2600000000001')).rejects.toMatchObject({ code: 'keys.decrypt_failed' });
  });

  it('refuses whoever may not import', async () => {
    await expect(importOf(extractOf([aCase()]), testCtx(db, { roles: ['attorney'], agency }))).rejects.toMatchObject({ kind: 'forbidden', code: 'access.forbidden' });
  });
});
