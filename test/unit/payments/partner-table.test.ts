import { AppError } from '../../../src/platform/errors.ts';
import { FORWARDING, KCSA_REMITTANCE, REMITTANCE, forwardingLine, read, remittanceLine } from './partner-files.ts';

const LA = 'mx-consulate-los-angeles';
const three = (line: (n: number) => string): string => [1, 2, 3, 4].map(line).join('\n');
const refusal = (fn: () => unknown): AppError => {
  try {
    fn();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

const readOrRefused = (text: string): ReturnType<typeof read>['lines'] | null => {
  try {
    return read(LA, text).lines;
  } catch (error) {
    if (error instanceof AppError && error.code === 'payments.columns_untold') return null;
    throw error;
  }
};

describe('a partner table', () => {
  it('reads a good line into exact values', () => {
    const { kind, lines, findings } = read(LA, `${REMITTANCE}\n${remittanceLine()}\n`);
    expect(kind).toBe('remittance');
    expect(findings).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      line: 2, reference: 'RLA26-000001', referenceYear: 2026, caseId: '2000004106384', obligorName: 'José Peña Núñez', amountMinor: 1112235n, currency: 'MXN',
      rate: '0.054395', feeMinor: 0n, settledMinor: 60500n, settledCurrency: 'USD', happenedOn: '2026-01-08', sentOn: '2026-01-09', transferReference: 'TRLA2601001', faults: [], flags: [],
    });
  });

  it('tells headings by synonyms, in other order, with accents, capitals and extra columns', () => {
    const text = 'No. de Expediente;FOLIO;Sucursal;Deudor(a);Acreedor;Monto origen;Divisa;T.C.;Comisión;Importe USD;Fecha de cobro;Fecha de envío;No. de transferencia\n'
      + '2000004106384;R-1;7;José Peña;Lucía Gómez;11.122,35;MXN;0,054395;0,00;605,00;08/01/2026;09/01/2026;TR1';
    expect(read(LA, text).lines[0]).toMatchObject({ reference: 'R-1', caseId: '2000004106384', amountMinor: 1112235n, settledMinor: 60500n, happenedOn: '2026-01-08', faults: [] });
  });

  it('passes over title rows, repeated headings, remarks and blank rows, and keeps physical lines right across quoted breaks', () => {
    const text = `Consulado General\n\n${REMITTANCE}\n${remittanceLine({ concepto: '"uno\ndos"' })}\n\n${REMITTANCE}\n${remittanceLine({ folio: 'RLA26-000002' })}\nElaboró: la oficina\n`;
    const { lines, findings } = read(LA, text);
    expect(lines.map((line) => line.line)).toEqual([4, 8]);
    expect(findings).toEqual([{ code: 'payments.remark_skipped', severity: 'info', line: 9 }]);
  });

  it('checks totals rows and takes none for a payment', () => {
    const rows = `${REMITTANCE}\n${remittanceLine()}\n${remittanceLine({ folio: 'RLA26-000002' })}\n`;
    expect(read(LA, `${rows}TOTAL,,,,22244.70,,,0.00,1210.00,,,,\n`)).toMatchObject({ lines: { length: 2 }, findings: [] });
    expect(read(LA, `${rows},,,Total:,"22,244.70",,,,1211.00,,,,\n`).findings).toEqual([
      { code: 'payments.totals_mismatch', severity: 'warn', line: 4, path: 'settled', params: { given: '1211.00', summed: '1210.00', currency: 'USD', column: 'importe_usd' } }]);
  });

  it('reads Korean files: headings, dates, full-width digits, thousands', () => {
    const text = `${KCSA_REMITTANCE}\n2026-0000001,2000004106419,박일수,천순영,"１，５３５，８８０",KRW,0.00071718,0.00,1101.50,2026년 1월 1일,2026. 1. 5.,TRKR2601001,양육비\n합계,,,,"1,535,880",,,,1101.50,,,,\n`;
    const { lines, findings } = read('kr-kcsa', text);
    expect(findings).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ amountMinor: 1535880n, settledMinor: 110150n, happenedOn: '2026-01-01', sentOn: '2026-01-05', faults: [] });
  });

  it('tells untold columns by their whole content where only one fits', () => {
    const text = `folio,X1,deudor,acreedor,X2,X3,X4,comision,X5,X6,X7,X8,concepto\n${three((n) => remittanceLine({ folio: `RLA26-00000${n}`, importe_origen: `${n}1122.35`, importe_usd: (((n * 10000 + 1122.35) * 0.054395)).toFixed(2) }))}`;
    const { lines } = read(LA, text);
    expect(lines.map((line) => line.faults)).toEqual([[], [], [], []]);
    expect(lines[0]).toMatchObject({ caseId: '2000004106384', amountMinor: 1112235n, currency: 'MXN', rate: '0.054395', happenedOn: '2026-01-08', sentOn: '2026-01-09', transferReference: 'TRLA2601001' });
  });

  it('refuses a file only when a needed column cannot be told, and names it', () => {
    const untold = refusal(() => read(LA, `${REMITTANCE.replace('deudor', 'X').replace('acreedor', 'Y')}\n${three((n) => remittanceLine({ folio: `RLA26-00000${n}`, deudor: `José Peña ${'ABCD'[n - 1]}`, acreedor: `Ana Gil ${'ABCD'[n - 1]}` }))}`));
    expect([untold.code, untold.findings.map((finding) => finding.path)]).toEqual(['payments.columns_untold', ['obligorName']]);
    expect(refusal(() => read(LA, '')).code).toBe('payments.empty');
    expect(refusal(() => read(LA, 'hello\nworld\n')).code).toBe('payments.columns_untold');
  });

  it('tells each single column of a report without its heading, and never wrongly where two headings are unknown', () => {
    const rows = [1, 2, 3, 4].map((n) => forwardingLine({ folio: `FLA26-00000${n}`, disbursement_id: `D260100000${n}`, beneficiario: `Ana Peña ${'ABCD'[n - 1]}uiz`, observaciones: n === 2 ? 'Acuse firmado' : '' }));
    const heads = FORWARDING.split(',');
    const known = read(LA, [FORWARDING, ...rows].join('\n')).lines;
    for (let a = 0; a < heads.length; a++) {
      for (let b = a; b < heads.length; b++) {
        const text = [heads.map((head, at) => (at === a || at === b ? `Campo ${at}` : head)).join(','), ...rows].join('\n');
        const lines = a === b ? read(LA, text).lines : readOrRefused(text);
        for (const [at, line] of (lines ?? []).entries()) {
          for (const [field, value] of Object.entries(line)) {
            if (!/Key$/.test(field) && value !== null && value !== '' && !Array.isArray(value)) expect([field, value]).toEqual([field, known[at]?.[field as keyof typeof line]]);
          }
        }
        if (a === b) expect(lines).toEqual(known);
      }
    }
  });

  it('lets a stray quotation mark swallow nothing', () => {
    const { lines, findings } = read(LA, `${REMITTANCE}\n${remittanceLine({ concepto: '"Pago' })}\n${remittanceLine({ folio: 'RLA26-000002' })}\n${remittanceLine({ folio: 'RLA26-000003', concepto: '"a" b' })}`);
    expect(lines.map((line) => [line.line, line.note])).toEqual([[2, '"Pago'], [3, 'Depósito enero'], [4, '"a" b']]);
    expect(findings.map((finding) => [finding.code, finding.line])).toEqual([['csv.quote_stray', 2], ['csv.quote_stray', 4]]);
  });

  it('gives an unquoted comma in the closing note back to the note, and refuses a line whose cells have moved', () => {
    const { lines } = read(LA, `${REMITTANCE}\n${remittanceLine()}, segundo pago\n${remittanceLine({ folio: 'RLA26-000002', deudor: 'Peña, José' })}`);
    expect(lines[0]).toMatchObject({ note: 'Depósito enero segundo pago', faults: [] });
    expect(lines[1]?.faults).toContain('line.columns_surplus');
  });
});

