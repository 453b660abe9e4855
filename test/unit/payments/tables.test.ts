import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { confirmationCells, isConfirmationTable, readConfirmationTable } from '../../../src/modules/payments/formats/tables/confirmation.rules.ts';
import type { ConfirmationWords } from '../../../src/modules/payments/formats/tables/confirmation.rules.ts';
import { csvSpans, DELIMITERS, parseCsv } from '../../../src/modules/payments/formats/tables/csv.rules.ts';
import { csvText, harmlessCell, recordForPeople } from '../../../src/modules/payments/formats/tables/csv-writer.rules.ts';
import { decodeText, undoMisreading } from '../../../src/modules/payments/formats/tables/text.rules.ts';
import { FORWARDING, KCSA_REMITTANCE, REMITTANCE, forwardingLine, read, remittanceLine } from './partner-files.ts';

const LA = 'mx-consulate-los-angeles';
const words = JSON.parse(readFileSync(new URL('../../../src/modules/payments/formats/tables/confirmation-headings.json', import.meta.url), 'utf8')) as ConfirmationWords;

describe('text in a partner’s dialect', () => {
  const cell = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ maxLength: 20, unit: 'grapheme' }), fc.constantFrom('', '"', '""', ';', 'a;b', '"a"', 'a\nb', 'a\r\nb', '\r', ' x ', "'", 'niño', '접수번호'))
    .map((text) => text.replaceAll('\0', ''));
  const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }).filter((cells) => cells.some((text) => text.trim() !== '')), { maxLength: 8 });
  const style = fc.record({ delimiter: fc.constantFrom(...DELIMITERS), newline: fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const), quotes: fc.constantFrom('needed' as const, 'all' as const) });

  it('is read back as it was written: every delimiter, line end and way of quoting', () => {
    fc.assert(fc.property(rows, style, (table, dialect) => {
      expect(parseCsv(csvText(table, dialect), dialect.delimiter).records.map((record) => record.cells)).toEqual(table);
    }), { numRuns: 400 });
  });

  it('has its records where the reader finds them', () => {
    fc.assert(fc.property(rows, style, (table, dialect) => {
      const text = csvText(table, dialect);
      const spans = [...csvSpans(text, dialect.delimiter)];
      expect(spans.map(({ line }) => line)).toEqual(parseCsv(text, dialect.delimiter).records.map(({ line }) => line));
      for (const span of spans) expect(parseCsv(text.slice(span.from, span.to), dialect.delimiter).records).toHaveLength(1);
      expect(spans.map(({ from, to }) => text.slice(from, to)).join(dialect.newline) + (spans.length > 0 ? dialect.newline : '')).toBe(text);
    }));
  });

  it.each(['utf8', 'win1252', 'utf16le'])('is read back in %s', (encoding) => {
    const text = csvText([['José Peña', 'Ñandú; "sí"', 'ü'], ['x', 'y', 'z']], { delimiter: ';', newline: '\r\n', quotes: 'needed' });
    expect(decodeText(iconv.encode(text, encoding, { addBOM: encoding === 'utf16le' })).text).toBe(text);
  });

  it('begins no formula of ours, in any width or behind any blank', () => {
    expect(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '＝1', '－1', '\tx', '\rx', '\u200E=1', '\u202E@x', '\uFEFF+1'].map((text) => harmlessCell(text)[0])).toEqual(Array(13).fill("'"));
    expect(['asentado', '2000-1', ''].map(harmlessCell)).toEqual(['asentado', '2000-1', '']);
    expect(recordForPeople(['=1+1', '@SUM', '+52', '-cmd', '-12.50', '7', "-2+3+cmd|'/C'!A0", ' =1', 'a,b', 'say "x"'])).toBe(`'=1+1,'@SUM,'+52,'-cmd,-12.50,7,'-2+3+cmd|'/C'!A0,' =1,"a,b","say ""x"""`);
    // A reader of semicolons or of lines sees other cells than we wrote.
    expect(recordForPeople(['a;=1+1', 'a\n@b', 'uno; dos', 'x;\u200F－2'])).toBe(`a;'=1+1,"a\n'@b",uno; dos,x;'\u200F－2`);
    const whole = ['María José ' + 'Ñ'.repeat(117), '김😀‍👩 \u202Eabc', '李 "Lee", 王'];
    expect(parseCsv(`${recordForPeople(whole)}\r\n`, ',').records.map(({ cells }) => cells)).toEqual([whole]);
  });
});

