import fc from 'fast-check';
import iconv from 'iconv-lite';
import { annotateBytes } from '../../../src/modules/payments/annotated/annotate-bytes.ts';
import { needsOf } from '../../../src/modules/payments/annotated/needs.rules.ts';
import { csvText } from '../../../src/modules/payments/formats/tables/csv-writer.rules.ts';
import type { Delimiter } from '../../../src/modules/payments/formats/tables/csv.rules.ts';
import { parseCsv } from '../../../src/modules/payments/formats/tables/csv.rules.ts';
import type { TableDialect } from '../../../src/modules/payments/formats/tables/partner-table.rules.ts';
import { readWorkbook } from '../../../src/modules/payments/formats/tables/xlsx/workbook.ts';
import { spreadsheet } from '../../support/payments/workbooks.ts';

const dialect = (delimiter: Delimiter | null, sheet: string | null = null): TableDialect => ({ delimiter, sheet, headingLine: 1, isMapped: false, columns: {}, numbers: {} as TableDialect['numbers'], dates: {} as TableDialect['dates'] });
const additions = (...lines: (readonly [number, readonly string[]])[]) => ({ headingLine: 1, heading: ['Resultado', 'Caso'], byLine: new Map(lines) });
const annotated = async (bytes: Buffer, delimiter: Delimiter, width: number, ...lines: (readonly [number, readonly string[]])[]) => (await annotateBytes(bytes, dialect(delimiter), width, additions(...lines))) as Buffer;

