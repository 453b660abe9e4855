import fc from 'fast-check';
import { getPartner } from '../../../src/modules/partners/index.ts';
import type { FileDialect } from '../../../src/modules/partners/index.ts';
import type { ColumnMapping } from '../../../src/modules/payments/formats/tables/mapping.rules.ts';
import { readPartnerTable } from '../../../src/modules/payments/formats/tables/partner-table.rules.ts';
import { mappingFindings } from '../../../src/modules/payments/mappings/check-mapping.rules.ts';
import { schemaValidator } from '../../../src/platform/validation.ts';
import { REMITTANCE, digest, read, remittanceLine } from './partner-files.ts';

const LA = 'mx-consulate-los-angeles';
const { files, caseNumbers } = getPartner(LA);
const dialect = files.remittance?.value as FileDialect;

function mapped(text: string, mapping: Omit<ColumnMapping, 'mappingVersion'>) {
  const whole: ColumnMapping = { mappingVersion: '1.0', ...mapping };
  expect(schemaValidator('column-mapping.v1')(whole)).toBe(true);
  expect(mappingFindings(whole, dialect)).toEqual([]);
  return readPartnerTable(text, { forwarding: files.forwarding?.value ?? null, remittance: dialect, caseNumbers: caseNumbers.value.forms, disbursementIds: [], mappings: { remittance: whole } }, digest);
}

const HEADS = ['Ref', 'Asunto', 'Persona A', 'Persona B', 'Cant 1', 'Div', 'Factor', 'Desc', 'Cant 2', 'Día', 'Día 2', 'Lote', 'Obs'];
const FIELDS = ['reference', 'caseId', 'obligorName', 'obligeeName', 'amount', 'currency', 'rate', 'fee', 'settled', 'happenedOn', 'sentOn', 'transferReference', 'note'] as const;
const columns = Object.fromEntries(FIELDS.map((field, at) => [field, HEADS[at] as string])) as ColumnMapping['columns'];
const known = read(LA, `${REMITTANCE}\n${remittanceLine()}`).lines[0];

describe('a saved mapping', () => {
  it('tells columns that nobody could tell, accents and capitals apart', () => {
    const text = `${HEADS.join(',').toUpperCase()}\n${remittanceLine()}`;
    expect(() => read(LA, text)).toThrow('payments.columns_untold');
    const table = mapped(text, { columns });
    expect([table.dialect.isMapped, table.lines]).toEqual([true, [known]]);
  });
  it('holds only where every heading that it names is there, and once', () => {
    expect(mapped(`${REMITTANCE}\n${remittanceLine()}`, { columns }).dialect.isMapped).toBe(false);
    expect(() => mapped(`${HEADS.join(',').replace('Persona B', 'Persona A')}\n${remittanceLine()}`, { columns })).toThrow('payments.columns_untold');
  });
  it('knows a heading by any of several words, and completes the rest by headings and content', () => {
    const text = `${REMITTANCE.replace('deudor', 'Quien').replace('acreedor', 'Para')}\n${remittanceLine()}`;
    expect(mapped(text, { columns: { obligorName: ['Nadie', 'Quien'], obligeeName: 'Para' } }).lines).toEqual([known]);
  });
  it('tells the line of the heading, also that there is none', () => {
    const title = Array(12).fill('x,y,z').join('\n');
    expect(mapped(`${title}\n${HEADS.join(',')}\n${remittanceLine()}`, { columns, headingLine: 13 }).lines.map(({ line }) => line)).toEqual([14]);
    const places = Object.fromEntries(FIELDS.map((field, at) => [field, `#${at + 1}`]));
    expect(mapped(`${remittanceLine()}\n${remittanceLine({ folio: 'RLA26-000002' })}`, { columns: places, headingLine: 0 }).lines.map(({ line, reference }) => [line, reference])).toEqual([[1, 'RLA26-000001'], [2, 'RLA26-000002']]);
  });
  it('reads every mapping that tells all columns as the documented layout, in any order', () => {
    const order = fc.shuffledSubarray(FIELDS.map((_, at) => at), { minLength: FIELDS.length });
    fc.assert(fc.property(order, (places) => {
      const cells = remittanceLine().split(',');
      const text = [places.map((at) => HEADS[at]).join(';'), places.map((at) => cells[at]).join(';')].join('\n');
      expect(mapped(text, { columns }).lines).toEqual([known]);
    }));
  });
});