describe('bad input', () => {
  const lines = (text: string) => read(LA, text).lines;

  it('`;` inside quotes parts nothing', () => {
    const text = `${REMITTANCE.replaceAll(',', ';')}\n${remittanceLine({ concepto: '"enero; febrero"' }, ';')}\n${remittanceLine({ folio: 'RLA26-000002' }, ';')}`;
    expect(lines(text).map((line) => [line.note, line.faults])).toEqual([['enero; febrero', []], ['Depósito enero', []]]);
  });
  it('a date in year 20206 rejects its line alone', () => {
    for (const day of ['20206-01-05', '05/01/20206', '20206년 1월 5일', '202060105']) {
      expect(lines(`${REMITTANCE}\n${remittanceLine()}\n${remittanceLine({ folio: 'RLA26-000002', fecha_cobro: day })}`).map((line) => line.faults)).toEqual([[], ['line.date_impossible']]);
    }
  });
  it('five decimals reject the line unless they are zeros', () => {
    expect(lines(`${REMITTANCE}\n${remittanceLine({ importe_usd: '605.00000' })}\n${remittanceLine({ folio: 'RLA26-000002', importe_usd: '605.00001' })}`).map((line) => [line.settledMinor, line.faults]))
      .toEqual([[60500n, []], [null, ['line.settled_too_fine']]]);
  });
  it('KRW with decimals: 1000.00 is 1000, 1000.50 is quarantined', () => {
    const line = (number: string, amount: string, remitted: string) => `${number},2000004106419,박일수,천순영,${amount},KRW,0.00071718,0.00,${remitted},2026-01-01,2026-01-05,TRKR2601001,양육비`;
    const text = [KCSA_REMITTANCE, line('2026-0000001', '1535880.00', '1101.50'), line('2026-0000002', '1535880.50', '1101.50'), line('2026-0000003', '1535880.00', '1101.50')].join('\n');
    expect(read('kr-kcsa', text).lines.map((one) => [one.amountMinor, one.faults])).toEqual([[1535880n, []], [null, ['line.amount_too_fine']], [1535880n, []]]);
  });
  it('quotes never closed swallow no line', () => {
    const { lines: all, findings } = read(LA, `${REMITTANCE}\n${remittanceLine({ concepto: '"sin cerrar' })}\n${remittanceLine({ folio: 'RLA26-000002' })}\n${remittanceLine({ folio: '"RLA26-000003' })}`);
    expect([all.length, findings.map(({ code, line }) => [code, line])]).toEqual([3, [['csv.quote_stray', 2], ['csv.quote_stray', 4]]]);
  });
  it('wrong encoding: what was read as Windows-1252 on its way is put right, where that is certain', () => {
    const misread = (bytes: Uint8Array) => new TextDecoder('windows-1252').decode(bytes);
    const korean = `${KCSA_REMITTANCE}\n2026-0000001,2000004106419,박일수,천순영`;
    expect(undoMisreading(misread(iconv.encode(korean, 'cp949')))).toEqual({ text: korean, encoding: 'cp949' });
    expect(undoMisreading(misread(Buffer.from(korean)))).toEqual({ text: korean, encoding: 'utf-8' });
    expect(undoMisreading(misread(Buffer.from('José Peña Núñez')))).toEqual({ text: 'José Peña Núñez', encoding: 'utf-8' });
    for (const plain of ['José Peña', 'MUÑÍZ, ÁÉ', 'ascii', '한글', 'Ñ', 'Müller & Søn', '“año”']) expect([plain, undoMisreading(plain)]).toEqual([plain, null]);
    expect(decodeText(iconv.encode(korean, 'cp949'))).toMatchObject({ encoding: 'cp949', lossy: false, text: korean });
  });
});

