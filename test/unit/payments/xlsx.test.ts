import fc from 'fast-check';
import { getPartner } from '../../../src/modules/partners/index.ts';
import { readPartnerTable } from '../../../src/modules/payments/formats/tables/partner-table.rules.ts';
import type { PartnerTable } from '../../../src/modules/payments/formats/tables/partner-table.rules.ts';
import type { Workbook } from '../../../src/modules/payments/formats/tables/table.rules.ts';
import { dayOfSerial, plainDecimal, shownDecimal, styleOfFormat } from '../../../src/modules/payments/formats/tables/xlsx/cell.rules.ts';
import { readXlsx } from '../../../src/modules/payments/formats/tables/xlsx/read-xlsx.ts';
import { readWorkbook } from '../../../src/modules/payments/formats/tables/xlsx/workbook.ts';
import { writeXlsx } from '../../../src/modules/payments/formats/tables/xlsx/write-xlsx.ts';
import { spreadsheet, workbookOf } from '../../support/payments/workbooks.ts';
import { REMITTANCE, digest, remittanceLine } from './partner-files.ts';

const LA = 'mx-consulate-los-angeles';
const HEADS = REMITTANCE.split(',');
const LETTERS = 'ABCDEFGHIJKLM';
const t = (reference: string, text: string) => `<c r="${reference}" t="inlineStr"><is><t>${text}</t></is></c>`;
const row = (line: number, cells: readonly string[]) => `<row r="${line}">${cells.map((cell, at) => (cell.startsWith('<') ? cell : t(`${LETTERS[at]}${line}`, cell))).join('')}</row>`;
const paid = (changes: Partial<Record<string, string>> = {}) => remittanceLine(changes).split(',');

async function cellsOf(rows: string, more: Partial<Parameters<typeof spreadsheet>[0]> = {}) {
  const { sheets } = await readWorkbook(await spreadsheet({ sheets: [{ name: 'Hoja1', rows }], ...more }));
  return { records: sheets[0]?.records.map((record) => record.cells), findings: sheets[0]?.findings, lines: sheets[0]?.records.map((record) => record.line) };
}

function tableOf(workbook: Workbook): PartnerTable {
  const { files, caseNumbers } = getPartner(LA);
  return readPartnerTable(workbook, { forwarding: files.forwarding?.value ?? null, remittance: files.remittance?.value ?? null, caseNumbers: caseNumbers.value.forms, disbursementIds: [] }, digest);
}

describe('a number in a workbook', () => {
  it.each([
    ['605.1', '605.1'], ['5.4394999999999999E-2', '0.054395'], ['605.00000000000011', '605'], ['0.30000000000000004', '0.3'], ['11122.35', '11122.35'], ['-3.5', '-3.5'],
    ['2000004106384', '2000004106384'], ['20000041063841234567', '20000041063841234567'], ['1E+3', '1000'], ['1.5e2', '150'], ['0.00', '0.00'], ['-0', '0'],
  ])('%s is %s', (stored, text) => expect(plainDecimal(stored)).toBe(text));
  it.each(['', 'x', '1,5', 'NaN', 'Infinity', '1e999', '0x10', '1e-41'])('%j is none', (stored) => expect(plainDecimal(stored)).toBeNull());
  it('is shown with its decimals, half away from zero', () => {
    expect([shownDecimal('605.0002283', 2), shownDecimal('-1.005', 2), shownDecimal('-0.001', 2), shownDecimal('7', 2), shownDecimal('1.5', 0)]).toEqual(['605.00', '-1.01', '0.00', '7', '2']);
  });
  it('keeps every decimal of fifteen digits, however it is printed', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 0, max: 6 }), (digits, scale) => {
      const value = digits / 10 ** scale;
      expect(Number(plainDecimal(value.toPrecision(17)))).toBe(value);
      expect(Number(plainDecimal(value.toExponential(16)))).toBe(value);
    }));
  });
});