describe('signs and currencies', () => {
  const line = (changes: Partial<Record<string, string>>, ...more: string[]) => [remittanceLine(changes), ...more].join(',');
  const outcome = (table: ReturnType<typeof mapped>) => table.lines.map((one) => [one.amountMinor, one.settledMinor, one.faults]);

  it('printed the other way round become positive, and what is positive there is refused', () => {
    const signs = [{ field: 'amount', rule: 'inverse' }, { field: 'settled', rule: 'inverse' }] as const;
    const text = [HEADS.join(';'), ...[['-11122.35', '(605.00)'], ['11122.35-', '−605.00'], ['11122.35', '605.00']].map(([a, s]) => remittanceLine({ importe_origen: a as string, importe_usd: s as string }, ';'))].join('\n');
    expect(outcome(mapped(text, { columns, signs }))).toEqual([[1112235n, 60500n, []], [1112235n, 60500n, []], [-1112235n, -60500n, ['line.amount_negative', 'line.settled_negative']]]);
  });
  it('come from a flag beside the amount; a flag that nobody explained makes the amount unreadable', () => {
    const signs = [{ field: 'settled', rule: 'flag', column: 'D/C', positive: ['C', 'Abono'], negative: ['D', 'Cargo'] }] as const;
    const text = [`${HEADS.join(',')},D/C`, line({}, 'abono'), line({ folio: 'R2' }, 'D'), line({ folio: 'R3' }, '?'), line({ folio: 'R4' }, ''), `TOTAL${','.repeat(8)}1210.00,,,,,`].join('\n');
    const table = mapped(text, { columns, signs });
    expect(table.lines.map((one) => one.faults)).toEqual([[], ['line.settled_negative'], ['line.settled_unreadable'], ['line.settled_unreadable']]);
  });
  it('come from two columns, of which one is filled', () => {
    const signs = [{ field: 'settled', rule: 'two_columns', positive: 'Cant 2', negative: 'Cargo' }] as const;
    const { settled: _, ...rest } = columns;
    const text = [`${HEADS.join(',')},Cargo`, line({}, ''), line({ folio: 'R2' }, '0.00'), line({ folio: 'R3', importe_usd: '' }, '605.00'), line({ folio: 'R4' }, '605.00')].join('\n');
    expect(mapped(text, { columns: rest, signs }).lines.map((one) => one.faults)).toEqual([[], [], ['line.settled_negative'], ['line.settled_unreadable']]);
  });
  it('of currency are read from the amount’s own cell, or hold for every line', () => {
    const both = mapped([HEADS.join(','), remittanceLine({ importe_origen: '11122.35 MXN', moneda_origen: '' }), remittanceLine({ folio: 'R2', importe_origen: '11122.35' })].join('\n'), { columns: { ...columns, currency: 'Cant 1' } });
    expect(both.lines.map((one) => [one.amountMinor, one.currency, one.faults])).toEqual([[1112235n, 'MXN', []], [null, null, ['line.currency_missing']]]);
    const { currency: _, ...rest } = columns;
    const fixed = mapped([HEADS.join(',').replace(',Div', ''), remittanceLine({ moneda_origen: '' }).replace(',,', ',')].join('\n'), { columns: rest, fixed: { currency: 'MXN' } });
    expect(outcome(fixed)).toEqual([[1112235n, 60500n, []]]);
  });
});

describe('a mapping that cannot be used', () => {
  it.each([
    [{ columns: { reference: 'A', caseId: 'a' } }, ['mapping.heading_twice', '/columns/caseId']],
    [{ columns: { status: 'A' } }, ['mapping.no_such_field', '/columns/status']],
    [{ columns: { reference: '---' } }, ['mapping.heading_empty', '/columns/reference']],
    [{ columns: { reference: 'A' }, headingLine: 0 }, ['mapping.needs_places', '/columns/reference']],
    [{ columns: { reference: 'A' }, fixed: { currency: 'EUR' } }, ['mapping.currency_not_admitted', '/fixed/currency']],
    [{ columns: { reference: 'A', currency: 'B' }, fixed: { currency: 'MXN' } }, ['mapping.fixed_and_mapped', '/fixed/currency']],
    [{ columns: { reference: 'A' }, signs: [{ field: 'amount', rule: 'inverse' }] }, ['mapping.sign_without_column', '/signs/0']],
    [{ columns: { amount: 'A' }, signs: [{ field: 'amount', rule: 'two_columns', positive: 'B', negative: 'C' }] }, ['mapping.sign_and_column', '/signs/0']],
    [{ columns: { amount: 'A' }, signs: [{ field: 'amount', rule: 'flag', column: 'B', positive: ['C'], negative: ['c'] }] }, ['mapping.flag_both_ways', '/signs/0']],
    [{ columns: { amount: 'A' }, signs: [{ field: 'amount', rule: 'inverse' }, { field: 'amount', rule: 'inverse' }] }, ['mapping.sign_twice', '/signs/1']],
  ])('%j', (mapping, [code, path]) => {
    expect(mappingFindings({ mappingVersion: '1.0', ...mapping } as ColumnMapping, dialect).map((finding) => [finding.code, finding.path])).toEqual([[code, path]]);
  });
  it('is told by its schema where its form is wrong', () => {
    const validate = schemaValidator('column-mapping.v1');
    for (const wrong of [{}, { mappingVersion: '1.0', columns: {} }, { mappingVersion: '1.0', columns: { name: 'x' } }, { mappingVersion: '2.0', columns: { note: 'x' } }, { mappingVersion: '1.0', columns: { note: 'x' }, more: 1 }, { mappingVersion: '1.0', columns: { note: 'x' }, signs: [{ field: 'rate', rule: 'inverse' }] }]) expect(validate(wrong)).toBe(false);
  });
});
