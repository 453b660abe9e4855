import fc from 'fast-check';
import { dedName, parseDed, validateDed, writeDed } from '../../../src/modules/payments/formats/nacha/ded.rules.ts';
import type { DedSegment } from '../../../src/modules/payments/formats/nacha/ded.rules.ts';

const plain = (most: number) => fc.stringMatching(new RegExp(`^[A-Z0-9 !-)+-/:-?-]{1,${most}}$`)).filter((text) => text.trim() === text);
const segment: fc.Arbitrary<DedSegment> = fc.record({
  type: fc.constantFrom('CS', 'II', 'RT'), caseId: plain(20), date: fc.integer({ min: 0, max: 36_000 }).map((days) => new Date(Date.UTC(2000, 0, 1 + days)).toISOString().slice(0, 10)),
  amountCents: fc.bigInt({ min: 1n, max: 9_999_999_999n }), obligorSsn: fc.stringMatching(/^\d{9}$/), medical: fc.constantFrom('Y', 'N', 'W'),
  name: fc.oneof(fc.constant(''), fc.constantFrom('GARCIA,MAR', 'HERNANDMAR', 'KIM,MIN')), fips: fc.constantFrom('', '06037', '0603712', '80KOR', '80MEX'), terminated: fc.constantFrom('', 'N', 'Y'),
});

describe('the child-support segment', () => {
  it('is read as it was written, in the form of CCD+ and of CTX', () => {
    fc.assert(fc.property(segment, fc.constantFrom('ccd' as const, 'ctx' as const), (one, form) => {
      expect(parseDed(writeDed(one, form))).toEqual([{ ...one, warnings: [] }]);
    }));
  });

  it('never exceeds the eighty characters of an addendum in CCD+', () => {
    const widest = fc.record({ ...{ type: fc.constant('CS'), medical: fc.constant('W'), terminated: fc.constant('Y') },
      caseId: fc.stringMatching(/^[A-Z0-9]{20}$/), date: fc.constant('2026-01-08'), amountCents: fc.constant(9_999_999_999n), obligorSsn: fc.stringMatching(/^\d{9}$/),
      name: fc.constant('HERNANDMAR'), fips: fc.constant('0603712') });
    fc.assert(fc.property(fc.oneof(segment, widest), (one) => { expect(writeDed(one, 'ccd').length).toBeLessThanOrEqual(80); }));
    expect(writeDed(fc.sample(widest, 1)[0] as DedSegment, 'ccd').length).toBe(79);
  });

  it('is refused, element by element, rather than cut', () => {
    const [good] = fc.sample(segment, 1) as [DedSegment];
    expect(() => writeDed({ ...good, caseId: 'X'.repeat(21), amountCents: 0n, terminated: '', name: 'DOE, JOHN' }, 'ccd')).toThrow(expect.objectContaining({
      code: 'ded.unwritable', findings: [{ code: 'ded.case_id', severity: 'block', path: 'DED02' }, { code: 'ded.amount', severity: 'block', path: 'DED04' }, { code: 'ded.name', severity: 'block', path: 'DED07' }],
    }));
    expect(validateDed({ ...good, amountCents: 0n, terminated: 'Y' })).toEqual([]);
    expect(validateDed({ ...good, caseId: 'A*B' })).toEqual(['ded.case_id']);
  });

  it('is accepted malformed, with what it deviates in', () => {
    expect(parseDed('DED*CS*FD146*110204*54789*6576562134*N*DOE, JOHN*28001\\')).toEqual([
      { type: 'CS', caseId: 'FD146', date: '2011-02-04', amountCents: 54_789n, obligorSsn: '6576562134', medical: 'N', name: 'DOE, JOHN', fips: '28001', terminated: '', warnings: ['ded.ssn', 'ded.name'] }]);
    expect(parseDed('DED*CS*1*20260231*12.50*123456789*W\\')).toMatchObject([{ date: null, amountCents: null, unread: { date: '20260231', amount: '12.50' }, warnings: ['ded.date', 'ded.amount'] }]);
    expect(parseDed('DED*CS*1*260108*5*123456789*W*A*06037*N*X\\')).toMatchObject([{ warnings: ['ded.elements'] }]);
    expect(parseDed('DED\\')).toMatchObject([{ warnings: expect.arrayContaining(['ded.type', 'ded.case_id', 'ded.date']) }]);
  });
});

it.each([
  [{ family: 'García', secondFamily: 'López', given: 'María José' }, 'GARCIA,MAR'], [{ family: 'Hernández', given: 'Martín' }, 'HERNANDMAR'], [{ family: 'Kim', given: 'Min-su' }, 'KIM,MIN'],
  [{ family: 'De la Cruz', given: 'Ana' }, 'DELACRUANA'], [{ family: "O'Brien", given: 'Li' }, 'OBRIEN,LI'], [{ family: 'Muñoz', given: 'Íñigo' }, 'MUNOZ,INI'],
  [{ family: 'Ramírez', given: 'Jo' }, 'RAMIREZJO'], [{ family: '김', given: '민수' }, ''], [{ family: 'Ng', given: '' }, 'NG'],
])('the name of %j is %s', (name, key) => {
  expect(dedName(name)).toBe(key);
});
