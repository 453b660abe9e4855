import { gzipSync } from 'node:zlib';
import { getMapping, importPayments, listMappings, previewUntold, saveMapping } from '../../../src/modules/payments/index.ts';
import { openKeptFile } from '../../../src/platform/files.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { remittanceLine } from '../../unit/payments/partner-files.ts';

const LA = 'mx-consulate-los-angeles';
const HEADS = ['Ref', 'Asunto', 'Persona A', 'Persona B', 'Cant 1', 'Div', 'Factor', 'Desc', 'Cant 2', 'Día', 'Día 2', 'Lote', 'Obs'];
const LIST = `${HEADS.join(',')}\n${remittanceLine()}\n`;
const MAPPING = {
  mappingVersion: '1.0',
  columns: { reference: 'Ref', caseId: 'Asunto', obligorName: 'Persona A', obligeeName: 'Persona B', amount: 'Cant 1', currency: 'Div', rate: 'Factor', fee: 'Desc', settled: 'Cant 2', happenedOn: 'Día', sentOn: 'Día 2', transferReference: 'Lote', note: 'Obs' },
};

let db: TestDatabase;
let ctx: Ctx;
beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
});
const take = (source: string | Buffer, fileName = 'enero.csv') => importPayments(ctx, { partnerId: LA, fileName, source: Buffer.from(source) });
const save = (mapping: unknown = MAPPING) => saveMapping(ctx, { partnerId: LA, kind: 'remittance', mapping });

it('lets a list in that was refused, from the bytes that were kept, and says by which version', async () => {
  const refused = await take(LIST).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'payments.columns_untold', params: { kind: 'remittance' } });
  const { waiting } = await listMappings(ctx);
  expect(waiting).toMatchObject([{ partnerId: LA, fileName: 'enero.csv', kind: 'remittance' }]);
  const { fileId } = waiting[0] as { fileId: string };
  const { preview } = await previewUntold(ctx, fileId);
  expect(preview).toMatchObject({ delimiter: ',', sheet: null, headingLine: 1, headings: HEADS, rows: [{ line: 2 }] });
  expect(preview.known.find(({ kind }) => kind === 'remittance')?.needed).toContain('settled');
  expect(await save()).toEqual({ version: 1, isRepeat: false });
  const result = await importPayments(ctx, { partnerId: LA, fileName: 'enero.csv', source: openKeptFile(ctx, fileId) });
  expect(result).toMatchObject({ lines: 1, imported: 1, findings: [{ code: 'payments.mapping_used', params: { version: 1 } }] });
  expect((await listMappings(ctx)).waiting).toEqual([]);
  await expect(previewUntold(ctx, fileId)).rejects.toMatchObject({ kind: 'not_found', code: 'mapping.no_such_list' });
  expect(await take(gzipSync(LIST.replaceAll('\n', '\r\n')), 'otra.csv')).toMatchObject({ duplicate: 1 });
});

it('is versioned, audited, and the same again changes nothing', async () => {
  await save();
  expect(await save(structuredClone(MAPPING))).toEqual({ version: 1, isRepeat: true });
  expect(await save({ ...MAPPING, sheet: 'Enero' })).toEqual({ version: 2, isRepeat: false });
  expect((await getMapping(ctx, LA, 'remittance')).mapping).toMatchObject({ sheet: 'Enero' });
  expect((await getMapping(ctx, LA, 'remittance', 1)).mapping).toEqual(MAPPING);
  await expect(getMapping(ctx, LA, 'forwarding')).rejects.toMatchObject({ code: 'mapping.not_found' });
  expect(await behindTheWall(db, "select details->>'version' as version, partner_id from audit_events where action = 'payments.mapping_saved' order by 1")).toEqual([{ version: '1', partner_id: LA }, { version: '2', partner_id: LA }]);
  const versions = await Promise.all([3, 4, 5].map((line) => save({ ...MAPPING, headingLine: line })));
  expect(versions.map(({ version }) => version).sort()).toEqual([3, 4, 5]);
});

it('is refused with the place of each fault, and nothing is saved', async () => {
  await expect(save({ mappingVersion: '1.0', columns: { status: 'x' }, fixed: { currency: 'EUR' } })).rejects.toMatchObject({
    code: 'mapping.invalid', findings: [{ code: 'mapping.no_such_field', path: '/columns/status' }, { code: 'mapping.currency_not_admitted', path: '/fixed/currency' }] });
  await expect(save({ columns: {} })).rejects.toMatchObject({ code: 'mapping.invalid', findings: [{ code: 'mapping.schema' }] });
  await expect(saveMapping(ctx, { partnerId: 'nobody', kind: 'remittance', mapping: MAPPING })).rejects.toMatchObject({ code: 'partner.unknown' });
  expect((await listMappings(ctx)).mappings).toEqual([]);
});

it('is for clerks: no officer, attorney or supervisor says how lists are read, nor sees their rows', async () => {
  await take(LIST).catch(() => undefined);
  const { fileId } = (await listMappings(ctx)).waiting[0] as { fileId: string };
  for (const roles of [['partner_officer'], ['attorney'], ['supervisor'], ['translator']] as const) {
    const other = testCtx(db, { roles: [...roles], ...(roles[0] === 'partner_officer' ? { partner: LA } : {}) });
    await expect(saveMapping(other, { partnerId: LA, kind: 'remittance', mapping: MAPPING })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(listMappings(other)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(previewUntold(other, fileId)).rejects.toMatchObject({ kind: 'forbidden' });
  }
});

it('never changes what was saved, in the database either', async () => {
  await save();
  await expect(behindTheWall(db, "update column_mappings set mapping = '{}'")).rejects.toThrow(/append-only/);
  await expect(behindTheWall(db, 'delete from column_mappings')).rejects.toThrow(/append-only/);
});