describe('a list that goes back', () => {
  it('keeps encoding, delimiter, line ends and quotes, and every line that is none of its payments', async () => {
    const text = 'Folio;Nombre\r\nA-1;"Peña; Ñ"\r\nA-2;José\r\n\r\nTOTAL;\r\nElaboró: Íñigo';
    const back = await annotated(iconv.encode(text, 'win1252'), ';', 2, [2, ['asentado', '2000']], [3, ['por identificar', '']]);
    expect(iconv.decode(back, 'win1252')).toBe('Folio;Nombre;Resultado;Caso\r\nA-1;"Peña; Ñ";asentado;2000\r\nA-2;José;por identificar;\r\n\r\nTOTAL;\r\nElaboró: Íñigo');
  });
  it('has our words in its own encoding, CP949 too', async () => {
    const text = '접수번호,채무자\n1,김민수\n';
    const back = await annotateBytes(iconv.encode(text, 'cp949'), dialect(','), 2, { headingLine: 1, heading: ['처리 결과'], byLine: new Map([[2, ['미확인']]]) });
    expect(iconv.decode(back as Buffer, 'cp949')).toBe('접수번호,채무자,처리 결과\n1,김민수,미확인\n');
  });
  it('keeps byte order marks, UTF-16, and bytes that no encoding reads', async () => {
    const utf8 = Buffer.from('\ufeffa,b\r1,2\r3,ñ', 'utf8');
    expect((await annotated(utf8, ',', 2, [2, ['x']], [3, ['y']])).toString('utf8')).toBe('\ufeffa,b,Resultado,Caso\r1,2,x\r3,ñ,y');
    const wide = Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from('a\tb\r\n1\tñ\r\n', 'utf16le')]);
    expect((await annotated(wide, '\t', 2, [2, ['ñ']])).subarray(2).toString('utf16le')).toBe('a\tb\tResultado\tCaso\r\n1\tñ\tñ\r\n');
    const broken = Buffer.concat([Buffer.from('a,b\n1,José Peña Núñez Ñ'), Buffer.from([0xff, 0xfe, 0x81]), Buffer.from(',\n')]);
    const back = await annotated(broken, ',', 2, [2, ['x']]);
    expect(back.includes(Buffer.from([0xff, 0xfe, 0x81]))).toBe(true);
  });
  it('has ours under their headings where a line is short, and in quotes where the partner quotes', async () => {
    expect((await annotated(Buffer.from('"a","b","c"\n"1"\n'), ',', 3, [2, ['x', 'y']])).toString()).toBe('"a","b","c","Resultado","Caso"\n"1",,,"x","y"\n');
    const separated = await annotateBytes(Buffer.from('sep=;\na;b\n1;2\n'), dialect(';'), 2, { ...additions([3, ['x']]), headingLine: 2 });
    expect(separated?.toString()).toBe('sep=;\na;b;Resultado;Caso\n1;2;x\n');
  });
  it('computes nothing: a cell of ours that begins like a formula is text', async () => {
    expect((await annotated(Buffer.from('a,b\n1,=1+1\n'), ',', 2, [2, ['-2000', '=cmd()']])).toString()).toBe("a,b,Resultado,Caso\n1,=1+1,'-2000,'=cmd()\n");
  });
  it('is not made where a line is not found again', async () => {
    expect(await annotateBytes(Buffer.from('a,b\n1,2\n'), dialect(','), 2, additions([9, ['x']]))).toBeNull();
  });
  it('loses and changes no byte of the partner’s, whatever the list', async () => {
    const cell = fc.oneof(fc.string({ maxLength: 12, unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')), fc.constantFrom('"', 'a"b', 'x;y', 'uno\ndos', 'ñ'));
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }).filter((cells) => cells.some((text) => text.trim() !== '')), { minLength: 2, maxLength: 6 });
    await fc.assert(fc.asyncProperty(rows, fc.constantFrom(',' as const, ';' as const, '\t' as const), fc.constantFrom('\n' as const, '\r\n' as const), async (table, delimiter, newline) => {
      const bytes = Buffer.from(csvText([['a', 'b'], ...table], { delimiter, newline, quotes: 'needed' }));
      const { records } = parseCsv(bytes.toString('utf8'), delimiter);
      const marks = new Map(records.slice(1).map(({ line }) => [line, ['\u0416OUR']] as const));
      const back = await annotateBytes(bytes, dialect(delimiter), 2, { headingLine: 1, heading: ['\u0416OUR'], byLine: marks });
      if (back === null) throw new Error('not found again');
      for (const { cells } of parseCsv(back.toString('utf8'), delimiter).records) expect(cells.at(-1)).toBe('\u0416OUR');
      let at = 0;
      for (const byte of back) if (at < bytes.length && byte === bytes[at]) at++;
      expect(at).toBe(bytes.length);
    }), { numRuns: 200 });
  });
  it('in a workbook keeps every cell, formula and part, and adds cells of text', async () => {
    const bytes = await spreadsheet({ sheets: [{ name: 'A', rows: '<row r="1"><c r="A1"><v>9</v></c></row>' }, { name: 'L', rows: '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1</v></c></row><row r="3" spans="1:2"><c r="A3"><f>1+1</f><v>2</v></c></row><row r="4"/>' }], strings: ['folio'] });
    const back = await annotateBytes(bytes, dialect(null, 'L'), 2, additions([3, ['=x & <y>', '2000']]));
    const { sheets } = await readWorkbook(back as Buffer);
    expect(sheets.map(({ records }) => records.map(({ cells }) => cells))).toEqual([[['9']], [['folio', '1', 'Resultado', 'Caso'], ['2', '', "'=x & <y>", '2000']]]);
    expect(sheets[1]?.findings.map(({ path }) => path)).toEqual(['A3']);
    expect(await annotateBytes(bytes, dialect(null, 'L'), 2, additions([4, ['x']]))).toBeNull();
  });
});

describe('what a partner is told', () => {
  it('is one word for whatever is wrong with a case, so that nobody learns who is a party of which', () => {
    const about = ['case_id.unknown', 'case.closed', 'name.different', 'conflict.case_number', 'ambiguous.two_cases', 'county.not_served', 'match.refused_before', 'weight.near_tie'];
    expect(new Set(about.map((reason) => needsOf('suspense', [reason]).join()))).toEqual(new Set(['check_case']));
  });
  it.each([
    ['posted', ['case_id.exact'], []], ['duplicate', ['duplicate.resent_file'], []], ['none', [], []], ['pending', ['transfer.no_credit', 'case_id.exact', 'name.typo'], ['wait_for_transfer']], ['pending', ['status.pending', 'name.typo'], ['report_result']],
    ['rejected', ['line.amount_missing', 'line.date_impossible', 'line.currency_unknown'], ['check_amounts', 'check_currency']], ['rejected', ['line.formula_uncomputed'], ['check_cells']],
    ['suspense', ['reference.other_content'], ['reference_used']], ['suspense', ['transfer.sum_differs'], ['check_transfer']], ['suspense', ['disbursement.other_partner'], ['check_disbursement']], ['suspense', ['something.new'], ['nothing_yet']],
  ] as const)('%s %j: %j', (outcome, reasons, needs) => expect(needsOf(outcome, [...reasons])).toEqual(needs));
});