describe('a day in a workbook', () => {
  it.each([
    ['46027', false, '2026-01-05'], ['46027.5', false, '2026-01-05 12:00:00'], ['1', false, '1900-01-01'], ['59', false, '1900-02-28'], ['61', false, '1900-03-01'], ['60', false, null], ['0', false, null],
    ['44565', true, '2026-01-05'], ['0', true, '1904-01-01'], ['2958466', false, null], ['6686000', false, null], ['-1', false, null], ['46026.999999', false, '2026-01-05'],
  ])('%s (1904: %s) is %s', (serial, is1904, day) => expect(dayOfSerial(serial, is1904)).toBe(day));
  it.each([
    [14, undefined, 'day'], [22, undefined, 'day'], [31, undefined, 'day'], [20, undefined, 'time'], [0, undefined, 'number'], [164, 'dd/mm/yyyy', 'day'], [164, 'yyyy"년" m"월" d"일"', 'day'], [164, '[$-412]yyyy. m. d;@', 'day'],
    [164, '[h]:mm', 'time'], [164, 'h:mm AM/PM', 'time'], [164, '#,##0.00', 'number'], [164, '"días" 0.00', 'number'], [164, '[Red]0.00', 'number'], [164, 'General', 'number'], [164, 'mmm', 'day'], [164, '0.00 "USD"', 'number'],
  ] as const)('format %s %s shows a %s', (id, code, shows) => expect(styleOfFormat(id, code).shows).toBe(shows));
  it('tells how many decimals a number is shown with', () => {
    expect(['0.00', '#,##0.00_);(#,##0.00)', '0', '0%', '0.00E+00', '0.0#'].map((code) => styleOfFormat(164, code).places)).toEqual([2, 2, 0, null, null, null]);
  });
});

describe('the cells of a sheet', () => {
  it('are read as a person sees them, each on its row', async () => {
    const rows = `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" s="1"><v>46027</v></c><c r="D2"><v>5.4394999999999999E-2</v></c><c r="F2" t="b"><v>1</v></c><c r="G2" t="d"><v>2026-01-05T00:00:00</v></c><c r="H2" t="str"><v>x</v></c></row>`;
    const { records, lines } = await cellsOf(rows, { strings: ['a &amp; b', '<r><t>Jo</t></r><r><t>sé</t></r><rPh><t>zzz</t></rPh>'], styles: [0, 14] });
    expect([records, lines]).toEqual([[['a & b', 'José', '2026-01-05', '0.054395', '', 'TRUE', '2026-01-05', 'x']], [2]]);
  });
  it('count rows and cells without references', async () => {
    expect(await cellsOf('<row><c><v>1</v></c></row><row/><row><c/><c><v>2</v></c></row>')).toMatchObject({ records: [['1'], ['', '2']], lines: [1, 3] });
  });
  it('follow the 1904 system where the workbook says so', async () => {
    expect((await cellsOf('<row r="1"><c r="A1" s="1"><v>44565</v></c></row>', { is1904: true, styles: [0, 14] })).records).toEqual([['2026-01-05']]);
  });
  it('are located where they show an error, or a day in year 20206', async () => {
    const { records, findings } = await cellsOf('<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" s="1"><v>6686000</v></c><c r="C1"><v>abc</v></c></row>', { styles: [0, 14] });
    expect(records).toEqual([['#N/A', '#6686000', '#abc']]);
    expect(findings?.map(({ code, path }) => [code, path])).toEqual([['xlsx.cell_error', 'A1'], ['xlsx.no_such_day', 'B1'], ['xlsx.cell_unreadable', 'C1']]);
  });
  it('tell of hidden rows, which are read, too', async () => {
    expect((await cellsOf('<row r="1" hidden="1"><c r="A1"><v>1</v></c></row>')).findings).toEqual([{ code: 'xlsx.hidden_rows', severity: 'info', params: { sheet: 'Hoja1', rows: 1 } }]);
  });
});

