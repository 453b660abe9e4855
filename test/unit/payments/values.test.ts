import fc from 'fast-check';
import { dayOrder, readDate } from '../../../src/modules/payments/formats/tables/date.rules.ts';
import { canonicalDecimal, numberStyle, readNumber } from '../../../src/modules/payments/formats/tables/number.rules.ts';
import { parseCsv } from '../../../src/modules/payments/formats/tables/csv.rules.ts';
import { decodeText, foldText } from '../../../src/modules/payments/formats/tables/text.rules.ts';
import { parseDecimal } from '../../../src/platform/money.ts';

const value = (cell: string, column: string[] = [cell], places = 2): string => {
  const style = numberStyle(column);
  const reading = readNumber(cell, style, { sign: null }, places);
  return 'value' in reading ? canonicalDecimal(reading.value) : reading.fault;
};

describe('numbers', () => {
  it.each([
    ['362', '362'], ['362.00', '362'], ['362,50', '362.5'], ['1,234.50', '1234.5'], ['1.234,50', '1234.5'], ['1 234,50', '1234.5'], ["1'234.50", '1234.5'],
    ['１，２３４．５０', '1234.5'], ['$1,234.50', '1234.5'], ['(12.50)', '-12.5'], ['12.50-', '-12.5'], ['−12.50', '-12.5'], ['₩1,385,040', '1385040'], ['1.385.040', '1385040'],
    ['0,055', '0.055'], ['1,234', '1234'], ['1.234', '1234'],
    ['12..50', 'unreadable'], ['1O5.5O.00', 'unreadable'], ['???', 'unreadable'], ['N/D', 'unreadable'], ['1,23,456', 'unreadable'], ['1.234.56', 'unreadable'], ['1e5', 'unreadable'], ['', 'unreadable'],
  ])('%s is %s', (cell, expected) => expect(value(cell)).toBe(expected));

  it('decides the sign for the whole column, never for a cell against it', () => {
    expect(value('18,265', ['18,265', '18,2655'], 10)).toBe('18.265');
    expect(value('18,265', ['18,265', '1,234.5'], 10)).toBe('18265');
    expect(value('18,265', ['18,265'], 10)).toBe('ambiguous');
    expect(value('12.345', ['12.345', '10.50'])).toBe('12.345');
    expect(value('1,5', ['1,5', '10.50'])).toBe('1.5');
    expect(value('1,234', ['1,234', '10.50', '9,75'])).toBe('ambiguous');
  });

  it('reads what either style writes', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.boolean(), fc.boolean(), (cents, comma, grouped) => {
      const whole = (cents / 100n).toString();
      const thousands = grouped ? whole.replace(/\B(?=(\d{3})+$)/g, comma ? '.' : ',') : whole;
      const cell = `${thousands}${comma ? ',' : '.'}${(cents % 100n).toString().padStart(2, '0')}`;
      const expected = canonicalDecimal(parseDecimal(`${whole}.${(cents % 100n).toString().padStart(2, '0')}`) as NonNullable<ReturnType<typeof parseDecimal>>);
      expect(value(cell)).toBe(expected);
    }));
  });
});

describe('dates', () => {
  it.each([
    ['2026-01-05', '2026-01-05'], ['2026/1/5', '2026-01-05'], ['05/01/2026', '2026-01-05'], ['5-1-2026', '2026-01-05'], ['05.01.2026', '2026-01-05'], ['2026년 1월 5일', '2026-01-05'],
    ['2026. 1. 5.', '2026-01-05'], ['２０２６-０１-０５', '2026-01-05'], ['20260105', '2026-01-05'], ['2026-01-05T10:00:00', '2026-01-05'], ['2026-01-05 00:00', '2026-01-05'],
    ['2026-02-31', null], ['2026-13-04', null], ['00-00-0000', null], ['pendiente', null], ['05/01/26', null], ['31/02/2026', null], ['01/13/2026', null], ['', null],
  ])('%s is %s', (cell, expected) => expect(readDate(cell)).toBe(expected));

  it('reads a column month first only when it proves so, several times and never the contrary', () => {
    expect(dayOrder(['01/13/2026', '01/14/2026', '01/15/2026', '02/03/2026'])).toBe('month_first');
    expect(dayOrder(['01/13/2026', '02/03/2026'])).toBe('day_first');
    expect(dayOrder(['01/13/2026', '01/14/2026', '01/15/2026', '15/01/2026'])).toBe('day_first');
  });
});

describe('text', () => {
  it('tells encodings from the bytes', () => {
    const spanish = 'José Peña, Álvarez Núñez; pensión';
    const korean = '접수번호,사건번호,채무자 박일수';
    expect(decodeText(Buffer.from(spanish, 'latin1'))).toMatchObject({ text: spanish, encoding: 'windows-1252', lossy: false });
    expect(decodeText(Buffer.from('Álvarez', 'latin1'))).toMatchObject({ text: 'Álvarez', encoding: 'windows-1252' });
    expect(decodeText(Buffer.from(`\ufeff${korean}`))).toMatchObject({ text: korean, encoding: 'utf-8', bom: true });
    expect(decodeText(Buffer.from('c1a2bcf6b9f8c8a32cb9dac0cfbcf6', 'hex'))).toMatchObject({ text: '접수번호,박일수', encoding: 'cp949' });
    expect(decodeText(Buffer.from(`\ufeff${spanish}`, 'utf16le'))).toMatchObject({ text: spanish, encoding: 'utf-16le' });
    expect(decodeText(Buffer.concat([Buffer.from(korean), Buffer.from([0xec, 0x96])]))).toMatchObject({ encoding: 'utf-8', lossy: true });
  });

  it('folds accents, case, width and spaces', () => {
    expect(foldText('  JOSÉ   Peña ')).toBe('jose pena');
    expect(foldText('Ｊｏｓé')).toBe('jose');
    expect(foldText('박 일수')).toBe('박 일수');
  });
});

describe('delimiter-separated text', () => {
  it('reads back what was written', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('a"b', '"', 'x\ny', 'p;q', ''));
    fc.assert(fc.property(fc.constantFrom(',', ';', '\t', '|'), fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 }), fc.constantFrom('\n', '\r\n'), (delimiter, rows, end) => {
      const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(delimiter)).join(end);
      const expected = rows.filter((row) => row.some((one) => one.trim() !== ''));
      const { records, findings } = parseCsv(text, delimiter as ',');
      expect(findings).toEqual([]);
      expect(records.map((record) => record.cells)).toEqual(expected);
    }));
  });
});