describe('what makes a line rejected in itself', () => {
  const faultsOf = (changes: Record<string, string>) => read(LA, `${REMITTANCE}\n${remittanceLine()}\n${remittanceLine({ folio: 'RLA26-000002', ...changes })}`).lines[1]?.faults;

  it.each([
    [{ importe_origen: '???' }, ['line.amount_missing']],
    [{ importe_origen: '12..50' }, ['line.amount_unreadable']],
    [{ importe_usd: '1O5.5O.00' }, ['line.settled_unreadable']],
    [{ importe_usd: 'ciento veinte' }, ['line.settled_unreadable']],
    [{ importe_origen: '-11122.35', importe_usd: '-605.00' }, ['line.amount_negative', 'line.settled_negative']],
    [{ importe_origen: '0.00', importe_usd: '0.00' }, ['line.amount_zero']],
    [{ importe_usd: '605.005' }, ['line.settled_too_fine']],
    [{ moneda_origen: 'XXX' }, ['line.currency_unknown']],
    [{ moneda_origen: 'EUR' }, ['line.currency_unknown']],
    [{ fecha_cobro: '2026-02-31' }, ['line.date_impossible']],
    [{ fecha_cobro: '00-00-0000' }, ['line.date_impossible']],
    [{ fecha_cobro: 's/f' }, ['line.date_missing']],
    [{ importe_usd: '605.02' }, ['line.amounts_mismatch']],
    [{ importe_usd: '605.01' }, []],
    [{ comision: '4.00', importe_usd: '601.00' }, []],
    [{ comision: '-4.00', importe_usd: '609.00' }, ['line.fee_negative']],
  ])('%j', (changes, faults) => expect(faultsOf(changes)).toEqual(faults));

  it('leaves a delivered line that does not add up to a person', () => {
    const { lines } = read(LA, `${FORWARDING}\n${forwardingLine()}\n${forwardingLine({ folio: 'F2', importe_entregado: '5900.00' })}\n${forwardingLine({ folio: 'F3', importe_entregado: '' })}\n${forwardingLine({ folio: 'F4', estatus: '¿?' })}\n${forwardingLine({ folio: 'F5', estatus: 'DEVUELTO' })}\n${forwardingLine({ folio: 'F6', estatus: 'devuelto', tipo_cambio: '', comision: '', importe_entregado: '', moneda_entregada: '' })}`);
    expect(lines.map((line) => line.faults)).toEqual([[], [], [], [], [], []]);
    expect(lines.map((line) => line.flags)).toEqual([[], ['line.amounts_mismatch'], ['line.settled_missing'], ['line.status_unknown'], ['line.settled_unexpected'], []]);
  });
});