describe('XLSX with formulas', () => {
  const list = (settled: string) => row(1, HEADS) + [2, 3, 4].map((line) => row(line, paid({ folio: `R-${line}`, ...(line === 3 ? { importe_usd: settled.replaceAll('#', `I${line}`) } : {}) }))).join('');
  it('takes the value that stands beside a formula, and says at which cells', async () => {
    const read = tableOf(await readXlsx(await spreadsheet({ sheets: [{ name: 'A', rows: list('<c r="#" s="1"><f>E3*G3</f><v>605.00022830000001</v></c>') }], styles: [0, 2] })));
    expect(read.lines.map((line) => [line.settledMinor, line.faults])).toEqual([[60500n, []], [60500n, []], [60500n, []]]);
    expect(read.findings).toEqual([
      { code: 'xlsx.formula_rounded', severity: 'warn', line: 3, path: 'I3', params: { sheet: 'A' } }, { code: 'xlsx.formula', severity: 'info', line: 3, path: 'I3', params: { sheet: 'A' } }]);
  });
  it('rejects only the line whose formula has no value, and locates it', async () => {
    const read = tableOf(await readXlsx(await spreadsheet({ sheets: [{ name: 'A', rows: list('<c r="#"><f>E3*G3</f></c>') }] })));
    expect(read.lines.map((line) => line.faults)).toEqual([[], ['line.settled_unreadable', 'line.formula_uncomputed'], []]);
    expect(read.findings).toEqual([{ code: 'xlsx.formula_uncomputed', severity: 'warn', line: 3, path: 'I3', params: { sheet: 'A' } }]);
  });
  it('takes an empty value for none, as programs that compute nothing write it; a formula of text may come to nothing', async () => {
    const read = tableOf(await readXlsx(await spreadsheet({ sheets: [{ name: 'A', rows: list('<c r="#"><f>E3*G3</f><v></v></c>') }] })));
    expect(read.lines.map((line) => line.faults)).toEqual([[], ['line.settled_unreadable', 'line.formula_uncomputed'], []]);
    const text = tableOf(await readXlsx(await spreadsheet({ sheets: [{ name: 'A', rows: list('<c r="#" t="str"><f>T(B9)</f><v></v></c>') }] })));
    expect(text.lines.map((line) => line.faults)).toEqual([[], ['line.settled_missing'], []]);
  });
  it('tells of a whole column of formulas once', async () => {
    const rows = Array.from({ length: 300 }, (_, at) => `<row r="${at + 1}"><c r="A${at + 1}"><f>1+1</f><v>2</v></c></row>`).join('');
    expect((await cellsOf(rows)).findings?.map(({ path }) => path)).toEqual(['A1:A300']);
  });
});

describe('a list in a workbook', () => {
  it('is read like one of text: title rows, totals, lines by their rows', async () => {
    const rows = row(1, ['Consulado General de México']) + row(4, HEADS) + row(5, paid()) + row(7, paid({ folio: 'RLA26-000002' })) + row(8, ['', '', '', 'TOTAL', '', '', '', '', '1211.00']);
    const read = tableOf(await readXlsx(await spreadsheet({ sheets: [{ name: 'Enero', rows }] })));
    expect([read.kind, read.dialect.headingLine, read.dialect.sheet, read.lines.map((line) => line.line)]).toEqual(['remittance', 4, 'Enero', [5, 7]]);
    expect(read.findings).toEqual([{ code: 'payments.totals_mismatch', severity: 'warn', line: 8, path: 'settled', params: { given: '1211.00', summed: '1210.00', currency: 'USD', column: 'importe_usd' } }]);
  });
  it('has headings over merged cells, and one below', async () => {
    const upper = ['folio', 'expediente', 'deudor', 'acreedor', 'Importe', '', '', 'comision', '<c r="I1" t="inlineStr"><is><t>Importe USD</t></is></c>', 'Fecha', '', 'transferencia', 'concepto'];
    const rows = row(1, upper) + `<row r="2">${t('E2', 'origen')}${t('F2', 'moneda_origen')}${t('G2', 'tipo_cambio')}${t('J2', 'de cobro')}${t('K2', 'de envío')}</row>` + [3, 4, 5].map((line) => row(line, paid({ folio: `R-${line}` }))).join('');
    const after = `<mergeCells>${['A1:A2', 'B1:B2', 'C1:C2', 'D1:D2', 'E1:G1', 'H1:H2', 'I1:I2', 'J1:K1', 'L1:L2', 'M1:M2'].map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`;
    const read = tableOf(await readXlsx(await spreadsheet({ sheets: [{ name: 'A', rows, after }] })));
    expect(read.lines.map((line) => line.faults)).toEqual([[], [], []]);
    expect(read.lines[0]).toMatchObject({ line: 3, amountMinor: 1112235n, happenedOn: '2026-01-08', sentOn: '2026-01-09', obligorName: 'José Peña Núñez' });
    expect(read.findings).toEqual([]);
  });
  it('tells of cells merged below the heading, whose lower cells stay empty', async () => {
    const rows = row(1, HEADS) + row(2, paid()) + row(3, paid({ folio: 'R-3', transferencia: '' }));
    const read = tableOf(await readXlsx(await spreadsheet({ sheets: [{ name: 'A', rows, after: '<mergeCells><mergeCell ref="L2:L3"/></mergeCells>' }] })));
    expect(read.findings).toEqual([{ code: 'xlsx.merged_cells', severity: 'warn', line: 2, path: 'L2:L3', params: { sheet: 'A' } }]);
    expect(read.lines[1]?.transferReference).toBeNull();
  });
  it('stands on the sheet with the heading; the others are named, those that look like lists for a person', async () => {
    const list = row(1, HEADS) + row(2, paid());
    const read = tableOf(await readXlsx(await spreadsheet({ sheets: [{ name: 'Notas', rows: row(1, ['hola']) }, { name: 'Oculta', rows: list, state: 'hidden' }, { name: 'Enero', rows: list }] })));
    expect([read.dialect.sheet, read.lines.length]).toEqual(['Enero', 1]);
    expect(read.findings).toEqual([
      { code: 'xlsx.other_sheet', severity: 'info', params: { sheet: 'Notas', read: 'Enero' } }, { code: 'xlsx.other_list', severity: 'warn', params: { sheet: 'Oculta', read: 'Enero' } }]);
  });
});