describe('a totals row', () => {
  const rows = [remittanceLine({ folio: 'R-1', transferencia: 'T1' }), remittanceLine({ folio: 'R-2', transferencia: 'T2' }), remittanceLine({ folio: 'R-3', transferencia: 'T1' })];
  const total = (changes: Partial<Record<string, string>>) => REMITTANCE.split(',').map((column) => changes[column] ?? '').join(',');
  const findings = (...more: string[]) => read(LA, [REMITTANCE, ...rows, ...more].join('\n')).findings;

  it('agrees with all lines, with those since the row before it, or with those of the transfer that it names', () => {
    expect(findings(total({ folio: 'TOTAL', importe_usd: '1815.00' }))).toEqual([]);
    expect(findings(total({ folio: 'Subtotal', importe_usd: '1210.00', transferencia: 'T1' }), total({ deudor: 'Subtotal T2:', importe_usd: '605.00' }), total({ folio: 'Gran total', importe_usd: '1815.00', importe_origen: '33367.05' }))).toEqual([]);
    expect(read(LA, [REMITTANCE, rows[0], total({ folio: 'Subtotal', importe_usd: '605.00' }), rows[1], total({ folio: 'Subtotal', importe_usd: '605.00' }), total({ folio: 'Total', importe_usd: '1210.00' })].join('\n')).findings).toEqual([]);
  });
  it('that disagrees is told with line, column, what it gives and what the lines come to, to the cent', () => {
    expect(findings(total({ folio: 'TOTAL', importe_usd: '1815.01', comision: '0.00' }))).toEqual([
      { code: 'payments.totals_mismatch', severity: 'warn', line: 5, path: 'settled', params: { given: '1815.01', summed: '1815.00', currency: 'USD', column: 'importe_usd' } }]);
    expect(findings(total({ folio: 'Subtotal', importe_usd: '1815.00', transferencia: 'T1' }))).toEqual([
      { code: 'payments.totals_mismatch', severity: 'warn', line: 5, path: 'settled', params: { given: '1815.00', summed: '1210.00', currency: 'USD', column: 'importe_usd', transfer: 'T1' } }]);
  });
  it('is known in the partner’s other languages, and may count its lines', () => {
    for (const word of ['Total', 'SUBTOTAL', 'Suma', 'Totals']) expect([word, findings(total({ deudor: word, importe_usd: '1.00' })).map(({ code }) => code)]).toEqual([word, ['payments.totals_mismatch']]);
    expect(findings(total({ folio: 'Total', importe_usd: '1815.00', importe_origen: '3' }))).toEqual([]);
  });
  it('is not checked where lines cannot be summed, and says so', () => {
    expect(read(LA, [REMITTANCE, rows[0], remittanceLine({ folio: 'R-9', importe_usd: '12..5' }), total({ folio: 'Total', importe_usd: '605.00' })].join('\n')).findings.map(({ code }) => code)).toEqual(['payments.totals_unchecked']);
  });
  it('stays linear however many there are', () => {
    const many = Array.from({ length: 5_000 }, (_, n) => `${forwardingLine({ folio: `F-${n}` })}\nTOTAL,,,,322.40,,,,,,,,`).join('\n');
    const { lines: all, findings: told } = read(LA, `${FORWARDING}\n${many}`);
    expect([all.length, told.length]).toEqual([5_000, 0]);
  });
});

