import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { annotatedList, importPayments, listAnnotated, openAnnotated } from '../../../src/modules/payments/index.ts';
import { writeXlsx } from '../../../src/modules/payments/formats/tables/xlsx/write-xlsx.ts';
import { readXlsx } from '../../../src/modules/payments/formats/tables/xlsx/read-xlsx.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { FORWARDING, LA, caseLine, importCases, importRegister, reconcileAll } from '../../support/reconciliation/scene.ts';

const COUPLE = { payer: 'Julio Duarte Rojas', receiver: 'Ana Peña Ruiz' };
let db: TestDatabase;
let ctx: Ctx;
beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
  await importCases(ctx, [caseLine('2000001', COUPLE), caseLine('2000002', { payer: 'Pedro Sosa Vera', receiver: 'Sofía Mora Gil' })]);
  await importRegister(ctx, ['D1,B1,2000001,mx-consulate-los-angeles,Ana Peña Ruiz,322.40,USD,2026-01-02,consulate']);
});
const LINES = [
  'F-1;D1;;Ana Peña Ruiz;322.40;USD;18.2655;0.00;5888.80;MXN;2026-01-07;ENTREGADO;',
  'F-2;D9;2000002;Sofía Mora Gil;100.00;USD;18.0000;0.00;1800.00;MXN;2026-01-07;ENTREGADO;"=HYPERLINK(1)"',
  'F-3;;;X;1.00;USD;18.0000;0.00;18.00;MXN;2026-13-07;ENTREGADO;',
];
const TEXT = `${[FORWARDING.replaceAll(',', ';'), ...LINES].join('\r\n')}\r\nTOTAL;;;;423.40;;;;;;;;\r\n`;
const take = (source: Buffer, fileName = 'enero.csv') => importPayments(ctx, { partnerId: LA, fileName, source });
const bytesOf = async (who: Ctx, annotatedFileId: string) => buffer((await openAnnotated(who, annotatedFileId)).bytes);
const officer = (partner: string) => testCtx(db, { id: `usr_${partner}`, roles: ['partner_officer'], partner });

it('has every byte of the partner, and at the end of each line its outcome, our case where the partner knows it, and what is needed', async () => {
  const { sha256 } = await take(iconv.encode(TEXT, 'win1252'));
  await expect(annotatedList(ctx, sha256)).rejects.toMatchObject({ kind: 'conflict', code: 'annotated.not_reconciled' });
  await reconcileAll(ctx);
  const made = await annotatedList(ctx, sha256);
  expect(made).toMatchObject({ fileName: 'enero-annotated.csv', lines: 3, cases: 1 });
  const back = iconv.decode(await bytesOf(ctx, made.annotatedFileId), 'win1252').split('\r\n');
  expect(back).toEqual([
    `${FORWARDING.replaceAll(',', ';')};Resultado;Número de caso en California;Qué se necesita`,
    `${LINES[0]};asentado;2000001;`,
    `${LINES[1]};por identificar;;${back[2]?.split(';').at(-1)}`,
    `${LINES[2]};rechazado?;;`.replace('rechazado?;;', 'no se pudo leer;;Revise la fecha.'),
    'TOTAL;;;;423.40;;;;;;;;', '']);
  expect(back[2]).toMatch(/(Confirme el número de (desembolso|caso).*)$/);
  expect(await annotatedList(ctx, sha256)).toEqual(made);
  expect(await behindTheWall(db, "select partner_id, details->>'cases' as cases from audit_events where action = 'payments.annotated' limit 1")).toEqual([{ partner_id: LA, cases: '1' }]);
});

it('names no case that this partner does not know already, although the line was matched to it', async () => {
  const { sha256 } = await take(Buffer.from(TEXT));
  await reconcileAll(ctx);
  await behindTheWall(db, "alter table line_outcomes disable trigger all; update line_outcomes set outcome = 'pending', case_id = '2000002', county = '06037', reasons = '{status.pending}' where line_number = 2; update line_outcomes set outcome = 'suspense', case_id = '2000001' where line_number = 3; alter table line_outcomes enable trigger all");
  const { annotatedFileId } = await annotatedList(ctx, sha256);
  const text = (await bytesOf(ctx, annotatedFileId)).toString();
  expect(text.split('\r\n')[1]).toMatch(/;pendiente;;Informe el resultado cuando lo haya\.$/);
  expect(text.split('\r\n')[2]).not.toContain('2000001');
});

it('is fetched by the partner’s own officers and by nobody else’s, and each fetching is written down', async () => {
  const { sha256 } = await take(gzipSync(TEXT), 'enero.csv.gz');
  await reconcileAll(ctx);
  const made = await annotatedList(ctx, sha256);
  expect(made.fileName).toBe('enero-annotated.csv');
  expect((await listAnnotated(officer(LA))).rows.map(({ annotatedFileId }) => annotatedFileId)).toEqual([made.annotatedFileId]);
  expect((await bytesOf(officer(LA), made.annotatedFileId)).toString()).toContain(';asentado;2000001;');
  expect((await listAnnotated(officer('kr-kcsa'))).rows).toEqual([]);
  await expect(openAnnotated(officer('kr-kcsa'), made.annotatedFileId)).rejects.toMatchObject({ kind: 'not_found', code: 'annotated.not_found' });
  await expect(annotatedList(officer(LA), sha256)).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(listAnnotated(testCtx(db, { roles: ['translator'] }))).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(annotatedList(ctx, 'fil_nothing')).rejects.toMatchObject({ kind: 'not_found', code: 'annotated.no_such_list' });
  expect(await behindTheWall(db, "select count(*)::int as n from audit_events where action = 'payments.annotated_read'")).toEqual([{ n: 1 }]);
});

it('goes back as a workbook where it came as one', async () => {
  const { sha256 } = await take(await writeXlsx([{ name: 'Enero', rows: [FORWARDING.split(','), ...LINES.map((line) => line.replaceAll('"', '').split(';'))] }]), 'enero.xlsx');
  await reconcileAll(ctx);
  const { annotatedFileId, fileName } = await annotatedList(ctx, sha256);
  const { sheets } = await readXlsx(await bytesOf(officer(LA), annotatedFileId));
  expect([fileName, sheets[0]?.records.map(({ cells }) => cells.slice(13, 15))]).toEqual(['enero-annotated.xlsx', [['Resultado', 'Número de caso en California'], ['asentado', '2000001'], ['por identificar', ''], ['no se pudo leer', '']]]);
});