describe('a hostile workbook', () => {
  it('XLSX with a million empty rows, or of thirteen million coloured cells, costs next to nothing', async () => {
    const cells = Array.from({ length: 1_000 }, (_, at) => `<row r="${at + 2}">${[...LETTERS].map((letter) => `<c r="${letter}${at + 2}" s="1"/>`).join('')}</row>`).join('');
    const rows = row(1, HEADS) + row(2, paid()) + Array.from({ length: 1_000_000 }, (_, at) => `<row r="${at + 3}" spans="1:13" ht="15"/>`).join('') + cells;
    const { sheets } = await readXlsx(await spreadsheet({ sheets: [{ name: 'A', rows }] }));
    expect(sheets[0]?.records.map((record) => record.line)).toEqual([1, 2]);
  });
  it('is refused where it is a zip bomb: parts that say how large they are, and parts that lie', async () => {
    const huge = Buffer.alloc(540 * 1024 * 1024, ' ');
    const relations = '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>';
    const bomb = await workbookOf({ '_rels/.rels': relations, 'xl/workbook.xml': huge });
    expect(bomb.length).toBeLessThan(1_000_000);
    await expect(readXlsx(bomb)).rejects.toMatchObject({ code: 'file.unpacked_too_large' });
    const text = await spreadsheet({ sheets: [{ name: 'A', rows: `<row r="1"><c r="A1" t="inlineStr"><is><t>${'x'.repeat(70 * 1024 * 1024)}</t></is></c></row>` }] });
    await expect(readXlsx(text)).rejects.toMatchObject({ code: 'file.unpacked_too_large' });
    const lying = Buffer.from(await spreadsheet({ sheets: [{ name: 'A', rows: row(1, HEADS) }] }));
    for (let at = lying.indexOf('504b0102', 0, 'hex'); at >= 0; at = lying.indexOf('504b0102', at + 4, 'hex')) lying.writeUInt32LE(3, at + 24);
    await expect(readXlsx(lying)).rejects.toMatchObject({ code: 'xlsx.damaged' });
  });
  it('is refused with a code for what it is', async () => {
    const main = { '_rels/.rels': '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>', 'xl/workbook.bin': 'x' };
    await expect(readXlsx(await workbookOf(main))).rejects.toMatchObject({ code: 'xlsx.binary' });
    await expect(readXlsx(await workbookOf({ 'mimetype': 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<x/>' }))).rejects.toMatchObject({ code: 'xlsx.not_a_workbook' });
    await expect(readXlsx(Buffer.from('504b0304 broken'.padEnd(200), 'latin1'))).rejects.toMatchObject({ code: 'xlsx.damaged' });
    const entities = await workbookOf({ 'xl/workbook.xml': '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>' });
    await expect(readXlsx(entities)).rejects.toMatchObject({ code: 'xlsx.damaged' });
  });
});

it('reads back what it writes, whatever the text', async () => {
  const cell = fc.oneof(fc.string({ maxLength: 30, unit: 'binary' }), fc.constantFrom('', '=1+1', '_x000D_', 'a\r\nb', '한글', '\u0000', ' x ', '<a>&"')).filter((text) => text === '' || text.trim() !== '');
  await fc.assert(fc.asyncProperty(fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 8 }), async (rows) => {
    const { sheets } = await readWorkbook(await writeXlsx([{ name: 'Hoja', rows }]));
    const trimmed = rows.map((cells, at) => ({ line: at + 1, cells: cells.slice(0, cells.findLastIndex((text) => text !== '') + 1) })).filter(({ cells }) => cells.length > 0);
    expect(sheets[0]?.records.map(({ line, cells }) => ({ line, cells }))).toEqual(trimmed);
  }), { numRuns: 60 });
});