describe('payee confirmations', () => {
  const HEAD = 'confirmation_id,disbursement_id,case_id,confirmed_on,caller,spoken_to,amount,currency,outcome,note';
  const table = (text: string) => readConfirmationTable(text, words);

  it('are read in the contract’s layout and in the words of the partner', () => {
    const expected = [{ line: 2, confirmationId: 'C-1', disbursementId: 'D2601000001', caseId: '2000004106384', confirmedOn: '2026-01-09', caller: '김담당', spokenTo: '천순영', amountMinor: 428000n, currency: 'KRW', outcome: 'received', note: '', faults: [] }];
    expect(table(`${HEAD}\nC-1,D2601000001,2000004106384,2026-01-09,김담당,천순영,428000,KRW,received,`)).toEqual({ rows: expected, findings: [] });
    expect(table('확인번호;송금번호;사건번호;확인일;담당자;통화 상대;수령액;통화;결과;비고\nC-1;D2601000001;2000004106384;2026년 1월 9일;김담당;천순영;"428,000.00";KRW;수령;').rows).toEqual(expected);
  });
  it('say line and column of every fault, and go on', () => {
    const { rows, findings } = table([HEAD, 'C-1,,,2026-02-30,a,b,x,USD,perhaps,', ',D-2,,2026-01-01,a,b,5.001,USD,partly,', 'C-3,D-3,,2026-01-01,a,b,,,unreachable,', 'C-3,D-4,,2026-01-01,a,b,,,received,', 'TOTAL,,,,,,5.00,,,'].join('\n'));
    expect(rows.map((row) => row.faults)).toEqual([
      ['confirmation.disbursement_missing', 'line.date_impossible', 'confirmation.outcome_unknown', 'line.amount_unreadable'], ['line.reference_missing', 'line.amount_too_fine'], [], ['line.amount_missing']]);
    expect(findings.slice(0, 2)).toEqual([{ code: 'confirmation.disbursement_missing', severity: 'block', line: 2, path: 'disbursement_id' }, { code: 'line.date_impossible', severity: 'block', line: 2, path: 'confirmed_on' }]);
    expect(findings.at(-1)).toEqual({ code: 'confirmation.number_twice', severity: 'warn', line: 5, path: 'confirmation_id', params: { first: 4 } });
  });
  it('are no report of payments, and a report is none of them', () => {
    expect([isConfirmationTable(`${HEAD}\n`, words), isConfirmationTable(`${FORWARDING}\n${forwardingLine()}`, words)]).toEqual([true, false]);
    expect(() => table('confirmation_id,confirmed_on,spoken_to,outcome\nC,2026-01-01,x,received')).toThrow('payments.columns_untold');
  });
  it('are read back as they were written', () => {
    const text = fc.string({ maxLength: 30, unit: 'grapheme' }).map((one) => one.normalize('NFC').replace(/\s+/g, ' ').trim().replaceAll('\0', ''));
    const row = fc.record({
      confirmationId: fc.integer({ min: 1, max: 9_999_999 }).map((n) => `C-${n}`), disbursementId: fc.constant('D2601000001'), caseId: fc.constantFrom(null, '2000004106384'), confirmedOn: fc.constantFrom('2026-01-09', '2025-12-31'),
      caller: text, spokenTo: text, money: fc.constantFrom([42_800n, 'USD'], [1_000n, 'KRW'], [1n, 'MXN']), outcome: fc.constantFrom('received' as const, 'partly' as const), note: text,
    }).map(({ money: [amountMinor, currency], ...rest }) => ({ ...rest, amountMinor: amountMinor as bigint, currency: currency as string }));
    fc.assert(fc.property(fc.uniqueArray(row, { maxLength: 5, selector: (one) => one.confirmationId }), (written) => {
      const { rows, findings } = table(csvText(confirmationCells(written)));
      expect(findings).toEqual([]);
      expect(rows.map(({ line: _, faults: __, ...rest }) => rest)).toEqual(written);
    }));
  });
});