describe('the same content', () => {
  const keys = (a: string, b: string) => [read(LA, a).lines[0], read(LA, b).lines[0]];

  it('does not depend on delimiter, decimal sign, date form, zeros, accents or case', () => {
    const [a, b] = keys(`${REMITTANCE}\n${remittanceLine()}`, `${REMITTANCE.replaceAll(',', ';')}\n${remittanceLine({ importe_origen: '11.122,350', tipo_cambio: '0,0543950', comision: '0,0', importe_usd: '605,00', fecha_cobro: '08/01/2026', deudor: 'JOSE PENA NUNEZ' }, ';')}`);
    expect(a?.contentKey).toBe(b?.contentKey);
  });

  it('depends on every value', () => {
    const base = read(LA, `${REMITTANCE}\n${remittanceLine()}`).lines[0]?.contentKey;
    for (const changes of [{ importe_usd: '605.01' }, { deudor: 'José Peña' }, { concepto: 'Depósito febrero' }, { fecha_cobro: '2026-01-07' }, { transferencia: 'TRLA2601002' }]) {
      expect(read(LA, `${REMITTANCE}\n${remittanceLine(changes)}`).lines[0]?.contentKey).not.toBe(base);
    }
  });

  it('survives letters that an encoding lost, which the line then shows', () => {
    const [a, b] = keys(`${REMITTANCE}\n${remittanceLine()}`, `${REMITTANCE}\n${remittanceLine({ deudor: 'Jos? Pe?a N??ez', acreedor: 'Luc\ufffda \ufffdlvarez G\ufffdmez', concepto: 'Dep?sito enero' })}`);
    expect(b?.lossy).toBe(true);
    expect(a?.remainsKey).toBe(b?.remainsKey);
    expect(a?.contentKey).not.toBe(b?.contentKey);
  });
});
