// Cells as nobody prints them on purpose: two persons in one, letters of other scripts, marks that nobody sees, months in words.
import { readDate } from '../../../src/modules/payments/formats/tables/date.rules.ts';
import { canonicalDecimal, numberStyle, readNumber } from '../../../src/modules/payments/formats/tables/number.rules.ts';
import { DIFFERS, payerEvidence, receiverEvidence } from '../../../src/modules/reconciliation/matching/person.rules.ts';
import type { CaseView, Person } from '../../../src/modules/reconciliation/matching/person.rules.ts';

const of = (...persons: Person[]): CaseView => ({ caseId: 'C1', county: '06037', status: 'open', closedOn: null, persons });
const tiffany = of({ role: 'obligee', name: { given: 'Tiffany', family: 'Nguyen' } });
const maria = of({ role: 'obligee', name: { given: 'María Fernanda', family: 'Pérez', secondFamily: 'Villa' } });
const jesus = of({ role: 'obligor', name: { given: 'Jesús', family: 'López', secondFamily: 'Ruiz' } });

describe('two persons in one cell', () => {
  it.each(['Tiffany Nguyen, Cho Suyoung', 'Tiffany Nguyen y Ana Ruiz', 'Tiffany Nguyen / Ana Ruiz', 'Ana Ruiz; Tiffany Nguyen'])('%s contradicts a case of one of them', (printed) => {
    expect(receiverEvidence(printed, tiffany)?.score).toBeLessThan(DIFFERS);
  });
  it.each([[tiffany, 'Nguyen, Tiffany'], [maria, 'Pérez Villa, María Fernanda'], [maria, 'Pérez Villa, Ma. Fernanda'], [maria, 'María Fernanda Pérez y Villa']])('a comma within one name stays one name', (supportCase, printed) => {
    expect(receiverEvidence(printed, supportCase)?.score).toBeGreaterThan(0.85);
  });
});

describe('letters and marks that look like nothing', () => {
  it.each(['Jеsús Lópеz Ruiz', 'JЕSÚS LÓPЕZ RUIZ', 'Je\u00adsús Ló\u200bpez R\u200duiz', '\u200fJesús López Ruiz\ufeff', 'Jesús Lόpez Ruiz'])('%s is Jesús López Ruiz', (printed) => {
    expect(payerEvidence(printed, jesus)).toEqual({ score: 1, reasons: ['name.both_surnames'] });
  });
  it('they are no part of a number or a date', () => {
    const cell = '\u200e1,2\u200b34.50\u00a0';
    const read = readNumber(cell, numberStyle([cell]), { sign: null }, 2);
    expect('value' in read && canonicalDecimal(read.value)).toBe('1234.5');
    expect(readDate('2026\u200b-01-05')).toBe('2026-01-05');
  });
});

describe('dates in words', () => {
  it.each([['5 de marzo de 2026', '2026-03-05'], ['05-mar-2026', '2026-03-05'], ['12-sept-2026', '2026-09-12'], ['1 Enero 2026', '2026-01-01'], ['3/ago/2026', '2026-08-03'], ['4 dic. 2026', '2026-12-04']])('%s is %s', (cell, day) => {
    expect(readDate(cell)).toBe(day);
  });
  it.each(['31 de febrero de 2026', '5 de marza de 2026', '5 de ma de 2026', '5 de marzo de 20206', 'marzo de 2026'])('%s is none', (cell) => {
    expect(readDate(cell)).toBeNull();
  });
});
